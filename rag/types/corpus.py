"""Guidelines, what they are cut into, and where they differ."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from rag.types.value import ChunkId, GuidelineId, Value

PLAIN_WORDS = 20
"""The most words in which a term is explained inside a sentence."""

Name = Annotated[str, Field(pattern=r"[^\W_]")]
"""A name has letters or digits."""


class Role(StrEnum):
    """What a section of a summary is for; every heading maps to one."""

    RECOMMENDATIONS = "recommendations"
    STEPS = "steps"
    DOSING = "dosing"
    DIFFERENTIAL = "differential"
    RATIONALE = "rationale"
    MONITORING = "monitoring"
    CAVEATS = "caveats"
    PLAIN_LANGUAGE = "plain language"


class GradeSystem(StrEnum):
    """Who defined the words of a grade; grades are never converted between systems."""

    GRADE = "GRADE"
    ACC_AHA = "ACC/AHA"
    ESC = "ESC"
    USPSTF = "USPSTF"
    NICE = "NICE"
    ACR = "ACR"
    ADA = "ADA"
    AAN = "AAN"
    AAP = "AAP"
    ACOG = "ACOG"
    ASCO = "ASCO"
    ESMO = "ESMO"
    EULAR = "EULAR"
    GINA = "GINA"


class Grade(Value):
    """The strength of a recommendation, verbatim, with the system whose words they are."""

    system: GradeSystem
    text: str

    def __str__(self) -> str:
        return f"{self.system}: {self.text}"


class Kind(StrEnum):
    """What sort of source a summary states."""

    GUIDELINE = "guideline"
    RESEARCH = "research"
    LABEL = "label"


class Guideline(Value):
    """One summary: the front matter of its file, its body, and the digest of both."""

    id: GuidelineId
    title: str
    issuer: str
    kind: Kind
    published: date | int = Field(description="date of publication, or the year alone")
    effective: date | None = None
    review_by: date | None = None
    reviewed: date | None = None
    supersedes: tuple[GuidelineId, ...] = ()
    jurisdiction: str | None = None
    population: str | None = None
    setting: str | None = None
    specialty: str
    url: str | None = None
    doi: str | None = None
    licence: str | None = None
    questions: tuple[str, ...] = ()
    path: str = Field(description="relative to the corpus folder")
    body: str
    digest: str = Field(description="SHA-256 of front matter and body")

    @property
    def year(self) -> int:
        """The year of publication."""
        return self.published if isinstance(self.published, int) else self.published.year


class Chunk(Value):
    """A stretch of one guideline's body, named by its content.

    `body[start:end] == text`, always. `context` (title, heading path, a table's header row) is
    embedded and indexed with the text, never quoted.
    """

    id: ChunkId
    guideline_id: GuidelineId
    heading: tuple[str, ...]
    text: str
    context: str
    start: int
    end: int
    role: Role
    grade: Grade | None = Field(None, description="set when all its recommendations share one")

    @property
    def section(self) -> tuple[GuidelineId, tuple[str, ...]]:
        """The guideline and the headings that the chunk stands under."""
        return self.guideline_id, self.heading

    @property
    def indexed_text(self) -> str:
        """What is embedded and searched: the context, a newline, the text."""
        return f"{self.context}\n{self.text}"


class Currency(StrEnum):
    """Whether a source still stands on the day of the answer."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    PAST_REVIEW = "past review"
    WITHDRAWN = "withdrawn"


class Source(Value):
    """What is said of a guideline wherever it is listed."""

    guideline_id: GuidelineId
    title: str
    issuer: str
    kind: Kind
    year: int
    url: str | None = None
    doi: str | None = None


class Side(Value):
    """The words `chunk.text[start:end]` in which one guideline takes its side on a point."""

    guideline_id: GuidelineId
    chunk_id: ChunkId
    start: int
    end: int


class DifferingPoint(Value):
    """A point on which guidelines of the corpus are known to differ."""

    point: str
    sides: tuple[Side, ...]


class Term(Value):
    """A term of medicine: its abbreviations, its other names, and its meaning in plain words.

    An abbreviation with several meanings has the one whose words stand near. Drugs of a class,
    aliases and everyday words are no names, and statements are not compared by them: they widen a
    search, and aliases and words count in how far a passage fits a question.
    """

    term: Name
    short: tuple[Name, ...] = ()
    synonyms: tuple[Name, ...] = ()
    plain: str | None = Field(
        None,
        pattern=r"^[^()\[\]{}\n]*[^()\[\]{}\n.\s]$",
        description="stands in brackets after the term; none where the term says it itself",
    )
    near: tuple[Name, ...] = Field((), description="of which one stands near an abbreviation")
    members: tuple[Name, ...] = Field(
        (), description="drugs of a class, searched for by it too, and no names of it"
    )
    lay: tuple[Name, ...] = Field(
        (), description="everyday words that may mean it, searched for by it too"
    )
    aliases: tuple[Name, ...] = Field(
        (), description="brands and shorthand, searched for as the term"
    )

    @field_validator("short", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("plain")
    @classmethod
    def _brief(cls, value: str | None) -> str | None:
        if value and len(value.split()) > PLAIN_WORDS:
            raise ValueError(f"longer than {PLAIN_WORDS} words")
        return value

    @model_validator(mode="after")
    def _near_an_abbreviation(self) -> Self:
        if self.near and not self.short:
            raise ValueError("near without short: only abbreviations are told apart by it")
        return self

    @property
    def names(self) -> Iterator[str]:
        """The term, its abbreviations, its synonyms."""
        yield from (self.term, *self.short, *self.synonyms)
