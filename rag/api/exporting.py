"""An answer to take along: Markdown, HTML, plain text, RIS and CSL-JSON; pure."""

import json
import re
from collections.abc import Iterator

from rag.api.markdown import html
from rag.citing import marks
from rag.types import AbstentionReason, Answer, Kind, Reference, Source, Statement
from rag.wording import REASONS, REVIEWS, link

MARKED = re.compile(r"([\\`*_\[\]<>#|{}~!&])")
LIST_LIKE = re.compile(r"^(\s*)(\d+(?=[.)])|[-+=](?=\s|$)|[-=]{2,})", re.MULTILINE)

RIS_TYPES = {Kind.GUIDELINE: "RPRT", Kind.RESEARCH: "JOUR", Kind.LABEL: "GEN"}
CSL_TYPES = {Kind.GUIDELINE: "report", Kind.RESEARCH: "article-journal", Kind.LABEL: "document"}


def markdown(answer: Answer, address: str) -> str:
    """The answer with its numbers, grades and references; text in it stays text."""
    return "\n\n".join(_blocks(answer, address)) + "\n"


def rich(answer: Answer, address: str) -> str:
    """The same as a fragment of HTML, for a word processor."""
    return html(markdown(answer, address))


def plain(answer: Answer, address: str) -> str:
    """The same without marks, and a reference list in the manner of Vancouver."""
    lines = [answer.question, "", _status(answer), ""]
    for heading, statements, ordered in _parts(answer):
        lines += [f"{heading}:"] if heading else []
        for step, statement in enumerate(statements, start=1):
            mark = "" if not heading else f"{step}. " if ordered else "- "
            lines.append(mark + _plain_statement(statement))
        lines.append("")
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
    yield f"*{_escaped(_status(answer))}*"
    for heading, statements, ordered in _parts(answer):
        if not heading:
            yield f"**{_escaped(statements[0].shown)}** {_cites(statements[0])}"
            continue
        yield f"## {_escaped(heading)}"
        yield "\n".join(
            f"{f'{step}.' if ordered else '-'} {_escaped(statement.shown)} {_cites(statement)}"
            for step, statement in enumerate(statements, start=1)
        )
    if answer.references:
        yield "## References"
        yield from map(_markdown_reference, answer.references)
    yield f"*{_escaped(answer.disclaimer)}*"
    yield f"{_escaped(_colophon(answer))}\n<{address}>"


def _parts(answer: Answer) -> Iterator[tuple[str, tuple[Statement, ...], bool]]:
    """Heading, statements, and whether they are steps; the headline has no heading."""
    if answer.headline:
        yield "", (answer.headline,), False
    for disagreement in answer.disagreements:
        yield f"Guidelines differ: {disagreement.point}", disagreement.statements, False
    for section in answer.sections:
        yield section.heading, section.statements, section.ordered


def _status(answer: Answer) -> str:
    status = f"{answer.review}: {REVIEWS[answer.review]}. {answer.created:%Y-%m-%d}."
    if answer.headline is None and answer.outcome.reason is not None:
        return f"{REASONS[answer.outcome.reason or AbstentionReason.INSUFFICIENT]} {status}"
    return status


def _cites(statement: Statement) -> str:
    grade = f" ({_escaped(str(statement.grade))})" if statement.grade else ""
    return "".join(rf"\[{n}\]" for n in statement.numbers) + grade


def _plain_statement(statement: Statement) -> str:
    grade = f" ({statement.grade})" if statement.grade else ""
    return f"{_one_line(statement.shown)} {marks(statement.numbers)}{grade}"


def _markdown_reference(reference: Reference) -> str:
    """A paragraph, since a list would count for itself where numbers are left out."""
    _, text = vancouver(reference).split(" ", 1)
    where = link(reference.source)
    link_out = f" <{where}>" if where and ">" not in where else ""
    return rf"\[{reference.number}\] {_escaped(text)}{link_out}"


def _colophon(answer: Answer) -> str:
    made = answer.provenance
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
