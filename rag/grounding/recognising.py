"""Emergencies, harm and decisions on oneself, known by their likeness to examples.

`scope.txt` is sure of what it knows and misses other wordings. What stands here is less sure and
misses less: it may say why there is no answer, and tell of help, and takes no answer away but
where harm is as good as certain.
"""

import hashlib
import logging
import math
import re
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np

from rag.embedding import Embedder, Vectors
from rag.grounding.scope import concern, is_clinical, is_own, is_urgent
from rag.grounding.weights import keep, kept
from rag.grounding.words import lines
from rag.types import AbstentionReason

logger = logging.getLogger(__name__)

EXAMPLES = "scope_examples.txt"

TOLD = (
    AbstentionReason.EMERGENCY,
    AbstentionReason.HARMFUL,
    AbstentionReason.PATIENT_SPECIFIC,
)
REASONS = (*TOLD, None)
"""What an example may be of; None is a question like any other."""

GRAVE = frozenset((AbstentionReason.EMERGENCY, AbstentionReason.HARMFUL))
"""What calls for help; nothing beside that may draw the eye."""

LIKELY = 0.2
"""Lead over an ordinary question from which a reason is given where there is no answer."""

DOUBT = {AbstentionReason.EMERGENCY: 0.1, AbstentionReason.HARMFUL: 0.15}
"""Leads from which to tell of help; a word on suicide that is beside the point is the dearer."""

CERTAIN = 0.9
"""Lead from which harm is as sure as by a pattern; no ordinary question is near to it."""

NEAR = 0.1
"""How far a grave reason may lie behind a decision and still be told of."""

HASHED = 4096
"""Places that words and pairs of words are hashed to."""

RIDGE = 1.0
"""Weight of the penalty on large weights."""

REVISION = 1
"""Changes when features or fit change, so that weights that were kept are fitted anew."""

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[?!]+")


class Told(NamedTuple):
    """What a question looks like: a reason for no answer, and a danger to tell of help for."""

    reason: AbstentionReason | None = None
    danger: AbstentionReason | None = None
    is_sure: bool = False


class Example(NamedTuple):
    """A question that shows what a reason sounds like; one situation is told in several."""

    text: str
    reason: AbstentionReason | None
    situation: int


class Recogniser:
    """Tells what a question looks like; safe to share by threads.

    Weights are fitted to the vectors of the embedder at the first question, which takes seconds,
    and kept in a folder for the next process.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._folder = folder
        self._lock = Lock()
        self._weights: Vectors | None = None

    def tell(self, question: str) -> Told:
        """What patterns are sure of, else what is likely.

        Of who says to be one who treats and tells of nobody of their own, only harm is likely.
        """
        if sure := concern(question):
            return Told(sure, sure if sure in GRAVE else None, is_sure=True)
        vector = self._embedder.embed_query(question)
        *scores, ordinary = (features([question], [vector]) @ self.open())[0].tolist()
        leads = {reason: score - ordinary for reason, score in zip(TOLD, scores, strict=True)}
        if is_clinical(question) and not is_own(question):
            leads = {AbstentionReason.HARMFUL: leads[AbstentionReason.HARMFUL]}
        found = likely(leads)
        return found._replace(danger=AbstentionReason.EMERGENCY) if is_urgent(question) else found

    def open(self) -> Vectors:
        """The weights, read or fitted if they are not there yet."""
        with self._lock:
            if self._weights is None:
                path = self._folder / f"scope-{_key(self._embedder)}.weights"
                self._weights = kept(path, (self._embedder.dim + HASHED + 1, len(REASONS)))
                if self._weights is None:
                    self._weights = _fitted_to_examples(self._embedder)
                    keep(path, self._weights)
            return self._weights


def likely(leads: Mapping[AbstentionReason, float]) -> Told:
    """What leads over an ordinary question come to; reasons that cannot be are left out."""
    best = max(leads, key=leads.__getitem__)
    decision = leads.get(AbstentionReason.PATIENT_SPECIFIC, -math.inf)
    grave = [r for r in leads.keys() & GRAVE if leads[r] >= max(DOUBT[r], decision - NEAR)]
    return Told(
        reason=best if leads[best] >= LIKELY else None,
        danger=max(grave, key=leads.__getitem__, default=None),
        is_sure=best is AbstentionReason.HARMFUL and leads[best] >= CERTAIN,
    )


def examples() -> list[Example]:
    """Every example; a line of the file holds the wordings of one situation."""
    known = {str(reason or "none"): reason for reason in REASONS}
    found: list[Example] = []
    for number, line in enumerate(lines(EXAMPLES)):
        if line.startswith("["):
            reason = known[line.strip("[]")]
        else:
            found += (Example(text, reason, number) for text in line.split(" | "))
    return found


def features(texts: Sequence[str], vectors: Sequence[Vectors]) -> Vectors:
    """A row a text: its vector, its words and pairs of words hashed to unit length, and a 1."""
    hashed = np.stack([_hashed(text) for text in texts])
    return np.hstack([np.stack(vectors), hashed, np.ones((len(texts), 1), np.float32)])


def fitted(rows: Vectors, reasons: Sequence[AbstentionReason | None]) -> Vectors:
    """Weights that tell the reasons from features by ridge regression, each reason as heavy.

    The dual form, for there are fewer examples than features.
    """
    targets = np.array([[reason is known for known in REASONS] for reason in reasons], np.float64)
    share = targets.mean(axis=0)
    heft = np.sqrt((targets / np.where(share > 0, share * len(REASONS), 1)).sum(axis=1))[:, None]
    heavy = rows * heft.astype(np.float32)
    alike = (heavy @ heavy.T).astype(np.float64) + RIDGE * np.eye(len(rows))
    weights: Vectors = heavy.T @ np.linalg.solve(alike, targets * heft).astype(np.float32)
    return weights


def _fitted_to_examples(embedder: Embedder) -> Vectors:
    known = examples()
    logger.info("fitting what is told apart by %d examples, once", len(known))
    texts = [example.text for example in known]
    rows = features(texts, [embedder.embed_query(text) for text in texts])
    return fitted(rows, [example.reason for example in known])


def _hashed(text: str) -> Vectors:
    words = [
        "#" if word.isdigit() else word for word in WORD.findall(text.lower().replace("’", "'"))
    ]
    pairs = (" ".join(pair) for pair in pairwise(("^", *words, "$")))
    counts = np.zeros(HASHED, np.float32)
    for gram in (*words, *pairs):
        place = zlib.crc32(gram.encode("utf-8", "replace"))
        counts[place % HASHED] += 1 if place >> 31 else -1
    length = float(np.linalg.norm(counts))
    return counts / length if length else counts


def _key(embedder: Embedder) -> str:
    """What weights hold for: these examples, made into features in this way by this embedder."""
    content = "\n".join((embedder.fingerprint, str(REVISION), *lines(EXAMPLES)))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
