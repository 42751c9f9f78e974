"""Cases for the gate: statements changed in one way, and statements said in other words."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.mutating import Said
from eval.mutating.drawing import Drawn, Place, drawn
from eval.mutating.kinds import MUTATORS, SWAPPED
from eval.mutating.nearness import statements_of
from eval.mutating.passages import Passages
from eval.mutating.rewording.rules import reworded
from rag.index.tokens import tokens
from rag.types import Chunk, GuidelineId, Role

HAND, GENERATED = "hand", "generated"
CITED_FOR = frozenset((Role.RECOMMENDATIONS, Role.STEPS, Role.DOSING, Role.MONITORING))
"""What says a thing in full once; plain language and rationale say it again in other words."""


@dataclass(frozen=True, slots=True)
class Case:
    """A statement as it stands, as it is put to the gate, and the chunks it then cites."""

    kind: str
    how: str
    original: str
    text: str
    chunks: tuple[Chunk, ...]

    @property
    def guideline(self) -> GuidelineId:
        """The guideline that the statement is of."""
        return self.chunks[0].guideline_id

    @property
    def id(self) -> str:
        """The kind, and a hash that the same kind, guideline and text have in every run."""
        words = "\0".join((self.kind, self.guideline, self.text))
        return f"{self.kind}-{hashlib.blake2b(words.encode(), digest_size=6).hexdigest()}"

    @property
    def faithful(self) -> bool:
        """Whether the statement says what the chunks say."""
        return self.kind in (HAND, GENERATED)

    @property
    def split(self) -> str:
        """`dev`, on which thresholds are tuned, or `test`."""
        return "dev" if int(self.id[-12:], 16) % 2 else "test"


def mutated(passages: Passages, of_each_kind: int, seed: int) -> Iterator[Case]:
    """So many cases of every kind, as far as the corpus has them."""
    for kind in MUTATORS:
        items = list(_changes(kind, passages.places))
        for item in drawn(items, of_each_kind, f"{seed} {kind}", lambda i: _is_new(i, passages)):
            yield _case(kind, item, passages)
    yield from _swapped(passages, of_each_kind, seed)


def generated(
    passages: Passages, abbreviations: Mapping[GuidelineId, Mapping[str, str]], n: int, seed: int
) -> Iterator[Case]:
    """Statements of the corpus reworded by rule."""
    salt = f"{seed} {GENERATED}"
    found = (reworded(p, abbreviations[p.chunk.guideline_id], salt) for p in passages.places)
    items = [item for item in found if item and item.text != item.place.text]
    for item in drawn(items, n, salt, lambda _: True):
        yield _case(GENERATED, item, passages)


def _case(kind: str, item: Drawn, passages: Passages) -> Case:
    chunks = passages.cited(item.text, [item.place.chunk])
    return Case(kind, item.how, item.place.text, item.text, chunks)


def _changes(kind: str, places: Sequence[Place]) -> Iterator[Drawn]:
    for place in places:
        around = " ".join(statements_of(place.chunk))
        for change in MUTATORS[kind](Said(place.text, around, place.chunk.context)):
            text = change.made(place.text)
            if text != place.text:
                yield Drawn(place, text, change.how)


def _is_new(item: Drawn, passages: Passages) -> bool:
    """Whether no other statement of the cited chunks may say what the change made of this one."""
    words = set(tokens(item.text))
    others = (
        said
        for chunk in passages.cited(item.text, [item.place.chunk])
        for said in statements_of(chunk)
        if said != item.place.text
    )
    return not any(words <= set(tokens(said)) for said in others)


def _swapped(passages: Passages, n: int, seed: int) -> Iterator[Case]:
    """Statements that cite the nearest chunk of their guideline that does not say them."""
    places = [place for place in passages.places if place.chunk.role in CITED_FOR]
    items = [Drawn(place, place.text, place.chunk.role) for place in places]
    for item in drawn(items, n, f"{seed} {SWAPPED}", lambda i: bool(_silent(i, passages))):
        chunk = _silent(item, passages)[:1]
        yield Case(SWAPPED, "nearest silent chunk", item.text, item.text, tuple(chunk))


def _silent(item: Drawn, passages: Passages) -> list[Chunk]:
    near = passages.near[item.place.chunk.guideline_id]
    others = near.nearest(item.text, but=[item.place.chunk])
    return [chunk for chunk in others if not near.says(chunk, item.text)]
