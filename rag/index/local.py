"""The embedded index: FAISS for vectors, Tantivy for words, built whole and never changed."""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import faiss
import numpy as np
import tantivy
from numpy.typing import NDArray

from rag.embedding import Vectors
from rag.errors import IndexDamaged
from rag.index import Allowed, IndexedChunk
from rag.index.tokens import tokens
from rag.types import ChunkId, GuidelineId, Hit

VECTORS, STATEMENTS, WORDS, CHUNKS = "vectors.faiss", "statements.f16", "words", "chunks.jsonl"
HALF = np.dtype("<f2")
"""Of a statement: a half is exact to three digits, and a cosine needs no more."""

BATCH = 4096
MOST_TERMS = 256
"""Of a longer text the rarest terms are searched for."""

TIES = 16
"""Hits asked for beyond k, so that equal scores at the edge are settled by id."""


def build_local(folder: Path, chunks: Iterable[IndexedChunk], dim: int) -> None:
    """Write the index of these chunks into an empty folder."""
    vectors = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
    words = folder / WORDS
    words.mkdir()
    lexical = tantivy.Index(_schema(), path=str(words))
    _register(lexical)
    writer = lexical.writer(heap_size=64_000_000, num_threads=1)
    with (
        (folder / CHUNKS).open("w", encoding="utf-8") as listing,
        (folder / STATEMENTS).open("wb") as statements,
    ):
        for batch in _batched(chunks):
            ids = np.array([_number(c.id) for c in batch], np.int64)
            vectors.add_with_ids(np.stack([c.vector for c in batch]), ids)
            for c in batch:
                listing.write(json.dumps([c.id, c.guideline_id, len(c.statements)]) + "\n")
                statements.write(c.statements.astype(HALF).tobytes())
                body = " ".join(tokens(c.text))
                writer.add_document(tantivy.Document(id=c.id, guideline=c.guideline_id, words=body))
    writer.commit()
    writer.wait_merging_threads()
    faiss.write_index(vectors, str(folder / VECTORS))


def open_local(folder: Path) -> "LocalIndex":
    """Open what `build_local` wrote; raises IndexDamaged naming what cannot be read."""
    with _damage(folder / CHUNKS):
        lines = (folder / CHUNKS).read_text("utf-8").splitlines()
        listing = [_Listed(*json.loads(line)) for line in lines]
    with _damage(folder / VECTORS):
        vectors = faiss.read_index(str(folder / VECTORS))
    with _damage(folder / WORDS):
        lexical = tantivy.Index.open(str(folder / WORDS))
        _register(lexical)
    if not len(listing) == vectors.ntotal == lexical.searcher().num_docs:
        raise IndexDamaged(
            f"{folder} is not whole: {len(listing)} chunks are listed in {CHUNKS}, "
            f"{vectors.ntotal} in {VECTORS}: run `rag refresh`, or `rag rollback`"
        )
    with _damage(folder / STATEMENTS):
        rows = sum(listed.statements for listed in listing)
        statements = _read_rows(folder / STATEMENTS, rows, vectors.d)
    return LocalIndex(listing, vectors, statements, lexical)


class _Listed(NamedTuple):
    id: ChunkId
    guideline_id: GuidelineId
    statements: int


