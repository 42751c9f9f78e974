"""A small corpus with cases, and small data sets, for tests of the harness."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.suites import Options
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.summaries import write_summary

BODY = """## Recommendations

- Ultrasound of the abdomen comes first in a child with an abdominal mass.
- Contrast-enhanced CT of the abdomen follows in a child with a calcified abdominal mass.

## Dosing

- Adrenaline for anaphylaxis is given as 0.5 mg intramuscularly in adults.
"""
FIRST = "Ultrasound of the abdomen comes first in a child with an abdominal mass."
DOSE = "Adrenaline for anaphylaxis is given as 0.5 mg intramuscularly in adults."
DEV = {"kind": "direct", "split": "dev"}
CASES: list[dict[str, Any]] = [
    {
        "id": "mass",
        **DEV,
        "question": "What imaging of the abdomen comes first in a child with an abdominal mass?",
        "gold": [{"guideline": "acr/imaging", "quote": FIRST}],
        "headline": [{"guideline": "acr/imaging", "quote": FIRST}],
        "facts": ["ultrasound|sonography"],
    },
    {
        "id": "dose",
        **DEV,
        "question": "What dose of adrenaline for anaphylaxis intramuscularly in adults?",
        "gold": [{"guideline": "acr/imaging", "quote": DOSE}],
        "facts": ["0.5 mg"],
    },
    {
        "id": "then",
        **DEV,
        "question": "And in a calcified abdominal mass?",
        "earlier": ["What imaging of the abdomen comes first in a child with an abdominal mass?"],
        "gold": [{"guideline": "acr/imaging", "quote": "Contrast-enhanced CT of the abdomen"}],
    },
    {"id": "nothing", **DEV, "question": "zebra unicorn heraldry xylophone"},
]


def write_lines(path: Path, lines: Sequence[dict[str, Any]]) -> Path:
    """Write JSON Lines; return their path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def made_options(folder: Path) -> Options:
    """Options over a small corpus and its cases, with a quick embedder."""
    write_summary(folder / "corpus", "acr/imaging", BODY, title="Imaging")
    cases = write_lines(folder / "cases.jsonl", CASES)
    settings = Settings(corpus=folder / "corpus", indexes=folder / "indexes")
    return Options(settings, folder / "work", data=cases, embedder=HashEmbedder())


def beir(folder: Path) -> Path:
    """Write a small set in BEIR's layout."""
    texts = {"1": "Ultrasound of the kidney.", "2": "Fever in a child.", "3": "A calcified mass."}
    write_lines(
        folder / "corpus.jsonl", [{"_id": i, "title": t, "text": t} for i, t in texts.items()]
    )
    write_lines(folder / "queries.jsonl", [{"_id": "q", "text": "calcified mass"}])
    (folder / "qrels").mkdir(exist_ok=True)
    (folder / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq\t3\t1\n", "utf-8")
    return folder
