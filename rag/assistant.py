"""The composition root: everything is opened, wired and closed here."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from rag.settings import Settings
from rag.types import (
    Answer,
    ChunkId,
    Conversation,
    Event,
    Excerpt,
    Filter,
    Guideline,
    GuidelineId,
    Passage,
    Plan,
    Question,
    Refreshed,
    Status,
    Verified,
    Version,
    VersionId,
)

RefreshProgress = Callable[[str, int, int], None]
"""Called with (step, done, total) as a refresh advances."""


class Assistant:
    """Answers questions from the version that serves, and refreshes it; safe to share by threads."""

    def __init__(self, settings: Settings) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def close(self) -> None: ...

    def ask(self, question: Question | str) -> Answer:
        """Answer; raise InvalidQuestion, NotFound (conversation), IndexNotBuilt and its kin."""
        ...

    def stream(self, question: Question) -> Iterator[Event]:
        """The same, event by event as work advances; the last is the AnswerEvent."""
        ...

    def search(self, text: str, filter: Filter = Filter(), k: int = 12) -> list[Passage]: ...

    def answer(self, answer_id: str) -> Answer: ...

    def conversation(self, conversation_id: str) -> Conversation: ...

    def guidelines(self) -> list[Guideline]: ...

    def guideline(self, guideline_id: GuidelineId) -> Guideline: ...

    def excerpt(self, chunk_id: ChunkId) -> Excerpt: ...

    def status(self) -> Status: ...

    def versions(self) -> list[Version]:
        """Newest first."""
        ...

    def plan(self, rebuild: bool = False) -> Plan: ...

    def refresh(
        self, force: bool = False, rebuild: bool = False, progress: RefreshProgress | None = None
    ) -> Refreshed: ...

    def verify(self, version: VersionId | None = None) -> Verified: ...

    def rollback(self, version: VersionId | None = None) -> Version:
        """Let an earlier version serve: the one named, or the one before the current."""
        ...
