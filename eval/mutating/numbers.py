"""Another number, by the slips that are made with numbers."""

import re
from collections.abc import Iterator

from eval.mutating import Change, Said, like

NUMBER = re.compile(
    r"(?<![\w.,:/-])(?<!× )(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\w:]|[.,]\d|/\d+ weeks)"
    r"(?!-[A-Z])"
    r"|(?<=\d/)(?P<low>\d+)(?= (?:mmHg|mg)\b)"
    r"|(?<![\w.,:/-])(?P<high>\d+)(?=/\d+ (?:mmHg|mg)\b)"
)
NAMING = re.compile(
    r"\b(?:types?|Bulletin|Opinion|DEFUSE|transporter|P450|module|version|a|the|factor|ACG|AHA|ASH|"
    r"IDSA|CDC|CHEST|USPSTF|GOLD|ISPAD|EULAR|APA|ACP|ACR|AAP|ASA|AABB|KDIGO|WHO|ESC|GINA) $"
)
"""Words before a number that is part of a name."""

YEAR = re.compile(r"(?:19|20)\d\d$")
DATED = re.compile(r"\b(?:in|of|since|edition of|published in|update of) $")
UNIT = re.compile(
    r"(?:(?: to |–)\d[\d.,]*)?(?:-| ?)(?P<unit>%|percent|°C|"
    r"(?:mg|g|µg|mL|kg|L|ng|mmol|IU|units|million units|mmHg|kPa|J|minutes?|hours?|days?|weeks?|"
    r"months?|years?|points?|cells|episodes?|doses?|sets?)\b(?:/[\w.]+)*)"
)
WHOLE = 100
TIME = re.compile(r"(?:minute|hour|day|week|month|year)")
AMOUNT = re.compile(r"(?:mg|g|µg|mL|kg|L|ng|mmol|IU|units|million units|J)(?:/|$)")
USUAL = {
    "minute": (1, 2, 3, 5, 10, 15, 20, 30, 40, 45, 60, 90),
    "hour": (1, 2, 3, 4, 6, 8, 12, 24, 36, 48, 72, 96),
    "day": (1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 30, 42, 45, 60, 90),
    "week": (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 28, 34, 37),
    "month": (1, 2, 3, 4, 6, 9, 12, 18, 24, 36),
}
WORDS = "one two three four five six seven eight nine ten eleven twelve".split(" ")
WORD = re.compile(
    rf"\b(?P<n>{'|'.join(WORDS[1:])})(?= (?:or more |first-line |weekly )?"
    r"(?:hours?|days?|weeks?|months?|years?|doses|drugs|episodes|recurrences|attacks|canisters))",
    re.I,
)
RANGE = re.compile(
    r"(?<![\w.,/-])(?P<low>\d+(?:\.\d+)?)(?P<to> to |–)(?P<high>\d+(?:\.\d+)?)(?![\w/]|\.\d)"
)


def number(said: Said) -> Iterator[Change]:
    """Ten times or a tenth, digits swapped, the next value, half or double, one from nearby."""
    for match in NUMBER.finditer(said.text):
        if not _is_name(said.text, match.start()):
            changes = _changed(said, *match.span())
            yield from (change for change in changes if _rising(change.made(said.text)))
    yield from _words(said.text)
    for match in RANGE.finditer(said.text):
        low, high = float(match["low"]), float(match["high"])
        if low < high and not YEAR.match(match["low"]):
            moved = f"{_shown(high)}{match['to']}{_shown(2 * high - low)}"
            yield Change(*match.span(), moved, "range moved")


def _words(text: str) -> Iterator[Change]:
    for match in WORD.finditer(text):
        at = WORDS.index(match["n"].lower())
        for other in (at - 1, at + 1):
            if 0 < other < len(WORDS):
                yield Change(*match.span(), like(match["n"], WORDS[other]), "number word")


def _rising(text: str) -> bool:
    """Whether every range still goes from less to more."""
    return all(float(match["low"]) < float(match["high"]) for match in RANGE.finditer(text))


def _changed(said: Said, start: int, end: int) -> Iterator[Change]:
    old, unit = said.text[start:end], unit_after(said.text, end)
    if YEAR.match(old) and not unit:
        for step in (-1, 2):
            yield Change(start, end, str(int(old) + step), "year")
        return
    value = float(old.replace(",", ""))
    for how, new in (*_slips(value, old, unit), *_copied(said, old, unit)):
        if new != value and 0 < new <= (WHOLE if unit in ("%", "percent") else new):
            words = f"{new:,.0f}" if "," in old else _shown(new)
            yield Change(start, end, words, how)


def _slips(value: float, old: str, unit: str) -> Iterator[tuple[str, float]]:
    if AMOUNT.match(unit) or unit == "%":
        yield "ten times", value * 10
        yield "a tenth", value / 10
        yield "double", value * 2
        yield "half", value / 2
    digits = list(old)
    if old.isdigit() and len(old) > 1 and digits[1] != "0":
        digits[0], digits[1] = digits[1], digits[0]
        yield "digits swapped", float("".join(digits))
    for beside in _beside(value, unit):
        yield "next", beside


def _beside(value: float, unit: str) -> Iterator[float]:
    """The values that come before and after in what is usual for the unit."""
    usual = USUAL.get(unit, ())
    if value in usual:
        at = usual.index(int(value))
        yield from (*usual[max(at - 1, 0) : at], *usual[at + 1 : at + 2])
        return
    step = _step(value)
    yield value + step
    if value > step:
        yield value - step


def _step(value: float) -> float:
    if value != int(value):
        return max(1, round(value / 10)) if value > 1 else float(f"{value / 3:.1g}")
    for size, step in ((1000, 500), (200, 50), (30, 10 if value % 10 == 0 else 5), (20, 5)):
        if value >= size:
            return step
    return 1


def _copied(said: Said, old: str, unit: str) -> Iterator[tuple[str, float]]:
    """Numbers of the same unit from the same passage."""
    if not unit:
        return
    for match in NUMBER.finditer(said.around):
        words = match.group()
        if unit_after(said.around, match.end()) == unit and words != old:
            yield "from nearby", float(words.replace(",", ""))


def unit_after(text: str, end: int) -> str:
    """The unit that a number ending here has, in the singular; empty without one."""
    match = UNIT.match(text, end)
    unit = match["unit"] if match else ""
    return unit.rstrip("s") if TIME.match(unit) else unit


def _is_name(text: str, start: int) -> bool:
    before = text[:start]
    year = YEAR.match(text[start : start + 4])
    if year and not text[start + 4 : start + 5].isdigit():
        return not DATED.search(before) or bool(re.match(r" [A-Z]", text[start + 4 :]))
    return bool(NAMING.search(before)) or text.startswith(("1.73", "999"), start)


def _shown(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
