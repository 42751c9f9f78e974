"""Which sentences of the passages answer a question best."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generation import Ledger, Task
from rag.generation.extractive import ExtractiveGenerator
from rag.generation.ranking import pieces_of, shared
from rag.index.tokens import tokens
from tests.fakes import HashEmbedder
from tests.passages import passage

words = st.lists(st.text("abcdefgh", min_size=1, max_size=12), max_size=8)


def headline(question: str, *statements: str) -> str:
    listed = passage("listed", "".join(f"- {statement}\n" for statement in statements))
    task = Task(question, question, (listed,), ())
    return next(iter(ExtractiveGenerator(HashEmbedder(256)).draft(task, Ledger()))).text


@pytest.mark.parametrize(
    ("question", "right", "other"),
    [
        (
            "How many days is cellulitis treated?",
            "The patient with cellulitis is treated for 5 days.",
            "The patient with cellulitis is treated by mouth.",
        ),
        (
            "What dose of spironolactone in ascites?",
            "Spironolactone in ascites is started at 100 mg.",
            "Spironolactone in ascites is started at once.",
        ),
    ],
)
def test_a_sentence_with_the_figure_that_is_asked_for_leads(
    question: str, right: str, other: str
) -> None:
    assert headline(question, right, other) == headline(question, other, right) == right


def test_what_is_said_of_other_ages_does_not_lead() -> None:
    younger = "Children 6 through 23 months old with otitis may be observed."
    older = "Children 24 months or older with otitis may be observed."
    for listed in ((younger, older), (older, younger)):
        assert headline("Otitis observed at 2 years old?", *listed) == older
        assert headline("Otitis observed at 9 months old?", *listed) == younger


def test_a_word_of_the_same_family_counts() -> None:
    right = "Results are unreliable in hemolysis."
    other = "Results are unreliable in migraine."
    question = "Are results unreliable in hemolytic disease?"
    assert headline(question, other, right) == right


def test_what_few_texts_hold_weighs_more() -> None:
    held = [{"drug", "renal"}, {"drug", "dose"}, {"drug"}]
    renal, dose, neither = shared({"drug", "renal", "unheard"}, held)
    assert 1 == renal > dose == neither > 0


@given(words, st.lists(words, max_size=5))
def test_a_share_is_a_share(asked: list[str], held: list[list[str]]) -> None:
    shares = shared(set(asked), held)
    assert len(shares) == len(held)
    assert all(0 <= share <= 1 + 1e-9 for share in shares)


@given(words, words)
def test_pieces_are_those_of_each_word(some: list[str], others: list[str]) -> None:
    assert pieces_of([*some, *others]) == pieces_of(some) | pieces_of(others)
    assert bool(pieces_of(some)) == bool(some)


def test_words_of_one_family_share_pieces() -> None:
    lysis, lytic, migraine = (pieces_of(tokens(w)) for w in ("haemolysis", "hemolytic", "migraine"))
    assert len(lysis & lytic) > len(lysis & migraine)
