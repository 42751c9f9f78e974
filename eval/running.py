"""A suite from its first case to its measures; broken off, it goes on where it was."""

import math
import platform
import random
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from eval import records
from eval.records import Misused, Result, Run, Score
from eval.statistics import LEVEL, interval
from eval.suites import DRAWS_ITSELF, Options, Statistic, Suite, open_suite
from rag.errors import RagError

STATISTIC_RESAMPLES = 1_000
PACKAGES = ("guideline-rag", "faiss-cpu", "tantivy", "onnxruntime", "numpy", "ir-measures")


def run(name: str, options: Options, folder: Path) -> Run:
    """Measure every case not measured yet, then all together; a failed case counts as failed."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_suite(name, options) as suite:
        limit = None if name in DRAWS_ITSELF else options.limit
        cases = sampled(suite.cases, limit, options.seed)
        if not cases:
            raise Misused(f"{name}: no cases to run")
        done = {result.id for result in records.results(folder)}
        left = [case for case in cases if case.id not in done]
        for case in track(left, name, console=Console(stderr=True), disable=_quiet()):
            records.append(folder, _measured(suite, case))
        ids = {case.id for case in cases}
        found = [result for result in records.results(folder) if result.id in ids]
        finished = Run(
            suite=name,
            created=datetime.now(UTC),
            n=len(found),
            failed=sum(result.failed is not None for result in found),
            seed=options.seed,
            measures=summed(found, suite.statistics, options.seed),
            corpus=suite.corpus,
            facts={**suite.facts, **machine()},
        )
    records.save(folder, finished)
    return finished


def sampled(cases: Sequence[Any], limit: int | None, seed: int) -> list[Any]:
    """All cases, or so many drawn by the seed, in their own order."""
    if limit is None or limit >= len(cases):
        return list(cases)
    drawn = random.Random(seed).sample(range(len(cases)), limit)  # noqa: S311  not for secrets
    return [cases[i] for i in sorted(drawn)]


def summed(
    found: Sequence[Result], statistics: Mapping[str, Statistic], seed: int
) -> dict[str, Score]:
    """The mean of every measure over the cases that have it, and the statistics over all."""
    whole = [result for result in found if result.failed is None]
    names = dict.fromkeys(name for result in whole for name in result.scores)
    scores = {}
    for name in names:
        having = [result for result in whole if name in result.scores]
        values = [result.scores[name] for result in having]
        mean = interval(values, [result.cluster for result in having], seed)
        scores[name] = Score(**mean._asdict())
    for name, statistic in statistics.items():
        if whole and not math.isnan(statistic(whole)):
            scores[name] = _bootstrapped(whole, statistic, seed)
    return scores


def machine() -> dict[str, Any]:
    """What a run was made with, so that two runs can be told apart."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _measured(suite: Suite, case: Any) -> Result:
    try:
        return suite.measure(case)
    except RagError as error:
        cluster = getattr(case, "cluster", case.id)
        return Result(id=case.id, cluster=cluster, failed=f"{type(error).__name__}: {error}")


def _bootstrapped(found: Sequence[Result], statistic: Statistic, seed: int) -> Score:
    """A percentile bootstrap of any statistic, drawing whole clusters."""
    clusters: dict[str, list[Result]] = {}
    for result in found:
        clusters.setdefault(result.cluster, []).append(result)
    groups = list(clusters.values())
    draws = np.random.default_rng(seed).integers(0, len(groups), (STATISTIC_RESAMPLES, len(groups)))
    values = [statistic([r for i in draw for r in groups[i]]) for draw in draws]
    low, high = np.nanquantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Score(value=statistic(found), low=float(low), high=float(high))


def _quiet() -> bool:
    return not sys.stderr.isatty()
