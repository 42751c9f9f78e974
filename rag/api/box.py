"""The box that a question is typed into: what it holds, and the question that it asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.asking import chosen
from rag.assistant import Assistant
from rag.errors import InvalidQuestion, RagError
from rag.identity import Telling, identifying
from rag.types import Audience, Filter, Kind, Question, Value

AUDIENCES = {
    Audience.CLINICIAN: "Clinician",
    Audience.TRAINEE: "In training",
    Audience.PATIENT: "Patient or carer",
}


class Box(Value):
    """Everything typed or chosen, as it was sent; what cannot be asked is shown again."""

    text: str = ""
    conversation_id: str = ""
    query: str = ""
    audience: str = ""
    field: str = ""
    issuer: str = ""
    kind: str = ""
    population: str = ""
    published_from: str = ""
    published_to: str = ""
    include_superseded: bool = False
    drafts: bool = False
    anyway: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything but the question itself has been chosen."""
        where = (self.field, self.issuer, self.kind, self.population)
        return (
            self.include_superseded
            or self.drafts
            or any((*where, self.published_from, self.published_to))
        )

    @property
    def tellings(self) -> list[Telling]:
        """What in it may tell who a patient is, unless it is to be sent anyway."""
        typed = "\n".join((self.text, self.query, self.population))
        return [] if self.anyway else identifying(typed)

    def question(self, offered: Sequence[Audience]) -> Question:
        """The question that is asked; raises InvalidQuestion."""
        return Question(
            text=self.text,
            conversation_id=self.conversation_id or None,
            query=self.query or None,
            audience=chosen(self.audience, offered) if self.audience else None,
            stream="draft" if self.drafts else "verified",
            filter=Filter(
                specialties=_chosen(self.field),
                issuers=_chosen(self.issuer),
                kinds=_kinds(self.kind),
                population=self.population.strip() or None,
                published_from=_year(self.published_from),
                published_to=_year(self.published_to),
                include_superseded=self.include_superseded,
            ),
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a search may be narrowed to."""

    fields: tuple[str, ...]
    issuers: tuple[str, ...]


def choices(assistant: Assistant) -> Choices | None:
    """The fields and issuers of the corpus; None while there is no index."""
    try:
        guidelines = assistant.guidelines()
    except RagError:
        return None
    return Choices(
        fields=tuple(sorted({g.specialty for g in guidelines})),
        issuers=tuple(sorted({g.issuer for g in guidelines}, key=str.casefold)),
    )


def _chosen(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


def _kinds(name: str) -> tuple[Kind, ...]:
    if not name:
        return ()
    if name not in set(Kind):
        raise InvalidQuestion(f"{name!r} is no kind of source: choose one of {', '.join(Kind)}")
    return (Kind(name),)


def _year(text: str) -> int | None:
    digits = text.strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4):  # noqa: PLR2004
        raise InvalidQuestion(f"{digits!r} is no year: give it in four digits, or leave it empty")
    return int(digits)
