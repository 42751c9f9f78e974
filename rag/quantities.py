"""Numbers of clinical text with their units and comparators, and how often; pure."""

import re
from typing import NamedTuple

from rag.units import TIME, UNIT, canonical, factor

WORDS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split(" ")
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0, "half": 0.5}
TIMES = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER = rf"(?:{FIGURE}|\b(?:{'|'.join(WORDS)})\b)"
DASH = r"(?:\s?[–—-]\s?|\s(?:to|through)\s)"

AT_LEAST, OVER, AT_MOST, UNDER = "≥", ">", "≤", "<"
BEFORE: tuple[tuple[str, str], ...] = (
    (AT_LEAST, r"(?:equal to or )?(?:greater|more|higher) than or equal to |"
               r"equal to or (?:greater|more|higher) than |"
               r"not (?:go |fall |drop |be )?(?:below|under) |"
               r"(?:reached|turned) (?:the age of )?|starting (?:at|from) (?:the age of )?|"
               r"≥\s?|>=\s?|at least (?:every |(?:the|their|its) (?:first |last )?)?|"
               r"(?:no|not) (?:less|fewer|lower|smaller|younger|shorter) than (?:the )?|"
               r"(?:a )?minimum(?: of)? |minimum \w+ of |no (?:earlier|sooner) than "),
    (AT_MOST, r"(?:less|lower|fewer) than or equal to |equal to or (?:less|lower|fewer) than |"
              r"not (?:go |rise |be )?(?:above|over|beyond) |capped at |"
              r"(?:limit|ceiling) (?:of|is) |as (?:many|much|long|high) as |"
              r"≤\s?|<=\s?|at most |up to (?:a (?:maximum|total) of |(?:the )?age of )?|"
              r"(?:no|not) (?:more|later|longer|greater|higher|larger|older) than |"
              r"(?:max(?:imum|imal)?|limit|ceiling)(?: [\w-]+){0,9} (?:is|was)(?: usually)? |"
              r"(?:a )?max(?:imum|\.)?(?: \w+){0,2}(?: of|,)? |"
              r"not (?:to )?exceed(?:ing)? |within (?:the first |the last )?"),
    (OVER, r"(?<![=≥])>\s?|(?:more|greater|older|higher|longer|larger|later) than |"
           r"over (?:the age of )?|above (?:the age of )?|exceed(?:s|ed|ing) |"
           r"(?:beyond|past) (?:the age of )?|in excess of |upwards of "),
    (UNDER, r"(?<![=≤])not yet |(?<![=≤])<\s?|"
            r"(?:less|fewer|younger|lower|shorter|smaller|earlier|sooner) than |"
            r"before (?=\d+(?:\.\d)?(?: (?:weeks|months|years)\b|[);,.]))|"
            r"below (?:the age of )?|under (?:the age of )?"),
)  # fmt: skip
AFTER: tuple[tuple[str, str], ...] = (
    (AT_LEAST, r"(?:of age )?(?:or|and) "
               r"(?:more|older|over|above|higher|greater|longer|later|up(?! to)|upwards?|beyond)\b"
               r"(?!\s*\d| than)|"
               r"at (?:the )?(?:very )?least\b(?!\s*\d)|(?:(?:is|as|at) (?:the|an?) )?minimum\b"),
    (AT_MOST, r"(?:of age )?(?:or|and) "
              r"(?:less|fewer|younger|under|below|lower|shorter|sooner|earlier)\b(?!\s*\d| than)|"
              r"at (?:the )?(?:very )?most\b(?!\s*\d)|"
              r"(?:(?:is|as|at) (?:the|an?) )?(?:upper |daily )?(?:maximum|limit)\b"),
)  # fmt: skip
_BEFORE = "|".join(f"(?P<b{i}>{pattern})" for i, (_, pattern) in enumerate(BEFORE))
_AFTER = "|".join(f"(?P<a{i}>{pattern})" for i, (_, pattern) in enumerate(AFTER))

