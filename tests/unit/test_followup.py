from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.followup import CARRIED, needs_context, rewrite, rewritten
from rag.index.tokens import tokens
from rag.types import Turn

FIRST = "Which imaging is first for an abdominal mass in a child?"


def idf(text: str) -> Mapping[str, float]:
    """Longer words are rarer."""
    return {form: float(len(form)) for form in tokens(text)}


def turn(question: str, query: str | None = None) -> Turn:
    return Turn(question=question, query=query or question)


def carried(question: str, *history: Turn) -> list[str]:
    query = rewrite(question, history, idf)
    assert query.startswith(question)
    return query.removeprefix(question).strip(" ()").split()


@pytest.mark.parametrize(
    "question",
    [
        "Is it safe in pregnancy with renal failure?",
        "What about adults with renal failure and jaundice?",
        "And if the CT shows calcified lymph nodes?",
        "Why is ultrasound recommended before CT imaging?",
        "Dose?",
        "",
    ],
)
def test_a_question_that_leans_on_others_needs_context(question: str) -> None:
    assert needs_context(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which antibiotic treats community-acquired pneumonia?",
        "How is severe hypertension in pregnancy treated?",
    ],
)
def test_a_question_that_says_all_is_left_alone(question: str) -> None:
    assert not needs_context(question)
    assert rewrite(question, [turn(FIRST)], idf) == question


def test_the_first_question_is_left_alone() -> None:
    assert rewrite("Is it safe?", [], idf) == "Is it safe?"


def test_a_follow_up_carries_the_words_it_leans_on() -> None:
    assert carried("And if it is calcified?", turn(FIRST)) == [
        "imaging",
        "abdominal",
        "mass",
        "child",
        "first",
    ]


def test_words_that_are_said_again_are_not_carried_in_any_form() -> None:
    assert "mass" not in carried("And if it is two masses?", turn(FIRST))


def test_words_come_from_the_question_that_opened_the_topic_and_the_latest() -> None:
    history = [
        turn("How is asthma treated?"),
        turn(FIRST),
        turn("And with calcification?", "And with calcification? (imaging abdominal mass child)"),
        turn("And with fever?", "And with fever? (imaging abdominal mass child)"),
    ]
    words = carried("Is it the same with jaundice?", *history)
    assert words == ["imaging", "abdominal", "mass", "child", "fever"]


def test_a_topic_opens_with_the_first_turn_when_none_stood_alone() -> None:
    assert carried("Is it?", turn("Asthma?", "another query")) == ["Asthma"]


def test_the_rarest_words_are_carried_in_the_order_they_were_said() -> None:
    rare = "bbbbb dddddd eeee fffff gggggg hhhhhh iiiiii jjjjjj".split()
    words = carried("And it?", turn(f"aa {rare[0]} ccc {' '.join(rare[1:])}?"))
    assert words == rare
    assert len(words) == CARRIED


def test_words_are_carried_as_they_were_written() -> None:
    words = carried("And then?", turn("Is HbA1c ≥ 7.5% or K+ with SGLT-2 at 140/90, e.g. later?"))
    assert words == ["HbA1c", "7.5%", "K+", "SGLT-2", "140/90", "e.g", "later"]


def test_when_nothing_is_left_to_carry_the_question_stays() -> None:
    assert rewrite("Is it safe?", [turn("What is it?")], idf) == "Is it safe?"


@given(st.text(max_size=40), st.lists(st.text(max_size=40).map(turn), max_size=3))
@settings(deadline=None)
def test_the_query_begins_with_the_question_and_carries_few_words(
    question: str, history: list[Turn]
) -> None:
    query = rewrite(question, history, idf)
    assert query.startswith(question.rstrip())
    assert len(query.removeprefix(question.rstrip()).split()) <= CARRIED
    assert rewrite(question, history, idf) == query


DOSE = "What is the dose of apixaban in atrial fibrillation?"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("And if she is 84 and weighs 55 kg?", ["dose"]),
        ("What about renal failure?", ["dose"]),
        ("in children?", ["dose"]),
        ("And the risk in renal failure?", []),
        ("Is it licensed in children?", []),
    ],
)
def test_a_circumstance_alone_asks_for_what_was_asked_before(
    question: str, asked: list[str]
) -> None:
    assert carried(question, turn(DOSE)) == ["apixaban", "atrial", "fibrillation", *asked]
    circumstance = turn("And with liver failure?")
    assert [w for w in carried(question, turn(DOSE), circumstance) if w == "dose"] == asked


def test_a_circumstance_after_a_question_that_asks_for_nothing_known_adds_nothing() -> None:
    assert carried("And in children?", turn("Apixaban in ablation")) == ["Apixaban", "ablation"]


ANSWERED = Turn(
    question=FIRST,
    query=FIRST,
    said=("Ultrasound of the abdomen comes first, and CT at 5 mm follows in 2 days.",),
)


@pytest.mark.parametrize(
    "offered",
    [
        "Which imaging is first for an abdominal mass in an infant?",
        "In an infant with an abdominal mass, is ultrasound first?",
        "And in an infant with an abdominal mass, is it CT at 5 mm?",
        "Is ultrasound first in an infant?",
        "In an infant with a mass, CT at 5mm?",
    ],
)
def test_what_a_model_words_alone_is_searched_for(offered: str) -> None:
    assert rewritten("And in an infant?", [ANSWERED], idf, offered) == offered


@pytest.mark.parametrize(
    ("offered", "what"),
    [
        ("And in an infant?", "the question as it was"),
        ("In an infant.", "the question as it was"),
        ("In an infant, 5 mm.", "the question as it was"),
        ("In an infant with a mass ultrasound of the abdomen comes and CT follows.", "an answer"),
        ("Which imaging is first for a mass in an infant of 3 kg?", "a figure nobody said"),
        ("Which imaging is first for a mass in an infant of 5.5?", "a figure nobody said"),
        ("Which imaging is first for an abdominal mass in a child?", "another question"),
        ("Is colchicine safe for gout in an infant with an abdominal mass?", "what nobody said"),
        ("", "nothing"),
        (None, "nothing"),
    ],
)
def test_the_rules_word_what_a_model_does_not(offered: str | None, what: str) -> None:
    question = "And in an infant?"
    query = rewritten(question, [ANSWERED], idf, offered)
    assert query == rewrite(question, [ANSWERED], idf), what
    assert query != offered


def test_a_question_that_stands_alone_may_be_given_back_as_it_was() -> None:
    alone = "Which antibiotic treats community-acquired pneumonia?"
    assert rewritten(alone, [ANSWERED], idf, alone) == alone


OFFERS = st.lists(
    st.sampled_from(
        "in an infant which imaging first mass child ultrasound CT 5 mm gout 9".split()
    ),
    max_size=9,
).map(" ".join)


@given(OFFERS)
@settings(max_examples=200)
def test_what_is_searched_for_keeps_the_question_and_its_figures(offered: str) -> None:
    query = rewritten("And in an infant?", [ANSWERED], idf, offered)
    assert "infant" in query
    assert "gout" not in query or len(query.split()) > 4
    assert "9" not in query
    if query == offered:
        assert set("imaging mass child first ultrasound CT mm".split()) & set(offered.split())
