"""A run as one page, as Markdown, and as JUnit."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval import plots
from eval.classification import risk_coverage
from eval.gating import has_unit, lower_is_better
from eval.records import Misused, Result, Run
from eval.speed import figures as speed

FORMATS = {"html": "html", "markdown": "md", "junit": "xml"}
WORST = 40
BINS = 10
LEANS = 0.5
BY_KIND = ("evidence recall", "answered", "headline right", "key facts", "reason right")
MARKS = re.compile(r"[\\`*_\[\]<>|]")

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def readable(value: object) -> str:
    """A value of a case or of a run, for people: lists by paragraphs, pairs by commas."""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {readable(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return "\n\n".join(map(readable, value))
    return str(value)


_environment.filters["told"] = readable


def report_of(run: Run, results: Sequence[Result], form: str) -> str:
    """The run in one of FORMATS; raises Misused for another."""
    if form not in FORMATS:
        raise Misused(f"no format {form!r}: there are {', '.join(FORMATS)}")
    write: dict[str, Callable[[Run, Sequence[Result]], str]] = {
        "html": as_html,
        "markdown": as_markdown,
        "junit": as_junit,
    }
    return write[form](run, results)


def as_html(run: Run, results: Sequence[Result]) -> str:
    """One page that loads nothing: measures, plots, and the cases that fell short."""
    shares = {name: score for name, score in run.measures.items() if not has_unit(name)}
    figures = [*([plots.intervals(shares)] if shares else []), *_figures(results)]
    figures += speed.figures(run, results)
    page = _environment.get_template("report.html")
    fallen = failing(results)
    return page.render(
        run=run, figures=figures, failing=fallen[:WORST], fallen=len(fallen), title=title
    )


def as_markdown(run: Run, results: Sequence[Result]) -> str:
    """The measures as a table, and the cases that fell furthest short."""
    rows = [
        f"| {name} | {s.value:.3f} | {s.low:.3f} to {s.high:.3f} |"
        for name, s in run.measures.items()
    ]
    head = [f"# {run.suite}: {run.n} cases, {run.failed} failed", ""]
    table = ["| measure | value | 95 % interval |", "| --- | --- | --- |", *rows, ""]
    fallen = failing(results)
    worst = [f"- {_line(f'{r.id}: {_told(r)}')}" for r in fallen[:WORST]]
    return "\n".join([*head, *table, f"{len(fallen)} cases fell short.", "", *worst, ""])


def as_junit(run: Run, results: Sequence[Result]) -> str:
    """A test case per case: one that fell short fails with its scores, one not run is an error."""
    fallen = {result.id for result in failing(results) if not result.failed}
    counts = {"tests": len(results), "failures": len(fallen), "errors": run.failed}
    suite = Element("testsuite", {"name": run.suite} | {k: str(n) for k, n in counts.items()})
    for result in results:
        case = SubElement(suite, "testcase", name=result.id, classname=run.suite)
        if result.failed:
            SubElement(case, "error", message=_printable(result.failed))
        elif result.id in fallen:
            scores = ", ".join(f"{name} {score:.3f}" for name, score in result.scores.items())
            SubElement(case, "failure", message=scores)
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _told(result: Result) -> str:
    return result.failed or title(result)


def title(result: Result) -> str:
    """What a case asks, or claims."""
    named = (result.shown[name] for name in ("question", "claim", "text") if name in result.shown)
    return str(next(named, ""))


def _line(text: str) -> str:
    """A text on one line of Markdown, with no markup of its own."""
    return MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def _printable(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(c for c in text if c.isprintable() or c.isspace())


def failing(results: Sequence[Result]) -> list[Result]:
    """Cases that could not be run, or that have less than the best of any measure; worst first."""
    fallen = [r for r in results if r.failed or lacking(r)]
    return sorted(fallen, key=lambda r: (r.failed is None, -lacking(r), r.id))


def lacking(result: Result) -> float:
    """How much is missing to the best, over all measures of a case that have a best.

    A claim has no measure of its own: it falls short where the check leans the wrong way.
    """
    if not result.scores and "support" in result.shown:
        so = result.shown.get("label") == "SUPPORTED"
        off = abs(so - float(result.shown["support"]))
        return off if off > LEANS else 0.0
    return sum(
        score if lower_is_better(name) else max(0.0, 1 - score)
        for name, score in result.scores.items()
        if not has_unit(name)
    )


def _figures(results: Sequence[Result]) -> Iterator[Markup]:
    shown = [result.shown for result in results if result.failed is None]
    times = [s["milliseconds"] for s in shown if "milliseconds" in s]
    if times:
        yield plots.histogram(times, "Time of a case", "ms")
    sure = [(s["confidence"], bool(s["answerable"])) for s in shown if "confidence" in s]
    if not all(so for _, so in sure):
        coverage, risk = risk_coverage([c for c, _ in sure], [not so for _, so in sure])
        points = list(zip(coverage, risk, strict=True))
        area = f"{sum(risk) / len(risk):.3f}"
        yield plots.curve(
            points, f"Risk against coverage, surest first: area {area}", "coverage", "risk"
        )
        yield plots.curve(
            calibration(sure), "Calibration of confidence", "confidence", "answerable", True
        )
    told = [(s["support"], s["label"] == "SUPPORTED") for s in shown if "support" in s]
    if told:
        yield plots.curve(
            calibration(told), "Calibration of the support check", "score", "supported", True
        )
    yield from _by_kind(results)


def _by_kind(results: Sequence[Result]) -> Iterator[Markup]:
    """The mean of the measures of 0 to 1 by the kind of case, where cases say it."""
    kinds = dict.fromkeys(r.shown["kind"] for r in results if "kind" in r.shown)
    names = [n for n in dict.fromkeys(n for r in results for n in r.scores) if n in BY_KIND]
    if not kinds or not names:
        return
    rows = []
    for kind in sorted(kinds):
        of_kind = [r for r in results if r.shown.get("kind") == kind]
        means = [_mean([r.scores[n] for r in of_kind if n in r.scores]) for n in names]
        rows.append((kind, str(len(of_kind)), *means))
    yield plots.table(("kind", "cases", *names), rows, "By kind of question")


def _mean(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.2f}" if values else ""


def calibration(told: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """For bins of equal size, the mean score and the share that is so."""
    ranked = sorted(told)
    size = max(1, len(ranked) // BINS)
    runs = [ranked[i : i + size] for i in range(0, len(ranked), size)]
    return [
        (sum(score for score, _ in run) / len(run), sum(so for _, so in run) / len(run))
        for run in runs
    ]