QUANTITY = re.compile(
    rf"(?:(?:{_BEFORE})(?:about |approximately |around |some )?(?:a |an )?)?"
    rf"(?<![\w.])(?P<low>{NUMBER})(?![\d.]*\d)"
    rf"(?:\s?(?P<lowunit>{UNIT}))?"
    rf"(?:(?P<dash>{DASH})(?P<high>{NUMBER}))?"
    rf"(?:/(?P<pair>{FIGURE}))?"
    rf"(?:[\s-]?(?P<unit>{UNIT}))?"
    rf"(?:(?:\s?\([^()]*\)|\s(?!and\b|or\b|to\b)[^\W\d][^\s,;()]*"
    r"(?=\s(?:or|and)\s)|"
    r"(?:\s(?!and\b|or\b|to\b|with\b)[^\W\d]\w*){1,3}"
    r"(?=\sat\s(?:the\s)?(?:most|least)(?:[,;.)]|$)))?"
    rf"\s(?:{_AFTER})(?:\s(?P<late>{UNIT}))?)?",
    re.IGNORECASE,
)
NAMELIKE = re.compile(r"(?<![\w.])(?:\d+-[A-Z]{2,}\w*|\w*[A-Za-zα-ω]\w*-?\d[\w-]*)")
"""Digits that are part of a name: SGLT-2, HbA1c, 5-HT3, B12."""

INTERVAL = re.compile(
    rf"\b(?:once )?every (?P<number>{NUMBER})?(?:{DASH}(?P<high>{NUMBER}))?\s?(?P<unit>{UNIT})|"
    rf"\b(?P<rate>{'|'.join(TIMES)}|{NUMBER} times?)"
    r"(?:,? (?:a|per|each|every) |[ -])"
    r"(?P<of>day|daily|week|weekly|month|monthly|year|yearly|hour)\b|"
    r"(?<![\w-])(?P<plain>hourly|daily|weekly|monthly|yearly|annual(?:ly)?|biennial(?:ly)?|nightly)\b",
    re.IGNORECASE,
)
EACH = re.compile(
    r"\b(?:each|every(?= night)) (?P<plain>day|night|week|month|year)\b", re.IGNORECASE
)
BETWEEN = re.compile(rf"\bbetween (?P<low>{NUMBER}(?: ?{UNIT})?) and (?={NUMBER})", re.IGNORECASE)
LASTING = re.compile(r"over (?:about |around |some |approximately )?(?=\d|\w+ )", re.IGNORECASE)
"""Before a time it tells how long; before an age, or a value, that it is more."""

AGED = re.compile(r"\s?(?:old|of age)\b", re.IGNORECASE)
IDEALLY = re.compile(r"(?: and|,| \()?\s*(?:(?:ideally|preferably|optimally)\s)?\s*")
LISTED = re.compile(r"\s?(?:,|and|or|to|, and|, or|/)\s?(?:at )?")
LABEL = re.compile(
    r"\b(?:[A-Z]\w+|(?:[Gg]rade|[Ss]tage|[Cc]ategory|[Cc]lass|[Tt]ype|[Ss]tep|[Ll]evel)) \d$"
    r"|\b[Aa]ged? \d+$"
)
"""A figure that is part of a name, and no amount of anything."""

COUNTS = {"point", "time"}
LASTING_UNITS = {("s",), ("min",), ("h",), ("day",), ("week",)}


class Quantity(NamedTuple):
    """A number or a range as it is said, with its unit and what it is compared by."""

    words: str
    low: float
    high: float
    unit: tuple[str, ...]
    comparator: str = ""
    pair: float | None = None


def quantities(text: str, every: bool = False) -> list[Quantity]:
    """Every number of a text that is not part of a name or of how often, in order.

    Number words that stand alone count only if `every` is asked for.
    """
    return [quantity for _, quantity in _found(text, every)]


def placed(text: str) -> list[tuple[int, int, Quantity]]:
    """Every quantity and rate of a text with where it stands, in order."""
    found = [(m.start(), m.end(), quantity) for m, quantity in _found(text, every=True)]
    matches = INTERVAL.finditer(_spaced(text))
    found += [(m.start(), m.end(), rate) for m in matches if (rate := _rate(m))]
    return sorted(found)


def _found(text: str, every: bool) -> list[tuple[re.Match[str], Quantity]]:
    matches = QUANTITY.finditer(_masked(text))
    found = [(m, _quantity(m, text)) for m in matches if every or _counts(m)]
    for i in range(len(found) - 2, -1, -1):
        (match, quantity), (following, other) = found[i], found[i + 1]
        between = text[match.end() : following.start()]
        is_label = LABEL.search(text[: match.end()])
        if not (quantity.unit or is_label) and other.unit and LISTED.fullmatch(between):
            found[i] = (match, quantity._replace(unit=other.unit))
        is_list = between == " (" or LISTED.fullmatch(between) or IDEALLY.fullmatch(between)
        is_same = between == " (" or quantity.unit == other.unit
        if quantity.comparator and not other.comparator and is_list and is_same:
            found[i + 1] = (following, other._replace(comparator=quantity.comparator))
    return found


