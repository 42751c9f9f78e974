"""The command line and the server as a user starts them: time from cold, and memory."""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from eval.speed.machine import memory
from eval.speed.measured import Measured, NotMeasured
from eval.speed.talks import Talk
from rag.settings import Settings

PASSED_ON = (
    "corpus",
    "indexes",
    "database",
    "models",
    "embedder",
    "index",
    "generator",
    "top_k",
    "threads",
)
"""Settings that decide what is measured."""

COLD_RUNS = 5
SERVED = 50
"""Questions after which the memory of the server is read."""

READY_S, ANSWER_S, COMMAND_S, END_S = 300, 60, 600, 10
POLL_S = 0.02
TORCH = re.compile(r"\| +torch(?:\.\S+)?$", re.M)
Command = Callable[[int], Sequence[str]]
"""The command line that serves on a port."""

RAG = (sys.executable, "-m", "rag")


def cold(settings: Settings, question: str) -> Measured:
    """`rag ask` and an unchanged `rag refresh`, each a process of its own on an index built."""
    ask = [*RAG, "ask", question, "--json"]
    asked = [finished(ask, settings)[0] for _ in range(COLD_RUNS)]
    refreshed = [finished([*RAG, "refresh"], settings)[0] for _ in range(COLD_RUNS)]
    _, told = finished([sys.executable, "-X", "importtime", *ask[1:]], settings)
    return Measured(
        {
            "cold ask s": statistics.median(asked),
            "cold refresh unchanged s": statistics.median(refreshed),
            "cold ask torch modules": float(torch_modules(told)),
        },
        {"cold ask s": asked, "cold refresh unchanged s": refreshed},
    )


def torch_modules(told: str) -> int:
    """How many of the modules that `python -X importtime` tells of are torch's."""
    return len(TORCH.findall(told))


def finished(command: Sequence[str], settings: Settings) -> tuple[float, str]:
    """The seconds of a command and what it wrote to stderr; raises NotMeasured when it failed."""
    started = time.perf_counter()
    try:
        done = subprocess.run(  # noqa: S603  our own command
            command,
            env=environment(settings),
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotMeasured(f"{command[0]}: {error}") from error
    spent = time.perf_counter() - started
    if done.returncode:
        raise NotMeasured(
            f"{' '.join(command[1:4])}: exit {done.returncode}: {last_line(done.stderr)}"
        )
    return spent, done.stderr


def rag_serve(port: int) -> Sequence[str]:
    """The command that serves on a port of this machine."""
    return [*RAG, "serve", "--host", "127.0.0.1", "--port", str(port)]


def served(
    settings: Settings, talks: Sequence[Talk], log: Path, command: Command = rag_serve
) -> Measured:
    """`rag serve` until it is ready, through SERVED questions, and what it holds then."""
    port = free_port()
    with serving(command(port), settings, log) as process:
        started = time.perf_counter()
        wait_until_ready(process, port, log)
        ready = time.perf_counter() - started
        fresh = memory(process.pid)
        times = list(_asked(port, talks))
        held = memory(process.pid)
    return Measured(
        {
            "serve ready s": ready,
            "serve RSS MB": held.rss_mb,
            "serve peak MB": held.peak_mb,
            "serve answer/p50 ms": float(np.percentile(times, 50)),
        },
        {"questions": len(times), "RSS when ready MB": fresh.rss_mb, "answers ms": times},
    )


@contextmanager
def serving(
    command: Sequence[str], settings: Settings, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that is stopped in the end, whatever happens; its words go to a file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603  our own command
            command, env=environment(settings), stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when `/readyz` says so; raises NotMeasured when the server cannot be made ready."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = log.read_text("utf-8", errors="replace")
            raise NotMeasured(f"the server ended with {process.returncode}: {last_line(said)}")
        with suppress(OSError):
            status, body = request(port, "GET", "/readyz")
            if status == http.HTTPStatus.OK:
                return
            raise NotMeasured(f"/readyz answered {status}: {last_line(body.decode())}")
        time.sleep(POLL_S)
    raise NotMeasured(f"the server was not ready after {READY_S} s")


def request(
    port: int, method: str, path: str, body: Mapping[str, Any] | None = None
) -> tuple[int, bytes]:
    """The status and the body of a response of this machine's server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        text = json.dumps(body) if body is not None else None
        connection.request(method, path, text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a process finds what `settings` name, and no setting of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    given = {name: getattr(settings, name) for name in PASSED_ON}
    named = {f"RAG_{n.upper()}": str(value) for n, value in given.items() if value is not None}
    return {**kept, **named, "NO_COLOR": "1"}


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _asked(port: int, talks: Sequence[Talk]) -> Iterator[float]:
    """The milliseconds of SERVED answers over HTTP, questions and follow-ups in turn."""
    for talk in talks[: SERVED // 2]:
        path = "/v1/questions"
        for text in (talk.question, talk.follow_up):
            started = time.perf_counter()
            status, body = request(port, "POST", path, {"text": text})
            yield 1000 * (time.perf_counter() - started)
            if status >= http.HTTPStatus.BAD_REQUEST:
                raise NotMeasured(f"{path} answered {status}: {last_line(body.decode())}")
            path = f"/v1/conversations/{json.loads(body)['conversation_id']}/questions"


def last_line(said: str) -> str:
    """The last line of what a command said."""
    lines = said.strip().splitlines()
    return lines[-1] if lines else "nothing was said"
