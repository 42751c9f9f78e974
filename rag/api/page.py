"""The page: asks, shows the answer, follows up, and opens what an answer rests on."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from rag.api.deps import Served
from rag.api.rendering import WEB, body_html, render
from rag.asking import LONGEST_QUESTION
from rag.assistant import Assistant
from rag.citing import source
from rag.errors import InvalidQuestion, RagError
from rag.types import Answer, Filter, Guideline, Question

router = APIRouter(include_in_schema=False)

EXAMPLES = 4
"""Questions offered on the first page."""


def mount_static(app: FastAPI) -> None:
    """Serve the style sheet and what else never changes between releases."""
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")


@router.get("/")
def home(request: Request, assistant: Served) -> Response:
    """The box for a question, and what is in the corpus."""
    return _home(request, assistant)


@router.post("/ask")
def ask(
    request: Request,
    assistant: Served,
    text: Annotated[str, Form()] = "",
    conversation_id: Annotated[str | None, Form()] = None,
    query: Annotated[str | None, Form()] = None,
    include_superseded: Annotated[bool, Form()] = False,
) -> Response:
    """Answer, and lead to the answer's own address."""
    question = Question(
        text=text,
        conversation_id=conversation_id,
        query=query or None,
        filter=Filter(include_superseded=include_superseded),
    )
    try:
        answer = assistant.ask(question)
    except InvalidQuestion as error:
        answers = assistant.conversation(conversation_id).answers if conversation_id else ()
        if answers:
            return _answer(request, assistant, answers[-1], 422, problem=str(error), text=text)
        return _home(request, assistant, 422, problem=str(error), text=text)
    return RedirectResponse(f"/answers/{answer.id}", status_code=303)


@router.get("/answers/{answer_id}")
def answer(request: Request, answer_id: str, assistant: Served) -> Response:
    """One answer, and the box for the next question."""
    return _answer(request, assistant, assistant.answer(answer_id))


@router.get("/conversations/{conversation_id}")
def conversation(request: Request, conversation_id: str, assistant: Served) -> Response:
    """Every answer of a conversation, one below the other."""
    found = assistant.conversation(conversation_id)
    return render(request, "conversation.html", 200, answers=found.answers, **_box())


@router.get("/guidelines")
def guidelines(request: Request, assistant: Served) -> Response:
    """What is in the corpus, by field."""
    fields: defaultdict[str, list[Guideline]] = defaultdict(list)
    for guideline in assistant.guidelines():
        fields[guideline.specialty].append(guideline)
    return render(
        request,
        "guidelines.html",
        fields=sorted(fields.items()),
        currency=assistant.currency,
    )


@router.get("/guidelines/{guideline_id:path}")
def guideline(request: Request, guideline_id: str, assistant: Served) -> Response:
    """One guideline with an anchor for every passage."""
    found = assistant.guideline(guideline_id)
    return render(
        request,
        "guideline.html",
        guideline=found,
        source=source(found),
        currency=assistant.currency(found),
        superseded_by=[assistant.guideline(i) for i in assistant.superseded_by(found.id)],
        supersedes=[assistant.guideline(i) for i in found.supersedes],
        body=body_html(found.body, assistant.chunks(found.id)),
    )


@router.get("/passages/{chunk_id}")
def passage(
    request: Request, chunk_id: str, assistant: Served, start: int = 0, end: int = 0
) -> Response:
    """The words behind a number; `start` and `end` mark the quote, in the body's code points."""
    excerpt = assistant.excerpt(chunk_id)
    chunk = excerpt.chunk
    first = min(max(start - chunk.start, 0), len(chunk.text))
    last = min(max(end - chunk.start, first), len(chunk.text))
    text = chunk.text
    return render(
        request,
        "passage.html",
        excerpt=excerpt,
        before=text[:first],
        quoted=text[first:last],
        after=text[last:],
    )


@router.get("/policy")
def policy(request: Request) -> Response:
    """How answers are made, and what they are not."""
    return render(request, "policy.html")


def _home(request: Request, assistant: Assistant, status: int = 200, **box: str) -> Response:
    try:
        found, missing = assistant.guidelines(), None
    except RagError as error:
        found, missing = [], str(error)
    return render(
        request,
        "home.html",
        status,
        guidelines=found,
        missing=missing,
        examples=_examples(found),
        **_box(**box),
    )


def _answer(
    request: Request, assistant: Assistant, shown: Answer, status: int = 200, **box: str
) -> Response:
    conversation = assistant.conversation(shown.conversation_id)
    return render(
        request,
        "answer.html",
        status,
        answer=shown,
        earlier=[a for a in conversation.answers if a.turn < shown.turn],
        later=[a for a in conversation.answers if a.turn > shown.turn],
        **_box(**box),
    )


def _box(problem: str | None = None, text: str = "") -> dict[str, object]:
    """What the box for a question shows."""
    return {"problem": problem, "text": text, "longest": LONGEST_QUESTION}


def _examples(guidelines: Sequence[Guideline]) -> list[str]:
    """The first question of some guidelines of different fields."""
    by_field = {g.specialty: g.questions[0] for g in reversed(guidelines) if g.questions}
    return list(by_field.values())[:EXAMPLES]
