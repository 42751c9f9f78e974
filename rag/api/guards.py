"""What every request passes: host, origin, size, and the headers of every response."""

import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.api.problems import Problem, respond, unexpected
from rag.settings import Settings

LARGEST_BODY = 128 * 1024
"""Bytes; the longest question with all its filters stays far below."""

TOO_LARGE = f"A request may hold {LARGEST_BODY // 1024} KiB."

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SAFE = {"GET", "HEAD", "OPTIONS"}

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def guarded(app: FastAPI, settings: Settings) -> None:
    """Refuse foreign hosts, cross-site writes and large bodies; set the headers of safety."""
    app.add_middleware(Guards, hosts=allowed_hosts(settings))


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Names a request may ask for; empty means any.

    A service that only this machine can reach answers to this machine's names alone: a web page
    whose name is made to point here (DNS rebinding) reads nothing.
    """
    if settings.hosts:
        return frozenset(name.strip().lower() for name in settings.hosts.split(","))
    return frozenset(LOOPBACK) if _is_loopback(settings.host) else frozenset()


class Guards:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the problem that it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        sender = Sender(send, keep=request.url.path.startswith("/static/"))
        problem = self._refused(request) or await self._served(scope, receive, sender)
        if problem and not sender.started:
            await respond(request, problem)(scope, receive, sender.send)

    async def _served(self, scope: Scope, receive: Receive, sender: "Sender") -> Problem | None:
        try:
            await self._app(scope, _limited(receive), sender.send)
        except Exception as error:
            return unexpected(error)
        return None

    def _refused(self, request: Request) -> Problem | None:
        headers = request.headers
        if self._hosts and _name(headers.get("host", "")) not in self._hosts:
            return Problem(
                title="Unknown host",
                status=421,
                detail="The service does not answer to this host name: RAG_HOSTS lists those "
                "it answers to.",
            )
        if request.method not in SAFE and is_cross_site(headers):
            return Problem(
                title="Cross-site request",
                status=403,
                detail="Another site sent this request; it was not carried out.",
            )
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > LARGEST_BODY:
            return Problem(title="The request is too large", status=413, detail=TOO_LARGE)
        return None


class Sender:
    """Sends a response with the headers of safety, and knows whether it has begun.

    Nothing but what is the same for everybody may be kept by caches: answers are health data.
    """

    def __init__(self, send: Send, keep: bool) -> None:
        self._send = send
        self._headers = HEADERS | {"Cache-Control": "max-age=86400" if keep else "no-store"}
        self.started = False

    async def send(self, message: Message) -> None:
        """Send one message of the response."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


def is_cross_site(headers: Headers) -> bool:
    """Whether a browser says that another site sent the request (Fetch Metadata, Origin)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _limited(receive: Receive) -> Callable[[], Awaitable[Message]]:
    size = 0

    async def receive_limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    return receive_limited


def _name(host: str) -> str:
    return re.sub(r":\d+$", "", host).lower()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
