"""Which sentences of the evidence a statement was made of."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.grounding.words import all_concepts, concepts
from rag.index.tokens import tokens
from rag.orders import gives_orders
from rag.sentences import cells, plain, statements
from rag.types import Grade
from rag.wording import EDUCATIONAL

MOST = 3
"""Sentences that one statement may draw together."""

ADDS = 0.2
"""A further sentence must hold this share of the statement that no other holds, and two words."""


class Unit(NamedTuple):
    """One sentence or table row of the evidence, as it is read."""

    text: str
    context: str = ""
    grade: Grade | None = None
    source: int = 0
    """Which of the cited texts it stands in, from `start` to `end`."""
    start: int = 0
    end: int = 0
    is_table: bool = False


def units(text: str, context: str, grade: Grade | None = None, source: int = 0) -> Iterator[Unit]:
    """The statements of a cited text; a table row reads `column: cell; column: cell`.

    Sentences that are no evidence are left out.
    """
    header = _header(text) or _header(context)
    for span in statements(text):
        words = text[span.start : span.end]
        if not is_evidence(words):
            continue
        said = _row(words, header) if span.table else plain(words)
        found = span.grade or grade
        yield Unit(said, plain(context), found, source, span.start, span.end, span.table)


def is_evidence(sentence: str) -> bool:
    """Whether it states something; what speaks to a model, or of its own summary, does not."""
    return not (gives_orders(sentence) or EDUCATIONAL.search(sentence))


def aligned(statement: str, among: Sequence[Unit]) -> list[Unit]:
    """The few units that together hold most of a statement's words and figures, best first."""
    wanted = set(all_concepts(statement)) | _figures(statement)
    left, chosen = set(wanted), list[Unit]()
    held = {unit: set(all_concepts(unit.text)) | _figures(unit.text) for unit in among}
    while held and len(chosen) < MOST:
        best = max(held, key=lambda unit: (len(left & held[unit]), -len(held[unit])))
        gained = left & held.pop(best)
        if chosen and len(gained) < max(2, ADDS * len(wanted)):
            break
        chosen.append(best)
        left -= gained
    return chosen


def likeliest(statement: str, among: Sequence[Unit]) -> list[Unit]:
    """The few units that, each alone, hold most of a statement's words and figures."""
    wanted = set(all_concepts(statement)) | _figures(statement)

    def holds(unit: Unit) -> int:
        return len(wanted & (set(all_concepts(unit.text)) | _figures(unit.text)))

    return sorted(among, key=holds, reverse=True)[:MOST]


def together(chosen: Sequence[Unit]) -> str:
    """The text of the units one after the other."""
    return " ".join(unit.text for unit in chosen)


def held_by(statement: str, chosen: Sequence[Unit]) -> float:
    """The share of a statement's words that the units hold, their context included."""
    ours = set(concepts(statement))
    theirs = {c for unit in chosen for c in all_concepts(f"{unit.context} {unit.text}")}
    return len(ours & theirs) / len(ours) if ours else 1.0


def _figures(text: str) -> set[str]:
    return {token for token in tokens(text) if any(map(str.isdigit, token))}


def _header(text: str) -> list[str]:
    """The cells of the first table row, if there is a table."""
    row = next((line for line in text.splitlines() if line.lstrip().startswith("|")), None)
    return cells(row) if row else []


def _row(row: str, header: Sequence[str]) -> str:
    return "; ".join(
        f"{name}: {cell}" if name else cell
        for name, cell in zip([*header, *[""] * 20], cells(row), strict=False)
    )
