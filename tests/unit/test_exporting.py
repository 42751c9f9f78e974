import json
import re

from hypothesis import given
from hypothesis import strategies as st

from rag.api.exporting import csl_json, markdown, plain, rich, ris, vancouver
from rag.types import (
    AbstentionReason,
    Answer,
    Disagreement,
    Grade,
    GradeSystem,
    Kind,
    Outcome,
    OutcomeKind,
    Section,
)
from tests.unit.test_cli_rendering import abstained, answer, reference, statement

ADDRESS = "https://answers.example.org/answers/a-1"
MARKS = "# 1. - * _x_ `y` [z](javascript:alert(1)) <b>w</b> | ~~q~~ &amp; \\"


def whole() -> Answer:
    grade = Grade(system=GradeSystem.ACR, text="usually appropriate")
    return answer(
        sections=(
            Section(heading="Steps", ordered=True, statements=(statement("Refer.", 1, 3),)),
            Section(heading="Why", statements=(statement("It is quick.", 3, grade=grade),)),
        ),
        disagreements=(
            Disagreement(point="Biopsy", statements=(statement("Do.", 1), statement("Wait.", 3))),
        ),
        references=(
            reference(1, doi="10.1000/xyz", url="https://example.org/1"),
            reference(3, url="https://example.org/3", kind=Kind.RESEARCH),
        ),
    )


def test_markdown_holds_statements_numbers_grades_and_references() -> None:
    assert markdown(whole(), ADDRESS) == (
        "# Which imaging comes first?\n\n"
        "*Submitted: educational, not yet reviewed by a clinician. 2026-01-01.*\n\n"
        "**Ultrasound comes first.** \\[1\\]\n\n"
        "## Guidelines differ: Biopsy\n\n"
        "- *Issuer 1, 2021:* Do. \\[1\\]\n"
        "- *Issuer 3, 2023:* Wait. \\[3\\]\n\n"
        "## Steps\n\n"
        "1. Refer. \\[1\\]\\[3\\]\n\n"
        "## Why\n\n"
        "- It is quick. \\[3\\] (ACR: usually appropriate)\n\n"
        "## References\n\n"
        "\\[1\\] Issuer 1. Guideline 1. 2021. Recommendations › Imaging. doi:10.1000/xyz "
        "<https://doi.org/10.1000/xyz>\n\n"
        "\\[3\\] Issuer 3. Guideline 3. 2023. Recommendations › Imaging. "
        "Available from: https://example.org/3 <https://example.org/3>\n\n"
        "*Check the source.*\n\n"
        "Written by g from index version 000001-00000000.\n"
        f"<{ADDRESS}>\n"
    )


def test_rich_text_is_html_of_the_same() -> None:
    shown = rich(whole(), ADDRESS)
    assert "<strong>Ultrasound comes first.</strong> [1]" in shown
    assert "<li>Refer. [1][3]</li>" in shown
    assert f'<a href="{ADDRESS}">' in shown


def test_plain_text_has_a_vancouver_list() -> None:
    lines = plain(whole(), ADDRESS).splitlines()
    assert "Ultrasound comes first. [1]" in lines
    assert "1. Refer. [1][3]" in lines
    assert "- It is quick. [3] (ACR: usually appropriate)" in lines
    assert "1. Issuer 1. Guideline 1. 2021. Recommendations › Imaging. doi:10.1000/xyz" in lines
    assert lines[-1] == ADDRESS


def test_a_reference_without_an_address_is_still_one() -> None:
    assert vancouver(reference(2)) == "2. Issuer 2. Guideline 2. 2022. Recommendations › Imaging."


def test_an_answer_in_the_words_of_an_audience_is_exported_in_them() -> None:
    said = statement("Renal mass.", 1).model_copy(update={"wording": "Renal (kidney) mass."})
    for text in (markdown(answer(headline=said), ""), plain(answer(headline=said), "")):
        assert "kidney" in text


def test_guidelines_that_differ_come_first_each_with_who_says_it() -> None:
    given = whole().model_copy(
        update={
            "outcome": Outcome(kind=OutcomeKind.PARTIAL, reason=AbstentionReason.CONFLICT),
            "headline": None,
        }
    )
    text = plain(given, ADDRESS)
    assert (
        "Current guidelines differ on this; each is shown in its own words.\n\n"
        "Guidelines differ: Biopsy:\n"
        "- Issuer 1, 2021: Do. [1]\n"
        "- Issuer 3, 2023: Wait. [3]\n"
    ) in text
    shown = rich(given, ADDRESS)
    assert "<strong>Current guidelines differ on this;" in shown
    assert "<li><em>Issuer 1, 2021:</em> Do. [1]</li>" in shown


def test_what_has_to_be_known_of_an_answer_goes_along_with_it() -> None:
    given = answer(
        query="first imaging of a mass",
        warnings=("The guidelines here do not mention: zebra.",),
        fallback="ollama:llama: cut off",
    )
    for text in (rich(given, ADDRESS), plain(given, ADDRESS)):
        assert "Searched for: first imaging of a mass" in text
        assert "Caution: The guidelines here do not mention: zebra." in text
        assert "No chat model worded this answer: ollama:llama: cut off" in text


def test_who_wrote_an_answer_is_told_in_words() -> None:
    made = answer().provenance
    extractive = answer(provenance=made.model_copy(update={"generator": "extractive"}))
    assert "Sentences of the summaries in index version 000001-00000000." in plain(extractive, "")
    assert "Written by g from index version 000001-00000000." in plain(answer(), "")


def test_an_abstention_says_why_and_what_is_nearest() -> None:
    given = abstained(AbstentionReason.NOT_IN_CORPUS)
    for text in (rich(given, ADDRESS), plain(given, ADDRESS)):
        assert "the guidelines here do not cover this question" in text
        assert "Nearest guidelines" in text
        assert "Issuer 2. Guideline 2. 2022." in text
    assert ris(given) == ""
    assert json.loads(csl_json(given)) == []


def test_reference_managers_get_each_source_once_with_its_numbers() -> None:
    given = answer(
        references=(
            reference(1, doi="10.1000/xyz"),
            reference(2, guideline_id="issuer/number-1"),
            reference(3, kind=Kind.RESEARCH, title="A\ntitle"),
        )
    )
    records = ris(given).split("ER  - \r\n\r\n")
    assert len(records) == 3
    assert records[0].startswith("TY  - RPRT\r\nTI  - Guideline 2\r\n")
    assert "N1  - Cited as [1][2]\r\n" in records[0]
    assert "TY  - JOUR\r\nTI  - A title\r\n" in records[1]
    assert [item["type"] for item in json.loads(csl_json(given))] == ["report", "article-journal"]


def test_csl_leaves_out_what_is_not_known() -> None:
    (item,) = json.loads(csl_json(answer()))
    assert "DOI" not in item
    assert item["issued"] == {"date-parts": [[2021]]}
    assert item["author"] == [{"literal": "Issuer 1"}]


def test_marks_in_a_text_stay_text() -> None:
    shown = rich(answer(question=MARKS, headline=statement(MARKS, 1)), ADDRESS)
    assert "<b>" not in shown
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', shown))
    assert shown.count("<a ") == 1
    assert "<em>x" not in shown


@given(st.text())
def test_any_text_is_exported_on_one_line_of_its_own(text: str) -> None:
    given = answer(question=text, headline=statement(text, 1))
    assert rich(given, ADDRESS).count("<h1>") == 1
    for record in ris(given).split("\r\n"):
        assert record == "" or re.match(r"[A-Z][A-Z0-9]  - ", record)
