"""Drafted statements to an answer: gated, numbered, quoted and arranged; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag.citing import quote, references
from rag.generation import Cite, DraftStatement, Faulty
from rag.grounding import Evidence, Gate, Verdict
from rag.sentences import plain, statements
from rag.types import (
    ChunkId,
    Citation,
    DifferingPoint,
    Disagreement,
    Fate,
    Passage,
    Reference,
    Removed,
    Section,
    Side,
    Statement,
    Support,
)

Passages = Mapping[ChunkId, Passage]


@dataclass(frozen=True, slots=True)
class Written:
    """What the reader is shown; every statement has a citation that carries it."""

    headline: Statement | None = None
    sections: tuple[Section, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    references: tuple[Reference, ...] = ()
    removed: tuple[Removed, ...] = ()
    undecided: bool = False
    """Whether guidelines differ on the very point, so that no headline can be given."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement in reading order: headline, sections, disagreements."""
        return (
            *((self.headline,) if self.headline else ()),
            *(statement for section in self.sections for statement in section.statements),
            *(statement for point in self.disagreements for statement in point.statements),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to say."""
        return self.headline is None and not self.disagreements


@dataclass(slots=True)
class Place:
    """Where a statement stands; one that was refused may be filled by another."""

    drafted: DraftStatement
    statement: Statement | None
    verdict: Verdict


class Composition:
    """An answer as it comes about: what the gate lets through, numbered as it is first cited."""

    def __init__(
        self,
        passages: Passages,
        taken: Mapping[int, ChunkId],
        gate: Gate,
        points: Sequence[DifferingPoint] = (),
    ) -> None:
        """`passages` holds every chunk that may be cited, `taken` the numbers given before."""
        self._passages = passages
        self._numbers = {chunk_id: n for n, chunk_id in taken.items()}
        self._gate = gate
        self._points = [(p.point, [_side(side, passages) for side in p.sides]) for p in points]
        self._told = {side.text for _, sides in self._points for side in sides}
        self._places: list[Place] = []
        self._removed: list[Removed] = []
        self._undecided = False

    def offer(self, drafted: DraftStatement) -> Statement | None:
        """The statement as it is shown, or None if it is refused or shown anyway.

        A step is shown again where the headline has said it: a list of steps stays whole.
        """
        if drafted.text in self._told:
            self._undecided |= drafted.heading is None
            return None
        same = [p.drafted for p in self._places if p.drafted.text == drafted.text]
        if any(not drafted.ordered or before.heading for before in same):
            return None
        place = self._placed(drafted)
        self._places.append(place)
        return place.statement

    @property
    def stands(self) -> bool:
        """Whether anything that was offered is shown, be it as a side of a disagreement."""
        return self._undecided or any(place.statement for place in self._places)

    def faulty(self) -> list[Faulty]:
        """What was refused and not filled yet, in reading order."""
        return [Faulty(p.drafted, p.verdict.reasons) for p in self._refused()]

    def settle(self, replacements: Sequence[DraftStatement | None], fate: Fate) -> None:
        """Fill what was refused, in the order of `faulty`, with what passes in its place.

        What is shown anyway fills no second place.
        """
        for place, instead in zip(self._refused(), replacements, strict=True):
            if instead is None or self._is_shown(instead.text):
                continue
            offered = replace(instead, heading=place.drafted.heading, ordered=place.drafted.ordered)
            filled = self._placed(offered)
            if filled.statement is not None:
                self._remove(place, fate)
                place.drafted, place.statement = offered, filled.statement

    def nearest(self, faulty: Faulty) -> DraftStatement | None:
        """The sentence of the cited passages, or of all, that is nearest to what was refused."""
        cites = faulty.statement.cites or tuple(
            Cite(i, 0, len(p.chunk.text)) for i, p in self._passages.items()
        )
        found = self._gate.nearest(faulty.statement.text, [self._evidence(c) for c in cites])
        if found is None:
            return None
        cite = cites[found.source]
        words = Cite(cite.chunk_id, cite.start + found.start, cite.start + found.end)
        return DraftStatement(found.text, (words,), found.grade)

    def written(self) -> Written:
        """The whole, in reading order; a headline that is gone gives way to the next statement."""
        for place in self._refused():
            self._remove(place, Fate.DROPPED)
        kept = [(p.drafted, p.statement) for p in self._places if p.statement]
        headline = next((s for d, s in kept if d.heading is None), None)
        if headline is None and kept and not self._undecided:
            headline = kept[0][1]
        rest = [(d, s) for d, s in kept if s is not headline and d.heading is not None]
        disagreements = tuple(
            Disagreement(point=point, statements=tuple(map(self._stated, sides)))
            for point, sides in self._points
        )
        shown = [s for _, s in kept] + [s for d in disagreements for s in d.statements]
        return Written(
            headline,
            _sections(rest),
            disagreements,
            references(shown, self._passages),
            tuple(self._removed),
            undecided=self._undecided,
        )

    def _is_shown(self, text: str) -> bool:
        shown = (place.drafted.text for place in self._places if place.statement)
        return text in self._told or text in shown

    def _refused(self) -> list[Place]:
        return [place for place in self._places if place.statement is None]

    def _remove(self, place: Place, fate: Fate) -> None:
        verdict = place.verdict
        self._removed.append(
            Removed(
                text=place.drafted.text,
                support=verdict.support,
                reasons=verdict.reasons,
                fate=fate,
            )
        )

    def _placed(self, drafted: DraftStatement) -> Place:
        cites = drafted.cites or self._attributed(drafted.text)
        verdict = self._gate.check(drafted.text, [self._evidence(cite) for cite in cites])
        if verdict.support is not Support.SUPPORTED:
            return Place(drafted, None, verdict)
        narrowed = tuple(
            Cite(cites[i].chunk_id, cites[i].start + start, cites[i].start + end)
            for i, start, end in verdict.quoted
        )
        grade = drafted.grade or verdict.grade
        narrow = replace(drafted, cites=narrowed, grade=grade)
        return Place(narrow, self._stated(narrow), verdict)

    def _attributed(self, text: str) -> tuple[Cite, ...]:
        """The first passage that carries a statement which names none."""
        for chunk_id, passage in self._passages.items():
            cite = Cite(chunk_id, 0, len(passage.chunk.text))
            if self._gate.check(text, [self._evidence(cite)]).support is Support.SUPPORTED:
                return (cite,)
        return ()

    def _evidence(self, cite: Cite) -> Evidence:
        passage = self._passages[cite.chunk_id]
        chunk, context = passage.chunk, f"{passage.guideline.issuer}\n{passage.chunk.context}"
        return Evidence(chunk.text[cite.start : cite.end], context, chunk.grade)

    def _stated(self, drafted: DraftStatement) -> Statement:
        return Statement(
            text=drafted.text,
            citations=tuple(map(self._citation, drafted.cites)),
            support=Support.SUPPORTED,
            grade=drafted.grade,
            verbatim=drafted.verbatim,
        )

    def _citation(self, cite: Cite) -> Citation:
        passage = self._passages[cite.chunk_id]
        number = self._numbers.setdefault(cite.chunk_id, len(self._numbers) + 1)
        at = passage.chunk.start
        return Citation(
            number=number,
            chunk_id=cite.chunk_id,
            guideline_id=passage.guideline.id,
            guideline_digest=passage.guideline.digest,
            quote=quote(passage.guideline.body, at + cite.start, at + cite.end),
        )


def _sections(kept: Iterable[tuple[DraftStatement, Statement]]) -> tuple[Section, ...]:
    def heading(pair: tuple[DraftStatement, Statement]) -> tuple[str, bool]:
        return pair[0].heading or "", pair[0].ordered

    return tuple(
        Section(heading=name, ordered=ordered, statements=tuple(s for _, s in pairs))
        for (name, ordered), pairs in groupby(kept, heading)
    )


def _side(side: Side, passages: Passages) -> DraftStatement:
    text = passages[side.chunk_id].chunk.text
    grade = next((s.grade for s in statements(text) if s.start <= side.start < s.end), None)
    cite = Cite(side.chunk_id, side.start, side.end)
    return DraftStatement(plain(text[side.start : side.end]), (cite,), grade)
