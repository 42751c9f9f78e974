import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from eval.keeping import KeptEmbedder
from rag.embedding import Embedder, open_embedder
from rag.embedding.minilm import check_weights, model_folder
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.remembering import RememberingEmbedder
from rag.embedding.sentence_transformer import SentenceTransformerEmbedder
from rag.errors import ConfigError
from tests.fakes import HashEmbedder

TEXTS = (
    "Ultrasound",
    "HbA1c ≥ 48 mmol/mol (6.5\u00a0%) on two occasions; give 0.5 µg/kg β-agonist.",
    "In a child with a palpable abdominal mass, which imaging comes first? " * 20,
    "",
    "Ultrasound comes first.",
)
CLOSE = 1e-5
MAKERS: dict[str, Callable[[Path], Embedder]] = {
    "hash": lambda models: HashEmbedder(),
    "remembering": lambda models: RememberingEmbedder(HashEmbedder()),
    "kept": lambda models: KeptEmbedder(HashEmbedder(), models / "vectors.db"),
    "onnx": lambda models: open_embedder("minilm", models, threads=2),
    "sentence-transformers": lambda models: open_embedder(str(model_folder()), models, threads=2),
}


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the packaged model is exported to, once for all tests of a run."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(
    scope="module",
    params=[
        "hash",
        "remembering",
        "kept",
        pytest.param("onnx", marks=pytest.mark.slow),
        pytest.param("sentence-transformers", marks=pytest.mark.slow),
    ],
)
def embedder(request: pytest.FixtureRequest, models: Path) -> Iterator[Embedder]:
    made = MAKERS[request.param](models)
    yield made
    made.close()


def test_passages_become_one_unit_vector_each(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dim)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=CLOSE)


def test_a_query_becomes_one_unit_vector(embedder: Embedder) -> None:
    vector = embedder.embed_query(TEXTS[0])
    assert vector.shape == (embedder.dim,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=CLOSE)


def test_no_passages_make_no_vectors(embedder: Embedder) -> None:
    vectors = embedder.embed_passages([])
    assert vectors.shape == (0, embedder.dim)
    assert vectors.dtype == np.float32


def test_queries_and_passages_are_embedded_alike(embedder: Embedder) -> None:
    for text, vector in zip(TEXTS, embedder.embed_passages(TEXTS), strict=True):
        assert embedder.embed_query(text) == pytest.approx(vector, abs=CLOSE)


def test_a_vector_depends_on_its_own_text_alone(embedder: Embedder) -> None:
    many = [*TEXTS, *(f"Text {n} of many" for n in range(40))]
    forwards = embedder.embed_passages(many)
    backwards = embedder.embed_passages(many[::-1])[::-1]
    assert forwards == pytest.approx(backwards, abs=CLOSE)
    assert embedder.embed_passages(many[3:4])[0] == pytest.approx(forwards[3], abs=CLOSE)


def test_equal_texts_have_equal_vectors_each_in_its_place(embedder: Embedder) -> None:
    first, other, again = embedder.embed_passages([TEXTS[0], TEXTS[1], TEXTS[0]])
    assert first == pytest.approx(again, abs=CLOSE)
    assert float(first @ other) < 1 - CLOSE


def test_texts_that_share_words_are_nearer(embedder: Embedder) -> None:
    one, far, near = embedder.embed_passages([TEXTS[0], TEXTS[1], TEXTS[4]])
    assert float(one @ near) > float(one @ far)


def test_progress_ends_with_all_texts_done(embedder: Embedder) -> None:
    told: list[tuple[int, int]] = []
    texts = [f"Progress {n} of {embedder.name}" for n in range(40)]
    embedder.embed_passages(texts, lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (40, 40)


def test_an_embedder_says_what_it_is(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.fingerprint
    assert embedder.dim > 0


def test_a_fingerprint_and_what_it_stands_for_are_the_same_anew(
    embedder: Embedder, models: Path, request: pytest.FixtureRequest
) -> None:
    anew = MAKERS[request.node.callspec.params["embedder"]](models)
    assert anew.fingerprint == embedder.fingerprint
    assert anew.embed_query(TEXTS[1]) == pytest.approx(embedder.embed_query(TEXTS[1]), abs=CLOSE)
    anew.close()
    anew.close()


@pytest.mark.slow
def test_the_export_is_the_original_model(models: Path) -> None:
    exported = OnnxEmbedder(models).embed_passages(TEXTS)
    original = SentenceTransformerEmbedder(str(model_folder())).embed_passages(TEXTS)
    assert exported == pytest.approx(original, abs=1e-4)


@pytest.mark.slow
def test_different_back_ends_have_different_fingerprints(models: Path) -> None:
    made = [make(models) for make in MAKERS.values()]
    assert made[0].fingerprint == made[1].fingerprint == made[2].fingerprint
    assert len({each.fingerprint for each in made}) == 3


@pytest.mark.slow
def test_a_closed_model_opens_again(models: Path) -> None:
    embedder = OnnxEmbedder(models)
    before = embedder.embed_query("Ultrasound")
    embedder.close()
    assert embedder.embed_query("Ultrasound") == pytest.approx(before, abs=CLOSE)


@pytest.mark.slow
def test_embedding_leaves_no_trace_of_its_use(models: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from rag.embedding.onnx import OnnxEmbedder; "
        f"print(OnnxEmbedder(Path({str(models)!r})).embed_query('a mass').shape)"
    )
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=home, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "(384,)"
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_was_altered_is_made_anew(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models, tmp_path / "models")
    (path,) = (tmp_path / "models").glob("*.onnx")
    whole = path.stat().st_size
    path.write_bytes(b"cut short")
    vector = OnnxEmbedder(tmp_path / "models").embed_query("Ultrasound")
    assert path.stat().st_size == whole
    assert vector == pytest.approx(OnnxEmbedder(models).embed_query("Ultrasound"), abs=CLOSE)


@pytest.mark.slow
def test_a_model_that_is_not_on_this_machine_is_refused_and_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"embedder \(RAG_EMBEDDER\) is 'nobody/nothing'"):
        open_embedder("nobody/nothing", tmp_path)


def test_weights_other_than_the_published_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ConfigError, match=r"model.safetensors is not the published model"):
        check_weights(tmp_path)


def test_weights_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
        check_weights(tmp_path)


def test_the_packaged_weights_are_the_published_ones() -> None:
    check_weights(model_folder())


def test_what_was_embedded_lately_is_not_embedded_again() -> None:
    inner = HashEmbedder()
    embedder = RememberingEmbedder(inner, kept=2)
    embedder.embed_passages(["a", "b", "a"])
    embedder.embed_passages(["b", "c"])
    assert inner.embedded == ["a", "b", "c"]
    embedder.embed_passages(["a"])
    assert inner.embedded == ["a", "b", "c", "a"]


def test_a_query_is_not_remembered() -> None:
    inner = HashEmbedder()
    embedder = RememberingEmbedder(inner)
    embedder.embed_query("the words of a person")
    embedder.embed_passages(["the words of a person"])
    assert inner.embedded == ["the words of a person"]


def test_a_closed_embedder_has_forgotten() -> None:
    inner = HashEmbedder()
    embedder = RememberingEmbedder(inner)
    embedder.embed_passages(["a"])
    embedder.close()
    embedder.embed_passages(["a"])
    assert inner.embedded == ["a", "a"]
