"""The same numbers, limits and units written in another way."""

import re
from collections.abc import Iterator
from functools import partial
from re import Match

from eval.mutating.rewording import Told, capital, each, wordings

WORDS = "one two three four five six seven eight nine ten".split(" ")
UNIT = (
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|doses|episodes|attacks|sets|points|drugs|"
    r"recurrences|drinks)"
)
COUNT = re.compile(rf"(?<![\d.,/–≥≤<>+-])(?<! to )(?<!and )(?<! or )\b(?P<n>[2-9]|10)(?= {UNIT}\b)")
COUNTED = re.compile(
    rf"(?<!to )\b(?P<n>{'|'.join(WORDS[1:])})(?= (?:or more |consecutive )?{UNIT}\b)", re.I
)
RANGE = re.compile(
    r"(?<![\d.,/])(?P<low>\d[\d.,]*)(?P<unit>%?) to (?P<high>\d[\d.]*%?)"
    r"(?= (?:mg|g|µg|mL|mmol|mg/dL|g/dL|units|hours|days|weeks|months|years|minutes|points|mmHg|"
    r"kPa)\b|%)"
)
CHANGED = re.compile(
    r"\b(?:lower|rais|increas|reduc|titrat|chang|fell|rose)\w*\b[^,;.]* from $", re.I
)
"""What stands before two amounts of which the second takes the place of the first."""

LEVEL = (
    r"(?<!ed )(?<!falls )(?<!fall )(?<!drops )(?<!rises )(?<!kept )(?<!stays )(?<!remains )"
    r"(?<!reach )(?<!or )"
)
"""Before a limit that is no place to which something moves or where it stays."""

DIGIT = r"(?= ?\d)"
SIGNS = wordings(
    (
        (rf"at least {DIGIT}", "≥"),
        (rf"{LEVEL}below {DIGIT}", "<"),
        (rf"{LEVEL}above {DIGIT}", ">"),
        (rf"(?<!no )(?<!not )less than {DIGIT}", "<"),
        (rf"(?<!no )(?<!not )more than {DIGIT}", ">"),
        (rf"at most {DIGIT}", "≤"),
        (r"aged (\d+) years or older", r"aged ≥\1 years"),
        (r"(\d+(?:/\d+)?) mmHg or higher", r"≥\1 mmHg"),
        (r"(\d+) or more(?= (?:days|months|weeks|points|episodes|triptans|headache))", r"≥\1"),
    )
)
SPOKEN = (
    ("≥", "at least "),
    ("≥", "no less than "),
    ("≤", "at most "),
    ("≤", "no more than "),
    ("<", "below "),
    ("<", "less than "),
    (">", "above "),
    (">", "more than "),
)
LIMITS = wordings(
    (
        (r"(?<!of )at least(?= (?:\d|two|three|four|five|six|ten|one))", "a minimum of"),
        (r"(?<!of )at least(?= (?:\d|two|three|four|five|six|ten|one))", "not less than"),
        (r"at most(?= \d)", "no more than"),
        (r"at most(?= \d)", "a maximum of"),
        (r"below(?= \d)", "under"),
        (rf"{LEVEL}below(?= \d)", "less than"),
        (r"above(?= \d)", "over"),
        (rf"{LEVEL}above(?= \d)", "more than"),
        (r"(?<!no )(?<!not )less than(?= \d)", "under"),
        (r"(?<!no )(?<!not )(?<!over )more than(?= \d)(?! \d+ episode)", "over"),
        (r"aged (\d+) years or older", r"aged \1 and over"),
        (r"aged (\d+) years or older", r"who are at least \1 years old"),
        (r"aged (\d+) to (\d+) years", r"between \1 and \2 years of age"),
        (r"aged (\d+) to (\d+) years", r"\1 to \2 years old"),
        (r"younger than (\d+) years", r"under the age of \1 years"),
        (r"younger than (\d+) years", r"below \1 years of age"),
        (r"older than (\d+) years", r"over \1 years of age"),
        (r"or higher", "or above"),
        (r"(?<=\d )or more", "or above"),
        (r"(?<=days )or less", "or fewer"),
        (r"between (\d+) and (\d+) (weeks|months|years)", r"from \1 to \2 \3"),
    )
)
WITHIN = re.compile(r"\bwithin (\d+) (hours|days|weeks) of(?! onset or of)")
FORBIDS = re.compile(r"\b(?:not|no|never|nor)\b")
APART = r"(?<![\d.,/–-])(?<!to )(?<!and )(?<!or )(?<!every )"
"""Before an amount that is no part of a range or a row, whose unit would serve the others too."""

