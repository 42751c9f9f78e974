from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.citing import QUOTE_CONTEXT, currency, marks, number, quote, references, source
from rag.types import (
    Chunk,
    Citation,
    Currency,
    Guideline,
    Kind,
    Passage,
    Role,
    Scores,
    Statement,
    Support,
)

BODY = "\n## Dosing\n\nGive 5\u00a0µg of the β-agonist.\n"
TODAY = date(2025, 6, 1)


def guideline(published: date | int = 2024, review_by: date | None = None) -> Guideline:
    return Guideline(
        id="acr/imaging",
        title="Imaging",
        issuer="ACR",
        kind=Kind.GUIDELINE,
        published=published,
        review_by=review_by,
        specialty="radiology",
        url="https://example.org/imaging",
        doi="10.1000/x",
        path="acr/imaging.md",
        body=BODY,
        digest="d",
    )


def passage(chunk_id: str, state: Currency = Currency.CURRENT) -> Passage:
    chunk = Chunk(
        id=chunk_id,
        guideline_id="acr/imaging",
        heading=("Dosing", chunk_id),
        text=BODY,
        context="Imaging",
        start=0,
        end=len(BODY),
        role=Role.DOSING,
    )
    return Passage(
        rank=1, chunk=chunk, guideline=guideline(), currency=state, scores=Scores(fused=1)
    )


def statement(*cited: tuple[int, str]) -> Statement:
    citations = tuple(
        Citation(
            number=n,
            chunk_id=chunk_id,
            guideline_id="acr/imaging",
            guideline_digest="d",
            quote=quote(BODY, 0, 5),
        )
        for n, chunk_id in cited
    )
    return Statement(text="Say.", citations=citations, support=Support.SUPPORTED)


chunk_ids = st.text("abcdef", min_size=1, max_size=2)


def test_numbers_run_from_one_in_the_order_of_citing() -> None:
    assert number({}, ["b", "a", "b"]) == {"b": 1, "a": 2}


def test_numbers_that_were_given_are_kept_and_new_ones_follow() -> None:
    assert number({1: "a", 2: "b"}, ["c", "b"]) == {"a": 1, "b": 2, "c": 3}


@given(st.lists(chunk_ids), st.lists(chunk_ids))
@settings(deadline=None)
def test_a_number_is_never_given_twice_nor_changed(first: list[str], then: list[str]) -> None:
    taken = {n: chunk_id for chunk_id, n in number({}, first).items()}
    numbers = number(taken, then)
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    assert numbers.keys() == {*first, *then}
    assert all(numbers[chunk_id] == n for n, chunk_id in taken.items())


@given(st.text(max_size=300), st.data())
@settings(deadline=None)
def test_a_quote_is_found_again_in_its_body(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    made = quote(body, start, end)
    assert body[made.start : made.end] == made.exact
    around = body[max(0, start - QUOTE_CONTEXT) : end + QUOTE_CONTEXT]
    assert made.prefix + made.exact + made.suffix == around
    assert max(len(made.prefix), len(made.suffix)) <= QUOTE_CONTEXT


def test_a_source_says_what_a_reference_list_says() -> None:
    made = source(guideline(date(2019, 5, 1)))
    assert (made.title, made.issuer, made.year) == ("Imaging", "ACR", 2019)
    assert (made.url, made.doi, made.kind) == (
        "https://example.org/imaging",
        "10.1000/x",
        Kind.GUIDELINE,
    )


@pytest.mark.parametrize(("numbers", "printed"), [([], ""), ([1], "[1]"), ([3, 12], "[3][12]")])
def test_numbers_are_printed_in_brackets(numbers: list[int], printed: str) -> None:
    assert marks(numbers) == printed


def test_the_reference_list_has_every_cited_number_once_in_order() -> None:
    cited = {"a": passage("a"), "b": passage("b", Currency.SUPERSEDED), "c": passage("c")}
    found = references([statement((3, "b"), (1, "a")), statement((3, "b"))], cited)
    assert [(r.number, r.chunk_id, r.heading, r.currency) for r in found] == [
        (1, "a", ("Dosing", "a"), Currency.CURRENT),
        (3, "b", ("Dosing", "b"), Currency.SUPERSEDED),
    ]


def test_a_statement_shows_each_of_its_numbers_once() -> None:
    assert statement((3, "b"), (1, "a"), (3, "b")).numbers == (3, 1)


@pytest.mark.parametrize(
    ("review_by", "replaced", "expected"),
    [
        (None, frozenset[str](), Currency.CURRENT),
        (TODAY, frozenset[str](), Currency.CURRENT),
        (date(2025, 5, 31), frozenset[str](), Currency.PAST_REVIEW),
        (date(2025, 5, 31), frozenset({"acr/imaging"}), Currency.SUPERSEDED),
        (None, frozenset({"esc/other"}), Currency.CURRENT),
    ],
)
def test_a_guideline_stands_until_it_is_replaced_or_past_review(
    review_by: date | None, replaced: frozenset[str], expected: Currency
) -> None:
    assert currency(guideline(review_by=review_by), replaced, TODAY) is expected
