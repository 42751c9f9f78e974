"""How a statement is written so that it can be quoted alone: doses, units, length, words; pure.

A rule that accuses good text is worse than none: each errs on the side of silence.
"""

import re
from collections.abc import Iterator

LONGEST = 45
"""Words that an answer can quote in one go."""

AMOUNT = re.compile(
    r"(?<![\d.])\d[\d.,]*( (to|or) \d[\d.,]*|–\d[\d.,]*)?\s?(mg|µg|g|units?|IU|mEq|mL)\b"
    r"(?!\s?/\s?([dmµ]?L|m?mol|m?g|24|min|1\.73)\b|(/kg)?(/| (per|an?) )(min|h|hour)\w*)"
)
"""Neither a concentration nor a rate: what runs in by the hour runs into a vein."""

LIMIT = re.compile(r"(\b(by|above|below|over|exceed\w*|than|beyond) |[<>≥≤] ?)$")
"""What makes an amount the measure of a change or a threshold."""

DOSED = re.compile(
    r"\b(giv(e|en|ing)|tak(e|es|en|ing)|start(s|ed|ing)?|dos(e|es|ed|ing)|administer\w*|"
    r"prescri\w+|receiv\w+|loading|maintenance|daily|(times|once|twice) (a|per) \w+|"
    r"every \w+ (hours|days|weeks))\b",
    re.IGNORECASE,
)
ROUTE = re.compile(
    r"\b(oral\w*|by mouth|tablets?|capsules?|swallow\w*|chew\w*|syrup|suspension|intraven\w+|"
    r"infus\w+|drip|(auto-?)?inject\w+|intramuscular\w*|subcutan\w+|parenteral\w*|inhal\w+|"
    r"nebuli\w+|puffs?|spray|nasal\w*|intranasal\w*|nasogastric|sublingual\w*|buccal\w*|rectal\w*|"
    r"suppositor\w+|enemas?|vaginal\w*|topical\w*|cream|ointment|gel|drops?|lozenges?|patch\w*|"
    r"transdermal\w*|intrathecal\w*|epidural\w*|intraosseous\w*|mouthwash|(?-i:IV|IM|SC))\b",
    re.IGNORECASE,
)
NO_DRUG = re.compile(
    r"\b(protein\w*|sodium intake|salt|alcohol|ethanol|fib(re|er)|carbohydrates?|weigh\w*|"
    r"birth ?weight|blood loss|los(es|ing)|urine|stools?|albuminuria|radiation)\b",
    re.IGNORECASE,
)
"""What is measured like a drug and is none."""

AFTER_NUMBER = (
    (r"(mcg|micrograms?|[uμ]g)\b", "µg"),
    (r"mm Hg\b", "mmHg"),
    (r"(mls?|ML|cc|millilit(re|er)s?)\b", "mL"),
    (r"(gms?|grams?)\b", "g"),
    (r"(Kg|KG|kgs|kilos?|kilograms?)\b", "kg"),
    (r"(MG|mgs|milligrams?)\b", "mg"),
    (r"(hrs?|h)\b", "hours"),
    (r"mins?\b", "minutes"),
    (r"secs?\b", "seconds"),
    (r"wks?\b", "weeks"),
    (r"yrs?\b", "years"),
    (r"U\b(?!/)", "units"),
    (r"(° C|[º˚] ?C|degrees? C(elsius)?)\b", "°C"),
    (r"(percent|per cent)\b", "%"),
)
WITHIN_UNIT = (
    (r"(?<=[a-z²])/ml\b", "/mL"),
    (r"(?<=[a-z])/dl\b", "/dL"),
    (r"(?<=[a-zA-Z])/l\b", "/L"),
    (r"/[uμ][lL]\b", "/µL"),
    (r"/mm3\b", "/mm³"),
    (r"/m2\b", "/m²"),
    (r"\b10\^\d+", "raised figures, as in 10⁹"),
)
UNITS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        *((rf"(?<=\d)[ -]?{wrong}", right) for wrong, right in AFTER_NUMBER),
        *WITHIN_UNIT,
        (r"(?<=\d) %", "% without a blank"),
    )
)
"""How a unit is not written, and how it is."""

LEANING = re.compile(
    r"(It|They|This|These|Such|That|He|She|Its|Their|However|Otherwise|Therefore|Instead|"
    r"In addition|Likewise|Similarly)\b"
)
POINTING = re.compile(
    r"\b(as above|(see|mentioned|described|listed|given) (above|below)|aforementioned|"
    r"(in|of|by) this (guideline|summary|section|table|document)(?! of))\b"
)
OF_ITS_OWN = re.compile(
    r"It (is|was|remains|may be|can be) [^.;]*\b(to|that|whether|if|for|when)\b"
)
"""An `It` that stands for what follows."""

ABBREVIATION = re.compile(r"(?<![\w.])[A-Za-z]*[A-Z][a-z]{0,3}[A-Z][A-Za-z0-9]*(?!\w)")
COMPOUND = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")
NAMED = re.compile(r"(\W+\w+){0,3}?\W+(trials?|study|studies|criteria|protocols?)\b")
CODE = re.compile(r"[IVX]+[A-Ca-c]?|[A-Z]{1,2}\d+[a-z]?|[A-Z]{2}\d{2,}|[A-Z]+-\d+|mIU")
"""Roman numerals, stages, names with a number and units."""

WORDS = re.compile(r"\S*\w\S*")


def routeless(text: str, section: str, dosing: bool) -> str | None:
    """The amount of a drug for which neither the statement nor its section names a route."""
    if NO_DRUG.search(text) or ROUTE.search(f"{text} {section}"):
        return None
    amounts = (m.group() for m in AMOUNT.finditer(text) if not LIMIT.search(text[: m.start()]))
    return next(amounts, None) if dosing or DOSED.search(text) else None


def misspelt_units(text: str) -> Iterator[tuple[int, str, str]]:
    """Where a unit is written in another way, that way, and the right one."""
    for pattern, right in UNITS:
        for match in pattern.finditer(text):
            yield match.start(), match.group().strip(" -"), right


def points_outside(text: str) -> str | None:
    """The words by which a statement leans on what stands around it."""
    leaning = None if OF_ITS_OWN.match(text) else LEANING.match(text)
    found = leaning or POINTING.search(text)
    return found.group() if found else None


def word_count(text: str) -> int:
    """Words and numbers; a hyphen or a slash joins."""
    return len(WORDS.findall(text))


def abbreviations(text: str) -> Iterator[tuple[int, str, str]]:
    """Where words with two capitals stand, such a word, and what it is grown together with."""
    for compound in COMPOUND.finditer(text):
        for match in ABBREVIATION.finditer(compound.group()):
            word = match.group()
            coded = CODE.fullmatch(word) or CODE.fullmatch(compound.group())
            if not (coded or re.search("[a-z]{4}", word) or NAMED.match(text, compound.end())):
                yield compound.start() + match.start(), word, compound.group()
