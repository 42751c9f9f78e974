"""Errors as `application/problem+json` (RFC 9457), or as a page where a person asked for one."""

import logging
import re
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from rag.api.rendering import render
from rag.errors import CorpusError, RagError

log = logging.getLogger("rag.api")


class Problem(BaseModel):
    """What went wrong, what to do about it, and where (RFC 9457)."""

    type: str = Field("about:blank", examples=["urn:guideline-rag:not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no answer a-0"])
    faults: tuple[str, ...] = Field((), description="each thing that is wrong, and where")


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text}
    for status, text in (
        (404, "There is nothing with that id"),
        (422, "The request cannot be used"),
        (503, "There is no index yet, or it cannot be used"),
    )
}


def problem_of(error: RagError) -> Problem:
    """The problem that one of our own errors is."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    faults = tuple(map(str, error.faults)) if isinstance(error, CorpusError) else ()
    return Problem(
        type=f"urn:guideline-rag:{name}",
        title=error.title,
        status=error.http_status,
        detail=f"{len(faults)} faults" if faults else str(error),
        faults=faults,
    )


def unexpected(error: Exception) -> Problem:
    """The problem that an error nobody foresaw is; its message may hold a question, so it stays."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s\n%s", type(error).__name__, frames)
    return Problem(
        title="Something went wrong",
        status=500,
        detail="The service met an error that it did not expect. It is in the service's log.",
    )


def respond(
    request: Request, problem: Problem, headers: Mapping[str, str] | None = None
) -> Response:
    """The problem in the form the caller reads."""
    if _is_person(request):
        return render(request, "error.html", status=problem.status, problem=problem)
    return JSONResponse(
        problem.model_dump(exclude_defaults=True) | {"type": problem.type},
        problem.status,
        headers,
        media_type="application/problem+json",
    )


def add_handlers(app: FastAPI) -> None:
    """Let every error of the application leave as a problem."""

    @app.exception_handler(RagError)
    def _ours(request: Request, error: RagError) -> Response:
        return respond(request, problem_of(error))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        # The input is left out: it may hold a question.
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        return respond(
            request,
            Problem(
                type="urn:guideline-rag:invalid-request",
                title="The request cannot be used",
                status=422,
                detail="; ".join(faults),
                faults=tuple(faults),
            ),
        )

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        title = HTTPStatus(error.status_code).phrase
        detail = error.detail if error.detail != title else f"{title}: {request.url.path}"
        problem = Problem(title=title, status=error.status_code, detail=detail)
        return respond(request, problem, error.headers)


def _is_person(request: Request) -> bool:
    """Browsers name text/html; programs rarely do, and never below /v1."""
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and not request.url.path.startswith("/v1/")
