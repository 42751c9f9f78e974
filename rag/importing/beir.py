"""The BEIR layout: `corpus.jsonl` to summaries, queries and relevance judgements.

Thakur et al. 2021, BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information
Retrieval Models.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, Field

from rag.errors import CorpusError, Fault
from rag.importing.jsonl import read_jsonl
from rag.importing.writing import Article, Section, slugged, write_articles
from rag.types import Kind

YEAR = 1900
"""The layout gives no year."""

FOLDER = "beir"
HEADER = ["query-id", "corpus-id", "score"]


class Entry(BaseModel):
    """A line of `corpus.jsonl`."""

    id: str = Field(alias="_id")
    title: str = ""
    text: str


class Query(BaseModel):
    """A line of `queries.jsonl`."""

    id: str = Field(alias="_id")
    text: str


def import_beir(source: Path, into: Path) -> int:
    """Write every entry of `corpus.jsonl` as a summary; return how many.

    `source` is the file or the folder that holds it. Raises CorpusError with the line at fault.
    """
    path = source / "corpus.jsonl" if source.is_dir() else source
    return write_articles(_articles(path), into, FOLDER)


def guideline_id(entry_id: str) -> str:
    """The id under which an entry is found once it is imported."""
    return f"{FOLDER}/{slugged(entry_id)}"


def read_queries(folder: Path) -> dict[str, str]:
    """The queries by id."""
    return {query.id: query.text for query in read_jsonl(folder / "queries.jsonl", Query)}


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """For each query the entries judged and how relevant each is; a first line may name them."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise CorpusError([Fault(str(path), 1, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise CorpusError([Fault(str(path), 1, f"is not UTF-8: {error.reason}")]) from error
    qrels: dict[str, dict[str, int]] = {}
    for number, row in enumerate(csv.reader(lines, delimiter="\t"), start=1):
        if row and [name.casefold() for name in row] != HEADER:
            query, entry, score = _judgement(row, path, number)
            qrels.setdefault(query, {})[entry] = score
    return qrels


def _judgement(row: Sequence[str], path: Path, number: int) -> tuple[str, str, int]:
    try:
        query, entry, score = row
        return query, entry, int(score)
    except ValueError:
        problem = "expected query-id, corpus-id and a whole number, parted by tabs"
        raise CorpusError([Fault(str(path), number, problem)]) from None


def _articles(path: Path) -> Iterator[Article]:
    seen: set[str] = set()
    for entry in read_jsonl(path, Entry):
        slug = slugged(entry.id)
        if slug in seen:
            raise CorpusError([Fault(str(path), len(seen) + 1, f"_id {entry.id}: met before")])
        seen.add(slug)
        yield Article(
            slug=slug,
            title=entry.title,
            issuer="BEIR",
            kind=Kind.RESEARCH,
            published=YEAR,
            sections=(Section((), (entry.text,)),),
            matter={"url": f"urn:beir:{slug}"},
        )
