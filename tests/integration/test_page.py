import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rag.api import create_app
from rag.api.markdown import body
from rag.api.rendering import STATIC, static_path
from rag.assistant import Assistant
from rag.settings import Settings
from rag.types import Answer, Audience, Question
from rag.wording import DISCLAIMERS
from tests.fakes import HashEmbedder

MASS = "Which imaging comes first in a child with an abdominal mass?"
SCRIPT = "<script>alert('mass')</script> abdominal mass in a child"
PAGE = {"Accept": "text/html"}
STREAM = {"Accept": "text/event-stream"}


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


def test_pages_travel_light_and_streams_at_once(client: TestClient) -> None:
    squeezed = {"Accept-Encoding": "gzip"}
    for path in ("/", asked(client), f"{STATIC}/page.css"):
        assert client.get(path, headers=squeezed).headers["content-encoding"] == "gzip"
    streamed = client.post("/ask", data={"text": MASS}, headers=STREAM | squeezed)
    assert "content-encoding" not in streamed.headers


def test_raw_html_in_a_summary_is_shown_as_text() -> None:
    html = body(
        "## Recommendations\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1))", ()
    ).html
    assert "<img" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("md", "text/markdown; charset=utf-8", f"# {MASS}"),
        ("html", "text/html; charset=utf-8", f"<h1>{MASS}</h1>"),
        ("txt", "text/plain; charset=utf-8", MASS),
        ("ris", "application/x-research-info-systems", "TY  - RPRT"),
        ("json", "application/vnd.citationstyles.csl+json", "["),
    ],
)
def test_an_answer_can_be_taken_along(
    client: TestClient, form: str, kind: str, begins: str
) -> None:
    location = asked(client)
    response = client.get(f"{location}.{form}")
    assert response.headers["content-type"] == kind
    assert response.headers["content-disposition"].endswith(f'.{form}"')
    assert response.text.startswith(begins)
    assert client.get(location).text.count(f"{location}.{form}") == 1


def test_a_form_that_is_not_offered_is_not_found(client: TestClient) -> None:
    response = client.get(f"{asked(client)}.exe")
    assert response.status_code == 404
    assert "known are md, html, txt, ris, json" in response.json()["detail"]


def test_what_may_tell_who_a_patient_is_is_asked_only_when_it_is_meant(
    client: TestClient,
) -> None:
    text = f"Mrs Miller: {MASS}"
    response = client.post("/ask", data={"text": text})
    assert response.status_code == 422
    assert f">{text}</textarea>" in response.text
    assert "<q>Mrs Miller</q> looks like a name" in response.text
    streamed = client.post("/ask", data={"text": text}, headers=STREAM)
    assert streamed.json()["type"] == "urn:guideline-rag:identity"
    assert "Miller" not in streamed.text
    asked(client, text, anyway="true")


def test_a_question_is_streamed_to_a_script_from_the_same_form(client: TestClient) -> None:
    response = client.post("/ask", data={"text": MASS}, headers=STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "event: answer" in response.text
    refused = client.post("/ask", data={"text": "?!"}, headers=STREAM)
    assert refused.json()["type"] == "urn:guideline-rag:invalid-question"


def test_choices_of_a_question_that_cannot_be_asked_are_kept(client: TestClient) -> None:
    form = {"text": MASS, "published_from": "soon", "field": "radiology", "audience": "trainee"}
    page = client.post("/ask", data=form).text
    assert "&#39;soon&#39; is no year" in page
    assert 'name="published_from" value="soon"' in page
    assert '<option value="radiology" selected>' in page
    assert re.search(r'value="trainee" checked', page)


def test_an_audience_that_is_not_offered_cannot_ask(client: TestClient) -> None:
    response = client.post("/ask", data={"text": MASS, "audience": "patient"})
    assert response.status_code == 422
    assert "is no audience of this service" in response.text
    assert 'value="patient"' not in response.text


def test_patients_are_offered_an_answer_where_they_may_ask(
    settings: Settings, served: Assistant
) -> None:
    offering = settings.model_copy(update={"audiences": "clinician,patient"})
    with Assistant(offering, HashEmbedder()) as assistant:
        app = create_app(offering, assistant)
        client = TestClient(app, base_url="http://localhost", follow_redirects=False)
        page = client.get("/").text
        assert "Which best describes you?" in page
        assert 'value="patient"' in page
        assert 'value="trainee"' not in page
        assert "no advice on anybody" in page
        answer = client.get(asked(client, audience="patient")).text
        assert DISCLAIMERS[Audience.PATIENT] in answer


def test_one_audience_needs_no_switch(settings: Settings, served: Assistant) -> None:
    offering = settings.model_copy(update={"audiences": "clinician"})
    with Assistant(offering, HashEmbedder()) as assistant:
        client = TestClient(create_app(offering, assistant), base_url="http://localhost")
        assert "Which best describes you?" not in client.get("/").text


def test_filters_narrow_the_search(client: TestClient) -> None:
    page = client.get(asked(client, "abdominal mass", issuer="SIOP")).text
    assert "Imaging &lt;b&gt;first" not in page


class Broken(Assistant):
    def ask(self, question: Question | str) -> Answer:
        raise RuntimeError("Mrs Miller")


def test_an_error_that_nobody_foresaw_leaves_the_text_in_the_box(
    settings: Settings, served: Assistant
) -> None:
    with Broken(settings, HashEmbedder()) as broken:
        app = create_app(settings, broken)
        client = TestClient(app, base_url="http://localhost")
        response = client.post("/ask", data={"text": "abdominal mass"}, headers=PAGE)
    assert response.status_code == 500
    assert "Miller" not in response.text
    assert ">abdominal mass</textarea>" in response.text
    assert "did not expect" in response.text


def test_the_text_is_kept_when_there_is_no_index(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path, indexes=tmp_path / "none")
    with Assistant(settings, HashEmbedder()) as empty:
        client = TestClient(create_app(settings, empty), base_url="http://localhost")
        response = client.post("/ask", data={"text": MASS}, headers=PAGE)
        assert response.status_code == 503
        assert f">{MASS}</textarea>" in response.text
        assert "rag refresh" in response.text
        assert client.get("/").status_code == 200


def test_the_corpus_is_listed_by_issuer_and_found_by_words(client: TestClient) -> None:
    page = client.get("/guidelines?by=issuer").text
    assert page.index(">ACR <span") < page.index(">SIOP <span")
    found = client.get("/guidelines?q=biopsy+2022").text
    assert "Biopsy again" in found
    assert "1 of 3 found" in found
    assert "No summary here says that" in client.get("/guidelines?q=zebra").text


def test_a_guideline_lists_the_answers_that_rest_on_it(client: TestClient) -> None:
    assert "No answer rests on it yet" in client.get("/guidelines/acr/imaging").text
    location = asked(client)
    page = client.get("/guidelines/acr/imaging").text
    assert "1 answer rests on it" in page
    assert f'href="{location}"' in page


def test_a_conversation_has_one_list_of_references(client: TestClient) -> None:
    conversation = hidden(client.get(asked(client)).text, "conversation_id")
    asked(client, "And before a biopsy?", conversation_id=conversation)
    page = client.get(f"/conversations/{conversation}").text
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#(ref-\d+)"', page)) == set(re.findall(r'id="(ref-\d+)"', page))


def test_files_that_never_change_are_kept_and_change_their_address_when_they_do(
    tmp_path: Path,
) -> None:
    (tmp_path / "page.css").write_text("a")
    before = static_path(tmp_path)
    (tmp_path / "page.css").write_text("b")
    assert static_path(tmp_path) != before
