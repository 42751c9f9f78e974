"""In what a statement differs, for certain, from the sentences it was made of."""

import re
from collections.abc import Iterator, Sequence

from rag.glossary import Glossary
from rag.grounding import (
    classes,
    conditions,
    figures,
    frames,
    names,
    order,
    people,
    polarity,
    strength,
    substitutions,
)
from rag.grounding.aligning import Unit, together
from rag.grounding.normalising import normalised, without_own
from rag.quantities import without_quantities
from rag.types import Mismatch, Reason

OF_THE_WHOLE = frozenset((Mismatch.CONDITION, Mismatch.STRENGTH))
"""What a part of a statement may leave to the rest of it."""


IMPLIED = (
    (
        re.compile(r"pregnan|gestation|obstetric|post-?partum|menopaus|mammogra|cervi", re.I),
        "woman",
    ),
    (re.compile(r"prostat|testic", re.I), "man"),
    (re.compile(r"fetal|fetus|foetal", re.I), "pregnant woman"),
    (re.compile(r"both sexes|either sex", re.I), "man woman"),
    (re.compile(r"breast-?fe", re.I), "woman infant"),
)
"""What is said of these is said of such people."""


def implied(text: str) -> Iterator[str]:
    """Who is meant without being named."""
    return (people for pattern, people in IMPLIED if pattern.search(text))


def differences(statement: str, chosen: Sequence[Unit], glossary: Glossary) -> Iterator[Reason]:
    """Every difference, those of a kind together.

    Both are compared in one way of writing, and with the other names of their terms beside them.
    """
    said = normalised(together(chosen))
    above = " ".join(dict.fromkeys(unit.context for unit in chosen))
    ours = glossary.spelled(normalised(without_own(statement)), f"{said} {above}")
    source, context = glossary.spelled(said, above), glossary.spelled(above)
    told = f"{context} {' '.join(implied(source))}"
    wide_ours, wide_source = glossary.expanded(ours), glossary.expanded(f"{source} {told} {said}")
    yield from figures.disagreements(ours, source, context)
    yield from polarity.disagreements(ours, source)
    words = without_quantities(ours)
    yield from classes.disagreements(words, without_quantities(source), f"{told} {wide_source}")
    yield from order.disagreements(ours, source)
    yield from frames.disagreements(ours, source)
    yield from people.disagreements(ours, wide_source)
    if names.missing(statement, f"{wide_source} {context}"):
        yield from names.disagreements(words, wide_source, context)
    yield from conditions.disagreements(wide_ours, source, context)
    yield from strength.disagreements(ours, chosen)
    yield from substitutions.disagreements(ours, source, glossary)
    yield from substitutions.omissions(ours, source)
