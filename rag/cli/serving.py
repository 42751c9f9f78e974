"""`rag serve` and `rag doctor`."""

from ipaddress import ip_address
from typing import Annotated

import typer
from rich.text import Text

from rag.cli.asking import Json
from rag.cli.terminal import Hanging, Terminal, one_line, open_settings, show_json

STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="By default RAG_HOST, 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="PORT", help="By default RAG_PORT, 8000.")
    ] = None,
) -> None:
    """Serve the API and the page.

    \b
    rag serve --port 8080
    """
    import uvicorn

    from rag.api import create_app

    given = {"host": host, "port": port}
    settings = open_settings(**{k: v for k, v in given.items() if v is not None})
    terminal: Terminal = context.obj
    if not _is_local(settings.host):
        terminal.say(
            f"warning: {settings.host} can be reached from other machines, and there is no "
            "authentication yet: whoever reaches it can ask, read answers and refresh"
        )
    # An access log would hold paths and queries, and a query can hold a question.
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,
    )


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check this installation; say how to mend it.

    Exits with 1 when it cannot work.

    \b
    rag doctor
    """
    from rag.cli.checks import examine

    checks = examine(open_settings())
    if as_json:
        show_json([check._asdict() for check in checks])
    else:
        terminal: Terminal = context.obj
        for check in checks:
            advice = f": {check.advice}" if check.advice else ""
            body = Text(one_line(f"{check.name}: {check.found}{advice}"))
            terminal.show([Hanging(f"{check.state:<5} ", body, STYLES[check.state])])
    raise typer.Exit(1 if any(check.state == "fail" for check in checks) else 0)


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
