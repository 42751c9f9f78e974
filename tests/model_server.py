"""A server on this machine that answers as an OpenAI-compatible chat model is told to."""

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
    """What one request is answered with; `breaks` ends the connection in the middle."""

    text: str = ""
    status: int = 200
    wait_s: float = 0.0
    breaks: bool = False


@dataclass(slots=True)
class ModelServer:
    """The address, the replies still to give, and what was asked so far."""

    url: str
    replies: list[Reply]
    asked: list[dict[str, Any]] = field(default_factory=list)


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
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, reply: Reply, asked: dict[str, Any]) -> None:
        if reply.status != OK:
            return self._send(reply.status, "application/json", b'{"error": {"message": "no"}}')
        usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        if not asked.get("stream"):
            message = {"role": "assistant", "content": reply.text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            whole = {"id": "1", "object": "chat.completion", "model": "m", "choices": [choice]}
            return self._send(
                200, "application/json", json.dumps(whole | {"usage": usage}).encode()
            )
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        half = len(reply.text) // 2
        for part in (reply.text[:half], reply.text[half:]):
            if part:
                self._event({"index": 0, "delta": {"role": "assistant", "content": part}})
            if reply.breaks:
                self.close_connection = True
                return None
        self._event({"index": 0, "delta": {}, "finish_reason": "stop"})
        if asked.get("stream_options", {}).get("include_usage"):
            self._event(usage=usage)
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")
        return None

    def _event(self, *choices: dict[str, Any], usage: dict[str, int] | None = None) -> None:
        chunk: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "model": "m"}
        chunk |= {"choices": choices, "usage": usage}
        self._chunk(f"data: {json.dumps(chunk)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
