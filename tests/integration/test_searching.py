from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.answering import Written
from rag.assistant import Assistant
from rag.cautions import cautions
from rag.embedding import Vectors
from rag.searching import Found, met
from rag.settings import Settings
from rag.types import (
    AbstentionReason,
    Answer,
    Citation,
    OutcomeKind,
    Passage,
    Quote,
    Statement,
    Support,
)
from tests.fakes import HashEmbedder
from tests.summaries import write_summary

VALVE = """
## Recommendations

- Give {drug} daily to every adult who has a {valve} valve.
"""
GLOSSARY = """
- term: apixaban
  lay: [Eliquis]
- term: anticoagulant
  members: [apixaban, edoxaban, warfarin]
"""


RECOMMENDED = "\n## Recommendations\n\n- {}\n"

COSINES = {"swim": 0.45, "warfarin": 0.3, "bleed": 0.5}
"""How near a text is that holds a word; all others are the same."""


class NotingEmbedder(HashEmbedder):
    """Notes every query as well."""

    def __init__(self) -> None:
        super().__init__(256)
        self.queries: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        """See Embedder."""
        self.queries.append(text)
        return super().embed_query(text)


class PlacingEmbedder(HashEmbedder):
    """Places a text by the word of COSINES that it holds."""

    name = "placing"
    fingerprint = "placing-1"

    def __init__(self) -> None:
        super().__init__(2)

    def _vector(self, text: str) -> Vectors:
        cosine = next((c for word, c in COSINES.items() if word in text), 1.0)
        return np.array([cosine, (1 - cosine**2) ** 0.5], np.float32)


@pytest.fixture
def embedder() -> NotingEmbedder:
    return NotingEmbedder()


@pytest.fixture
def assistant(tmp_path: Path, embedder: NotingEmbedder) -> Iterator[Assistant]:
    corpus = tmp_path / "corpus"
    old = VALVE.format(drug="warfarin", valve="metal")
    new = VALVE.format(drug="apixaban", valve="tissue")
    write_summary(corpus, "heart/old", old)
    write_summary(corpus, "heart/new", new, more="supersedes: [heart/old]\n", published="2025")
    (corpus / "glossary.yaml").write_text(GLOSSARY, "utf-8")
    settings = Settings(corpus=corpus, indexes=tmp_path / "indexes")
    with Assistant(settings, embedder) as assistant:
        assistant.refresh()
        yield assistant


def fit(answer: Answer) -> float:
    return answer.outcome.sufficiency or 0.0


def test_a_brand_counts_as_its_drug(assistant: Assistant) -> None:
    question = "Should an adult who has a tissue valve have {} daily?"
    brand, unknown = (assistant.ask(question.format(name)) for name in ("Eliquis", "Zyloprim"))
    assert brand.headline
    assert fit(brand) > fit(unknown)
    assert fit(brand) == pytest.approx(fit(assistant.ask(question.format("apixaban"))), abs=0.1)


@pytest.mark.parametrize(
    ("question", "vectors"),
    [
        ("Is a hymn sung by the choir on Sunday mornings?", 1),
        ("Is edoxaban sung by the choir on Sunday mornings?", 2),
    ],
)
def test_a_search_embeds_once_with_classes_of_drugs_and_once_without(
    assistant: Assistant, embedder: NotingEmbedder, question: str, vectors: int
) -> None:
    assistant.ask("Is a psalm sung?")  # the recogniser is fitted at the first question
    embedder.queries.clear()
    assert assistant.ask(question).outcome.kind is OutcomeKind.ABSTAINED
    recognised, *searched = embedder.queries
    assert recognised == question
    assert len(searched) == vectors


def test_only_superseded_guidelines_suffice_where_no_current_one_would(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("Is warfarin given daily to adults with a metal valve?")
    assert answer.outcome.reason is AbstentionReason.SUPERSEDED_ONLY


@pytest.mark.parametrize(
    ("caveat", "reason"),
    [
        ("Adults with a metal valve ask about warfarin.", AbstentionReason.NOT_IN_CORPUS),
        ("Children ask about warfarin.", AbstentionReason.SUPERSEDED_ONLY),
    ],
)
def test_a_current_passage_that_would_suffice_is_not_denied(
    tmp_path: Path, caveat: str, reason: AbstentionReason
) -> None:
    corpus = tmp_path / "corpus"
    old = "## Recommendations\n\n- Adults with a metal valve drink daily and bleed.\n"
    new = f"## Recommendations\n\n- All may swim.\n\n## Caveats\n\n- {caveat}\n"
    write_summary(corpus, "heart/old", old)
    write_summary(corpus, "heart/new", new, more="supersedes: [heart/old]\n", published="2025")
    settings = Settings(corpus=corpus, indexes=tmp_path / "indexes")
    with Assistant(settings, PlacingEmbedder()) as assistant:
        assistant.refresh()
        answer = assistant.ask("May adults with a metal valve drink daily?")
    assert answer.outcome.reason is reason


def stated(passage: Passage) -> Statement:
    """What a passage says, as an answer states it."""
    text = passage.chunk.text
    citation = Citation(
        number=1,
        chunk_id=passage.chunk.id,
        guideline_id=passage.guideline.id,
        guideline_digest=passage.guideline.digest,
        quote=Quote(exact=text, prefix="", suffix="", start=0, end=len(text)),
    )
    return Statement(text=text, citations=(citation,), support=Support.SUPPORTED)


def test_there_is_doubt_where_the_headline_stands_in_a_passage_beside_the_point(
    tmp_path: Path,
) -> None:
    corpus, embedder = tmp_path / "corpus", HashEmbedder(256)
    write_summary(corpus, "heart/valve", VALVE.format(drug="apixaban", valve="tissue"))
    write_summary(corpus, "joint/knee", RECOMMENDED.format("Rest a knee that hurts daily."))
    query = "Is apixaban given daily to every adult who has a tissue valve?"
    with Assistant(Settings(corpus=corpus, indexes=tmp_path / "indexes"), embedder) as assistant:
        assistant.refresh()
        live = assistant.live()
        best, other = assistant.search(query)
        found = Found(query, (best,), embedder.embed_query(query), 0.9, 0.4, None)
        both = replace(found, passages=(best, other))
        assert met(stated(best), both, live) > 0.8
        assert met(stated(other), both, live) < 0.5
        assert met(stated(other), found, live) == found.sufficiency
        doubts = [
            [c for c in cautions(query, None, Written(stated(each)), both, live) if "nearest" in c]
            for each in (best, other)
        ]
    assert doubts == [
        [],
        ["This is the nearest that was found; it may not answer what was asked."],
    ]
