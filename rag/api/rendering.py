"""Values to pages: templates, and a guideline's Markdown with an anchor for every passage."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from itertools import accumulate
from pathlib import Path

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from rag import __version__
from rag.grades import MARK
from rag.sentences import plain
from rag.types import Answer, Chunk, Quote
from rag.wording import REASONS, REVIEWS, link

WEB = Path(__file__).parent.parent / "web"

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_environment = Environment(
    loader=FileSystemLoader(WEB / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def quotes(answer: Answer, number: int) -> list[Quote]:
    """The words that a number stands for in an answer, without repeats, in reading order."""
    found = {
        (c.quote.start, c.quote.end): c.quote
        for statement in answer.statements
        for c in statement.citations
        if c.number == number
    }
    return list(found.values())


def day(moment: datetime) -> str:
    """A date as it is read: 3 March 2026."""
    return f"{moment.day} {moment:%B %Y}"


def body_html(body: str, chunks: Sequence[Chunk]) -> Markup:
    """A guideline's Markdown as HTML; the first block of every chunk has the id `p-CHUNK`."""
    tokens = _markdown.parse(body)
    _anchor(tokens, body, chunks)
    for token in tokens:
        token.children = list(_with_badges(token.children)) if token.children else token.children
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Markup(html)  # noqa: S704  the renderer escapes text, and html is off


def render(request: Request, template: str, status: int = 200, **context: object) -> Response:
    """A template as a response; text in `context` stays text."""
    return _templates.TemplateResponse(request, template, context, status_code=status)


def _anchor(tokens: Sequence[Token], body: str, chunks: Sequence[Chunk]) -> None:
    line_starts = list(accumulate(map(len, body.splitlines(keepends=True)), initial=0))
    line_of = {chunk.id: bisect_right(line_starts, chunk.start) - 1 for chunk in chunks}
    waiting = {line: f"p-{chunk_id}" for chunk_id, line in reversed(line_of.items())}
    for token in tokens:
        opens = token.nesting == 1 and token.map is not None
        if opens and token.map and token.map[0] in waiting and token.type != "tbody_open":
            token.attrSet("id", waiting.pop(token.map[0]))


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


def _anchor_name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


_environment.globals.update(
    quotes=quotes, link=link, REVIEWS=REVIEWS, REASONS=REASONS, release=__version__
)
_environment.filters.update(day=day, plain=plain, anchor=_anchor_name)
_templates = Jinja2Templates(env=_environment)
