"""`rag-eval`: run a suite, compare runs, hold a run against a baseline, write a report."""

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval import comparing, gating, records
from eval.records import Run
from eval.reporting import FORMATS, readable, report_of
from eval.running import run as run_suite
from eval.speed.against import PEERS
from eval.suites import NAMES, Options
from rag.errors import RagError
from rag.settings import Settings

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
BASELINE = Path("eval/baseline.json")
CASES_SHOWN = 10
ALWAYS_SHOWN = ("earlier", "question", "rewrite", "claim", "text", "wanted", "evidence")
"""Of a case, whether or not two runs differ in it."""


app = typer.Typer(
    help="Measure the service: every claim about its quality is a command.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")]


@app.command()
def run(  # noqa: PLR0913  one per option
    suite: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}.")],
    *,
    data: Annotated[
        Path | None, typer.Option(help="The data set, where a suite needs one.")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="What to search, for followups and evidence.")
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Only these cases or judgements: dev, test.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many cases.")] = None,
    seed: Annotated[int, typer.Option(help="Draws the cases and the resamples.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder of the run; one there goes on.")] = None,
    workspace: Annotated[Path, typer.Option(help="Where imported corpora are kept.")] = Path(
        "var/eval"
    ),
    chunks: Annotated[
        list[int] | None,
        typer.Option(metavar="N", min=1, help="Speed over N chunks, too; repeatable."),
    ] = None,
    against: Annotated[
        str, typer.Option(metavar="PEERS", help=f"Speed beside {','.join(PEERS)}, or some of them.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Run a suite: `rag-eval run retrieval --data DATA/scifact`."""
    options = Options(
        Settings.load(),
        workspace,
        data,
        corpus,
        split,
        limit,
        seed,
        chunks=tuple(dict.fromkeys(chunks or ())),
        against=tuple(dict.fromkeys(filter(None, against.split(",")))),
    )
    folder = out or _folder(suite)
    try:
        finished = run_suite(suite, options, folder)
    except KeyboardInterrupt:
        typer.echo(f"interrupted: the same command with --out {folder} goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    print_run(finished, as_json)
    _tell_failed(finished, folder)
    typer.echo(f"kept in {folder}", err=True)
    if finished.failed == finished.n:
        raise typer.Exit(FAILED)


@app.command()
def compare(
    a: RunFolder,
    b: RunFolder,
    across: Annotated[bool, typer.Option(help="Compare runs over different corpora.")] = False,
    cases: Annotated[
        str | None, typer.Option(metavar="MEASURE", help="Show the cases that differ on it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two runs of one suite, B minus A, case by case."""
    found = comparing.differences(a, b, across)
    if as_json:
        _print_json([_flat(difference) for difference in found])
        return
    both, only_a, only_b = comparing.shared(a, b)
    typer.echo(f"{both} cases in both, {only_a} only in A, {only_b} only in B")
    table = Table("measure", "A", "B", "B - A (95 %)", "effect", "won", "lost", "verdict", box=None)
    for difference in found:
        table.add_row(*_row(difference))
    _console().print(table)
    if cases:
        _print_cases(a, b, cases)


@app.command()
def gate(
    folder: RunFolder,
    baseline: Annotated[Path, typer.Option(help="What the run is held to.")] = BASELINE,
    update: Annotated[bool, typer.Option(help="Make this run the baseline instead.")] = False,
) -> None:
    """Exit with 1 when a measure fell by more than its allowance."""
    finished = records.load(folder)
    if update:
        before = gating.read_baseline(baseline) if baseline.exists() else None
        made = gating.baseline_of(finished, before)
        baseline.write_text(made.model_dump_json(indent=2) + "\n", "utf-8")
        return
    found = list(gating.breaches(finished, gating.read_baseline(baseline)))
    for breach in found:
        typer.echo(breach)
    if found:
        raise typer.Exit(FAILED)
    typer.echo(f"{finished.suite}: {finished.n} cases hold the baseline")


@app.command()
def report(
    folder: RunFolder,
    out: Annotated[Path | None, typer.Option(help="File to write; default in the run.")] = None,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "html",
) -> None:
    """Write a run as one page to read, as Markdown, or as JUnit for a build server."""
    text = report_of(records.load(folder), records.results(folder), form)
    path = out or folder / f"report.{FORMATS[form]}"
    path.write_text(text, encoding="utf-8")
    typer.echo(str(path))


def print_run(finished: Run, as_json: bool) -> None:
    """The measures with their intervals, as a table or as JSON."""
    if as_json:
        typer.echo(finished.model_dump_json(indent=2))
        return
    table = Table("measure", "value", "95 % interval", box=None, pad_edge=False)
    for name, score in finished.measures.items():
        table.add_row(name, f"{score.value:.3f}", f"{score.low:.3f} to {score.high:.3f}")
    console = _console()
    console.print(f"{finished.suite}: {finished.n} cases, {finished.failed} failed")
    console.print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit 0 done, 1 the gate failed, 2 misused, 130 interrupted."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for talkative in ("alembic", "faiss"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    try:
        app(args=arguments, prog_name="rag-eval")
    except RagError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(MISUSED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _tell_failed(finished: Run, folder: Path) -> None:
    """The first of the cases that could not be run, each with its error."""
    failed = [result for result in records.results(folder) if result.failed]
    for result in failed[:CASES_SHOWN]:
        typer.echo(f"failed: {result.id}: {result.failed}", err=True)
    if finished.failed > CASES_SHOWN:
        typer.echo(f"and {finished.failed - CASES_SHOWN} more, all in {folder}", err=True)


def _row(difference: comparing.Difference) -> list[str]:
    row = [difference.measure, f"{difference.a:.3f}", f"{difference.b:.3f}"]
    if difference.paired is None:
        return [*row, "", "", "", "", "no case has it in both"]
    paired = difference.paired
    step = paired.difference
    return [
        *row,
        f"{step.value:+.3f} ({step.low:+.3f} to {step.high:+.3f})",
        "" if paired.effect is None else f"{paired.effect:+.2f}",
        "" if paired.wins is None else str(paired.wins),
        "" if paired.losses is None else str(paired.losses),
        paired.verdict,
    ]


def _flat(difference: comparing.Difference) -> dict[str, object]:
    paired = difference.paired
    flat: dict[str, object] = {"measure": difference.measure, "a": difference.a, "b": difference.b}
    if paired:
        flat |= {
            **paired.difference._asdict(),
            "effect": paired.effect,
            "wins": paired.wins,
            "ties": paired.ties,
            "losses": paired.losses,
            "verdict": paired.verdict,
        }
    return flat


def _print_cases(a: Path, b: Path, measure: str) -> None:
    found = list(comparing.changed(a, b, measure))
    console = _console()
    for case in found[:CASES_SHOWN]:
        table = Table(
            "", f"A: {case.a:.3f}", f"B: {case.b:.3f}", title=escape(case.id), show_lines=True
        )
        for key, said in case.shown_a.items():
            other = case.shown_b.get(key, "")
            if key in ALWAYS_SHOWN or (said != other and key != "milliseconds"):
                table.add_row(key, escape(readable(said)), escape(readable(other)))
        console.print(table)
    console.print(f"{len(found)} cases differ on {measure}, {min(len(found), CASES_SHOWN)} shown")


def _print_json(value: object) -> None:
    import json

    typer.echo(json.dumps(value, indent=2))


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def _folder(suite: str) -> Path:
    return Path("var/eval/runs") / f"{suite}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


if __name__ == "__main__":
    main()
