import math
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.embedding import Vectors
from rag.errors import ConfigError, IndexDamaged
from rag.index import Allowed, IndexedChunk, SearchIndex, build_index, open_index
from rag.index.local import BATCH
from rag.types import Hit
from tests.fakes import HashEmbedder

DIM = 16
TEXTS = (
    ("acr/mass", "Imaging\nUltrasound of the abdomen comes first in a child with a mass."),
    ("acr/mass", "Imaging\nCT of the abdomen follows in a child with a calcified tumour."),
    ("esc/pressure", "Pressure\nTreat adults with hypertension from ≥140/90 mm Hg."),
    ("esc/pressure", "Pressure\nTreat adults with hypertension and diabetes from 130/80 mm Hg."),
    ("ada/insulin", "Insulin\nGive 0.1 U/kg of insulin and replace K+ when HbA1c is above 7%."),
    ("ada/insulin", "Insulin\nAn SGLT-2 inhibitor is stopped in ketoacidosis."),
)


def made(texts: Sequence[tuple[str, str]], dim: int = DIM) -> list[IndexedChunk]:
    vectors = HashEmbedder(dim).embed_passages([text for _, text in texts])
    return [
        IndexedChunk(f"{n * 0x1234567 + 1:016x}", guideline_id, text, vector, vectors[: n % 3])
        for n, ((guideline_id, text), vector) in enumerate(zip(texts, vectors, strict=True))
    ]


def built(folder: Path, chunks: Sequence[IndexedChunk], dim: int = DIM) -> SearchIndex:
    build_index("local", folder, iter(chunks), dim)
    return open_index("local", folder)


def oracle(chunks: Sequence[IndexedChunk], vector: Vectors, k: int, allowed: Allowed) -> list[Hit]:
    """Every inner product there is, best first, ties by id."""
    hits = [
        Hit(c.id, float(np.dot(c.vector, vector)))
        for c in chunks
        if allowed is None or c.guideline_id in allowed
    ]
    return sorted(hits, key=lambda hit: (-round(hit.score, 5), hit.chunk_id))[:k]


@pytest.fixture
def chunks() -> list[IndexedChunk]:
    return made(TEXTS)


@pytest.fixture
def index(tmp_path: Path, chunks: list[IndexedChunk]) -> SearchIndex:
    return built(tmp_path, chunks)


def found(index: SearchIndex, text: str, k: int = 10, allowed: Allowed = None) -> list[int]:
    """The positions in TEXTS of what the words of a text find."""
    ids = [c.id for c in made(TEXTS)]
    return [ids.index(hit.chunk_id) for hit in index.lexical(text, k, allowed)]


@pytest.mark.parametrize("k", [1, 3, 6, 50])
@pytest.mark.parametrize(
    "allowed", [None, frozenset({"acr/mass"}), frozenset({"acr/mass", "ada/insulin", "gone/x"})]
)
def test_dense_search_finds_what_brute_force_finds(
    index: SearchIndex, chunks: list[IndexedChunk], k: int, allowed: Allowed
) -> None:
    for text in ("child with a mass", "hypertension", "insulin", "nothing of this"):
        vector = HashEmbedder(DIM).embed_query(text)
        expected = oracle(chunks, vector, k, allowed)
        hits = index.dense(vector, k, allowed)
        assert [hit.chunk_id for hit in hits] == [hit.chunk_id for hit in expected]
        assert [hit.score for hit in hits] == pytest.approx([h.score for h in expected], abs=1e-5)


