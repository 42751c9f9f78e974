"""Questions with and without their document in the corpus: does the service know which?"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from eval.classification import area_under_risk_coverage, auc
from eval.records import Misused, Result
from eval.suites import Options, Statistic
from eval.workspace import assistant_over, index_facts
from rag.assistant import Assistant
from rag.importing.beir import guideline_id, import_beir
from rag.importing.jsonl import read_jsonl
from rag.types import Answer, OutcomeKind

CASES = "abstain.jsonl"


class Case(BaseModel):
    """A question, and the document that is taken out so that it cannot be answered."""

    id: str = Field(validation_alias="qid")
    question: str
    answerable: bool
    remove_from_corpus: str | None


@dataclass(frozen=True, slots=True)
class Abstention:
    """See Suite."""

    assistant: Assistant
    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic]

    def measure(self, case: Case) -> Result:
        """Whether it was right to answer or to abstain, and how sure the search was."""
        answer = self.assistant.ask(case.question)
        abstained = answer.outcome.kind is OutcomeKind.ABSTAINED
        shown = {
            "question": case.question,
            "answerable": case.answerable,
            "abstained": abstained,
            "confidence": confidence(answer),
            "headline": answer.headline.text if answer.headline else None,
        }
        scores = {"right to answer or not": float(abstained != case.answerable)}
        return Result(id=case.id, cluster=case.id, scores=scores, shown=shown)


@contextmanager
def open_suite(options: Options) -> Iterator[Abstention]:
    """Index the corpus without the documents that are to be missing."""
    folder = options.needed()
    cases = list(read_jsonl(folder / CASES, Case))
    removed = {case.remove_from_corpus for case in cases if case.remove_from_corpus}

    def import_without(source: Path, into: Path) -> int:
        count = import_beir(source, into)
        for entry in removed:
            path = into / f"{guideline_id(entry)}.md"
            if not path.exists():
                raise Misused(f"{folder / CASES}: {entry} is not in corpus.jsonl")
            path.unlink()
        return count - len(removed)

    with assistant_over(options, folder, import_without, name="without") as assistant:
        yield Abstention(
            assistant,
            cases,
            corpus=assistant.live().version.corpus_digest,
            facts={"data": folder.name, "removed": len(removed), **index_facts(assistant)},
            statistics=STATISTICS,
        )


def confidence(answer: Answer) -> float:
    """How far the search met the question."""
    return answer.outcome.sufficiency


def precision(found: Sequence[Result]) -> float:
    """The share of abstentions that were right."""
    abstained = [r for r in found if r.shown["abstained"]]
    right = sum(not r.shown["answerable"] for r in abstained)
    return right / len(abstained) if abstained else float("nan")


def recall(found: Sequence[Result]) -> float:
    """The share of the unanswerable that were abstained from."""
    unanswerable = [r for r in found if not r.shown["answerable"]]
    right = sum(r.shown["abstained"] for r in unanswerable)
    return right / len(unanswerable) if unanswerable else float("nan")


def _aurc(found: Sequence[Result]) -> float:
    wrong = [not r.shown["answerable"] for r in found]
    return area_under_risk_coverage([r.shown["confidence"] for r in found], wrong)


def _auc(found: Sequence[Result]) -> float:
    return auc([r.shown["confidence"] for r in found], [r.shown["answerable"] for r in found])


STATISTICS: Mapping[str, Statistic] = {
    "precision": precision,
    "recall": recall,
    "area under risk-coverage": _aurc,
    "AUC of confidence": _auc,
}
