"""Sentences and quotable statements of Markdown text, as exact spans in code points; pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.grades import MARK, parse_grade
from rag.orders import visible
from rag.types import Grade

ABBREVIATIONS = frozenset(
    (
        "e.g i.e vs cf al etc approx ca fig figs no nos ref refs dr prof mr mrs ms st vol ed eds "
        "i.v i.m s.c p.o b.i.d t.i.d q.d q.i.d p.r.n a.m p.m min max resp incl excl dept ch sec "
        "tab sp spp subsp var wt ht"
    ).split(" ")
)
END = re.compile(r"[.!?]+[\"'”’)\]]*(?:\[\^?[\w–-]+\])*(?=\s+[\"'“‘(\[]*[A-Z0-9Α-Ω≥≤<>µ]|\s*$)")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
ITEM = re.compile(
    r"^(?P<indent>[ \t]*)(?P<marker>[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?", re.M
)
ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$")
RULE = re.compile(r"^[ \t]*\|?[ \t:|-]+\|?[ \t]*$")
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]")
ESCAPED = re.compile(r"\\([\\{}#|>+*_`.)-])")
MARKUP = re.compile(r"(?<!\\)(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)")
MARKED = re.compile(r"^(?:\[\d{1,3}\] ?)+(?=\w)| ?(?:\[\d{1,3}\] ?)+(?=[.!?]?$)")
"""Numbers of somebody else's references around a sentence, which would read as ours."""

LINK = re.compile(r"!?\[([^\]^]+)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")


class StatementSpan(NamedTuple):
    """A quotable unit: `text[start:end]`, its grade, and where it stands."""

    start: int
    end: int
    grade: Grade | None = None
    ordered: bool = False
    table: bool = False


class _Block(NamedTuple):
    start: int
    end: int
    ordered: bool
    table: bool


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a prose text, without the space around them."""
    spans, start = [], 0
    for match in END.finditer(text):
        if not _is_abbreviation(text, match.start()) and not _inside_brackets(
            text[start : match.end()]
        ):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return [span for span in (_trimmed(text, *s) for s in spans) if span[0] < span[1]]


def statements(text: str) -> list[StatementSpan]:
    """Every sentence, and every table row but the header, of a stretch of Markdown.

    List markers and grades are left out of the spans; the grade at the end of a list item or
    paragraph holds for each of its sentences.
    """
    return [span for block in _blocks(text) for span in _of_block(text, block)]


def said(text: str) -> list[str]:
    """The words of every statement of a stretch of Markdown, as they are read."""
    return [plain(text[span.start : span.end]) for span in statements(text)]


def plain(text: str) -> str:
    """The words of a span as they are read: one line, without marks or what is hidden."""
    words = ESCAPED.sub(r"\1", MARKUP.sub("", LINK.sub(r"\1", visible(text))))
    return MARKED.sub("", re.sub(r"[ \t\n\r]+", " ", words).strip(" "))


def cells(row: str) -> list[str]:
    """The cells of a table row, as they are read."""
    return [plain(cell) for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _of_block(text: str, block: _Block) -> Iterator[StatementSpan]:
    if block.table:
        yield StatementSpan(block.start, block.end, table=True)
        return
    body, end, grade = text[block.start : block.end], block.end, None
    marks = list(MARK.finditer(body))
    if marks and not body[marks[-1].end() :].strip(" \t\n."):
        grade = parse_grade(marks[-1]["system"], marks[-1]["text"])
        end = block.start + marks[-1].start()
    for first, last in sentences(text[block.start : end]):
        yield StatementSpan(block.start + first, block.start + last, grade, block.ordered)


def _blocks(text: str) -> Iterator[_Block]:
    """Paragraphs, list items and table rows, each without its marker."""
    open_block: _Block | None = None
    at = 0
    lines = LINE.findall(text)
    for i, line in enumerate(lines):
        item, row = ITEM.match(line), ROW.match(line)
        starts_anew = bool(item or row or HEADING.match(line) or not line.strip())
        if starts_anew and open_block:
            yield open_block
            open_block = None
        if row and not RULE.match(line) and not _is_header(lines, i):
            indent = len(line) - len(line.lstrip())
            yield _Block(at + indent, at + len(line.rstrip()), ordered=False, table=True)
        elif item:
            ordered = item["marker"][0].isdigit()
            open_block = _Block(at + item.end(), at + len(line.rstrip("\n")), ordered, table=False)
        elif line.strip() and not row and not HEADING.match(line):
            start = open_block.start if open_block else at
            ordered = open_block.ordered if open_block else False
            open_block = _Block(start, at + len(line.rstrip("\n")), ordered, table=False)
        at += len(line)
    if open_block:
        yield open_block


def _is_header(lines: list[str], i: int) -> bool:
    return i + 1 < len(lines) and "-" in lines[i + 1] and bool(RULE.match(lines[i + 1]))


def _is_abbreviation(text: str, dot: int) -> bool:
    word = re.search(r"[^\s(\[\"'“]*$", text[:dot])
    last = word.group().lower() if word else ""
    return text[dot] == "." and (last in ABBREVIATIONS or bool(re.fullmatch(r"[a-z]", last)))


def _inside_brackets(text: str) -> bool:
    return text.count("(") > text.count(")")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