def test_equal_vectors_are_found_in_the_order_of_their_ids(tmp_path: Path) -> None:
    same = made([(f"g/{n}", "the same words") for n in range(12)])
    index = built(tmp_path, same[::-1])
    vector = same[0].vector
    assert [h.chunk_id for h in index.dense(vector, 5)] == [c.id for c in same[:5]]
    assert [h.chunk_id for h in index.lexical("same words", 5)] == [c.id for c in same[:5]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ultrasound", [0]),
        ("tumors", [1]),
        ("Adult", [2, 3]),
        ("SGLT-2", [5]),
        ("sglt", [5]),
        ("7%", [4]),
        ("K+", [4]),
        ("hba1c", [4]),
        ("140/90", [2]),
        ("ketoacidosis ultrasound", [5, 0]),
        ("the of and", []),
        ("zoster", []),
        ("", []),
    ],
)
def test_words_find_the_chunks_that_hold_them(
    index: SearchIndex, text: str, expected: list[int]
) -> None:
    assert sorted(found(index, text)) == sorted(expected)


def test_a_chunk_with_more_and_rarer_words_of_the_query_is_first(index: SearchIndex) -> None:
    assert found(index, "adults with hypertension and diabetes")[:2] == [3, 2]
    assert found(index, "abdomen calcified")[:2] == [1, 0]


def test_lexical_scores_are_those_of_bm25(tmp_path: Path) -> None:
    index = built(tmp_path, made([("a/a", "alpha beta"), ("a/b", "alpha"), ("a/c", "gamma delta")]))
    first = index.lexical("beta", 5)[0]
    idf = math.log(1 + (3 - 1 + 0.5) / 1.5)
    length = 2 / (5 / 3)
    assert first.score == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length)), rel=1e-3)
    assert index.idf("beta") == {"beta": pytest.approx(idf)}


def test_only_guidelines_that_are_allowed_are_found(index: SearchIndex) -> None:
    assert found(index, "abdomen hypertension insulin", allowed=frozenset({"esc/pressure"})) == [
        2,
        3,
    ]
    assert found(index, "abdomen", allowed=frozenset({"gone/x"})) == []


def test_a_filter_leaves_scores_as_they_are(index: SearchIndex) -> None:
    everything = index.lexical("child hypertension", 10)
    allowed = index.lexical("child hypertension", 10, frozenset({"acr/mass"}))
    assert allowed == [hit for hit in everything if hit in allowed] != []


def test_no_guideline_allowed_is_no_hit(index: SearchIndex, chunks: list[IndexedChunk]) -> None:
    assert index.dense(chunks[0].vector, 5, frozenset()) == []
    assert index.lexical("abdomen", 5, frozenset()) == []


def test_no_more_than_k_are_found(index: SearchIndex) -> None:
    assert (
        found(index, "abdomen hypertension insulin", k=2)
        == found(index, "abdomen hypertension insulin")[:2]
    )


def test_words_that_are_nowhere_weigh_most(index: SearchIndex) -> None:
    weights = index.idf("hypertension zoster insulin insulin")
    assert list(weights) == ["hypertens", "zoster", "insulin"]
    assert weights["zoster"] == max(weights.values())


def test_the_index_knows_its_chunks(index: SearchIndex, chunks: list[IndexedChunk]) -> None:
    assert set(index.ids()) == {c.id for c in chunks}


def test_the_statements_of_a_chunk_have_vectors_in_order(
    tmp_path: Path, index: SearchIndex, chunks: list[IndexedChunk]
) -> None:
    assert {len(c.statements) for c in chunks} == {0, 1, 2}
    for opened in (index, open_index("local", tmp_path)):
        assert opened.dim == DIM
        for c in chunks:
            vectors = opened.statements(c.id)
            assert vectors.shape == (len(c.statements), DIM)
            assert vectors.dtype == np.float32
            assert np.abs(vectors - c.statements).max(initial=0) < 1e-3


def test_an_index_that_is_opened_again_finds_the_same(tmp_path: Path, index: SearchIndex) -> None:
    vector = HashEmbedder(DIM).embed_query("child with a mass")
    before = index.dense(vector, 6), index.lexical("child with a mass", 6)
    index.close()
    again = open_index("local", tmp_path)
    assert (again.dense(vector, 6), again.lexical("child with a mass", 6)) == before


