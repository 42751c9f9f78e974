import io
from collections.abc import Iterable
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from rag.assistant import Assistant
from rag.cli.answers import answer_blocks, passage_blocks
from rag.cli.reports import plan_blocks, versions_blocks
from rag.cli.terminal import Terminal, counted, one_line, printable
from rag.types import (
    AbstentionReason,
    Answer,
    Chunk,
    Citation,
    Currency,
    Disagreement,
    Grade,
    GradeSystem,
    Guideline,
    Kind,
    Moves,
    Outcome,
    OutcomeKind,
    Passage,
    Plan,
    Provenance,
    Quote,
    Reference,
    ReviewStatus,
    Role,
    Scores,
    Section,
    Source,
    Statement,
    Support,
    Version,
)
from rag.wording import REASONS

ANSWERED = Outcome(kind=OutcomeKind.ANSWERED)


def never() -> Assistant:
    raise AssertionError("rendering opens nothing")


def printed(blocks: Iterable[RenderableType], width: int = 80, colour: bool = False) -> str:
    file = io.StringIO()
    console = Console(
        file=file, width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    Terminal(console, console, never).show(blocks)
    return file.getvalue()


def source(number: int, **changes: object) -> Source:
    plain = Source(
        guideline_id=f"issuer/number-{number}",
        title=f"Guideline {number}",
        issuer=f"Issuer {number}",
        kind=Kind.GUIDELINE,
        year=2020 + number,
        url=None,
        doi=None,
    )
    return plain.model_copy(update=changes)


def statement(text: str, *numbers: int, grade: Grade | None = None) -> Statement:
    citations = tuple(
        Citation(
            number=n,
            chunk_id=f"{n:016x}",
            guideline_id=f"issuer/number-{n}",
            guideline_digest="0" * 64,
            quote=Quote(exact=text, prefix="", suffix="", start=0, end=len(text)),
        )
        for n in numbers
    )
    return Statement(text=text, citations=citations, support=Support.SUPPORTED, grade=grade)


def reference(number: int, currency: Currency = Currency.CURRENT, **changes: object) -> Reference:
    return Reference(
        number=number,
        chunk_id=f"{number:016x}",
        source=source(number, **changes),
        heading=("Recommendations", "Imaging"),
        currency=currency,
    )


def answer(**changes: object) -> Answer:
    plain = Answer(
        id="a-1",
        conversation_id="c-1",
        turn=1,
        created=datetime(2026, 1, 1, tzinfo=UTC),
        question="Which imaging comes first?",
        query="Which imaging comes first?",
        outcome=ANSWERED,
        headline=statement("Ultrasound comes first.", 1),
        sections=(),
        references=(reference(1),),
        nearest=(),
        disclaimer="Check the source.",
        candidates=(),
        provenance=Provenance(
            index_version="000001-00000000", corpus_digest="0", embedder="e", generator="g"
        ),
        timings_ms={},
    )
    return plain.model_copy(update=changes)


def abstained(reason: AbstentionReason) -> Answer:
    return answer(
        outcome=Outcome(kind=OutcomeKind.ABSTAINED, reason=reason),
        headline=None,
        references=(),
        nearest=(source(2, url="https://example.org/2"),),
    )


def test_a_whole_answer_reads_from_the_question_to_the_way_on() -> None:
    grade = Grade(system=GradeSystem.ACR, text="usually appropriate")
    whole = answer(
        query="imaging first, child",
        sections=(
            Section(heading="Steps", ordered=True, statements=(statement("Refer.", 1, 2),)),
            Section(heading="Why", statements=(statement("It is quick.", 2, grade=grade),)),
        ),
        references=(
            reference(1, doi="10.1000/xyz", url="https://example.org/1"),
            reference(2, url="https://example.org/2"),
        ),
        related=("Would you biopsy first?",),
    )
    assert printed(answer_blocks(whole)) == (
        "Which imaging comes first?\n"
        "Searched for: imaging first, child\n"
        "Submitted · educational, not yet reviewed by a clinician\n"
        "\n"
        "Ultrasound comes first. [1]\n"
        "\n"
        "Steps\n"
        "  1. Refer. [1][2]\n"
        "\n"
        "Why\n"
        "  • It is quick. [2] (ACR: usually appropriate)\n"
        "\n"
        "References\n"
        "  [1] Guideline · Guideline 1 · Issuer 1, 2021 · Recommendations › Imaging ·\n"
        "      current\n"
        "      https://doi.org/10.1000/xyz\n"
        "  [2] Guideline · Guideline 2 · Issuer 2, 2022 · Recommendations › Imaging ·\n"
        "      current\n"
        "      https://example.org/2\n"
        "\n"
        "Related questions\n"
        "  • Would you biopsy first?\n"
        "\n"
        "Check the source.\n"
        "\n"
        'c-1 · follow up: rag ask -c c-1 "…"\n'
    )


def test_guidelines_that_differ_are_both_named() -> None:
    point = Disagreement(
        point="biopsy before surgery",
        statements=(statement("Biopsy first.", 1), statement("Operate first.", 2)),
    )
    shown = printed(
        answer_blocks(answer(disagreements=(point,), references=(reference(1), reference(2))))
    )
    assert (
        "Guidelines differ: biopsy before surgery\n"
        "  • Issuer 1, 2021: Biopsy first. [1]\n"
        "  • Issuer 2, 2022: Operate first. [2]\n"
    ) in shown


def test_a_source_is_named_once() -> None:
    again = reference(2, guideline_id="issuer/number-1", url="https://example.org/1")
    shown = printed(answer_blocks(answer(references=(reference(1), again))))
    assert "  [2] The same source as [1] · Recommendations › Imaging · current\n" in shown
    assert "https://example.org/1" not in shown


def test_a_source_that_no_longer_stands_is_said_to() -> None:
    old = answer(references=(reference(1, Currency.SUPERSEDED),), warnings=("[1] is superseded.",))
    shown = printed(answer_blocks(old))
    assert "Imaging ·\n      superseded" in shown
    assert "Caution\n  ! [1] is superseded." in shown


def test_an_abstention_gives_its_reason_and_what_is_nearest() -> None:
    for reason in AbstentionReason:
        shown = printed(answer_blocks(abstained(reason)))
        assert " ".join(REASONS[reason].split()) in " ".join(shown.split())
        assert "Nearest guidelines\n  • Guideline · Guideline 2 · Issuer 2, 2022\n" in shown
        assert "    https://example.org/2\n" in shown


def test_an_abstention_with_nothing_near_lists_nothing() -> None:
    far = abstained(AbstentionReason.NOT_IN_CORPUS).model_copy(update={"nearest": ()})
    assert "Nearest" not in printed(answer_blocks(far))


def test_every_review_status_is_put_in_words() -> None:
    for status in ReviewStatus:
        assert f"{status} · educational, " in printed(answer_blocks(answer(review=status)))


def worded(text: str, source: str) -> Statement:
    """A statement in other words than those of its source."""
    return statement(source, 1).model_copy(update={"text": text})


def test_a_long_quote_is_cut_at_a_word() -> None:
    long = answer(headline=worded("Words.", "word " * 100))
    assert "word …”" in printed(answer_blocks(long))


def test_the_same_words_cited_twice_are_quoted_once() -> None:
    first, again = (worded(text, "Ultrasound comes first.") for text in ("Scan.", "Scan first."))
    twice = answer(headline=first, sections=(Section(heading="Again", statements=(again,)),))
    assert printed(answer_blocks(twice)).count("“") == 1


def test_words_that_a_statement_repeats_are_not_quoted_again() -> None:
    marked = worded("Ultrasound comes first.", "**Ultrasound** comes\nfirst.")
    assert "“" not in printed(answer_blocks(answer(headline=marked)))
    explained = marked.model_copy(update={"wording": "Ultrasound (a scan) comes first."})
    shown = printed(answer_blocks(answer(headline=explained)))
    assert "Ultrasound (a scan) comes first. [1]" in shown
    assert "“**Ultrasound** comes first.”" in shown


CONFLICT = Outcome(kind=OutcomeKind.PARTIAL, reason=AbstentionReason.CONFLICT)


def test_where_guidelines_differ_on_the_very_point_that_comes_first() -> None:
    point = Disagreement(
        point="biopsy before surgery",
        statements=(statement("Biopsy first.", 1), statement("Operate first.", 2)),
    )
    shown = printed(
        answer_blocks(
            answer(
                outcome=CONFLICT,
                headline=None,
                disagreements=(point,),
                sections=(Section(heading="Steps", statements=(statement("Refer.", 1),)),),
                references=(reference(1), reference(2)),
            )
        )
    )
    assert (
        f"{REASONS[AbstentionReason.CONFLICT]}\n"
        "\n"
        "Guidelines differ: biopsy before surgery\n"
        "  • Issuer 1, 2021: Biopsy first. [1]\n"
        "  • Issuer 2, 2022: Operate first. [2]\n"
        "\n"
        "Steps\n"
    ) in shown
    assert "Nearest guidelines" not in shown


def test_a_chat_model_is_named_and_so_is_its_failure() -> None:
    made = answer().provenance.model_copy(update={"generator": "ollama:llama", "prompt": "0"})
    by_model = printed(answer_blocks(answer(provenance=made)), 200)
    assert "Worded by a chat model, ollama:llama, checked against its passages\n" in by_model
    failed = printed(answer_blocks(answer(fallback="ollama:llama: cut off")), 200)
    assert "No chat model worded this answer: ollama:llama: cut off\n" in failed
    assert "chat model" not in printed(answer_blocks(answer()))


def test_markup_and_escapes_in_a_text_are_only_text() -> None:
    sly = answer(headline=statement("[red]Stop[/red] \x1b[31mnow\x9b", 1))
    assert "[red]Stop[/red] [31mnow [1]" in printed(answer_blocks(sly))


def test_a_terminal_gets_colour_and_links() -> None:
    shown = printed(answer_blocks(answer(references=(reference(1, doi="10.1/x"),))), colour=True)
    assert "\x1b[1;36m[1]" in shown
    assert "https://doi.org/10.1/x\x1b\\" in shown


@given(st.text(), st.integers(20, 120))
def test_every_word_of_any_statement_is_printed(text: str, width: int) -> None:
    shown = printed(answer_blocks(answer(headline=statement(text, 1))), width)
    assert "".join(printable(text).split()) in "".join(shown.split())


@given(st.text())
def test_no_control_character_is_printed(text: str) -> None:
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in one_line(text))


