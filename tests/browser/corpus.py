"""Summaries that have one of everything that a page can show."""

from pathlib import Path

from tests.summaries import write_summary

MASS = "Which imaging comes first in a child with an abdominal mass?"
BIOPSY = "Does biopsy of an abdominal mass in a child come after imaging?"
NOTHING = "zebra unicorn heraldry xylophone"

IMAGING = """# Imaging of abdominal masses

## Recommendations

- Ultrasound of the abdomen comes first in a child with an abdominal mass.
  {ACR: Usually appropriate}
- Contrast-enhanced CT of the abdomen follows in a child with a calcified abdominal mass.

## Steps

1. Do ultrasound of the abdominal mass.
2. Refer the child with the abdominal mass.

## Dosing

| Drug | Dose |
| --- | --- |
| Sedation for imaging | 1 mg/kg |
"""
BEFORE = """## Recommendations

- Biopsy of an abdominal mass in a child waits for imaging and a specialist team.
  {GRADE: 1B}
"""
DIFFERING = """- point: Whether an abdominal mass in a child may be biopsied
  sides:
    - guideline: siop/biopsy-2022
      quote: Biopsy of an abdominal mass in a child comes after imaging and a specialist team.
    - guideline: cog/upfront-surgery
      quote: Biopsy of an abdominal mass in a child is avoided where surgery comes first.
"""
SURGERY = """## Recommendations

- Biopsy of an abdominal mass in a child is avoided where surgery comes first.
"""


def write_corpus(corpus: Path) -> None:
    """A corpus with a superseded guideline and a disagreement."""
    write_summary(corpus, "acr/imaging", IMAGING, title="Imaging first", issuer="ACR")
    write_summary(corpus, "siop/biopsy", BEFORE, title="Biopsy", issuer="SIOP", published="2017")
    write_summary(
        corpus,
        "siop/biopsy-2022",
        BEFORE.replace("waits for", "comes after"),
        title="Biopsy again",
        issuer="SIOP",
        published="2022",
        more="supersedes: [siop/biopsy]\n",
    )
    write_summary(
        corpus,
        "cog/upfront-surgery",
        SURGERY,
        title="Surgery first",
        issuer="COG",
        published="2021",
        specialty="surgery",
    )
    (corpus / "disagreements.yaml").write_text(DIFFERING, encoding="utf-8")
