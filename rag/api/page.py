"""The page: asks, shows the answer, follows up, and lets it be taken along."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, FastAPI, Form, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from rag.api import exporting, reading
from rag.api.articles import article, notes
from rag.api.box import Box, choices
from rag.api.deps import Served
from rag.api.problems import Problem, problem_of, respond, unexpected
from rag.api.questions import Accept, answered
from rag.api.rendering import STATIC, WEB, render
from rag.assistant import Assistant
from rag.errors import NotFound, RagError
from rag.types import Answer, Guideline

router = APIRouter(include_in_schema=False)
router.include_router(reading.router)

EXAMPLES = 4
"""Questions offered on the first page."""

TELLING = Problem(
    type="urn:guideline-rag:identity",
    title="This may tell who the patient is",
    status=422,
    detail="The question may tell who a patient is. It has not been asked, and it is not kept.",
)

FORMS: dict[str, tuple[Callable[[Answer, str], str], str]] = {
    "md": (exporting.markdown, "text/markdown"),
    "html": (exporting.rich, "text/html"),
    "txt": (exporting.plain, "text/plain"),
    "ris": (lambda answer, _: exporting.ris(answer), "application/x-research-info-systems"),
    "json": (
        lambda answer, _: exporting.csl_json(answer),
        "application/vnd.citationstyles.csl+json",
    ),
}
"""What an answer can be taken along as, by the end of its address."""


def mount_static(app: FastAPI) -> None:
    """Serve the style sheets and scripts, at an address that changes with them."""
    app.mount(STATIC, StaticFiles(directory=WEB / "static"), name="static")


@router.get("/")
def home(request: Request, assistant: Served) -> Response:
    """The box for a question, and what is in the corpus."""
    return _home(request, assistant, Box())


@router.post("/ask")
def ask(
    request: Request, assistant: Served, box: Annotated[Box, Form()], accept: Accept = ""
) -> Response:
    """Answer, and lead to the answer's own address; or stream it to a script.

    What cannot be asked is shown again as it was typed, with the reason.
    """
    try:
        question = box.question(assistant.settings.offered)
        if box.tellings:
            return _refused(request, assistant, box, TELLING, accept)
        if "text/event-stream" in accept:
            return answered(assistant, question, accept)
        answer = assistant.ask(question)
    except RagError as error:
        return _refused(request, assistant, box, problem_of(error), accept)
    except Exception as error:
        return _refused(request, assistant, box, unexpected(error), accept)
    return RedirectResponse(f"/answers/{answer.id}", status_code=303)


@router.get("/answers/{answer_id}.{form}")
def export(request: Request, answer_id: str, form: str, assistant: Served) -> Response:
    """One answer in a form to take along."""
    if form not in FORMS:
        raise NotFound(f"there is no form {form}: known are {', '.join(FORMS)}")
    write, media_type = FORMS[form]
    text = write(assistant.answer(answer_id), f"{request.base_url}answers/{answer_id}")
    name = f'inline; filename="{answer_id}.{form}"'
    return PlainTextResponse(text, media_type=media_type, headers={"Content-Disposition": name})


@router.get("/answers/{answer_id}")
def answer(request: Request, answer_id: str, assistant: Served) -> Response:
    """One answer, and the box for the next question."""
    return _answer(request, assistant, assistant.answer(answer_id), Box())


@router.get("/conversations/{conversation_id}")
def conversation(request: Request, conversation_id: str, assistant: Served) -> Response:
    """Every answer of a conversation, one below the other, over one list of references."""
    articles = [article(a) for a in assistant.conversation(conversation_id).answers]
    return render(
        request,
        "conversation.html",
        articles=articles,
        notes=notes(articles, assistant.excerpt),
        box=Box(conversation_id=conversation_id),
        choices=choices(assistant),
    )


@router.get("/policy")
def policy(request: Request) -> Response:
    """How answers are made, and what they are not."""
    return render(request, "policy.html")


def _home(
    request: Request, assistant: Assistant, box: Box, problem: Problem | None = None
) -> Response:
    try:
        found, missing = assistant.guidelines(), None
    except RagError as error:
        found, missing = [], str(error)
    return render(
        request,
        "home.html",
        problem.status if problem else 200,
        guidelines=found,
        missing=None if problem else missing,
        examples=_examples(found),
        box=box,
        refused=problem,
        choices=choices(assistant),
    )


def _answer(
    request: Request,
    assistant: Assistant,
    shown: Answer,
    box: Box,
    problem: Problem | None = None,
) -> Response:
    conversation = assistant.conversation(shown.conversation_id)
    shown_article = article(shown)
    return render(
        request,
        "answer.html",
        problem.status if problem else 200,
        article=shown_article,
        notes=notes([shown_article], assistant.excerpt),
        turns=conversation.answers,
        box=box.model_copy(update={"conversation_id": shown.conversation_id}),
        refused=problem,
        choices=choices(assistant),
    )


def _refused(
    request: Request, assistant: Assistant, box: Box, problem: Problem, accept: str
) -> Response:
    """The page that the question was typed into, with all that was typed."""
    if "text/event-stream" in accept:
        return respond(request, problem)
    try:
        answers = assistant.conversation(box.conversation_id).answers
    except NotFound:
        answers = ()
    if answers:
        return _answer(request, assistant, answers[-1], box, problem)
    return _home(request, assistant, box.model_copy(update={"conversation_id": ""}), problem)


def _examples(guidelines: Sequence[Guideline]) -> list[str]:
    """The first question of some guidelines of different fields."""
    by_field = {g.specialty: g.questions[0] for g in reversed(guidelines) if g.questions}
    return list(by_field.values())[:EXAMPLES]
