import pytest

from rag.api.box import Box
from rag.errors import InvalidQuestion
from rag.settings import Settings
from rag.types import Audience, Filter, Kind

OFFERED = [Audience.TRAINEE, Audience.CLINICIAN]


def test_what_is_chosen_becomes_the_question() -> None:
    question = Box(
        text="What first?",
        conversation_id="c-1",
        query="first imaging",
        audience="clinician",
        field="radiology",
        issuer="ACR",
        kind="research",
        population=" children ",
        published_from="2015",
        published_to=" 2020 ",
        include_superseded=True,
        drafts=True,
    ).question(OFFERED)
    assert question.conversation_id == "c-1"
    assert question.query == "first imaging"
    assert question.audience is Audience.CLINICIAN
    assert question.stream == "draft"
    assert question.filter == Filter(
        specialties=("radiology",),
        issuers=("ACR",),
        kinds=(Kind.RESEARCH,),
        population="children",
        published_from=2015,
        published_to=2020,
        include_superseded=True,
    )


def test_an_empty_box_asks_for_everything_and_names_no_audience() -> None:
    question = Box(text="What first?").question(OFFERED)
    assert question.filter == Filter()
    assert question.audience is None
    assert (question.conversation_id, question.query) == (None, None)
    assert not Box(text="What first?").narrowed


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("published_from", "soon", "'soon' is no year"),
        ("published_to", "٢٠٢٠", "is no year"),
        ("kind", "rumour", "'rumour' is no kind of source"),
        ("audience", "patient", "'patient' is no audience of this service"),
    ],
)
def test_what_cannot_be_chosen_is_named(name: str, value: str, says: str) -> None:
    with pytest.raises(InvalidQuestion, match=says):
        Box.model_validate({"text": "What first?", name: value}).question(OFFERED)


def test_an_identity_is_seen_in_whatever_is_typed() -> None:
    assert Box(text="Mr Miller").tellings
    assert Box(text="What first?", query="Mr Miller").tellings
    assert Box(text="What first?", population="Mr Miller").tellings
    assert not Box(text="Mr Miller", anyway=True).tellings


def test_a_deployment_offers_each_audience_once() -> None:
    assert Settings(audiences="trainee,patient,trainee").offered == (
        Audience.TRAINEE,
        Audience.PATIENT,
    )
