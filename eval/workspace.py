"""Corpora that were imported and indexed to be measured on, kept by what they were made of."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.keeping import open_kept
from eval.memory import refuse_larger
from eval.records import Misused
from eval.suites import Options
from rag.assistant import Assistant, RefreshProgress
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
    with indexed(options, home / "corpus", home / "indexes") as assistant:
        yield assistant


@contextmanager
def indexed(options: Options, corpus: Path, indexes: Path) -> Iterator[Assistant]:
    """An assistant over a folder of summaries, with its index apart from the user's own."""
    settings = options.settings.model_copy(
        update={
            "corpus": corpus,
            "indexes": indexes,
            "database": "",
            "models": options.settings.models_folder,
        }
    )
    with Assistant(settings, open_kept(options), options.generator) as assistant:
        assistant.refresh(force=True, progress=reporter())
        yield assistant


def imported(workspace: Path, source: Path, importer: Importer, name: str = "whole") -> Path:
    """A folder of the workspace that holds what was made of a source as `corpus`."""
    refuse_larger(source)
    home = workspace / f"{source.stem}-{name}-{digest_of(source)}"
    if not (home / "imported").exists():
        count = importer(source, home / "corpus")
        if count < 1:
            raise Misused(f"{source}: there is no document in it to search")
        (home / "imported").write_text(f"{count}\n", "utf-8")
    return home


def articles(options: Options, source: Path, importer: Importer, name: str = "whole") -> set[str]:
    """Ids of what is made of a source, before any of it is embedded."""
    corpus = imported(options.workspace, source, importer, name) / "corpus"
    return {f"{path.parent.name}/{path.stem}" for path in corpus.glob("*/*.md")}


def importer_of(source: Path) -> Importer:
    """How a source is read: a folder of articles in XML, or BEIR's JSON Lines."""
    if source.is_dir() and not (source / "corpus.jsonl").exists():
        from rag.importing.jats import import_jats

        return import_jats
    return import_beir


def index_facts(assistant: Assistant) -> dict[str, Any]:
    """What was searched, and what with: fingerprints name the weights of models by digest."""
    live = assistant.live()
    return {
        "index": live.version.id,
        "fingerprint": live.version.fingerprint,
        "guidelines": live.version.guidelines,
        "chunks": live.version.chunks,
        "embedder": assistant.embedder.name,
        "embedder fingerprint": assistant.embedder.fingerprint,
        "generator": assistant.generator.name,
        "prompt": assistant.generator.prompt,
    }


def reporter(every_s: float = 15.0) -> RefreshProgress:
    """Progress of a refresh as lines of the log, no more often than so."""
    told = time.monotonic()

    def report(step: str, done: int, total: int) -> None:
        nonlocal told
        if total > 1 and time.monotonic() - told >= every_s:
            told = time.monotonic()
            logger.info("%s: %d of %d passages", step, done, total)

    return report


def digest_of(source: Path) -> str:
    """What a source says: of a BEIR folder its corpus, of any other folder all its files."""
    if (source / "corpus.jsonl").is_file():
        source = source / "corpus.jsonl"
    files = sorted(source.rglob("*")) if source.is_dir() else [source]
    whole = hashlib.sha256()
    for path in files:
        if path.is_file():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            name = path.relative_to(source).as_posix()
            whole.update(f"{name} {content}\n".encode())
    return whole.hexdigest()[:12]
