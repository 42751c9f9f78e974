"""`rag refresh`, `status`, `versions`, `rollback`, `verify` and `lint`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import Progress

from rag.cli.asking import Json
from rag.cli.reports import (
    plan_blocks,
    refreshed_blocks,
    status_blocks,
    verified_blocks,
    versions_blocks,
)
from rag.cli.terminal import Terminal, counted, open_settings, show_json


def refresh(
    context: typer.Context,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would change, do nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even if more than a third of the guidelines goes.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build a new version even if nothing changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the index to what the corpus says.

    \b
    rag refresh --plan
    rag refresh
    """
    terminal: Terminal = context.obj
    with terminal.open_assistant() as assistant:
        if plan:
            planned = assistant.plan(rebuild)
            return show_json(planned) if as_json else terminal.show(plan_blocks(planned))
        with terminal.progress() as bar:
            done = assistant.refresh(force=force, rebuild=rebuild, progress=_follow(bar))
    return show_json(done) if as_json else terminal.show(refreshed_blocks(done))


def status(context: typer.Context, as_json: Json = False) -> None:
    """Say which version serves, and what it holds.

    \b
    rag status
    """
    terminal: Terminal = context.obj
    with terminal.open_assistant() as assistant:
        found = assistant.status()
    show_json(found) if as_json else terminal.show(status_blocks(found))


def versions(context: typer.Context, as_json: Json = False) -> None:
    """List the versions of the index, newest first.

    \b
    rag versions
    """
    terminal: Terminal = context.obj
    with terminal.open_assistant() as assistant:
        found = assistant.versions()
    show_json(found) if as_json else terminal.show(versions_blocks(found))


def rollback(
    context: typer.Context,
    version: Annotated[
        str | None, typer.Argument(metavar="VERSION", help="By default the one before.")
    ] = None,
) -> None:
    """Let an earlier version serve.

    \b
    rag rollback 000003-1f2e3d4c
    """
    terminal: Terminal = context.obj
    with terminal.open_assistant() as assistant:
        chosen = assistant.rollback(version)
    typer.echo(f"Version {chosen.id} serves now.")


def verify(
    context: typer.Context,
    version: Annotated[
        str | None, typer.Argument(metavar="VERSION", help="By default the one that serves.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check every file and chunk of a version.

    Exits with 1 when anything is wrong.

    \b
    rag verify
    """
    terminal: Terminal = context.obj
    with terminal.open_assistant() as assistant:
        found = assistant.verify(version)
    show_json(found) if as_json else terminal.show(verified_blocks(found))
    raise typer.Exit(1 if found.problems else 0)


def lint(context: typer.Context, as_json: Json = False) -> None:
    """List all faults of the corpus by file and line.

    Exits with 1 when there is any.

    \b
    rag lint
    """
    from rag import linting
    from rag.corpus import read

    terminal: Terminal = context.obj
    folder = open_settings().corpus
    corpus, refused = read(folder)
    faults = sorted([*refused, *linting.lint(folder, corpus, datetime.now(UTC).date())])
    if as_json:
        show_json([fault._asdict() for fault in faults])
    elif faults:
        typer.echo("\n".join(map(str, faults)))
    if faults:
        raise typer.Exit(1)
    terminal.say(f"{counted(len(corpus.guidelines), 'guideline')}, no faults.")


def _follow(bar: Progress) -> Callable[[str, int, int], None]:
    """Show each step of a refresh on one line."""
    task = bar.add_task("", total=1)

    def advance(step: str, done: int, total: int) -> None:
        bar.update(task, description=step, completed=done, total=max(total, 1))

    return advance
