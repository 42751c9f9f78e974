"""Questions on whole documents: is the passage that holds the evidence found, and cited?"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, Field, model_validator

from eval.made import digest
from eval.records import Misused, Result
from eval.spans import holds, words
from eval.suites import Options, Statistic
from eval.workspace import articles, assistant_over, importer_of, index_facts
from rag.assistant import Assistant
from rag.importing.jsonl import read_jsonl
from rag.importing.writing import slugged

DEPTH = 6
ELLIPSIS = re.compile(r"\.\.\.|…")
LEAST_WORDS = 5
"""A part of a label with fewer words could stand anywhere."""


class Span(BaseModel):
    """An answer as a span of its document."""

    text: str


class Case(BaseModel):
    """A question, and the words of a document that answer it, any of which will do."""

    id: str = Field(validation_alias=AliasChoices("id", "_id"))
    question: str
    document: str = Field(validation_alias=AliasChoices("document", "pmcid", "doc_id"))
    evidence: tuple[str, ...] = ()
    answers: tuple[Span, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("evidence"), str):
            return data | {"evidence": (data["evidence"],)}
        return data

    @property
    def quotes(self) -> tuple[str, ...]:
        """The words that count; those left out of a label part it into several."""
        whole = self.evidence or tuple(span.text for span in self.answers)
        parts = [part.strip() for text in whole for part in ELLIPSIS.split(text)]
        return tuple(part for part in parts if len(words(part)) >= LEAST_WORDS) or whole


@dataclass(frozen=True, slots=True)
class Evidence:
    """See Suite."""

    assistant: Assistant
    documents: Mapping[str, Sequence[str]]
    """The passages of each document, by the last part of its id."""

    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic] = field(default_factory=dict)

    def measure(self, case: Case) -> Result:
        """Whether a retrieved passage holds the evidence, and whether a cited one does."""
        found = self.assistant.search(case.question, k=DEPTH)
        answer = self.assistant.ask(case.question)
        cited = [self.assistant.excerpt(r.chunk_id).chunk.text for r in answer.references]
        scores = {
            f"retrieved@{DEPTH}": _any_holds([p.chunk.text for p in found], case),
            "cited": _any_holds(cited, case),
            "answered": float(answer.headline is not None),
            "imported": _any_holds(self.documents[slugged(case.document)], case),
        }
        shown = {
            "question": case.question,
            "evidence": list(case.quotes),
            "headline": answer.headline.text if answer.headline else None,
            "passages": [f"{p.guideline.id}: {p.chunk.text}" for p in found],
            "milliseconds": sum(answer.timings_ms.values()),
        }
        return Result(id=case.id, cluster=case.document, scores=scores, shown=shown)


@contextmanager
def open_suite(options: Options) -> Iterator[Evidence]:
    """Import the documents whole, and read the questions on them."""
    questions, source = _layout(options)
    cases = list(read_jsonl(questions, Case))
    importer = importer_of(source)
    _refuse_absent(cases, articles(options, source, importer), questions)
    with assistant_over(options, source, importer) as assistant:
        documents: defaultdict[str, list[str]] = defaultdict(list)
        for chunk in assistant.chunks():
            documents[chunk.guideline_id.rsplit("/", 1)[-1]].append(chunk.text)
        yield Evidence(
            assistant,
            documents,
            cases,
            corpus=assistant.live().version.corpus_digest,
            facts={
                "data": questions.name,
                "questions": digest([questions]),
                **index_facts(assistant),
            },
        )


def _layout(options: Options) -> tuple[Path, Path]:
    """Questions and documents: a folder with both, or a file and `--corpus`."""
    data = options.needed()
    if data.is_file():
        return data, options.searched()
    questions = data / "jats_questions.jsonl"
    if not questions.is_file() or not (data / "jats").is_dir():
        raise Misused(f"--data {data}: expected jats_questions.jsonl and a folder jats in it")
    return questions, options.corpus or data / "jats"


def _refuse_absent(cases: Sequence[Case], known: Collection[str], path: Path) -> None:
    slugs = {name.rsplit("/", 1)[-1] for name in known}
    for case in cases:
        if slugged(case.document) not in slugs:
            raise Misused(f"{path}: {case.id} names {case.document}, which is not in the corpus")


def _any_holds(texts: Iterable[str], case: Case) -> float:
    return float(any(holds(text, quote) for text in texts for quote in case.quotes))
