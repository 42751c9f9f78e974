"""Guidelines, chunks, vectors and versions: what is embedded and what each version lists."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, delete, exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import Table
from sqlalchemy.sql.dml import Insert

from rag.database import tables as t
from rag.embedding import Vectors
from rag.errors import Conflict, NotFound
from rag.types import Chunk, ChunkId, Guideline, GuidelineId, Version, VersionId

RUN = 500
"""Values in one IN list; SQLite allows 999 parameters in older builds."""


def vectors(
    connection: Connection, fingerprint: str, digests: Collection[str]
) -> dict[str, Vectors]:
    """The vectors that are known of these texts, by digest."""
    rows = (
        row
        for run in runs(digests)
        for row in connection.execute(
            select(t.vectors.c.digest, t.vectors.c.vector).where(
                t.vectors.c.fingerprint == fingerprint, t.vectors.c.digest.in_(run)
            )
        )
    )
    return {digest: np.frombuffer(data, "<f4") for digest, data in rows}


def add_vectors(connection: Connection, fingerprint: str, made: Mapping[str, Vectors]) -> None:
    """Keep vectors; one that is known stays as it is."""
    rows = [
        {"fingerprint": fingerprint, "digest": digest, "vector": vector.astype("<f4").tobytes()}
        for digest, vector in made.items()
    ]
    if rows:
        connection.execute(insert_new(connection, t.vectors), rows)


def add_version(
    connection: Connection,
    version: Version,
    guidelines: Sequence[Guideline],
    chunks: Sequence[Chunk],
    embedded: Mapping[ChunkId, str],
) -> None:
    """Store a version with the guidelines and chunks it lists; raises Conflict on an id clash."""
    connection.execute(insert(t.versions), version.model_dump(exclude={"current", "present"}))
    digests = {guideline.id: guideline.digest for guideline in guidelines}
    execute_many(
        connection,
        insert_new(connection, t.guidelines),
        ({"id": g.id, "digest": g.digest, "content": g.model_dump_json()} for g in guidelines),
    )
    execute_many(
        connection,
        insert(t.version_guidelines),
        (
            {"version": version.id, "guideline_id": g.id, "digest": g.digest, "path": g.path}
            for g in guidelines
        ),
    )
    _refuse_clashes(connection, chunks)
    _keep_chunks(connection, chunks, digests)
    execute_many(
        connection,
        insert(t.placements),
        (
            {
                "version": version.id,
                "chunk_id": c.id,
                "position": position,
                "start": c.start,
                "end": c.end,
                "context": c.context,
                "embedded": embedded[c.id],
            }
            for position, c in enumerate(chunks)
        ),
    )


def versions(connection: Connection) -> list[Version]:
    """Every version, newest first."""
    rows = connection.execute(select(t.versions).order_by(t.versions.c.id.desc())).mappings()
    return [Version(**row) for row in rows]


def remove_version(connection: Connection, version: VersionId) -> None:
    """Forget a version; what no other version lists and no answer cites goes with it."""
    for table in (t.placements, t.version_guidelines):
        connection.execute(delete(table).where(table.c.version == version))
    connection.execute(delete(t.versions).where(t.versions.c.id == version))
    listed = exists().where(t.placements.c.chunk_id == t.chunks.c.id)
    cited = exists().where(t.citations.c.chunk_id == t.chunks.c.id)
    numbered = exists().where(t.numbers.c.chunk_id == t.chunks.c.id)
    connection.execute(delete(t.chunks).where(~listed, ~cited, ~numbered))
    same = t.guidelines.c
    in_version = exists().where(
        t.version_guidelines.c.guideline_id == same.id, t.version_guidelines.c.digest == same.digest
    )
    by_chunk = exists().where(
        t.chunks.c.guideline_id == same.id, t.chunks.c.guideline_digest == same.digest
    )
    by_answer = exists().where(
        t.citations.c.guideline_id == same.id, t.citations.c.guideline_digest == same.digest
    )
    connection.execute(delete(t.guidelines).where(~in_version, ~by_chunk, ~by_answer))
    used = exists().where(t.placements.c.embedded == t.vectors.c.digest)
    connection.execute(delete(t.vectors).where(~used))


def guidelines(connection: Connection, version: VersionId) -> list[Guideline]:
    """The guidelines of a version, by id."""
    listed, stored = t.version_guidelines, t.guidelines
    rows = connection.execute(
        select(listed.c.path, stored.c.content)
        .join(
            stored,
            (stored.c.id == listed.c.guideline_id) & (stored.c.digest == listed.c.digest),
        )
        .where(listed.c.version == version)
        .order_by(listed.c.guideline_id)
    )
    return [
        Guideline.model_validate_json(content).model_copy(update={"path": path})
        for path, content in rows
    ]


def chunks(
    connection: Connection, version: VersionId, ids: Sequence[ChunkId] | None = None
) -> list[Chunk]:
    """The chunks of a version in reading order, or those named in the order named."""
    query = _placed(version)
    if ids is None:
        return [_chunk(row) for row in connection.execute(query.order_by(t.placements.c.position))]
    found = {
        row.id: _chunk(row)
        for run in runs(ids)
        for row in connection.execute(query.where(t.chunks.c.id.in_(run)))
    }
    return [found[chunk_id] for chunk_id in ids]


def chunks_of(connection: Connection, version: VersionId, guideline_id: GuidelineId) -> list[Chunk]:
    """The chunks of one guideline of a version in reading order."""
    query = _placed(version).where(t.chunks.c.guideline_id == guideline_id)
    return [_chunk(row) for row in connection.execute(query.order_by(t.placements.c.position))]


def embedded(connection: Connection, version: VersionId) -> dict[ChunkId, str]:
    """For each chunk of a version the digest of the text its vector was made of."""
    placed = t.placements.c
    rows = connection.execute(
        select(placed.chunk_id, placed.embedded).where(placed.version == version)
    )
    return {row.chunk_id: row.embedded for row in rows}


def excerpt(connection: Connection, chunk_id: ChunkId) -> tuple[Chunk, Guideline]:
    """A chunk and its guideline as the newest version that held it had them; or NotFound."""
    stored = t.guidelines
    row = connection.execute(
        select(t.chunks.c.content, stored.c.content.label("guideline"))
        .join(
            stored,
            (stored.c.id == t.chunks.c.guideline_id)
            & (stored.c.digest == t.chunks.c.guideline_digest),
        )
        .where(t.chunks.c.id == chunk_id)
    ).first()
    if row is None:
        raise NotFound(f"there is no passage {chunk_id}")
    return Chunk.model_validate_json(row.content), Guideline.model_validate_json(row.guideline)


def revision(connection: Connection, guideline_id: GuidelineId, digest: str) -> Guideline:
    """A guideline as it was when an answer cited it; or NotFound."""
    stored = t.guidelines.c
    content = connection.execute(
        select(stored.content).where(stored.id == guideline_id, stored.digest == digest)
    ).scalar()
    if content is None:
        raise NotFound(f"there is no revision {digest[:12]} of {guideline_id}")
    return Guideline.model_validate_json(content)


def insert_new(connection: Connection, table: Table) -> Insert:
    """An insert that leaves rows that are there as they are."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(table).on_conflict_do_nothing()


