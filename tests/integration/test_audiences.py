"""One question, three readers: the same statements, whatever a model makes of their words."""

import pytest

from eval.audiences import parity, same
from rag.assistant import Assistant
from rag.corpus import GLOSSARY
from rag.settings import Settings
from rag.types import Answer, Audience, Question
from tests.fakes import HashEmbedder
from tests.model_server import Reply, model_server

QUESTIONS = (
    "Which imaging comes first in a child with an abdominal mass?",
    "What follows in a child with a calcified abdominal mass?",
    "What are the steps for an abdominal mass of a child?",
    "When is biopsy of an abdominal mass done in a child?",
    "Who won the football yesterday?",
)
TERMS = """- term: computed tomography
  short: [CT]
  plain: a scan in slices
- term: ultrasound
  plain: pictures made with sound
"""
FIRST = "Ultrasound of the abdomen comes first in a child with an abdominal mass."
CT = "Contrast-enhanced CT of the abdomen follows in a child with a calcified abdominal mass."


def told(assistant: Assistant, question: str) -> dict[Audience, Answer]:
    return {
        audience: assistant.ask(Question(text=question, audience=audience)) for audience in Audience
    }


@pytest.fixture
def offered(settings: Settings) -> Settings:
    (settings.corpus / GLOSSARY).write_text(TERMS, "utf-8")
    return settings.model_copy(update={"audiences": "clinician,trainee,patient"})


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_audience_is_told_the_same_statements(offered: Settings, question: str) -> None:
    with Assistant(offered, HashEmbedder()) as assistant:
        assistant.refresh()
        answers = told(assistant, question)
        clinician = answers[Audience.CLINICIAN]
        glossary = assistant.live().glossary
        for answer in answers.values():
            assert same(clinician.statements, answer.statements, glossary)
            assert answer.outcome == clinician.outcome
        assert parity(clinician, assistant) == 1


def test_the_terms_of_a_statement_are_explained(offered: Settings) -> None:
    with Assistant(offered, HashEmbedder()) as assistant:
        assistant.refresh()
        patient = told(assistant, QUESTIONS[0])[Audience.PATIENT]
    assert patient.headline
    assert patient.headline.shown.startswith("Ultrasound (pictures made with sound) of the abdomen")


@pytest.mark.parametrize(
    "reworded",
    [
        "An ultrasound of the abdomen must always be done first in a child with an abdominal mass.",
        "An ultrasound of the abdomen comes first.",
        "An ultrasound of the abdomen does not come first in a child with an abdominal mass.",
        "An ultrasound of the abdomen comes first in an adult with an abdominal mass.",
        "An ultrasound of the abdomen comes first in a child with an abdominal mass. Do it today.",
        "A CT of the abdomen comes first in a child with an abdominal mass.",
    ],
    ids=["strengthened", "condition dropped", "denied", "of others", "added to", "another"],
)
def test_a_wording_that_says_more_or_less_gives_way_to_the_glossary(
    offered: Settings, reworded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    draft = f"{FIRST} [1][2][3][4][5][6]\n- {CT} [1][2][3][4][5][6]\n"
    with model_server([Reply(draft), Reply(f"1. {reworded}\n2. {reworded}")]) as server:
        model = {"generator": "openai:local", "chat_url": server.url, "chat_retries": 0}
        with Assistant(offered.model_copy(update=model), HashEmbedder()) as assistant:
            assistant.refresh()
            question = Question(text=QUESTIONS[0], audience=Audience.PATIENT)
            answer = assistant.ask(question)
            assert [s.text for s in answer.statements] == [FIRST, CT]
            glossary = assistant.live().glossary
            assert same(answer.statements, answer.statements, glossary)
    assert "pictures made with sound" in answer.statements[0].shown
    assert "a scan in slices" in answer.statements[1].shown
