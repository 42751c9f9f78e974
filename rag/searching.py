"""A query to the passages that an answer may rest on, and whether they suffice."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.citing import currency
from rag.database import Database
from rag.embedding import Embedder, Vectors
from rag.grounding.sufficiency import shortfall, sufficiency
from rag.retrieval import Scored, allowed_guidelines, coverage, retrieve
from rag.sentences import plain
from rag.serving import Live
from rag.types import (
    AbstentionReason,
    Chunk,
    ChunkId,
    DifferingPoint,
    Filter,
    Passage,
    Role,
    Scores,
    Statement,
)

ON_THE_POINT = 0.4
"""Cosine from which a question may be about a point that guidelines differ on."""

AS_NEAR = 0.85
"""It is, if one side's words are as near as this share of the nearest statement found."""

CITED = frozenset(Role) - {Role.PLAIN_LANGUAGE}
"""Plain language tells again what other sections say, and answers rest on those."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to; `reason` says why it does not suffice, if it does not.

    From a sufficiency of `enough` on there is an answer.
    """

    query: str
    passages: tuple[Passage, ...]
    vector: Vectors
    sufficiency: float
    enough: float
    reason: AbstentionReason | None


@dataclass(frozen=True, slots=True)
class _Query:
    """A query in the words it is searched by, as a vector with classes of drugs and without."""

    text: str
    widened: str
    searched: Vectors
    vector: Vectors


class Searcher:
    """Finds passages in a live version; safe to share by threads."""

    def __init__(self, database: Database, embedder: Embedder, top_k: int, enough: float) -> None:
        self._database = database
        self._embedder = embedder
        self._top_k = top_k
        self._enough = enough

    def find(self, query: str, wanted: Filter, live: Live) -> Found:
        """The passages to answer from; where they do not suffice, the nearest, and why not.

        Only superseded guidelines are said to suffice where no current passage would, even if
        another one than the first were the best.
        """
        asked = self._prepared(query, live)
        found = self._nearest(asked, wanted, self._top_k, live, CITED)
        if found.reason is None:
            return replace(found, passages=self._with_whole_steps(found.passages, live))
        if wanted.include_superseded or not live.superseded:
            return found
        everything = wanted.model_copy(update={"include_superseded": True})
        if self._nearest(asked, everything, self._top_k, live, CITED).reason is not None:
            return found
        best = max((_covered(query, p.chunk, live) for p in found.passages), default=0.0)
        if shortfall(best, _likeness(found.passages), self._enough) is None:
            return found
        return replace(found, reason=AbstentionReason.SUPERSEDED_ONLY)

    def nearest(
        self,
        query: str,
        wanted: Filter,
        k: int,
        live: Live,
        roles: Collection[Role] = frozenset(Role),
    ) -> Found:
        """The k best passages for a query, best first.

        Abbreviations are searched for by what they stand for, terms by their other names, everyday
        words by the terms they may mean, and drugs by their classes too. The vector that is handed
        on is that of the query without the classes.
        """
        return self._nearest(self._prepared(query, live), wanted, k, live, roles)

    def _prepared(self, query: str, live: Live) -> _Query:
        termed, widened = live.glossary.termed(query), live.glossary.widened(query)
        vector = self._embedder.embed_query(termed)
        searched = vector if widened == termed else self._embedder.embed_query(widened)
        return _Query(query, widened, searched, vector)

    def _nearest(
        self, query: _Query, wanted: Filter, k: int, live: Live, roles: Collection[Role]
    ) -> Found:
        allowed = allowed_guidelines(live.guidelines.values(), live.superseded, wanted)

        def fetch(ids: Sequence[ChunkId]) -> Sequence[Chunk]:
            return self._database.chunks(live.version.id, ids)

        scored = retrieve(live.index, fetch, query.widened, query.searched, allowed, k, roles)
        passages = tuple(_passages(scored, live))
        closest = _likeness(passages)
        covered = _covered(query.text, passages[0].chunk, live) if passages else 0.0
        enough = self._enough
        none = AbstentionReason.NOT_IN_CORPUS
        short = shortfall(covered, closest, enough) if passages else none
        fit = sufficiency(covered, closest)
        return Found(query.text, passages, query.vector, fit, enough, short)

    def differing(self, found: Found, wanted: Filter, live: Live) -> list[DifferingPoint]:
        """Known disagreements on what was asked, between guidelines that may be shown."""
        allowed = allowed_guidelines(live.guidelines.values(), live.superseded, wanted)
        open_points = [
            point
            for point in live.differing
            if allowed is None or all(side.guideline_id in allowed for side in point.sides)
        ]
        named = self._embedder.embed_passages([point.point for point in open_points])
        near = (named @ found.vector).tolist()
        likely = [p for p, close in zip(open_points, near, strict=True) if close >= ON_THE_POINT]
        closest = max((_closest(p, found.vector, live) for p in found.passages), default=0.0)
        return [p for p in likely if self._near(p, found.vector, live) >= AS_NEAR * closest]

    def _near(self, point: DifferingPoint, vector: Vectors, live: Live) -> float:
        """The cosine of the side of a point that is nearest."""
        ids = sorted({side.chunk_id for side in point.sides})
        texts = {c.id: c.text for c in self._database.chunks(live.version.id, ids)}
        sides = [plain(texts[side.chunk_id][side.start : side.end]) for side in point.sides]
        return float((self._embedder.embed_passages(sides) @ vector).max())

    def with_sides(
        self, found: Found, points: Sequence[DifferingPoint], live: Live
    ) -> dict[ChunkId, Passage]:
        """Every passage that may be cited: those found, and those that hold a side of a point."""
        ids = {side.chunk_id for point in points for side in point.sides}
        sides = self._database.chunks(live.version.id, sorted(ids))
        unscored = [Scored(chunk, Scores(fused=0.0)) for chunk in sides]
        return {p.chunk.id: p for p in (*found.passages, *_passages(unscored, live))} | {
            p.chunk.id: p for p in found.passages
        }

    def _with_whole_steps(self, passages: tuple[Passage, ...], live: Live) -> tuple[Passage, ...]:
        """The passages, and those that hold the other steps of a list of which one was found.

        A list of steps that ends in the middle can hurt more than none.
        """
        sections = dict.fromkeys(p.chunk.section for p in passages if p.chunk.role is Role.STEPS)
        known = {passage.chunk.id for passage in passages}
        others = [
            Scored(chunk, Scores(fused=0.0))
            for guideline_id in dict.fromkeys(guideline_id for guideline_id, _ in sections)
            for chunk in self._database.chunks_of(live.version.id, guideline_id)
            if chunk.section in sections and chunk.id not in known
        ]
        return (*passages, *_passages(others, live, first=len(passages) + 1))


