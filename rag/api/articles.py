"""An answer as the article that a reader sees, and the notes behind its numbers; pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.api.passages import Block, Mark, blocks, placed
from rag.types import (
    Answer,
    ChunkId,
    Citation,
    Currency,
    Excerpt,
    Grade,
    Reference,
    Source,
    Statement,
    Support,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the id that leads to it on the page."""

    id: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what is said under it."""

    heading: str
    ordered: bool
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An answer with ids for its statements, in reading order."""

    answer: Answer
    headline: Said | None
    sections: tuple[Part, ...]
    disagreements: tuple[Part, ...]

    @property
    def said(self) -> tuple[Said, ...]:
        """Every statement in reading order."""
        parts = (*self.sections, *self.disagreements)
        headline = (self.headline,) if self.headline else ()
        return headline + tuple(said for part in parts for said in part.said)

    @property
    def verified(self) -> int:
        """How many statements their passages carry."""
        return sum(s.statement.support is Support.SUPPORTED for s in self.said)

    @property
    def reworded(self) -> bool:
        """Whether the words are not those that were checked but say the same for the audience."""
        return any(said.statement.wording for said in self.said)

    @property
    def numbers(self) -> dict[ChunkId, int]:
        """The numbers of the passages that are cited."""
        return {reference.chunk_id: reference.number for reference in self.answer.references}

    @property
    def used(self) -> int:
        """How many of the passages that were found are cited."""
        return sum(found.chunk_id in self.numbers for found in self.answer.candidates)

    @property
    def sources(self) -> dict[int, Source]:
        """What each number leads to."""
        return {reference.number: reference.source for reference in self.answer.references}


@dataclass(frozen=True, slots=True)
class Note:
    """An entry of the reference list, with its passage and who cites it."""

    reference: Reference
    cited_by: tuple[str, ...]
    blocks: tuple[Block, ...]
    quotes: tuple[Mark, ...]
    grade: Grade | None
    now: Currency
    first: int | None
    """The number under which the same source stands already."""

    @property
    def lapsed(self) -> bool:
        """Whether the source no longer is what it was when it was cited."""
        return self.now is not self.reference.currency


def article(answer: Answer) -> Article:
    """The article that an answer is; ids count its statements: `s2-1` is the first of turn 2."""
    ids = (f"s{answer.turn}-{n}" for n in range(1, len(answer.statements) + 1))

    def said(statements: Iterable[Statement]) -> tuple[Said, ...]:
        return tuple(Said(next(ids), statement) for statement in statements)

    return Article(
        answer=answer,
        headline=said([answer.headline])[0] if answer.headline else None,
        sections=tuple(Part(s.heading, s.ordered, said(s.statements)) for s in answer.sections),
        disagreements=tuple(Part(d.point, False, said(d.statements)) for d in answer.disagreements),
    )


def notes(articles: Sequence[Article], excerpt: Callable[[ChunkId], Excerpt]) -> list[Note]:
    """One note per number of these answers of a conversation, in the order of the numbers."""
    newest = {r.number: r for article in articles for r in article.answer.references}
    first: dict[str, int] = {}
    for n, reference in sorted(newest.items()):
        first.setdefault(reference.source.guideline_id, n)
    return [
        _note(
            reference,
            list(_citing(articles, n)),
            excerpt(reference.chunk_id),
            first[reference.source.guideline_id],
        )
        for n, reference in sorted(newest.items())
    ]


def _note(
    reference: Reference, citing: Sequence[tuple[str, Citation]], excerpt: Excerpt, first: int
) -> Note:
    places = [(said_id, placed(excerpt.chunk.text, c.quote)) for said_id, c in citing]
    marks = tuple(Mark(*place, by=said_id) for said_id, place in places if place)
    return Note(
        reference=reference,
        cited_by=tuple(dict.fromkeys(said_id for said_id, _ in citing)),
        blocks=tuple(blocks(excerpt.chunk.text, marks)),
        quotes=marks,
        grade=excerpt.chunk.grade,
        now=excerpt.currency,
        first=first if first != reference.number else None,
    )


def _citing(articles: Sequence[Article], number: int) -> Iterator[tuple[str, Citation]]:
    for article in articles:
        for said in article.said:
            for citation in said.statement.citations:
                if citation.number == number:
                    yield said.id, citation
