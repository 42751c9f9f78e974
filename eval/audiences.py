"""Whether every audience is told the same: no statement gained, lost or strengthened."""

from collections.abc import Iterator, Sequence

from rag.answering import Written
from rag.assistant import Assistant
from rag.generation import Ledger
from rag.generation.extractive import ExtractiveGenerator
from rag.glossary import Glossary
from rag.rewording import reworded
from rag.types import Answer, Audience, Statement

OTHERS = tuple(audience for audience in Audience if audience is not Audience.CLINICIAN)


def parity(answer: Answer, assistant: Assistant) -> float:
    """1 where the words of the glossary leave each audience with the answer's own statements."""
    glossary = assistant.live().glossary
    written = Written(answer.headline, answer.sections, answer.disagreements)
    generator = ExtractiveGenerator(assistant.embedder)
    told = (
        reworded(written, audience, glossary, generator, assistant.gate(), Ledger()).statements
        for audience in OTHERS
    )
    return float(all(same(answer.statements, each, glossary) for each in told))


def same(ours: Sequence[Statement], theirs: Sequence[Statement], glossary: Glossary) -> bool:
    """Whether the same is said in the same order on the same grounds.

    Nothing may be put in but what the glossary says of a term.
    """
    bare = [[s.model_copy(update={"wording": None}) for s in each] for each in (ours, theirs)]
    return bare[0] == bare[1] and all(explained(s.text, s.shown, glossary) for s in theirs)


def explained(text: str, wording: str, glossary: Glossary) -> bool:
    """Whether a wording is a text, letter by letter, with explanations of its terms put in."""
    additions = sorted(_explanations(text, glossary), key=len, reverse=True)
    while wording != text:
        added = next((a for a in additions if wording.startswith(a)), None)
        if added and not text.startswith(added):
            wording = wording[len(added) :]
        elif text and wording and text[0] == wording[0]:
            text, wording = text[1:], wording[1:]
        else:
            return False
    return True


def _explanations(text: str, glossary: Glossary) -> Iterator[str]:
    """Everything that may be said of the terms of a text, as it would be put in."""
    for mention in glossary.mentions(text):
        plain = mention.term.plain
        told = (mention.expansion, plain, f"{mention.expansion}: {plain}")
        for words in filter(None, told):
            yield from (f" ({words})", f", {words}")
