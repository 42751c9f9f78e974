"""The files of the corpus to guidelines; everything that is wrong with them at once."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import Field, TypeAdapter, field_validator

from rag import yamls
from rag.errors import CorpusError, Fault
from rag.grades import MARK, parse_grade
from rag.headings import parts
from rag.naming import clashes
from rag.sentences import statements
from rag.types import Guideline, GuidelineId, Kind, Role, Term, Value

DISAGREEMENTS, GLOSSARY = "disagreements.yaml", "glossary.yaml"
FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|$)", re.DOTALL | re.MULTILINE)
YEARS = range(1900, 2101)
ID = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")
T = TypeVar("T")


class QuotedSide(Value):
    """The sentence in which one guideline takes its side."""

    guideline: GuidelineId
    quote: str = Field(min_length=1)


class Differing(Value):
    """A point that current guidelines differ on, as `disagreements.yaml` names it."""

    point: str = Field(min_length=1)
    sides: tuple[QuotedSide, ...] = Field(min_length=2)


class FrontMatter(Value):
    """What stands above a summary's body."""

    id: str | None = Field(None, pattern=f"^{ID.pattern}$")
    title: str = Field(min_length=1)
    issuer: str = Field(min_length=1)
    kind: Kind
    published: date | int
    effective: date | None = None
    review_by: date | None = None
    reviewed: date | None = None
    supersedes: tuple[GuidelineId, ...] = ()
    jurisdiction: str | None = None
    population: str | None = None
    setting: str | None = None
    specialty: str = Field(min_length=1)
    url: str | None = Field(None, pattern=r"^(https?://|urn:)\S+$")
    doi: str | None = Field(None, pattern=r"^10\.\d{4,9}/\S+$")
    licence: str | None = None
    questions: tuple[str, ...] = ()

    @field_validator("published", mode="before")
    @classmethod
    def _year_or_date(cls, value: object) -> object:
        if isinstance(value, date) or (type(value) is int and value in YEARS):
            return value
        raise ValueError("must be a year or a date, as 2024 or 2024-08-30")