def test_a_passage_shows_its_source_words_and_scores() -> None:
    body = "- Give 15 mg/kg.\n- Not more."
    guideline = Guideline(
        id="issuer/dose",
        title="Fever",
        issuer="Issuer",
        kind=Kind.GUIDELINE,
        published=date(2020, 5, 1),
        specialty="paediatrics",
        path="issuer/dose.md",
        body=body,
        digest="0" * 64,
    )
    chunk = Chunk(
        id="0" * 16,
        guideline_id=guideline.id,
        heading=("Dosing",),
        text=body,
        context="Fever",
        start=0,
        end=len(body),
        role=Role.DOSING,
        grade=None,
    )
    passage = Passage(
        rank=1,
        chunk=chunk,
        guideline=guideline,
        currency=Currency.PAST_REVIEW,
        scores=Scores(dense=0.5, fused=1.0),
    )
    assert printed(passage_blocks([passage])) == (
        " 1  Fever · Issuer, 2020 · Dosing · past review\n"
        "    - Give 15 mg/kg.\n"
        "    - Not more.\n"
        "    dense 0.50 · fused 1.00 · 0000000000000000\n\n"
    )


def test_a_plan_shows_every_sort_of_change() -> None:
    plan = Plan(
        guidelines=Moves(added=("a",), changed=("b",), moved=("c",), removed=("d",), unchanged=5),
        chunks=Moves(unchanged=9),
        to_embed=1,
        to_reuse=9,
        base="000001-00000000",
    )
    shown = printed(plan_blocks(plan))
    assert "built anew" not in shown
    counts = [line.split() for line in shown.splitlines() if line.startswith(("guide", "chunks"))]
    assert counts == [["guidelines", "1", "1", "1", "1", "5"], ["chunks", "9"]]
    assert shown.endswith("removed:\n  d\n")


def test_a_version_whose_files_are_gone_is_listed_as_such() -> None:
    version = Version(
        id="000001-00000000",
        created=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        fingerprint="f",
        corpus_digest="c",
        guidelines=2,
        chunks=3,
        present=False,
    )
    shown = printed(versions_blocks([version])).splitlines()[1]
    assert shown.split("  ")[0] == "000001-00000000"
    assert "2026-01-02 03:04 UTC" in shown
    assert shown.rstrip().endswith("files gone")


def test_a_count_of_one_has_no_plural() -> None:
    assert [counted(n, "fault") for n in (0, 1, 2)] == ["0 faults", "1 fault", "2 faults"]


def test_a_terminal_is_no_wider_than_reads_well_and_no_narrower_than_works() -> None:
    assert 40 <= Terminal.standard(never).out.width <= 100
