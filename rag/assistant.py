"""The composition root: everything is opened, wired and closed here."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import Self

from rag import refreshing
from rag.asking import Asker
from rag.citing import currency, source
from rag.database import open_database
from rag.embedding import Embedder, open_embedder
from rag.embedding.remembering import RememberingEmbedder
from rag.errors import IndexMismatch, IndexNotBuilt, NotFound
from rag.followup import rewrite
from rag.generation import Generator, open_generator
from rag.generation.extractive import ExtractiveGenerator
from rag.grounding import Gate
from rag.grounding.entailment import open_entailment
from rag.grounding.recognising import Recogniser
from rag.index import files
from rag.searching import Searcher
from rag.serving import NO_INDEX, Live, Serving
from rag.settings import Settings
from rag.types import (
    Answer,
    AnswerEvent,
    Chunk,
    ChunkId,
    Conversation,
    Currency,
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
    Turn,
    Verified,
    Version,
    VersionId,
)
from rag.verifying import verify
from rag.writing import Writer

RefreshProgress = refreshing.Progress


class Assistant:
    """Answers questions from the version that serves, and refreshes it; safe to share by threads.

    Close it, or use it in a `with` statement. An embedder or a generator given takes the place of
    the one that the settings name.
    """

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.settings = settings
        self.embedder = RememberingEmbedder(
            embedder or open_embedder(settings.embedder, settings.models_folder, settings.threads)
        )
        self._generator = generator or open_generator(settings, self.embedder)
        self._database = open_database(settings.database_url)
        self._serving = Serving(settings, self._database)
        self._entailment = open_entailment(settings.entailment, self.embedder, settings.threads)
        extractive = ExtractiveGenerator(self.embedder)
        writer = Writer(self._generator, extractive, self._entailment)
        searcher = Searcher(self._database, self.embedder, settings.top_k, settings.enough)
        self._recogniser = Recogniser(self.embedder, settings.models_folder)
        self._asker = Asker(
            self._database,
            self.embedder,
            self._generator,
            searcher,
            self._recogniser,
            writer,
            settings.offered,
        )
        self._stores = refreshing.Stores(settings, self._database, self.embedder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def generator(self) -> Generator:
        """Who writes the answers."""
        return self._generator

    def close(self) -> None:
        """Close the index, the database and the model."""
        self._serving.close()
        self._database.close()
        self._generator.close()
        self.embedder.close()

    def warm(self) -> VersionId:
        """Open what the first question needs; the version that serves, or IndexNotBuilt."""
        version = self.live().version.id
        self.embedder.embed_query("ready")
        self._recogniser.open()
        return version

    def ask(self, question: Question | str) -> Answer:
        """Answer; raise InvalidQuestion, NotFound (conversation), IndexNotBuilt and its kin."""
        *_, last = self.stream(Question(text=question) if isinstance(question, str) else question)
        assert isinstance(last, AnswerEvent)  # noqa: S101  stream promises it
        return last.answer

    def stream(self, question: Question) -> Iterator[Event]:
        """The same, event by event as work advances; the last is the AnswerEvent."""
        return self._asker.stream(question, self.live())

    def rewrite(self, text: str, history: Sequence[Turn]) -> str:
        """The self-contained query that a question is searched as after these turns."""
        return rewrite(text, history, self.live().index.idf)

    def search(self, text: str, filter: Filter = Filter(), k: int = 12) -> list[Passage]:  # noqa: A002
        """The k best passages for a text, best first."""
        return list(self._asker.search(text, filter, k, self.live()))

    def answer(self, answer_id: str) -> Answer:
        """An answer given earlier; raises NotFound."""
        return self._database.answer(answer_id)

    def conversation(self, conversation_id: str) -> Conversation:
        """A conversation with its answers and numbers; raises NotFound."""
        return self._database.conversation(conversation_id)

    def guidelines(self) -> list[Guideline]:
        """Every guideline of the version that serves, by id."""
        return list(self.live().guidelines.values())

    def chunks(self, guideline_id: GuidelineId | None = None) -> list[Chunk]:
        """Every chunk of the version that serves, or of one guideline, in reading order."""
        version = self.live().version.id
        if guideline_id is None:
            return self._database.chunks(version)
        return self._database.chunks_of(version, guideline_id)

    def guideline(self, guideline_id: GuidelineId) -> Guideline:
        """One guideline of the version that serves; raises NotFound."""
        guidelines = self.live().guidelines
        if guideline_id not in guidelines:
            raise NotFound(f"there is no guideline {guideline_id}")
        return guidelines[guideline_id]

    def superseded_by(self, guideline_id: GuidelineId) -> tuple[GuidelineId, ...]:
        """Ids of the guidelines that replace one."""
        return tuple(g.id for g in self.guidelines() if guideline_id in g.supersedes)

    def currency(self, guideline: Guideline) -> Currency:
        """Whether a guideline still stands today."""
        live = self.live()
        if live.guidelines.get(guideline.id) is None:
            return Currency.WITHDRAWN
        return currency(guideline, live.superseded, date.today())

    def excerpt(self, chunk_id: ChunkId) -> Excerpt:
        """A chunk that an answer cites, even one that no version holds any more; or NotFound."""
        chunk, guideline = self._database.excerpt(chunk_id)
        stands = chunk_id in self.live().index.ids()
        return Excerpt(
            chunk=chunk,
            source=source(guideline),
            currency=self.currency(guideline) if stands else Currency.WITHDRAWN,
        )

    def citing(self, chunk_ids: Collection[ChunkId]) -> list[str]:
        """Ids of the answers that rest on any of these chunks."""
        return self._database.answers_citing(chunk_ids)

    def status(self) -> Status:
        """What serves now, with counts by field and issuer."""
        current = files.current(self.settings.indexes)
        guidelines = self.guidelines() if current else []
        return Status(
            version=next((v for v in self.versions() if v.current), None),
            embedder=self.embedder.name,
            generator=self._generator.name,
            by_specialty=dict(Counter(g.specialty for g in guidelines)),
            by_issuer=dict(Counter(g.issuer for g in guidelines)),
        )

    def versions(self) -> list[Version]:
        """Every version that is kept, newest first."""
        current = files.current(self.settings.indexes)
        return [
            version.model_copy(
                update={
                    "current": version.id == current,
                    "present": (self.settings.indexes / version.id).is_dir(),
                }
            )
            for version in self._database.versions()
        ]

    def plan(self, rebuild: bool = False) -> Plan:
        """What `refresh` would do now; writes nothing."""
        return refreshing.plan(self._stores, rebuild)

    def refresh(
        self, force: bool = False, rebuild: bool = False, progress: RefreshProgress | None = None
    ) -> Refreshed:
        """Bring the index to what the corpus says; see `rag.refreshing.refresh`."""
        return refreshing.refresh(self._stores, force, rebuild, progress or _silent)

    def verify(self, version: VersionId | None = None) -> Verified:
        """Check a version, by default the one that serves, against the database."""
        version = version or files.current(self.settings.indexes)
        if version is None:
            raise IndexNotBuilt(NO_INDEX)
        return verify(self.settings, self._database, version)

    def rollback(self, version: VersionId | None = None) -> Version:
        """Let an earlier version serve: the one named, or the one before the current."""
        return refreshing.rollback(self._stores, version)

    def gate(self) -> Gate:
        """What statements have to pass, with the glossary of the version that serves."""
        return Gate(self._entailment, self.live().glossary)

    def live(self) -> Live:
        """The version that serves, open for search; raises IndexMismatch and its kin."""
        live = self._serving.live()
        if not live.version.fingerprint.startswith(f"{self.embedder.fingerprint}/"):
            raise IndexMismatch(expected=self.embedder.fingerprint, found=live.version.fingerprint)
        return live


def _silent(step: str, done: int, total: int) -> None:
    """Progress that nobody follows."""
