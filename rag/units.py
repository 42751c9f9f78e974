"""Units of clinical text: how they are written, and which are the same."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pint import UnitRegistry

SPELLINGS: tuple[tuple[str, str], ...] = (
    (r"mm\s?hg", "mmHg"),
    (r"kilo ?pascals?|kpa", "kPa"),
    (r"milligrams?|mg", "mg"),
    (r"micrograms?|[µμ]g|mcg", "ug"),
    (r"nanograms?|ng", "ng"),
    (r"(?:kilograms?|kgs?)(?: of)? body ?weight|kilograms?|kilos?|kgs?", "kg"),
    (r"grams?|gm?", "g"),
    (r"millilit(?:er|re)s?|ml|cc", "mL"),
    (r"[µμ]l|microlit(?:er|re)s?", "uL"),
    (r"decilit(?:er|re)s?|dl", "dL"),
    (r"lit(?:er|re)s?|l", "L"),
    (r"millimoles?|mmol", "mmol"),
    (r"moles?|mol", "mol"),
    (r"micromoles?|[µμ]mol", "umol"),
    (r"milliequivalents?|meq", "mEq"),
    (r"international units?|i\.?u\.?", "IU"),
    (r"units?", "unit"),
    (r"percentage points?", "point"),
    (r"%|percent|per cent", "%"),
    (r"millimet(?:er|re)s?|mm", "mm"),
    (r"centimet(?:er|re)s?|cm", "cm"),
    (r"met(?:er|re)s?|m", "m"),
    (r"seconds?|secs?|s", "s"),
    (r"minutes?|mins?", "min"),
    (r"hours?|hourly|hrs?|h", "h"),
    (r"days?|daily|d", "day"),
    (r"weeks?|weekly|wks?", "week"),
    (r"months?|monthly|mos?", "month"),
    (r"years?|yearly|annually|annual|yrs?|y", "year"),
    (r"millisieverts?|msv", "mSv"),
    (r"gr[ae]ys?|gy", "Gy"),
    (r"°\s?c|degrees celsius", "degC"),
    (r"°\s?f|degrees fahrenheit", "degF"),
    (r"beats|bpm", "beat"),
    (r"breaths", "breath"),
    (r"doses?", "dose"),
    (r"tablets?", "tablet"),
    (r"puffs?", "puff"),
    (r"drops?", "drop"),
    (r"points?", "point"),
    (r"times?|×(?! ?10)", "time"),
    (r"courses?", "course"),
    (r"cycles?", "cycle"),
    (r"episodes?", "episode"),
    (r"pack-?\s?years?", "packyear"),
    (r"cells", "cell"),
    (r"m²|m2|square met(?:er|re)s?", "m2"),
    (r"mm³|mm3", "mm3"),
    (r"× ?10⁹", "e9"),
    (r"million", "million"),
)
"""How a unit is written, lower case, and its one name here; longer spellings before shorter."""

ONE = "|".join(f"(?:{pattern})" for pattern, _ in SPELLINGS)
EDGE = r"(?![^\W\d_])"
PER = r"(?:\s?/\s?|\s(?:per|a|an|each|every|in each)\s(?:1\.73 ?)?)"
UNIT = rf"(?:{ONE}){EDGE}(?:{PER}(?:1\.73 ?)?(?:{ONE}){EDGE}){{0,2}}"
"""A unit with what it is counted by, as `mg/kg per day`; matched without case."""

_SPLIT = re.compile(PER, re.IGNORECASE)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in SPELLINGS)
TIME = frozenset(("s", "min", "h", "day", "week", "month", "year"))


@cache
def canonical(text: str) -> tuple[str, ...]:
    """The names of a unit and of what it is counted by: `mg per kg/day` is `(mg, kg, day)`."""
    parts = _SPLIT.sub("/", text.strip()).replace("1.73", "").split("/")
    return tuple(_name(part.strip()) for part in parts)


def _name(text: str) -> str:
    return next((name for pattern, name in _COMPILED if pattern.fullmatch(text)), text.lower())


def factor(unit: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """What a value in the first unit is multiplied with to be in the other; None if it cannot."""
    if unit == other:
        return 1.0
    if len(unit) != len(other):
        return None
    return _factor(unit, other)


@cache
def _factor(unit: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    from pint.errors import PintError

    registry = _registry()
    try:
        found = registry.Quantity(1.0, _expression(unit)).to(_expression(other)).magnitude
    except PintError:
        return None
    return float(found)


def _expression(unit: tuple[str, ...]) -> str:
    return "/".join({"%": "percent", "m2": "m**2", "mm3": "mm**3"}.get(u, u) for u in unit)


@cache
def _registry() -> "UnitRegistry[float]":
    """Pint's units, and those of medicine that it lacks, which convert to nothing else."""
    from pint import UnitRegistry

    registry: UnitRegistry[float] = UnitRegistry()
    for name in ("IU", "unit", "mEq", "beat", "breath", "dose", "tablet", "puff", "drop", "cell"):
        registry.define(f"{name} = [{name}]")
    for name in ("time", "course", "cycle", "episode", "packyear", "million", "e9"):
        registry.define(f"{name}s_counted = [{name}]")
    return registry
