"""The command `rag`: data on stdout, progress on stderr; exit 0 done, 1 failed, 2 misused."""

import io
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from rag import __version__
from rag.cli import asking, drafting, importing, index, serving
from rag.cli.terminal import Terminal, open_assistant
from rag.errors import RagError

if TYPE_CHECKING:
    from rag.assistant import Assistant

app = typer.Typer(
    name="rag",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain text; as NO_COLOR.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Version.")
    ] = False,
) -> None:
    """Answers questions from guideline summaries, with references.

    \b
    rag refresh
    rag ask "Which imaging comes first in a child with an abdominal mass?"
    """
    context.obj = Terminal.standard(context.obj, no_color)


for command in (
    asking.ask,
    asking.chat,
    asking.search,
    index.refresh,
    index.status,
    index.versions,
    index.rollback,
    index.verify,
    index.lint,
    drafting.new,
    serving.serve,
    serving.doctor,
):
    app.command()(command)
app.command("import")(importing.import_)


def main(
    arguments: Sequence[str] | None = None,
    assistant: Callable[[], "Assistant"] = open_assistant,
) -> None:
    """Run one command and exit; an error of ours is one message, without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(args=arguments, prog_name="rag", obj=assistant)
    except RagError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(error.exit_code) from error
