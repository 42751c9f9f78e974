"""The HTTP door: `create_app(settings)` gives the API and the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.gzip import GZipMiddleware

from rag import __version__
from rag.api import corpus, health, index, page, questions
from rag.api.guards import guarded
from rag.api.jobs import Jobs
from rag.api.problems import add_handlers
from rag.assistant import Assistant
from rag.errors import RagError
from rag.settings import Settings

DESCRIPTION = (
    "Answers clinicians' questions from guideline summaries. Every statement carries the numbers "
    "of the passages it rests on, and every number leads to the exact words. Abstaining is an "
    "answer (`outcome`), not an error. Errors are `application/problem+json` (RFC 9457)."
)


def create_app(settings: Settings, assistant: Assistant | None = None) -> FastAPI:
    """The application over one Assistant: the one given, or one of its own that it closes.

    Raises ConfigError and its kin when the settings cannot be used; an index that is not there
    yet, or is damaged, leaves the service up and `/readyz` at 503.
    """
    served = assistant or Assistant(settings)
    jobs = Jobs(served)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with suppress(RagError):  # /readyz says what is wrong
            await run_in_threadpool(served.warm)
        yield
        jobs.close()
        if assistant is None:
            served.close()

    app = FastAPI(
        title="guideline-rag",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # both pages fetch their scripts from other hosts
        redoc_url=None,
    )
    app.state.assistant = served
    app.state.jobs = jobs
    for routes in (questions, corpus, index, health, page):
        app.include_router(routes.router)
    page.mount_static(app)
    add_handlers(app)
    # No page holds a secret beside words that a stranger can make it repeat (BREACH).
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    guarded(app, settings)
    return app
