"""Two runs of one suite over the same cases: what differs, and whether anybody can tell."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from eval import records
from eval.gating import lower_is_better
from eval.records import Misused, Result, Run
from eval.statistics import Comparison, bootstrapped, compare
from eval.suites import Statistic, statistics_of


class Difference(NamedTuple):
    """One measure in both runs; `paired` is None where no case has it in both."""

    measure: str
    a: float
    b: float
    paired: Comparison | None


class Shared(NamedTuple):
    """How many cases both runs measured, and how many only one."""

    both: int
    only_a: int
    only_b: int


class Changed(NamedTuple):
    """A case that one run did better, with what both said."""

    id: str
    a: float
    b: float
    shown_a: dict[str, Any]
    shown_b: dict[str, Any]


def pair(a: Path, b: Path, across: bool = False) -> tuple[Run, Run]:
    """Both runs; raises Misused when they cannot be compared, unless `across` corpora is asked."""
    one, other = records.load(a), records.load(b)
    if one.suite != other.suite:
        raise Misused(f"{a} is a run of {one.suite}, {b} of {other.suite}")
    if one.corpus != other.corpus and not across:
        raise Misused(
            f"the runs searched different corpora ({one.corpus[:8]}, {other.corpus[:8]}): "
            "what differs may be the corpus; --across compares them all the same"
        )
    return one, other


def differences(a: Path, b: Path, across: bool = False) -> list[Difference]:
    """Every measure that both runs have, by the cases that both have."""
    one, other = pair(a, b, across)
    before, after = _by_id(a), _by_id(b)
    statistics = statistics_of(one.suite)
    found = []
    for name in (name for name in one.measures if name in other.measures):
        ids = [i for i, result in before.items() if _has(result, name) and _has(after.get(i), name)]
        paired = None
        if ids:
            paired = compare(
                [before[i].scores[name] for i in ids],
                [after[i].scores[name] for i in ids],
                [before[i].cluster for i in ids],
                one.seed,
                lower_is_better(name),
            )
        elif name in statistics:
            paired = _of_all(name, statistics[name], before, after, one.seed)
        found.append(Difference(name, one.measures[name].value, other.measures[name].value, paired))
    return found


def shared(a: Path, b: Path) -> Shared:
    """How far the cases of two runs are the same; failed ones are in no comparison."""
    before, after = (
        {i for i, result in _by_id(folder).items() if result.failed is None} for folder in (a, b)
    )
    return Shared(len(before & after), len(before - after), len(after - before))


def changed(a: Path, b: Path, measure: str) -> Iterator[Changed]:
    """The cases whose score differs, worst losses of B first."""
    before, after = _by_id(a), _by_id(b)
    found = [
        Changed(i, result.scores[measure], after[i].scores[measure], result.shown, after[i].shown)
        for i, result in before.items()
        if _has(result, measure)
        and _has(after.get(i), measure)
        and result.scores[measure] != after[i].scores[measure]
    ]
    sign = -1 if lower_is_better(measure) else 1
    yield from sorted(found, key=lambda c: (sign * (c.b - c.a), c.id))


def _of_all(
    name: str,
    statistic: Statistic,
    before: Mapping[str, Result],
    after: Mapping[str, Result],
    seed: int,
) -> Comparison | None:
    """The difference of a statistic, each draw taking the same cases of both runs."""
    ids = [i for i, r in before.items() if r.failed is None and i in after and not after[i].failed]

    def difference(drawn: Sequence[str]) -> float:
        return statistic([after[i] for i in drawn]) - statistic([before[i] for i in drawn])

    if not ids or math.isnan(difference(ids)):
        return None
    step = bootstrapped(ids, [before[i].cluster for i in ids], difference, seed)
    return Comparison(step, None, None, None, None, lower_is_better(name))


def _by_id(folder: Path) -> dict[str, Result]:
    home = folder if folder.is_dir() else folder.parent
    found: Sequence[Result] = records.results(home)
    return {result.id: result for result in found}


def _has(result: Result | None, measure: str) -> bool:
    return result is not None and result.failed is None and measure in result.scores
