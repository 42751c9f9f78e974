"""Questions as people ask them, each with a follow-up, and how long their answers took."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.records import Result
from eval.speed.measured import Measured
from eval.suites import Statistic
from rag.assistant import Assistant
from rag.types import Guideline, Question

QUESTIONS = 150
"""Conversations that are measured over each corpus, unless a limit says otherwise."""

WHOLE = "answer"
PHASES = ("rewrite", "search", "write", "check", "finish", "keep", WHOLE)
"""As `Answer.timings_ms` has them; `keep` is what is left: opening and keeping the conversation."""

PERCENTILES = (50, 95, 99)

FOLLOW_UPS = (
    "And in children?",
    "What if that does not help?",
    "How strong is that recommendation?",
    "Which dose, and how often?",
    "What should be monitored?",
    "And in pregnancy?",
    "Are there any others?",
    "When is it not recommended?",
)

WARM_UP = (
    "What is recommended first?",
    "Which dose is given to adults?",
    "Which imaging comes first?",
    "When is a referral needed?",
    "How is it monitored?",
)

Timings = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Talk:
    """A question that a guideline says it answers, and a follow-up."""

    number: int
    guideline_id: str
    question: str
    follow_up: str


def talks(guidelines: Iterable[Guideline], limit: int | None, seed: int) -> list[Talk]:
    """So many conversations drawn by the seed; a guideline that names no question has its title."""
    by_question = {
        question: guideline.id
        for guideline in guidelines
        for question in (guideline.questions or (guideline.title,))
    }
    wanted = min(limit or QUESTIONS, len(by_question))
    drawn = random.Random(seed).sample(sorted(by_question), wanted)  # noqa: S311  not for secrets
    return [
        Talk(number, by_question[question], question, FOLLOW_UPS[number % len(FOLLOW_UPS)])
        for number, question in enumerate(drawn)
    ]


def warm_up(assistant: Assistant) -> None:
    """Open what the first questions open."""
    for question in WARM_UP:
        assistant.ask(question)


def held(assistant: Assistant, talk: Talk, corpus: str = "") -> Measured:
    """Hold a conversation, and then once more, when all its passages have been met.

    `corpus` names one that is not the shipped one, in scores and in what is shown.
    """
    first, again = [list(_asked(assistant, talk)) for _ in range(2)]
    name = f"{corpus}/" if corpus else ""
    mean = float(np.mean([timings[WHOLE] for timings in again]))
    return Measured(
        {f"{name}{WHOLE}/mean ms": mean},
        {"timed": corpus, "question": talk.question, "first": first, "again": again},
    )


def _asked(assistant: Assistant, talk: Talk) -> Iterator[dict[str, float]]:
    conversation_id = None
    for text in (talk.question, talk.follow_up):
        question = Question(text=text, conversation_id=conversation_id)
        started = time.perf_counter()
        answer = assistant.ask(question)
        whole = 1000 * (time.perf_counter() - started)
        conversation_id = answer.conversation_id
        phases = dict(answer.timings_ms)
        keep = max(0.0, whole - sum(phases.values()))
        yield {**phases, "keep": round(keep, 2), WHOLE: round(whole, 2)}


def statistics(corpus: str = "") -> dict[str, Statistic]:
    """The percentiles of every phase, and of whole answers to what is asked for the first time."""
    name = f"{corpus}/" if corpus else ""
    made = {
        f"{name}{phase}/p{q} ms": _percentile(corpus, "again", phase, q)
        for phase in PHASES
        for q in PERCENTILES
    }
    for q in PERCENTILES:
        made[f"{name}first {WHOLE}/p{q} ms"] = _percentile(corpus, "first", WHOLE, q)
    return made


def timings(results: Iterable[Result], corpus: str, when: str, phase: str) -> list[float]:
    """The milliseconds of a phase in all answers over a corpus, `first` or `again`."""
    told: Iterator[Sequence[Any]] = (
        result.shown[when]
        for result in results
        if result.failed is None and result.shown.get("timed") == corpus
    )
    return [answer[phase] for answers in told for answer in answers if phase in answer]


def _percentile(corpus: str, when: str, phase: str, q: int) -> Statistic:
    def of(results: Sequence[Result]) -> float:
        found = timings(results, corpus, when, phase)
        return float(np.percentile(found, q)) if found else float("nan")

    return of
