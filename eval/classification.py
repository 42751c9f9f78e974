"""Measures of telling two things apart by a score; pure.

Each gives nan where it is not defined, as when all cases are of one kind.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

BINS = 10
CHOOSE, MEASURE = "choose", "measure"


def half(name: str) -> str:
    """Which half a case is of, by a hash of its name: to choose a threshold on, or to measure."""
    return CHOOSE if hashlib.sha256(name.encode()).digest()[0] % 2 else MEASURE


def auc(scores: ArrayLike, positive: ArrayLike) -> float:
    """Area under the ROC curve: how often a positive scores above a negative, ties as half."""
    right = np.asarray(positive, bool)
    n, m = int(right.sum()), int((~right).sum())
    if not n or not m:
        return float("nan")
    ranks = rankdata(np.asarray(scores, float))
    return float((ranks[right].sum() - n * (n + 1) / 2) / (n * m))


def balanced_accuracy(said: ArrayLike, positive: ArrayLike) -> float:
    """The mean of the share of positives and of negatives that were told."""
    told, right = np.asarray(said, bool), np.asarray(positive, bool)
    if right.all() or not right.any():
        return float("nan")
    return float((told[right].mean() + (~told[~right]).mean()) / 2)


def best_threshold(scores: ArrayLike, positive: ArrayLike) -> float:
    """The score from which to say yes for the best balanced accuracy."""
    values, right = np.asarray(scores, float), np.asarray(positive, bool)
    n, m = int(right.sum()), int((~right).sum())
    if not n or not m:
        return 0.0 if n else float("inf")
    order = np.argsort(-values, kind="stable")
    ranked, hits = values[order], right[order]
    gained = np.cumsum(hits) / n - np.cumsum(~hits) / m
    last_of_value = np.append(ranked[1:] != ranked[:-1], True)
    gained[~last_of_value] = -np.inf
    return float(ranked[int(np.argmax(gained))])


def macro_f1(said: Sequence[str], gold: Sequence[str]) -> float:
    """The mean F1 of the labels that occur in the gold."""
    scores = []
    for label in sorted(set(gold)):
        hits = sum(s == g == label for s, g in zip(said, gold, strict=True))
        both = said.count(label) + gold.count(label)
        scores.append(2 * hits / both)
    return float(np.mean(scores)) if scores else float("nan")


def calibration_error(
    known: ArrayLike, known_positive: ArrayLike, scores: ArrayLike, positive: ArrayLike
) -> float:
    """Expected calibration error of the share of positives that known scores near by had.

    The scores known are cut into BINS of equal size; each new score is given the share of
    positives in its bin, and bins are compared with what they turn out to hold (Guo et al. 2017).
    """
    base, right = np.asarray(known, float), np.asarray(known_positive, bool)
    values, wanted = np.asarray(scores, float), np.asarray(positive, bool)
    if not len(base) or not len(values):
        return float("nan")
    edges = np.quantile(base, np.linspace(0, 1, BINS + 1)[1:-1])
    of_base, of_values = np.searchsorted(edges, base), np.searchsorted(edges, values)
    error = 0.0
    for number in range(BINS):
        before, now = right[of_base == number], wanted[of_values == number]
        if len(before) and len(now):
            error += len(now) / len(values) * abs(float(now.mean()) - float(before.mean()))
    return error


def risk_coverage(confidence: ArrayLike, wrong: ArrayLike) -> tuple[list[float], list[float]]:
    """Coverage and the risk at it, answering the surest first (El-Yaniv and Wiener 2010)."""
    order = np.argsort(-np.asarray(confidence, float), kind="stable")
    mistakes = np.cumsum(np.asarray(wrong, float)[order])
    answered = np.arange(1, len(order) + 1)
    return (answered / len(order)).tolist(), (mistakes / answered).tolist()


def area_under_risk_coverage(confidence: ArrayLike, wrong: ArrayLike) -> float:
    """The mean risk over all coverages; lower is better."""
    _, risks = risk_coverage(confidence, wrong)
    return float(np.mean(risks)) if risks else float("nan")
