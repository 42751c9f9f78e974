"""A suite from its first case to its measures; broken off, it goes on where it was."""

import logging
import math
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from eval import records
from eval.made import made_with
from eval.records import Begun, Misused, Result, Run, Score
from eval.statistics import bootstrapped, interval
from eval.suites import DRAWS_ITSELF, Options, Statistic, Suite, open_suite
from rag.errors import RagError

TOLD_EVERY_S = 30.0
"""Without a terminal a line of progress is enough now and then."""

logger = logging.getLogger(__name__)


def run(name: str, options: Options, folder: Path) -> Run:
    """Measure every case not measured yet, then all together; a failed case counts as failed.

    Raises Misused when the folder holds a run of something else, or there is nothing to run.
    """
    with open_suite(name, options) as suite:
        limit = None if name in DRAWS_ITSELF else options.limit
        cases = sampled(suite.cases, limit, options.seed)
        if not cases:
            raise Misused(f"{name}: no cases to run")
        facts = {**suite.facts, **made_with(options.settings)}
        records.begin(folder, Begun(suite=name, corpus=suite.corpus, facts=_lasting(facts)))
        done = {result.id for result in records.results(folder)}
        for case in _followed([case for case in cases if case.id not in done], name):
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
            facts=facts,
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
            scores[name] = _of_all(whole, statistic, seed)
    return scores


def _of_all(found: Sequence[Result], statistic: Statistic, seed: int) -> Score:
    clusters = [result.cluster for result in found]
    score = bootstrapped(found, clusters, statistic, seed)
    return Score(**score._asdict())


def _measured(suite: Suite, case: Any) -> Result:
    try:
        return suite.measure(case)
    except Exception as error:
        if not isinstance(error, RagError):
            logger.exception("%s could not be measured", case.id)
        cluster = getattr(case, "cluster", case.id)
        return Result(id=case.id, cluster=cluster, failed=f"{type(error).__name__}: {error}")


def _followed(cases: Sequence[Any], name: str) -> Iterator[Any]:
    """The cases, telling how far they have come: by a bar, or in lines without a terminal."""
    if sys.stderr.isatty():
        yield from track(cases, name, console=Console(stderr=True))
        return
    told = time.monotonic()
    for done, case in enumerate(cases):
        if time.monotonic() - told >= TOLD_EVERY_S:
            told = time.monotonic()
            logger.info("%s: %d of %d cases", name, done, len(cases))
        yield case


def _lasting(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What has to be the same when a run is taken up again; the machine may be another."""
    return {name: fact for name, fact in facts.items() if name not in ("machine", "index")}
