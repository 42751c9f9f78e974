from datetime import UTC, datetime

import pytest

from eval.gating import baseline_of, breaches, has_unit, lower_is_better
from eval.records import Result, Run, Score
from eval.reporting import lacking
from eval.statistics import compare

COSTS = (
    "answer/p50 ms",
    "10000/search/p99 ms",
    "refresh unchanged s",
    "serve RSS MB",
    "refresh one paragraph embeddings",
    "calibration_error",
)
GAINS = ("refresh chunks per s", "ratio langchain/query", "nDCG@10", "evidence recall")


def a_run(**measures: float) -> Run:
    scores = {name: Score(value=v, low=v, high=v) for name, v in measures.items()}
    return Run(
        suite="speed",
        created=datetime.now(UTC),
        n=1,
        failed=0,
        seed=0,
        measures=scores,
        corpus="c",
        facts={},
    )


@pytest.mark.parametrize("measure", COSTS)
def test_costs_are_better_low(measure: str) -> None:
    assert lower_is_better(measure)


@pytest.mark.parametrize("measure", GAINS)
def test_throughput_ratios_and_shares_are_better_high(measure: str) -> None:
    assert not lower_is_better(measure)


def test_a_cost_may_grow_by_its_allowance_and_no_further() -> None:
    baseline = baseline_of(a_run(**{"answer/p50 ms": 50.0, "refresh chunks per s": 100.0}))
    assert not list(breaches(a_run(**{"answer/p50 ms": 64, "refresh chunks per s": 71}), baseline))
    (slower,) = breaches(a_run(**{"answer/p50 ms": 66, "refresh chunks per s": 500}), baseline)
    assert slower.startswith("answer/p50 ms: 66.000, it was 50.000")
    (fewer,) = breaches(a_run(**{"answer/p50 ms": 1, "refresh chunks per s": 69}), baseline)
    assert fewer.startswith("refresh chunks per s")


def test_a_cost_that_falls_has_won() -> None:
    before, after = [50.0, 52.0, 49.0] * 5, [40.0, 41.0, 39.0] * 5
    faster = compare(before, after, lower_is_better=True)
    assert (faster.verdict, faster.wins, faster.losses) == ("better", 15, 0)
    assert faster.difference.high < 0
    assert compare(after, before, lower_is_better=True).verdict == "worse"


def test_no_case_falls_short_of_a_measure_that_has_no_best() -> None:
    result = Result(id="a", cluster="a", scores={"answer/mean ms": 40.0, "recall": 0.75})
    assert lacking(result) == pytest.approx(0.25)
    assert has_unit("answer/mean ms")
    assert not has_unit("recall")
