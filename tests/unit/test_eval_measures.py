import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.classification import (
    CHOOSE,
    area_under_risk_coverage,
    auc,
    balanced_accuracy,
    best_threshold,
    calibration_error,
    half,
    macro_f1,
    risk_coverage,
)
from eval.records import Result
from eval.spans import holds
from eval.suites import abstention
from eval.suites.followups import overlap, token_f1
from rag.grounding.entailment import held
from rag.grounding.polarity import opposed

TOLD = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30).filter(
    lambda told: len({so for _, so in told}) == 2
)


@given(TOLD)
def test_auc_is_how_often_a_positive_scores_above_a_negative(
    told: list[tuple[int, bool]],
) -> None:
    above = [
        1.0 if p > n else 0.5 if p == n else 0.0
        for p, positive in told
        if positive
        for n, other in told
        if not other
    ]
    assert auc(*zip(*told, strict=True)) == pytest.approx(np.mean(above))


@given(TOLD)
def test_the_best_threshold_is_not_beaten_by_any_other(told: list[tuple[int, bool]]) -> None:
    scores, right = np.array([s for s, _ in told]), np.array([so for _, so in told])
    best = balanced_accuracy(scores >= best_threshold(scores, right), right)
    assert all(balanced_accuracy(scores >= t, right) <= best + 1e-9 for t in range(7))


def test_what_is_not_defined_is_nan() -> None:
    assert math.isnan(auc([1, 2], [True, True]))
    assert math.isnan(balanced_accuracy([True], [True]))
    assert math.isnan(macro_f1([], []))
    assert math.isnan(area_under_risk_coverage([], []))
    assert math.isnan(calibration_error([], [], [], []))


def test_macro_f1_is_the_mean_over_labels() -> None:
    # a: 1 of 2 found, no false one, 2/3; b: found, with a false one, 2/3.
    assert macro_f1(["a", "b", "b"], ["a", "a", "b"]) == pytest.approx(2 / 3)


def test_risk_and_coverage_answer_the_surest_first() -> None:
    coverage, risk = risk_coverage([0.9, 0.1, 0.5], [False, True, True])
    assert coverage == pytest.approx([1 / 3, 2 / 3, 1])
    assert risk == pytest.approx([0, 1 / 2, 2 / 3])
    assert area_under_risk_coverage([0.9, 0.1], [False, True]) == pytest.approx(0.25)


def test_scores_that_mean_what_they_meant_are_calibrated() -> None:
    drawn = random.Random(1)  # noqa: S311  not for secrets
    scores = [drawn.random() for _ in range(4000)]
    right = [drawn.random() < score for score in scores]
    assert calibration_error(scores[:2000], right[:2000], scores[2000:], right[2000:]) < 0.05
    wrong = [not so for so in right[2000:]]
    assert calibration_error(scores[:2000], right[:2000], scores[2000:], wrong) > 0.3


def test_a_passage_holds_a_quote_over_signs_and_cuts() -> None:
    quote = "Biopsy waits for imaging, and for a specialist team."
    assert holds("Before that, biopsy waits for imaging and for a specialist team.", quote)
    assert holds("imaging and for a specialist team. Then surgery.", quote)
    assert not holds("A specialist team waits for imaging of the biopsy.", quote)
    assert not holds("Anything.", "")


def test_overlap_and_f1_of_the_same_are_one_and_of_others_nothing() -> None:
    assert overlap(["a", "b"], ["b", "a"]) == 1
    assert overlap([], ["a"]) == overlap(["a"], []) == 0
    assert token_f1("throat cancer treatment", "Treatment of throat cancer") == 1
    assert token_f1("it", "throat cancer") == 0


def test_words_held_and_opposition() -> None:
    assert held("ultrasound first", "Ultrasound comes first.") == 1
    assert held("", "anything") == 0
    assert opposed("It increases mortality", "It decreases mortality")
    assert opposed("It helps", "It does not help")
    assert not opposed("It increases mortality", "Mortality is increased")


def test_abstention_chooses_what_is_enough_on_one_half_and_measures_it_on_the_other() -> None:
    def result(number: int, confidence: float, answerable: bool) -> Result:
        shown = {"confidence": confidence, "answerable": answerable, "abstained": False}
        return Result(id=str(number), cluster=str(number), shown=shown)

    known = [result(n, 0.7 + n / 1000, True) for n in range(50)]
    unknown = [result(n, 0.5 + n / 1000, False) for n in range(50, 100)]
    told = {name: measure([*known, *unknown]) for name, measure in abstention.STATISTICS.items()}
    assert told["best enough"] == min(r.shown["confidence"] for r in known if half(r.id) == CHOOSE)
    assert told["recall"] == 0
    assert told["best enough/recall"] == 1
    right = sum(half(r.id) != CHOOSE for r in unknown)
    below = sum(half(r.id) != CHOOSE and r.shown["confidence"] < told["best enough"] for r in known)
    assert told["best enough/precision"] == right / (right + below)
