"""A guideline's Markdown as HTML, with an anchor for every passage; pure."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import accumulate, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from rag.grades import MARK
from rag.types import Chunk

KEPT = 32
"""Rendered guidelines that are remembered; a long one takes a second to render."""

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A guideline's text as HTML, and what its sections are."""

    html: Markup
    contents: tuple[Entry, ...]


@lru_cache(KEPT)
def body(text: str, chunks: tuple[Chunk, ...]) -> Body:
    """A guideline's body less its title; where chunk X begins there is an anchor `p-X`."""
    tokens = list(_without_title(_markdown.parse(text)))
    contents = tuple(_contents(tokens))
    _anchor(tokens, text, chunks)
    for token in tokens:
        token.children = list(_with_badges(token.children)) if token.children else token.children
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Body(Markup(html), contents)  # noqa: S704  the renderer escapes text, and html is off


def html(markdown: str) -> Markup:
    """Markdown as HTML; markup in it stays text."""
    return Markup(_markdown.render(markdown))  # noqa: S704  as above


def _without_title(tokens: Sequence[Token]) -> Iterator[Token]:
    """The page has the title already; a heading is three tokens."""
    is_title = bool(tokens) and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    for token in tokens[3:] if is_title else tokens:
        if token.tag == "h1":
            token.tag = "h2"
        yield token


def _contents(tokens: Sequence[Token]) -> Iterator[Entry]:
    seen: Counter[str] = Counter()
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or opening.tag != "h2":
            continue
        name = re.sub(r"[^a-z0-9]+", "-", inline.content.casefold()).strip("-") or "section"
        seen[name] += 1
        entry = Entry(f"h-{name}" + (f"-{seen[name]}" if seen[name] > 1 else ""), inline.content)
        opening.attrSet("id", entry.id)
        yield entry


def _anchor(tokens: Sequence[Token], text: str, chunks: Sequence[Chunk]) -> None:
    """Put an empty span before the first words that follow the start of each chunk."""
    starts = list(accumulate(map(len, text.splitlines(keepends=True)), initial=0))
    waiting = [(bisect_right(starts, chunk.start) - 1, chunk.id) for chunk in chunks]
    waiting.sort(key=lambda line_and_id: line_and_id[0], reverse=True)
    for token in tokens:
        if token.map is None or token.children is None:
            continue
        while waiting and waiting[-1][0] < token.map[1]:
            _, chunk_id = waiting.pop()
            span = Token("html_inline", "", 0, content=f'<span id="p-{chunk_id}"></span>')
            token.children.insert(0, span)


def _with_badges(children: Sequence[Token]) -> Iterator[Token]:
    for child in children:
        marks = list(MARK.finditer(child.content)) if child.type == "text" else []
        if not marks:
            yield child
            continue
        at = 0
        for mark in marks:
            yield Token("text", "", 0, content=child.content[at : mark.start()])
            words = escape(f"{mark['system']}: {mark['text']}")
            yield Token("html_inline", "", 0, content=f' <span class="grade">{words}</span>')
            at = mark.end()
        yield Token("text", "", 0, content=child.content[at:])
