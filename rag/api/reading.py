"""The pages to read in: the corpus, a guideline, a passage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from fastapi import APIRouter, Request, Response

from rag.api.deps import Served
from rag.api.markdown import body
from rag.api.passages import Mark, blocks
from rag.api.rendering import render
from rag.assistant import Assistant
from rag.citing import source
from rag.types import Answer, Currency, Guideline

router = APIRouter()

CITING = 20
"""Answers listed on the page of a guideline that they cite."""

By = Literal["field", "issuer"]


@router.get("/guidelines")
def guidelines(request: Request, assistant: Served, by: By = "field", q: str = "") -> Response:
    """What is in the corpus, by field or by issuer; `q` finds words in what is said of each."""
    every = assistant.guidelines()
    found = [g for g in every if matches(g, q)]
    return render(
        request,
        "guidelines.html",
        every=every,
        found=found,
        groups=grouped(found, by),
        currency={g.id: assistant.currency(g) for g in every},
        version=assistant.live().version,
        by=by,
        q=q,
    )


@router.get("/guidelines/{guideline_id:path}")
def guideline(request: Request, guideline_id: str, assistant: Served) -> Response:
    """One guideline with an anchor for every passage, and the answers that cite it."""
    found = assistant.guideline(guideline_id)
    chunks = tuple(assistant.chunks(found.id))
    citing = assistant.citing([chunk.id for chunk in chunks])
    return render(
        request,
        "guideline.html",
        guideline=found,
        source=source(found),
        currency=assistant.currency(found),
        superseded_by=[assistant.guideline(i) for i in assistant.superseded_by(found.id)],
        supersedes=list(_known(assistant, found.supersedes)),
        body=body(found.body, chunks),
        passages=len(chunks),
        citing=len(citing),
        cited_by=newest(assistant.answer(i) for i in citing),
    )


@router.get("/passages/{chunk_id}")
def passage(
    request: Request, chunk_id: str, assistant: Served, start: int = 0, end: int = 0
) -> Response:
    """The words behind a number; `start` and `end` mark the quote, in the passage's code points."""
    excerpt = assistant.excerpt(chunk_id)
    return render(
        request,
        "passage.html",
        excerpt=excerpt,
        blocks=blocks(excerpt.chunk.text, [Mark(start, end)] if start < end else []),
        stands=excerpt.currency is not Currency.WITHDRAWN,
    )


def matches(guideline: Guideline, q: str) -> bool:
    """Whether all words of `q` stand in what is said of a guideline."""
    said = (guideline.title, guideline.issuer, guideline.specialty, guideline.population or "")
    text = " ".join((*said, str(guideline.year))).casefold()
    return all(word in text for word in q.casefold().split())


def grouped(guidelines: Iterable[Guideline], by: By) -> list[tuple[str, list[Guideline]]]:
    """Guidelines under their field or issuer, newest first."""
    groups: defaultdict[str, list[Guideline]] = defaultdict(list)
    for guideline in guidelines:
        groups[guideline.specialty if by == "field" else guideline.issuer].append(guideline)
    for group in groups.values():
        group.sort(key=lambda g: (-g.year, g.title))
    return sorted(groups.items(), key=lambda group: group[0].casefold())


def newest(answers: Iterable[Answer]) -> list[Answer]:
    """Answers as they are listed, the latest first."""
    return sorted(answers, key=lambda answer: answer.created, reverse=True)[:CITING]


def _known(assistant: Assistant, ids: Sequence[str]) -> Iterable[Guideline]:
    """Those of these guidelines that are in the version that serves."""
    known = {g.id: g for g in assistant.guidelines()}
    return (known[i] for i in ids if i in known)