class LocalIndex:
    """One opened version; safe to search from several threads."""

    def __init__(
        self,
        listing: Sequence[_Listed],
        vectors: faiss.Index,
        statements: NDArray[np.float16],
        lexical: tantivy.Index,
    ) -> None:
        self.dim: int = vectors.d
        self._listing = {listed.id: listed.guideline_id for listed in listing}
        rows = pairwise(accumulate((listed.statements for listed in listing), initial=0))
        self._rows = dict(zip(self._listing, rows, strict=True))
        self._vectors = vectors
        self._statements = statements
        self._lexical = lexical
        self._searcher = lexical.searcher()
        self._selector = lru_cache(maxsize=32)(self._make_selector)

    def dense(self, vector: Vectors, k: int, allowed: Allowed = None) -> list[Hit]:
        """Exact inner products; see SearchIndex."""
        wanted = min(k + TIES, len(self._listing))
        if wanted == 0 or (allowed is not None and not allowed):
            return []
        parameters = faiss.SearchParameters()
        if allowed is not None:
            parameters.sel = self._selector(allowed)[0]
        query = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        scores, numbers = self._vectors.search(query, wanted, params=parameters)
        found = zip(numbers[0].tolist(), scores[0].tolist(), strict=True)
        return _best((Hit(_name(n), score) for n, score in found if n >= 0), k)

    def statements(self, chunk_id: ChunkId) -> Vectors:
        """Read from the disk as they are asked for; see SearchIndex."""
        first, end = self._rows[chunk_id]
        return self._statements[first:end].astype(np.float32)

    def lexical(self, text: str, k: int, allowed: Allowed = None) -> list[Hit]:
        """BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009); see SearchIndex."""
        terms = self._rarest(self.idf(text))
        if not terms or (allowed is not None and not allowed):
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term("words", term)) for term in terms]
        )
        if allowed is not None:
            filtered = tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self._lexical.schema, "guideline", sorted(allowed)),
                0.0,
            )
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, filtered)]
            )
        found = self._searcher.search(query, k + TIES, count=False).hits
        return _best(
            (Hit(self._searcher.doc(address)["id"][0], score) for score, address in found), k
        )

    def idf(self, text: str) -> dict[str, float]:
        """BM25's idf, ln(1 + (N - n + 0.5) / (n + 0.5)); see SearchIndex."""
        total = len(self._listing)
        weights = {}
        for term in dict.fromkeys(tokens(text)):
            n = self._searcher.doc_freq("words", term)
            weights[term] = math.log(1 + (total - n + 0.5) / (n + 0.5))
        return weights

    def absent(self, text: str) -> frozenset[str]:
        """See SearchIndex."""
        return frozenset(t for t in tokens(text) if not self._searcher.doc_freq("words", t))

    def ids(self) -> Collection[ChunkId]:
        """Every chunk the index holds."""
        return self._listing.keys()

    def close(self) -> None:
        """Let go of the vectors; searching on finds nothing."""
        self._listing = {}
        self._selector.cache_clear()

    def _rarest(self, weights: dict[str, float]) -> list[str]:
        return sorted(weights, key=lambda term: (-weights[term], term))[:MOST_TERMS]

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._lexical.schema, field, term)

    def _make_selector(
        self, allowed: frozenset[GuidelineId]
    ) -> tuple[faiss.IDSelector, np.ndarray]:
        """The selector, and the array it points into, which must live as long."""
        numbers = [_number(i) for i, guideline in self._listing.items() if guideline in allowed]
        array = np.array(numbers, np.int64)
        return faiss.IDSelectorBatch(array), array


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("guideline", stored=False, tokenizer_name="raw")
    builder.add_text_field("words", stored=False, tokenizer_name="given", index_option="freq")
    return builder.build()


def _read_rows(path: Path, rows: int, dim: int) -> NDArray[np.float16]:
    """The rows of a file, left on the disk; raises ValueError when it has another length."""
    if path.stat().st_size != rows * dim * HALF.itemsize:
        raise ValueError(f"it does not hold {rows} vectors of {dim} numbers")
    if not rows:
        return np.zeros((0, dim), HALF)
    return np.memmap(path, HALF, "r", shape=(rows, dim))


def _register(index: tantivy.Index) -> None:
    """Tokens are made by `rag.index.tokens`; Tantivy only parts them at spaces."""
    tokenizer = tantivy.Tokenizer.whitespace()
    index.register_tokenizer("given", tantivy.TextAnalyzerBuilder(tokenizer).build())


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise IndexDamaged(
            f"{path} cannot be read ({error}): run `rag refresh`, or `rag rollback`"
        ) from error


def _batched(chunks: Iterable[IndexedChunk]) -> Iterator[Sequence[IndexedChunk]]:
    batch: list[IndexedChunk] = []
    for c in chunks:
        batch.append(c)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _best(hits: Iterable[Hit], k: int) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:k]


def _number(chunk_id: ChunkId) -> int:
    return int(chunk_id, 16)


def _name(number: int) -> ChunkId:
    return f"{number:016x}"
