"""Ranking over a BEIR data set, through the real chunker and index, by stage.

An article scores as its best passage; a query without results counts 0.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, Measure, R, nDCG

from eval.made import digest
from eval.records import Misused, Result
from eval.suites import Options, Statistic
from eval.workspace import articles, assistant_over, index_facts
from rag.assistant import Assistant
from rag.importing.beir import guideline_id, import_beir, read_qrels, read_queries
from rag.retrieval import dense_hits, fuse
from rag.types import ChunkId, GuidelineId, Hit

MEASURES = (nDCG @ 10, R @ 10, R @ 100, RR @ 10)
DEPTH = 100
SHOWN = 10
POOL = 400
"""Passages looked at, so that a hundred articles are among them."""

FIXED_WEIGHTS = tuple(round(0.1 * tenth, 1) for tenth in range(1, 10))
"""Weights of dense search that the rule is compared with, each the same for all queries."""

BY_WEIGHT = nDCG @ 10
"""The one measure told for every fixed weight, and for the best of them on the set."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query with the articles judged for it."""

    id: str
    text: str
    qrels: Mapping[str, int]

    @property
    def cluster(self) -> str:
        """Its most relevant article: queries on one stand or fall together."""
        return max(self.qrels, key=lambda article: (self.qrels[article], article))


@dataclass(frozen=True, slots=True)
class Retrieval:
    """See Suite."""

    assistant: Assistant
    article_of: Mapping[ChunkId, GuidelineId]
    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic]

    def measure(self, case: Case) -> Result:
        """Each measure for dense, lexical and fused; nDCG@10 for fusing by fixed weights."""
        started = time.perf_counter()
        passages = self.assistant.search(case.text, k=POOL)
        spent = 1000 * (time.perf_counter() - started)
        fused = [Hit(passage.chunk.id, passage.scores.fused) for passage in passages]
        index = self.assistant.live().index
        dense = dense_hits(index, self.assistant.embedder.embed_query(case.text), POOL)
        lexical = index.lexical(case.text, POOL)
        stages = {"fused": fused, "dense": dense, "lexical": lexical}
        ranked = {stage: self._by_article(hits) for stage, hits in stages.items()}
        scores = {
            f"{stage}/{measure}": value
            for stage, articles in ranked.items()
            for measure, value in _scored(case, articles).items()
        }
        for weight in FIXED_WEIGHTS:
            articles = self._by_article(fuse(dense, lexical, weight))
            scores[fixed(weight)] = _scored(case, articles, (BY_WEIGHT,))[str(BY_WEIGHT)]
        return Result(
            id=case.id,
            cluster=case.cluster,
            scores=scores,
            shown={
                "question": case.text,
                "judged": list(case.qrels),
                "found": list(ranked["fused"])[:SHOWN],
                "passages": [f"{p.guideline.id}: {p.chunk.text}" for p in passages[:SHOWN]],
                "milliseconds": round(spent, 2),
            },
        )

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
    split = _split(folder, options.split)
    cases = _cases(folder, split)
    _refuse_absent(cases, articles(options, folder, import_beir), split)
    with assistant_over(options, folder, import_beir) as assistant:
        yield Retrieval(
            assistant,
            {chunk.id: chunk.guideline_id for chunk in assistant.chunks()},
            cases,
            corpus=assistant.live().version.corpus_digest,
            facts={
                "data": folder.name,
                "split": split.stem,
                "judgements": digest([split, folder / "queries.jsonl"]),
                **index_facts(assistant),
            },
            statistics=STATISTICS,
        )


def fixed(weight: float) -> str:
    """The name of the measure of fusing by a fixed weight."""
    return f"fixed {weight}/{BY_WEIGHT}"


def best_fixed(found: Sequence[Result]) -> float:
    """The mean of the fixed weight that is best for these queries, which nobody knows before."""
    means = [np.mean([r.scores[fixed(weight)] for r in found]) for weight in FIXED_WEIGHTS]
    return float(max(means))


def ahead(found: Sequence[Result]) -> float:
    """How far the rule is above the best fixed weight; below 0 it is behind."""
    fused = np.mean([result.scores[f"fused/{BY_WEIGHT}"] for result in found])
    return float(fused) - best_fixed(found)


STATISTICS: Mapping[str, Statistic] = {
    f"best fixed/{BY_WEIGHT}": best_fixed,
    f"fused less best fixed/{BY_WEIGHT}": ahead,
}


def _split(folder: Path, wanted: str | None) -> Path:
    names = (wanted,) if wanted else ("test", "dev", "train")
    for name in names:
        if (path := folder / "qrels" / f"{name}.tsv").exists():
            return path
    raise Misused(f"{folder / 'qrels'}: no {' or '.join(f'{name}.tsv' for name in names)}")


def _cases(folder: Path, split: Path) -> list[Case]:
    queries = read_queries(folder)
    judged = read_qrels(split)
    if absent := sorted(judged.keys() - queries.keys()):
        raise Misused(f"{split}: query {absent[0]} is not in queries.jsonl")
    if not judged:
        raise Misused(f"{split}: no judgements in it")
    return [
        Case(query, queries[query], {guideline_id(entry): n for entry, n in entries.items()})
        for query, entries in judged.items()
    ]


def _refuse_absent(cases: Sequence[Case], known: AbstractSet[str], split: Path) -> None:
    for case in cases:
        if absent := sorted(case.qrels.keys() - known):
            raise Misused(f"{split}: query {case.id} names {absent[0]}, which is not in the corpus")


def _scored(
    case: Case, ranked: Mapping[str, float], measures: Sequence[Measure] = MEASURES
) -> dict[str, float]:
    if not ranked:
        return {str(measure): 0.0 for measure in measures}
    # Equal scores are ordered by trec_eval's own rule; ranks as scores keep ours.
    run = {case.id: {article: -float(rank) for rank, article in enumerate(ranked)}}
    found = ir_measures.iter_calc(measures, {case.id: dict(case.qrels)}, run)
    return {str(metric.measure): float(metric.value) for metric in found}