UNITS = wordings(
    (
        (r"µg", "mcg"),
        (r"µg", "micrograms"),
        (r"mmHg", "mm Hg"),
        (r"(?<=\d )hours", "h"),
        (r"(?<=\d )minutes", "min"),
        (rf"{APART}1000 mg(?!/)", "1 g"),
        (rf"{APART}500 mg(?!/)", "0.5 g"),
        (rf"{APART}1 g(?!/)", "1000 mg"),
        (rf"{APART}2 g(?!/)", "2000 mg"),
        (rf"{APART}14 days", "2 weeks"),
        (rf"{APART}7 days", "1 week"),
        (rf"{APART}2 weeks", "14 days"),
        (rf"{APART}12 months", "1 year"),
        (rf"{APART}24 months", "2 years"),
        (rf"{APART}48 hours", "2 days"),
        (rf"{APART}72 hours", "3 days"),
        (rf"{APART}60 minutes", "1 hour"),
        (r"(\d+\.\d)0 mg", r"\1 mg"),
        (r"mg/kg per day", "mg/kg/day"),
        (r"g per hour", "g/hour"),
        (r"mL/min/1\.73 m²", "ml/min/1.73 m²"),
        (r"cells/mm³", "cells per mm³"),
        (r"units/kg per hour", "units/kg/hour"),
    )
)
PERCENT = re.compile(r"(?<=\d) ?%(?!\w)")
FREQUENCIES = wordings(
    (
        (r"once daily", "once a day"),
        (r"once daily", "one time per day"),
        (r"twice daily", "twice a day"),
        (r"twice daily", "two times a day"),
        (r"(three|four) times daily", r"\1 times a day"),
        (r"three times daily", "3 times per day"),
        (r"four times daily", "4 times daily"),
        (r"every 2 years", "every two years"),
        (r"every two years", "once every 2 years"),
        (r"every year", "once a year"),
        (r"every year", "annually"),
        (r"once a year", "yearly"),
        (r"yearly(?=[.,])", "every year"),
        (r"(?<!every )per day", "a day"),
        (r"per week", "a week"),
        (r"once a month", "monthly"),
        (r"annual (mammography|low-dose CT)(?! (?:screening|was))", r"yearly \1"),
        (r"biennial mammography", "mammography every 2 years"),
    )
)


def number_word(told: Told) -> Iterator[str]:
    """Small counts in words, and words as figures."""
    text = COUNT.sub(lambda match: WORDS[int(match["n"]) - 1], told.text)
    if text != told.text:
        yield capital(text)
    text = COUNTED.sub(lambda match: str(WORDS.index(match["n"].lower()) + 1), told.text)
    if text != told.text:
        yield text


def sign(told: Told) -> Iterator[str]:
    """Limits by signs."""
    for text in each(told.text, SIGNS):
        yield re.sub(r"([≥≤<>]) +(?=\d)", r"\1", text)


def spoken(told: Told) -> Iterator[str]:
    """Signs of limits in words."""
    for old, new in SPOKEN:
        text = re.sub(rf"(?<!\ba )(?<!\bby ){old} ?(?=\d)", new, told.text)
        if text != told.text:
            yield capital(text)


def limit(told: Told) -> Iterator[str]:
    """Limits in other words."""
    yield from each(told.text, LIMITS)
    match = WITHIN.search(told.text)
    if match and not FORBIDS.search(told.text[: match.start()]):
        yield capital(WITHIN.sub(r"no more than \1 \2 after", told.text))


def unit(told: Told) -> Iterator[str]:
    """Units written out or shortened, and amounts in a larger or smaller unit."""
    yield from each(told.text, UNITS)
    for new in (" percent", " per cent", " %", "%"):
        text = PERCENT.sub(new, told.text)
        if text != told.text:
            yield text


def dash(told: Told) -> Iterator[str]:
    """Ranges with a dash, or by their ends."""
    for new in (r"\g<low>–\g<high>", r"\g<low>-\g<high>", r"\g<low>\g<unit>–\g<high>"):
        text = RANGE.sub(partial(_joined, new=new), told.text)
        if text != told.text:
            yield text


def _joined(match: Match[str], new: str) -> str:
    """A range by another sign; what falls, or changes from the first to the second, is none."""
    low, high = (float(re.sub("[,%]", "", match[end])) for end in ("low", "high"))
    changed = CHANGED.search(match.string[: match.start()])
    return match.group() if low >= high or changed else match.expand(new)


def frequency(told: Told) -> Iterator[str]:
    """How often, in other words."""
    yield from each(told.text, FREQUENCIES)
