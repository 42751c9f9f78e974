"""Every error the package raises on purpose, with its exit code and HTTP status.

* RagError                exit  HTTP
  - ConfigError              2   500
  - MissingExtra             2   501
  - InvalidQuestion          2   422
  - CorpusError              1   422
  - IndexNotBuilt            1   503
  - IndexMismatch            1   503
  - IndexDamaged             1   503
  - BackendUnavailable       1   503
  - GenerationFailed         1   502
  - NotFound                 1   404
  - NotAllowed               1   403
  - Conflict                 1   409
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple


class RagError(Exception):
    """Root of the tree: a message for the user, an exit code and an HTTP status."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"


class ConfigError(RagError):
    """A setting has a value that cannot be used; names it and what is allowed."""

    exit_code = 2
    title = "The configuration cannot be used"


class MissingExtra(RagError):
    """An optional dependency is not installed; says the pip command."""

    exit_code = 2
    http_status = 501
    title = "An optional part is not installed"

    def __init__(self, package: str, extra: str) -> None:
        how = f".venv/bin/pip install -c constraints.txt -e '.[{extra}]'"
        super().__init__(f"{package} is not installed: {how}")
        self.package = package
        self.extra = extra


class InvalidQuestion(RagError):
    """A question, or a filter on it, that cannot be searched for."""

    exit_code = 2
    http_status = 422
    title = "The question cannot be used"


class Fault(NamedTuple):
    """One thing wrong in one corpus file; `line` counts from 1."""

    path: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


class CorpusError(RagError):
    """Everything that is wrong with the corpus, one `path:line: problem` per line."""

    http_status = 422
    title = "The corpus has faults"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


class IndexNotBuilt(RagError):
    """There is no index to search yet."""

    http_status = 503
    title = "There is no index yet"


class IndexMismatch(RagError):
    """The index was built with another embedder or other chunking rules."""

    http_status = 503
    title = "The index was built differently"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"the index was built with {found}, the settings ask for {expected}: "
            "run `rag refresh`, or set RAG_EMBEDDER back"
        )
        self.expected = expected
        self.found = found


class IndexDamaged(RagError):
    """A file of the index or the database is missing, cut short or altered."""

    http_status = 503
    title = "The index is damaged"


class BackendUnavailable(RagError):
    """A database, vector store or model that the settings name cannot be reached."""

    http_status = 503
    title = "A back end cannot be reached"


class GenerationFailed(RagError):
    """The generator gave nothing that can be used."""

    http_status = 502
    title = "No answer could be written"


class NotFound(RagError):
    """No conversation, answer, guideline, passage or version has that id."""

    http_status = 404
    title = "Not found"


class NotAllowed(RagError):
    """The caller may not do this."""

    http_status = 403
    title = "Not allowed"


class Conflict(RagError):
    """Another change is under way, or this one needs `--force`."""

    http_status = 409
    title = "This cannot be done now"
