import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.sentences import cells, plain, sentences, statements
from rag.types import Grade, GradeSystem

TABLE = """| Drug | Dose |
| --- | --- |
| Metformin | 500 mg \\| day |
| Insulin | 0.1 U/kg |
"""


def said(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def stated(text: str) -> list[str]:
    return [text[span.start : span.end] for span in statements(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Give drugs, e.g. metformin, i.e. a biguanide, vs. insulin.",
        "See Fig. 2 and ref. 3 of Smith et al. 2020 for the dose.",
        "Start at 0.5 mg/kg b.i.d. for 3.5 days.",
        "Dr. Wilms and Prof. A. Jones described it.",
        "The dose is 5 mg (max. 10 mg. Never more) a day.",
        "Measure HbA1c (target 7.0%. Some say 6.5%.) twice a year.",
        "Is it ≥ 3.5 mmol/L?",
        "Give 1 mg p.o. q.d. before meals",
    ],
)
def test_these_are_one_sentence(text: str) -> None:
    assert said(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do this. Then that.", ["Do this.", "Then that."]),
        ("Is it safe? Yes! Go on.", ["Is it safe?", "Yes!", "Go on."]),
        ('He said "stop." Then we stopped.', ['He said "stop."', "Then we stopped."]),
        ("It works.[1] Do it.[^2] Stop.", ["It works.[1]", "Do it.[^2]", "Stop."]),
        ("The target is 7%. ≥ 8% is high.", ["The target is 7%.", "≥ 8% is high."]),
        ("Give it.\nβ-blockers follow.", ["Give it.\nβ-blockers follow."]),
        ("Give 5 mg. 10 mg is too much.", ["Give 5 mg.", "10 mg is too much."]),
        ("Use it. (Not in children.) Stop.", ["Use it.", "(Not in children.)", "Stop."]),
        ("Give it.\u00a0Then stop.", ["Give it.", "Then stop."]),
        ("  padded.  ", ["padded."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_text_is_parted_where_a_sentence_ends(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_every_list_item_is_a_statement_without_its_marker() -> None:
    text = "- First\n  goes on.\n* Second\n  - Nested one\n1. Third\n2) Fourth\n- [x] Done\n"
    assert stated(text) == ["First\n  goes on.", "Second", "Nested one", "Third", "Fourth", "Done"]
    assert [s.ordered for s in statements(text)] == [False, False, False, True, True, False]


def test_the_sentences_of_one_step_are_all_ordered() -> None:
    assert [s.ordered for s in statements("1. Do this. Then that.\n\nA text.")] == [
        True,
        True,
        False,
    ]


def test_table_rows_are_statements_and_their_header_is_none() -> None:
    assert stated(TABLE) == ["| Metformin | 500 mg \\| day |", "| Insulin | 0.1 U/kg |"]
    assert all(span.table for span in statements(TABLE))


def test_the_cells_of_a_row_are_read_without_their_bars() -> None:
    assert cells("| Metformin | 500 mg \\| **day** |") == ["Metformin", "500 mg | day"]


def test_headings_are_no_statements_and_end_what_is_above_them() -> None:
    assert stated("One line\n## Steps\nanother line") == ["One line", "another line"]


def test_a_blank_line_parts_paragraphs() -> None:
    assert stated("no full stop\n\nanother") == ["no full stop", "another"]


def test_a_grade_holds_for_every_sentence_of_its_item_and_is_no_part_of_them() -> None:
    text = "- Do this. Then that. {ESC: Class I, Level A}.\n- No grade.\n"
    grade = Grade(system=GradeSystem.ESC, text="Class I, Level A")
    assert stated(text) == ["Do this.", "Then that.", "No grade."]
    assert [span.grade for span in statements(text)] == [grade, grade, None]


def test_a_grade_may_stand_on_the_line_below() -> None:
    text = "- Do ultrasound\n  {ACR: usually appropriate}\n"
    assert stated(text) == ["Do ultrasound"]
    assert statements(text)[0].grade == Grade(system=GradeSystem.ACR, text="usually appropriate")


def test_a_grade_amid_a_sentence_is_words() -> None:
    text = "It was {ACR: usually appropriate} before."
    assert stated(text) == [text]
    assert statements(text)[0].grade is None


def test_an_escaped_brace_begins_no_grade() -> None:
    assert statements("Do this \\{ACR: usually appropriate}")[0].grade is None


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("Do **not** give _it_ or `this`", "Do not give it or this"),
        (
            "See [the\n  guideline](https://x.org/a 'b').",
            "See [the guideline](https://x.org/a 'b').",
        ),
        ("See [the guideline](https://x.org/a).", "See the guideline."),
        ('![A scan](scan.png "Scan") shows it', "A scan shows it"),
        ("goes\n    on  here", "goes on here"),
        ("2 * 3 and snake_case stay", "2 * 3 and snake_case stay"),
        ("\\{not a grade\\} and 5\\. and \\#", "{not a grade} and 5. and #"),
        ("It holds.[^1]", "It holds.[^1]"),
        ("10\u00a0mg of 5\u00a0µg β-agonist ≥ 3", "10\u00a0mg of 5\u00a0µg β-agonist ≥ 3"),
    ],
)
def test_words_are_read_without_the_marks_of_markdown(span: str, expected: str) -> None:
    assert plain(span) == expected


@given(st.text(st.sampled_from(" \n\t.?!()[]|-*#1aAβ≥µ%:\\\u00a0\u2028\x0b"), max_size=80))
@settings(deadline=None, max_examples=300)
def test_spans_of_any_text_are_in_order_apart_and_trimmed(text: str) -> None:
    for spans in (sentences(text), [(s.start, s.end) for s in statements(text)]):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=300)
def test_sentences_hold_every_letter_of_a_text(text: str) -> None:
    assert "".join("".join(said(text)).split()) == "".join(text.split())


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=200)
def test_reading_what_has_been_read_is_one_line(text: str) -> None:
    assert "\n" not in plain(text)
    assert plain(text) == plain(text).strip(" \t\r\n")
