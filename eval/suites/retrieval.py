"""Ranking over a BEIR data set, through the real chunker and index, by stage.

An article scores as its best passage; a query without results counts 0.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ir_measures
from ir_measures import RR, R, nDCG

from eval.records import Misused, Result
from eval.suites import Options, Statistic
from eval.workspace import assistant_over, index_facts
from rag.assistant import Assistant
from rag.importing.beir import guideline_id, import_beir, read_qrels, read_queries
from rag.retrieval import dense_hits, fuse
from rag.types import ChunkId, GuidelineId, Hit

MEASURES = (nDCG @ 10, R @ 10, R @ 100, RR @ 10)
DEPTH = 100
POOL = 400
"""Passages looked at, so that a hundred articles are among them."""

FIXED_WEIGHTS = (0.3, 0.5, 0.7)
"""Weights of dense search that the rule is compared with."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query with the articles judged for it."""

    id: str
    text: str
    qrels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """See Suite."""

    assistant: Assistant
    article_of: Mapping[ChunkId, GuidelineId]
    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic] = field(default_factory=dict)

    def measure(self, case: Case) -> Result:
        """Each measure for dense, lexical, fused, and fused by fixed weights."""
        scores = {
            f"{stage}/{measure}": value
            for stage, hits in self._stages(case.text).items()
            for measure, value in _scored(case, self._by_article(hits)).items()
        }
        return Result(id=case.id, cluster=case.id, scores=scores, shown={"query": case.text})

    def _stages(self, text: str) -> dict[str, list[Hit]]:
        index = self.assistant.live().index
        dense = dense_hits(index, self.assistant.embedder.embed_query(text), POOL)
        lexical = index.lexical(text, POOL)
        passages = self.assistant.search(text, k=POOL)
        fixed = {f"fixed {w}": fuse(dense, lexical, w) for w in FIXED_WEIGHTS}
        fused = [Hit(passage.chunk.id, passage.scores.fused) for passage in passages]
        return {"dense": dense, "lexical": lexical, "fused": fused, **fixed}

    def _by_article(self, hits: Sequence[Hit]) -> dict[GuidelineId, float]:
        best: dict[GuidelineId, float] = {}
        for hit in hits:
            article = self.article_of[hit.chunk_id]
            best[article] = max(hit.score, best.get(article, hit.score))
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return dict(ranked[:DEPTH])


@contextmanager
def open_suite(options: Options) -> Iterator[Retrieval]:
    """Import and index the corpus, once, and read queries and judgements."""
    folder = options.needed()
    split = _split(folder)
    cases = _cases(folder, split)
    with assistant_over(options, folder, import_beir) as assistant:
        live = assistant.live()
        _refuse_absent(cases, live.guidelines, split)
        yield Retrieval(
            assistant,
            {chunk.id: chunk.guideline_id for chunk in assistant.chunks()},
            cases,
            corpus=live.version.corpus_digest,
            facts={"data": folder.name, "split": split.stem, **index_facts(assistant)},
        )


def _split(folder: Path) -> Path:
    for name in ("test", "dev", "train"):
        if (path := folder / "qrels" / f"{name}.tsv").exists():
            return path
    raise Misused(f"{folder / 'qrels'}: no test.tsv, dev.tsv or train.tsv")


def _cases(folder: Path, split: Path) -> list[Case]:
    queries = read_queries(folder)
    judged = read_qrels(split)
    if absent := sorted(judged.keys() - queries.keys()):
        raise Misused(f"{split}: query {absent[0]} is not in queries.jsonl")
    return [
        Case(query, queries[query], {guideline_id(entry): n for entry, n in entries.items()})
        for query, entries in judged.items()
    ]


def _refuse_absent(cases: Sequence[Case], known: Collection[str], split: Path) -> None:
    for case in cases:
        if absent := sorted(case.qrels.keys() - set(known)):
            raise Misused(f"{split}: query {case.id} names {absent[0]}, which is not in the corpus")


def _scored(case: Case, ranked: Mapping[str, float]) -> dict[str, float]:
    if not ranked:
        return {str(measure): 0.0 for measure in MEASURES}
    # Equal scores are ordered by trec_eval's own rule; ranks as scores keep ours.
    run = {case.id: {article: -float(rank) for rank, article in enumerate(ranked)}}
    found = ir_measures.iter_calc(MEASURES, {case.id: dict(case.qrels)}, run)
    return {str(metric.measure): float(metric.value) for metric in found}
