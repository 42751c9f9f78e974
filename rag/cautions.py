"""What a reader has to know of an answer before relying on it."""

from collections.abc import Iterator, Sequence

from rag.answering import Written
from rag.citing import marks
from rag.followup import named
from rag.grounding.ordinary import is_everyday
from rag.grounding.sufficiency import DOUBT
from rag.index.tokens import tokens
from rag.naming import words_of
from rag.searching import Found, met
from rag.serving import Live
from rag.types import AbstentionReason, Currency, Reference, Term
from rag.wording import HELP


def cautions(
    question: str, danger: AbstentionReason | None, written: Written, found: Found, live: Live
) -> Iterator[str]:
    """Help in danger, an empty filter, unknown words, doubt about the answer, lapsed sources."""
    if danger is not None:
        yield HELP[danger]
    if live.guidelines and not found.passages:
        yield "Nothing was searched: no guideline here fits the filter."
    if unknown := _unknown(question, live):
        yield f"The guidelines here do not mention: {', '.join(unknown)}."
    if written.headline and met(written.headline, found, live) < found.enough + DOUBT:
        yield "This is the nearest that was found; it may not answer what was asked."
    yield from _lapsed(written.references)


def _lapsed(references: Sequence[Reference]) -> Iterator[str]:
    """Every source that no longer stands, once, with the numbers that lead to it."""
    numbers: dict[tuple[str, Currency], list[int]] = {}
    for reference in references:
        if reference.currency is not Currency.CURRENT:
            numbers.setdefault((reference.source.title, reference.currency), []).append(
                reference.number
            )
    for (title, currency), cited in numbers.items():
        yield f"{marks(cited)} {title} is {currency}."


def _unknown(question: str, live: Live) -> list[str]:
    """Words of a question that no chunk holds, by whichever name; figures are none.

    Everyday words say nothing of medicine. A drug is not its class: where guidelines mention the
    class alone, the drug is unknown.
    """
    called = live.glossary.named(question)
    known = words_of(" ".join(said for said, term in called if _is_held(term, live)))
    words = [
        word
        for word in named(question)
        if not (any(map(str.isdigit, word)) or is_everyday(word) or words_of(word) <= known)
    ]
    return [word for word in dict.fromkeys(words) if _is_absent(word, live)]


def _is_held(term: Term, live: Live) -> bool:
    """Whether chunks hold all the words of one of its names."""
    return not all(live.index.absent(name) for name in term.names)


def _is_absent(word: str, live: Live) -> bool:
    known_as = live.glossary.termed(word)
    return live.index.absent(known_as).issuperset(tokens(known_as))
