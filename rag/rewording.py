"""The statements of an answer in the words of who asks; nothing is gained, lost or strengthened."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.answering import Written
from rag.errors import BackendUnavailable, GenerationFailed
from rag.generation import Generator, Ledger
from rag.glossary import Glossary
from rag.grounding import Evidence, Gate
from rag.types import Audience, Statement, Support

logger = logging.getLogger(__name__)


def reworded(
    written: Written,
    audience: Audience,
    glossary: Glossary,
    generator: Generator,
    gate: Gate,
    ledger: Ledger,
) -> Written:
    """The same statements with the wording of an audience; a clinician reads them as they are."""
    if audience is Audience.CLINICIAN:
        return written
    texts = list(dict.fromkeys(statement.text for statement in written.statements))
    offered = _offered(texts, audience, generator, ledger)
    explained: set[str] = set()
    wordings = {}
    for text, wording in zip(texts, offered, strict=True):
        kept = wording if wording and says_the_same(wording, text, gate) else None
        wordings[text] = kept or glossary.worded(text, audience, explained)
    return with_wording(written, wordings)


def _offered(
    texts: Sequence[str], audience: Audience, generator: Generator, ledger: Ledger
) -> Sequence[str | None]:
    """A model that fails leaves the wording to the glossary."""
    try:
        return generator.reword(texts, audience, ledger)
    except (GenerationFailed, BackendUnavailable) as error:
        logger.warning("%s could not reword: %s", generator.name, type(error).__name__)
        return [None] * len(texts)


def says_the_same(wording: str, text: str, gate: Gate) -> bool:
    """Whether the text carries the wording, and the wording the text."""
    there = gate.check(wording, [Evidence(text)]).support
    back = gate.check(text, [Evidence(wording)]).support
    return there is back is Support.SUPPORTED


def with_wording(written: Written, wordings: Mapping[str, str]) -> Written:
    """The same statements, each with its wording where that differs from its text."""

    def worded(statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple(
            s.model_copy(update={"wording": wordings[s.text]})
            if wordings.get(s.text, s.text) != s.text
            else s
            for s in statements
        )

    return replace(
        written,
        headline=worded([written.headline])[0] if written.headline else None,
        sections=tuple(
            s.model_copy(update={"statements": worded(s.statements)}) for s in written.sections
        ),
        disagreements=tuple(
            d.model_copy(update={"statements": worded(d.statements)}) for d in written.disagreements
        ),
    )
