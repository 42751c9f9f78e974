"""What a refresh would change: set arithmetic over content addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.corpus import DISAGREEMENTS, GLOSSARY, Differing
from rag.database import Database
from rag.types import (
    Chunk,
    ChunkId,
    DifferingPoint,
    Guideline,
    Moves,
    Plan,
    Side,
    Term,
    Version,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the next version would hold; `embedded` gives each chunk the hash of its text."""

    corpus_digest: str
    fingerprint: str
    guidelines: Sequence[Guideline]
    chunks: Sequence[Chunk]
    embedded: Mapping[ChunkId, str]
    differing: Sequence[Differing]
    glossary: Sequence[Term]

    def located(self) -> list[DifferingPoint]:
        """The points that guidelines differ on, each side with the chunk that says it."""
        return [
            DifferingPoint(
                point=d.point, sides=tuple(self._side(s.guideline, s.quote) for s in d.sides)
            )
            for d in self.differing
        ]

    def _side(self, guideline_id: str, quote: str) -> Side:
        for c in self.chunks:
            if c.guideline_id == guideline_id and (at := c.text.find(quote)) >= 0:
                return Side(guideline_id=guideline_id, chunk_id=c.id, start=at, end=at + len(quote))
        raise LookupError(quote)


def changes(
    draft: Draft, base: Version | None, database: Database, to_embed: int, rebuild: str | None
) -> Plan:
    """The plan that leads from version `base` to the draft."""
    guidelines = _guideline_moves(database.guidelines(base.id) if base else [], draft.guidelines)
    chunks = _chunk_moves(database.chunks(base.id) if base else [], draft.chunks)
    planned = Plan(
        guidelines=guidelines,
        chunks=chunks,
        to_embed=to_embed,
        to_reuse=len(set(draft.embedded.values())) - to_embed,
        answers_affected=tuple(database.answers_citing(chunks.removed)),
        rebuild=rebuild,
        base=base.id if base else None,
    )
    if base and planned.is_empty and base.corpus_digest != draft.corpus_digest:
        reason = f"{DISAGREEMENTS} or {GLOSSARY} has changed"
        return planned.model_copy(update={"rebuild": reason})
    return planned


def _guideline_moves(old: Sequence[Guideline], new: Sequence[Guideline]) -> Moves:
    """A guideline has moved when the same text stands under another path or id."""
    before, after = {g.id: g for g in old}, {g.id: g for g in new}
    gone = {before[i].digest: i for i in before.keys() - after.keys()}
    came = {i: gone.get(after[i].digest) for i in after.keys() - before.keys()}
    kept = before.keys() & after.keys()
    renamed = {i for i in came if came[i] is not None}
    relocated = {i for i in kept if before[i].path != after[i].path}
    changed = {i for i in kept if before[i].digest != after[i].digest}
    return Moves(
        added=tuple(sorted(came.keys() - renamed)),
        changed=tuple(sorted(changed)),
        moved=tuple(sorted(renamed | (relocated - changed))),
        removed=tuple(sorted(before.keys() - after.keys() - {came[i] for i in renamed})),
        unchanged=len(kept - changed - relocated),
    )


def _chunk_moves(old: Sequence[Chunk], new: Sequence[Chunk]) -> Moves:
    """Chunks never change: other text is another chunk. One that stands elsewhere has moved."""
    before, after = {c.id: c for c in old}, {c.id: c for c in new}
    kept = before.keys() & after.keys()
    moved = {i for i in kept if before[i].start != after[i].start}
    reworded = {i for i in kept - moved if before[i].context != after[i].context}
    return Moves(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(reworded)),
        moved=tuple(sorted(moved)),
        removed=tuple(sorted(before.keys() - after.keys())),
        unchanged=len(kept - moved - reworded),
    )
