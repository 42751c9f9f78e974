"""What a run leaves behind: one line a case, and one file that says what the run was."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from rag.errors import RagError
from rag.importing.jsonl import read_jsonl
from rag.types import Value

RESULTS, RUN, BEGUN = "results.jsonl", "run.json", "begun.json"


class Misused(RagError):
    """The harness was asked for something that makes no sense; exit 2."""

    exit_code = 2
    http_status = 422
    title = "The harness cannot do this"


class Result(Value):
    """What one case came to: its scores by measure, and what a reader needs to judge it."""

    id: str
    cluster: str = Field(description="cases of one cluster are not independent")
    scores: dict[str, float] = Field(default_factory=dict)
    shown: dict[str, Any] = Field(default_factory=dict)
    failed: str | None = Field(None, description="the error, when the case could not be run")


class Score(Value):
    """A measure with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


class Begun(Value):
    """What a run measures, known before its first case: what is taken up again must be the same."""

    suite: str
    corpus: str
    facts: dict[str, Any]


class Run(Value):
    """A finished run: what was measured, with what, on what."""

    suite: str
    created: datetime
    n: int
    failed: int
    seed: int
    measures: dict[str, Score]
    corpus: str = Field(description="digest of what was searched, or of the data")
    facts: dict[str, Any] = Field(description="settings, versions, digests and machine")


def begin(folder: Path, begun: Begun) -> None:
    """Open the folder of a run; raises Misused when it holds a run of something else."""
    path = folder / BEGUN
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            before = Begun.model_validate_json(path.read_text("utf-8"))
            _refuse_other(folder, before, begun)
        elif (folder / RESULTS).exists():
            raise Misused(f"{folder} holds results of an unknown run: choose another --out")
        path.write_text(begun.model_dump_json(indent=2) + "\n", "utf-8")
    except (OSError, ValidationError) as error:
        problem = str(error).splitlines()[0]
        raise Misused(f"--out {folder}: no run can be kept there: {problem}") from error


def append(folder: Path, result: Result) -> None:
    """Add a result to a run that is under way."""
    with (folder / RESULTS).open("a", encoding="utf-8") as file:
        file.write(result.model_dump_json() + "\n")


def results(folder: Path) -> list[Result]:
    """The results so far, in the order they came; a line cut short by a kill is left out."""
    path = folder / RESULTS
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    if text and not text.endswith("\n"):
        path.write_text(text[: text.rfind("\n") + 1], "utf-8")
    return list(read_jsonl(path, Result))


def save(folder: Path, run: Run) -> None:
    """Write the run beside its results."""
    (folder / RUN).write_text(run.model_dump_json(indent=2) + "\n", "utf-8")


def _refuse_other(folder: Path, before: Begun, now: Begun) -> None:
    then, asked = before.model_dump(mode="json"), now.model_dump(mode="json")
    names = [name for name in ("suite", "corpus") if then[name] != asked[name]]
    names += [
        name
        for name in asked["facts"].keys() | then["facts"].keys()
        if asked["facts"].get(name) != then["facts"].get(name)
    ]
    if names:
        raise Misused(
            f"{folder} holds a run with another {' and another '.join(sorted(names))}: "
            "results of both would be mixed; choose another --out"
        )


def load(folder: Path) -> Run:
    """Read a finished run back; raises Misused when there is none."""
    path = folder / RUN if folder.is_dir() else folder
    try:
        return Run.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValidationError) as error:
        raise Misused(f"{path}: no finished run: {str(error).splitlines()[0]}") from error
