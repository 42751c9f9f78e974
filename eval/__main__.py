"""`rag-eval`: run a suite, compare runs, hold a run against a baseline, write a report."""

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.records import Run
from eval.running import run as run_suite
from eval.suites import NAMES, Options
from rag.errors import RagError
from rag.settings import Settings

MISUSED = 2
INTERRUPTED = 130

app = typer.Typer(
    help="Measure the service: every claim about its quality is a command.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")]


@app.command()
def run(
    suite: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}.")],
    data: Annotated[
        Path | None, typer.Option(help="The data set, where a suite needs one.")
    ] = None,
    corpus: Annotated[Path | None, typer.Option(help="What to search, for followups.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many cases.")] = None,
    seed: Annotated[int, typer.Option(help="Draws the cases and the resamples.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder of the run; one there goes on.")] = None,
    workspace: Annotated[Path, typer.Option(help="Where imported corpora are kept.")] = Path(
        "var/eval"
    ),
    as_json: Json = False,
) -> None:
    """Run a suite: `rag-eval run retrieval --data DATA/scifact`."""
    options = Options(Settings.load(), workspace, data, corpus, limit, seed)
    finished = run_suite(suite, options, out or _folder(suite))
    print_run(finished, as_json)


def print_run(finished: Run, as_json: bool) -> None:
    """The measures with their intervals, as a table or as JSON."""
    if as_json:
        typer.echo(finished.model_dump_json(indent=2))
        return
    table = Table("measure", "value", "95 % interval", box=None, pad_edge=False)
    for name, score in finished.measures.items():
        table.add_row(name, f"{score.value:.3f}", f"{score.low:.3f} to {score.high:.3f}")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(f"{finished.suite}: {finished.n} cases, {finished.failed} failed")
    console.print(table)


def main() -> None:
    """Run the command line; exit 0 done, 1 the gate failed, 2 misused, 130 interrupted."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        app(prog_name="rag-eval")
    except RagError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(MISUSED)
    except KeyboardInterrupt:
        typer.echo("interrupted: the same command with --out goes on from here", err=True)
        sys.exit(INTERRUPTED)


def _folder(suite: str) -> Path:
    return Path("var/eval/runs") / f"{suite}-{datetime.now(UTC):%Y%m%d-%H%M%S}"


if __name__ == "__main__":
    main()
