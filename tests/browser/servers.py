"""The service in a thread of this process, on a free port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from rag.api import create_app
from rag.assistant import Assistant
from rag.settings import Settings

DEADLINE_S = 20


@contextmanager
def running(settings: Settings, assistant: Assistant) -> Iterator[str]:
    """Serve while the block runs; gives the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(settings, assistant), log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + DEADLINE_S
    while not server.started:
        assert thread.is_alive(), "the server stopped while it started"
        assert time.monotonic() < deadline, f"the server did not start in {DEADLINE_S} s"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(DEADLINE_S)
