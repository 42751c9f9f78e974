"""Ask, follow up, and look at what was answered."""

import itertools
from collections.abc import Generator, Iterator
from typing import Annotated, Literal

from anyio import CancelScope
from fastapi import APIRouter, Header, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import ConfigDict, Field
from starlette.types import Receive, Scope, Send

from rag.api.deps import Served
from rag.api.problems import RESPONSES, problem_of, unexpected
from rag.assistant import Assistant
from rag.errors import RagError
from rag.types import Answer, Audience, Conversation, Event, Filter, Question, Value

router = APIRouter(prefix="/v1", tags=["questions"], responses=RESPONSES)

Accept = Annotated[str, Header(description="`text/event-stream` streams the answer")]


class Asking(Value):
    """A question, and how it is to be searched for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Which imaging comes first in a child with an abdominal mass?"},
                {
                    "text": "And if the CT is indeterminate?",
                    "query": "indeterminate CT of a calcified flank mass in a child",
                    "filter": {"specialties": ["radiology"], "published_from": 2015},
                },
            ]
        }
    )

    text: str
    query: str | None = Field(None, description="searched for in place of the rewritten follow-up")
    filter: Filter = Filter()
    audience: Audience | None = Field(
        None,
        description="one that this service offers; by default who asked before in the "
        "conversation, else the first that is offered",
    )
    stream: Literal["verified", "draft"] = Field(
        "verified",
        description="`draft` streams words as they come, before they are checked, and takes back "
        "those that fail; what holds is the answer at the end",
    )


STREAMED: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The answer; as server-sent events (`status`, `candidates`, `statement`, "
        "`answer`, or `error` with a problem; `draft` and `retracted` where asked for) when "
        "`text/event-stream` is accepted.",
        "content": {
            "text/event-stream": {
                "example": 'event: status\ndata: {"type": "status", "phase": "searching", '
                '"label": "Searching the guidelines"}\n\n'
            }
        },
    }
}


@router.post("/questions", responses=STREAMED, response_model=Answer)
def ask(asking: Asking, assistant: Served, accept: Accept = "") -> Response:
    """Ask a question; a conversation begins with it."""
    return answered(assistant, Question(**dict(asking)), accept)


@router.post(
    "/conversations/{conversation_id}/questions", responses=STREAMED, response_model=Answer
)
def follow_up(
    conversation_id: str, asking: Asking, assistant: Served, accept: Accept = ""
) -> Response:
    """Ask a follow-up question; numbers mean what they meant before."""
    question = Question(**dict(asking), conversation_id=conversation_id)
    return answered(assistant, question, accept)


@router.get("/conversations/{conversation_id}")
def conversation(conversation_id: str, assistant: Served) -> Conversation:
    """A conversation: its answers in order, and the passage behind each number."""
    return assistant.conversation(conversation_id)


@router.get("/answers/{answer_id}")
def answer(answer_id: str, assistant: Served) -> Answer:
    """An answer as it was given, however the corpus has changed since."""
    return assistant.answer(answer_id)


def answered(assistant: Assistant, question: Question, accept: str) -> Response:
    """The answer as JSON, or event by event where that is accepted."""
    if "text/event-stream" not in accept:
        return JSONResponse(assistant.ask(question).model_dump(mode="json"))
    events = assistant.stream(question)
    first = next(events)  # a question that cannot be asked is an HTTP error, not an event
    return EventStream(first, events)


class EventStream(EventSourceResponse):
    """Events as they come; a caller who goes away ends the work on them."""

    def __init__(self, first: Event, events: Iterator[Event]) -> None:
        self._events = events
        super().__init__(_streamed(itertools.chain([first], events)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events; close their source whatever happens, and not when memory is next freed.

        A call of the model that is under way is given up at the next event it would have led to.
        """
        try:
            await super().__call__(scope, receive, send)
        finally:
            if isinstance(self._events, Generator):
                with CancelScope(shield=True):
                    await run_in_threadpool(self._events.close)


def _streamed(events: Iterator[Event]) -> Iterator[bytes]:
    try:
        for event in events:
            yield format_sse_event(event=event.type, data_str=event.model_dump_json())
    except RagError as error:
        yield format_sse_event(event="error", data_str=problem_of(error).model_dump_json())
    except Exception as error:
        yield format_sse_event(event="error", data_str=unexpected(error).model_dump_json())
