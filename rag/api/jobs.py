"""Refreshes that run while their caller does something else."""

import secrets
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Literal

from rag.api.problems import Problem, problem_of, unexpected
from rag.assistant import Assistant
from rag.errors import Conflict, NotFound, RagError
from rag.types import Refreshed

KEPT = 20
"""Finished jobs that can still be looked at."""


@dataclass(frozen=True, slots=True)
class Job:
    """One refresh: how far it is, and what came of it."""

    id: str
    state: Literal["running", "done", "failed"] = "running"
    step: str = "waiting"
    done: int = 0
    total: int = 0
    refreshed: Refreshed | None = None
    problem: Problem | None = None


class Jobs:
    """One refresh at a time, in a thread of its own; safe to share by threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="refresh")

    def start(self, force: bool, rebuild: bool) -> Job:
        """Begin a refresh; raises Conflict when one runs."""
        with self._lock:
            if any(job.state == "running" for job in self._jobs.values()):
                raise Conflict("a refresh is running: follow it at GET /v1/index/refreshes/{id}")
            job = Job(id=f"r-{secrets.token_hex(8)}")
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._pool.submit(self._run, job.id, force, rebuild)
        return job

    def get(self, job_id: str) -> Job:
        """A refresh as it stands; raises NotFound."""
        with self._lock:
            if job_id not in self._jobs:
                raise NotFound(f"there is no refresh {job_id}: the service keeps the last {KEPT}")
            return self._jobs[job_id]

    def close(self) -> None:
        """Wait for the refresh that runs, so that it is whole or can be taken up again."""
        self._pool.shutdown(wait=True)

    def _run(self, job_id: str, force: bool, rebuild: bool) -> None:
        def progress(step: str, done: int, total: int) -> None:
            self._change(job_id, step=step, done=done, total=total)

        try:
            refreshed = self._assistant.refresh(force, rebuild, progress)
            self._change(job_id, state="done", refreshed=refreshed)
        except RagError as error:
            self._change(job_id, state="failed", problem=problem_of(error))
        except Exception as error:
            self._change(job_id, state="failed", problem=unexpected(error))

    def _change(self, job_id: str, **fields: object) -> None:
        with self._lock:
            self._jobs[job_id] = replace(self._jobs[job_id], **fields)  # type: ignore[arg-type]
