"""Answers and passages as text for a terminal; pure."""

import textwrap
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.style import Style
from rich.text import Text

from rag.cli.terminal import Hanging, one_line, printable
from rag.sentences import plain
from rag.types import (
    AbstentionReason,
    Answer,
    Currency,
    Disagreement,
    Passage,
    Reference,
    Section,
    Source,
    Statement,
)
from rag.wording import REASONS, REVIEWS, link, maker

LONGEST_QUOTE = 240
"""Code points of a quote that are shown; `--json` has all of it."""

NUMBER = "cyan"
QUIET = "dim"


def answer_blocks(answer: Answer, hint: bool = True) -> Iterator[RenderableType]:
    """A whole answer from title to disclaimer; the hint says how to follow up."""
    yield from _head(answer)
    yield from _stated(answer) if answer.statements else _abstained(answer)
    yield from _references(answer)
    yield from _listed("Related questions", "• ", answer.related, QUIET)
    yield Text()
    yield Hanging("", Text(one_line(answer.disclaimer), QUIET))
    if hint:
        yield Text()
        yield Text(
            f'{answer.conversation_id} · follow up: rag ask -c {answer.conversation_id} "…"', QUIET
        )


def passage_blocks(passages: Iterable[Passage]) -> Iterator[RenderableType]:
    """Ranked passages with their sources, words and scores."""
    for passage in passages:
        guideline = passage.guideline
        parts = (guideline.title, f"{guideline.issuer}, {guideline.year}", *passage.chunk.heading)
        title = Text(one_line(" · ".join(parts)), "bold")
        yield Hanging(f"{passage.rank:>2}  ", title + _currency(passage.currency), NUMBER)
        for line in printable(passage.chunk.text).splitlines():
            yield Hanging("    ", Text(line))
        scores = passage.scores.model_dump(exclude_none=True).items()
        shown = " · ".join(f"{name} {score:.2f}" for name, score in scores)
        yield Text(f"    {shown} · {passage.chunk.id}\n", QUIET)


def _head(answer: Answer) -> Iterator[RenderableType]:
    yield Hanging("", Text(one_line(answer.question), "bold underline"))
    if answer.query != answer.question:
        yield Hanging("", Text(f"Searched for: {one_line(answer.query)}", QUIET))
    yield Text(f"{answer.review} · {REVIEWS[answer.review]}", QUIET)
    if made := maker(answer):
        yield Hanging("", Text(one_line(made), QUIET))
    yield Text()


def _stated(answer: Answer) -> Iterator[RenderableType]:
    if answer.headline:
        yield Hanging("", _statement(answer.headline, "bold"))
    if answer.outcome.reason:
        yield Hanging("", Text(REASONS[answer.outcome.reason], "bold yellow"))
    yield from _cautions(answer)
    sources = {reference.number: reference.source for reference in answer.references}
    for disagreement in answer.disagreements:
        yield from _disagreement(disagreement, sources)
    for section in answer.sections:
        yield from _section(section)


def _abstained(answer: Answer) -> Iterator[RenderableType]:
    reason = answer.outcome.reason or AbstentionReason.INSUFFICIENT
    yield Hanging("", Text(REASONS[reason], "bold"))
    if answer.nearest:
        yield from _heading("Nearest guidelines")
    for source in answer.nearest:
        yield Hanging("  • ", Text(_source(source)))
        yield from _link("    ", source)
    yield from _cautions(answer)


def _cautions(answer: Answer) -> Iterator[RenderableType]:
    yield from _listed("Caution", "! ", answer.warnings, "yellow")


def _section(section: Section) -> Iterator[RenderableType]:
    yield from _heading(section.heading)
    for step, statement in enumerate(section.statements, start=1):
        mark = f"{step:>3}. " if section.ordered else "  • "
        yield Hanging(mark, _statement(statement), QUIET)


def _disagreement(
    disagreement: Disagreement, sources: dict[int, Source]
) -> Iterator[RenderableType]:
    yield from _heading(f"Guidelines differ: {disagreement.point}", "bold yellow")
    for statement in disagreement.statements:
        said_by = [sources[n] for n in statement.numbers if n in sources]
        issuers = dict.fromkeys(f"{source.issuer}, {source.year}" for source in said_by)
        by = Text(f"{one_line(' and '.join(issuers))}: ", "italic")
        yield Hanging("  • ", by + _statement(statement), QUIET)


def _statement(statement: Statement, style: str = "") -> Text:
    """The words, the numbers they rest on, and the grade with the system it belongs to."""
    text = Text(one_line(statement.shown), style)
    text = text + Text(" ") + Text("".join(f"[{n}]" for n in statement.numbers), NUMBER)
    return text + Text(f" ({one_line(str(statement.grade))})", QUIET) if statement.grade else text


def _references(answer: Answer) -> Iterator[RenderableType]:
    if answer.references:
        yield from _heading("References")
    first: dict[str, int] = {}
    for reference in answer.references:
        shown = first.setdefault(reference.source.guideline_id, reference.number)
        yield from _reference(reference, answer, shown)


def _reference(reference: Reference, answer: Answer, first: int) -> Iterator[RenderableType]:
    """A source that stands under an earlier number already is named by that."""
    again = first != reference.number
    mark = f"{f'[{reference.number}]':>5} "
    indent = " " * len(mark)
    heading = one_line(" › ".join(reference.heading))
    source = f"The same source as [{first}]" if again else _source(reference.source)
    title = Text(" · ".join(filter(None, (source, heading))))
    yield Hanging(mark, title + _currency(reference.currency), NUMBER)
    for words in _quotes(reference.number, answer):
        yield Hanging(indent, Text(f"“{words}”", "italic dim"))
    if not again:
        yield from _link(indent, reference.source)


def _quotes(number: int, answer: Answer) -> list[str]:
    """The distinct words that a number stands for, but for those that a statement repeats."""
    cited = [
        (one_line(statement.shown), citation.quote.exact)
        for statement in answer.statements
        for citation in statement.citations
        if citation.number == number
    ]
    said = {text for text, _ in cited}
    exact = (words for _, words in cited if one_line(plain(words)) not in said)
    return [
        textwrap.shorten(one_line(words), LONGEST_QUOTE, placeholder=" …")
        for words in dict.fromkeys(exact)
    ]


def _source(source: Source) -> str:
    kind = source.kind.value.capitalize()
    return one_line(f"{kind} · {source.title} · {source.issuer}, {source.year}")


def _currency(currency: Currency) -> Text:
    style = QUIET if currency is Currency.CURRENT else "yellow"
    return Text(" · ") + Text(currency.value, style)


def _link(indent: str, source: Source) -> Iterator[RenderableType]:
    if url := link(source):
        url = one_line(url)
        yield Text(indent) + Text(url, Style(dim=True, link=url))


def _listed(heading: str, mark: str, lines: Iterable[str], style: str) -> Iterator[RenderableType]:
    lines = tuple(lines)
    if lines:
        yield from _heading(heading)
    for line in lines:
        yield Hanging(f"  {mark}", Text(one_line(line)), style)


def _heading(text: str, style: str = "bold") -> Iterator[RenderableType]:
    yield Text()
    yield Hanging("", Text(one_line(text), style))
