"""The guidelines that answers rest on, and their passages."""

from datetime import date

from fastapi import APIRouter

from rag.api.deps import Served
from rag.api.problems import RESPONSES
from rag.citing import source
from rag.types import Chunk, Currency, Excerpt, GuidelineId, Source, Value

router = APIRouter(prefix="/v1", tags=["corpus"], responses=RESPONSES)


class Listed(Value):
    """A guideline in the list of all."""

    source: Source
    specialty: str
    population: str | None
    currency: Currency
    questions: tuple[str, ...]


class Whole(Listed):
    """A guideline with its text and the chunks of it that are searched."""

    jurisdiction: str | None
    setting: str | None
    licence: str | None
    effective: date | None
    review_by: date | None
    reviewed: date | None
    supersedes: tuple[GuidelineId, ...]
    superseded_by: tuple[GuidelineId, ...]
    body: str
    digest: str
    chunks: tuple[Chunk, ...]


@router.get("/guidelines")
def guidelines(assistant: Served) -> list[Listed]:
    """Every guideline that is searched, by id."""
    return [
        Listed(
            source=source(guideline),
            specialty=guideline.specialty,
            population=guideline.population,
            currency=assistant.currency(guideline),
            questions=guideline.questions,
        )
        for guideline in assistant.guidelines()
    ]


@router.get("/guidelines/{guideline_id:path}")
def guideline(guideline_id: GuidelineId, assistant: Served) -> Whole:
    """One guideline, whole."""
    found = assistant.guideline(guideline_id)
    return Whole(
        source=source(found),
        specialty=found.specialty,
        population=found.population,
        currency=assistant.currency(found),
        questions=found.questions,
        jurisdiction=found.jurisdiction,
        setting=found.setting,
        licence=found.licence,
        effective=found.effective,
        review_by=found.review_by,
        reviewed=found.reviewed,
        supersedes=found.supersedes,
        superseded_by=assistant.superseded_by(guideline_id),
        body=found.body,
        digest=found.digest,
        chunks=tuple(assistant.chunks(guideline_id)),
    )


@router.get("/passages/{chunk_id}")
def passage(chunk_id: str, assistant: Served) -> Excerpt:
    """The passage behind a number, even one that is no longer in the corpus."""
    return assistant.excerpt(chunk_id)
