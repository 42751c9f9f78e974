"""The corpus to a new index version: plan, embed what is new, build aside, verify, swap.

Killed at any step, the old version serves and the next refresh completes: vectors are kept as
they are made, a version is stored in one transaction, its files are built in a folder of another
name, and one rename of the pointer lets it serve.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from rag.chunking import DEFAULT, chunk
from rag.corpus import Corpus, load
from rag.database import Database
from rag.embedding import Embedder
from rag.errors import Conflict, IndexDamaged, NotFound
from rag.index import IndexedChunk, build_index, files
from rag.planning import Draft, changes
from rag.sentences import said
from rag.settings import Settings
from rag.types import Plan, Refreshed, Version, VersionId
from rag.verifying import verify

BATCH = 64
"""Chunks embedded between two commits: what a kill can cost."""

READ = 1000
"""Vectors read from the database at a time."""

LARGEST_LOSS = 1 / 3
"""A refresh that removes a larger share of the guidelines must be forced."""

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total) as work advances."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a refresh reads from and writes to."""

    settings: Settings
    database: Database
    embedder: Embedder

    @property
    def indexes(self) -> Path:
        """The folder of the versions."""
        return self.settings.indexes


def plan(stores: Stores, rebuild: bool = False) -> Plan:
    """What `refresh` would do now; writes nothing. Raises CorpusError."""
    return _plan(stores, _draft(stores), rebuild)


def refresh(stores: Stores, force: bool, rebuild: bool, progress: Progress) -> Refreshed:
    """Bring the index to what the corpus says; an unchanged corpus makes no new version.

    Raises CorpusError, Conflict (another refresh runs, or too much would go), BackendUnavailable.
    """
    started = time.perf_counter()
    with _alone(stores.indexes):
        progress("reading", 0, 1)
        draft = _draft(stores)
        planned = _plan(stores, draft, rebuild)
        if planned.is_empty and planned.base:
            return Refreshed(
                plan=planned,
                version=planned.base,
                new_version=False,
                seconds=time.perf_counter() - started,
            )
        _refuse_loss(stores, planned, draft, force)
        version = _make(stores, draft, progress)
        return Refreshed(
            plan=planned,
            version=version.id,
            new_version=True,
            seconds=time.perf_counter() - started,
        )


def rollback(stores: Stores, version: VersionId | None) -> Version:
    """Let an earlier version serve: the one named, or the newest before the current.

    Raises NotFound, IndexDamaged (its files are not what they were), Conflict.
    """
    with _alone(stores.indexes):
        current = files.current(stores.indexes)
        wanted = (
            v
            for v in stores.database.versions()
            if (v.id == version if version else current is None or v.id < current)
        )
        chosen = next(wanted, None)
        if chosen is None:
            raise NotFound("there is no such version to go back to: `rag versions` lists them")
        if problems := files.check(stores.indexes / chosen.id):
            raise IndexDamaged(f"{problems[0]}: choose another version, or run `rag refresh`")
        files.point_to(stores.indexes, chosen.id)
        return chosen.model_copy(update={"current": True})


def _make(stores: Stores, draft: Draft, progress: Progress) -> Version:
    _embed(stores, draft, progress)
    progress("storing", 0, 1)
    version = _version(stores, draft)
    stores.database.add_version(version, draft.guidelines, draft.chunks, draft.embedded)
    progress("building", 0, 1)
    _build(stores, draft, version)
    progress("verifying", 0, 1)
    if problems := verify(stores.settings, stores.database, version.id).problems:
        raise IndexDamaged("the new version does not verify: " + "; ".join(problems))
    progress("swapping", 0, 1)
    files.point_to(stores.indexes, version.id)
    progress("tidying", 0, 1)
    _tidy(stores, version.id)
    return version


@contextmanager
def _alone(indexes: Path) -> Iterator[None]:
    indexes.mkdir(parents=True, exist_ok=True)
    lock = FileLock(indexes / "refresh.lock", timeout=0)
    try:
        with lock:
            yield
    except Timeout as error:
        raise Conflict("another refresh is under way: wait for it to end") from error


def _draft(stores: Stores) -> Draft:
    corpus: Corpus = load(stores.settings.corpus)
    chunks = tuple(c for guideline in corpus.guidelines for c in chunk(guideline))
    return Draft(
        corpus_digest=corpus.digest,
        fingerprint=f"{stores.embedder.fingerprint}/{DEFAULT.digest}/{files.FORMAT}",
        guidelines=corpus.guidelines,
        chunks=chunks,
        embedded={c.id: hashlib.sha256(c.indexed_text.encode()).hexdigest() for c in chunks},
        differing=corpus.differing,
        glossary=corpus.glossary,
    )


