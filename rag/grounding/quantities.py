"""Numbers of clinical text, their units and comparators, and whether two texts agree on them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.grounding.units import TIME, UNIT, canonical, factor
from rag.types import Mismatch, Reason

WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split(" ")
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "half": 0.5}
FREQUENCIES = {
    "once": 1.0, "twice": 2.0, "thrice": 3.0, "one time": 1.0, "two times": 2.0,
    "three times": 3.0, "four times": 4.0, "five times": 5.0, "six times": 6.0,
}  # fmt: skip
FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER = rf"(?:{FIGURE}|\b(?:{'|'.join(WORDS)})\b)"
DASH = r"(?:\s?[–—-]\s?|\s(?:to|through)\s)"

AT_LEAST, OVER, AT_MOST, UNDER = "≥", ">", "≤", "<"
BEFORE: tuple[tuple[str, str], ...] = (
    (AT_LEAST, r"≥\s?|>=\s?|at least (?:every )?|no (?:less|fewer) than |not (?:less|fewer) than |"
               r"(?:a )?minimum(?: of)? |minimum \w+ of |no (?:earlier|sooner) than "),
    (AT_MOST, r"≤\s?|<=\s?|at most |up to (?:a maximum of )?|"
              r"no (?:more|later|longer|greater) than |not (?:more|later|longer) than |"
              r"(?:a )?max(?:imum|\.)?(?: \w+)?(?: of|,)? |"
              r"not (?:to )?exceed(?:ing)? |within (?:the first |the last )?"),
    (OVER, r"(?<![=≥])>\s?|(?:more|greater|older|higher|longer|larger|later) than |"
           r"over (?:the age of )?|above (?:the age of )?|exceed(?:s|ing) |beyond "),
    (UNDER, r"(?<![=≤])<\s?|(?:less|fewer|younger|lower|shorter|smaller|earlier|sooner) than |"
            r"below (?:the age of )?|under (?:the age of )?"),
)  # fmt: skip
AFTER: tuple[tuple[str, str], ...] = (
    (AT_LEAST, r"(?:of age )?(?:or|and) (?:more|older|over|above|higher|greater|longer|later|up)\b|"
               r"or beyond|at (?:the )?least\b"),
    (AT_MOST, r"(?:of age )?(?:or|and) (?:less|fewer|younger|under|below|lower|shorter)\b|"
              r"at (?:the )?most\b"),
)  # fmt: skip
_BEFORE = "|".join(f"(?P<b{i}>{pattern})" for i, (_, pattern) in enumerate(BEFORE))
_AFTER = "|".join(f"(?P<a{i}>{pattern})" for i, (_, pattern) in enumerate(AFTER))

QUANTITY = re.compile(
    rf"(?:(?:{_BEFORE})(?:about |approximately |around )?(?:a |an )?)?"
    rf"(?<![\w.])(?P<low>{NUMBER})(?![\d.]*\d)"
    rf"(?:\s?(?P<lowunit>{UNIT}))?"
    rf"(?:(?P<dash>{DASH})(?P<high>{NUMBER}))?"
    rf"(?:/(?P<pair>{FIGURE}))?"
    rf"(?:[\s-]?(?P<unit>{UNIT}))?"
    rf"(?:\s(?:{_AFTER}))?",
    re.IGNORECASE,
)
NAMELIKE = re.compile(r"(?<![\w.])(?:\d+-[A-Z]{2,}\w*|\w*[A-Za-zα-ω]\w*-?\d[\w-]*)")
"""Digits that are part of a name: SGLT-2, HbA1c, 5-HT3, B12."""

INTERVAL = re.compile(
    rf"\bevery (?P<number>{NUMBER})?(?:{DASH}(?P<high>{NUMBER}))?\s?(?P<unit>{UNIT})|"
    rf"\b(?P<rate>{'|'.join(FREQUENCIES)})"
    r"(?:,? (?:a|per|each|every) |[ -])"
    r"(?P<of>day|daily|week|weekly|month|monthly|year|yearly|hour)\b|"
    r"(?<![\w-])(?P<plain>hourly|daily|weekly|monthly|yearly|annually|nightly)\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(rf"\bbetween (?P<low>{NUMBER}(?: ?{UNIT})?) and (?=\d)", re.IGNORECASE)
APART = re.compile(r"\s+")
LASTING = re.compile(r"over ", re.IGNORECASE)
"""Before a short time it tells how long, before an age or a value that it is more."""

SHORT = {("s",), ("min",), ("h",)}
CLOSE = 1.005
"""Values whose ratio is within this are the same: 98.6 °F was rounded, and so is 0.1667."""


class Quantity(NamedTuple):
    """A number or a range as it is said, with its unit and what it is compared by."""

    words: str
    low: float
    high: float
    unit: tuple[str, ...]
    comparator: str = ""
    pair: float | None = None


def quantities(text: str) -> list[Quantity]:
    """Every number of a text that is not part of a name, in order."""
    text = NAMELIKE.sub(lambda found: "\0" * len(found[0]), _spaced(text))
    return [_quantity(match) for match in QUANTITY.finditer(text) if _counts(match)]


def rates(text: str) -> list[Quantity]:
    """How often: `twice daily` and `every 12 hours` are both 2 per day."""
    return [rate for match in INTERVAL.finditer(_spaced(text)) if (rate := _rate(match))]


def disagreements(statement: str, source: str) -> Iterator[Reason]:
    """The numbers, units, comparators and rates of a statement that the source does not give."""
    yield from _unmatched(quantities(statement), quantities(source))
    theirs = rates(source)
    for rate in rates(statement):
        if not any(_same_values(rate, other, 1.0) for other in theirs):
            nearest = theirs[0].words if theirs else ""
            yield Reason(mismatch=Mismatch.NUMBER, words=rate.words, source=nearest)


def _unmatched(ours: Sequence[Quantity], theirs: Sequence[Quantity]) -> Iterator[Reason]:
    for quantity in ours:
        reasons = [_difference(quantity, other) for other in theirs]
        if None in reasons:
            continue
        found = [reason for reason in reasons if reason is not None]
        unknown = Reason(mismatch=Mismatch.NUMBER, words=quantity.words)
        yield min(found, key=_closeness, default=unknown)


def _closeness(reason: Reason) -> int:
    """A statement that differs in the comparator alone is nearer than one with another number."""
    return (Mismatch.COMPARATOR, Mismatch.UNIT, Mismatch.NUMBER).index(reason.mismatch)


def _difference(ours: Quantity, theirs: Quantity) -> Reason | None:
    """In what one quantity differs from another; None when they say the same."""
    times = _times(ours, theirs)
    if times is None or not _same_values(ours, theirs, times):
        other_unit = times != 1.0 and _same_values(ours, theirs, 1.0)
        kind = Mismatch.UNIT if other_unit else Mismatch.NUMBER
    elif ours.comparator != theirs.comparator:
        kind = Mismatch.COMPARATOR
    else:
        return None
    return Reason(mismatch=kind, words=ours.words, source=theirs.words)


def _times(ours: Quantity, theirs: Quantity) -> float | None:
    """The factor between two units; a statement need not repeat the unit."""
    if not ours.unit or (not theirs.unit and ours.unit == ("year",)):
        return 1.0
    return factor(ours.unit, theirs.unit) if theirs.unit else None


def _same_values(ours: Quantity, theirs: Quantity, times: float) -> bool:
    return (
        _near(ours.low * times, theirs.low)
        and _near(ours.high * times, theirs.high)
        and (ours.pair is None) == (theirs.pair is None)
        and _near(ours.pair or 1.0, theirs.pair or 1.0)
    )


def _near(one: float, other: float) -> bool:
    low, high = sorted((one, other))
    return high == low or (low > 0 and high / low < CLOSE)


def _spaced(text: str) -> str:
    return BETWEEN.sub(r"\g<low> to ", APART.sub(" ", text))


def _counts(match: re.Match[str]) -> bool:
    """`one` alone is an article or a pronoun more often than a number."""
    is_word = match["low"].lower() in WORDS
    return not is_word or bool(
        match["unit"] or match["lowunit"] or match["high"] or _compared(match)
    )


def _quantity(match: re.Match[str]) -> Quantity:
    low = _value(match["low"])
    high = _value(match["high"]) if match["high"] else low
    unit = canonical(match["unit"] or match["lowunit"]) if match["unit"] or match["lowunit"] else ()
    pair = float(match["pair"]) if match["pair"] else None
    words = match[0].strip()
    lasts = unit[:1] in SHORT and LASTING.match(words)
    return Quantity(words, low, high, unit, "" if lasts else _compared(match), pair)


def _compared(match: re.Match[str]) -> str:
    groups = match.groupdict()
    before = (sign for i, (sign, _) in enumerate(BEFORE) if groups[f"b{i}"])
    after = (sign for i, (sign, _) in enumerate(AFTER) if groups[f"a{i}"])
    return next(before, None) or next(after, "")


def _rate(match: re.Match[str]) -> Quantity | None:
    if match["plain"]:
        number, unit = 1.0, _time(match["plain"])
    elif match["rate"]:
        number, unit = FREQUENCIES[match["rate"].lower()], _time(match["of"])
    else:
        every = canonical(match["unit"])
        if every[0] not in TIME:
            return None
        slowest = _value(match["high"] or match["number"] or "1")
        number, unit = 1 / slowest if slowest else 0.0, every[0]
    per_day = (factor(("day",), (unit,)) or 1.0) * number
    return Quantity(match[0].strip(), per_day, per_day, ())


def _time(word: str) -> str:
    return {"nightly": "day"}.get(word.lower()) or canonical(word)[0]


def _value(text: str) -> float:
    return float(WORDS[text.lower()] if text.lower() in WORDS else text.replace(",", ""))
