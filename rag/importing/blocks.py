"""What stands under a heading in JATS: paragraphs, lists and tables."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from rag.importing.inline import SKIPPED, inline, one_line, words
from rag.importing.writing import Block, Listing

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_COLUMNS = 256
"""Spans may ask for any number of cells; no article needs more."""

WRAPPERS = frozenset("p table-wrap-foot alternatives disp-quote attrib speech verse-group".split())
CAPTIONED = frozenset(
    "table-wrap table-wrap-group fig fig-group boxed-text statement glossary fn-group app".split()
)


class Unusable(Exception):
    """What is wrong with an article, for a fault that names its file."""


def blocks(node: "_Element") -> Iterator[Block]:
    """The blocks of an element in order; sections in it are not entered."""
    pending = [node.text or ""]
    for child in node:
        if (handler := _handler(node, child)) is not None:
            yield from _paragraph(pending)
            pending = []
            yield from handler(child)
        elif child.tag not in SKIPPED | {"caption", "sec"}:
            pending.append(inline(child))
        pending.append(child.tail or "")
    yield from _paragraph(pending)


def rows(table: "_Element") -> list[list[str]]:
    """The cells of a table with spans laid out; a cell over the whole width stands once."""
    carried: dict[int, tuple[int, str]] = {}
    found = [_row(row, carried) for row in table.iter("tr")]
    width = max(map(len, found), default=0)
    filled = [row + [""] * (width - len(row)) for row in found]
    return [_once(row) for row in filled]


def _handler(
    parent: "_Element", child: "_Element"
) -> Callable[["_Element"], Iterator[Block]] | None:
    if child.tag == "fn":
        return None if parent.tag == "p" else _footnote
    if child.tag in WRAPPERS:
        return blocks
    return _captioned if child.tag in CAPTIONED else HANDLERS.get(str(child.tag))


def _paragraph(pending: list[str]) -> Iterator[str]:
    if text := one_line("".join(pending)):
        yield text


def _captioned(node: "_Element") -> Iterator[Block]:
    """`Table 1: its title`, the rest of the caption, then what it is a caption of."""
    said, rest = _caption(node), list(blocks(node))
    label = node.find("label")
    # A label alone says nothing.
    if label is not None and (said or rest) and (mark := words(label).rstrip(".:")):
        said[:1] = [f"{mark}: {said[0]}"] if said else [mark]
    yield from said
    yield from rest
    for section in node.iterchildren("sec"):
        yield from _captioned(section)


def _caption(node: "_Element") -> list[str]:
    """The title and the paragraphs of a caption."""
    found = []
    for place in ("title", "caption/title"):
        if (title := node.find(place)) is not None and (text := words(title)):
            found.append(text)
    if (caption := node.find("caption")) is not None:
        found += [block for block in blocks(caption) if isinstance(block, str)]
    return found


def _supplement(node: "_Element") -> Iterator[Block]:
    """What a file beside the article is, on one line."""
    if said := " ".join(block for block in _captioned(node) if isinstance(block, str)):
        yield said


def _list(node: "_Element") -> Iterator[Block]:
    """A list, those within it laid flat; a table in it follows."""
    ordered = node.get("list-type") == "order"
    items: list[str] = []
    others: list[Block] = []
    for item in node.iterchildren("list-item"):
        label = item.find("label")
        texts = [words(label)] if label is not None and not ordered else []
        nested: list[str] = []
        for block in blocks(item):
            if isinstance(block, str):
                texts.append(block)
            elif isinstance(block, Listing):
                nested += block.items
            else:
                others.append(block)
        items += [*([" ".join(texts)] if texts else []), *nested]
    if (title := node.find("title")) is not None:
        yield words(title)
    if items:
        yield Listing(tuple(items), ordered)
    yield from others


def _definitions(node: "_Element") -> Iterator[Block]:
    if (title := node.find("title")) is not None:
        yield words(title)
    items = [
        ": ".join(filter(None, (words(part) for part in item)))
        for item in node.iterchildren("def-item")
    ]
    if items:
        yield Listing(tuple(items))


def _footnote(node: "_Element") -> Iterator[Block]:
    label = node.find("label")
    said = list(blocks(node))
    if label is not None and said and isinstance(said[0], str):
        said[0] = f"{words(label)} {said[0]}"
    yield from said


def _table(node: "_Element") -> Iterator[Block]:
    """Header rows become one; where none is marked, a first row without figures is the header."""
    found = rows(node)
    head = len(node.findall("thead/tr")) or int(bool(found) and not _has_figures(found[0]))
    header, body = found[:head], [row for row in found[head:] if _says(row)]
    if not found:
        yield from blocks(node)
    elif len(found[0]) == 1:
        yield from (cell for row in found for cell in row if cell)
    elif body and header:
        yield [[_joined(column) for column in zip(*header, strict=True)], *body]
    else:
        yield [[""] * len(found[0]), *header, *body]


def _row(row: "_Element", carried: dict[int, tuple[int, str]]) -> list[str]:
    """The cells of a row, with those that reach down from the rows above."""
    cells: list[str] = []

    def carry() -> None:
        while (held := carried.pop(len(cells), None)) is not None:
            if held[0] > 1:
                carried[len(cells)] = (held[0] - 1, held[1])
            cells.append(held[1])

    for cell in row.iterchildren("td", "th"):
        carry()
        text = words(cell)
        down, across = _span(cell, "rowspan"), _span(cell, "colspan")
        if len(cells) + across > MAX_COLUMNS:
            raise Unusable(f"a table of more than {MAX_COLUMNS} columns")
        for _ in range(across):
            if down > 1:
                carried[len(cells)] = (down - 1, text)
            cells.append(text)
    carry()
    return cells


def _span(cell: "_Element", name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, int(value)) if value.isdecimal() and len(value) < len("100000") else 1


def _once(row: list[str]) -> list[str]:
    whole = len(row) > 1 and len(set(row)) == 1
    return [row[0], *[""] * (len(row) - 1)] if whole else row


def _has_figures(row: list[str]) -> bool:
    return any(cell[:1].isdigit() for cell in row[1:])


def _says(row: list[str]) -> bool:
    """Whether a row has words: one of lines alone would pass for the rule below a header."""
    return any(cell.strip(" -:|") for cell in row)


def _joined(column: tuple[str, ...]) -> str:
    return " - ".join(dict.fromkeys(filter(None, column)))


HANDLERS: Mapping[str, Callable[["_Element"], Iterator[Block]]] = {
    "list": _list,
    "def-list": _definitions,
    "table": _table,
    "supplementary-material": _supplement,
    "media": _supplement,
}
