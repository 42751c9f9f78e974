"""JSON Lines, with the line of whatever is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rag.errors import CorpusError, Fault

Line = TypeVar("Line", bound=BaseModel)


def read_jsonl(path: Path, model: type[Line]) -> Iterator[Line]:
    """Every line as a value; raises CorpusError naming the first line that is none."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise CorpusError([Fault(str(path), 1, f"cannot be read: {error.strerror}")]) from error
    with file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield model.model_validate_json(line)
                except ValidationError as error:
                    first = error.errors()[0]
                    where = ".".join(map(str, first["loc"]))
                    problem = f"{where}: {first['msg']}" if where else first["msg"]
                    raise CorpusError([Fault(str(path), number, problem)]) from error
