"""So many changes of many, the common ones held back, each chosen by its own hash."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from rag.types import Chunk

OF_ONE_GUIDELINE = 4


class Place(NamedTuple):
    """A statement of the corpus, as it is read, and the chunk that holds it."""

    chunk: Chunk
    text: str
    weak: bool = False


class Drawn(NamedTuple):
    """A statement and what became of it, how and in what passage."""

    place: Place
    text: str
    how: str


Item = TypeVar("Item", bound=Drawn)


def drawn(
    items: Sequence[Drawn], wanted: int, salt: str, fits: Callable[[Drawn], bool]
) -> list[Drawn]:
    """So many that fit, at most one of a statement and few of a guideline.

    What is often possible is drawn as often as the root of how often. The hash of each item
    decides, so that an edit of one guideline leaves the draw in the others as it was.
    """
    counts = Counter(item.how for item in items)
    ranked = sorted(items, key=lambda item: _rank(item, counts[item.how], salt))
    chosen: list[Drawn] = []
    statements: set[str] = set()
    for most in (OF_ONE_GUIDELINE, 2 * OF_ONE_GUIDELINE, len(items)):
        of_guideline = Counter(item.place.chunk.guideline_id for item in chosen)
        for item in ranked:
            if len(chosen) == wanted:
                return chosen
            guideline = item.place.chunk.guideline_id
            if item.place.text not in statements and of_guideline[guideline] < most and fits(item):
                chosen.append(item)
                statements.add(item.place.text)
                of_guideline[guideline] += 1
    return chosen


def uniform(*parts: str) -> float:
    """A number above 0 and at most 1 that only these words decide."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return (int.from_bytes(digest) + 1) / 2**64


def _rank(item: Drawn, count: int, salt: str) -> tuple[float, str]:
    """Weighted sampling without replacement (Efraimidis and Spirakis 2006)."""
    weight = 1 / math.sqrt(count)
    number = uniform(salt, item.how, item.place.chunk.guideline_id, item.text)
    return -math.log(number) / weight, item.text
