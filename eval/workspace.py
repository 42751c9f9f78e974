"""Corpora that were imported and indexed to be measured on, kept by what they were made of."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.suites import Options
from rag.assistant import Assistant
from rag.importing.beir import import_beir

logger = logging.getLogger(__name__)

Importer = Callable[[Path, Path], int]


@contextmanager
def assistant_over(
    options: Options, source: Path, importer: Importer, name: str = "whole"
) -> Iterator[Assistant]:
    """An assistant over an imported source; a second time nothing is imported or embedded.

    `name` tells what different importers make of one source.
    """
    home = imported(options.workspace, source, importer, name)
    settings = options.settings.model_copy(
        update={
            "corpus": home / "corpus",
            "indexes": home / "indexes",
            "database": "",
            "models": options.settings.models_folder,
        }
    )
    with Assistant(settings, options.embedder, options.generator) as assistant:
        assistant.refresh(force=True, progress=_report)
        yield assistant


def imported(workspace: Path, source: Path, importer: Importer, name: str = "whole") -> Path:
    """A folder of the workspace that holds what was made of a source as `corpus`."""
    home = workspace / f"{source.stem}-{name}-{_digest(source)}"
    if not (home / "imported").exists():
        count = importer(source, home / "corpus")
        (home / "imported").write_text(f"{count}\n", "utf-8")
    return home


def importer_of(source: Path) -> Importer:
    """How a source is read: a folder of articles in XML, or BEIR's JSON Lines."""
    if source.is_dir() and not (source / "corpus.jsonl").exists():
        from rag.importing.jats import import_jats

        return import_jats
    return import_beir


def index_facts(assistant: Assistant) -> dict[str, Any]:
    """What was searched, and with what."""
    live = assistant.live()
    return {
        "index": live.version.id,
        "fingerprint": live.version.fingerprint,
        "guidelines": live.version.guidelines,
        "chunks": live.version.chunks,
    }


def _report(step: str, done: int, total: int) -> None:
    if total > 1:
        logger.info("%s %d of %d", step, done, total)


def _digest(source: Path) -> str:
    """What the files of a source are, by name, size and time."""
    files = sorted(source.rglob("*")) if source.is_dir() else [source]
    facts = [f"{f.name} {f.stat().st_size} {f.stat().st_mtime_ns}" for f in files if f.is_file()]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
