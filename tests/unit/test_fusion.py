from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval import fuse, scaled
from rag.types import Hit

ids = st.text("0123456789abcdef", min_size=1, max_size=3)
scores = st.floats(-1, 100, allow_nan=False)
hit_lists = st.dictionaries(ids, scores, max_size=12).map(
    lambda scored: [Hit(chunk_id, score) for chunk_id, score in scored.items()]
)
weights = st.floats(0, 1)


def test_scaling_puts_the_best_at_one_and_the_worst_at_zero() -> None:
    assert scaled([Hit("a", 4.0), Hit("b", 2.0), Hit("c", 3.0)]) == [("a", 1), ("b", 0), ("c", 0.5)]


def test_a_single_hit_scales_to_one() -> None:
    assert scaled([Hit("a", 0.2)]) == [("a", 1.0)]


def test_fusing_nothing_gives_nothing() -> None:
    assert fuse([], [], 0.5) == []


def test_the_weight_decides_between_two_lists_that_differ() -> None:
    dense, lexical = [Hit("d", 0.9), Hit("x", 0.1)], [Hit("l", 9.0), Hit("x", 1.0)]
    assert fuse(dense, lexical, 0.9)[0].chunk_id == "d"
    assert fuse(dense, lexical, 0.1)[0].chunk_id == "l"


def test_equal_scores_are_ordered_by_id() -> None:
    assert [h.chunk_id for h in fuse([Hit("b", 1.0)], [Hit("a", 1.0)], 0.5)] == ["a", "b"]


@given(hit_lists, hit_lists, weights, st.randoms())
def test_the_order_of_the_lists_changes_nothing(
    dense: list[Hit], lexical: list[Hit], weight: float, random: Random
) -> None:
    shuffled = random.sample(dense, len(dense)), random.sample(lexical, len(lexical))
    assert fuse(*shuffled, weight) == fuse(dense, lexical, weight)


@given(hit_lists, hit_lists, weights)
def test_fused_scores_lie_between_zero_and_one_and_descend(
    dense: list[Hit], lexical: list[Hit], weight: float
) -> None:
    fused = [hit.score for hit in fuse(dense, lexical, weight)]
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused)
    assert fused == sorted(fused, reverse=True)


@given(hit_lists, weights)
def test_a_hit_first_in_both_lists_is_first(hits: list[Hit], weight: float) -> None:
    best = Hit("first", 1000.0)
    assert fuse([best, *hits], [best, *hits], weight)[0].score == pytest.approx(1.0)
