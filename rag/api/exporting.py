"""An answer to take along: Markdown, HTML, plain text, RIS and CSL-JSON; pure."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.api.markdown import html
from rag.citing import marks
from rag.types import Answer, Disagreement, Kind, Reference, Source, Statement
from rag.wording import REASONS, REVIEWS, link, maker

MARKED = re.compile(r"([\\`*_\[\]<>#|{}~!&])")
LIST_LIKE = re.compile(r"^(\s*)(\d+(?=[.)])|[-+=](?=\s|$)|[-=]{2,})", re.MULTILINE)

RIS_TYPES = {Kind.GUIDELINE: "RPRT", Kind.RESEARCH: "JOUR", Kind.LABEL: "GEN"}
CSL_TYPES = {Kind.GUIDELINE: "report", Kind.RESEARCH: "article-journal", Kind.LABEL: "document"}


class Line(NamedTuple):
    """A statement, and who says it where that is not the service."""

    statement: Statement
    said_by: str = ""


class Part(NamedTuple):
    """What stands under one heading."""

    heading: str
    lines: tuple[Line, ...]
    ordered: bool = False


def markdown(answer: Answer, address: str) -> str:
    """The answer with its numbers, grades and references; text in it stays text."""
    return "\n\n".join(_blocks(answer, address)) + "\n"


def rich(answer: Answer, address: str) -> str:
    """The same as a fragment of HTML, for a word processor."""
    return html(markdown(answer, address))


def plain(answer: Answer, address: str) -> str:
    """The same without marks, and a reference list in the manner of Vancouver."""
    lines = [answer.question, "", *_status(answer), ""]
    if answer.headline:
        lines += [_plain_line(Line(answer.headline)), ""]
    for told in _told(answer):
        lines += [_one_line(told), ""]
    for part in _parts(answer):
        marked = (
            f"{f'{step}.' if part.ordered else '-'} {_plain_line(line)}"
            for step, line in enumerate(part.lines, start=1)
        )
        lines += [f"{part.heading}:", *marked, ""]
    if answer.nearest:
        lines += ["Nearest guidelines:", *(f"- {_named(source)}" for source in answer.nearest), ""]
    if answer.references:
        lines += ["References", *map(vancouver, answer.references), ""]
    return "\n".join([*lines, answer.disclaimer, _colophon(answer), address]) + "\n"


def ris(answer: Answer) -> str:
    """One record per source, for reference managers."""
    return "".join(
        "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in _ris(source, note) if value)
        + "ER  - \r\n\r\n"
        for source, note in _cited(answer)
    )


def csl_json(answer: Answer) -> str:
    """One item per source, in the JSON of the Citation Style Language."""
    items = [_csl(source, note) for source, note in _cited(answer)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def vancouver(reference: Reference) -> str:
    """A reference as medical journals print it; the organization stands for the authors."""
    source = reference.source
    parts = [source.issuer, source.title, str(source.year), " › ".join(reference.heading)]
    text = " ".join(part.rstrip(".") + "." for part in parts if part)
    where = f" doi:{source.doi}" if source.doi else f" Available from: {source.url}"
    return f"{reference.number}. {text}{where if source.doi or source.url else ''}"


def _blocks(answer: Answer, address: str) -> Iterator[str]:
    yield f"# {_escaped(answer.question)}"
    yield "  \n".join(f"*{_escaped(line)}*" for line in _status(answer))
    if answer.headline:
        yield f"**{_escaped(answer.headline.shown)}** {_cites(answer.headline)}"
    yield from (f"**{_escaped(told)}**" for told in _told(answer))
    for part in _parts(answer):
        yield f"## {_escaped(part.heading)}"
        yield "\n".join(
            f"{f'{step}.' if part.ordered else '-'} {_markdown_line(line)}"
            for step, line in enumerate(part.lines, start=1)
        )
    if answer.nearest:
        yield "## Nearest guidelines"
        yield "\n".join(f"- {_escaped(_named(source))}" for source in answer.nearest)
    if answer.references:
        yield "## References"
        yield from map(_markdown_reference, answer.references)
    yield f"*{_escaped(answer.disclaimer)}*"
    yield f"{_escaped(_colophon(answer))}\n<{address}>"


def _parts(answer: Answer) -> Iterator[Part]:
    for disagreement in answer.disagreements:
        sides = tuple(_sides(disagreement, answer))
        yield Part(f"Guidelines differ: {disagreement.point}", sides)
    for section in answer.sections:
        yield Part(section.heading, tuple(map(Line, section.statements)), section.ordered)


def _sides(disagreement: Disagreement, answer: Answer) -> Iterator[Line]:
    sources = {reference.number: reference.source for reference in answer.references}
    for statement in disagreement.statements:
        issuers = dict.fromkeys(
            f"{sources[n].issuer}, {sources[n].year}" for n in statement.numbers if n in sources
        )
        yield Line(statement, " and ".join(issuers))


def _status(answer: Answer) -> list[str]:
    """How it was searched for, checked and made, a line each."""
    searched = f"Searched for: {answer.query}" if answer.query != answer.question else None
    status = f"{answer.review}: {REVIEWS[answer.review]}. {answer.created:%Y-%m-%d}."
    return [line for line in (searched, status, maker(answer)) if line]


def _told(answer: Answer) -> Iterator[str]:
    """What has to be known of what is said."""
    if answer.outcome.reason is not None:
        yield REASONS[answer.outcome.reason]
    for warning in answer.warnings:
        yield f"Caution: {warning}"


def _named(source: Source) -> str:
    return f"{source.issuer}. {source.title}. {source.year}."


def _markdown_line(line: Line) -> str:
    said_by = f"*{_escaped(line.said_by)}:* " if line.said_by else ""
    return f"{said_by}{_escaped(line.statement.shown)} {_cites(line.statement)}"


def _cites(statement: Statement) -> str:
    grade = f" ({_escaped(str(statement.grade))})" if statement.grade else ""
    return "".join(rf"\[{n}\]" for n in statement.numbers) + grade


def _plain_line(line: Line) -> str:
    statement = line.statement
    said_by = f"{_one_line(line.said_by)}: " if line.said_by else ""
    grade = f" ({statement.grade})" if statement.grade else ""
    return f"{said_by}{_one_line(statement.shown)} {marks(statement.numbers)}{grade}"


def _markdown_reference(reference: Reference) -> str:
    """A paragraph, since a list would count for itself where numbers are left out."""
    _, text = vancouver(reference).split(" ", 1)
    where = link(reference.source)
    link_out = f" <{where}>" if where and ">" not in where else ""
    return rf"\[{reference.number}\] {_escaped(text)}{link_out}"


def _colophon(answer: Answer) -> str:
    made = answer.provenance
    if made.generator == "extractive":
        return f"Sentences of the summaries in index version {made.index_version}."
    return f"Written by {made.generator} from index version {made.index_version}."


def _cited(answer: Answer) -> Iterator[tuple[Source, str]]:
    """Every source once, with the numbers that lead to it."""
    numbers: dict[str, list[int]] = {}
    sources: dict[str, Source] = {}
    for reference in answer.references:
        sources[reference.source.guideline_id] = reference.source
        numbers.setdefault(reference.source.guideline_id, []).append(reference.number)
    for guideline_id, source in sources.items():
        yield source, f"Cited as {marks(numbers[guideline_id])}"


def _ris(source: Source, note: str) -> Iterator[tuple[str, str | None]]:
    yield "TY", RIS_TYPES[source.kind]
    yield "TI", source.title
    yield "AU", source.issuer
    yield "PB", source.issuer
    yield "PY", str(source.year)
    yield "DO", source.doi
    yield "UR", link(source)
    yield "N1", note


def _csl(source: Source, note: str) -> dict[str, object]:
    item = {
        "id": source.guideline_id,
        "type": CSL_TYPES[source.kind],
        "title": source.title,
        "author": [{"literal": source.issuer}],
        "publisher": source.issuer,
        "issued": {"date-parts": [[source.year]]},
        "DOI": source.doi,
        "URL": link(source),
        "note": note,
    }
    return {name: value for name, value in item.items() if value is not None}


def _escaped(text: str) -> str:
    marked = MARKED.sub(r"\\\1", _one_line(text))
    return LIST_LIKE.sub(lambda m: m[1] + (m[2] + "\\" if m[2].isdigit() else "\\" + m[2]), marked)


def _one_line(text: str) -> str:
    return " ".join(text.split())
