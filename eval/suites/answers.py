"""Our own cases over the shipped corpus: the whole answer, from its headline to its numbers.

Labels name a guideline and quote it; no chunk id is ever part of a case, so that another chunker
voids none. A quote that the corpus no longer holds makes a case stale, and fails the run.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval import drafting
from eval.audiences import parity
from eval.labels import Case, Gold, read_cases, stale
from eval.records import Misused, Result
from eval.suites import Options, Statistic
from eval.suites.abstention import confidence, precision, recall
from eval.workspace import index_facts, indexed
from rag.assistant import Assistant
from rag.errors import NotFound
from rag.grounding import Evidence
from rag.searching import CITED
from rag.sentences import plain
from rag.types import (
    Answer,
    Citation,
    Currency,
    Filter,
    OutcomeKind,
    Question,
    Support,
)

CASES = Path("eval/cases")
DEPTH = 6
REWRITTEN = f"retrieved@{DEPTH}, rewritten"
"""The retriever by itself: each question as worded by hand to stand alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with the conversation it belongs to."""

    answer: Answer
    conversation: tuple[Answer, ...]
    numbers: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """See Suite."""

    assistant: Assistant
    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic]

    def measure(self, case: Case) -> Result:
        """Ask the case's questions in turn and judge the last answer."""
        asked = self._ask(case)
        answer = asked.answer
        scores = {
            "invented references": float(self._invented(answer)),
            "quote mismatches": float(sum(map(self._misquoted, _citations(answer)))),
            "superseded cited": 0.0 if case.include_superseded else float(_superseded(answer)),
            "numbers stable": float(_stable(asked)),
        }
        if case.answerable:
            scores |= self._content(case, answer)
        if answer.headline:
            scores |= self._citing(answer) | {"sent as drafted": drafting.kept(answer)}
        if answer.statements:
            scores["same for each audience"] = parity(answer, self.assistant)
        scores |= drafting.scores(answer)
        if case.reason:
            scores["reason right"] = float(answer.outcome.reason is case.reason)
        if case.differ:
            shown_points = {differing.point for differing in answer.disagreements}
            scores["disagreement shown"] = float(case.differ in shown_points)
        elif answer.statements:
            scores["needless disagreement"] = float(bool(answer.disagreements))
        shown = _shown(case, answer) | {"passages": self._passages(answer)}
        return Result(id=case.id, cluster=case.cluster, scores=scores, shown=shown)

    def _ask(self, case: Case) -> Asked:
        wanted = Filter(include_superseded=case.include_superseded)
        conversation_id = None
        for text in (*case.earlier, case.question):
            question = Question(text=text, conversation_id=conversation_id, filter=wanted)
            answer = self.assistant.ask(question)
            conversation_id = answer.conversation_id
        conversation = self.assistant.conversation(answer.conversation_id)
        return Asked(answer, conversation.answers, conversation.numbers)

    def _content(self, case: Case, answer: Answer) -> dict[str, float]:
        found = [c.chunk_id for c in answer.candidates if c.rank <= DEPTH]
        cited = [reference.chunk_id for reference in answer.references]
        scores = {
            f"retrieved@{DEPTH}": self._recalled(case.gold, found),
            "evidence recall": self._recalled(case.gold, cited),
            "answered": float(answer.headline is not None),
        }
        if not case.earlier or case.rewrite:
            alone = self._found_alone(case) if case.rewrite else found
            scores[REWRITTEN] = self._recalled(case.gold, alone)
        if case.headline:
            scores["headline right"] = float(_leads(case.headline, answer))
        if case.facts:
            scores["key facts"] = sum(_says(answer, f) for f in case.facts) / len(case.facts)
        return scores

    def _found_alone(self, case: Case) -> list[str]:
        """What is found for a follow-up as worded by hand, in the order it would be read."""
        wanted = Filter(include_superseded=case.include_superseded)
        found = self.assistant.search(case.rewrite or "", wanted, k=3 * DEPTH)
        return [p.chunk.id for p in found if p.chunk.role in CITED][:DEPTH]

    def _passages(self, answer: Answer) -> list[str]:
        """What was found, with the number where it is cited."""
        numbers = {reference.chunk_id: f"[{reference.number}] " for reference in answer.references}
        return [
            f"{numbers.get(c.chunk_id, '')}{c.source.guideline_id}: "
            f"{self.assistant.excerpt(c.chunk_id).chunk.text}"
            for c in answer.candidates
            if c.rank <= DEPTH or c.chunk_id in numbers
        ]

    def _recalled(self, gold: Sequence[Gold], chunk_ids: Sequence[str]) -> float:
        chunks = [self.assistant.excerpt(chunk_id).chunk for chunk_id in chunk_ids]
        return sum(
            any(c.guideline_id == g.guideline and g.quote in c.text for c in chunks) for g in gold
        ) / len(gold)

    def _citing(self, answer: Answer) -> dict[str, float]:
        """Each citation for itself, and each statement by all it cites (Gao et al. 2023, ALCE)."""
        pairs = [(s.text, c.quote.exact) for s in answer.statements for c in s.citations]
        carried = [self._carries(text, [exact]) for text, exact in pairs]
        whole = [
            self._carries(s.text, [c.quote.exact for c in s.citations]) for s in answer.statements
        ]
        return {
            "citation precision": sum(carried) / len(carried) if carried else 0.0,
            "citation recall": sum(whole) / len(whole),
        }

    def _carries(self, text: str, quotes: Sequence[str]) -> bool:
        verdict = self.assistant.gate().check(text, [Evidence(exact) for exact in quotes])
        return verdict.support is Support.SUPPORTED

    def _invented(self, answer: Answer) -> int:
        """Citations whose number has no reference, or whose passage is not of their guideline."""
        listed = {(reference.number, reference.chunk_id) for reference in answer.references}
        return sum(
            (citation.number, citation.chunk_id) not in listed or not self._stands(citation)
            for citation in _citations(answer)
        )

    def _stands(self, citation: Citation) -> bool:
        try:
            chunk = self.assistant.excerpt(citation.chunk_id).chunk
        except NotFound:
            return False
        return chunk.guideline_id == citation.guideline_id

    def _misquoted(self, citation: Citation) -> bool:
        try:
            chunk = self.assistant.excerpt(citation.chunk_id).chunk
        except NotFound:
            return True
        first, last = citation.quote.start - chunk.start, citation.quote.end - chunk.start
        return first < 0 or chunk.text[first:last] != citation.quote.exact


