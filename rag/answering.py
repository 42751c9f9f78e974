"""A draft and the passages it cites to checked, numbered statements; pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.citing import number, quote, references
from rag.generation import Cite, Draft, DraftSection, DraftStatement
from rag.grounding import Evidence, Gate
from rag.sentences import plain, statements
from rag.types import (
    ChunkId,
    Citation,
    DifferingPoint,
    Disagreement,
    Passage,
    Reference,
    Section,
    Side,
    Statement,
    Support,
)

Passages = Mapping[ChunkId, Passage]
Test = Callable[[DraftStatement], bool]


@dataclass(frozen=True, slots=True)
class Written:
    """What the reader is shown; every statement has a citation that carries it."""

    headline: Statement | None
    sections: tuple[Section, ...]
    disagreements: tuple[Disagreement, ...]
    references: tuple[Reference, ...]


def write(
    draft: Draft,
    points: Sequence[DifferingPoint],
    passages: Passages,
    taken: Mapping[int, ChunkId],
    gate: Gate,
) -> Written:
    """Keep what the gate lets through, and number it in reading order.

    `passages` holds every chunk that the draft and the points cite; `taken` are the numbers that
    the conversation has given already. A dropped headline gives way to the first statement kept.
    """
    sides = DraftSides(points, passages)
    kept = promoted(checked(sides.removed_from(draft), passages, gate))
    numbers = number(taken, (c.chunk_id for s in (*said(kept), *sides.all()) for c in s.cites))

    def stated(drafts: Sequence[DraftStatement]) -> tuple[Statement, ...]:
        return tuple(_stated(draft, passages, numbers) for draft in drafts)

    headline = stated([kept.headline])[0] if kept.headline else None
    sections = tuple(
        Section(heading=s.heading, ordered=s.ordered, statements=stated(s.statements))
        for s in kept.sections
    )
    disagreements = tuple(
        Disagreement(point=point, statements=stated(each)) for point, each in sides.by_point
    )
    shown = stated([*said(kept), *sides.all()])
    return Written(headline, sections, disagreements, references(shown, passages))


class DraftSides:
    """The points that guidelines differ on, each side in the words of its guideline."""

    def __init__(self, points: Sequence[DifferingPoint], passages: Passages) -> None:
        self.by_point = [(p.point, [_side(side, passages) for side in p.sides]) for p in points]

    def all(self) -> Iterator[DraftStatement]:
        """Every side of every point."""
        return (statement for _, each in self.by_point for statement in each)

    def removed_from(self, draft: Draft) -> Draft:
        """The draft less what is shown side by side anyway; the headline stays."""
        told = {statement.text for statement in self.all()}
        return replace(draft, sections=_only(draft.sections, lambda s: s.text not in told))


def checked(draft: Draft, passages: Passages, gate: Gate) -> Draft:
    """The statements that the words they cite carry; the others are dropped."""

    def carried(statement: DraftStatement) -> bool:
        evidence = [_evidence(cite, passages[cite.chunk_id]) for cite in statement.cites]
        return gate.check(statement.text, evidence).support is Support.SUPPORTED

    headline = draft.headline if draft.headline and carried(draft.headline) else None
    return Draft(headline, _only(draft.sections, carried))


def promoted(draft: Draft) -> Draft:
    """A draft that lost its headline leads with its first statement instead."""
    if draft.headline or not draft.sections:
        return draft
    first = draft.sections[0].statements[0]
    return Draft(first, _only(draft.sections, lambda statement: statement is not first))


def said(draft: Draft) -> Iterator[DraftStatement]:
    """Every statement of a draft in reading order."""
    if draft.headline:
        yield draft.headline
    for section in draft.sections:
        yield from section.statements


def _only(sections: Sequence[DraftSection], test: Test) -> tuple[DraftSection, ...]:
    """The sections with the statements that pass; those left empty are gone."""
    kept = (replace(s, statements=tuple(filter(test, s.statements))) for s in sections)
    return tuple(section for section in kept if section.statements)


def _evidence(cite: Cite, passage: Passage) -> Evidence:
    chunk = passage.chunk
    return Evidence(chunk.text[cite.start : cite.end], chunk.context, chunk.grade)


def _side(side: Side, passages: Passages) -> DraftStatement:
    text = passages[side.chunk_id].chunk.text
    grade = next((s.grade for s in statements(text) if s.start <= side.start < s.end), None)
    cite = Cite(side.chunk_id, side.start, side.end)
    return DraftStatement(plain(text[side.start : side.end]), (cite,), grade)


def _stated(draft: DraftStatement, passages: Passages, numbers: Mapping[ChunkId, int]) -> Statement:
    return Statement(
        text=draft.text,
        citations=tuple(_citation(c, passages[c.chunk_id], numbers) for c in draft.cites),
        support=Support.SUPPORTED,
        grade=draft.grade,
    )


def _citation(cite: Cite, passage: Passage, numbers: Mapping[ChunkId, int]) -> Citation:
    at = passage.chunk.start
    return Citation(
        number=numbers[cite.chunk_id],
        chunk_id=cite.chunk_id,
        guideline_id=passage.guideline.id,
        guideline_digest=passage.guideline.digest,
        quote=quote(passage.guideline.body, at + cite.start, at + cite.end),
    )