def execute_many(
    connection: Connection, statement: Insert, rows: Iterable[dict[str, object]]
) -> None:
    """Execute an insert for all rows, which may be none."""
    if listed := list(rows):
        connection.execute(statement, listed)


def runs(values: Iterable[str]) -> Iterator[list[str]]:
    """The values in lists that fit into one IN."""
    listed = list(values)
    return (listed[first : first + RUN] for first in range(0, len(listed), RUN))


def _placed(version: VersionId) -> Select[Any]:
    placed = t.placements.c
    return (
        select(t.chunks.c.id, t.chunks.c.content, placed.start, placed.end, placed.context)
        .join(t.placements, placed.chunk_id == t.chunks.c.id)
        .where(placed.version == version)
    )


def _chunk(row: Row[Any]) -> Chunk:
    stored = Chunk.model_validate_json(row.content)
    place = {"start": row.start, "end": row.end, "context": row.context}
    return stored.model_copy(update=place)


def _refuse_clashes(connection: Connection, new: Sequence[Chunk]) -> None:
    """One id met with another text is an error, never an overwrite."""
    known = {c.id: c for c in new}
    c = t.chunks.c
    for run in runs(known):
        query = select(c.id, c.guideline_id, c.heading, c.text).where(c.id.in_(run))
        for row in connection.execute(query):
            chunk = known[row.id]
            if (row.guideline_id, row.heading, row.text) != _named(chunk):
                raise Conflict(
                    f"chunk id {row.id} names other words of {row.guideline_id} already: "
                    f"change a word of {chunk.guideline_id} at {chunk.start}"
                )


def _named(chunk: Chunk) -> tuple[str, str, str]:
    return chunk.guideline_id, "\n".join(chunk.heading), chunk.text


def _keep_chunks(
    connection: Connection, new: Sequence[Chunk], digests: Mapping[GuidelineId, str]
) -> None:
    """Add chunks, and note for all the newest guideline that holds them."""
    if not new:
        return
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(t.chunks)
    statement = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "content": statement.excluded.content,
            "guideline_digest": statement.excluded.guideline_digest,
        },
    )
    rows = []
    for c in new:
        guideline_id, heading, text = _named(c)
        rows.append(
            {
                "id": c.id,
                "guideline_id": guideline_id,
                "heading": heading,
                "text": text,
                "content": c.model_dump_json(),
                "guideline_digest": digests[c.guideline_id],
            }
        )
    connection.execute(statement, rows)
