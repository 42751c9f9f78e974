"""A guideline to chunks: exact spans of its body, named by their content; pure.

By heading, then by block (a paragraph, a list, a table), then by length: blocks are packed apart
so that an edit of one leaves the chunks of the others as they are.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from rag.headings import Part, parts
from rag.sentences import statements
from rag.types import Chunk, Grade, Guideline, Role, Value

WORD = re.compile(r"\S+")
BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)*\n")
TOP_ITEM = re.compile(r"^(?:[-*+]|\d{1,9}[.)])[ \t]", re.MULTILINE)
ROW = re.compile(r"^[ \t]*\|(?![ \t:|-]*-[ \t:|-]*$).*$", re.MULTILINE)
"""A row of a table; the rule below its header is none, and stays with the header."""

MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?$")


class Rules(Value):
    """How bodies are cut; other rules make other chunks, and a full rebuild."""

    max_words: int = 150
    version: int = 1

    @property
    def digest(self) -> str:
        """A short name of these rules, for the fingerprint of an index."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=4).hexdigest()


DEFAULT = Rules()


class Span(NamedTuple):
    """A half-open stretch of a body, in code points."""

    start: int
    end: int
    cut: bool = False
    """Whether it is but a part of a statement, which nothing is packed with."""


def chunk(guideline: Guideline, rules: Rules = DEFAULT) -> list[Chunk]:
    """The chunks of a guideline in reading order; together they hold all its text but headings."""
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    chunks = []
    for part in parts(guideline.body):
        for span in _spans(guideline.body, part, rules.max_words):
            text = guideline.body[span.start : span.end]
            key = (part.heading, text)
            chunks.append(
                Chunk(
                    id=chunk_id(guideline.id, part.heading, text, seen[key]),
                    guideline_id=guideline.id,
                    heading=part.heading,
                    text=text,
                    context=_context(guideline, part, span),
                    start=span.start,
                    end=span.end,
                    role=part.role or Role.RATIONALE,
                    grade=_shared_grade(text),
                )
            )
            seen[key] += 1
    return chunks


def chunk_id(guideline_id: str, heading: tuple[str, ...], text: str, occurrence: int) -> str:
    """63 bits of blake2b over what the chunk is: 16 hex digits, a positive int64."""
    content = json.dumps([guideline_id, heading, text, occurrence], ensure_ascii=False)
    digest = hashlib.blake2b(content.encode(), digest_size=8).digest()
    return f"{int.from_bytes(digest) >> 1:016x}"


def _spans(body: str, part: Part, max_words: int) -> Iterator[Span]:
    for block in _split(body, Span(part.start, part.end), BLANK):
        yield from _packed(body, _units(body, block, max_words), max_words)


def _units(body: str, block: Span, max_words: int) -> Iterator[Span]:
    """The smallest stretches a block may be cut into: rows, items, statements, at worst words."""
    text = body[block.start : block.end]
    for pattern in (ROW, TOP_ITEM):
        starts = [block.start + match.start() for match in pattern.finditer(text)]
        if starts:
            edges = sorted({block.start, *starts, block.end})
            pieces = [Span(*edge) for edge in pairwise(edges)]
            break
    else:
        pieces = [block]
    for piece in pieces:
        yield from _sized(body, _trimmed(body, piece), max_words)


def _sized(body: str, piece: Span, max_words: int) -> Iterator[Span]:
    """The piece, or its statements each with its marker and grade, or words of a long statement."""
    found = [
        Span(piece.start + s.start, piece.start + s.end)
        for s in statements(body[piece.start : piece.end])
    ]
    if not found or _words(body, piece) <= max_words:
        yield piece
        return
    starts = [_marker_start(body, *pair) for pair in pairwise(found)]
    for own, edge in zip(found, pairwise([piece.start, *starts, piece.end]), strict=True):
        whole = _trimmed(body, Span(*edge))
        if _words(body, own) <= max_words:
            yield whole
        else:
            yield from _cut(body, whole, own, max_words)


def _marker_start(body: str, before: Span, statement: Span) -> int:
    """Where the list marker of a statement begins, or the statement itself."""
    marker = MARKER.search(body[before.end : statement.start])
    return before.end + marker.start() if marker else statement.start


def _cut(body: str, whole: Span, statement: Span, max_words: int) -> Iterator[Span]:
    words = list(WORD.finditer(body, statement.start, statement.end))
    starts = [word.start() for word in words[max_words::max_words]]
    for edge in pairwise([whole.start, *starts, whole.end]):
        yield _trimmed(body, Span(*edge))._replace(cut=True)


def _packed(body: str, units: Iterator[Span], max_words: int) -> Iterator[Span]:
    """Neighbouring units together, as long as they stay within the limit."""
    held: Span | None = None
    for unit in units:
        if unit.start == unit.end:
            continue
        joined = Span(held.start, unit.end) if held else unit
        if held and (held.cut or unit.cut or _words(body, joined) > max_words):
            yield held
            joined = unit
        held = joined
    if held:
        yield held


def _split(body: str, span: Span, separator: re.Pattern[str]) -> Iterator[Span]:
    """Blocks between blank lines; a list whose items stand apart is one block."""
    start = span.start
    for match in separator.finditer(body, span.start, span.end):
        rest = body[match.end() : span.end]
        if rest[:1] in {" ", "\t"} or (
            TOP_ITEM.match(rest) and TOP_ITEM.match(body[start : match.start()].lstrip("\n"))
        ):
            continue
        yield _trimmed(body, Span(start, match.start()))
        start = match.end()
    yield _trimmed(body, Span(start, span.end))


def _trimmed(body: str, span: Span) -> Span:
    text = body[span.start : span.end]
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, max(start, span.start + len(text.rstrip())))


def _words(body: str, span: Span) -> int:
    return sum(1 for _ in WORD.finditer(body, span.start, span.end))


def _context(guideline: Guideline, part: Part, span: Span) -> str:
    lines = [guideline.title]
    if part.heading:
        lines.append(" > ".join(part.heading))
    header = _header(guideline.body, part, span)
    return "\n".join([*lines, header] if header else lines)


def _header(body: str, part: Part, span: Span) -> str | None:
    """The header row of the table a chunk continues."""
    if not body[span.start : span.end].startswith("|"):
        return None
    before = body[part.start : span.start]
    table = before[before.rfind("\n\n") + 2 :] if "\n\n" in before else before.lstrip("\n")
    first = table.split("\n")[0].strip()
    return first if first.startswith("|") else None


def _shared_grade(text: str) -> Grade | None:
    grades = {span.grade for span in statements(text)}
    return grades.pop() if len(grades) == 1 else None
