"""Words in a question that may tell who a patient is; pure.

The patterns mean the same in Python (`re.ASCII`) and in JavaScript (`u`), so that a browser looks
before anything is sent and the server looks again.
"""

import re
from typing import NamedTuple

_NAME = r"[A-ZÀ-\uffff][A-Za-zÀ-\uffff'’-]*"
_WORD = r"[A-Za-zÀ-\uffff]+"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_YEAR = r"(?:19|20)[0-9]{2}"
_DATE = (
    rf"(?:[0-9]{{1,2}}[./ -][0-9]{{1,2}}[./ -](?:{_YEAR}|[0-9]{{2}})"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)? {_MONTH},? {_YEAR}|{_MONTH} [0-9]{{1,2}},? {_YEAR})"
)
_COUNTED = r"(?:units?|IU|U|cells|copies|CFU|cfu|spores|mg|g|mL|ml|L)"


class Pattern(NamedTuple):
    """A way in which a text tells who somebody is; case counts where `exact`."""

    kind: str
    words: str
    exact: bool = False


class Telling(NamedTuple):
    """Words of a text, and what they look like."""

    kind: str
    words: str


PATTERNS = (
    Pattern("a name", rf"\b(?:Mrs?|Ms|Miss|Mx)\.? {_NAME}", exact=True),
    Pattern("a name", rf"\b(?:mrs?|ms)\. {_WORD}"),
    Pattern("a name", rf"\b(?:patient|full|first|last|family|sur)[ -]?name(?: is|:) ?{_WORD}"),
    Pattern(
        "a name",
        r"\b(?:[Nn]ame is|(?:patient|man|woman|boy|girl|child|lady|gentleman),? "
        rf"(?:named|called)) {_NAME}",
        exact=True,
    ),
    Pattern(
        "a date of birth",
        rf"\b(?:DOB|D\.O\.B\.?|date of birth|born)\b[^0-9a-z]*(?:(?:on|is) )?{_DATE}",
    ),
    Pattern("a full date", rf"\b[0-9]{{1,2}}([./-])[0-9]{{1,2}}\1{_YEAR}\b"),
    Pattern("a full date", rf"\b{_YEAR}-[01][0-9]-[0-3][0-9]\b"),
    Pattern(
        "a record number",
        r"\b(?:MRN|NHS|SSN|CHI|(?:medical record|hospital|patient|chart|case|file|insurance|"
        r"social security|NHS)(?: (?:number|no\.?|id)|id))[ :#.]*(?:is |number |no\.? )?"
        r"[A-Z]{0,4}-?[0-9][0-9 -]{3,}",
    ),
    Pattern("a social security number", r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"),
    Pattern("an e-mail address", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    Pattern("a phone number", r"(?<![^ (:])\+[0-9][0-9 ().-]{7,}[0-9]"),
    Pattern("a phone number", r"(?<![0-9.])\(?\b[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b"),
    Pattern("a phone number", r"(?<![0-9.,])\b0[0-9]{2,4}[ /-][0-9]{3,4}[ -]?[0-9]{3,4}\b"),
    Pattern(
        "a phone number",
        r"\b(?:phone|mobile|cell|telephone|tel)[ .:]*(?:number )?(?:is )?[0-9][0-9 -]{5,}",
    ),
    Pattern(
        "a record number",
        r"(?<!PMID )(?<!PMID: )(?<![0-9./,-])\b[0-9]{7,12}\b"
        rf"(?![./,-][0-9])(?! ?(?:{_COUNTED}\b|/))",
        exact=True,
    ),
)
"""Where several would match the same words the first names them."""

_COMPILED = [
    (p.kind, re.compile(p.words, re.ASCII | (re.NOFLAG if p.exact else re.IGNORECASE)))
    for p in PATTERNS
]


def identifying(text: str) -> list[Telling]:
    """Everything in a text that looks like somebody's identity, in the order of the text."""
    found: list[tuple[int, int, Telling]] = []
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= first or last <= start for first, last, _ in found):
                found.append((start, end, Telling(kind, match.group().strip())))
    return [telling for _, _, telling in sorted(found)]
