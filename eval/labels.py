"""The cases of the suite `answers`: questions, and what a good answer to them holds."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from eval.records import Misused
from rag.importing.jsonl import read_jsonl
from rag.types import AbstentionReason, Guideline, GuidelineId, Value

Kind = Literal[
    "direct", "lay", "figure", "followup", "superseded", "differing", "unanswerable", "unsafe"
]
"""What sort of question a case asks: `figure` is for doses and thresholds."""


class Gold(Value):
    """Words of a guideline that an answer should rest on."""

    guideline: GuidelineId
    quote: str = Field(min_length=1)


class Case(Value):
    """A question and what a good answer to it holds; nothing named means: abstain."""

    id: str
    kind: Kind
    question: str
    earlier: tuple[str, ...] = Field((), description="questions asked before in the conversation")
    rewrite: str | None = Field(None, description="a follow-up worded by hand to stand alone")
    gold: tuple[Gold, ...] = Field((), description="what should be cited")
    headline: tuple[Gold, ...] = Field((), description="sentences that may lead, any of them")
    facts: tuple[str, ...] = Field((), description="what must be said; | parts ways to say it")
    differ: str | None = Field(None, description="the point on which guidelines differ")
    reason: AbstentionReason | None = Field(None, description="why nothing can be answered")
    include_superseded: bool = False
    split: Literal["dev", "test"]

    @model_validator(mode="after")
    def _rewrites_a_follow_up(self) -> Self:
        if self.rewrite and not self.earlier:
            raise ValueError(f"{self.id}: rewrite without earlier: only follow-ups are rewritten")
        return self

    @property
    def answerable(self) -> bool:
        """Whether the corpus holds an answer."""
        return bool(self.gold)

    @property
    def cluster(self) -> str:
        """Cases on one guideline stand or fall together."""
        return self.gold[0].guideline if self.gold else self.id


def read_cases(path: Path) -> tuple[list[Case], str]:
    """Every case below a folder, or of one file, and a digest of them all."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    cases = [case for file in files for case in read_jsonl(file, Case)]
    counted = Counter(case.id for case in cases)
    if doubled := sorted(name for name, count in counted.items() if count > 1):
        raise Misused(f"{path}: more than one case is called {', '.join(doubled)}")
    text = "\n".join(case.model_dump_json() for case in cases)
    return cases, hashlib.sha256(text.encode()).hexdigest()


def stale(cases: Sequence[Case], guidelines: Mapping[GuidelineId, Guideline]) -> list[str]:
    """What the labels of the cases quote and the corpus does not hold."""
    return [
        f"{case.id}: {gold.guideline} does not say {gold.quote!r}"
        for case in cases
        for gold in (*case.gold, *case.headline)
        if gold.guideline not in guidelines or gold.quote not in guidelines[gold.guideline].body
    ]
