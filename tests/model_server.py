"""A server on this machine that answers as a chat model is told to.

It speaks as OpenAI, Ollama and Anthropic do, by the path that is asked.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request is answered with.

    `wait_s` passes before the first word and `every_s` before each line; `breaks` ends the
    connection in the middle.
    """

    text: str = ""
    status: int = 200
    wait_s: float = 0.0
    every_s: float = 0.0
    breaks: bool = False


@dataclass(slots=True)
class ModelServer:
    """The address, the replies still to give, what was asked, and how many callers went away."""

    url: str
    replies: list[Reply]
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0


@contextmanager
def model_server(replies: Sequence[Reply]) -> Iterator[ModelServer]:
    """Serve the replies in order; the last is given again and again."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    state = ModelServer(f"http://127.0.0.1:{server.server_port}/v1", list(replies))
    server.state = state  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


OK = 200
READ, WRITTEN = 7, 3
"""Tokens that every answer tells."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        state: ModelServer = self.server.state  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        state.asked.append(body)
        reply = state.replies.pop(0) if len(state.replies) > 1 else state.replies[0]
        time.sleep(reply.wait_s)
        try:
            self._answer(reply, body)
        except (BrokenPipeError, ConnectionResetError):
            state.left += 1
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, reply: Reply, asked: dict[str, Any]) -> None:
        if reply.status != OK:
            self._send(reply.status, b'{"error": {"message": "no"}}')
        elif self.path.endswith("/api/chat"):
            self._stream("application/x-ndjson", _as_ollama(_pieces(reply)), reply)
        elif self.path.endswith("/messages"):
            self._stream("text/event-stream", _as_anthropic(_pieces(reply)), reply)
        elif asked.get("stream"):
            told = asked.get("stream_options", {}).get("include_usage")
            self._stream("text/event-stream", _as_openai(_pieces(reply), told), reply)
        else:
            self._send(OK, json.dumps(_completion(reply.text)).encode())

    def _stream(self, kind: str, pieces: Iterator[str], reply: Reply) -> None:
        self.send_response(OK)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            self._chunk(piece.encode())
            time.sleep(reply.every_s)
            if reply.breaks:
                self.close_connection = True
                return
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _pieces(reply: Reply) -> list[str]:
    """Lines where time passes between them, else two halves, so that words are cut in two."""
    if reply.every_s:
        return reply.text.splitlines(keepends=True)
    half = len(reply.text) // 2
    return [part for part in (reply.text[:half], reply.text[half:]) if part]


def _completion(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    whole = {"id": "1", "object": "chat.completion", "model": "m", "choices": [choice]}
    return whole | {"usage": _usage()}


def _usage() -> dict[str, int]:
    return {
        "prompt_tokens": READ,
        "completion_tokens": WRITTEN,
        "total_tokens": READ + WRITTEN,
    }


def _as_openai(pieces: Sequence[str], told: bool) -> Iterator[str]:
    def event(*choices: dict[str, Any], usage: dict[str, int] | None = None) -> str:
        chunk: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "model": "m"}
        return f"data: {json.dumps(chunk | {'choices': choices, 'usage': usage})}\n\n"

    for piece in pieces:
        yield event({"index": 0, "delta": {"role": "assistant", "content": piece}})
    yield event({"index": 0, "delta": {}, "finish_reason": "stop"})
    if told:
        yield event(usage=_usage())
    yield "data: [DONE]\n\n"


def _as_ollama(pieces: Sequence[str]) -> Iterator[str]:
    made = {"model": "m", "created_at": "2026-01-01T00:00:00Z"}
    for piece in pieces:
        said = {"message": {"role": "assistant", "content": piece}, "done": False}
        yield json.dumps(made | said) + "\n"
    end = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
    yield json.dumps(made | end | {"prompt_eval_count": READ, "eval_count": WRITTEN}) + "\n"


def _as_anthropic(pieces: Sequence[str]) -> Iterator[str]:
    used = {"input_tokens": READ, "output_tokens": WRITTEN}
    message: dict[str, Any] = {
        "id": "1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": used,
    }
    ended = {"stop_reason": "end_turn", "stop_sequence": None}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": t}}
            for t in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ended, "usage": used},
        {"type": "message_stop"},
    ]
    for event in events:
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
