"""`rag import`: other people's formats to summaries of the corpus."""

import filecmp
import shutil
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from rag.cli.terminal import Terminal, counted, open_settings
from rag.errors import BackendUnavailable, Conflict

NAMED = 5
"""How many files a refusal names."""


class Format(StrEnum):
    """What can be imported."""

    JATS = "jats"
    BEIR = "beir"


def import_(
    context: typer.Context,
    kind: Annotated[Format, typer.Argument(metavar="KIND", help="The format of SOURCE.")],
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A file, or a folder of them.")],
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Another corpus than RAG_CORPUS.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite summaries that say something else.")
    ] = False,
) -> None:
    """Write summaries of articles into the corpus.

    \b
    rag import jats articles/
    """
    terminal: Terminal = context.obj
    corpus = into or open_settings().corpus
    # Written elsewhere first: a fault in the last article leaves the corpus as it is.
    with TemporaryDirectory(prefix="rag-import-") as room:
        count = _importer(kind)(source, Path(room))
        changed = _changed(Path(room), corpus, force)
        _copy(Path(room), corpus, changed)
    typer.echo(f"{counted(len(changed), 'article')} written to {corpus / kind}.")
    if count > len(changed):
        terminal.say(f"{counted(count - len(changed), 'article')} there already, the same.")


def _importer(kind: Format) -> Callable[[Path, Path], int]:
    if kind is Format.JATS:
        from rag.importing.jats import import_jats

        return import_jats
    from rag.importing.beir import import_beir

    return import_beir


def _changed(room: Path, corpus: Path, force: bool) -> Sequence[Path]:
    """What is new or says something else; raises Conflict rather than overwrite."""
    paths = sorted(path.relative_to(room) for path in room.glob("*/*.md"))
    new = [path for path in paths if not (corpus / path).exists()]
    others = [
        path
        for path in paths
        if (corpus / path).exists() and not filecmp.cmp(room / path, corpus / path, shallow=False)
    ]
    if others and not force:
        names = ", ".join(str(corpus / path) for path in others[:NAMED])
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        raise Conflict(f"{names}{more}: there, and different; overwrite with --force")
    return new + others


def _copy(room: Path, corpus: Path, paths: Sequence[Path]) -> None:
    for path in paths:
        try:
            (corpus / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(room / path, corpus / path)
        except OSError as error:
            message = f"{corpus / path} cannot be written: {error.strerror}"
            raise BackendUnavailable(message) from error
