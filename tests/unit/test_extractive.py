"""Which sentences of the passages make an answer, and in what order."""

from collections.abc import Sequence

import pytest

from rag.generation import DraftStatement, Ledger, Task
from rag.generation.extractive import ExtractiveGenerator
from rag.kinds import excludes
from rag.types import Passage, Role, Turn
from tests.fakes import HashEmbedder
from tests.passages import passage

KIDNEY = "prevent contrast kidney injury"


def draft(question: str, passages: Sequence[Passage], *said: str) -> list[DraftStatement]:
    history = (Turn(question="Before", query="before", said=said),) if said else ()
    task = Task(question, question, tuple(passages), history)
    return list(ExtractiveGenerator(HashEmbedder(256)).draft(task, Ledger()))


def texts(drafted: Sequence[DraftStatement]) -> list[str]:
    return [statement.text for statement in drafted]


def test_a_question_for_what_is_done_is_not_led_in_by_what_is_not() -> None:
    listed = passage(
        "saline",
        f"- Do not give oral fluids alone to {KIDNEY}.\n- Give saline in a vein to {KIDNEY}.\n",
    )
    assert texts(draft(f"How to {KIDNEY}?", [listed]))[0].startswith("Give saline")
    assert texts(draft(f"What should not be given to {KIDNEY}?", [listed]))[0].startswith("Do not")
    assert texts(draft(f"Oral fluids alone to {KIDNEY}?", [listed]))[0].startswith("Do not")


def test_sections_go_on_from_the_guideline_of_the_headline() -> None:
    one = passage(
        "one", "- Ultrasound of the mass comes first.\n- The mass comes second to ultrasound.\n"
    )
    two = passage("two", "- Ultrasound of the mass comes before CT.\n")
    drafted = draft("Ultrasound of the mass comes first?", [one, two])
    assert [s.cites[0].chunk_id for s in drafted] == [one.chunk.id, one.chunk.id, two.chunk.id]


def test_the_list_of_steps_is_the_one_whose_heading_meets_the_question() -> None:
    first = passage("first", "- Look at a calcified flank mass by ultrasound.\n")
    care = passage(
        "care",
        "1. Look at the flank mass.\n2. Ask.\n",
        role=Role.STEPS,
        heading="Steps: primary care",
    )
    mass = passage(
        "mass",
        "1. Look at the flank mass.\n2. Do CT.\n",
        role=Role.STEPS,
        heading="Steps: a calcified flank mass",
    )
    drafted = draft("Which step is next for a calcified flank mass?", [first, care, mass])
    assert [s.text for s in drafted if s.ordered] == ["Look at the flank mass.", "Do CT."]


def test_doses_that_differ_in_a_number_word_are_no_repeats() -> None:
    listed = passage(
        "syphilis",
        "- Treat early syphilis in adults with a single dose of penicillin in a muscle.\n"
        "- Treat late syphilis in adults with three doses of penicillin in a muscle.\n",
    )
    assert len(draft("How is syphilis in adults treated with doses of penicillin?", [listed])) == 2


def test_where_pregnancy_is_asked_about_only_what_names_it_is_said() -> None:
    adults = passage("adults", "- Start an ACE inhibitor first for blood pressure.\n")
    women = passage("women", "- Labetalol comes first for blood pressure in pregnancy.\n")
    (only,) = draft("Which drug first for blood pressure in a pregnant woman?", [adults, women])
    assert only.cites[0].chunk_id == "women"
    assert draft("Which drug first for blood pressure in a pregnant woman?", [adults])


def test_what_was_said_before_is_said_again_where_it_is_what_is_asked() -> None:
    listed = passage("mass", "- Ultrasound of the mass comes first.\n- CT of the mass is second.\n")
    second = "CT of the mass is second."
    first = draft("Ultrasound of the mass comes first?", [listed], "Lead.", second)
    assert texts(first) == ["Ultrasound of the mass comes first."]
    assert second in texts(draft("CT of the mass is second?", [listed], "Lead.", second))


@pytest.mark.parametrize(
    "other",
    [
        "Steroids are suggested in adults with platelets of at least 30 and bleeding.",
        "Steroids are not suggested in adults with platelets below 30 and bleeding.",
        "Steroids are suggested in children with platelets below 30 and bleeding.",
        "Steroids are suggested in adults with platelets below 20 and bleeding.",
    ],
)
def test_what_differs_in_whom_it_is_for_in_a_limit_or_a_denial_is_no_repeat(other: str) -> None:
    lead = "Steroids are suggested in adults with platelets below 30 and bleeding."
    found = [passage("one", f"- {lead}\n"), passage("two", f"- {other}\n")]
    assert set(texts(draft(lead, found))) == {lead, other}


def test_a_sentence_that_is_there_twice_is_said_once() -> None:
    lead, other = "Steroids help in severe asthma.", "Steroids help in asthma that is severe."
    for found in (
        [passage("one", f"- {lead}\n- {other}\n")],
        [passage("one", f"- {lead}\n"), passage("two", f"- {other}\n")],
    ):
        assert len(texts(draft(lead, found))) == 1


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Stable 64 yo woman, Hb 7.8?", "Transfuse children below 7 g/dL."),
        ("6yo with asthma", "Adults with asthma use formoterol."),
        ("58M with gout", "Women with gout"),
        ("Pregnant with asthma", "Nonpregnant women with asthma"),
        ("moderate intensity statin?", "High-intensity statins lower LDL-C by half."),
    ],
)
def test_what_is_said_of_others_is_told_apart(question: str, statement: str) -> None:
    assert excludes(question, statement)
    assert not excludes(question, question)