def without_quantities(text: str) -> str:
    """The text with its numbers, their comparators and intervals blanked, letter by letter."""
    blank = _masked(text)
    return QUANTITY.sub(lambda m: " " * len(m[0]) if _counts(m) else m[0], blank).replace("\0", " ")


def rates(text: str) -> list[Quantity]:
    """How often: `twice daily` and `every 12 hours` are both 2 per day."""
    spaced = _spaced(text)
    matches = (*INTERVAL.finditer(spaced), *EACH.finditer(spaced))
    found = [rate for match in matches if (rate := _rate(match))]
    of_doses = (q for q in quantities(text) if len(q.unit) > 1 and q.unit[-1] == "day")
    return [*found, *(Quantity(q.words, 1.0, 1.0, ()) for q in of_doses)]


def spans(text: str) -> list[Quantity]:
    """The times between: `every 10 years` is 10 years."""
    found = (match for match in INTERVAL.finditer(_spaced(text)) if match["number"])
    return [quantity for m in found for quantity in quantities(m[0][m[0].index(m["number"]) :])]


def _masked(text: str) -> str:
    """The text with digits of names and intervals out of sight, every other letter in its place."""

    def hide(match: re.Match[str]) -> str:
        return "\0" * len(match[0])

    return NAMELIKE.sub(hide, INTERVAL.sub(hide, _spaced(text)))


def _spaced(text: str) -> str:
    return BETWEEN.sub(
        lambda m: f"{m[0][len('between ') : -len(' and ')]} to ".rjust(len(m[0])), text
    )


def _counts(match: re.Match[str]) -> bool:
    """`one` alone is an article or a pronoun more often than a number."""
    is_word = match["low"].lower() in WORDS
    return not is_word or bool(
        match["unit"] or match["lowunit"] or match["high"] or _compared(match)
    )


def _quantity(match: re.Match[str], text: str) -> Quantity:
    is_single = match["high"] is None and match["pair"] is None
    written = (
        (match["lowunit"] if is_single else None)
        or match["unit"]
        or match["lowunit"]
        or match["late"]
    )
    unit = tuple(u for u in canonical(written) if u not in COUNTS) if written else ()
    low, high = _value(match["low"]), _value(match["high"] or match["low"])
    if match["high"] and match["lowunit"] and match["unit"]:
        low *= factor(canonical(match["lowunit"]), unit) or 1.0
    words = match[0].strip()
    lasts = unit in LASTING_UNITS and LASTING.match(words) and not AGED.match(text, match.end())
    pair = _value(match["pair"]) if match["pair"] else None
    return Quantity(words, low, high, unit, "" if lasts else _compared(match), pair)


def _compared(match: re.Match[str]) -> str:
    groups = match.groupdict()
    before = (sign for i, (sign, _) in enumerate(BEFORE) if groups[f"b{i}"])
    after = (sign for i, (sign, _) in enumerate(AFTER) if groups[f"a{i}"])
    return next(before, None) or next(after, "")


def _rate(match: re.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    if single := groups["plain"]:
        number, unit = 0.5 if single.startswith("bi") else 1.0, _time(single)
    elif rate := groups["rate"]:
        word = rate.lower().removesuffix("s").removesuffix(" time")
        number, unit = TIMES.get(rate.lower()) or _value(word), _time(groups["of"] or "")
    else:
        every = canonical(groups["unit"] or "")
        if every[0] not in TIME:
            return None
        slowest = _value(groups["high"] or groups["number"] or "1")
        number, unit = 1 / slowest if slowest else 0.0, every[0]
    per_day = (factor(("day",), (unit,)) or 1.0) * number
    return Quantity(match[0].strip(), per_day, per_day, ())


def _time(word: str) -> str:
    named = {"nightly": "day", "night": "day", "biennial": "year", "biennially": "year"}
    return named.get(word.lower()) or canonical(word)[0]


def _value(text: str) -> float:
    return WORDS[text.lower()] if text.lower() in WORDS else float(text.replace(",", ""))
