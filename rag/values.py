"""Measured values of a question, and the bounds that a statement sets for the same; pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rag import quantities
from rag.quantities import Quantity, placed

THOUSAND = 1000
ALIKE = 10
"""Values in mmol/L and in mg/dL, or in g/dL and g/L, differ by more than this."""

MEASURED = {
    "platelets": r"platelets?(?: counts?)?|plts?",
    "hemoglobin": r"ha?emoglobin|hgb|hb",
    "egfr": r"e?gfr|(?:estimated )?glomerular filtration rate",
    "clearance": r"crcl|creatinine clearance",
    "tsh": r"tsh",
    "ejection": r"(?:lv)?ef|ejection fraction",
    "a1c": r"(?:hb)?a1c",
    "ldl": r"ldl(?:-c)?(?: cholesterol)?",
    "potassium": r"potassium|k\+?",
    "sodium": r"sodium|na\+?",
    "bmi": r"bmi|body mass index",
    "cd4": r"cd4(?: counts?)?",
    "glucose": r"(?:blood )?glucose|sugar",
    "inr": r"inr",
    "phq": r"phq-9",
    "bilirubin": r"bilirubin|tsb|bili",
    "neutrophils": r"neutrophils?|anc",
}
NAMES = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{words})" for name, words in MEASURED.items()) + r")(?!\w)",
    re.I,
)
TELLS = re.compile(r"[\s:=]*(?:(?:is|was|of|at|now|still|count|level|came back)\s+){0,3}", re.I)
NEAR = re.compile(r"[^.;\d(]{0,30}")
"""What may stand between a name and its figure in a question, and in a statement."""

AIMED = re.compile(
    r"\b(?:goals?|targets?|aim\w*|by|to|lower(?:s|ed|ing)?|rais\w+|reduc\w+|limit\w*|keep|kept)\b",
    re.I,
)
"""What is to be reached, or the change, is no bound of those whom a statement is about."""


class Value(NamedTuple):
    """What was measured, and the figure it has or is bounded by."""

    what: str
    quantity: Quantity


def missed(question: str, statements: Sequence[str]) -> list[bool]:
    """Of each statement whether it bounds a value that the question gives, and misses it.

    None of them counts as missing a value that no other holds, for `transfuse below 7 g/dL` answers
    a question about a hemoglobin of 8 too.
    """
    asked = [v for v in _measured(question, TELLS) if not v.quantity.comparator]
    held = [_held(asked, statement) if asked else None for statement in statements]
    return [any(held) and one is False for one in held]


def _held(asked: Sequence[Value], statement: str) -> bool | None:
    """Whether a statement holds a value that was asked about; None when it bounds none."""
    told = [
        _within(bound.quantity, value.quantity.low)
        for value in asked
        for bound in _bounds(statement)
        if bound.what == value.what and _comparable(bound.quantity, value.quantity)
    ]
    known = [one for one in told if one is not None]
    return any(known) if known else None


@lru_cache(maxsize=4096)
def _bounds(statement: str) -> tuple[Value, ...]:
    return tuple(_measured(statement, NEAR))


def _measured(text: str, between: re.Pattern[str]) -> Iterator[Value]:
    names = list(NAMES.finditer(text))
    for start, _, quantity in placed(text) if names else ():
        before = [m for m in names if m.end() <= start]
        if before and before[-1].lastgroup:
            words = text[before[-1].end() : start]
            if between.fullmatch(words) and not AIMED.search(words):
                yield Value(before[-1].lastgroup, _counted(before[-1].lastgroup, quantity))


def _counted(what: str, quantity: Quantity) -> Quantity:
    """Platelets in thousands per µL, as they are mostly told; any other figure as it is."""
    if what != "platelets":
        return quantity
    times = THOUSAND if quantity.high >= THOUSAND else 1
    return quantity._replace(low=quantity.low / times, high=quantity.high / times, unit=())


def _comparable(bound: Quantity, value: Quantity) -> bool:
    """Whether two figures are in one unit; a value without any is told by its size."""
    if value.unit and bound.unit:
        return value.unit == bound.unit
    low, high = sorted((value.low, bound.high))
    return low > 0 and high <= ALIKE * low


def _within(bound: Quantity, value: float) -> bool | None:
    """Whether a value is within a bound; None where a figure bounds nothing."""
    match bound.comparator:
        case quantities.AT_LEAST:
            return value >= bound.low
        case quantities.OVER:
            return value > bound.low
        case quantities.AT_MOST:
            return value <= bound.high
        case quantities.UNDER:
            return value < bound.high
    return bound.low <= value <= bound.high if bound.low < bound.high else None
