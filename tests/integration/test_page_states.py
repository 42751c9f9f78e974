"""Answers in every state that a page can show, kept as they would be and looked at."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from rag.api import create_app
from rag.assistant import Assistant
from rag.database import open_database
from rag.generation.extractive import ExtractiveGenerator
from rag.settings import Settings
from rag.types import (
    AbstentionReason,
    Answer,
    Currency,
    Disagreement,
    Fate,
    Mismatch,
    Outcome,
    OutcomeKind,
    Question,
    Reason,
    Removed,
    ReviewStatus,
    Support,
    Usage,
)
from rag.wording import REASONS
from tests.fakes import HashEmbedder

MASS = "Which imaging comes first in a child with an abdominal mass?"

Shown = Callable[..., str]


@pytest.fixture
def shown(client: TestClient, served: Assistant, settings: Settings) -> Shown:
    """The page of an answer that differs from a common one in what is given."""

    def show(**changes: object) -> str:
        answer = served.ask(Question(text=MASS))
        changes |= {"id": "a-state", "conversation_id": "c-state", "turn": 1}
        kept: Answer = answer.model_copy(update=changes)
        database = open_database(settings.database_url)
        database.start_conversation(kept.conversation_id, kept.created)
        database.save_answer(kept)
        database.close()
        assert client.get("/conversations/c-state").status_code == 200
        response = client.get("/answers/a-state")
        assert response.status_code == 200
        return response.text

    return show


def abstained(reason: AbstentionReason) -> dict[str, object]:
    return {
        "outcome": Outcome(kind=OutcomeKind.ABSTAINED, reason=reason),
        "headline": None,
        "sections": (),
        "references": (),
    }


@pytest.mark.parametrize(
    ("status", "passed"),
    [(ReviewStatus.SUBMITTED, 0), (ReviewStatus.UNDER_REVIEW, 1), (ReviewStatus.APPROVED, 2)],
)
def test_the_tracker_shows_how_far_a_review_has_come(
    shown: Shown, status: ReviewStatus, passed: int
) -> None:
    page = shown(review=status)
    assert f'aria-current="step">{status.value}</li>' in page
    assert page.count('<li class="done">') == passed
    assert ("exercise caution" in page) is (status is not ReviewStatus.APPROVED)


@pytest.mark.parametrize("reason", [r for r in AbstentionReason if r != "conflict"])
def test_an_abstention_says_why(shown: Shown, reason: AbstentionReason) -> None:
    page = shown(**abstained(reason))
    assert REASONS[reason] in page.replace("&#39;", "'")


def test_a_caution_stands_with_the_reason_of_an_abstention(shown: Shown) -> None:
    told = "The guidelines here do not mention: zebra."
    page = shown(**abstained(AbstentionReason.NOT_IN_CORPUS), warnings=(told,))
    assert page.count(told) == 1
    assert page.index(REASONS[AbstentionReason.NOT_IN_CORPUS]) < page.index(told)
    assert page.index(told) < page.index("It helps to name the condition")


def test_an_emergency_is_not_asked_to_put_it_in_other_words(shown: Shown) -> None:
    page = shown(**abstained(AbstentionReason.EMERGENCY))
    assert 'class="abstained emergency"' in page
    assert "Put it in other words" not in page


def test_superseded_guidelines_are_one_click_away_when_only_they_answer(shown: Shown) -> None:
    page = shown(**abstained(AbstentionReason.SUPERSEDED_ONLY))
    assert re.search(r'<button[^>]*name="include_superseded" value="true">', page)


def test_a_partial_answer_says_so(shown: Shown) -> None:
    page = shown(outcome=Outcome(kind=OutcomeKind.PARTIAL))
    assert "A partial answer" in page


def test_where_guidelines_differ_on_the_very_point_both_are_named(
    shown: Shown, served: Assistant
) -> None:
    one = served.ask(Question(text=MASS)).statements[0]
    point = Disagreement(point="What comes first", statements=(one, one))
    page = shown(
        outcome=Outcome(kind=OutcomeKind.PARTIAL, reason=AbstentionReason.CONFLICT),
        headline=None,
        disagreements=(point,),
    )
    assert f'<p class="headline">{REASONS[AbstentionReason.CONFLICT]}</p>' in page
    assert "Guidelines differ: What comes first" in page
    assert page.count('<div class="side">') == 2
    assert "No answer" not in page
    assert "Put it in other words" not in page


def test_the_basis_tells_how_well_the_question_was_met(shown: Shown) -> None:
    page = shown(outcome=Outcome(kind=OutcomeKind.ANSWERED, sufficiency=0.62, enough=0.4))
    assert "0.62 of 1, by meaning and words; 0.40 was enough to answer" in page
    assert "caution where the passage of the headline alone has less than 0.54" in page


def test_an_answer_from_before_the_threshold_was_kept_tells_the_fit_alone(shown: Shown) -> None:
    page = shown(outcome=Outcome(kind=OutcomeKind.ANSWERED, sufficiency=0.62))
    assert "0.62 of 1, by meaning and words</dd>" in page


def test_an_answer_from_before_that_was_measured_does_not_tell_it(shown: Shown) -> None:
    assert "Fit to the question" not in shown(outcome=Outcome(kind=OutcomeKind.ANSWERED))


def test_every_sheet_has_the_disclaimer_of_the_answer(shown: Shown) -> None:
    sheet = shown(disclaimer="Read with care.").split('class="every-sheet"')[1]
    assert "Read with care. Not a medical device." in sheet


def test_a_chat_model_is_named_and_what_it_took(shown: Shown, served: Assistant) -> None:
    made = served.ask(Question(text=MASS)).provenance
    usage = Usage(calls=2, input_tokens=900, output_tokens=120)
    page = shown(
        provenance=made.model_copy(
            update={"generator": "ollama:llama", "prompt": "abcdef0123456789", "usage": usage}
        )
    )
    assert "Worded by a chat model" in page
    assert "ollama:llama, instructions <code>abcdef012345</code>" in page
    assert "2 calls of the model, 900 tokens in, 120 out" in page
    assert "Word for word" not in page


def test_what_was_not_sent_as_drafted_is_told_with_the_reason(shown: Shown) -> None:
    removed = Removed(
        text="Give 10 mg.",
        support=Support.CONTRADICTED,
        reasons=(Reason(mismatch=Mismatch.NUMBER, words="10", source="1"),),
        fate=Fate.REPAIRED,
    )
    page = shown(removed=(removed,), fallback="the model broke off")
    assert "<del>Give 10 mg.</del>" in page
    assert "Repaired: contradicted" in page
    assert "No chat model worded this answer: the model broke off" in page


def test_a_source_that_lapsed_after_the_answer_says_both(
    shown: Shown, served: Assistant, settings: Settings, client: TestClient
) -> None:
    shown()
    (settings.corpus / "acr/imaging.md").unlink()
    served.refresh()
    page = client.get("/answers/a-state").text
    assert f'class="currency lapsed">{Currency.WITHDRAWN.value.capitalize()}' in page
    assert "current when this was answered" in page
    assert "Kept since it left the corpus" in page
    assert "Ultrasound of the abdomen comes first" in page


def test_unchecked_words_are_offered_where_a_chat_model_writes(tmp_path: Path) -> None:
    settings = Settings(indexes=tmp_path, corpus=tmp_path, generator="ollama:llama")
    embedder = HashEmbedder()
    with Assistant(settings, embedder, ExtractiveGenerator(embedder)) as assistant:
        client = TestClient(create_app(settings, assistant), base_url="http://localhost")
        assert 'name="drafts"' in client.get("/").text


def test_unchecked_words_are_not_offered_without_one(client: TestClient) -> None:
    assert 'name="drafts"' not in client.get("/").text
