"""The index that serves, and bringing it up to date."""

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from rag.api.deps import Served, ServedJobs
from rag.api.jobs import Job
from rag.api.problems import RESPONSES, Problem
from rag.types import Status, Value

router = APIRouter(prefix="/v1/index", tags=["index"], responses=RESPONSES)


class Refreshing(Value):
    """How to refresh."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"force": True}]})

    force: bool = Field(False, description="go on when over a third of the corpus would go")
    rebuild: bool = Field(False, description="build everything anew, whatever is unchanged")


@router.get("")
def status(assistant: Served) -> Status:
    """The version that serves, with counts by field and issuer."""
    return assistant.status()


@router.post(
    "/refresh",
    status_code=202,
    responses={409: {"model": Problem, "description": "A refresh is running"}},
)
def refresh(jobs: ServedJobs, response: Response, how: Refreshing | None = None) -> Job:
    """Begin to bring the index to what the corpus says; follow it at `Location`."""
    how = how or Refreshing()
    job = jobs.start(how.force, how.rebuild)
    response.headers["Location"] = f"/v1/index/refreshes/{job.id}"
    return job


@router.get("/refreshes/{job_id}")
def refresh_job(job_id: str, jobs: ServedJobs) -> Job:
    """How far a refresh is, and what came of it."""
    return jobs.get(job_id)
