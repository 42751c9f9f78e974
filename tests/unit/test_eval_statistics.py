import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.statistics import compare, interval


def test_the_interval_of_a_constant_has_no_width() -> None:
    assert interval([0.5] * 10) == (0.5, 0.5, 0.5)


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        interval([])


def test_the_interval_is_near_the_normal_one_for_many_independent_values() -> None:
    values = np.random.default_rng(1).normal(3, 1, 400)
    half = 1.96 * values.std() / 20
    found = interval(values.tolist())
    assert found.low == pytest.approx(values.mean() - half, abs=0.01)
    assert found.high == pytest.approx(values.mean() + half, abs=0.01)


def test_cases_of_one_cluster_count_as_one_observation() -> None:
    values = [0.0, 1.0] * 50
    clusters = [0, 1] * 50
    alone, clustered = interval(values), interval(values, clusters)
    assert alone.value == clustered.value
    assert clustered.high - clustered.low > 3 * (alone.high - alone.low)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [0.0, 0.2, 1.0, 0.4]
    assert interval(values, seed=3) == interval(values, seed=3)


def test_a_clear_difference_has_a_winner() -> None:
    a = [0.1, 0.2, 0.15, 0.1, 0.2] * 8
    compared = compare(a, [value + 0.5 for value in a])
    assert compared.verdict == "better"
    assert (compared.wins, compared.ties, compared.losses) == (40, 0, 0)


def test_a_difference_that_the_data_cannot_tell_has_no_winner() -> None:
    compared = compare([0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0])
    assert compared.verdict == "the data cannot tell"
    assert (compared.wins, compared.ties, compared.losses) == (1, 2, 1)


def test_the_verdict_turns_with_the_order() -> None:
    assert compare([1.0] * 9, [0.0] * 9).verdict == "worse"


def test_runs_of_different_cases_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="3 cases against 2"):
        compare([0, 0, 0], [0, 0])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.data())
def test_the_interval_holds_the_mean_and_stays_within_the_values(
    values: list[float], data: st.DataObject
) -> None:
    names = st.sampled_from("abc")
    clusters = data.draw(st.lists(names, min_size=len(values), max_size=len(values)))
    found = interval(values, clusters)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found.value == pytest.approx(np.mean(values))
