"""Where a statement keeps the words of its source but for a few: what stands there instead."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from rag.glossary import Glossary
from rag.grounding.conditions import conditions, is_turned
from rag.grounding.figures import agrees
from rag.grounding.names import missing
from rag.grounding.ordinary import ORDINARY
from rag.grounding.strength import levels
from rag.grounding.words import all_concepts
from rag.index.tokens import STOP
from rag.kinds import ALL, counted, found
from rag.quantities import Quantity, placed
from rag.types import Mismatch, Reason

WORD = re.compile(r"[^\W_]+(?:[-./'’][^\W_]+)*")
JOINED = 6
"""Words around a gap that have to be the same for what was there to be left out."""

SHORT = 4
"""A stretch of more words is another wording, and no word in the place of another."""

BESIDE, AROUND = 1, 4
"""Words on each side, and on both together, that have to be the same."""

JOINS = frozenset(("and", "or"))
WHOLE, PART = frozenset(("all", "every", "each", "any")), frozenset(("most", "many", "some"))


class Token(NamedTuple):
    """A word, or a quantity whole, where it stands; `key` is the same for what means the same."""

    start: int
    end: int
    key: str
    quantity: Quantity | None = None


class Stretch(NamedTuple):
    """Words of the source, and those that a statement has in their place."""

    theirs: Sequence[Token]
    ours: Sequence[Token]


def disagreements(statement: str, source: str, glossary: Glossary) -> Iterator[Reason]:
    """Words in the place of others that do not mean the same, the words around them being kept."""
    ours, theirs = tokenized(statement), tokenized(source)
    came, gone = _claims(ours) - _claims(theirs), _claims(theirs) - _claims(ours)
    for stretch in stretches(ours, theirs):
        words, instead = _text(statement, stretch.ours), _text(source, stretch.theirs)
        kind = _of_a_kind(_words(statement, stretch.ours), _words(source, stretch.theirs))
        kind = kind or _in_kinds(words, instead, statement, source)
        if kind is None and _is_joined_otherwise(statement, source, stretch):
            kind = Mismatch.CONDITION
        if kind is None and _have_other_figures(stretch, ours, theirs):
            kind = Mismatch.NUMBER
        new, lost = _claims(stretch.ours) & came, _claims(stretch.theirs) & gone
        if kind is None and new and (lost or _lose_unit(stretch)):
            brought = [w for w in missing(words, glossary.expanded(instead)) if _key(w) in new]
            kind = Mismatch.NAME if brought else None
        if kind is not None:
            yield Reason(mismatch=kind, words=words, source=instead)


def omissions(statement: str, source: str) -> Iterator[Reason]:
    """Conditions that are gone where the words before and after them stand together."""
    ours, theirs = tokenized(statement), tokenized(source)
    known = conditions(source)
    said = {part for token in ours for part in token.key.split(" ")}
    for tag, a, b, kept in _steps(ours, theirs):
        if tag == "delete" and kept >= JOINED:
            for phrase in conditions(source[theirs[a].start : theirs[b - 1].end]):
                keys = [token.key for token in tokenized(phrase) if token.quantity is None]
                parts = {part for key in keys for part in key.split(" ")} - STOP - ORDINARY
                if phrase in known and len(parts - said) > len(parts & said):
                    yield Reason(mismatch=Mismatch.CONDITION, words="", source=phrase)


def _steps(ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[tuple[str, int, int, int]]:
    """Each step from source to statement, and how many words around it are the same."""
    keys = [token.key for token in theirs], [token.key for token in ours]
    steps = SequenceMatcher(None, *keys, autojunk=False).get_opcodes()
    for i, (tag, a, b, _, _) in enumerate(steps):
        beside = [*steps[max(i - 1, 0) : i], *steps[i + 1 : i + 2]]
        yield tag, a, b, sum(step[2] - step[1] for step in beside if step[0] == "equal")


def tokenized(text: str) -> list[Token]:
    """The words and quantities of a text in order."""
    found, at = [], 0
    for start, end, quantity in (*placed(text), (len(text), len(text), None)):
        if quantity is not None and quantity.words.lower() == "one":
            continue
        found += [Token(*m.span(), _key(m[0])) for m in WORD.finditer(text, at, start)]
        if quantity is not None:
            key = f"{quantity.comparator}{quantity.low:g} {quantity.high:g} {quantity.unit}"
            found.append(Token(start, end, key, quantity))
        at = end
    return found


def stretches(ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[Stretch]:
    """The few words that differ where those before and after them are the same."""
    keys = [token.key for token in theirs], [token.key for token in ours]
    steps = SequenceMatcher(None, *keys, autojunk=False).get_opcodes()
    for i, (tag, a, b, c, d) in enumerate(steps):
        before = steps[i - 1][2] - steps[i - 1][1] if i else AROUND
        after = steps[i + 1][2] - steps[i + 1][1] if i + 1 < len(steps) else AROUND
        is_held = min(before, after) >= BESIDE and before + after >= AROUND
        if tag == "replace" and is_held and b - a <= SHORT and d - c <= SHORT:
            yield Stretch(theirs[a:b], ours[c:d])


def _text(text: str, tokens: Sequence[Token]) -> str:
    return text[tokens[0].start : tokens[-1].end]


def _words(text: str, tokens: Sequence[Token]) -> str:
    """The words of a stretch without its quantities."""
    return " ".join(text[token.start : token.end] for token in tokens if not token.quantity)


def _key(word: str) -> str:
    forms = all_concepts(word)
    return " ".join(forms[1:] if len(forms) > 1 else forms) or word.lower()


def _of_a_kind(words: str, instead: str) -> Mismatch | None:
    """In which of the closed classes of words two stretches differ."""
    ours, theirs = ({m[0].lower() for m in WORD.finditer(text)} for text in (words, instead))
    firm, weak = (levels(text) for text in (words, instead))
    if (ours & WHOLE and theirs & PART) or (firm and weak and max(firm) > max(weak)):
        return Mismatch.STRENGTH
    return None


def _is_joined_otherwise(statement: str, source: str, stretch: Stretch) -> bool:
    """Whether `and` stands for `or`, or the reverse, and no denial makes them the same."""
    said = {_text(statement, stretch.ours).lower(), _text(source, stretch.theirs).lower()}
    places = statement, stretch.ours[0].start, source, stretch.theirs[0].start
    return said == JOINS and not is_turned(*places)


def _in_kinds(words: str, instead: str, statement: str, source: str) -> Mismatch | None:
    """Which words exclude those in whose place they stand, if they were not there before."""
    for kinds in ALL:
        one, other = found(kinds, words), found(kinds, instead)
        if one and other and one.keys().isdisjoint(other):
            ours, theirs = counted(kinds, statement), counted(kinds, source)
            if any(ours[n] > theirs[n] for n in one) and any(theirs[n] > ours[n] for n in other):
                return kinds.mismatch
    return None


def _have_other_figures(stretch: Stretch, ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether a figure took the place of one that is said nowhere else, and so is no other's."""
    came = [
        t.quantity for t in stretch.ours if t.quantity and _is_more_often(t.quantity, ours, theirs)
    ]
    gone = [
        t.quantity
        for t in stretch.theirs
        if t.quantity and _is_more_often(t.quantity, theirs, ours)
    ]
    return bool(came and gone) and not any(agrees(one, other) for one in came for other in gone)


def _is_more_often(quantity: Quantity, here: Sequence[Token], there: Sequence[Token]) -> bool:
    said, other = (
        sum(bool(t.quantity) and _are_same(quantity, t.quantity) for t in tokens)
        for tokens in (here, there)
    )
    return said > other


def _are_same(one: Quantity, other: Quantity | None) -> bool:
    return other is not None and (agrees(one, other) or agrees(other, one))


def _lose_unit(stretch: Stretch) -> bool:
    """Whether a quantity has no unit any more: what stands there is one that is not known."""
    ours, theirs = (
        [t.quantity.unit for t in s if t.quantity] for s in (stretch.ours, stretch.theirs)
    )
    return () in ours and () not in theirs and bool(theirs)


def _claims(tokens: Sequence[Token]) -> Counter[str]:
    """The words that claim something."""
    keys = (token.key for token in tokens if token.quantity is None)
    return Counter(key for key in keys if key not in STOP and not set(key.split(" ")) <= ORDINARY)
