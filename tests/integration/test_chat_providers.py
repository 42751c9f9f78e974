"""Each provider as it speaks over HTTP: its words, its tokens, its limits."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from rag.assistant import Assistant
from rag.errors import BackendUnavailable
from rag.generation import Ledger
from rag.generation.model import LONGEST_ANSWER_TOKENS, ChatModel, open_model
from rag.settings import Settings
from rag.types import Usage
from tests.browser.servers import running
from tests.fakes import HashEmbedder
from tests.model_server import READ, WRITTEN, ModelServer, Reply, model_server

PROVIDERS = ("openai", "ollama", "anthropic")
SAID = "Ultrasound comes first. [1]\n"
HELLO = [("human", "hello")]

# the clients of LangChain's classes have no close: their sockets end when they are collected
pytestmark = pytest.mark.filterwarnings("ignore:.*socket:pytest.PytestUnraisableExceptionWarning")


@contextmanager
def modelled(
    settings: Settings, provider: str, *replies: Reply, **more: object
) -> Iterator[tuple[ChatModel, ModelServer]]:
    with model_server(replies) as server:
        url = server.url if provider == "openai" else server.url.removesuffix("/v1")
        chosen = settings.model_copy(
            update={"generator": f"{provider}:m", "chat_url": url, "chat_retries": 0, **more}
        )
        yield open_model(chosen), server


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for provider in PROVIDERS:
        monkeypatch.setenv(f"{provider.upper()}_API_KEY", "none")
    yield
    gc.collect()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_is_heard_and_its_tokens_are_counted(
    settings: Settings, provider: str
) -> None:
    ledger = Ledger()
    with modelled(settings, provider, Reply(SAID)) as (model, _):
        assert model.ask(HELLO, ledger) == SAID
        model.ask(HELLO, ledger)
    assert ledger.usage == Usage(calls=2, input_tokens=2 * READ, output_tokens=2 * WRITTEN)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_tokens_cost_what_the_prices_say(settings: Settings, provider: str) -> None:
    ledger = Ledger()
    prices = {"chat_input_price": 3.0, "chat_output_price": 15.0}
    with modelled(settings, provider, Reply(SAID), **prices) as (model, _):
        model.ask(HELLO, ledger)
        model.ask(HELLO, ledger)
    assert ledger.usage
    assert ledger.usage.cost == pytest.approx(2 * (READ * 3 + WRITTEN * 15) / 1_000_000)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_provider_may_be_slower_than_the_limit(settings: Settings, provider: str) -> None:
    with modelled(settings, provider, Reply(SAID, wait_s=2), chat_timeout_s=0.3) as (model, _):
        began = time.monotonic()
        with pytest.raises(BackendUnavailable, match="does not answer"):
            model.ask(HELLO, Ledger())
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_is_asked_again_when_it_is_busy(settings: Settings, provider: str) -> None:
    replies = (Reply(status=429), Reply(status=503), Reply(SAID))
    with modelled(settings, provider, *replies, chat_retries=2) as (model, server):
        began = time.monotonic()
        assert model.ask(HELLO, Ledger()) == SAID
        assert len(server.asked) == 3
        assert time.monotonic() - began > 0.1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_is_told_how_long_an_answer_may_be(settings: Settings, provider: str) -> None:
    with modelled(settings, provider, Reply(SAID)) as (model, server):
        model.ask(HELLO, Ledger())
    asked = server.asked[0]
    limits = {**asked, **asked.get("options", {})}
    names = ("max_completion_tokens", "max_tokens", "num_predict")
    assert [limits[name] for name in names if name in limits] == [LONGEST_ANSWER_TOKENS]


def test_a_key_that_is_refused_is_not_tried_again(settings: Settings) -> None:
    with modelled(settings, "openai", Reply(status=401), chat_retries=3) as (model, server):
        with pytest.raises(BackendUnavailable, match="refuses the key"):
            model.ask(HELLO, Ledger())
        assert len(server.asked) == 1


LINES = "".join(f"- {n} is made up. [1]\n" for n in range(600))


def until(what: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.02)
    return what()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_reader_who_stops_ends_the_call_and_gives_the_turn_to_the_next(
    settings: Settings, provider: str
) -> None:
    reply = Reply(LINES, every_s=0.02)
    with modelled(settings, provider, reply, chat_concurrency=1) as (model, server):
        stream = model.stream(HELLO, Ledger())
        next(stream)
        stream.close()
        server.replies[:] = [Reply(SAID)]
        assert model.ask(HELLO, Ledger()) == SAID
        assert until(lambda: server.left == 1)


def test_waiting_for_a_turn_takes_nothing_off_the_time_for_the_answer(settings: Settings) -> None:
    reply = Reply(SAID * 10, every_s=0.2)
    limits = {"chat_concurrency": 1, "chat_timeout_s": 3.5}
    with (
        modelled(settings, "openai", reply, **limits) as (model, _),
        ThreadPoolExecutor(2) as threads,
    ):
        heard = list(threads.map(lambda _: model.ask(HELLO, Ledger()), range(2)))
    assert heard == [SAID * 10, SAID * 10]


def test_a_caller_who_goes_away_ends_the_call_of_the_model(settings: Settings) -> None:
    with model_server([Reply(LINES, every_s=0.02)]) as server:
        chosen = settings.model_copy(
            update={"generator": "openai:m", "chat_url": server.url, "chat_concurrency": 1}
        )
        with Assistant(chosen, HashEmbedder()) as assistant, running(chosen, assistant) as address:
            assistant.refresh()
            asking = {"text": "Which imaging comes first in a child?", "stream": "draft"}
            wanted = {"Accept": "text/event-stream"}
            with httpx.stream(
                "POST", f"{address}/v1/questions", json=asking, headers=wanted, timeout=20
            ) as answer:
                assert any("event: draft" in line for line in answer.iter_lines())
            assert until(lambda: server.left == 1)