@contextmanager
def open_suite(options: Options) -> Iterator[Answers]:
    """Read the cases, refuse stale ones, and ask over the configured corpus, kept apart.

    The index is built anew, without embedding: what earlier runs were answered would pile up in it.
    """
    cases, digest = read_cases(options.data or CASES)
    if options.split:
        cases = [case for case in cases if case.split == options.split]
    options.workspace.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix="answers-", dir=options.workspace) as home,
        indexed(options, options.settings.corpus, Path(home)) as assistant,
    ):
        _refuse_stale(cases, assistant)
        yield Answers(
            assistant,
            cases,
            corpus=assistant.live().version.corpus_digest,
            facts={"cases": digest, "split": options.split or "all", **index_facts(assistant)},
            statistics=STATISTICS,
        )


STATISTICS: Mapping[str, Statistic] = {
    "abstention precision": precision,
    "abstention recall": recall,
}


def _refuse_stale(cases: Sequence[Case], assistant: Assistant) -> None:
    live = assistant.live()
    problems = stale(cases, live.guidelines)
    points = {point.point for point in live.differing}
    problems += [
        f"{c.id}: no known disagreement on {c.differ!r}"
        for c in cases
        if c.differ and c.differ not in points
    ]
    if problems:
        raise Misused("stale cases:\n" + "\n".join(problems))


def _citations(answer: Answer) -> list[Citation]:
    return [citation for statement in answer.statements for citation in statement.citations]


def _superseded(answer: Answer) -> int:
    return sum(reference.currency is Currency.SUPERSEDED for reference in answer.references)


def _stable(asked: Asked) -> bool:
    """Whether every number of the conversation means one passage throughout."""
    return all(
        asked.numbers.get(reference.number) == reference.chunk_id
        for answer in asked.conversation
        for reference in answer.references
    )


def _leads(allowed: Sequence[Gold], answer: Answer) -> bool:
    """Whether the headline is one of the sentences that may lead, or a part or more of one."""
    if answer.headline is None:
        return False
    return any(
        c.guideline_id == gold.guideline
        and (gold.quote in c.quote.exact or c.quote.exact in gold.quote)
        for c in answer.headline.citations
        for gold in allowed
    )


def _says(answer: Answer, fact: str) -> bool:
    said = " ".join(statement.text for statement in answer.statements).casefold()
    return any(plain(way).casefold() in said for way in fact.split("|"))


def _shown(case: Case, answer: Answer) -> dict[str, Any]:
    return {
        "question": case.question,
        "query": answer.query,
        "answerable": case.answerable,
        "abstained": answer.outcome.kind is OutcomeKind.ABSTAINED,
        "confidence": confidence(answer),
        "wanted": [gold.quote for gold in case.gold],
        "headline": drafting.said(answer.headline) if answer.headline else None,
        "statements": [drafting.said(s) for section in answer.sections for s in section.statements],
        "milliseconds": sum(answer.timings_ms.values()),
        "split": case.split,
        "kind": case.kind,
        "outcome": answer.outcome.reason or answer.outcome.kind,
        **drafting.shown(answer),
    }
