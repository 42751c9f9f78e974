from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering import Composition, Written
from rag.generation import Cite, DraftStatement
from rag.grounding import Gate
from rag.sentences import plain, statements
from rag.types import (
    ChunkId,
    DifferingPoint,
    Fate,
    Side,
    Statement,
)
from tests.fakes import WordEntailment
from tests.passages import passage

TEXTS = {
    "a": "- Do **ultrasound** first. {ACR: usually appropriate}\n- Then do CT.\n- Last do MRI.",
    "b": "Treat from 130/80 mm Hg. {ESC: Class I, Level A}\n\nGive 5\u00a0µg.",
    "c": "Treat from 140/90 mm Hg.",
}


PASSAGES = {chunk_id: passage(chunk_id, text) for chunk_id, text in TEXTS.items()}


def drafted(chunk_id: ChunkId, which: int = 0, text: str | None = None) -> DraftStatement:
    """A statement of a passage, in its words or in others."""
    span = statements(TEXTS[chunk_id])[which]
    own = plain(TEXTS[chunk_id][span.start : span.end])
    return DraftStatement(
        own if text is None else text, (Cite(chunk_id, span.start, span.end),), span.grade
    )


Listed = tuple[DraftStatement, ...]


def section(*listed: DraftStatement, heading: str = "What is recommended") -> Listed:
    ordered = heading == "Step by step"
    return tuple(replace(each, heading=heading, ordered=ordered) for each in listed)


def side(chunk_id: ChunkId) -> Side:
    span = statements(TEXTS[chunk_id])[0]
    return Side(guideline_id=f"acr/{chunk_id}", chunk_id=chunk_id, start=span.start, end=span.end)


POINT = DifferingPoint(point="From which pressure to treat", sides=(side("b"), side("c")))


def written(
    headline: DraftStatement | None,
    sections: Sequence[Listed] = (),
    *points: DifferingPoint,
    taken: Mapping[int, ChunkId] | None = None,
) -> Written:
    composition = Composition(PASSAGES, taken or {}, Gate(WordEntailment()), points)
    for drafted in (*([headline] if headline else []), *(s for part in sections for s in part)):
        composition.offer(drafted)
    return composition.written()


def texts(listed: tuple[Statement, ...]) -> list[str]:
    return [statement.text for statement in listed]


def test_what_the_passages_say_is_stated_with_the_words_it_is() -> None:
    made = written(drafted("a"), [section(drafted("b", 1))])
    assert made.headline
    assert made.headline.text == "Do ultrasound first."
    assert str(made.headline.grade) == "ACR: usually appropriate"
    quote = made.headline.citations[0].quote
    assert quote.exact == "Do **ultrasound** first."
    assert PASSAGES["a"].guideline.body[quote.start : quote.end] == quote.exact
    assert texts(made.sections[0].statements) == ["Give 5\u00a0µg."]


def test_numbers_follow_the_order_of_reading_and_each_is_referred_to() -> None:
    made = written(drafted("b"), [section(drafted("a"), drafted("b", 1))])
    assert made.headline
    assert [s.numbers for s in (made.headline, *made.sections[0].statements)] == [(1,), (2,), (1,)]
    assert [(r.number, r.chunk_id) for r in made.references] == [(1, "b"), (2, "a")]


def test_numbers_of_earlier_turns_are_kept() -> None:
    made = written(drafted("a"), [section(drafted("b"))], taken={1: "c", 2: "b"})
    assert [(r.number, r.chunk_id) for r in made.references] == [(2, "b"), (3, "a")]


@pytest.mark.parametrize(
    "invented",
    [
        drafted("a", text="Do MRI first."),
        drafted("a", text="Do ultrasound twice daily."),
        drafted("a", text=""),
        DraftStatement("Biopsy the mass at once.", ()),
        DraftStatement("Do ultrasound first.", (Cite("c", 0, 24),)),
    ],
)
def test_what_its_words_do_not_carry_is_dropped_and_listed(invented: DraftStatement) -> None:
    made = written(drafted("a", 1), [section(invented, drafted("b"))])
    assert [texts(s.statements) for s in made.sections] == [["Treat from 130/80 mm Hg."]]
    (removed,) = made.removed
    assert (removed.text, removed.fate) == (invented.text, Fate.DROPPED)
    assert removed.reasons


def test_a_statement_that_cites_nothing_is_given_the_passage_that_carries_it() -> None:
    made = written(DraftStatement("Do ultrasound first.", ()))
    assert made.headline
    assert made.headline.citations[0].chunk_id == "a"


def test_a_dropped_headline_gives_way_to_the_first_statement_kept() -> None:
    made = written(
        drafted("a", text="Invented."),
        [section(drafted("b", text="Made up.")), section(drafted("a"), drafted("a", 1))],
    )
    assert made.headline
    assert made.headline.text == "Do ultrasound first."
    assert [texts(s.statements) for s in made.sections] == [["Then do CT."]]


def test_a_draft_of_inventions_leaves_nothing() -> None:
    made = written(drafted("a", text="No."), [section(drafted("b", text="Never."))])
    assert made.is_empty
    assert [removed.text for removed in made.removed] == ["No.", "Never."]


