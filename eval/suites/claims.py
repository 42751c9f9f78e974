"""Claims and evidence: does the support check tell what is carried from what is not?

The threshold is chosen on one half of the claims and measured on the other.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel

from eval.classification import (
    CHOOSE,
    auc,
    balanced_accuracy,
    best_threshold,
    calibration_error,
    half,
    macro_f1,
)
from eval.keeping import open_kept
from eval.records import Misused, Result
from eval.suites import Options, Statistic
from rag.embedding import Embedder
from rag.embedding.remembering import RememberingEmbedder
from rag.grounding import Evidence, Gate
from rag.grounding.entailment import Entailment, held, open_entailment
from rag.grounding.polarity import opposed
from rag.importing.jsonl import read_jsonl

SUPPORTED, REFUTED, NEITHER = "SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"
LABELS = (SUPPORTED, REFUTED, NEITHER)


class Case(BaseModel):
    """A claim, a text, and whether the text carries the claim."""

    id: str
    claim: str
    evidence: str
    label: Literal["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"]


@dataclass(frozen=True, slots=True)
class Claims:
    """See Suite."""

    gate: Gate
    nearness: Entailment
    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic]

    def measure(self, case: Case) -> Result:
        """The support score; every measure is one of all claims together."""
        pair = (case.claim, case.evidence)
        shown = {
            "label": case.label,
            "claim": case.claim,
            "evidence": case.evidence,
            "support": self.gate.score(case.claim, [Evidence(case.evidence)]),
            "words": held(*pair),
            "cosine": self.nearness.support([pair])[0],
            "opposed": opposed(*pair),
            "half": half(case.id),
        }
        return Result(id=case.id, cluster=case.claim, shown=shown)


@contextmanager
def open_suite(options: Options) -> Iterator[Claims]:
    """Read one file of claims; no corpus is searched."""
    path = options.needed()
    cases = list(read_jsonl(path, Case))
    kinds = {case.label == SUPPORTED for case in cases}
    if kinds != {True, False}:
        raise Misused(f"{path}: needs claims that are supported and claims that are not")
    settings = options.settings
    embedder = RememberingEmbedder(open_kept(options))
    entailment = open_entailment(settings.entailment, embedder, settings.threads)
    nearness = WholeTextCosine(embedder)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    facts = {"data": path.name, "entailment": entailment.name, "embedder": embedder.name}
    try:
        yield Claims(Gate(entailment), nearness, cases, digest, facts, STATISTICS)
    finally:
        embedder.close()


class WholeTextCosine:
    """The cosine of claim and text, each embedded whole: what the default is compared with."""

    name = "cosine"
    least = 0.0

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def support(self, pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        """See Entailment."""
        return [
            float(self._embedder.embed_query(claim) @ self._embedder.embed_query(text))
            for claim, text in pairs
        ]


def _auc(found: Sequence[Result]) -> float:
    return auc(_scores(found), _carried(found))


def _auc_of_words(found: Sequence[Result]) -> float:
    return auc([r.shown["words"] for r in found], _carried(found))


def _auc_of_cosine(found: Sequence[Result]) -> float:
    return auc([r.shown["cosine"] for r in found], _carried(found))


def _balanced_accuracy(found: Sequence[Result]) -> float:
    chosen, measured = _halves(found)
    threshold = best_threshold(_scores(chosen), _carried(chosen))
    return balanced_accuracy(np.array(_scores(measured)) >= threshold, _carried(measured))


def _three_way(found: Sequence[Result]) -> float:
    chosen, measured = _halves(found)
    threshold = best_threshold(_scores(chosen), _related(chosen))
    said = [
        NEITHER if r.shown["support"] < threshold else REFUTED if r.shown["opposed"] else SUPPORTED
        for r in measured
    ]
    return macro_f1(said, [r.shown["label"] for r in measured])


def _calibration(found: Sequence[Result]) -> float:
    chosen, measured = _halves(found)
    known = (_scores(chosen), _carried(chosen))
    return calibration_error(*known, _scores(measured), _carried(measured))


STATISTICS: Mapping[str, Statistic] = {
    "AUC": _auc,
    "words/AUC": _auc_of_words,
    "cosine/AUC": _auc_of_cosine,
    "balanced_accuracy": _balanced_accuracy,
    "macroF1": _three_way,
    "calibration_error": _calibration,
}


def _scores(found: Sequence[Result]) -> list[float]:
    return [result.shown["support"] for result in found]


def _carried(found: Sequence[Result]) -> list[bool]:
    return [result.shown["label"] == SUPPORTED for result in found]


def _related(found: Sequence[Result]) -> list[bool]:
    return [result.shown["label"] != NEITHER for result in found]


def _halves(found: Sequence[Result]) -> tuple[list[Result], list[Result]]:
    chosen = [result for result in found if result.shown["half"] == CHOOSE]
    measured = [result for result in found if result.shown["half"] != CHOOSE]
    return chosen, measured
