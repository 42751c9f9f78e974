"""Abbreviations written out, and words abbreviated, as a guideline defines them."""

import re
from collections.abc import Iterator
from re import Match

from eval.mutating.rewording import Told, capital, lower

DEFINED = re.compile(r"(?P<words>(?:[\w’'-]+ ){1,7}[\w’'-]+) \((?P<short>[A-Z][\w-]{1,9})\)")
SPELT_VOWEL = re.compile(r"[AEFHILMNORSX](?=[A-Z])|[aeiou]")


def defined(body: str) -> dict[str, str]:
    """The abbreviations that a text defines in brackets, with what they stand for."""
    found: dict[str, str] = {}
    for match in DEFINED.finditer(body):
        words = long_form(match["words"], match["short"])
        if words and sum(letter.isupper() for letter in match["short"]) > 1:
            found.setdefault(match["short"], words)
    return found


def long_form(words: str, short: str) -> str | None:
    """The last words that begin with the letters, or hold them in order from a word's start.

    Schwartz and Hearst, A simple algorithm for identifying abbreviation definitions, 2003.
    """
    initials = words.split()[-len(short) :]
    if "".join(word[0] for word in initials).lower() == short.lower():
        return " ".join(initials)
    at = len(words)
    for i, letter in reversed(list(enumerate(short.lower()))):
        if letter.isalnum():
            at = _before(words.lower(), at, letter, first=i == 0)
            if at < 0:
                return None
    return words[at:]


def _before(words: str, end: int, letter: str, first: bool) -> int:
    at = end - 1
    while at >= 0 and not (words[at] == letter and (not first or not words[:at][-1:].isalnum())):
        at -= 1
    return at


def expanded(told: Told) -> Iterator[str]:
    """One abbreviation in words."""
    for short, words in told.abbreviations.items():
        if words.lower() not in told.text.lower():
            alone = rf"(?<![\w(/-]){re.escape(short)}(?![\w)/-])"
            yield from _instead(told.text, alone, _within(words))


def _within(words: str) -> str:
    """The words as they stand within a sentence; those of a body keep their capitals."""
    return words if any(word[0].isupper() for word in words.split()[1:]) else lower(words)


def abbreviated(told: Told) -> Iterator[str]:
    """The words without their abbreviation in brackets, or the abbreviation alone."""
    for short, words in told.abbreviations.items():
        both = rf"{re.escape(words)} \({re.escape(short)}\)"
        if re.search(both, told.text, re.I):
            yield from _instead(told.text, both, short)
            yield re.sub(rf" \({re.escape(short)}\)", "", told.text)
        elif not re.search(rf"\b{re.escape(short)}\b", told.text):
            yield from _instead(told.text, rf"\b{re.escape(words)}\b", short)


def _instead(text: str, pattern: str, new: str) -> Iterator[str]:
    """New words wherever the pattern stands, each with the article that fits."""

    def fitting(match: Match[str]) -> str:
        article = "an " if SPELT_VOWEL.match(new) else "a "
        return (article if match["article"] else "") + new

    changed = re.sub(rf"(?P<article>\ban? )?{pattern}", fitting, text, flags=re.I)
    if changed != text:
        yield capital(changed) if text[:1].isupper() else changed
