"""A run held against a baseline: nothing that matters may fall."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from eval.records import Misused, Run, Score
from rag.types import Value

NEVER = ("invented references", "quote mismatches", "superseded cited")
"""Measures that must be 0, whatever a baseline says."""

LOWER_IS_BETTER = frozenset(
    (
        *NEVER,
        "needless disagreement",
        "refused",
        "fell back",
        "area under risk-coverage",
        "calibration_error",
    )
)
"""Whatever stands before or behind them, as in `dev/refused/order`."""

ALLOWANCE = 0.02

WHOLE = frozenset(("numbers stable",))
"""Measures that may not fall at all."""

UNIT = re.compile(
    r"^ratio | (ms|s|MB|embeddings|modules|tokens)$"
    r"|^(drafted|kept|repaired|replaced|dropped|calls|seconds)$"
)
"""How measures end, or begin, that are no share of 1; they tell a cost unless they are a GAIN."""

GAIN = re.compile(r"^ratio | per s$|^(drafted|kept)$")
SLACK = 0.3
"""How much of itself a measure with a unit may lose: no machine is equally busy twice."""


class Floor(Value):
    """What a measure was, and how far it may fall."""

    value: float
    allowance: float = Field(ALLOWANCE, ge=0)


class Baseline(Value):
    """What a suite is held to."""

    suite: str
    n: int = Field(0, description="cases; a run of fewer is not held to it")
    measures: dict[str, Floor]


def lower_is_better(measure: str) -> bool:
    """Whether a run does well with little of it."""
    if not LOWER_IS_BETTER.isdisjoint(measure.split("/")):
        return True
    return has_unit(measure) and GAIN.search(measure) is None


def is_never(measure: str) -> bool:
    """Whether nothing of it is allowed."""
    return not set(NEVER).isdisjoint(measure.split("/"))


def has_unit(measure: str) -> bool:
    """Whether a measure is told in a unit, not as a share of what could be had."""
    return UNIT.search(measure) is not None


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file; raises Misused."""
    try:
        return Baseline.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValidationError) as error:
        raise Misused(f"{path}: no baseline: {str(error).splitlines()[0]}") from error


def baseline_of(run: Run, before: Baseline | None = None) -> Baseline:
    """What a run would be held to from now on; allowances set before are kept."""
    known = before.measures if before else {}
    floors = {
        name: Floor(
            value=round(score.value, 4),
            allowance=known[name].allowance if name in known else _allowance(name, score.value),
        )
        for name, score in run.measures.items()
        if not is_never(name)
    }
    return Baseline(suite=run.suite, n=run.n, measures=floors)


def breaches(run: Run, baseline: Baseline) -> Iterator[str]:
    """What fell by more than it may; raises Misused when the baseline is of another suite."""
    if run.suite != baseline.suite:
        raise Misused(f"the baseline is of {baseline.suite}, the run of {run.suite}")
    if run.failed:
        yield f"{run.failed} of {run.n} cases failed"
    if run.n < baseline.n:
        yield f"{run.n} cases, there were {baseline.n}: run them all, or --update the baseline"
    for name, score in run.measures.items():
        if is_never(name) and score.value > 0:
            yield f"{name}: {score.value:.3f}, and none are allowed"
    for name, floor in baseline.measures.items():
        yield from _fallen(name, run.measures.get(name), floor)


def _fallen(name: str, score: Score | None, floor: Floor) -> Iterator[str]:
    if score is None:
        yield f"{name}: not measured, it was {floor.value:.3f}"
        return
    fall = score.value - floor.value if lower_is_better(name) else floor.value - score.value
    if fall > floor.allowance or math.isnan(fall):
        yield f"{name}: {score.value:.3f}, it was {floor.value:.3f} (allowance {floor.allowance})"


def _allowance(measure: str, value: float) -> float:
    if measure in WHOLE:
        return 0.0
    return round(SLACK * abs(value), 4) if has_unit(measure) else ALLOWANCE