def met(statement: Statement, found: Found, live: Live) -> float:
    """How far a question is met by what a statement cites, 0 to 1, as `sufficiency` is.

    The best passage may be another, and the nearest statement tells more of one passage than all
    of it. What was not found by the search is not measured.
    """
    cited = {citation.chunk_id for citation in statement.citations}
    return max(
        (
            sufficiency(_covered(found.query, p.chunk, live), _closest(p, found.vector, live))
            for p in found.passages
            if p.chunk.id in cited
        ),
        default=found.sufficiency,
    )


def _likeness(passages: Sequence[Passage]) -> float:
    """The cosine of the passage that is nearest."""
    return max((p.scores.dense or 0.0 for p in passages), default=0.0)


def _closest(passage: Passage, vector: Vectors, live: Live) -> float:
    """The cosine of the statement of a passage that is nearest."""
    said = (live.index.statements(passage.chunk.id) @ vector).tolist()
    return max(said, default=0.0)


def _covered(query: str, chunk: Chunk, live: Live) -> float:
    """How much of a query a chunk holds, by whichever name, brands and everyday words included."""
    text = f"{chunk.indexed_text} {live.glossary.spelled(chunk.indexed_text)}"
    wordings = {query, live.glossary.matched(query, chunk.indexed_text)}
    return max(coverage(_weights(wording, live), text) for wording in wordings)


def _weights(query: str, live: Live) -> dict[str, float]:
    """The idf of the words of a query; figures say nothing of a subject."""
    weights = live.index.idf(live.glossary.spelled(query))
    return {form: weight for form, weight in weights.items() if form.isalpha()}


def _passages(scored: Sequence[Scored], live: Live, first: int = 1) -> Iterator[Passage]:
    today = date.today()
    for rank, (chunk, scores) in enumerate(scored, start=first):
        guideline = live.guidelines[chunk.guideline_id]
        yield Passage(
            rank=rank,
            chunk=chunk,
            guideline=guideline,
            currency=currency(guideline, live.superseded, today),
            scores=scores,
        )
