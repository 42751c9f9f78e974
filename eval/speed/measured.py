"""What one measurement comes to, and that it could not be made; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rag.errors import RagError


class NotMeasured(RagError):
    """Something could not be started, installed or read; the run goes on without it."""

    title = "This could not be measured"


class Measured(NamedTuple):
    """Scores by measure, and what a reader needs beside them."""

    scores: Mapping[str, float]
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One measurement; those of one cluster are not independent."""

    id: str
    cluster: str
    measure: Callable[[], Measured] = field(repr=False)


def prefixed(prefix: str, scores: Mapping[str, float]) -> dict[str, float]:
    """The scores under another name, as `10000/build s`; no prefix leaves them as they are."""
    return {f"{prefix}{name}": score for name, score in scores.items()}
