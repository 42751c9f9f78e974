from rag.api.passages import Mark, Piece, blocks, placed
from rag.types import Grade, GradeSystem, Quote

ITEMS = """- Give **oxygen** first. Call for help.
  {GRADE: 1B}
- Lie the child down.

1. Measure.

Prose that
goes on. It ends.
"""
TABLE = "| Drug | Dose |\n| --- | --- |\n| Adrenaline | 0.01 mg/kg |\n"


def words(text: str, *marks: Mark) -> list[str]:
    return ["".join(piece.words for piece in block.pieces) for block in blocks(text, marks)]


def quote(exact: str, prefix: str = "") -> Quote:
    return Quote(exact=exact, prefix=prefix, suffix="", start=900, end=900 + len(exact))


def test_sentences_of_one_item_or_paragraph_stand_together() -> None:
    assert words(ITEMS) == [
        "Give oxygen first. Call for help.",
        "Lie the child down.",
        "Measure.",
        "Prose that goes on. It ends.",
    ]


def test_items_keep_their_markers_and_grades() -> None:
    found = blocks(ITEMS)
    assert [block.marker for block in found] == ["•", "•", "1.", ""]
    assert found[0].grade == Grade(system=GradeSystem.GRADE, text="1B")
    assert found[1].grade is None


def test_a_row_of_a_table_is_a_block_of_its_cells() -> None:
    assert words(TABLE) == ["Adrenaline · 0.01 mg/kg"]


def test_quoted_words_are_told_from_the_rest() -> None:
    start = ITEMS.index("Call")
    (first, *_) = blocks(ITEMS, [Mark(start, start + 14, "s1-1")])
    assert first.pieces == (
        Piece("Give oxygen first.", ()),
        Piece(" ", ()),
        Piece("Call for help.", ("s1-1",)),
    )


def test_words_that_two_statements_quote_name_both() -> None:
    text = "Give oxygen first."
    marks = [Mark(0, 11, "a"), Mark(5, 18, "b")]
    assert blocks(text, marks)[0].pieces == (
        Piece("Give ", ("a",)),
        Piece("oxygen", ("a", "b")),
        Piece(" first.", ("b",)),
    )
    assert words(text, *marks) == [text]


def test_a_quote_within_a_row_marks_the_row() -> None:
    at = TABLE.index("0.01")
    assert blocks(TABLE, [Mark(at, at + 4, "a")])[0].pieces[0].by == ("a",)


def test_a_mark_outside_the_passage_marks_nothing() -> None:
    assert words("Give oxygen.", Mark(40, 90)) == ["Give oxygen."]
    assert blocks("Give oxygen.", [Mark(40, 90)])[0].pieces == (Piece("Give oxygen.", ()),)


def test_a_quote_is_found_wherever_its_passage_has_moved_to() -> None:
    assert placed("- Give oxygen.", quote("Give oxygen.")) == (2, 14)


def test_of_equal_words_those_after_the_prefix_are_quoted() -> None:
    text = "In adults: give 1 mg. In children: give 1 mg."
    assert placed(text, quote("give 1 mg", prefix="x. In children: ")) == (35, 44)
    assert placed(text, quote("give 1 mg", prefix="In adults: ")) == (11, 20)


def test_words_that_are_not_there_have_no_place() -> None:
    assert placed("Give oxygen.", quote("Give nothing.")) is None
    assert placed("Give oxygen.", quote("")) is None
