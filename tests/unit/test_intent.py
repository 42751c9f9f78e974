import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.generation.intent import asked_figures, asked_roles
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


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        ("What dose of amoxicillin?", "1000 mg twice daily", "twice daily"),
        ("max spironolactone in ascites", "up to 400 mg", "for a first episode"),
        ("How many days of antibiotics?", "given for five days", "given by mouth"),
        ("For how long?", "for at least a year", "as long as it helps"),
        ("How often is potassium measured?", "every 3 months", "after a change of dose"),
        ("How likely is calcification?", "in 80 to 90% of cases", "in most of them"),
        ("How low can the hemoglobin go?", "below 7 g/dL", "in a stable adult"),
        ("When does aspirin begin?", "before 16 weeks", "81 mg of aspirin"),
        ("How many drugs?", "a regimen of four drugs", "several drugs"),
    ],
)
def test_a_question_asks_for_this_kind_of_figure(question: str, told: str, other: str) -> None:
    figures = asked_figures(question)
    assert any(figure.search(told) for figure in figures)
    assert not any(figure.search(other) for figure in figures)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Is aspirin safe in pregnancy?",
        "Which drug is first?",
        "Which antibiotic when penicillin allergic in pneumonia?",
        "Is aspirin used when preeclampsia is likely?",
        "Is a prolonged QT interval a contraindication?",
        "Does leg length matter?",
        "What is the level of evidence for statins?",
        "Is there target organ damage?",
        "Is low-dose CT recommended?",
        "What is the odds ratio?",
    ],
)
def test_a_question_may_ask_for_no_figure(question: str) -> None:
    assert not asked_figures(question)
