"""Follow-up questions: does our query find what a person's rewrite of the question finds?

Beside the service's query stand the bare question, the ends of the conversation (first, last,
question) and its whole history. Questions that stand alone are counted apart, as `alone/`.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from eval.made import digest
from eval.records import Misused, Result
from eval.suites import Options, Statistic
from eval.workspace import assistant_over, importer_of, index_facts
from rag.assistant import Assistant
from rag.importing.jsonl import read_jsonl
from rag.index.tokens import tokens
from rag.types import ChunkId, Passage, Turn

DEPTH = 10

SERVICE = ""
"""Measures of the service's own query have no prefix; those of others are compared with it."""


class Said(BaseModel):
    """One utterance of a conversation."""

    role: Literal["user", "assistant"]
    text: str


class Case(BaseModel):
    """A question in its conversation, and how a person rewrote it to stand alone."""

    id: str
    history: tuple[Said, ...]
    question: str
    rewrite: str
    needs_context: bool

    @property
    def asked(self) -> list[str]:
        """The earlier questions."""
        return [said.text for said in self.history if said.role == "user"]

    @property
    def cluster(self) -> str:
        """The conversation: ids are `CONVERSATION_TURN`."""
        return self.id.rsplit("_", 1)[0]


@dataclass(frozen=True, slots=True)
class Followups:
    """See Suite."""

    assistant: Assistant
    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic] = field(default_factory=dict)

    def measure(self, case: Case) -> Result:
        """Overlap with what the rewrite finds, and token F1 with it, by way of asking."""
        gold = self._found(case.rewrite)
        started = time.perf_counter()
        ways = self._ways(case)
        found = self._passages(ways[SERVICE])
        spent = 1000 * (time.perf_counter() - started)
        scores = {}
        for way, query in ways.items():
            scores[f"{way}overlap@10"] = overlap(self._found(query), gold)
            scores[f"{way}F1"] = token_f1(query, case.rewrite)
        if not case.needs_context:
            scores = {f"alone/{name}": value for name, value in scores.items()}
        shown = {
            "earlier": case.asked,
            "question": case.question,
            "rewrite": case.rewrite,
            "query": ways[SERVICE],
            "passages": [f"{p.guideline.id}: {p.chunk.text}" for p in found],
            "milliseconds": round(spent, 2),
        }
        return Result(id=case.id, cluster=case.cluster, scores=scores, shown=shown)

    def _ways(self, case: Case) -> dict[str, str]:
        asked = case.asked
        ends = dict.fromkeys((*asked[:1], *asked[-1:], case.question))
        return {
            SERVICE: self.assistant.rewrite(case.question, self._turns(asked)),
            "bare/": case.question,
            "ends/": " ".join(ends),
            "history/": " ".join((*asked, case.question)),
        }

    def _turns(self, asked: Sequence[str]) -> list[Turn]:
        """The turns as the service would have kept them."""
        turns: list[Turn] = []
        for question in asked:
            query = self.assistant.rewrite(question, turns)
            turns.append(Turn(question=question, query=query))
        return turns

    def _found(self, query: str) -> list[ChunkId]:
        return [passage.chunk.id for passage in self._passages(query)]

    def _passages(self, query: str) -> list[Passage]:
        return self.assistant.search(query, k=DEPTH)


@contextmanager
def open_suite(options: Options) -> Iterator[Followups]:
    """Read `health.jsonl` or its like, over the corpus given."""
    path = _file(options.needed())
    source = options.searched()
    cases = list(read_jsonl(path, Case))
    with assistant_over(options, source, importer_of(source)) as assistant:
        yield Followups(
            assistant,
            cases,
            corpus=assistant.live().version.corpus_digest,
            facts={"data": path.name, "questions": digest([path]), **index_facts(assistant)},
        )


def overlap(found: Sequence[ChunkId], gold: Sequence[ChunkId]) -> float:
    """The share of what the rewrite finds that the query finds too."""
    return len(set(found) & set(gold)) / len(gold) if gold else 0.0


def token_f1(query: str, rewrite: str) -> float:
    """F1 of the tokens that two texts share, as in SQuAD (Rajpurkar et al. 2016)."""
    ours, gold = Counter(tokens(query)), Counter(tokens(rewrite))
    shared = sum((ours & gold).values())
    return 2 * shared / (ours.total() + gold.total()) if shared else 0.0


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    files = sorted(path.glob("*.jsonl"))
    if len(files) != 1:
        raise Misused(f"--data {path}: name the file of follow-ups")
    return files[0]
