"""What a refresh costs: from nothing, of nothing new, and of one changed paragraph."""

import re
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from eval.speed.embedders import TimedEmbedder
from eval.speed.homes import Home, home
from eval.speed.measured import Measured, NotMeasured
from rag.assistant import Assistant
from rag.chunking import chunk
from rag.corpus import Corpus, load
from rag.embedding import Embedder
from rag.settings import Settings
from rag.types import Guideline

UNCHANGED = 5
EDITS = 3
LONGEST = 50
"""Words of a paragraph to change: a longer one might be cut otherwise."""

PLAIN = re.compile(r"\b[a-z]{4,}\b")


def costs(corpus: Path, folder: Path, settings: Settings, embedder: Embedder) -> Measured:
    """Refresh a copy of a corpus in a folder of its own, which is removed in the end."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        shutil.copytree(corpus, folder / "corpus")
        timed, where = TimedEmbedder(embedder), home(folder, settings)
        timed.embed_query("ready")
        with Assistant(where.settings, timed) as assistant:
            first = seconds(lambda: assistant.refresh(force=True))
            scores = first_refresh(assistant.live().version.chunks, first, timed)
            unchanged = [seconds(assistant.refresh) for _ in range(UNCHANGED)]
            edits = list(_edits(assistant, where))
        return Measured(
            {
                **scores,
                "refresh unchanged s": statistics.median(unchanged),
                "refresh one paragraph s": statistics.median(spent for spent, _ in edits),
                "refresh one paragraph embeddings": float(max(count for _, count in edits)),
            },
            {"unchanged s": unchanged, "edits (s, embeddings)": edits},
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def first_refresh(chunks: int, spent: float, timed: TimedEmbedder) -> dict[str, float]:
    """The throughput of a refresh from nothing, that of embedding apart."""
    return {
        "refresh first s": spent,
        "refresh chunks per s": chunks / max(spent - timed.seconds, 1e-9),
        "embedding texts per s": timed.passages / max(timed.seconds, 1e-9),
    }


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def edited(text: str, paragraph: str, edit: int) -> str | None:
    """A file's text with one word more in a paragraph; None when it is not there exactly once."""
    changed = PLAIN.sub(lambda word: f"{word[0]} edit{edit}", paragraph, count=1)
    if text.count(paragraph) != 1 or changed == paragraph:
        return None
    return text.replace(paragraph, changed)


def editable(corpus: Corpus, folder: Path) -> tuple[Guideline, str]:
    """A guideline and a paragraph of it that a word can be added to.

    None that is quoted in a known disagreement. Raises NotMeasured when there is none.
    """
    quoted = {side.guideline for point in corpus.differing for side in point.sides}
    for guideline in (g for g in corpus.guidelines if g.id not in quoted):
        text = (folder / guideline.path).read_text("utf-8")
        for c in chunk(guideline):
            if len(c.text.split()) <= LONGEST and edited(text, c.text, 0):
                return guideline, c.text
    raise NotMeasured("no paragraph of the corpus can be changed by a word")


def _edits(assistant: Assistant, where: Home) -> Iterator[tuple[float, int]]:
    """Change a paragraph and refresh, some times: the seconds and the chunks embedded."""
    guideline, paragraph = editable(load(where.corpus), where.corpus)
    path = where.corpus / guideline.path
    original = path.read_text("utf-8")
    for edit in range(EDITS):
        path.write_text(edited(original, paragraph, edit) or original, "utf-8")
        done = assistant.refresh()
        yield done.seconds, done.plan.to_embed
