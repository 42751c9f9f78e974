"""A passage as it is read: its statements, and in them the words that answers quote; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple

from rag.sentences import StatementSpan, cells, plain, statements
from rag.types import Grade, Quote

MARKER = re.compile(r"(?:(?P<number>\d{1,9})[.)]|[-*+])[ \t]+(?:\[[ xX]\][ \t]+)?$")


class Mark(NamedTuple):
    """The words `text[start:end]` of a passage, and the id of the statement that quotes them."""

    start: int
    end: int
    by: str = "here"


class Piece(NamedTuple):
    """Words that are quoted by the same statements, or by none."""

    words: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item with its marker, or a row of a table."""

    marker: str
    pieces: tuple[Piece, ...]
    grade: Grade | None


def blocks(text: str, marks: Sequence[Mark] = ()) -> list[Block]:
    """The statements of a passage, those of one paragraph or item together."""
    found: list[Block] = []
    last = 0
    for span in statements(text):
        gap = text[last : span.start]
        pieces = tuple(_pieces(text, span, marks))
        if found and not gap.strip() and not re.search(r"\n[ \t]*\n", gap) and not span.table:
            before = found.pop()
            pieces = (*before.pieces, Piece(" ", ()), *pieces)
            found.append(Block(before.marker, pieces, span.grade))
        else:
            found.append(Block(_marker(gap), pieces, span.grade))
        last = span.end
    return found


def placed(text: str, quote: Quote) -> tuple[int, int] | None:
    """Where a passage has the quoted words; of several places the one the prefix fits best.

    The passage may have moved within its guideline since it was quoted, so that offsets into the
    body do not tell.
    """
    if not quote.exact:
        return None
    starts = [match.start() for match in re.finditer(re.escape(quote.exact), text)]
    if not starts:
        return None
    start = max(starts, key=lambda at: _shared_end(text[:at], quote.prefix))
    return start, start + len(quote.exact)


def _pieces(text: str, span: StatementSpan, marks: Sequence[Mark]) -> Iterator[Piece]:
    if span.table:
        by = _by(marks, span.start, span.end)
        yield Piece(" · ".join(filter(None, cells(text[span.start : span.end]))), by)
        return
    inside = {min(max(at, span.start), span.end) for mark in marks for at in mark[:2]}
    cuts = sorted({span.start, span.end} | inside)
    for start, end in pairwise(cuts):
        yield Piece(_words(text[start:end]), _by(marks, start, end))


def _by(marks: Sequence[Mark], start: int, end: int) -> tuple[str, ...]:
    by = (mark.by for mark in marks if mark.start < end and start < mark.end)
    return tuple(dict.fromkeys(by))


def _words(raw: str) -> str:
    before = " " if raw[:1].isspace() else ""
    after = " " if raw[-1:].isspace() else ""
    return f"{before}{plain(raw)}{after}"


def _marker(gap: str) -> str:
    match = MARKER.search(gap)
    if match is None:
        return ""
    return f"{match['number']}." if match["number"] else "•"


def _shared_end(before: str, prefix: str) -> int:
    pairs = zip(reversed(before), reversed(prefix), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
