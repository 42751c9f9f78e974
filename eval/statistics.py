"""Intervals and comparisons by bootstrap, clustered where cases are not independent; pure."""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
STATISTIC_RESAMPLES = 1_000
"""Of a statistic that is computed anew from the cases of each draw."""

LEVEL = 0.95

Case = TypeVar("Case")

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """A mean and the bounds of its 95 % percentile bootstrap interval (Efron 1979)."""

    value: float
    low: float
    high: float


class Comparison(NamedTuple):
    """B minus A over the cases both have, with how often each was the better.

    Of a statistic of all cases no single case wins: effect and counts are None.
    """

    difference: Interval
    effect: float | None
    wins: int | None
    ties: int | None
    losses: int | None
    lower_is_better: bool = False

    @property
    def verdict(self) -> str:
        """`better` or `worse` when the interval excludes 0, otherwise that nobody can tell."""
        rises, falls = self.difference.low > 0, self.difference.high < 0
        if not (rises or falls):
            return "the data cannot tell"
        return "worse" if rises == self.lower_is_better else "better"


def interval(
    values: Sequence[float], clusters: Sequence[Hashable] | None = None, seed: int = 0
) -> Interval:
    """The mean of the values; whole clusters are resampled. Raises ValueError on no values."""
    if not len(values):
        raise ValueError("an interval of no values")
    sums, sizes = _by_cluster(np.asarray(values, float), clusters)
    means = _resampled_means(sums, sizes, seed)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(sums.sum() / sizes.sum()), float(low), float(high))


def bootstrapped(
    cases: Sequence[Case],
    clusters: Sequence[Hashable],
    statistic: Callable[[Sequence[Case]], float],
    seed: int = 0,
) -> Interval:
    """Any statistic of all cases, with the interval of drawing whole clusters.

    Draws for which it is not defined are left out. Raises ValueError on no cases.
    """
    if not cases:
        raise ValueError("an interval of no cases")
    groups: dict[Hashable, list[Case]] = {}
    for case, cluster in zip(cases, clusters, strict=True):
        groups.setdefault(cluster, []).append(case)
    members = list(groups.values())
    random = np.random.default_rng(seed)
    draws = random.integers(0, len(members), (STATISTIC_RESAMPLES, len(members)))
    values = [statistic([case for i in draw for case in members[i]]) for draw in draws.tolist()]
    value = statistic(cases)
    defined = [drawn for drawn in values if not np.isnan(drawn)] or [value]
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))


def compare(
    a: Sequence[float],
    b: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    seed: int = 0,
    lower_is_better: bool = False,
) -> Comparison:
    """Paired comparison of the same cases in the same order; effect is Cohen's d of the pairs.

    Raises ValueError when the two are not of one length, or empty.
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} cases against {len(b)}: only the same cases can be compared")
    differences = np.asarray(b, float) - np.asarray(a, float)
    spread = float(differences.std(ddof=1)) if len(differences) > 1 else 0.0
    gains = -differences if lower_is_better else differences
    return Comparison(
        difference=interval(differences.tolist(), clusters, seed),
        effect=float(differences.mean()) / spread if spread else 0.0,
        wins=int((gains > 0).sum()),
        ties=int((gains == 0).sum()),
        losses=int((gains < 0).sum()),
        lower_is_better=lower_is_better,
    )


def _by_cluster(values: Floats, clusters: Sequence[Hashable] | None) -> tuple[Floats, Floats]:
    """Sum and size of every cluster; each value is its own without clusters."""
    if clusters is None:
        return values, np.ones_like(values)
    numbers = {name: i for i, name in enumerate(dict.fromkeys(clusters))}
    at = [numbers[name] for name in clusters]
    return np.bincount(at, values).astype(float), np.bincount(at).astype(float)


def _resampled_means(sums: Floats, sizes: Floats, seed: int) -> Floats:
    """Means of RESAMPLES draws of clusters with replacement, in runs that fit in memory."""
    random = np.random.default_rng(seed)
    run = max(1, 4_000_000 // len(sums))
    means = []
    for first in range(0, RESAMPLES, run):
        drawn = random.integers(0, len(sums), (min(run, RESAMPLES - first), len(sums)))
        means.append(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))
    return np.concatenate(means)
