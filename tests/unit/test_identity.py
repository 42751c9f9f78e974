import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.identity import identifying
from tests.identities import HARMLESS, TELLING


@pytest.mark.parametrize(("text", "words"), TELLING.items())
def test_what_tells_who_somebody_is_is_named(text: str, words: str) -> None:
    assert [telling.words for telling in identifying(text)] == [words]


@pytest.mark.parametrize("text", HARMLESS)
def test_doses_ages_values_and_years_tell_nobody(text: str) -> None:
    assert identifying(text) == []


def test_everything_is_found_in_the_order_of_the_text() -> None:
    found = identifying("Call 212-555-0147 about Mrs Miller, DOB 03.12.1961")
    assert [telling.kind for telling in found] == ["a phone number", "a name", "a date of birth"]


@given(st.text())
def test_what_is_found_stands_in_the_text(text: str) -> None:
    assert all(telling.words in text for telling in identifying(text))
