from rag.api.articles import article, notes
from rag.types import Chunk, Currency, Disagreement, Excerpt, Role, Section, Support
from tests.unit.test_cli_rendering import answer, reference, source, statement


def excerpt(chunk_id: str) -> Excerpt:
    text = f"Opening. Ultrasound comes first. Refer. {chunk_id}"
    chunk = Chunk(
        id=chunk_id,
        guideline_id="issuer/number-1",
        heading=("Recommendations",),
        text=text,
        context="",
        start=0,
        end=len(text),
        role=Role.RECOMMENDATIONS,
    )
    return Excerpt(chunk=chunk, source=source(1), currency=Currency.SUPERSEDED)


FIRST = article(
    answer(
        sections=(Section(heading="Steps", ordered=True, statements=(statement("Refer.", 1, 2),)),),
        disagreements=(Disagreement(point="Biopsy", statements=(statement("Do.", 1),)),),
        references=(reference(1), reference(2, guideline_id="issuer/number-1")),
    )
)
SECOND = article(
    answer(turn=2, headline=statement("Refer.", 2), references=(reference(2), reference(3)))
)


def test_statements_are_counted_in_reading_order() -> None:
    assert [(said.id, said.statement.text) for said in FIRST.said] == [
        ("s1-1", "Ultrasound comes first."),
        ("s1-2", "Refer."),
        ("s1-3", "Do."),
    ]
    assert article(answer(headline=None)).said == ()


def test_an_article_says_how_many_statements_were_verified() -> None:
    doubtful = statement("Perhaps.", 1).model_copy(update={"support": Support.PARTIAL})
    assert (FIRST.verified, len(FIRST.said)) == (3, 3)
    assert article(answer(headline=doubtful)).verified == 0


def test_a_note_marks_what_each_statement_quotes() -> None:
    note = notes([FIRST], excerpt)[0]
    pieces = [piece for block in note.blocks for piece in block.pieces if piece.by]
    assert [(piece.words, piece.by) for piece in pieces] == [
        ("Ultrasound comes first.", ("s1-1",)),
        ("Refer.", ("s1-2",)),
    ]
    assert note.cited_by == ("s1-1", "s1-2", "s1-3")


def test_a_conversation_has_one_list_of_notes() -> None:
    found = notes([FIRST, SECOND], excerpt)
    assert [note.reference.number for note in found] == [1, 2, 3]
    assert found[1].cited_by == ("s1-2", "s2-1")


def test_a_source_that_stands_already_is_told_by_its_first_number() -> None:
    assert [note.first for note in notes([FIRST], excerpt)] == [None, 1]


def test_a_source_that_has_changed_since_says_so() -> None:
    note = notes([FIRST], excerpt)[0]
    assert note.lapsed
    assert note.now is Currency.SUPERSEDED


def test_wordings_for_an_audience_are_noticed() -> None:
    said = statement("Renal mass.", 1).model_copy(update={"wording": "Renal (kidney) mass."})
    assert article(answer(headline=said)).reworded
    assert not FIRST.reworded