def test_closing_twice_does_nothing(index: SearchIndex) -> None:
    index.close()
    index.close()
    assert index.dense(made(TEXTS)[0].vector, 5) == []


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    index = built(tmp_path, [])
    assert index.dense(np.ones(DIM, np.float32), 3) == []
    assert index.lexical("anything", 3) == []
    assert list(index.ids()) == []
    assert index.idf("anything").keys() == {"anyth"}


def test_an_index_of_many_chunks_holds_them_all(tmp_path: Path) -> None:
    many = made([(f"g/{n % 7}", f"word{n}") for n in range(BATCH + 3)], dim=8)
    index = built(tmp_path, many, dim=8)
    assert len(index.ids()) == len(many)
    for chunk in (many[0], many[BATCH - 1], many[BATCH], many[-1]):
        only = frozenset({chunk.guideline_id})
        word = chunk.text
        assert [h.chunk_id for h in index.lexical(word, 3, only)] == [chunk.id]
    assert len(index.dense(many[0].vector, len(many))) == len(many)


@pytest.mark.parametrize("name", ["vectors.faiss", "statements.f16", "chunks.jsonl", "words"])
@pytest.mark.parametrize("data", [None, b"", b"{"])
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, index: SearchIndex, name: str, data: bytes | None
) -> None:
    index.close()
    path = tmp_path / name / "meta.json" if name == "words" else tmp_path / name
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(IndexDamaged, match=name):
        open_index("local", tmp_path)


def test_an_index_of_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"index \(RAG_INDEX\) is 'remote'"):
        build_index("remote", tmp_path, [], DIM)
    with pytest.raises(ConfigError, match="the choice is `local`"):
        open_index("remote", tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return built(tmp_path_factory.mktemp("index"), made(TEXTS))


@given(st.text(max_size=80) | st.text('()[]{}+-^~*?:"\\/! ANDORTinsulin7%', max_size=30))
@settings(deadline=None, max_examples=200)
def test_any_text_can_be_searched_for(shared: SearchIndex, text: str) -> None:
    for allowed in (None, frozenset({"ada/insulin"})):
        hits = shared.lexical(text, 3, allowed)
        assert len(hits) <= 3
        assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(weight > 0 for weight in shared.idf(text).values())


def test_words_that_no_chunk_holds_are_told_apart(shared: SearchIndex) -> None:
    assert shared.absent("An SGLT-2 inhibitor or metformin for hypertension?") == {"metformin"}
    assert shared.absent("") == frozenset()


def test_a_very_long_text_is_searched_for_by_its_rarest_words(shared: SearchIndex) -> None:
    text = " ".join(f"word{n}" for n in range(255)) + " ketoacidosis child"
    assert found(shared, text) == [5]


texts = st.lists(
    st.tuples(st.sampled_from(["a/a", "b/b", "c/c"]), st.text(max_size=20)), max_size=12
)
coordinates = st.floats(-1, 1, width=32, allow_subnormal=False)
queries = st.lists(coordinates, min_size=DIM, max_size=DIM).filter(
    lambda query: max(map(abs, query)) > 1e-3
)
allowances = st.none() | st.frozensets(st.sampled_from(["a/a", "b/b"]))


@given(texts, queries, st.integers(1, 8), allowances)
@settings(deadline=None, max_examples=40)
def test_any_set_of_chunks_makes_an_index_that_finds_them(
    listed: list[tuple[str, str]], query: list[float], k: int, allowed: Allowed
) -> None:
    chunks = made(listed)
    with TemporaryDirectory() as folder:
        index = built(Path(folder), chunks)
        vector = np.array(query, np.float32)
        vector /= np.linalg.norm(vector)
        hits, expected = index.dense(vector, k, allowed), oracle(chunks, vector, k, allowed)
        assert [h.score for h in hits] == pytest.approx([h.score for h in expected], abs=1e-5)
        scores = {c.id: float(c.vector @ vector) for c in chunks}
        assert all(h.score == pytest.approx(scores[h.chunk_id], abs=1e-5) for h in hits)
        assert len({h.chunk_id for h in hits}) == len(hits)
        assert set(index.ids()) == scores.keys()
