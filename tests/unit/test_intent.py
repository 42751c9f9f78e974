import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.generation.intent import asked_roles
from rag.types import Role


@pytest.mark.parametrize(
    ("question", "role"),
    [
        ("What dose of amoxicillin?", Role.DOSING),
        ("How much insulin per kg?", Role.DOSING),
        ("How is levothyroxine titrated?", Role.DOSING),
        ("What is the differential of a calcified mass?", Role.DIFFERENTIAL),
        ("What could this be?", Role.DIFFERENTIAL),
        ("Which tumours calcify most?", Role.DIFFERENTIAL),
        ("Why is ultrasound done?", Role.RATIONALE),
        ("What is the evidence for statins?", Role.RATIONALE),
        ("How often is potassium measured?", Role.MONITORING),
        ("What follow-up is needed?", Role.MONITORING),
        ("Is aspirin safe in pregnancy?", Role.CAVEATS),
        ("When is metformin contraindicated?", Role.CAVEATS),
        ("What should I do now?", Role.STEPS),
        ("What is the next step?", Role.STEPS),
        ("What is the work-up of jaundice?", Role.STEPS),
        ("What is recommended for asthma?", Role.RECOMMENDATIONS),
        ("First-line drug for hypertension?", Role.RECOMMENDATIONS),
    ],
)
def test_a_question_asks_for_this_kind_of_section(question: str, role: Role) -> None:
    assert role in asked_roles(question)


def test_a_question_may_ask_for_several_kinds() -> None:
    asked = asked_roles("What is the next step, and at what dose?")
    assert asked >= {Role.STEPS, Role.DOSING, Role.RECOMMENDATIONS}


@pytest.mark.parametrize("question", ["", "Neuroblastoma", "Tell me of the whyever dosettes"])
def test_when_nothing_tells_recommendations_are_asked_for(question: str) -> None:
    assert asked_roles(question) == {Role.RECOMMENDATIONS}


@given(st.text(max_size=60))
@settings(deadline=None)
def test_every_question_asks_for_something_in_either_case(question: str) -> None:
    assert asked_roles(question)
    assert Role.PLAIN_LANGUAGE not in asked_roles(question)
    if question.isascii():
        assert asked_roles(question.upper()) == asked_roles(question.lower())
