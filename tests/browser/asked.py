"""Answers to look at, asked for once."""

import httpx
from playwright.sync_api import Page

from tests.browser.corpus import BIOPSY, MASS, NOTHING


def ask(address: str, text: str, **form: str) -> str:
    """Ask without a script; gives the path of the answer."""
    response = httpx.post(f"{address}/ask", data={"text": text} | form)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def pages(address: str) -> dict[str, str]:
    """The path of every kind of page, by name."""
    answer = ask(address, MASS)
    conversation = httpx.get(f"{address}/v1{answer}").json()["conversation_id"]
    follow_up = ask(address, "And before a biopsy?", conversation_id=conversation)
    return {
        "home": "/",
        "answer": answer,
        "follow-up": follow_up,
        "conversation": f"/conversations/{conversation}",
        "differing": ask(address, BIOPSY),
        "abstained": ask(address, NOTHING),
        "guidelines": "/guidelines",
        "by issuer": "/guidelines?by=issuer&q=imaging",
        "guideline": "/guidelines/acr/imaging",
        "superseded": "/guidelines/siop/biopsy",
        "passage": passage(address, answer),
        "policy": "/policy",
        "not found": "/answers/a-0",
    }


def passage(address: str, answer: str) -> str:
    """The path of the first quote of an answer in its passage."""
    reference = httpx.get(f"{address}/v1{answer}").json()["references"][0]
    return f"/passages/{reference['chunk_id']}?start=2&end=30"


def streamed(address: str, text: str) -> str:
    """The events of an answer, all but the answer itself."""
    headers = {"Accept": "text/event-stream"}
    response = httpx.post(f"{address}/ask", data={"text": text}, headers=headers, timeout=30)
    return response.text.split("event: answer", 1)[0]


def unfinished(page: Page, events: str) -> None:
    """Let the page be answered with these events, and nothing after them."""
    page.evaluate(
        """(events) => {
            const answered = (stream, signal) => {
                stream.enqueue(new TextEncoder().encode(events));
                signal.addEventListener("abort", () => stream.error(signal.reason));
            };
            window.fetch = async (_, { signal }) =>
                new Response(new ReadableStream({ start: (stream) => answered(stream, signal) }));
        }""",
        events,
    )
