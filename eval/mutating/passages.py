"""The statements of a corpus where they stand, and what an answer that says them would cite."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from eval.mutating.drawing import Place, uniform
from eval.mutating.nearness import Nearness
from rag.chunking import chunk
from rag.sentences import plain, statements
from rag.types import Chunk, Grade, Guideline, GuidelineId

SELF = re.compile(r"\bis educational\b")
"""In the statement that says what a summary is, which no answer takes up."""

WEAK = re.compile(
    r"conditional|weak|option|consider|may be|class (?:2|ii)|^2|practice point|not graded|"
    r"^grade c|i statement|gor [cd]|^[ce]$|level [cu]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Passages:
    """Every chunk of the corpus by guideline, and what is near what."""

    chunks: Mapping[GuidelineId, Sequence[Chunk]]
    near: Mapping[GuidelineId, Nearness]
    places: Sequence[Place]

    @classmethod
    def of(cls, guidelines: Iterable[Guideline]) -> Self:
        """Cut the guidelines as the service does; rows of tables are left out of the places."""
        chunks = {guideline.id: chunk(guideline) for guideline in guidelines}
        near = {name: Nearness(of_one) for name, of_one in chunks.items()}
        places = [place for of_one in chunks.values() for each in of_one for place in said(each)]
        return cls(chunks, near, places)

    def holding(self, guideline: GuidelineId, quote: str) -> Chunk | None:
        """The chunk that a quote is a statement of."""
        found = (
            place.chunk
            for place in self.places
            if place.chunk.guideline_id == guideline and place.text == plain(quote)
        )
        return next(found, None)

    def cited(self, text: str, chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
        """The chunks, and for every second text the nearest other one of the guideline."""
        first = chunks[0]
        if uniform("second", first.guideline_id, text) > 1 / 2:
            return tuple(chunks)
        return (*chunks, *self.near[first.guideline_id].nearest(text, but=chunks)[:1])


def said(of: Chunk) -> list[Place]:
    """The statements of a chunk that an answer may take up."""
    return [
        Place(of, plain(of.text[s.start : s.end]), is_weak(s.grade))
        for s in statements(of.text)
        if not s.table and not SELF.search(of.text[s.start : s.end])
    ]


def is_weak(grade: Grade | None) -> bool:
    """Whether a grade is of what may be done."""
    return grade is not None and bool(WEAK.search(grade.text))
