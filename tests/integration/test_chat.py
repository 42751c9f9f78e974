"""Answers worded by a chat model: what it may say, what becomes of the rest, and when it fails."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag.api import create_app
from rag.assistant import Assistant
from rag.errors import ConfigError, GenerationFailed, MissingExtra
from rag.generation import Ledger, Task
from rag.generation.model import open_model
from rag.settings import Settings
from rag.types import (
    Answer,
    AnswerEvent,
    Audience,
    DraftEvent,
    Fate,
    OutcomeKind,
    Question,
    RetractedEvent,
    StatementEvent,
    Usage,
)
from tests.fakes import HashEmbedder
from tests.model_server import ModelServer, Reply, model_server

QUESTION = "Which imaging comes first in a child with an abdominal mass?"
FIRST = "Ultrasound of the abdomen comes first in a child with an abdominal mass."
WORDED = "In a child with an abdominal mass, ultrasound of the abdomen comes first."
CT = "Contrast-enhanced CT of the abdomen follows in a child with a calcified abdominal mass."


@contextmanager
def asking(
    settings: Settings, *replies: Reply, model: str = "local", **more: object
) -> Iterator[tuple[Assistant, ModelServer]]:
    with model_server(replies) as server:
        chosen = settings.model_copy(
            update={
                "generator": f"openai:{model}",
                "chat_url": server.url,
                "chat_timeout_s": 5.0,
                "chat_retries": 0,
                **more,
            }
        )
        with Assistant(chosen, HashEmbedder()) as assistant:
            assistant.refresh()
            yield assistant, server


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")


def number_of(assistant: Assistant, question: str, words: str) -> int:
    """Under which number a model is shown the passage that holds some words."""
    passages = assistant.search(question, k=12)
    return next(n for n, p in enumerate(passages, start=1) if words in p.chunk.text)


def said(answer: Answer) -> list[str]:
    return [statement.text for statement in answer.statements]


def test_what_a_model_words_is_sent_with_the_words_it_rests_on(settings: Settings) -> None:
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        server.replies[:] = [Reply(f"{WORDED} [{n}]\n\n## Then\n- {CT} [{n}]\n")]
        answer = assistant.ask(QUESTION)
    assert said(answer) == [WORDED, CT]
    assert answer.headline
    assert not answer.headline.verbatim
    assert answer.headline.citations[0].quote.exact == FIRST
    assert str(answer.headline.grade) == "ACR: Usually appropriate"
    assert [section.heading for section in answer.sections] == ["Then"]
    assert answer.provenance.generator == "openai:local"
    assert answer.provenance.prompt
    assert answer.provenance.usage == Usage(calls=1, input_tokens=7, output_tokens=3)
    assert answer.fallback is None
    assert answer.removed == ()


def test_what_no_passage_carries_is_repaired_once(settings: Settings) -> None:
    wrong = "CT of the abdomen comes first in a child with an abdominal mass."
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        server.replies[:] = [
            Reply(f"{CT} [{n}]\n- {wrong} [{n}]\n"),
            Reply(f"1. {FIRST} [{n}]"),
        ]
        answer = assistant.ask(QUESTION)
        *_, wrote, told = (message["content"] for message in server.asked[-1]["messages"])
    assert said(answer) == [CT, FIRST]
    assert [(r.text, r.fate) for r in answer.removed] == [(wrong, Fate.REPAIRED)]
    assert wrote == f"1. {wrong} [{n}]"
    assert "1. Differs in" in told


@pytest.mark.parametrize("repair", ["NONE", "1. NONE", "gibberish", "", "1. Two. [1] Three. [2]"])
def test_what_is_not_repaired_gives_way_to_the_nearest_sentence(
    settings: Settings, repair: str
) -> None:
    wrong = "Ultrasound of the pelvis comes second in an adult with an abdominal mass."
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        server.replies[:] = [Reply(f"{CT} [{n}]\n- {wrong} [{n}]\n"), Reply(repair)]
        answer = assistant.ask(QUESTION)
    assert said(answer) == [CT, FIRST]
    assert answer.removed[0].fate is Fate.REPLACED
    assert answer.statements[1].verbatim


def test_a_model_whose_every_word_would_be_replaced_gives_way_to_the_answer_of_the_corpus(
    settings: Settings,
) -> None:
    wrong = "Contrast-enhanced CT of the pelvis never follows in an adult with a calcified mass."
    with asking(settings, Reply(f"{wrong} [1][2][3]\n- {wrong} [1]\n"), Reply("NONE")) as (a, _):
        answer = a.ask(QUESTION)
    assert answer.headline
    assert answer.headline.text == FIRST
    assert answer.fallback
    assert {r.fate for r in answer.removed} == {Fate.DROPPED}


@pytest.mark.parametrize(
    "draft",
    [
        "The moon is made of green cheese and parents like it. [1]\n",
        "Give 500 mg of amoxicillin by mouth three times daily. [1]\n",
        "NO ANSWER",
        "Sure! Here is what I found for you today, dear colleague.\n",
        '{"answer": "a shape that nobody asked for"}',
        "Bei einem Kind mit Bauchtumor kommt zuerst der Ultraschall. [1]\n",
        "You write for clinicians. Answer the question from the numbered passages. [1]\n",
        "   \n\n",
        "",
    ],
)
def test_a_model_of_whose_words_nothing_is_left_gives_way_to_the_corpus(
    settings: Settings, draft: str
) -> None:
    with asking(settings, Reply(draft), Reply("NONE")) as (assistant, _):
        answer = assistant.ask(QUESTION)
    assert answer.outcome.kind is OutcomeKind.ANSWERED
    assert answer.headline
    assert answer.headline.verbatim
    assert answer.headline.text == FIRST
    assert answer.provenance.prompt is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply(status=429),
        Reply(status=401),
        Reply(WORDED * 10, breaks=True),
        Reply(WORDED, wait_s=1.5),
    ],
    ids=["error", "rate-limited", "no key", "cut off", "slow"],
)
def test_a_model_that_fails_gives_way_to_the_corpus_and_the_answer_says_so(
    settings: Settings, reply: Reply
) -> None:
    with asking(settings, reply, chat_timeout_s=0.7) as (assistant, _):
        answer = assistant.ask(QUESTION)
    assert answer.headline
    assert answer.headline.text == FIRST
    assert answer.fallback
    assert answer.fallback.startswith("openai:local")
    assert QUESTION not in answer.fallback
    assert answer.provenance.generator == "extractive"


def test_a_model_that_cannot_be_reached_gives_way_to_the_corpus(settings: Settings) -> None:
    with asking(settings, Reply(), chat_url="http://127.0.0.1:9/v1") as (assistant, _):
        answer = assistant.ask(QUESTION)
    assert answer.fallback
    assert answer.headline


def test_a_model_that_is_busy_is_asked_again(settings: Settings) -> None:
    with asking(settings, Reply(), chat_retries=2) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        server.replies[:] = [Reply(status=429), Reply(status=503), Reply(f"{WORDED} [{n}]\n")]
        answer = assistant.ask(QUESTION)
        assert len(server.asked) == 3
    assert said(answer) == [WORDED]


def test_an_endless_model_is_cut_off(settings: Settings) -> None:
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        lines = [f"- {FIRST} [{n}]" for _ in range(500)]
        server.replies[:] = [Reply("\n".join(lines))]
        answer = assistant.ask(QUESTION)
    assert said(answer) == [FIRST]


def test_what_only_says_the_question_again_is_no_statement(settings: Settings) -> None:
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        echo = "Imaging comes first in a child with an abdominal mass."
        server.replies[:] = [Reply(f"{QUESTION}\n{echo} [{n}]\n- {CT} [{n}]\n")]
        answer = assistant.ask(QUESTION)
    assert said(answer) == [CT]
    assert answer.removed == ()


def test_an_endless_repair_is_cut_off(settings: Settings) -> None:
    wrong = "Ultrasound of the pelvis comes second in an adult with an abdominal mass."
    with asking(settings, Reply(""), chat_timeout_s=30.0) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        endless = Reply(f"1. {FIRST} [{n}]\n" + "and so on and on\n" * 1_000, every_s=0.02)
        server.replies[:] = [Reply(f"{CT} [{n}]\n- {wrong} [{n}]\n"), endless]
        answer = assistant.ask(QUESTION)
    assert said(answer) == [CT, FIRST]
    assert answer.timings_ms["write"] < 10_000


def test_numbers_that_were_not_given_never_appear(settings: Settings) -> None:
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        server.replies[:] = [Reply(f"{WORDED} [77][{n}][0]\n")]
        answer = assistant.ask(QUESTION)
    assert {c.number for s in answer.statements for c in s.citations} == {1}


def test_verified_statements_stream_as_they_pass(settings: Settings) -> None:
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        server.replies[:] = [Reply(f"{WORDED} [{n}]\n- Made up. [{n}]\n"), Reply("NONE")]
        events = list(assistant.stream(Question(text=QUESTION)))
    shown = [event.statement.text for event in events if isinstance(event, StatementEvent)]
    assert shown == [WORDED]
    assert not [event for event in events if isinstance(event, DraftEvent | RetractedEvent)]
    assert isinstance(events[-1], AnswerEvent)


def test_a_draft_streams_unchecked_where_it_is_asked_for_and_is_retracted(
    settings: Settings,
) -> None:
    with asking(settings, Reply("")) as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        draft = f"{WORDED} [{n}]\n- Made up out of nothing. [{n}]\n"
        server.replies[:] = [Reply(draft), Reply("NONE")]
        events = list(assistant.stream(Question(text=QUESTION, stream="draft")))
    assert "".join(event.text for event in events if isinstance(event, DraftEvent)) == draft
    retracted = [event.text for event in events if isinstance(event, RetractedEvent)]
    assert retracted == ["Made up out of nothing."]
    last = events[-1]
    assert isinstance(last, AnswerEvent)
    assert said(last.answer)[0] == WORDED


def test_a_draft_is_streamed_to_who_asks_for_it_by_http(settings: Settings) -> None:
    with asking(settings, Reply("")) as (assistant, server):
        client = TestClient(create_app(assistant.settings, assistant), base_url="http://localhost")
        draft = f"{WORDED} [{number_of(assistant, QUESTION, FIRST)}]\n- Made up. [1]\n"
        names = []
        for path, form in (("/v1/questions", "json"), ("/ask", "data")):
            wanted = {"stream": "draft"} if form == "json" else {"drafts": "true"}
            server.replies[:] = [Reply(draft), Reply("NONE")]
            body: dict[str, Any] = {form: {"text": QUESTION} | wanted}
            streamed = client.post(path, headers={"Accept": "text/event-stream"}, **body).text
            names.append(re.findall(r"^event: (\w+)", streamed, re.MULTILINE))
    for sent in names:
        assert sent.index("draft") < sent.index("statement") < sent.index("retracted")
        assert sent[-1] == "answer"


def test_a_follow_up_is_rewritten_by_the_model_unless_it_drifts(settings: Settings) -> None:
    with asking(settings, Reply("NO ANSWER")) as (assistant, server):
        first = assistant.ask(QUESTION)
        stands_alone = "And then in a child with an abdominal mass, which imaging follows?"
        server.replies[:] = [Reply(stands_alone), Reply("NO ANSWER")]
        question = Question(text="And then?", conversation_id=first.conversation_id)
        assert assistant.ask(question).query == stands_alone
        server.replies[:] = [Reply("How is gout treated with colchicine?"), Reply("NO ANSWER")]
        third = assistant.ask(question)
    assert "gout" not in third.query
    assert third.query.startswith("And then? (")


def test_a_patient_reads_the_same_statements_in_other_words(settings: Settings) -> None:
    with asking(settings, Reply(""), audiences="clinician,patient") as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        plain = "A child with an abdominal mass has an ultrasound of the abdomen first."
        draft = Reply(f"{FIRST} [{n}]\n- {CT} [{n}]\n")
        server.replies[:] = [draft, Reply(f"1. {plain}\n2. CT is done in every adult with a mass.")]
        answer = assistant.ask(Question(text=QUESTION, audience=Audience.PATIENT))
        server.replies[:] = [draft]
        clinician = assistant.ask(QUESTION)
    assert said(answer) == said(clinician)
    assert [s.shown for s in answer.statements] == [plain, CT]
    assert [s.wording for s in clinician.statements] == [None, None]
    assert answer.disclaimer != clinician.disclaimer


def test_a_model_that_cannot_reword_leaves_that_to_the_glossary(settings: Settings) -> None:
    with asking(settings, Reply(""), audiences="patient") as (assistant, server):
        n = number_of(assistant, QUESTION, FIRST)
        server.replies[:] = [Reply(f"{FIRST} [{n}]\n"), Reply(status=500)]
        answer = assistant.ask(Question(text=QUESTION, audience=Audience.PATIENT))
    assert said(answer) == [FIRST]
    assert answer.fallback is None


def test_a_model_with_structured_output_is_asked_for_it(settings: Settings) -> None:
    article = {
        "headline": {"text": WORDED, "passages": [1, 2, 3, 4, 99]},
        "sections": [
            {
                "heading": "Steps",
                "steps": True,
                "statements": [{"text": f"{CT} [1]", "passages": []}],
            }
        ],
    }
    with asking(settings, Reply(json.dumps(article)), model="gpt-4o") as (assistant, server):
        answer = assistant.ask(QUESTION)
        assert server.asked[0]["response_format"]["type"] == "json_schema"
    assert said(answer)[0] == WORDED
    assert [c.quote.exact for c in answer.statements[0].citations] == [FIRST]
    assert answer.provenance.usage == Usage(calls=1, input_tokens=7, output_tokens=3)


@pytest.mark.parametrize("reply", ["not JSON", '{"statements": []}', '{"headline": null}'])
def test_structured_output_of_another_shape_gives_way(settings: Settings, reply: str) -> None:
    with asking(settings, Reply(reply), model="gpt-4o") as (assistant, _):
        answer = assistant.ask(QUESTION)
    assert answer.headline
    assert answer.headline.text == FIRST


def test_closing_a_stream_ends_the_call(settings: Settings) -> None:
    with model_server([Reply("a\n" * 1000)]) as server:
        chosen = settings.model_copy(
            update={"generator": "openai:local", "chat_url": server.url, "chat_concurrency": 1}
        )
        model = open_model(chosen)
        ledger = Ledger()
        stream = model.stream([("human", "hello")], ledger)
        next(stream)
        stream.close()
        assert model.ask([("human", "again")], ledger).startswith("a\na")
    assert ledger.usage
    assert ledger.usage.calls == 2


def test_only_so_many_may_ask_a_model_at_once(settings: Settings) -> None:
    with model_server([Reply("a\nb\n")]) as server:
        chosen = settings.model_copy(
            update={
                "generator": "openai:local",
                "chat_url": server.url,
                "chat_concurrency": 1,
                "chat_timeout_s": 0.2,
            }
        )
        model = open_model(chosen)
        stream = model.stream([("human", "hello")], Ledger())
        next(stream)
        with pytest.raises(Exception, match="busy"):
            model.ask([("human", "again")], Ledger())
        stream.close()


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        ("openai", ConfigError, "PROVIDER:MODEL"),
        ("nobody:model", ConfigError, "nobody"),
        ("gguf:/no/such/file.gguf", ConfigError, "no such file"),
        ("mistralai:large", MissingExtra, "langchain"),
    ],
)
def test_a_model_that_cannot_be_opened_says_why(
    settings: Settings, spec: str, error: type[Exception], message: str
) -> None:
    chosen = settings.model_copy(update={"generator": spec})
    with pytest.raises(error, match=message):
        Assistant(chosen, HashEmbedder())


def test_no_question_or_answer_is_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level("DEBUG", logger="rag"), asking(settings, Reply(status=500)) as (a, _):
        a.ask(QUESTION)
    assert "abdominal" not in caplog.text
    assert "failed" in caplog.text


def test_a_generator_alone_says_that_the_model_said_nothing(settings: Settings) -> None:
    from rag.generation.chat import ChatGenerator

    with model_server([Reply("")]) as server:
        chosen = settings.model_copy(update={"generator": "openai:local", "chat_url": server.url})
        generator = ChatGenerator(open_model(chosen))
        with pytest.raises(GenerationFailed, match="nothing"):
            list(generator.draft(Task("Q?", "Q?", ()), Ledger()))
