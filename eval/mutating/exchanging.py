"""What is preferred and what is not, each in the other's place."""

import re
from collections.abc import Iterator

from eval.mutating import Change, Said

END = (
    r"(?=,|;|\.$| (?:for|in|to|when|as|before|after|if|at|among|because|during|who|unless|is|are|"
    r"was|were|should|and prevent)\b)"
)
FIRST, SECOND = (rf"(?P<{side}>[\w‑β/ .()-]+?)" for side in "ab")
PART = re.compile(
    r"\b(?:is|are|was|were|be|should|to|no|another|twice|once|it|this|does|did|who|when|recommends|"
    r"consider|cure)\b|^(?:\d|one (?!bronchodilator))",
    re.I,
)
"""What no side of a preference is made of."""

ADVISED = r"(?:recommended|suggested|preferred)"
SHOWS = r"(?:is|are|heals?|relieves?|shows?|has|have|causes?|cures?|reduces?)"
MORE = r"(?:better|more|less|lower|fewer|longer)"
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?:Use|Give|Prefer|Offer|Treat with) {FIRST}(?P<link> (?:rather than|over) ){SECOND}"
        rf"{END}",
        rf"\bsuggests {FIRST}(?P<link> over | rather than ){SECOND}{END}",
        rf"^{FIRST}(?P<link> (?:is|are) {ADVISED} (?:over|rather than|(?<=preferred )to) )"
        rf"{SECOND}{END}",
        rf"^{FIRST}(?P<link> should be preferred to ){SECOND}{END}",
        rf"^{FIRST}(?P<link> should be (?:used|given|offered) rather than ){SECOND}{END}",
        rf"^{FIRST}(?P<link>,? rather than ){SECOND}(?=,? (?:is|are|should))",
        rf"^{FIRST}(?P<link> {SHOWS}\b[\w ]{{0,60}}?{MORE}[\w -]{{0,30}}? than ){SECOND}{END}",
        r"^(?P<a>Observe)(?P<link> rather than )(?P<b>treat)(?= )",
        r"^(?P<a>[A-Z]\w*(?: (?:tumou?r|neuroblastoma|haemorrhage))?)"
        r"(?P<link> [a-z]+s\b.*?, (?:whereas|while) )(?P<b>[A-Z]\w*(?: tumou?r)?)(?= [a-z]+s )",
        r"\b(?:course|regimen) of (?P<a>\d[\w ]*?)(?P<link> (?:is suggested )?rather than )"
        r"(?P<b>\d[\w ]*?)(?= for| is|\.)",
    )
)


def exchanged(said: Said) -> Iterator[Change]:
    """The two sides of every preference or comparison in each other's place."""
    for pattern in PATTERNS:
        for match in pattern.finditer(said.text):
            first, second = match["a"], match["b"]
            if any(PART.search(side) for side in (first, second)) and not first[0].isdigit():
                continue
            if second in match["link"]:
                continue
            if match.start("a") == 0:
                first, second = _lower(first), second[:1].upper() + second[1:]
            link = match["link"].strip(" ,").split()[-1]
            yield Change(
                match.start("a"), match.end("b"), second + match["link"] + first, f"A {link} B"
            )


def _lower(words: str) -> str:
    if re.match(r"A \w|[A-Z][a-z]+", words) and not words.startswith("Wilms"):
        return words[:1].lower() + words[1:]
    return words
