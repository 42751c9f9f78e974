import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import read
from rag.grounding.ordinary import EVERYDAY, ORDINARY, WORDS, is_english, is_everyday
from rag.grounding.words import lines
from rag.naming import WORD
from rag.typed import Typed
from rag.types import Term

EVERYDAY_WORDS = " ".join(lines("everyday.txt")).split(" ")
THINGS = " ".join(lines("things.txt")).split(" ")
CORPUS, _ = read(Path("corpus"))
SHORTS = {short for term in CORPUS.glossary for short in term.short}
TYPED = Typed(SHORTS, CORPUS.glossary, is_english)


def test_no_word_of_the_summaries_is_taken_for_an_abbreviation() -> None:
    words = {w for g in CORPUS.guidelines for w in WORD.findall(re.sub(r"\S*[/.]\S*", "", g.body))}
    taken = {word for word in words if word.islower() and TYPED.written(word) != word}
    assert taken == set()


@given(st.lists(st.sampled_from(sorted({*EVERYDAY_WORDS, *THINGS, *WORDS})), max_size=8))
def test_no_english_word_is_taken_for_an_abbreviation(words: list[str]) -> None:
    text = " ".join(words)
    every = Typed([word.upper() for word in words], [], is_english)
    assert every.written(text) == TYPED.written(text) == text


@given(st.text(st.characters(categories=["L", "N"]), max_size=2))
def test_nothing_of_two_letters_is_taken_for_an_abbreviation(word: str) -> None:
    shorts: Mapping[str, Term] = {word.upper(): Term(term="x")} if word else {}
    assert Typed(shorts, [], lambda _: False).written(word) == word


@given(st.text())
def test_of_a_query_only_the_case_is_changed(query: str) -> None:
    assert TYPED.written(query).casefold() == query.casefold()
    assert TYPED.written(TYPED.written(query)) == TYPED.written(query)


@pytest.mark.parametrize(
    "word", ["got", "ago", "just", "fell", "Micrograms", "don’t", "y/o", "who"]
)
def test_everyday_words_say_nothing_of_medicine(word: str) -> None:
    assert is_everyday(word)


@pytest.mark.parametrize("word", ["teratoma", "peanut", "toe", "sertraline", "needle", "wart"])
def test_what_a_guideline_may_be_about_is_no_everyday_word(word: str) -> None:
    assert not is_everyday(word)


def test_a_rewording_may_bring_in_no_more_than_ordinary_words() -> None:
    assert ORDINARY < EVERYDAY
    assert not is_everyday("cancer")
