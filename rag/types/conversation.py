"""Questions, what was said before, and the events that an answer arrives in."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from rag.types.answer import Answer, Audience, Statement
from rag.types.search import Candidate, Filter
from rag.types.value import ChunkId, Value


class Question(Value):
    """What is asked, and how."""

    text: str
    conversation_id: str | None = None
    query: str | None = Field(None, description="overrides the rewriting of a follow-up")
    filter: Filter = Filter()
    audience: Audience | None = Field(
        None, description="by default who asked before, else the first that is offered"
    )
    stream: Literal["verified", "draft"] = Field(
        "verified", description="whether words may be streamed before they are checked"
    )


class Turn(Value):
    """An earlier exchange of a conversation, as a follow-up sees it."""

    question: str
    query: str
    said: tuple[str, ...] = Field((), description="the statements it was answered with")


class Conversation(Value):
    """Answers in the order they were given, and what each number means."""

    id: str
    created: datetime
    answers: tuple[Answer, ...]
    numbers: dict[int, ChunkId]


class StatusEvent(Value):
    """The service has begun a phase of its work."""

    type: Literal["status"] = "status"
    phase: Literal["rewriting", "searching", "writing", "checking", "wording"]
    label: str


class CandidatesEvent(Value):
    """What was found, before anything is written."""

    type: Literal["candidates"] = "candidates"
    query: str
    candidates: tuple[Candidate, ...]


class StatementEvent(Value):
    """A statement that has passed its check; `heading` is None for the headline."""

    type: Literal["statement"] = "statement"
    heading: str | None
    ordered: bool = Field(False, description="whether it is a step of a list")
    statement: Statement


class DraftEvent(Value):
    """Words as they come from a chat model, not checked; only sent to those who ask for it."""

    type: Literal["draft"] = "draft"
    text: str


class RetractedEvent(Value):
    """A drafted statement that its passages do not carry, word for word as it was drafted."""

    type: Literal["retracted"] = "retracted"
    text: str


class AnswerEvent(Value):
    """The authoritative answer, always last."""

    type: Literal["answer"] = "answer"
    answer: Answer


Event = Annotated[
    StatusEvent | CandidatesEvent | DraftEvent | RetractedEvent | StatementEvent | AnswerEvent,
    Field(discriminator="type"),
]
