"""What routes are handed."""

from typing import Annotated, cast

from fastapi import Depends, Request

from rag.api.jobs import Jobs
from rag.assistant import Assistant


def assistant_of(request: Request) -> Assistant:
    """The Assistant that the application serves."""
    return cast("Assistant", request.app.state.assistant)


def jobs_of(request: Request) -> Jobs:
    """The refreshes started through the API."""
    return cast("Jobs", request.app.state.jobs)


Served = Annotated[Assistant, Depends(assistant_of)]
ServedJobs = Annotated[Jobs, Depends(jobs_of)]