DIFFERING: TypeAdapter[tuple[Differing, ...]] = TypeAdapter(tuple[Differing, ...])
TERMS: TypeAdapter[tuple[Term, ...]] = TypeAdapter(tuple[Term, ...])
_ROLES = ", ".join(role.capitalize() for role in Role)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Every guideline by id, what they differ on, the terms they use, and a digest of it all."""

    guidelines: tuple[Guideline, ...]
    differing: tuple[Differing, ...]
    glossary: tuple[Term, ...]
    digest: str


@dataclass(slots=True)
class Faults:
    """The faults of one file, in its own lines."""

    path: str
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, problem: str) -> None:
        """Note a problem; lines count from 1."""
        self.found.append(Fault(self.path, line, problem))


def load(folder: Path) -> Corpus:
    """Read `folder/<issuer>/<slug>.md`; raise CorpusError with every fault of every file."""
    corpus, faults = read(folder)
    if faults:
        raise CorpusError(faults)
    return corpus


def read(folder: Path) -> tuple[Corpus, list[Fault]]:
    """What can be read of a corpus, and every fault for which `load` refuses it."""
    guidelines, faults = _read_guidelines(folder)
    faults += _supersession_faults(folder, guidelines)
    of_differing, of_glossary = Faults(str(folder / DISAGREEMENTS)), Faults(str(folder / GLOSSARY))
    differing = _read_differing(folder, guidelines, of_differing)
    glossary = _read_glossary(folder, of_glossary)
    corpus = Corpus(
        tuple(guidelines[i] for i in sorted(guidelines)),
        differing,
        glossary,
        _digest(
            [g.id + g.path + g.digest for g in guidelines.values()]
            + [repr(differing), repr(glossary)]
        ),
    )
    return corpus, sorted([*faults, *of_differing.found, *of_glossary.found])


def superseded(guidelines: Iterable[Guideline]) -> frozenset[GuidelineId]:
    """Ids of the guidelines that another one of them replaces."""
    return frozenset(old for guideline in guidelines for old in guideline.supersedes)


def matter_line(path: Path, location: Sequence[int | str]) -> int:
    """The line of a file where its front matter says something."""
    match = FRONT.match(path.read_text("utf-8-sig"))
    return yamls.line(match[1] if match else "", location) + 1


def _read_guidelines(folder: Path) -> tuple[dict[GuidelineId, Guideline], list[Fault]]:
    faults: list[Fault] = []
    guidelines: dict[GuidelineId, Guideline] = {}
    for path in sorted(folder.glob("*/*.md")):
        of_file = Faults(str(path))
        guideline = _read(folder, path, of_file)
        if guideline and guideline.id in guidelines:
            of_file.add(1, f"id {guideline.id} is that of {guidelines[guideline.id].path} too")
        elif guideline:
            guidelines[guideline.id] = guideline
        faults += of_file.found
    if not guidelines and not faults:
        faults.append(Fault(str(folder), 1, "no summaries here: expected <issuer>/<slug>.md"))
    return guidelines, faults


def _read(folder: Path, path: Path, faults: Faults) -> Guideline | None:
    text = _text(folder, path, faults)
    if text is None:
        return None
    match = FRONT.match(text)
    if match is None:
        faults.add(1, "no front matter: the file must begin with a block between two --- lines")
        return None
    body = text[match.end() :]
    first_line = text.count("\n", 0, match.end()) + 1
    _check_body(body, first_line, faults)
    matter, problems = yamls.read(match[1], FrontMatter.model_validate)
    for line, problem in problems:
        faults.add(line + 1, problem)
    if matter is None or faults.found:
        return None
    if matter.url is None and matter.doi is None:
        faults.add(1, "neither url nor doi: a reader must be able to find the source")
    relative = path.relative_to(folder)
    return Guideline(
        **{**matter.model_dump(), "id": matter.id or relative.with_suffix("").as_posix()},
        path=relative.as_posix(),
        body=body,
        digest=_digest([text]),
    )


def _text(folder: Path, path: Path, faults: Faults) -> str | None:
    try:
        if not path.resolve(strict=True).is_relative_to(folder.resolve()):
            faults.add(1, "a link that leaves the corpus: copy the file in")
            return None
        if not path.is_file():
            faults.add(1, "no file: a summary is a text file")
            return None
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, RuntimeError) as error:
        faults.add(1, f"cannot be read: {getattr(error, 'strerror', None) or error}")
        return None
    except UnicodeDecodeError as error:
        faults.add(data.count(b"\n", 0, error.start) + 1, "not UTF-8: save the file as UTF-8")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_body(body: str, first_line: int, faults: Faults) -> None:
    sections = list(parts(body))
    named = [part for part in sections if part.heading]
    if not named:
        faults.add(first_line, f"no sections: the body needs headings, as ## {_ROLES}")
    for part in sections:
        if part.heading and part.role is None and len(part.heading) == 1:
            line = first_line + part.line - 1
            faults.add(line, f"heading {part.heading[0]!r} names no role: use {_ROLES}")
        if named and not part.heading and body[part.start : part.end].strip():
            faults.add(first_line, "text before the first section: put it under a ## heading")
    for mark in MARK.finditer(body):
        line = first_line + body.count("\n", 0, mark.start("system"))
        try:
            parse_grade(mark["system"], mark["text"])
        except ValueError as error:
            faults.add(line, str(error))


def _supersession_faults(
    folder: Path, guidelines: Mapping[GuidelineId, Guideline]
) -> Iterator[Fault]:
    for guideline in guidelines.values():
        path = folder / guideline.path
        for i, old in enumerate(guideline.supersedes):
            problem = None
            if old not in guidelines:
                problem = f"there is no guideline {old}"
            elif _reaches(old, guideline.id, guidelines):
                problem = f"{old} supersedes this one in turn"
            if problem:
                line = matter_line(path, ("supersedes", i))
                yield Fault(str(path), line, f"supersedes: {problem}")


def _reaches(
    start: GuidelineId, goal: GuidelineId, guidelines: Mapping[GuidelineId, Guideline]
) -> bool:
    seen, open_ids = set(), [start]
    while open_ids:
        current = open_ids.pop()
        if current == goal:
            return True
        if current in guidelines and current not in seen:
            seen.add(current)
            open_ids += guidelines[current].supersedes
    return False


def _read_differing(
    folder: Path, guidelines: Mapping[GuidelineId, Guideline], faults: Faults
) -> tuple[Differing, ...]:
    text, differing = _read_list(folder, DISAGREEMENTS, DIFFERING, faults)
    for i, entry in enumerate(differing):
        for j, side in enumerate(entry.sides):
            if found := _side_problem(side, guidelines):
                key, problem = found
                faults.add(yamls.line(text, (i, "sides", j, key)), f"{entry.point}: {problem}")
    return differing


def _read_glossary(folder: Path, faults: Faults) -> tuple[Term, ...]:
    text, terms = _read_list(folder, GLOSSARY, TERMS, faults)
    for place, problem in clashes(terms):
        faults.add(yamls.line(text, place), problem)
    return terms


def _read_list(
    folder: Path, name: str, entries: TypeAdapter[tuple[T, ...]], faults: Faults
) -> tuple[str, tuple[T, ...]]:
    """The text of a file that stands beside the summaries, and its entries; it may be missing."""
    path = folder / name
    text = _text(folder, path, faults) if path.exists() or path.is_symlink() else None
    if text is None:
        return "", ()
    found, problems = yamls.read(text, entries.validate_python)
    for line, problem in problems:
        faults.add(line, problem)
    return text, found or ()


def _side_problem(
    side: QuotedSide, guidelines: Mapping[GuidelineId, Guideline]
) -> tuple[str, str] | None:
    """The key whose value cannot be, and why."""
    if side.guideline not in guidelines:
        return "guideline", f"there is no guideline {side.guideline}"
    if side.guideline in superseded(guidelines.values()):
        return "guideline", f"{side.guideline} is superseded"
    if side.quote not in guidelines[side.guideline].body:
        return "quote", f"{side.guideline} does not say {side.quote!r}"
    if side.quote not in _quotable(guidelines[side.guideline]):
        return "quote", f"{side.quote!r} is no whole statement of {side.guideline}"
    return None


def _quotable(guideline: Guideline) -> set[str]:
    return {guideline.body[s.start : s.end] for s in statements(guideline.body)}


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
