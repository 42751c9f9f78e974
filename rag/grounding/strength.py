"""How strongly a sentence recommends or asserts, by its verbs and by its grade."""

import re
from collections.abc import Iterator, Sequence

from rag.grounding.aligning import Unit
from rag.grounding.ordinary import VERBS
from rag.types import Grade, Mismatch, Reason

OPEN, LEANING, FIRM, ABSOLUTE = range(4)
LEVELS: tuple[tuple[int, str], ...] = (
    (OPEN, r"(?:may|might|could|can) be (?:reasonable|appropriate|offered)|should be considered"),
    (OPEN, r"may|might|could|can|consider\w*|option(?:al)?|sometimes|uncertain|occasionally"),
    (OPEN, r"(?<!as )(?<!if )(?<!when )(?<!where )(?<!if this is )(?<!if it is )possibl[ey]"),
    (OPEN, r"permits?|permitted|unclear"),
    (OPEN, r"allow(?:s|ed)?|discretion"),
    (LEANING, r"suggests?|suggested|reasonable|conditional(?:ly)?|usually|often|tends?|likely"),
    (LEANING, r"probabl[ey]|weak(?:ly)?|appears?|generally|mostly|prefer(?:s|red|ably)?|favou?rs?"),
    (LEANING, r"suspect"),
    (ABSOLUTE, r"must|mandatory|contraindicated|always|strongly|proven|certain(?:ly)?"),
    (ABSOLUTE, r"essential|imperative|obligatory|shall|definite(?:ly)?|in any case"),
    (ABSOLUTE, r"(?<!have )(?<!has )(?<!had )never"),
    (FIRM, r"should|recommend(?:s|ed)?|(?<!if )(?<!as )(?<!when )(?<!where )indicated"),
    (FIRM, r"(?<!who )needs?(?! (?:for|of))|(?<!if )(?<!when )(?<!where )needed|requires?"),
    (FIRM, r"(?<!if )(?<!as )(?<!when )(?<!where )required|ought|will|advised?|advises|effective"),
    (FIRM, r"(?<!if )(?<!as )(?<!when )(?<!where )appropriate"),
)
MODAL = re.compile(
    "|".join(rf"(?P<m{i}>\b(?:{pattern})\b)" for i, (_, pattern) in enumerate(LEVELS)),
    re.IGNORECASE,
)
WEAK_GRADE = re.compile(
    r"2a|2b|iia|iib|conditional|weak|consider|may be appropriate|grade c|i statement|option|"
    r"2[abcd]\b|level c\b|moderate$",
    re.IGNORECASE,
)
ALL = re.compile(r"\b(?:all|every|each|any|nobody|everybody)\b", re.IGNORECASE)
PART = re.compile(r"\b(?:most|many|some|selected|few)\b", re.IGNORECASE)
NEED = re.compile(r"\b(?:needs?|requires?|required|ha(?:s|ve) to)\b", re.IGNORECASE)
IMPERATIVES = VERBS - {"do"} | frozenset(
    "screen vaccinate infuse inject biopsy image start stop discharge adjust prefer refer restrict "
    "transfuse titrate hold withhold monitor test".split()
)
IMPERATIVE_LEVEL = FIRM
"""A sentence without such words tells what is, or what to do."""


def disagreements(statement: str, chosen: Sequence[Unit]) -> Iterator[Reason]:
    """A statement that recommends more strongly than the sentences it was made of."""
    if not chosen:
        return
    source = " ".join(unit.text for unit in chosen)
    theirs = modals(source)
    ours = [(level, words) for level, words in modals(statement) if not _is_said(words, source)]
    if found := ALL.search(statement):
        part = PART.search(source)
        if part and not ALL.search(source) and not PART.search(statement):
            yield Reason(mismatch=Mismatch.STRENGTH, words=found[0], source=part[0])
    if stronger := _stronger(ours, theirs):
        weak = next((words for level, words in theirs if level < FIRM), "")
        yield Reason(mismatch=Mismatch.STRENGTH, words=stronger, source=weak)
    elif is_weak(chosen[0].grade) and not theirs and (firm := _firmest(ours)):
        yield Reason(mismatch=Mismatch.STRENGTH, words=firm, source=str(chosen[0].grade))


def modals(text: str) -> list[tuple[int, str]]:
    """The words of a text that tell how strongly it speaks, each with its level."""
    first = re.match(r"\W*(\w+)", text)
    found = []
    if first and first[1].lower() in IMPERATIVES and not MODAL.match(text, first.start(1)):
        found.append((IMPERATIVE_LEVEL, first[1]))
    return [*found, *_modals(text)]


def _is_said(words: str, source: str) -> bool:
    """Whether a word of the statement stands in the source too, in another form perhaps."""
    is_need = words.lower() == "must" and NEED.search(source)
    is_ban = words.lower().startswith("contraindicat") and "contraindicat" in source.lower()
    return bool(is_need or is_ban)


def levels(text: str) -> list[int]:
    """How strongly each word of a text speaks that tells it, an imperative not being one."""
    return [level for level, _ in _modals(text)]


def _modals(text: str) -> Iterator[tuple[int, str]]:
    for match in MODAL.finditer(text):
        kind = match.lastgroup or "m0"
        yield LEVELS[int(kind[1:])][0], match[0]


def is_weak(grade: Grade | None) -> bool:
    """Whether a grade leaves the decision open."""
    return grade is not None and bool(WEAK_GRADE.search(grade.text))


def _stronger(ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]) -> str | None:
    """The word that is stronger than any of the source, or that took the place of a weaker one."""
    top = max((level for level, _ in theirs), default=IMPERATIVE_LEVEL)
    highest = max(ours, default=(OPEN, ""), key=lambda modal: modal[0])
    if highest[0] > max(top, LEANING if theirs else FIRM):
        return highest[1]
    for level in (FIRM, LEANING):
        weak_ours = sum(found < level for found, _ in ours)
        weak_theirs = sum(found < level for found, _ in theirs)
        firm_ours = [words for found, words in ours if found >= level]
        firm_theirs = [words for found, words in theirs if found >= level]
        if weak_ours < weak_theirs and len(firm_ours) > len(firm_theirs):
            return next((w for w in firm_ours if w not in firm_theirs), firm_ours[0])
    return None


def _firmest(modal: Sequence[tuple[int, str]]) -> str | None:
    firm = [words for level, words in modal if level >= FIRM]
    return firm[0] if firm and not any(level < FIRM for level, _ in modal) else None
