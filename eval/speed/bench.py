"""Where measurements are made: one assistant is open at a time, and warm."""

from contextlib import ExitStack
from dataclasses import dataclass, field

from eval.speed import talks
from eval.speed.homes import Home
from eval.suites import Options
from rag.assistant import Assistant
from rag.embedding import Embedder, open_embedder


@dataclass(slots=True)
class Bench:
    """Opens assistants over homes; close it in the end."""

    options: Options
    _opened: ExitStack = field(default_factory=ExitStack)
    _over: Home | None = None
    _assistant: Assistant | None = None

    def embedder(self) -> Embedder:
        """The embedder that was given, or a new one of the settings."""
        settings = self.options.settings
        return self.options.embedder or open_embedder(
            settings.embedder, settings.models_folder, settings.threads
        )

    def assistant(self, where: Home) -> Assistant:
        """An assistant over an index that is built, with its first questions behind it."""
        if self._assistant is None or self._over != where:
            self.close()
            assistant = Assistant(where.settings, self.options.embedder, self.options.generator)
            self._opened.enter_context(assistant)
            talks.warm_up(assistant)
            self._assistant, self._over = assistant, where
        return self._assistant

    def close(self) -> None:
        """Close the assistant that is open."""
        self._opened.close()
        self._assistant = self._over = None
