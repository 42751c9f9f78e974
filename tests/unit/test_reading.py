import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generation import DraftStatement
from rag.generation.prompt import source_line
from rag.generation.reading import GOES_ROUND, MOST_STATEMENTS, Reader, labels, marked_sentences
from rag.types import Passage
from tests.passages import passage

PASSAGES = [passage("a", "Do ultrasound first."), passage("b", "Then do CT.")]


def read(text: str, passages: list[Passage] = PASSAGES) -> list[DraftStatement]:
    reader = Reader(passages)
    return [*reader.feed(text), *reader.finish()]


def cited(drafted: DraftStatement) -> list[str]:
    return [cite.chunk_id for cite in drafted.cites]


@pytest.mark.parametrize(
    "line",
    [
        "Ultrasound comes first. [1][2]",
        "Ultrasound comes first [1][2].",
        "Ultrasound comes first [1, 2].",
        "Ultrasound comes first. [1-2]",
        "Ultrasound comes first. (1)(2)",
        "Ultrasound comes first. (1, 2)",
        "Ultrasound comes first 【1】【2】.",
        "Ultrasound comes first. [passage 1; passage 2]",
        "[1][2] Ultrasound comes first.",
        "- Ultrasound comes first. [1] [2]",
        "* **Ultrasound** comes first. [1][2][9]",
        "Headline: Ultrasound comes first. [1][2]",
        "**Answer:** Ultrasound comes first. [1][2]",
        "```\nUltrasound comes first. [1][2]\n```",
    ],
)
def test_marks_are_read_in_whatever_form_they_come(line: str) -> None:
    (drafted,) = read(line)
    assert drafted.text == "Ultrasound comes first."
    assert cited(drafted) == ["a", "b"]
    assert drafted.heading is None
    assert not drafted.verbatim


def test_each_sentence_of_a_paragraph_has_its_own_marks() -> None:
    found = marked_sentences("Do it first. [1] Then wait [2]. Then go home.")
    assert [(s.text, s.labels) for s in found] == [
        ("Do it first.", (1,)),
        ("Then wait.", (2,)),
        ("Then go home.", ()),
    ]


def test_marks_that_lead_belong_to_what_follows() -> None:
    found = marked_sentences("[1] Do it first. [2] Then wait.")
    assert [(s.text, s.labels) for s in found] == [("Do it first.", (1,)), ("Then wait.", (2,))]


def test_headings_bullets_and_steps_are_kept_apart() -> None:
    drafted = read(
        "Do ultrasound. [1]\n\n## What is recommended\n- Do CT. [2]\n**Steps**\n1. One. [1]\n"
        "2) Two. [2]\nCautions:\n- Mind it. [1]\n"
    )
    assert [(d.heading, d.ordered, d.text) for d in drafted] == [
        (None, False, "Do ultrasound."),
        ("What is recommended", False, "Do CT."),
        ("Steps", True, "One."),
        ("Steps", True, "Two."),
        ("Cautions", False, "Mind it."),
    ]


def test_a_number_that_was_not_given_is_no_citation() -> None:
    (drafted,) = read("Ultrasound comes first. [3][0][99]")
    assert drafted.cites == ()


def test_a_number_in_brackets_within_a_sentence_is_no_citation() -> None:
    (drafted,) = read("Grade (1) disease needs ultrasound.")
    assert drafted.text == "Grade (1) disease needs ultrasound."
    assert drafted.cites == ()


def test_what_was_cut_off_in_mid_sentence_is_left_out() -> None:
    assert [d.text for d in read("Do ultrasound. [1]\n- Then do")] == ["Do ultrasound."]


def test_a_draft_that_goes_on_and_on_is_cut_off() -> None:
    lines = [f"Do {number}. [1]\n" for number in range(100)]
    assert len(read("".join(lines))) == MOST_STATEMENTS


def test_a_draft_that_goes_round_in_circles_is_cut_off() -> None:
    drafted = read("Do it. [1]\nDo that. [2]\n" * 100)
    assert [d.text for d in drafted] == ["Do it.", "Do that."] * (GOES_ROUND - 1) + ["Do it."]


def test_what_only_leads_up_to_an_answer_is_no_statement() -> None:
    leading = "The answer to the question on the imaging of a child that has an abdominal mass is:"
    assert [d.text for d in read(f"{leading} [1]\nThe answer is: Do CT. [2]\n")] == ["Do CT."]


@pytest.mark.parametrize(
    "text",
    [
        'The passage 1 states that "Do ultrasound first. "',
        "Passage 1 says that do ultrasound first.",
        "According to passage 1, do ultrasound first.",
        "Passage 1 notes: “Do ultrasound first.”",
    ],
)
def test_a_passage_that_is_named_in_words_is_cited(text: str) -> None:
    (drafted,) = read(f"{text}\n")
    assert (drafted.text, cited(drafted)) == ("Do ultrasound first.", ["a"])


@pytest.mark.parametrize("heading", ["## Answer", "**Answer**", "Answer:", "# Headline:"])
def test_a_heading_over_the_answer_is_neither_section_nor_statement(heading: str) -> None:
    first, then = read(f"{heading}\nDo ultrasound. [1]\n- Do CT. [2]\n")
    assert (first.text, first.heading) == ("Do ultrasound.", None)
    assert then.heading == "Details"


def test_a_grade_that_was_copied_is_left_to_the_passage() -> None:
    (drafted,) = read("- Do ultrasound first. {GRADE: strong recommendation} [1]\n")
    assert (drafted.text, cited(drafted)) == ("Do ultrasound first.", ["a"])


def test_a_quotation_mark_that_is_left_alone_is_left_out() -> None:
    assert [d.text for d in read('Do ultrasound first. " [1]\n')] == ["Do ultrasound first."]
    assert [d.text for d in read('Do "ultrasound" first. [1]\n')] == ['Do "ultrasound" first.']


def test_pictures_are_left_out() -> None:
    assert [d.text for d in read("Do CT ![x](http://a.example/?q=1) now <img src=x>. [2]\n")] == [
        "Do CT now."
    ]


def test_where_a_passage_stands_is_no_statement() -> None:
    line = source_line(PASSAGES[0])
    assert read(f"- {line} [1]\n- Do ultrasound first. [1]\n{line}.\n") == read(
        "- Do ultrasound first. [1]\n"
    )


def test_a_wide_range_of_numbers_is_cut_short() -> None:
    assert labels("[1-999]") == tuple(range(1, 22))


@given(st.text(max_size=300), st.integers(1, 9))
def test_any_text_is_read_alike_in_any_pieces_and_cites_only_what_was_given(
    text: str, size: int
) -> None:
    reader = Reader(PASSAGES)
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    found = [d for piece in pieces for d in reader.feed(piece)] + list(reader.finish())
    assert found == read(text)
    assert {c for d in found for c in cited(d)} <= {"a", "b"}
