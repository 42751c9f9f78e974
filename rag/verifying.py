"""Whether a version is what the database says it is, file by file and chunk by chunk."""

from collections.abc import Sequence

from rag.database import Database
from rag.errors import IndexDamaged, NotFound
from rag.index import SearchIndex, files, open_index
from rag.settings import Settings
from rag.types import Chunk, Guideline, Verified, VersionId

CANARIES = 20
"""Chunks that must find themselves, spread over the version."""

EXACT = 0.999
"""A chunk's own vector must score at least this."""


def verify(settings: Settings, database: Database, version: VersionId) -> Verified:
    """Compare files with their hashes, ids with the database, quotes with bodies, and search."""
    if version not in {known.id for known in database.versions()}:
        raise NotFound(f"there is no version {version}: `rag versions` lists them")
    folder = settings.indexes / version
    chunks, guidelines = database.chunks(version), database.guidelines(version)
    problems = [*files.check(folder), *database.check(), *_misquoted(chunks, guidelines)]
    canaries = chunks[:: max(1, len(chunks) // CANARIES)]
    if not problems:
        problems += _search_problems(settings, database, version, chunks, canaries)
    checks = {"guidelines": len(guidelines), "chunks": len(chunks), "canaries": len(canaries)}
    return Verified(version=version, checks=checks, problems=tuple(problems))


def _misquoted(chunks: Sequence[Chunk], guidelines: Sequence[Guideline]) -> list[str]:
    bodies = {guideline.id: guideline.body for guideline in guidelines}
    return [
        f"chunk {c.id} of {c.guideline_id} is not at {c.start}..{c.end} of its body"
        for c in chunks
        if bodies.get(c.guideline_id, "")[c.start : c.end] != c.text
    ]


def _search_problems(
    settings: Settings,
    database: Database,
    version: VersionId,
    chunks: Sequence[Chunk],
    canaries: Sequence[Chunk],
) -> list[str]:
    try:
        index = open_index(settings.index, settings.indexes / version)
    except IndexDamaged as error:
        return [str(error)]
    try:
        return [
            *_id_problems(index, chunks),
            *_canary_problems(index, database, version, canaries),
        ]
    finally:
        index.close()


def _id_problems(index: SearchIndex, chunks: Sequence[Chunk]) -> list[str]:
    stored, indexed = {c.id for c in chunks}, set(index.ids())
    return [
        *(f"chunk {i} is in the database but not in the index" for i in sorted(stored - indexed)),
        *(f"chunk {i} is in the index but not in the database" for i in sorted(indexed - stored)),
    ]


def _canary_problems(
    index: SearchIndex, database: Database, version: VersionId, canaries: Sequence[Chunk]
) -> list[str]:
    digests = database.embedded(version)
    fingerprint = database.version(version).fingerprint
    vectors = database.vectors(fingerprint, {digests[c.id] for c in canaries})
    problems = []
    for c in canaries:
        best = index.dense(vectors[digests[c.id]][: index.dim], 1)
        if not best or best[0].score < EXACT:
            problems.append(f"chunk {c.id} is not found by its own vector")
        if c.id not in {hit.chunk_id for hit in index.lexical(c.indexed_text, 10)}:
            problems.append(f"chunk {c.id} is not found by its own words")
    return problems
