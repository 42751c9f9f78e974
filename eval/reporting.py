"""A run as one page, as Markdown, and as JUnit."""

from collections.abc import Callable, Sequence
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

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


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
    return page.render(run=run, figures=figures, failing=failing(results)[:WORST])


def as_markdown(run: Run, results: Sequence[Result]) -> str:
    """The measures as a table, and how many cases fell short."""
    rows = [
        f"| {name} | {s.value:.3f} | {s.low:.3f} to {s.high:.3f} |"
        for name, s in run.measures.items()
    ]
    head = [f"# {run.suite}: {run.n} cases, {run.failed} failed", ""]
    table = ["| measure | value | 95 % interval |", "| --- | --- | --- |", *rows, ""]
    return "\n".join([*head, *table, f"{len(failing(results))} cases fell short.", ""])


def as_junit(run: Run, results: Sequence[Result]) -> str:
    """A test case per case; one that fell short fails with its scores."""
    fallen = {result.id for result in failing(results)}
    suite = Element("testsuite", name=run.suite, tests=str(run.n), failures=str(len(fallen)))
    for result in results:
        case = SubElement(suite, "testcase", name=result.id, classname=run.suite)
        if result.id in fallen:
            scores = ", ".join(f"{name} {score:.3f}" for name, score in result.scores.items())
            SubElement(case, "failure", message=result.failed or scores)
    indent(suite)
    return tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def failing(results: Sequence[Result]) -> list[Result]:
    """Cases that could not be run, or that have less than the best of any measure; worst first."""
    fallen = [r for r in results if r.failed or lacking(r)]
    return sorted(fallen, key=lambda r: (r.failed is None, -lacking(r), r.id))


def lacking(result: Result) -> float:
    """How much is missing to the best, over all measures of a case that have a best."""
    return sum(
        score if lower_is_better(name) else max(0.0, 1 - score)
        for name, score in result.scores.items()
        if not has_unit(name)
    )


def _figures(results: Sequence[Result]) -> list[Markup]:
    shown = [result.shown for result in results if result.failed is None]
    figures = []
    times = [s["milliseconds"] for s in shown if "milliseconds" in s]
    if times:
        figures.append(plots.histogram(times, "Time of an answer", "ms"))
    sure = [(s["confidence"], not s["answerable"]) for s in shown if "confidence" in s]
    if any(wrong for _, wrong in sure):
        coverage, risk = risk_coverage([c for c, _ in sure], [w for _, w in sure])
        points = list(zip(coverage, risk, strict=True))
        figures.append(plots.curve(points, "Risk against coverage", "coverage", "risk"))
    told = [(s["support"], s["label"] == "SUPPORTED") for s in shown if "support" in s]
    if told:
        points = calibration(told)
        figures.append(plots.curve(points, "Calibration", "score", "supported", diagonal=True))
    return figures


def calibration(told: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """For bins of equal size, the mean score and the share that is so."""
    ranked = sorted(told)
    size = max(1, len(ranked) // BINS)
    runs = [ranked[i : i + size] for i in range(0, len(ranked), size)]
    return [
        (sum(score for score, _ in run) / len(run), sum(so for _, so in run) / len(run))
        for run in runs
    ]
