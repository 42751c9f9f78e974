"""Does the gate catch statements that were changed in one way, and let faithful ones pass?

Both are made from the corpus, by `eval.mutating` and by hand in `eval/faithful`. Every statement
cites the chunk that its original stands in, whole, and half of them another chunk besides.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from eval.keeping import open_kept
from eval.mutating.cases import HAND, Case, generated, mutated
from eval.mutating.passages import Passages
from eval.mutating.rewording.abbreviations import defined
from eval.records import Misused, Result
from eval.suites import Options, Statistic
from rag.corpus import Corpus, load
from rag.embedding.remembering import RememberingEmbedder
from rag.glossary import Glossary
from rag.grounding import Evidence, Gate
from rag.grounding.entailment import open_entailment
from rag.importing.jsonl import read_jsonl
from rag.types import Chunk, GuidelineId, Support, Value

FAITHFUL = Path("eval/faithful")
OF_EACH_KIND = 85
GENERATED = 800


class Paraphrase(Value):
    """A faithful rewording of a statement, or of several, as a chat model might write it."""

    guideline: GuidelineId
    quote: str = Field(min_length=1, description="a whole statement of the corpus")
    also: tuple[str, ...] = Field((), description="further statements that are drawn together")
    text: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Mutations:
    """See Suite."""

    gate: Gate
    issuers: Mapping[GuidelineId, str]
    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic] = field(default_factory=dict)

    def measure(self, case: Case) -> Result:
        """Whether the gate let the statement pass; the measures are told apart by kind."""
        evidence = [_evidence(chunk, self.issuers[chunk.guideline_id]) for chunk in case.chunks]
        verdict = self.gate.check(case.text, evidence)
        refused = float(verdict.support is not Support.SUPPORTED)
        measure = "refused" if case.faithful else "caught"
        names = (measure, f"{measure}/{case.kind}")
        scores = dict.fromkeys((*names, *(f"{case.split}/{n}" for n in names)), refused)
        shown = {
            "kind": case.kind,
            "how": case.how,
            "split": case.split,
            "original": case.original,
            "text": case.text,
            "chunks": [chunk.id for chunk in case.chunks],
            "verdict": verdict.support.value,
            "reasons": [str(reason) for reason in verdict.reasons],
        }
        return Result(id=case.id, cluster=case.guideline, scores=scores, shown=shown)


@contextmanager
def open_suite(options: Options) -> Iterator[Mutations]:
    """Make the cases from the configured corpus and put them to the gate as it is."""
    settings = options.settings
    corpus = load(settings.corpus)
    paraphrases, digest = read_paraphrases(options.data or FAITHFUL)
    cases = cases_of(corpus, paraphrases, options.seed)
    embedder = RememberingEmbedder(open_kept(options))
    entailment = open_entailment(settings.entailment, embedder, settings.threads)
    gate = Gate(entailment, Glossary(corpus.glossary))
    facts = {"faithful": digest, "embedder": embedder.name, "drawn with": options.seed}
    try:
        issuers = {guideline.id: guideline.issuer for guideline in corpus.guidelines}
        yield Mutations(gate, issuers, cases, corpus.digest, facts)
    finally:
        embedder.close()


def cases_of(corpus: Corpus, paraphrases: Sequence[Paraphrase], seed: int) -> list[Case]:
    """Every case, each once; raises Misused when a paraphrase quotes what is no longer there."""
    passages = Passages.of(corpus.guidelines)
    abbreviations = {guideline.id: defined(guideline.body) for guideline in corpus.guidelines}
    cases = [
        *mutated(passages, OF_EACH_KIND, seed),
        *by_hand(passages, paraphrases),
        *generated(passages, abbreviations, GENERATED, seed),
    ]
    return list({case.id: case for case in cases}.values())


def by_hand(passages: Passages, paraphrases: Sequence[Paraphrase]) -> Iterator[Case]:
    """The paraphrases over the chunks that they quote; raises Misused naming every stale one."""
    problems = stale(passages, paraphrases)
    if problems:
        raise Misused("stale paraphrases:\n" + "\n".join(problems))
    for said in paraphrases:
        found = (passages.holding(said.guideline, quote) for quote in (said.quote, *said.also))
        chunks = {chunk.id: chunk for chunk in found if chunk}
        cited = passages.cited(said.text, list(chunks.values()))
        yield Case(HAND, "by hand", " ".join((said.quote, *said.also)), said.text, cited)


def stale(passages: Passages, paraphrases: Sequence[Paraphrase]) -> list[str]:
    """What the paraphrases quote and the corpus does not state."""
    return [
        f"{said.guideline} does not state {quote!r}"
        for said in paraphrases
        for quote in (said.quote, *said.also)
        if passages.holding(said.guideline, quote) is None
    ]


def read_paraphrases(path: Path) -> tuple[list[Paraphrase], str]:
    """Every paraphrase below a folder, or of one file, and a digest of them all."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    found = [said for file in files for said in read_jsonl(file, Paraphrase)]
    text = "\n".join(said.model_dump_json() for said in found)
    return found, hashlib.sha256(text.encode()).hexdigest()


def _evidence(chunk: Chunk, issuer: str) -> Evidence:
    """What the service would hold a statement against: see `rag.answering`."""
    return Evidence(chunk.text, f"{issuer}\n{chunk.context}", chunk.grade)
