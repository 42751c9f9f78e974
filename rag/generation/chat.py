"""Answers worded by a chat model; what it says is checked by others."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from rag.errors import GenerationFailed
from rag.generation import Delta, Drafted, DraftStatement, Faulty, Ledger, Task
from rag.generation.model import ChatModel
from rag.generation.prompt import (
    DIGEST,
    NOTHING,
    Article,
    Sentence,
    draft_messages,
    readable,
    repair_messages,
    reword_messages,
    rewrite_messages,
)
from rag.generation.reading import MOST_STATEMENTS, Reader, cite_of, marked_sentences
from rag.index.tokens import tokens
from rag.types import Audience, Passage, Turn

LONGEST_LINE = 500
"""Characters of a repair, for each statement; a model that goes on for longer is cut off."""

NUMBERED = re.compile(r"^\s*(\d{1,3})[.):]\s+(.*\S)\s*$", re.MULTILINE)


class ChatGenerator:
    """Any chat model: structured where the model can, else read from what it writes."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self.prompt: str | None = DIGEST
        self._model = model

    def draft(self, task: Task, ledger: Ledger) -> Iterator[Drafted]:
        """See Generator; raises GenerationFailed when the model says nothing that can be read.

        What only says the question again is no statement.
        """
        asked = set(tokens(f"{task.question} {task.query}"))
        for drafted in self._drafts(task, ledger):
            if isinstance(drafted, Delta) or not set(tokens(drafted.text)) <= asked:
                yield drafted

    def _drafts(self, task: Task, ledger: Ledger) -> Iterator[Drafted]:
        task = replace(task, passages=readable(task.passages))
        if self._model.is_structured:
            article = self._model.structured(draft_messages(task), Article, ledger)
            if article is not None:
                yield from _of_article(article, task.passages)
                return
        yield from self._read(task, ledger)

    def repair(
        self, task: Task, faulty: Sequence[Faulty], ledger: Ledger
    ) -> Sequence[DraftStatement | None]:
        """See Generator; a line that is missing or is none repairs nothing."""
        task = replace(task, passages=readable(task.passages))
        text, most = "", LONGEST_LINE * len(faulty)
        with closing(self._model.stream(repair_messages(task, faulty), ledger)) as words:
            for each in words:
                text += each
                if len(text) > most:
                    break
        lines = _numbered(text, len(faulty))
        return [_repaired(line, task.passages) for line in lines]

    def rewrite(self, question: str, history: Sequence[Turn], ledger: Ledger) -> str | None:
        """See Generator; anything but one line is none."""
        text = self._model.ask(rewrite_messages(question, history), ledger).strip().strip('"')
        return text if text and "\n" not in text else None

    def reword(
        self, statements: Sequence[str], audience: Audience, ledger: Ledger
    ) -> Sequence[str | None]:
        """See Generator."""
        if not statements:
            return []
        text = self._model.ask(reword_messages(statements, audience), ledger)
        return _numbered(text, len(statements))

    def close(self) -> None:
        """Let go of the model."""
        self._model.close()

    def _read(self, task: Task, ledger: Ledger) -> Iterator[Drafted]:
        reader, said = Reader(task.passages), ""
        for text in self._model.stream(draft_messages(task), ledger):
            said += text
            yield Delta(text)
            yield from reader.feed(text)
            if reader.is_full:
                break
        yield from reader.finish()
        if not said.strip():
            raise GenerationFailed("the model answered nothing")


def _of_article(article: Article, passages: Sequence[Passage]) -> Iterator[DraftStatement]:
    if article.headline is None:
        return
    yield _drafted(article.headline, passages)
    count = 0
    for part in article.sections:
        for sentence in part.statements:
            count += 1
            if count < MOST_STATEMENTS:
                yield _drafted(sentence, passages, part.heading.strip() or "Details", part.steps)


def _drafted(
    sentence: Sentence,
    passages: Sequence[Passage],
    heading: str | None = None,
    ordered: bool = False,
) -> DraftStatement:
    marked = marked_sentences(sentence.text)
    text = " ".join(part.text for part in marked) or sentence.text
    labels = [*sentence.passages, *(label for part in marked for label in part.labels)]
    cites = tuple(dict.fromkeys(c for n in labels if (c := cite_of(passages, n))))
    return DraftStatement(text, cites, None, heading, ordered, verbatim=False)


def _repaired(line: str | None, passages: Sequence[Passage]) -> DraftStatement | None:
    if line is None or line.strip(" .").upper() == NOTHING:
        return None
    found = marked_sentences(line)
    if len(found) != 1:
        return None
    return _drafted(Sentence(text=found[0].text, passages=list(found[0].labels)), passages)


def _numbered(text: str, count: int) -> list[str | None]:
    """The lines of a text by their numbers, or in their order where they have none."""
    lines = {int(number): line for number, line in NUMBERED.findall(text)}
    if not lines:
        plain = [line.strip(" -*•") for line in text.splitlines() if line.strip()]
        lines = dict(enumerate(plain, start=1)) if len(plain) == count else {}
    return [lines.get(number) for number in range(1, count + 1)]