def test_what_is_refused_can_be_repaired_in_its_place() -> None:
    composition = Composition(PASSAGES, {}, Gate(WordEntailment()))
    for each in (drafted("b"), *section(drafted("a", text="Do MRI first."), drafted("a", 1))):
        composition.offer(each)
    assert [faulty.statement.text for faulty in composition.faulty()] == ["Do MRI first."]
    composition.settle([drafted("a")], Fate.REPAIRED)
    made = composition.written()
    assert texts(made.sections[0].statements) == ["Do ultrasound first.", "Then do CT."]
    assert [(r.text, r.fate) for r in made.removed] == [("Do MRI first.", Fate.REPAIRED)]


def test_a_repair_that_is_no_better_repairs_nothing() -> None:
    composition = Composition(PASSAGES, {}, Gate(WordEntailment()))
    composition.offer(drafted("a", text="Do MRI first."))
    composition.settle([drafted("a", text="Do CT first.")], Fate.REPAIRED)
    assert len(composition.faulty()) == 1
    composition.settle([None], Fate.REPLACED)
    assert composition.written().is_empty


def test_a_step_is_shown_again_after_the_headline_alone() -> None:
    composition = Composition(PASSAGES, {}, Gate(WordEntailment()))
    headline = drafted("a")
    step = replace(headline, heading="Steps", ordered=True)
    for each in (headline, step, step):
        composition.offer(each)
    assert texts(composition.written().statements) == [headline.text, headline.text]


def test_what_is_shown_already_fills_no_second_place() -> None:
    composition = Composition(PASSAGES, {}, Gate(WordEntailment()))
    for each in (drafted("a"), drafted("a", text="Do MRI first.")):
        composition.offer(each)
    composition.settle([drafted("a")], Fate.REPLACED)
    made = composition.written()
    assert texts(made.statements) == [drafted("a").text]
    assert [(r.text, r.fate) for r in made.removed] == [("Do MRI first.", Fate.DROPPED)]


def test_a_repair_may_be_the_same_words_with_another_passage() -> None:
    composition = Composition(PASSAGES, {}, Gate(WordEntailment()))
    right, other = drafted("a"), drafted("b")
    composition.offer(replace(right, cites=other.cites))
    composition.settle([right], Fate.REPAIRED)
    assert texts(composition.written().statements) == [right.text]


def test_the_nearest_sentence_stands_in_word_for_word() -> None:
    composition = Composition(PASSAGES, {}, Gate(WordEntailment()))
    composition.offer(drafted("b", text="Treat adults from 130/90 mm Hg."))
    (faulty,) = composition.faulty()
    nearest = composition.nearest(faulty)
    assert nearest
    assert nearest.text == "Treat from 130/80 mm Hg."
    composition.settle([nearest], Fate.REPLACED)
    made = composition.written()
    assert made.headline
    assert made.headline.text == "Treat from 130/80 mm Hg."
    assert made.headline.verbatim


def test_nothing_near_stands_in_for_what_has_nothing_to_do_with_it() -> None:
    composition = Composition(PASSAGES, {}, Gate(WordEntailment()))
    composition.offer(DraftStatement("Parents may stay overnight.", ()))
    assert composition.nearest(composition.faulty()[0]) is None


def test_a_draft_that_says_nothing_leaves_nothing() -> None:
    assert written(None) == Written(None, (), (), ())


def test_steps_stay_ordered() -> None:
    made = written(drafted("b"), [section(drafted("a"), heading="Step by step")])
    assert [(s.heading, s.ordered) for s in made.sections] == [("Step by step", True)]


def test_sides_are_shown_beside_each_other_with_their_grades_and_numbers() -> None:
    made = written(drafted("a"), (), POINT)
    differing = made.disagreements[0]
    assert differing.point == "From which pressure to treat"
    assert texts(differing.statements) == ["Treat from 130/80 mm Hg.", "Treat from 140/90 mm Hg."]
    assert [s.numbers for s in differing.statements] == [(2,), (3,)]
    assert [str(s.grade) for s in differing.statements] == ["ESC: Class I, Level A", "None"]
    assert [r.chunk_id for r in made.references] == ["a", "b", "c"]


def test_what_stands_side_by_side_is_not_said_again_and_leads_no_answer() -> None:
    made = written(drafted("b"), [section(drafted("c"), drafted("a"))], POINT)
    assert made.headline is None
    assert made.undecided
    assert [texts(s.statements) for s in made.sections] == [["Do ultrasound first."]]


drafts = st.builds(
    lambda which, text: drafted(which[0], which[1], text),
    st.sampled_from([("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1), ("c", 0)]),
    st.none() | st.sampled_from(["Invented.", "Then do CT."]),
)
sections = st.lists(st.lists(drafts, min_size=1, max_size=3).map(lambda listed: section(*listed)))


@given(st.none() | drafts, sections, st.booleans())
@settings(deadline=None)
def test_every_statement_is_carried_by_words_that_a_reference_leads_to(
    headline: DraftStatement | None, listed: list[Listed], differing: bool
) -> None:
    made = written(headline, listed, *([POINT] if differing else []))
    shown = [made.headline] if made.headline else []
    shown += [s for part in made.sections for s in part.statements]
    shown += [s for point in made.disagreements for s in point.statements]
    numbers = {r.number: r.chunk_id for r in made.references}
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert {n for s in shown for n in s.numbers} == numbers.keys()
    for statement in shown:
        (citation,) = statement.citations
        assert plain(citation.quote.exact) == statement.text
        assert numbers[citation.number] == citation.chunk_id
    assert all(part.statements for part in made.sections)
    assert made.headline or made.undecided or not made.sections
