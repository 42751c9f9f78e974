"""The version that serves: opened once, exchanged when the pointer moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from rag.corpus import superseded
from rag.database import Database
from rag.errors import IndexDamaged, IndexNotBuilt
from rag.glossary import Glossary
from rag.grounding.ordinary import is_english
from rag.index import SearchIndex, files, open_index
from rag.settings import Settings
from rag.types import DifferingPoint, Guideline, GuidelineId, Term, Version, VersionId

NO_INDEX = "there is no index yet: run `rag refresh`"


@dataclass(frozen=True, slots=True)
class Live:
    """One version, open for search; readers keep it while a newer one takes its place."""

    version: Version
    index: SearchIndex
    guidelines: Mapping[GuidelineId, Guideline]
    superseded: frozenset[GuidelineId]
    differing: tuple[DifferingPoint, ...]
    glossary: Glossary


class Serving:
    """Gives the version that the pointer names; safe to share between threads."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._lock = Lock()
        self._live: Live | None = None

    def live(self) -> Live:
        """The version that serves now; raises IndexNotBuilt, IndexDamaged."""
        current = files.current(self._settings.indexes)
        if current is None:
            raise IndexNotBuilt(NO_INDEX)
        with self._lock:
            if self._live is None or self._live.version.id != current:
                self._live = self._open(current)
            return self._live

    def close(self) -> None:
        """Let go of the version; a later `live` opens it again."""
        with self._lock:
            if self._live is not None:
                self._live.index.close()
            self._live = None

    def _open(self, version_id: VersionId) -> Live:
        folder = self._settings.indexes / version_id
        if problems := files.check(folder):
            raise IndexDamaged(
                f"{problems[0]}: run `rag refresh` to build it anew, or `rag rollback`"
            )
        manifest = files.read_manifest(folder)
        guidelines = {g.id: g for g in self._database.guidelines(version_id)}
        terms = map(Term.model_validate, manifest.get("glossary", ()))
        return Live(
            version=self._database.version(version_id),
            index=open_index(self._settings.index, folder),
            guidelines=guidelines,
            superseded=superseded(guidelines.values()),
            differing=tuple(map(DifferingPoint.model_validate, manifest["differing"])),
            glossary=Glossary(terms, is_english),
        )
