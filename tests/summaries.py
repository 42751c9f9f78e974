"""Small summaries to write into a corpus."""

from pathlib import Path

MATTER = """---
title: {title}
issuer: {issuer}
kind: guideline
published: {published}
specialty: {specialty}
population: {population}
url: https://example.org/{slug}
{more}questions:
  - What does {title} say first?
---
"""


def write_summary(
    corpus: Path,
    name: str,
    body: str,
    *,
    title: str | None = None,
    issuer: str = "Society",
    published: str = "2020",
    specialty: str = "radiology",
    population: str = "Children",
    more: str = "",
) -> Path:
    """Write `corpus/<name>.md` with a body and front matter around it; return its path."""
    path = corpus / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    matter = MATTER.format(
        title=title or name.split("/")[1].replace("-", " ").capitalize(),
        issuer=issuer,
        published=published,
        specialty=specialty,
        population=population,
        slug=name.replace("/", "-"),
        more=more,
    )
    path.write_text(matter + body, encoding="utf-8")
    return path