def _plan(stores: Stores, draft: Draft, rebuild: bool) -> Plan:
    current = files.current(stores.indexes)
    base = next((v for v in stores.database.versions() if v.id == current), None)
    missing = stores.database.missing_vectors(draft.fingerprint, set(draft.embedded.values()))
    reason = "asked for" if rebuild else _why_rebuild(stores, draft, base)
    return changes(draft, base, stores.database, to_embed=len(missing), rebuild=reason)


def _why_rebuild(stores: Stores, draft: Draft, base: Version | None) -> str | None:
    if base is None:
        return "there is no index yet"
    if base.fingerprint != draft.fingerprint:
        return "the embedder or the rules of chunking or indexing have changed"
    if problems := files.check(stores.indexes / base.id):
        return f"version {base.id} is damaged: {problems[0]}"
    return None


def _refuse_loss(stores: Stores, planned: Plan, draft: Draft, force: bool) -> None:
    if planned.base is None or force:
        return
    before = len(stores.database.guidelines(planned.base))
    lost = len(planned.guidelines.removed)
    if lost > LARGEST_LOSS * before:
        raise Conflict(
            f"this would remove {lost} of {before} guidelines: is {stores.settings.corpus} whole? "
            "If it is, refresh with --force"
        )


def _embed(stores: Stores, draft: Draft, progress: Progress) -> None:
    texts = {draft.embedded[c.id]: [c.indexed_text, *said(c.text)] for c in draft.chunks}
    missing = stores.database.missing_vectors(draft.fingerprint, set(texts))
    missing.sort(key=lambda digest: (len(texts[digest][0]), digest))
    for first in range(0, len(missing), BATCH):
        progress("embedding", first, len(missing))
        batch = missing[first : first + BATCH]
        ends = list(accumulate(len(texts[digest]) for digest in batch))
        made = stores.embedder.embed_passages([t for digest in batch for t in texts[digest]])
        vectors = np.split(made, ends[:-1])
        stores.database.add_vectors(draft.fingerprint, dict(zip(batch, vectors, strict=True)))
    progress("embedding", len(missing), len(missing))


def _version(stores: Stores, draft: Draft) -> Version:
    taken = [int(version.id.split("-")[0]) for version in stores.database.versions()]
    return Version(
        id=f"{max(taken, default=0) + 1:06d}-{draft.corpus_digest[:8]}",
        created=datetime.now(UTC),
        fingerprint=draft.fingerprint,
        corpus_digest=draft.corpus_digest,
        guidelines=len(draft.guidelines),
        chunks=len(draft.chunks),
    )


def _build(stores: Stores, draft: Draft, version: Version) -> None:
    folder = files.building(stores.indexes, version.id)
    build_index(stores.settings.index, folder, _indexed(stores, draft), stores.embedder.dim)
    files.seal(
        folder,
        {
            "version": version.id,
            "fingerprint": version.fingerprint,
            "corpus_digest": version.corpus_digest,
            "chunks": version.chunks,
            "guidelines": version.guidelines,
            "differing": [point.model_dump(mode="json") for point in draft.located()],
            "glossary": [term.model_dump(mode="json") for term in draft.glossary],
        },
    )
    files.adopt(folder, version.id)


def _indexed(stores: Stores, draft: Draft) -> Iterator[IndexedChunk]:
    for first in range(0, len(draft.chunks), READ):
        batch = draft.chunks[first : first + READ]
        digests = [draft.embedded[c.id] for c in batch]
        kept = stores.database.vectors(draft.fingerprint, set(digests))
        for c, digest in zip(batch, digests, strict=True):
            vectors = kept[digest].reshape(-1, stores.embedder.dim)
            yield IndexedChunk(c.id, c.guideline_id, c.indexed_text, vectors[0], vectors[1:])


def _tidy(stores: Stores, current: VersionId) -> None:
    """Keep the newest versions that can be rolled back to; what no answer cites goes."""
    present = [v.id for v in stores.database.versions() if (stores.indexes / v.id).is_dir()]
    keep = {current, *present[: stores.settings.keep_versions]}
    for version in stores.database.versions():
        if version.id not in keep:
            stores.database.remove_version(version.id)
    files.sweep(stores.indexes, keep)
