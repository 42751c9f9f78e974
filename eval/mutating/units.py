"""Another unit, or a dose that is no longer by weight."""

import re
from collections.abc import Iterator

from eval.mutating import Change, Said

OTHERS = {
    "mg": ("µg", "g"),
    "g": ("mg", "µg"),
    "µg": ("mg",),
    "mg/kg": ("mg", "µg/kg", "g/kg"),
    "mL/kg": ("mL", "mL/lb"),
    "g/kg": ("g", "mg/kg"),
    "units/kg": ("units",),
    "mmol/kg": ("mmol",),
    "mg/dL": ("mmol/L", "g/dL"),
    "mmol/L": ("mg/dL", "mol/L"),
    "g/dL": ("g/L", "mg/dL"),
    "mg/L": ("mg/dL",),
    "mg/g": ("mg/dL",),
    "mg/mg": ("mg/mmol",),
    "mg/mmol": ("mg/mg", "g/mmol"),
    "mmol/mol": ("mmol/L",),
    "ng/mL": ("µg/mL",),
    "µg/kg/min": ("mg/kg/min", "µg/min"),
    "µg/kg": ("mg/kg",),
    "mg/mL": ("µg/mL",),
    "mL/min": ("mL/hour",),
    "mg/day": ("g/day", "mg/week"),
    "g/hour": ("g/day", "mg/hour"),
    "mg/hour": ("mg/min",),
    "mL": ("L", "µL"),
    "IU": ("mg",),
    "units": ("mg", "mL"),
    "million units": ("thousand units",),
    "mmol": ("mol", "mg"),
    "mmHg": ("cmH2O", "kPa"),
    "kPa": ("mmHg",),
    "kg": ("lb",),
    "× 10⁹/L": ("× 10⁶/L", "× 10⁹/mL"),
    "cells/mm³": ("cells/L",),
    "cells/µL": ("cells/mL", "cells/L"),
    "°C": ("°F",),
    "miles": ("km",),
    "mm": ("cm",),
    "cm": ("mm",),
    "minute": ("hour", "second"),
    "hour": ("day", "minute"),
    "day": ("week", "hour"),
    "week": ("month", "day"),
    "month": ("week", "year"),
    "year": ("month",),
    "pack-year": ("cigarettes a day",),
}
TIMES = ("minute", "hour", "day", "week", "month", "year")
UNIT = re.compile(
    r"(?P<number>(?<![\w.,/-])\d[\d.,]*(?:/\d+)?|\b(?:one|two|three|four|five|six|ten|twelve))"
    r"(?P<gap> |-(?=\w))(?P<unit>"
    + "|".join(sorted(map(re.escape, OTHERS), key=len, reverse=True))
    + r")(?P<plural>s?)(?![\w/])",
    re.I,
)
YEARS_OF_A_CHILD = 24


def unit(said: Said) -> Iterator[Change]:
    """Every unit of a number, as each that it is taken for."""
    for match in UNIT.finditer(said.text):
        if match["unit"] == "year" and not _could_be_months(match["number"]):
            continue
        for other in OTHERS.get(match["unit"], ()):
            plural = match["plural"] if other in TIMES else ""
            yield Change(
                match.start("unit"), match.end(), other + plural, f"{match['unit']} → {other}"
            )


def _could_be_months(number: str) -> bool:
    return not number.isdigit() or int(number) < YEARS_OF_A_CHILD
