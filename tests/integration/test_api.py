import json
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag.api import create_app
from rag.api.guards import LARGEST_BODY
from rag.assistant import Assistant
from rag.errors import ConfigError
from rag.settings import Settings
from rag.types import Answer, Filter, Question
from tests.fakes import HashEmbedder

MASS = {"text": "Which imaging comes first in a child with an abdominal mass?"}
STREAM = {"Accept": "text/event-stream"}


def opened(settings: Settings, assistant: Assistant) -> TestClient:
    return TestClient(create_app(settings, assistant), base_url="http://localhost")


def asked(client: TestClient, **body: object) -> dict[str, Any]:
    response = client.post("/v1/questions", json=MASS | body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n", 1)
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def finished(client: TestClient, location: str) -> dict[str, Any]:
    for _ in range(200):
        job: dict[str, Any] = client.get(location).json()
        if job["state"] != "running":
            return job
        time.sleep(0.02)
    raise AssertionError("the refresh did not finish")


def test_an_answer_holds_everything_a_reader_needs(client: TestClient) -> None:
    answer = Answer.model_validate(asked(client))
    assert answer.headline
    assert answer.headline.text.startswith("Ultrasound of the abdomen comes first")
    assert answer.headline.numbers == (1,)
    assert answer.references[0].source.issuer == "ACR"
    assert answer.review == "Submitted"
    assert answer.disclaimer


def test_a_follow_up_keeps_the_numbers_and_the_conversation(client: TestClient) -> None:
    first = asked(client)
    path = f"/v1/conversations/{first['conversation_id']}"
    second = client.post(f"{path}/questions", json={"text": "And before a biopsy?"}).json()
    assert second["turn"] == 2
    assert second["query"] != second["question"]
    conversation = client.get(path).json()
    assert [a["id"] for a in conversation["answers"]] == [first["id"], second["id"]]
    for answer in (first, second):
        for reference in answer["references"]:
            assert conversation["numbers"][str(reference["number"])] == reference["chunk_id"]


def test_the_rewritten_query_can_be_overridden(client: TestClient) -> None:
    first = asked(client)
    path = f"/v1/conversations/{first['conversation_id']}/questions"
    body = {"text": "And then?", "query": "biopsy of an abdominal mass in a child"}
    assert client.post(path, json=body).json()["query"] == body["query"]


def test_an_answer_is_found_again_as_it_was_given(client: TestClient) -> None:
    first = asked(client)
    assert client.get(f"/v1/answers/{first['id']}").json() == first


def test_filters_are_heeded(client: TestClient) -> None:
    answer = asked(client, filter=Filter(issuers=("SIOP",)).model_dump(mode="json"))
    assert {c["source"]["issuer"] for c in answer["candidates"]} == {"SIOP"}


def test_a_filter_takes_an_issuer_by_name_or_by_folder(client: TestClient) -> None:
    for name in ("SIOP", "siop"):
        answer = asked(client, filter={"issuers": [name]})
        assert {c["source"]["guideline_id"] for c in answer["candidates"]} == {"siop/biopsy-2022"}


def test_a_filter_that_fits_nothing_says_so(client: TestClient) -> None:
    answer = asked(client, filter={"issuers": ["SOIP"]})
    assert answer["outcome"]["kind"] == "abstained"
    assert answer["warnings"] == ["Nothing was searched: no guideline here fits the filter."]


def test_an_answer_is_for_the_audience_that_is_named_or_asked_before(client: TestClient) -> None:
    assert asked(client)["audience"] == "clinician"
    first = asked(client, audience="trainee")
    assert first["audience"] == "trainee"
    path = f"/v1/conversations/{first['conversation_id']}/questions"
    assert client.post(path, json={"text": "And a biopsy?"}).json()["audience"] == "trainee"
    named = {"text": "And a biopsy?", "audience": "clinician"}
    assert client.post(path, json=named).json()["audience"] == "clinician"


@pytest.mark.parametrize("headers", [{}, STREAM])
def test_an_audience_that_is_not_offered_is_refused_with_those_that_are(
    client: TestClient, headers: dict[str, str]
) -> None:
    response = client.post("/v1/questions", json=MASS | {"audience": "patient"}, headers=headers)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:guideline-rag:invalid-question"
    assert response.json()["detail"] == (
        "'patient' is no audience of this service: ask as clinician or trainee"
    )


def test_an_audience_is_asked_for_where_it_is_offered(
    settings: Settings, served: Assistant
) -> None:
    offering = settings.model_copy(update={"audiences": "patient"})
    with Assistant(offering, HashEmbedder()) as assistant:
        client = opened(offering, assistant)
        assert asked(client)["audience"] == "patient"
        refused = client.post("/v1/questions", json=MASS | {"audience": "clinician"})
        assert refused.status_code == 422


def test_an_answer_streams_as_events_and_ends_whole(client: TestClient) -> None:
    response = client.post("/v1/questions", json=MASS, headers=STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    found = events(response.text)
    names = [name for name, _ in found]
    assert names[0] == "status"
    assert names.index("candidates") < names.index("statement") < names.index("answer")
    assert names[-1] == "answer"
    last = found[-1][1]["answer"]
    assert client.get(f"/v1/answers/{last['id']}").json() == last


@pytest.mark.parametrize("headers", [{}, STREAM])
def test_a_question_that_cannot_be_asked_is_a_problem(
    client: TestClient, headers: dict[str, str]
) -> None:
    for text in ("", " \x00 ", "?!", "a" * 20_000):
        response = client.post("/v1/questions", json={"text": text}, headers=headers)
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"] == "urn:guideline-rag:invalid-question"


def test_a_request_of_another_shape_says_where_without_repeating_it(client: TestClient) -> None:
    response = client.post("/v1/questions", json={"txt": "Mrs Smith has a mass"})
    assert response.status_code == 422
    assert "body.txt: Extra inputs are not permitted" in response.json()["faults"]
    assert "Smith" not in response.text


def test_any_text_is_a_legal_question(client: TestClient) -> None:
    for text in (
        "Was hilft bei Bauchtumoren?",
        "<script>alert(1)</script> mass",
        "腹部肿块",
        "a\x07b",
    ):
        answer = asked(client, text=text)
        assert answer["outcome"]["kind"] in {"answered", "abstained"}


@pytest.mark.parametrize(
    "path",
    ["/v1/answers/a-0", "/v1/conversations/c-0", "/v1/guidelines/no/such", "/v1/passages/0"],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["status"] == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_follow_up_to_no_conversation_is_not_found(client: TestClient) -> None:
    assert client.post("/v1/conversations/c-0/questions", json=MASS).status_code == 404


def test_guidelines_are_listed_and_shown_with_their_chunks(client: TestClient) -> None:
    listed = client.get("/v1/guidelines").json()
    assert [g["source"]["guideline_id"] for g in listed] == [
        "acr/imaging",
        "siop/biopsy",
        "siop/biopsy-2022",
    ]
    assert [g["currency"] for g in listed] == ["current", "superseded", "current"]
    old = client.get("/v1/guidelines/siop/biopsy").json()
    assert old["superseded_by"] == ["siop/biopsy-2022"]
    assert all(old["body"][c["start"] : c["end"]] == c["text"] for c in old["chunks"])


def test_every_citation_leads_to_the_words_it_quotes(client: TestClient) -> None:
    answer = asked(client)
    for section in answer["sections"]:
        for statement in section["statements"]:
            for citation in statement["citations"]:
                chunk = client.get(f"/v1/passages/{citation['chunk_id']}").json()["chunk"]
                quote = citation["quote"]
                at = slice(quote["start"] - chunk["start"], quote["end"] - chunk["start"])
                assert chunk["text"][at] == quote["exact"]


def test_a_refresh_is_followed_to_its_end(client: TestClient, settings: Settings) -> None:
    before = client.get("/v1/index").json()["version"]["id"]
    path = settings.corpus / "acr/imaging.md"
    path.write_text(path.read_text("utf-8").replace("comes first", "is done first"), "utf-8")
    response = client.post("/v1/index/refresh")
    assert response.status_code == 202
    job = finished(client, response.headers["location"])
    assert job["state"] == "done"
    assert job["refreshed"]["plan"]["to_embed"] >= 1
    assert client.get("/v1/index").json()["version"]["id"] == job["refreshed"]["version"] != before
    assert "is done first" in client.get("/v1/guidelines/acr/imaging").json()["body"]


def test_an_answer_keeps_its_words_when_the_corpus_loses_them(
    client: TestClient, settings: Settings
) -> None:
    answer = asked(client)
    (settings.corpus / "acr/imaging.md").unlink()
    job = finished(client, client.post("/v1/index/refresh").headers["location"])
    assert job["state"] == "done"
    cited = answer["headline"]["citations"][0]
    excerpt = client.get(f"/v1/passages/{cited['chunk_id']}").json()
    assert excerpt["currency"] == "withdrawn"
    assert cited["quote"]["exact"] in excerpt["chunk"]["text"]


def test_a_refresh_of_a_faulty_corpus_fails_with_every_fault(
    client: TestClient, settings: Settings
) -> None:
    (settings.corpus / "acr/bad.md").write_text("no front matter", encoding="utf-8")
    job = finished(client, client.post("/v1/index/refresh").headers["location"])
    assert job["state"] == "failed"
    assert job["problem"]["status"] == 422
    assert "bad.md:1: no front matter" in job["problem"]["faults"][0]
    assert client.get("/readyz").status_code == 200


def test_a_second_refresh_meanwhile_is_a_conflict(settings: Settings, served: Assistant) -> None:
    with opened(settings, served) as client:
        codes = {
            client.post("/v1/index/refresh", json={"rebuild": True}).status_code for _ in "123"
        }
    assert codes == {202, 409}


def test_a_refresh_that_nobody_started_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/index/refreshes/r-0").status_code == 404


def test_without_an_index_the_service_is_up_but_not_ready(settings: Settings) -> None:
    with Assistant(settings, HashEmbedder()) as empty, opened(settings, empty) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        response = client.get("/readyz")
        assert response.status_code == 503
        assert "rag refresh" in response.json()["detail"]
        assert client.post("/v1/questions", json=MASS).status_code == 503
        assert "rag refresh" in client.get("/").text


def test_settings_that_cannot_be_used_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        create_app(Settings(generator="oracle", indexes=tmp_path))


def test_a_damaged_index_is_named(client: TestClient, settings: Settings) -> None:
    version = client.get("/v1/index").json()["version"]["id"]
    next((settings.indexes / version).glob("*.faiss")).write_bytes(b"cut")
    with Assistant(settings, HashEmbedder()) as other, opened(settings, other) as damaged:
        response = damaged.post("/v1/questions", json=MASS)
    assert response.status_code == 503
    assert response.json()["type"] == "urn:guideline-rag:index-damaged"


def test_another_site_cannot_ask_or_refresh(client: TestClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        for path in ("/v1/index/refresh", "/ask", "/v1/questions"):
            assert client.post(path, headers=headers).status_code == 403
    same = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/v1/questions", json=MASS, headers=same).status_code == 200


def test_a_name_that_is_made_to_point_here_reads_nothing(client: TestClient) -> None:
    response = client.get("/v1/guidelines", headers={"Host": "evil.example:8000"})
    assert response.status_code == 421


def test_the_names_that_the_service_answers_to_can_be_set(
    settings: Settings, served: Assistant
) -> None:
    named = settings.model_copy(update={"hosts": "rag.example.org, localhost"})
    client = TestClient(create_app(named, served), base_url="https://rag.example.org")
    assert client.get("/healthz").status_code == 200
    public = settings.model_copy(update={"host": "0.0.0.0"})  # noqa: S104
    client = TestClient(create_app(public, served), base_url="http://anything")
    assert client.get("/healthz").status_code == 200


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    body = b" " * (LARGEST_BODY + 1)
    assert client.post("/v1/questions", content=body).status_code == 413
    assert client.post("/v1/questions", content=iter([body])).status_code == 413


def test_every_response_carries_the_headers_of_safety(client: TestClient) -> None:
    for path in ("/", "/healthz", "/nope", "/v1/answers/a-0"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_an_error_that_nobody_foresaw_tells_nothing_of_the_question(
    settings: Settings, served: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        """Fails with the question in its message, as a driver's error may."""

        def ask(self, question: Question) -> Answer:
            raise ZeroDivisionError(question.text)

    app = create_app(settings, served)
    app.state.assistant = Broken()
    response = TestClient(app, base_url="http://localhost").post("/v1/questions", json=MASS)
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "ZeroDivisionError" in caplog.text
    assert "abdominal" not in caplog.text + response.text


def test_the_description_has_examples_and_every_route(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/v1/questions",
        "/v1/conversations/{conversation_id}/questions",
        "/v1/conversations/{conversation_id}",
        "/v1/answers/{answer_id}",
        "/v1/guidelines",
        "/v1/guidelines/{guideline_id}",
        "/v1/passages/{chunk_id}",
        "/v1/index",
        "/v1/index/refresh",
        "/v1/index/refreshes/{job_id}",
        "/healthz",
        "/readyz",
    }
    assert described["components"]["schemas"]["Asking"]["examples"]
