"""Questions with and without their document in the corpus: does the service know which?"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, Field

from eval.classification import CHOOSE, area_under_risk_coverage, auc, best_threshold, half
from eval.made import digest
from eval.records import Misused, Result
from eval.suites import Options, Statistic
from eval.workspace import assistant_over, index_facts
from rag.assistant import Assistant
from rag.importing.beir import guideline_id, import_beir
from rag.importing.jsonl import read_jsonl
from rag.types import Answer, OutcomeKind, Question

SHOWN = 6
CASES, CONVERSATIONS = "abstain.jsonl", "conversations.jsonl"

ANSWERABLE: Mapping[str, bool] = {"ANSWERABLE": True, "PARTIAL": True, "UNANSWERABLE": False}
"""What a conversation's last question is; one that is too vague to be either is left out."""

VAGUE = "UNDERSPECIFIED"


class Case(BaseModel):
    """A question, the questions before it, and what is taken out so that it has no answer."""

    id: str = Field(validation_alias=AliasChoices("qid", "id"))
    question: str
    answerable: bool
    remove_from_corpus: str | None = None
    earlier: tuple[str, ...] = ()
    cluster: str = ""

    def model_post_init(self, _: Any) -> None:
        """A question stands alone unless it is part of a conversation."""
        self.cluster = self.cluster or self.id


class Said(BaseModel):
    """One utterance of a conversation."""

    role: Literal["user", "agent", "assistant"]
    text: str


class Talk(BaseModel):
    """A conversation and whether the corpus answers its last question."""

    id: str
    history: tuple[Said, ...]
    question: str
    answerability: Literal["ANSWERABLE", "PARTIAL", "UNANSWERABLE", "UNDERSPECIFIED"]


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
        answer = self._ask(case)
        abstained = answer.outcome.kind is OutcomeKind.ABSTAINED
        shown = {
            "question": case.question,
            "query": answer.query,
            "answerable": case.answerable,
            "abstained": abstained,
            "confidence": confidence(answer),
            "headline": answer.headline.text if answer.headline else None,
            "passages": [
                self.assistant.excerpt(c.chunk_id).chunk.text for c in answer.candidates[:SHOWN]
            ],
            "milliseconds": sum(answer.timings_ms.values()),
        }
        scores = {"right to answer or not": float(abstained != case.answerable)}
        return Result(id=case.id, cluster=case.cluster, scores=scores, shown=shown)

    def _ask(self, case: Case) -> Answer:
        conversation_id = None
        for text in (*case.earlier, case.question):
            question = Question(text=text, conversation_id=conversation_id)
            answer = self.assistant.ask(question)
            conversation_id = answer.conversation_id
        return answer


@contextmanager
def open_suite(options: Options) -> Iterator[Abstention]:
    """Index the corpus without the documents that are to be missing."""
    folder = options.needed()
    path, cases = read_cases(folder)
    removed = sorted({case.remove_from_corpus for case in cases if case.remove_from_corpus})

    def import_without(source: Path, into: Path) -> int:
        count = import_beir(source, into)
        for entry in removed:
            file = into / f"{guideline_id(entry)}.md"
            if not file.exists():
                raise Misused(f"{path}: {entry} is not in corpus.jsonl")
            file.unlink()
        return count - len(removed)

    name = f"without-{sha256(chr(10).join(removed).encode()).hexdigest()[:8]}"
    with assistant_over(options, folder, import_without, name) as assistant:
        yield Abstention(
            assistant,
            cases,
            corpus=assistant.live().version.corpus_digest,
            facts={
                "data": folder.name,
                "cases": digest([path]),
                "removed": len(removed),
                **index_facts(assistant),
            },
            statistics=STATISTICS,
        )


def read_cases(folder: Path) -> tuple[Path, list[Case]]:
    """The questions of a folder, alone or at the end of conversations, and where they stand."""
    path = folder / CASES
    if path.exists() or not (folder / CONVERSATIONS).exists():
        return path, list(read_jsonl(path, Case))
    path = folder / CONVERSATIONS
    talks = [talk for talk in read_jsonl(path, Talk) if talk.answerability != VAGUE]
    return path, [_case(talk) for talk in talks]


def _case(talk: Talk) -> Case:
    return Case(
        id=talk.id,
        question=talk.question,
        answerable=ANSWERABLE[talk.answerability],
        earlier=tuple(said.text for said in talk.history if said.role == "user"),
        cluster=talk.id.split("<")[0],
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


def _enough(found: Sequence[Result]) -> float:
    """The sufficiency that best tells, on one half, which questions have an answer, or nan."""
    chosen = [r for r in found if half(r.cluster) == CHOOSE]
    answerable = [r.shown["answerable"] for r in chosen]
    if all(answerable) or not any(answerable):
        return float("nan")
    return best_threshold([r.shown["confidence"] for r in chosen], answerable)


def _with_enough(statistic: Statistic) -> Statistic:
    """The same of the other half, had that sufficiency been asked for."""

    def measured(found: Sequence[Result]) -> float:
        enough = _enough(found)
        if math.isnan(enough):
            return enough
        other = [r for r in found if half(r.cluster) != CHOOSE]
        return statistic([_abstaining(r, r.shown["confidence"] < enough) for r in other])

    return measured


def _abstaining(result: Result, abstained: bool) -> Result:
    return result.model_copy(update={"shown": {**result.shown, "abstained": abstained}})


STATISTICS: Mapping[str, Statistic] = {
    "precision": precision,
    "recall": recall,
    "area under risk-coverage": _aurc,
    "AUC of confidence": _auc,
    "best enough": _enough,
    "best enough/precision": _with_enough(precision),
    "best enough/recall": _with_enough(recall),
}
