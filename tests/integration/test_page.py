import re

import pytest
from fastapi.testclient import TestClient

from rag.api.markdown import body
from rag.api.rendering import STATIC
from rag.assistant import Assistant
from rag.settings import Settings

MASS = "Which imaging comes first in a child with an abdominal mass?"
SCRIPT = "<script>alert('mass')</script> abdominal mass in a child"
PAGE = {"Accept": "text/html"}


def asked(client: TestClient, text: str = MASS, **form: str) -> str:
    response = client.post("/ask", data={"text": text} | form)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_first_page_asks_and_says_what_is_there(client: TestClient) -> None:
    page = client.get("/").text
    assert "<textarea" in page
    assert "3 guideline summaries" in page
    assert "What does Imaging &lt;b&gt;first&lt;/b&gt; say first?" in page


def test_asking_leads_to_the_answers_own_address(client: TestClient) -> None:
    page = client.get(asked(client)).text
    assert f"<title>{MASS}</title>" in page
    assert "Ultrasound of the abdomen comes first" in page
    assert 'href="#ref-1"' in page
    assert 'id="ref-1"' in page
    assert "<b>ACR:</b> Usually appropriate" in page
    assert "Submitted" in page
    assert "not yet reviewed" in page


def test_every_number_has_its_reference(client: TestClient) -> None:
    page = client.get(asked(client)).text
    assert set(re.findall(r'href="#(ref-\d+)"', page)) == set(re.findall(r'id="(ref-\d+)"', page))


def test_a_follow_up_stays_in_its_conversation(client: TestClient) -> None:
    first = client.get(asked(client)).text
    conversation = hidden(first, "conversation_id")
    second = client.get(asked(client, "And before a biopsy?", conversation_id=conversation)).text
    assert "And before a biopsy? (" in second
    assert MASS in second
    whole = client.get(f"/conversations/{conversation}").text
    assert whole.index(MASS) < whole.index("And before a biopsy?")


def test_the_rewritten_question_can_be_changed_and_asked_again(client: TestClient) -> None:
    conversation = hidden(client.get(asked(client)).text, "conversation_id")
    query = "biopsy of an abdominal mass"
    location = asked(client, "And then?", conversation_id=conversation, query=query)
    assert f">{query}</textarea>" in client.get(location).text


def test_text_that_cannot_be_asked_is_kept_and_explained(client: TestClient) -> None:
    for form in (
        {},
        {"conversation_id": hidden(client.get(asked(client)).text, "conversation_id")},
    ):
        response = client.post("/ask", data={"text": "?!"} | form)
        assert response.status_code == 422
        assert ">?!</textarea>" in response.text
        assert "the question is empty" in response.text


def test_an_abstention_shows_what_is_nearest(client: TestClient) -> None:
    page = client.get(asked(client, "zebra unicorn heraldry xylophone")).text
    assert "No answer" in page
    assert ">zebra unicorn heraldry xylophone</textarea>" in page


def test_markup_in_a_question_and_in_the_corpus_stays_text(client: TestClient) -> None:
    page = client.get(asked(client, SCRIPT)).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    listed = client.get("/guidelines").text
    assert "<b>first" not in listed
    assert "Imaging &lt;b&gt;first" in listed


def test_a_guideline_page_has_an_anchor_for_every_passage(
    client: TestClient, served: Assistant
) -> None:
    page = client.get("/guidelines/acr/imaging").text
    for chunk in served.chunks("acr/imaging"):
        assert page.count(f'id="p-{chunk.id}"') == 1
    assert '<span class="grade">ACR: Usually appropriate</span>' in page
    assert "{ACR" not in page


def test_a_superseded_guideline_says_what_replaced_it(client: TestClient) -> None:
    assert "Superseded by" in client.get("/guidelines/siop/biopsy").text
    assert "Supersedes" in client.get("/guidelines/siop/biopsy-2022").text


def test_a_quote_is_marked_in_its_passage(client: TestClient) -> None:
    page = client.get(asked(client)).text
    found = re.search(r'href="(/passages/\w+\?start=\d+&amp;end=\d+)"', page)
    assert found
    passage = client.get(found[1].replace("&amp;", "&")).text
    assert re.search("<mark[^>]*>Ultrasound of the abdomen comes first in a child", passage)


def test_a_passage_that_left_the_corpus_says_so(
    client: TestClient, served: Assistant, settings: Settings
) -> None:
    page = client.get(asked(client)).text
    (settings.corpus / "acr/imaging.md").unlink()
    served.refresh()
    found = re.search(r'href="(/passages/\w+)', page)
    assert found
    assert "no longer in the corpus" in client.get(found[1]).text


@pytest.mark.parametrize("path", ["/nope", "/answers/a-0", "/guidelines/no/such", "/passages/0"])
def test_what_is_not_there_gets_a_page_that_helps(client: TestClient, path: str) -> None:
    response = client.get(path, headers=PAGE)
    assert response.status_code == 404
    assert 'href="/guidelines"' in response.text


def test_a_page_takes_nothing_from_another_host(client: TestClient) -> None:
    for path in ("/", "/policy", "/guidelines", asked(client)):
        page = client.get(path).text
        assert not re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//', page)
        assert " style=" not in page
        assert " on" not in " ".join(re.findall(r"<[^>]* on\w+=", page))
    assert client.get(f"{STATIC}/page.css").headers["cache-control"] == "max-age=86400"


def test_raw_html_in_a_summary_is_shown_as_text() -> None:
    html = body(
        "## Recommendations\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1))", ()
    ).html
    assert "<img" not in html
    assert 'href="javascript' not in html
