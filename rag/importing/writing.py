"""An imported article to a summary file that `rag.corpus` reads back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from rag.errors import BackendUnavailable
from rag.types import Kind

IMPORTED = "imported"
"""The specialty of articles that nobody has summed up."""

MARKUP = re.compile(r"([\\{}])")
LINE_START = re.compile(r"^(\s*)(\d*)([#|>+*-]|(?<=\d)[.)])(?=\s|#|\|)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Listing:
    """The items of a list."""

    items: tuple[str, ...]
    ordered: bool = False


Block = str | Listing | Sequence[Sequence[str]]
"""A paragraph, a list, or the rows of a table."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading path below the title, and what stands under it."""

    heading: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """What an importer has read of one article."""

    slug: str
    title: str
    issuer: str
    kind: Kind
    published: int
    sections: tuple[Section, ...]
    matter: Mapping[str, str] = field(default_factory=dict)


def slugged(text: str) -> str:
    """A name for a file: lower-case ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def write_articles(articles: Iterable[Article], into: Path, folder: str) -> int:
    """Write `into/<folder>/<slug>.md` for every article; return how many."""
    (into / folder).mkdir(parents=True, exist_ok=True)
    count = 0
    for article in articles:
        path = into / folder / f"{article.slug}.md"
        try:
            path.write_text(rendered(article), encoding="utf-8")
        except OSError as error:
            raise BackendUnavailable(f"{path} cannot be written: {error.strerror}") from error
        count += 1
    return count


def rendered(article: Article) -> str:
    """The Markdown of a summary; its words are the article's, marks of Markdown are escaped."""
    matter = {
        "title": _line(article.title) or article.slug,
        "issuer": article.issuer,
        "kind": str(article.kind),
        "published": article.published,
        "specialty": IMPORTED,
        **article.matter,
    }
    front = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False, width=10_000)
    parts = [f"---\n{front}---\n"]
    above = ""
    for section in article.sections:
        title, inner = _headings(section.heading)
        if title != above or not inner:
            parts.append(title)
        if inner:
            parts.append(inner)
        parts += map(_block, section.blocks)
        above = title
    return "\n".join(parts)


def _headings(path: Sequence[str]) -> tuple[str, str]:
    """Imported text gives reasons: what it recommends, a person has to say."""
    first, rest = path[:1], path[1:]
    title = f"## Rationale: {_line(first[0])}\n" if first else "## Rationale\n"
    return title, f"### {_line(' - '.join(rest))}\n" if rest else ""


def _block(block: Block) -> str:
    if isinstance(block, str):
        return escaped(block) + "\n"
    if isinstance(block, Listing):
        marks = [f"{i}." if block.ordered else "-" for i in range(1, len(block.items) + 1)]
        items = zip(marks, block.items, strict=True)
        return "\n".join(f"{mark} {escaped(_line(item))}" for mark, item in items) + "\n"
    rows = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in block]
    rule = f"|{'---|' * len(block[0])}"
    return "\n".join([rows[0], rule, *rows[1:]]) + "\n"


def escaped(text: str) -> str:
    """A paragraph whose characters mean nothing to Markdown or to grades."""
    return LINE_START.sub(r"\1\2\\\3", MARKUP.sub(r"\\\1", text.strip()))


def _cell(text: str) -> str:
    return MARKUP.sub(r"\\\1", _line(text)).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())
