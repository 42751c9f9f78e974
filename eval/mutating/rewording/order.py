"""The same things in another order."""

import re
from collections.abc import Iterator
from itertools import pairwise

from eval.mutating.names import DRUGS
from eval.mutating.rewording import Told, capital, lower

BEFORE = re.compile(
    r"(?:^|\b(?:with|of|by|than|either|as|on|to|for|from|receive|include|are|is|given|give|use|and|"
    r"or) |\()$",
    re.I,
)
"""What stands before a pair that no word before it belongs to but for its first one."""


def drugs_swapped(told: Told) -> Iterator[str]:
    """Two drugs that are named together, the second one first."""
    text = told.text
    for one, other in pairwise(DRUGS.find(text)):
        between, after = text[one.end() : other.start()], text[other.end() : other.end() + 1]
        if between not in (" and ", " or ") or after not in (" ", ".", ","):
            continue
        if not BEFORE.search(text[: one.start()]) or re.match(r" \d", text[other.end() :]):
            continue
        first, second = one.group(), other.group()
        if one.start() == 0:
            first, second = lower(first), capital(second)
        yield text[: one.start()] + second + between + first + text[other.end() :]
