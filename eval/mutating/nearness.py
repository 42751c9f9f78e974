"""How near in words the chunks of one guideline are to a text."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from rag.index.tokens import tokens
from rag.sentences import plain, statements
from rag.types import Chunk

SAID = 0.45
"""The share of a text's words, by weight, from which one statement may say the same."""

NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Nearness:
    """The chunks of one guideline by the rare words that they share with a text."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._words = {chunk.id: set(tokens(plain(chunk.text))) for chunk in chunks}
        self._chunks = {chunk.id: chunk for chunk in chunks}
        self._known = Counter(word for words in self._words.values() for word in words)

    def nearest(self, text: str, but: Sequence[Chunk]) -> list[Chunk]:
        """All other chunks, the nearest first."""
        left_out = {chunk.id for chunk in but}
        others = (chunk_id for chunk_id in self._chunks if chunk_id not in left_out)
        ranked = sorted(others, key=lambda c: (-self._share(text, self._words[c]), c))
        return [self._chunks[chunk_id] for chunk_id in ranked]

    def says(self, chunk: Chunk, text: str) -> bool:
        """Whether one statement of the chunk may say the same: much of its words, all numbers."""
        numbers = set(NUMBER.findall(text))
        return any(
            self._share(text, set(tokens(said))) >= SAID
            or (numbers and numbers <= set(NUMBER.findall(said)))
            for said in statements_of(chunk)
        )

    def _share(self, text: str, words: set[str]) -> float:
        weights = {word: self._weight(word) for word in set(tokens(text))}
        held = sum(weight for word, weight in weights.items() if word in words)
        return held / (sum(weights.values()) or 1)

    def _weight(self, word: str) -> float:
        return math.log((len(self._chunks) + 1) / (self._known[word] + 0.5))


def statements_of(chunk: Chunk) -> list[str]:
    """What a chunk says, statement by statement, as it is read."""
    return list(_said(chunk.text))


@cache
def _said(text: str) -> tuple[str, ...]:
    return tuple(plain(text[s.start : s.end]) for s in statements(text))
