"""The ages that a question names, and those that a statement is about; pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

from rag.quantities import AT_LEAST, AT_MOST, OVER, UNDER, Quantity, placed

DAYS = 365.25
YEARS = {
    "h": 1 / 24 / DAYS,
    "day": 1 / DAYS,
    "week": 7 / DAYS,
    "month": 1 / 12,
    "year": 1.0,
}
"""The units that an age is told in, in years; what has no unit is in years."""

TIMED = re.compile(r"\d|\b(?:years?|months?|weeks?|days?|hours?)\b", re.I)
"""What names an age in figures has at least one of these."""

OLDEST = 120
EARLIEST_BIRTH = 22
"""Weeks: what is said of newborns in more of them is the length of pregnancy."""

PERSON = (
    r"\b(?:adults?|children|child|people|persons?|patients?|(?:wo)?m[ae]n|infants?|bab(?:y|ies)|"
    r"newborns?|neonates?|boys?|girls?|toddlers?|adolescents|those|anyone|everyone)"
)
AGED = re.compile(r"\b(?:aged|the ages?(?: of)?|an earlier age than)(?: about| around)?\s$", re.I)
NAMED = re.compile(r"\bages?(?:[:=]| of| is| was)?\s$", re.I)
"""`age 34` tells of the one asked about; of a statement, that age is one factor among others."""

OF_PEOPLE = re.compile(rf"{PERSON}(?:, | \()?\s?$", re.I)
YOUNGER = re.compile(r"\b(?:younger|older|the age of)\b", re.I)
PLAIN = re.compile(r"(?:[≥≤<>]|below|under|over|above|not yet|\d)", re.I)
OLD = re.compile(r"[\s-]*(?:old\b|of age\b)", re.I)
OLD_PERSON = re.compile(r"[\s-](?:boy|girl|(?:wo)?man|(?:fe)?male|child|baby|infant)\b", re.I)
FROM = re.compile(
    r"\b(?:from|after|since|at or beyond|(?:begins?|starts?|starting) at) (?:the age of )?$", re.I
)
UNTIL = re.compile(r"\b(?:until|till|up to) (?:the age of )?$", re.I)
EARLIER = re.compile(r"\b(?:before (?:the age of )?|an earlier age than )$", re.I)
NO_LIMIT = re.compile(
    r"\b(?:even|particularly|especially|mainly|mostly|usually|often|commonly|such as|"
    r"including|includes?|e\.g\.|than (?:in|for|among)|not only)\b[^,.;:]{0,30}$|"
    r"\b(?:relatives?|parents?|mother|father|siblings?|sisters?|brothers?|menopause|menarche|"
    r"onset|diagnos\w+|died|deaths?|history)\b[^,.;:]{0,20}$",
    re.I,
)
"""What stands before an age that leaves no one out, or that somebody else had."""

NO_AGE = re.compile(
    r"\s?(?:(?:after|before|ago|apart|post|since|later|into|from|out|away|pregnan\w*|gestation\w*|"
    r"history|risk|in a row|more than|on)\b|g\b)",
    re.I,
)
OR_ELSE = re.compile(r"[^,.;:]{0,4},? or (?:with|when|if|those|who|after)\b", re.I)
BETWEEN = re.compile(
    r"\b(?:between|from) (?P<ages>(?:the )?ages? (?:of )?)?"
    r"(?P<low>[\w.]+(?: (?:years?|months?|weeks?|days?|hours?))?) (?:and|to) (?=\d|about \d)",
    re.I,
)
ABOUT = re.compile(r"(?<=\bto )about (?=\d)", re.I)

SHORT = re.compile(
    r"(?<![\w.,/])(?:(?P<years>\d{1,3})[\s-]?(?:(?:yo|y/o|y\.o\.?)(?![\w/])|"
    r"yr?s?(?=[\s-]?(?:[MFmf]|(?:fe)?male|lady|gentleman)\b))|"
    r"(?P<before>\d{1,2})/?[MFmf](?![\w/])|[MF](?P<after>\d{2})(?![\w.%/]))"
)
SUBJECT = (
    r"\bi(?: am|['’]m| just turned| turned)|\b(?:he|she|who|mum|mom|mother|dad|father|gran\w*|nan|"
    r"husband|wife|partner|son|daughter|brother|sister|aunt|uncle|friend|kid|pt|patient|woman|"
    r"man|boy|girl|child)(?: is| was|['’]s| turns| just turned| turned)"
)
IS = re.compile(
    rf"(?:{SUBJECT}) (?:now |only |just |almost |nearly |already )?(?P<years>\d{{1,3}})"
    r"(?=(?: years?| yrs?)?\s?(?:[,;?!]|\.(?!\d)|$|"
    r"(?:and|with|who|but|so|has|on(?! (?:his|her|the|my)\b))\b))",
    re.I,
)
DECADE = re.compile(
    r"\b(?:her|his|their|my|the) (?:(?:early|mid|late)[ -])?"
    r"(?:(?P<years>[2-9]0)['’]?s|(?P<word>twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies)\b",
    re.I,
)
TENS = dict(
    zip(
        ("twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"),
        range(20, 100, 10),
        strict=True,
    )
)


class Range(NamedTuple):
    """Ages in years, from the first up to, but without, the second."""

    low: float
    high: float


CHILDREN, ADULTS = Range(0, 16), Range(18, inf)
"""What the words alone say: a child is younger than those who are treated as adults."""

YOUNG = re.compile(r"\b(?:child(?:ren|['’]s)?|pa?ediatric\w*|boys?|girls?|kids?)\b", re.I)
GROWN = re.compile(r"\b(?:adults?|(?:wo)?m[ae]n)\b", re.I)
WORDS = (
    (re.compile(r"\b(?:newborns?|neonat\w+)\b", re.I), Range(0, 28 / DAYS)),
    (re.compile(r"\binfants?\b", re.I), Range(0, 1)),
    (re.compile(r"\btoddlers?\b", re.I), Range(1, 4)),
    (YOUNG, CHILDREN),
    (re.compile(r"\b(?:adolescen\w+|teen\w+)\b", re.I), Range(10, 20)),
    (re.compile(r"\b(?:elderly|octogenarians?|nonagenarians?)\b", re.I), Range(65, inf)),
    (GROWN, ADULTS),
)


@lru_cache(maxsize=4096)
def ages(statement: str) -> tuple[Range, ...]:
    """The ranges of age that a statement is about; none when it holds for any age."""
    if not TIMED.search(statement):
        return ()
    text = _plain(statement)
    limits = tuple(
        found
        for start, end, quantity in placed(text)
        if _is_age(text, start, end, quantity)
        and not NO_LIMIT.search(text[:start])
        and not OR_ELSE.match(text[end:])
        and (found := _range(text[:start], quantity))
    )
    return limits + tuple(_others(text, limits))


@lru_cache(maxsize=8)
def asked(question: str) -> tuple[Range, ...]:
    """The ages that a question names in figures, or else in words."""
    text = _plain(question)
    return tuple(_named(text)) or tuple(span for word, span in WORDS if word.search(text))


def leaves_out(statement: str, question: str) -> bool:
    """Whether every range of age of a statement leaves out every age of a question."""
    named = asked(question)
    limits = ages(statement) if named else ()
    return bool(limits) and not _meet(limits, named)


def holds(statement: str, question: str) -> bool:
    """Whether a range of age of a statement holds an age of a question."""
    named = asked(question)
    return bool(named) and _meet(ages(statement), named)


def _others(text: str, limits: Sequence[Range]) -> Iterator[Range]:
    """Those of whom a text that limits the age of children, or of adults, speaks as well."""
    if limits and all(limit.high <= ADULTS.low for limit in limits) and GROWN.search(text):
        yield ADULTS
    if limits and all(limit.low >= CHILDREN.high for limit in limits) and YOUNG.search(text):
        yield CHILDREN


def _meet(ranges: Sequence[Range], others: Sequence[Range]) -> bool:
    return any(r.low < other.high and other.low < r.high for r in ranges for other in others)


def _plain(text: str) -> str:
    one_line = " ".join(text.split())
    as_to = BETWEEN.sub(lambda m: f"{'aged ' if m['ages'] else ''}{m['low']} to ", one_line)
    return ABOUT.sub("", as_to)


def _named(text: str) -> Iterator[Range]:
    for match in (*SHORT.finditer(text), *IS.finditer(text)):
        years = int(next(filter(None, match.groups())))
        if years <= OLDEST:
            yield Range(years, years + 1)
    for match in DECADE.finditer(text):
        tens = int(match["years"]) if match["years"] else TENS[match["word"].lower()]
        yield Range(tens, tens + 10)
    for start, end, quantity in placed(text):
        before, after = text[:start], text[end:]
        is_named = NAMED.search(before) or (quantity.unit and OLD_PERSON.match(after))
        is_age = _is_age(text, start, end, quantity) or (is_named and _may_be_age(quantity))
        if is_age and not NO_LIMIT.search(before):
            yield _range(before, quantity) or _point(quantity)


def _may_be_age(quantity: Quantity) -> bool:
    unit = quantity.unit or ("year",)
    if len(unit) > 1 or unit[0] not in YEARS or quantity.pair is not None:
        return False
    return quantity.high * YEARS[unit[0]] <= OLDEST


def _is_age(text: str, start: int, end: int, quantity: Quantity) -> bool:
    """Whether a quantity is how old people are, and not how long, how often or how likely."""
    before, after = text[:start], text[end:]
    if not _may_be_age(quantity) or (NAMED.search(before) and not AGED.search(before)):
        return False
    if OLD.match(after) or AGED.search(before) or YOUNGER.search(quantity.words):
        return True
    is_limit = bool(quantity.comparator) or quantity.low < quantity.high
    is_gestation = quantity.unit == ("week",) and quantity.high >= EARLIEST_BIRTH
    is_said = OF_PEOPLE.search(before) and PLAIN.match(quantity.words)
    return bool(is_said and is_limit and not is_gestation and not NO_AGE.match(after))


def _range(before: str, quantity: Quantity) -> Range | None:
    """The ages a quantity limits; none where it gives but one."""
    unit = _years(quantity)
    low, high = quantity.low * unit, quantity.high * unit
    sign, before = quantity.comparator, before if low == high else ""
    if sign in (AT_LEAST, OVER) or FROM.search(before):
        return Range(low, inf)
    if sign == UNDER or EARLIER.search(before):
        return Range(0.0, high)
    if sign == AT_MOST or UNTIL.search(before):
        return Range(0.0, high + unit)
    return Range(low, high + unit) if low < high else None


def _point(quantity: Quantity) -> Range:
    unit = _years(quantity)
    return Range(quantity.low * unit, (quantity.low + 1) * unit)


def _years(quantity: Quantity) -> float:
    """The unit of an age in years."""
    return YEARS[quantity.unit[0] if quantity.unit else "year"]
