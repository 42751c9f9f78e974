"""An answer: its statements, what they rest on, and how it was made."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from rag.types.corpus import Currency, Grade, Source
from rag.types.search import Candidate
from rag.types.value import ChunkId, GuidelineId, Value, VersionId


class Support(StrEnum):
    """What grounding says of a statement against the passages it cites."""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"


class Mismatch(StrEnum):
    """In what a statement differs from the words it cites."""

    NUMBER = "number"
    UNIT = "unit"
    COMPARATOR = "comparator"
    ROUTE = "route"
    NEGATION = "negation"
    NAME = "name"
    POPULATION = "population"
    CONDITION = "condition"
    STRENGTH = "strength"
    DIRECTION = "direction"
    UNCITED = "uncited"
    UNSAID = "unsaid"


class Reason(Value):
    """Why a statement is not carried, naming the words at fault and what the source has instead."""

    mismatch: Mismatch
    words: str = Field(description="of the statement")
    source: str = Field("", description="what the cited words say there")

    def __str__(self) -> str:
        instead = f", where the source has {self.source!r}" if self.source else ""
        return f"{self.mismatch}: {self.words!r}{instead}"


class Quote(Value):
    """The cited words in the body they came from (W3C TextQuote and TextPosition selectors)."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


class Citation(Value):
    """One reference number of one statement, and the very words it stands on."""

    number: int
    chunk_id: ChunkId
    guideline_id: GuidelineId
    guideline_digest: str
    quote: Quote


class Statement(Value):
    """One sentence of an answer with the citations it rests on.

    `text` is what was checked; `wording` says the same for the audience, where that differs.
    """

    text: str
    wording: str | None = None
    citations: tuple[Citation, ...]
    support: Support
    reasons: tuple[Reason, ...] = ()
    grade: Grade | None = None
    verbatim: bool = Field(True, description="whether the words are those of the corpus")

    @property
    def shown(self) -> str:
        """The words that the audience reads."""
        return self.wording or self.text

    @property
    def numbers(self) -> tuple[int, ...]:
        """The reference numbers in the order they are shown."""
        return tuple(dict.fromkeys(citation.number for citation in self.citations))


class Section(Value):
    """Statements under one heading; ordered when they are steps."""

    heading: str
    ordered: bool = False
    statements: tuple[Statement, ...]


class Disagreement(Value):
    """Current guidelines that differ on one point, each side in its own words."""

    point: str
    statements: tuple[Statement, ...]


class Reference(Value):
    """An entry of the reference list: where a number leads."""

    number: int
    chunk_id: ChunkId
    source: Source
    heading: tuple[str, ...]
    currency: Currency


class Fate(StrEnum):
    """What became of a drafted statement that its passages do not carry."""

    REPAIRED = "repaired"
    REPLACED = "replaced"
    DROPPED = "dropped"


class Removed(Value):
    """A drafted statement that was not sent as it was, and why."""

    text: str
    support: Support
    reasons: tuple[Reason, ...]
    fate: Fate


class OutcomeKind(StrEnum):
    """Whether the question was answered; abstaining is an answer, not an error."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"


class AbstentionReason(StrEnum):
    """Why nothing was stated, or no headline of one voice could be."""

    NOT_IN_CORPUS = "not_in_corpus"
    INSUFFICIENT = "insufficient"
    CONFLICT = "conflict"
    SUPERSEDED_ONLY = "superseded_only"
    PATIENT_SPECIFIC = "patient_specific"
    EMERGENCY = "emergency"
    HARMFUL = "harmful"
    OUT_OF_SCOPE = "out_of_scope"


class Outcome(Value):
    """Answered, partial, or abstained with the reason."""

    kind: OutcomeKind
    reason: AbstentionReason | None = None
    sufficiency: float = Field(0.0, description="how far the passages found meet the question, 0–1")
    enough: float | None = Field(None, description="the sufficiency that was needed to answer")


class ReviewStatus(StrEnum):
    """How far the review of an answer has come."""

    SUBMITTED = "Submitted"
    UNDER_REVIEW = "Under Review"
    APPROVED = "Approved"


class Audience(StrEnum):
    """Who asks: the statements are the same for all, the wording is not."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    PATIENT = "patient"


class Usage(Value):
    """What a chat model was given and gave, in tokens as its provider counts them."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = Field(None, description="in the currency of the prices, if any are set")


class Provenance(Value):
    """What the answer was made with; no prompt and no usage without a chat model."""

    index_version: VersionId
    corpus_digest: str
    embedder: str
    generator: str
    prompt: str | None = Field(None, description="SHA-256 of the instructions given to the model")
    usage: Usage | None = None


class Answer(Value):
    """The whole answer: what is shown, what it rests on, and how it was made."""

    id: str
    conversation_id: str
    turn: int
    created: datetime
    question: str
    audience: Audience = Audience.CLINICIAN
    query: str = Field(description="the self-contained text that was searched for")
    outcome: Outcome
    headline: Statement | None
    sections: tuple[Section, ...]
    disagreements: tuple[Disagreement, ...] = ()
    references: tuple[Reference, ...]
    nearest: tuple[Source, ...] = Field((), description="shown when abstaining")
    removed: tuple[Removed, ...] = Field((), description="drafted, and not sent as it was")
    fallback: str | None = Field(
        None, description="why the answer is extractive although a chat model is configured"
    )
    warnings: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    review: ReviewStatus = ReviewStatus.SUBMITTED
    disclaimer: str
    candidates: tuple[Candidate, ...]
    provenance: Provenance
    timings_ms: dict[str, float]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement in reading order: headline, sections, disagreements."""
        headline = (self.headline,) if self.headline else ()
        sections = tuple(s for section in self.sections for s in section.statements)
        sides = tuple(s for differing in self.disagreements for s in differing.statements)
        return headline + sections + sides
