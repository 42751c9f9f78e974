"""Conversations, the answers in them, and what each number means; only ever added to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from rag.database import tables as t
from rag.database.content import execute_many, runs
from rag.errors import Conflict, NotFound
from rag.types import Answer, ChunkId, Conversation


def save_answer(connection: Connection, answer: Answer) -> None:
    """Keep an answer, its citations and its new numbers; raises Conflict if another came first."""
    cited = {
        c.chunk_id: (c.guideline_id, c.guideline_digest)
        for s in answer.statements
        for c in s.citations
    }
    known = numbers(connection, answer.conversation_id)
    given = {r.number: r.chunk_id for r in answer.references if r.number not in known}
    try:
        connection.execute(
            insert(t.answers),
            {
                "id": answer.id,
                "conversation_id": answer.conversation_id,
                "turn": answer.turn,
                "content": answer.model_dump_json(),
            },
        )
        execute_many(
            connection,
            insert(t.numbers),
            (
                {"conversation_id": answer.conversation_id, "number": n, "chunk_id": chunk_id}
                for n, chunk_id in given.items()
            ),
        )
        execute_many(
            connection,
            insert(t.citations),
            (
                {
                    "answer_id": answer.id,
                    "chunk_id": chunk_id,
                    "guideline_id": guideline_id,
                    "guideline_digest": digest,
                }
                for chunk_id, (guideline_id, digest) in cited.items()
            ),
        )
    except IntegrityError as error:
        raise Conflict("the conversation went on elsewhere meanwhile: ask again") from error


def start_conversation(connection: Connection, conversation_id: str, created: datetime) -> None:
    """Note that a conversation begins."""
    connection.execute(insert(t.conversations), {"id": conversation_id, "created": created})


def conversation(connection: Connection, conversation_id: str) -> Conversation:
    """A conversation with its answers in order; or NotFound."""
    created = connection.execute(
        select(t.conversations.c.created).where(t.conversations.c.id == conversation_id)
    ).scalar()
    if created is None:
        raise NotFound(f"there is no conversation {conversation_id}")
    contents = connection.execute(
        select(t.answers.c.content)
        .where(t.answers.c.conversation_id == conversation_id)
        .order_by(t.answers.c.turn)
    ).scalars()
    return Conversation(
        id=conversation_id,
        created=created,
        answers=tuple(map(Answer.model_validate_json, contents)),
        numbers=numbers(connection, conversation_id),
    )


def numbers(connection: Connection, conversation_id: str) -> dict[int, ChunkId]:
    """The numbers a conversation has given, in order."""
    c = t.numbers.c
    rows = connection.execute(
        select(c.number, c.chunk_id).where(c.conversation_id == conversation_id).order_by(c.number)
    )
    return {row.number: row.chunk_id for row in rows}


def answer(connection: Connection, answer_id: str) -> Answer:
    """An answer as it was given; or NotFound."""
    content = connection.execute(
        select(t.answers.c.content).where(t.answers.c.id == answer_id)
    ).scalar()
    if content is None:
        raise NotFound(f"there is no answer {answer_id}")
    return Answer.model_validate_json(content)


def answers_citing(connection: Connection, chunk_ids: Collection[ChunkId]) -> list[str]:
    """Ids of the answers that rest on any of these chunks."""
    c = t.citations.c
    found = {
        answer_id
        for run in runs(chunk_ids)
        for answer_id in connection.execute(
            select(c.answer_id).where(c.chunk_id.in_(run)).distinct()
        ).scalars()
    }
    return sorted(found)
