"""The service over a corpus of N chunks: built once, then asked like any other."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.speed import machine, resampling
from eval.speed.embedders import NoisyEmbedder, TimedEmbedder
from eval.speed.homes import Home, megabytes
from eval.speed.measured import Measured
from eval.speed.refreshes import seconds
from eval.speed.resampling import Drawn
from rag.assistant import Assistant
from rag.corpus import Differing
from rag.embedding import Embedder
from rag.refreshing import BATCH

logger = logging.getLogger(__name__)

BUILT = "built.json"
TOLD_EVERY = 20 * BATCH


@dataclass(frozen=True, slots=True)
class Size:
    """A corpus of so many chunks: what is drawn, from where, and where it will live."""

    name: str
    drawn: Sequence[Drawn]
    source: Path
    differing: Sequence[Differing]
    where: Home
    seed: int


def built(size: Size, embedder: Embedder) -> Measured:
    """Write and index the corpus, or tell what that cost when it was done; embedding is apart."""
    kept = size.where.folder / BUILT
    if not kept.exists():
        size.where.folder.mkdir(parents=True, exist_ok=True)
        logger.info("making a corpus of %s chunks in %s", size.name, size.where.folder)
        resampling.write(size.drawn, size.source, size.where.corpus, size.seed)
        resampling.write_differing(size.drawn, size.differing, size.where.corpus)
        measured = _build(size, embedder)
        kept.write_text(json.dumps([measured.scores, measured.shown]), "utf-8")
    scores, shown = json.loads(kept.read_text("utf-8"))
    return Measured(scores, shown)


def _build(size: Size, embedder: Embedder) -> Measured:
    noisy = NoisyEmbedder(embedder, real_texts(size.drawn), size.seed)
    timed, where = TimedEmbedder(noisy), size.where
    busy = machine.load()
    with Assistant(where.settings, timed) as assistant, peak() as highest:
        spent = seconds(lambda: assistant.refresh(force=True, progress=_report))
        version = assistant.live().version
        unchanged = seconds(assistant.refresh)
    database = where.indexes.glob("rag.db*")
    return Measured(
        {
            "build s": spent - timed.seconds,
            "build peak MB": highest[0],
            "index MB": megabytes([where.indexes / version.id]),
            "database MB": megabytes(database),
            "refresh unchanged s": unchanged,
        },
        {
            "chunks": version.chunks,
            "guidelines": version.guidelines,
            "embedding s": timed.seconds,
            "load average": busy,
        },
    )


def real_texts(drawn: Sequence[Drawn]) -> dict[str, list[str]]:
    """By title, the texts of the source that the model itself embeds."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for one in drawn:
        if one.round == 0:
            texts[one.source.guideline.title] += [c.indexed_text for c in one.source.chunks]
    return dict(texts)


@contextmanager
def peak() -> Iterator[list[float]]:
    """The highest memory of this process, in MB, once the block is left."""
    highest: list[float] = []
    machine.forget_peak()
    yield highest
    highest.append(machine.memory().peak_mb)


def _report(step: str, done: int, total: int) -> None:
    if done % TOLD_EVERY == 0:
        logger.info("%s%s", step, f" {done} of {total}" if total > 1 else "")
