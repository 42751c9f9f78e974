import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import ConfigError
from rag.grounding import Evidence, Gate
from rag.grounding.entailment import Entailment, open_entailment
from rag.types import Support
from tests.fakes import HashEmbedder, WordEntailment

CLAIM = "Ultrasound comes first in a child with an abdominal mass."
PAIRS = (
    (CLAIM, CLAIM),
    (CLAIM, "Metformin is stopped below an eGFR of 30."),
    ("", CLAIM),
    (CLAIM, ""),
    ("Ultrasound first.", "word " * 2_000),
)
NLI = {0: "contradiction", 1: "entailment", 2: "neutral"}
RELEVANCE = {0: "LABEL_0"}


def cross_encoder(folder: Path, labels: dict[int, str]) -> Path:
    """A tiny model of random weights with these labels, saved as any other is."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir(parents=True)
    words = sorted({word for pair in PAIRS for text in pair for word in text.lower().split()})
    (folder / "vocab.txt").write_text("\n".join(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *words)))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words) + 4,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=len(labels),
        id2label=labels,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    return folder


MAKERS: dict[str, Callable[[Path], Entailment]] = {
    "words": lambda folder: WordEntailment(),
    "lexical-vector": lambda folder: open_entailment("lexical-vector", HashEmbedder()),
    "nli": lambda folder: open_entailment(str(cross_encoder(folder / "nli", NLI)), HashEmbedder()),
    "relevance": lambda folder: open_entailment(
        str(cross_encoder(folder / "relevance", RELEVANCE)), HashEmbedder()
    ),
}


@pytest.fixture(
    scope="module",
    params=[
        "words",
        "lexical-vector",
        pytest.param("nli", marks=pytest.mark.slow),
        pytest.param("relevance", marks=pytest.mark.slow),
    ],
)
def entailment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Entailment:
    return MAKERS[request.param](tmp_path_factory.mktemp("models"))


def test_each_pair_scores_from_0_to_1(entailment: Entailment) -> None:
    scores = entailment.support(PAIRS)
    assert len(scores) == len(PAIRS)
    assert all(isinstance(score, float) and 0 <= score <= 1 for score in scores)


def test_no_pairs_have_no_scores(entailment: Entailment) -> None:
    assert list(entailment.support([])) == []


def test_a_score_depends_on_its_own_pair_alone(entailment: Entailment) -> None:
    alone = [entailment.support([pair])[0] for pair in PAIRS]
    assert alone == pytest.approx(list(entailment.support(PAIRS)), abs=1e-5)


def test_an_entailment_says_what_it_is_and_from_where_it_carries(entailment: Entailment) -> None:
    assert entailment.name
    assert 0 < entailment.least < 1


def test_what_scores_below_the_least_is_not_carried(entailment: Entailment) -> None:
    reworded = "In a child who has an abdominal mass, ultrasound comes first."
    verdict = Gate(entailment).check(reworded, [Evidence(CLAIM)])
    carried = entailment.support([(reworded, CLAIM)])[0] >= entailment.least
    assert (verdict.support is Support.SUPPORTED) == carried


@pytest.mark.slow
def test_the_label_called_entailment_is_the_score(tmp_path: Path) -> None:
    folder = cross_encoder(tmp_path / "nli", NLI)
    as_saved = open_entailment(str(folder), HashEmbedder()).support(PAIRS)
    config = json.loads((folder / "config.json").read_text())
    sums = [0.0] * len(PAIRS)
    for carrying, label in NLI.items():
        config["id2label"] = {i: "SUPPORTS" if i == carrying else f"other {i}" for i in NLI}
        config["label2id"] = {name: i for i, name in config["id2label"].items()}
        (folder / "config.json").write_text(json.dumps(config))
        scores = open_entailment(str(folder), HashEmbedder()).support(PAIRS)
        sums = [total + score for total, score in zip(sums, scores, strict=True)]
        if label == "entailment":
            assert scores == pytest.approx(as_saved, abs=1e-6)
    assert sums == pytest.approx([1.0] * len(PAIRS), abs=1e-5)


@pytest.mark.slow
def test_a_model_whose_labels_tell_nothing_is_refused(tmp_path: Path) -> None:
    folder = cross_encoder(tmp_path / "nli", {0: "LABEL_0", 1: "LABEL_1"})
    with pytest.raises(ConfigError, match=r"its labels \(LABEL_0, LABEL_1\)"):
        open_entailment(str(folder), HashEmbedder())


@pytest.mark.slow
def test_a_model_that_is_not_on_this_machine_is_refused_and_not_fetched() -> None:
    with pytest.raises(ConfigError, match=r"entailment \(RAG_ENTAILMENT\) is 'nobody/nothing'"):
        open_entailment("nobody/nothing", HashEmbedder())
