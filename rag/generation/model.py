"""Any chat model behind LangChain: time, retries, turns and tokens; foreign errors to ours."""

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from rag.errors import BackendUnavailable, ConfigError, GenerationFailed, MissingExtra
from rag.generation import Ledger
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

    from rag.generation.llama import LlamaServer

logger = logging.getLogger(__name__)

Message = tuple[str, str]
Schema = TypeVar("Schema", bound=BaseModel)
EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama"}
"""Extras of this project that bring a provider; others are installed as LangChain says."""

LONGEST_ANSWER_TOKENS = 800
CONTEXT_TOKENS = 8_192
PRICED_TOKENS = 1_000_000
TRY_AGAIN = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))


class Unready(BackendUnavailable):
    """The model cannot answer now, and may in a moment."""


class ChatModel:
    """A chat model with limits on time, retries and callers at once; safe to share by threads."""

    def __init__(
        self,
        name: str,
        chat: "BaseChatModel",
        settings: Settings,
        server: "LlamaServer | None" = None,
    ) -> None:
        self.name = name
        self._chat = chat
        self._server = server
        self._timeout_s = settings.chat_timeout_s
        self._attempts = 1 + settings.chat_retries
        self._turns = BoundedSemaphore(settings.chat_concurrency)
        self._prices = (settings.chat_input_price, settings.chat_output_price)
        profile = getattr(chat, "profile", None) or {}
        self.is_structured = bool(profile.get("structured_output"))

    def stream(self, messages: Sequence[Message], ledger: Ledger) -> Generator[str, None, None]:
        """The answer as it comes. Raises BackendUnavailable, GenerationFailed (cut off, too slow).

        Retried until the first words have come, never after. Closing the iterator ends the call.
        """
        with self._turn():
            deadline = time.monotonic() + self._timeout_s
            chunks, chunk = self._begun(messages)
            tokens = (0, 0)
            try:
                while chunk is not None:
                    tokens = _added(tokens, chunk)
                    if text := str(chunk.text):
                        yield text
                    if time.monotonic() > deadline:
                        raise GenerationFailed(f"the model took longer than {self._timeout_s:g} s")
                    with _mapped(self.name):
                        chunk = next(chunks, None)
            except BackendUnavailable as error:
                raise GenerationFailed(f"the model broke off: {error}") from error
            finally:
                self._note(tokens, ledger)
                if close := getattr(chunks, "close", None):
                    close()

    def ask(self, messages: Sequence[Message], ledger: Ledger) -> str:
        """The whole answer; raises what `stream` raises."""
        return "".join(self.stream(messages, ledger))

    def structured(
        self, messages: Sequence[Message], schema: type[Schema], ledger: Ledger
    ) -> Schema | None:
        """The answer as a value, or None when the model gave another shape."""
        asked = self._chat.with_structured_output(schema, method="json_schema", include_raw=True)
        with self._turn():
            found: Any = self._tried(lambda: asked.invoke(list(messages)))
        self._note(_added((0, 0), found["raw"]), ledger)
        parsed = found["parsed"]
        return parsed if isinstance(parsed, schema) else None

    def close(self) -> None:
        """Stop the server of a local model, if there is one."""
        if self._server is not None:
            self._server.close()

    def _note(self, tokens: tuple[int, int], ledger: Ledger) -> None:
        prices = self._prices
        cost = sum(n * price for n, price in zip(tokens, prices, strict=True)) / PRICED_TOKENS
        ledger.add(*tokens, cost if any(prices) else None)

    def _begun(
        self, messages: Sequence[Message]
    ) -> tuple[Iterator["AIMessage"], "AIMessage | None"]:
        def begin() -> tuple[Iterator[Any], Any]:
            chunks = iter(self._chat.stream(list(messages)))
            return chunks, next(chunks, None)

        begun: tuple[Iterator[Any], Any] = self._tried(begin)
        return begun

    def _tried(self, call: Any) -> Any:
        """What a call gives, tried again with growing pauses while the model is not ready."""
        import stamina

        for attempt in stamina.retry_context(
            on=Unready, attempts=self._attempts, timeout=self._timeout_s, wait_initial=0.5
        ):
            with attempt, _mapped(self.name):
                return call()
        raise AssertionError("an attempt returns or raises")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._timeout_s):
            raise BackendUnavailable(f"{self.name} is busy with other questions: try again later")
        try:
            yield
        finally:
            self._turns.release()


def open_model(settings: Settings) -> ChatModel:
    """The model of the setting `generator`; raises ConfigError, MissingExtra."""
    provider, _, name = settings.generator.partition(":")
    server: LlamaServer | None = None
    options: dict[str, Any] = {}
    if provider == "gguf":
        from rag.generation.llama import LlamaServer as Server

        server = Server(name, settings.threads)
        provider, options = "openai", {"base_url": server.url, "api_key": server.key}
        name = server.model
    elif settings.chat_url:
        options = {"base_url": settings.chat_url}
    if provider == "openai":
        options["stream_usage"] = True
    return ChatModel(
        settings.generator, _opened(provider, name, settings, options), settings, server
    )


def _opened(
    provider: str, name: str, settings: Settings, options: dict[str, Any]
) -> "BaseChatModel":
    extra = EXTRAS.get(provider, "openai")
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise MissingExtra("langchain", extra) from error
    try:
        chat: BaseChatModel = init_chat_model(
            name,
            model_provider=provider,
            temperature=0,
            **_limits(provider, settings.chat_timeout_s),
            **options,
        )
    except ImportError as error:
        raise MissingExtra(f"langchain-{provider}", extra) from error
    except Exception as error:  # each provider has its own errors for keys and names
        raise ConfigError(
            f"generator (RAG_GENERATOR) is {settings.generator!r}: {_first_line(error)}"
        ) from error
    return chat


def _limits(provider: str, timeout_s: float) -> dict[str, Any]:
    """Time, length and no retries but ours, as a provider's class calls them.

    Ollama's ignores the usual names, and its server cuts the beginning off a prompt that is longer
    than the context it was told.
    """
    if provider == "ollama":
        return {
            "client_kwargs": {"timeout": timeout_s},
            "num_predict": LONGEST_ANSWER_TOKENS,
            "num_ctx": CONTEXT_TOKENS,
        }
    return {"timeout": timeout_s, "max_retries": 0, "max_tokens": LONGEST_ANSWER_TOKENS}


@contextmanager
def _mapped(name: str) -> Iterator[None]:
    """Errors of any provider to ours: they share no class, but status codes and class names."""
    try:
        yield
    except Exception as error:
        status = getattr(error, "status_code", None)
        kinds = " ".join(cls.__name__ for cls in type(error).__mro__)
        if status in TRY_AGAIN or (status is None and ("Timeout" in kinds or "Connect" in kinds)):
            raise Unready(f"{name} does not answer ({type(error).__name__})") from error
        if status in {401, 403}:
            raise BackendUnavailable(f"{name} refuses the key it was given") from error
        raise BackendUnavailable(f"{name}: {type(error).__name__}") from error


def _added(tokens: tuple[int, int], message: "AIMessage") -> tuple[int, int]:
    usage = message.usage_metadata
    if usage is None:
        return tokens
    return tokens[0] + usage["input_tokens"], tokens[1] + usage["output_tokens"]


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0][:200]
