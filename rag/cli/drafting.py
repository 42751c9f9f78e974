"""`rag new`: a summary to be filled in."""

from typing import Annotated

import typer

from rag.cli.terminal import Terminal, open_settings
from rag.errors import BackendUnavailable, Conflict

TEMPLATE = """---
title:
issuer:
kind: guideline
published:
jurisdiction:
population:
setting:
specialty:
doi:
url:
questions:
  -
---
# CONDITION in POPULATION

## Recommendations: TOPIC

- STATEMENT {SYSTEM: GRADE}

## Steps: SITUATION

1. STEP

## Dosing: DRUG

- DRUG AMOUNT ROUTE INTERVAL

## Differential

- STATEMENT

## Rationale

SENTENCE

## Monitoring

- STATEMENT

## Caveats

- STATEMENT
- The summary of NAME is educational and no clinician has reviewed it; doses and thresholds need checking in the guideline.

## Plain language

SENTENCE
"""  # noqa: E501  one statement is one line
"""Every word in capitals is to be replaced; `rag lint` names those that are left."""


def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ISSUER/SLUG", help="As acr/low-back-pain-2021.")],
) -> None:
    """Write a template of a summary into the corpus.

    \b
    rag new acr/low-back-pain-2021
    """
    from rag.corpus import ID

    if not ID.fullmatch(name):
        raise typer.BadParameter(
            f"{name!r} is not ISSUER/SLUG, each of a-z, 0-9 and hyphens, as acr/low-back-pain-2021"
        )
    path = open_settings().corpus / f"{name}.md"
    if path.exists():
        raise Conflict(f"{path} is there already: choose another name, or edit it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except OSError as error:
        raise BackendUnavailable(f"{path} cannot be written: {error.strerror}") from error
    typer.echo(path)
    terminal: Terminal = context.obj
    terminal.say("Fill it in, then `rag lint`.")
