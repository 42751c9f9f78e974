"""Where output goes and how it is set: data to stdout, progress to stderr, nothing but text."""

import logging
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import typer
from pydantic_core import to_json
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.settings import Settings

WIDEST, NARROWEST = 100, 40
"""Columns; longer lines are hard to read."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Standard output, standard error, and the assistant that commands are for."""

    out: Console
    err: Console
    open_assistant: Callable[[], "Assistant"]

    @classmethod
    def standard(cls, open_assistant: Callable[[], "Assistant"], no_color: bool = False) -> Self:
        """As wide as the terminal within reason; colour only where a person reads it."""
        columns = shutil.get_terminal_size((WIDEST, 24)).columns
        width = max(NARROWEST, min(WIDEST, columns))

        def console(stderr: bool) -> Console:
            return Console(
                stderr=stderr,
                width=width,
                no_color=no_color or None,
                highlight=False,
                markup=False,
                emoji=False,
            )

        return cls(console(stderr=False), console(stderr=True), open_assistant)

    def show(self, blocks: Iterable[RenderableType]) -> None:
        """Print blocks one under the other; words too long for a line stay whole."""
        for block in blocks:
            self.out.print(block, no_wrap=True, overflow="ignore", crop=False)

    def say(self, text: str) -> None:
        """Tell the person at the terminal, on stderr."""
        self.err.print(printable(text), soft_wrap=True)

    def progress(self) -> Progress:
        """A bar on stderr that leaves nothing behind; silent where stderr is no terminal."""
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeRemainingColumn(),
            console=self.err,
            transient=True,
            disable=not self.err.is_terminal,
        )


@dataclass(frozen=True, slots=True)
class Hanging:
    """Text wrapped beside a mark: a bullet, a number, or blanks."""

    mark: str
    body: Text
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The mark before the first line, as many blanks before the others."""
        indent = len(self.mark)
        lines = self.body.wrap(console, options.max_width - indent)
        for row, line in enumerate(lines):
            line.rstrip()
            start = Text(self.mark, self.style) if row == 0 else Text(" " * indent)
            yield start + line


def open_settings(**overrides: Any) -> "Settings":
    """The settings; sets up logging, quiet unless RAG_LOG_LEVEL asks for more."""
    from rag.settings import Settings

    settings = Settings.load(**overrides)
    asked_for = "log_level" in settings.model_fields_set
    logging.basicConfig(
        level=settings.log_level if asked_for else "WARNING", format="%(levelname)s: %(message)s"
    )
    return settings


def open_assistant() -> "Assistant":
    """The assistant that the settings describe."""
    from rag.assistant import Assistant

    return Assistant(open_settings())


def show_json(value: Any) -> None:
    """Print values as JSON on stdout."""
    typer.echo(to_json(value, indent=2).decode())


def printable(text: str) -> str:
    """The text without control characters, which could steer a terminal."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return "".join(kept)


def one_line(text: str) -> str:
    """Printable text with every run of white space as one blank."""
    return " ".join(printable(text).split())


def counted(count: int, noun: str) -> str:
    """`1 fault`, `2 faults`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
