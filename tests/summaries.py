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


def good_body(item: str = "", *, about: str = "gout", words: int = 520) -> str:
    """A body of so many words, without faults but for those of one more item or table."""
    extra = f"{item}\n" if item.startswith("|") else f"- {item}\n" if item else ""
    head = f"# Care of {about}\n\n## Recommendations\n\n{extra}\n"
    tail = (
        f"\n## Caveats\n\n- The summary of {about} is educational and no clinician has reviewed it."
        "\n"
    )
    said = sum(any(map(str.isalnum, word)) for word in (head + tail).split())
    filler = [f"{about}{n}" for n in range(words - said)]
    items = (" ".join(filler[n : n + 20]) for n in range(0, len(filler), 20))
    return head + "".join(f"- {each}.\n" for each in items) + tail
