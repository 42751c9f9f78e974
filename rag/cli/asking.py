"""`rag ask`, `rag chat` and `rag search`."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.answers import answer_blocks, passage_blocks
from rag.cli.terminal import Terminal, show_json
from rag.errors import InvalidQuestion
from rag.types import Audience, Filter, Kind, Question

if TYPE_CHECKING:
    from rag.assistant import Assistant

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Conversation = Annotated[
    str | None, typer.Option("-c", "--conversation", metavar="ID", help="Follow up in this one.")
]
For = Annotated[
    Audience | None,
    typer.Option("--audience", metavar="NAME", help="Worded for: clinician, trainee or patient."),
]
Issuers = Annotated[
    list[str] | None,
    typer.Option("--issuer", metavar="NAME", help="Only this publisher's or folder's; repeatable."),
]
Kinds = Annotated[
    list[Kind] | None,
    typer.Option("--kind", metavar="KIND", help="Only guideline, research or label; repeatable."),
]
Specialties = Annotated[
    list[str] | None, typer.Option("--specialty", metavar="NAME", help="Only this one; repeatable.")
]
Population = Annotated[
    str | None, typer.Option("--population", metavar="TEXT", help="Only where it has these words.")
]
FirstYear = Annotated[int | None, typer.Option("--from", metavar="YEAR", help="Published since.")]
LastYear = Annotated[int | None, typer.Option("--to", metavar="YEAR", help="Published until.")]
Superseded = Annotated[
    bool, typer.Option("--include-superseded", help="Search superseded guidelines too.")
]

HELP = "Ask a question in a line; /new begins another conversation, /quit ends."


def ask(  # noqa: PLR0913  one per option
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In plain words.")],
    *,
    conversation: Conversation = None,
    query: Annotated[
        str | None, typer.Option("--query", metavar="TEXT", help="Search for this instead.")
    ] = None,
    audience: For = None,
    issuers: Issuers = None,
    kinds: Kinds = None,
    specialties: Specialties = None,
    population: Population = None,
    published_from: FirstYear = None,
    published_to: LastYear = None,
    include_superseded: Superseded = False,
    as_json: Json = False,
) -> None:
    """Answer a question, or follow up on one.

    \b
    rag ask "Would you biopsy first?" -c c-0123456789abcdef
    """
    terminal: Terminal = context.obj
    asked = Question(
        text=question,
        conversation_id=conversation,
        query=query,
        filter=_filter(context),
        audience=audience,
    )
    with terminal.err.status("Reading the guidelines"), terminal.open_assistant() as assistant:
        answer = assistant.ask(asked)
    if as_json:
        show_json(answer)
    else:
        terminal.show(answer_blocks(answer))


def chat(context: typer.Context, conversation: Conversation = None, audience: For = None) -> None:
    """Ask and follow up, line by line.

    \b
    rag chat
    """
    from rag.asking import chosen

    terminal: Terminal = context.obj
    with terminal.open_assistant() as assistant:
        audience = audience and chosen(audience, assistant.settings.offered)
        if sys.stdin.isatty():
            terminal.say(HELP)
        for line in _lines(terminal):
            if line == "/new":
                conversation = None
            else:
                asked = Question(text=line, conversation_id=conversation, audience=audience)
                conversation = _reply(terminal, assistant, asked)
    if conversation:
        terminal.say(f"To go on with this conversation: rag chat -c {conversation}")


def search(  # noqa: PLR0913  one per option
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to search for.")],
    *,
    k: Annotated[
        int, typer.Option("-k", metavar="N", min=1, max=100, help="How many passages.")
    ] = 5,
    issuers: Issuers = None,
    kinds: Kinds = None,
    specialties: Specialties = None,
    population: Population = None,
    published_from: FirstYear = None,
    published_to: LastYear = None,
    include_superseded: Superseded = False,
    as_json: Json = False,
) -> None:
    """List the passages found for a text.

    \b
    rag search "calcified flank mass" -k 3
    """
    terminal: Terminal = context.obj
    with terminal.open_assistant() as assistant:
        passages = assistant.search(query, _filter(context), k)
    if as_json:
        show_json(passages)
    else:
        terminal.show(passage_blocks(passages))


def _filter(context: typer.Context) -> Filter:
    """The options that are named as the fields of a Filter."""
    given = {name: value for name, value in context.params.items() if name in Filter.model_fields}
    return Filter.model_validate({name: value for name, value in given.items() if value})


def _lines(terminal: Terminal) -> Iterator[str]:
    """What is typed, or what stdin holds, until /quit or the end."""
    while (line := _read(terminal)) is not None:
        if line == "/quit":
            return
        if line:
            yield line


def _read(terminal: Terminal) -> str | None:
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.strip() if line else None
    with suppress(ImportError):
        import readline  # noqa: F401  gives input() a line editor
    try:
        terminal.err.print("› ", end="", style="bold")
        return input().strip()
    except EOFError:
        return None


def _reply(terminal: Terminal, assistant: "Assistant", question: Question) -> str | None:
    """Answer one line; a question that cannot be used does not end the conversation."""
    try:
        answer = assistant.ask(question)
    except InvalidQuestion as error:
        terminal.say(f"error: {error}")
        return question.conversation_id
    terminal.show(answer_blocks(answer, hint=False))
    terminal.out.rule(style="dim")
    return answer.conversation_id
