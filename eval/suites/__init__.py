"""What is measured: one module a suite, each opened by name."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from eval.records import Misused, Result
from rag.embedding import Embedder
from rag.generation import Generator
from rag.settings import Settings

NAMES = (
    "answers",
    "retrieval",
    "evidence",
    "followups",
    "claims",
    "abstention",
    "mutations",
    "speed",
)

SPLITS = frozenset(("answers", "retrieval"))
"""Suites whose cases come in splits."""

DRAWS_ITSELF = frozenset(("speed",))
"""Suites that apply `limit` to their questions themselves: their other cases are always run."""

Statistic = Callable[[Sequence[Result]], float]
"""A measure of all results at once, where a mean of cases will not do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for."""

    settings: Settings
    workspace: Path
    data: Path | None = None
    corpus: Path | None = None
    split: str | None = None
    limit: int | None = None
    seed: int = 0
    embedder: Embedder | None = None
    generator: Generator | None = None
    chunks: tuple[int, ...] = ()
    against: tuple[str, ...] = ()

    def needed(self) -> Path:
        """The data folder or file; raises Misused when it was not given or is not there."""
        return _there("--data", self.data)

    def searched(self) -> Path:
        """What is to be searched; raises Misused when it was not given or is not there."""
        return _there("--corpus", self.corpus)


def _there(name: str, path: Path | None) -> Path:
    if path is None:
        raise Misused(f"this suite needs {name}: see docs/evaluation.md for what goes where")
    if not path.exists():
        raise Misused(f"{name} {path}: there is nothing there")
    return path


class Suite(Protocol):
    """Cases, each measured on its own, and how results become measures."""

    cases: Sequence[Any]
    """Every case has `id`."""

    statistics: Mapping[str, Statistic]
    corpus: str
    facts: Mapping[str, Any]

    def measure(self, case: Any) -> Result:
        """Run one case."""
        ...


def statistics_of(name: str) -> Mapping[str, Statistic]:
    """Measures of all cases together that a suite always has, by name."""
    module = import_module(f"eval.suites.{name}")
    statistics: Mapping[str, Statistic] = getattr(module, "STATISTICS", {})
    return statistics


def open_suite(name: str, options: Options) -> AbstractContextManager[Suite]:
    """The suite of that name, over its data; raises Misused, CorpusError."""
    if name not in NAMES:
        raise Misused(f"there is no suite {name!r}: the suites are {', '.join(NAMES)}")
    if options.split and name not in SPLITS:
        raise Misused(f"--split: {name} has no splits; {' and '.join(sorted(SPLITS))} have")
    module = import_module(f"eval.suites.{name}")
    opened: AbstractContextManager[Suite] = module.open_suite(options)
    return opened
