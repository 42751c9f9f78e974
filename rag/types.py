"""Every value that flows through the service, frozen, on one page.

Spans are half-open `[start, end)` in Unicode code points. Scores are higher-is-better. Dates are
ISO dates, instants are UTC. Arrays stay outside these types.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

ChunkId = str
"""16 hex digits of a positive int64: a string everywhere but inside an index."""

GuidelineId = str
"""`issuer/slug`: the path below `corpus/` without its ending, unless the front matter says."""

VersionId = str


class Value(BaseModel):
    """Base of all values: frozen, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class Hit(NamedTuple):
    """A chunk that a search found."""

    chunk_id: ChunkId
    score: float


class Scores(Value):
    """Why a passage was retrieved; dense is cosine, lexical BM25, fused 0 to 1."""

    dense: float | None = None
    lexical: float | None = None
    fused: float


class Currency(StrEnum):
    """Whether a source still stands on the day of the answer."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    PAST_REVIEW = "past review"
    WITHDRAWN = "withdrawn"


class Passage(Value):
    """A retrieved chunk with its source and its scores, best first by `rank` (from 1)."""

    rank: int
    chunk: Chunk
    guideline: Guideline
    currency: Currency
    scores: Scores


class Support(StrEnum):
    """What grounding says of a statement against the passages it cites."""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"


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
    """One sentence of an answer with the citations it rests on."""

    text: str
    citations: tuple[Citation, ...]
    support: Support
    reasons: tuple[str, ...] = ()
    grade: Grade | None = None

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


class Source(Value):
    """What is said of a guideline wherever it is listed."""

    guideline_id: GuidelineId
    title: str
    issuer: str
    kind: Kind
    year: int
    url: str | None = None
    doi: str | None = None


class Reference(Value):
    """An entry of the reference list: where a number leads."""

    number: int
    chunk_id: ChunkId
    source: Source
    heading: tuple[str, ...]
    currency: Currency


class OutcomeKind(StrEnum):
    """Whether the question was answered; abstaining is an answer, not an error."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"


class AbstentionReason(StrEnum):
    """Why nothing was stated."""

    NOT_IN_CORPUS = "not_in_corpus"
    INSUFFICIENT = "insufficient"
    SUPERSEDED_ONLY = "superseded_only"


class Outcome(Value):
    """Answered, partial, or abstained with the reason."""

    kind: OutcomeKind
    reason: AbstentionReason | None = None


class ReviewStatus(StrEnum):
    """How far the review of an answer has come."""

    SUBMITTED = "Submitted"
    UNDER_REVIEW = "Under Review"
    APPROVED = "Approved"


class Provenance(Value):
    """What the answer was made with."""

    index_version: VersionId
    corpus_digest: str
    embedder: str
    generator: str


class Candidate(Value):
    """A passage that was found, whether or not it was cited."""

    rank: int
    chunk_id: ChunkId
    source: Source
    heading: tuple[str, ...]
    scores: Scores


class Answer(Value):
    """The whole answer: what is shown, what it rests on, and how it was made."""

    id: str
    conversation_id: str
    turn: int
    created: datetime
    question: str
    query: str = Field(description="the self-contained text that was searched for")
    outcome: Outcome
    headline: Statement | None
    sections: tuple[Section, ...]
    disagreements: tuple[Disagreement, ...] = ()
    references: tuple[Reference, ...]
    nearest: tuple[Source, ...] = Field((), description="shown when abstaining")
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


class Filter(Value):
    """Which guidelines may be searched; empty fields allow everything."""

    issuers: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    specialties: tuple[str, ...] = ()
    population: str | None = Field(None, description="words that the population must contain")
    published_from: int | None = Field(None, description="first year")
    published_to: int | None = Field(None, description="last year")
    include_superseded: bool = False


class Question(Value):
    """What is asked, and how."""

    text: str
    conversation_id: str | None = None
    query: str | None = Field(None, description="overrides the rewriting of a follow-up")
    filter: Filter = Filter()


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
    phase: Literal["rewriting", "searching", "writing", "checking"]
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
    statement: Statement


class AnswerEvent(Value):
    """The authoritative answer, always last."""

    type: Literal["answer"] = "answer"
    answer: Answer


Event = Annotated[
    StatusEvent | CandidatesEvent | StatementEvent | AnswerEvent, Field(discriminator="type")
]


class Moves(Value):
    """Which of a kind a refresh adds, changes, moves, removes or leaves alone; by id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


class Plan(Value):
    """What a refresh would do; computing it writes nothing."""

    guidelines: Moves
    chunks: Moves
    to_embed: int
    to_reuse: int
    answers_affected: tuple[str, ...] = Field((), description="ids of answers citing what goes")
    rebuild: str | None = Field(None, description="why everything is built anew, if it is")
    base: VersionId | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the index already is what the corpus says."""
        moves = (self.guidelines, self.chunks)
        changes = any(m.added or m.changed or m.moved or m.removed for m in moves)
        return not changes and self.rebuild is None


class Refreshed(Value):
    """What a refresh did, and the version that now serves."""

    plan: Plan
    version: VersionId
    new_version: bool
    seconds: float


class Version(Value):
    """One immutable build of the index."""

    id: VersionId
    created: datetime
    fingerprint: str
    corpus_digest: str
    guidelines: int
    chunks: int
    current: bool = False
    present: bool = Field(True, description="whether its files are there to roll back to")


class Excerpt(Value):
    """A chunk that still resolves, whether or not it is in the version that serves."""

    chunk: Chunk
    source: Source
    currency: Currency


class Status(Value):
    """What serves now."""

    version: Version | None
    embedder: str
    generator: str
    by_specialty: dict[str, int] = {}
    by_issuer: dict[str, int] = {}


class Verified(Value):
    """What `verify` looked at in one version, and what it found wrong."""

    version: VersionId
    checks: dict[str, int] = Field(description="how many of each thing were checked")
    problems: tuple[str, ...]
