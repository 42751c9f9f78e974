"""A follow-up and its history to one query that can be searched for on its own."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.index.tokens import tokens
from rag.types import Turn

Idf = Callable[[str], Mapping[str, float]]

CARRIED = 10
"""At most so many words are carried over from earlier turns."""

FRAME = frozenset(
    tokens(
        "most often usually common appropriate best next step patient case present presenting "
        "presents recommend recommended recommendation suggest should need want know tell explain "
        "describe mean say think happen good kind type way thing lot many much little about more "
        "less now still really please"
    )
)
"""Words that frame a question and say nothing of what it is about."""

LONGEST, KEPT, FOREIGN = 400, 0.6, 0.25
"""Code points of a rewriting, the share of the question's words it must keep, and the share of
its own words that nobody may have said."""

SELF_CONTAINED = 4
"""A question with so many words of its own, and nothing that points back, is left alone."""

POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|his|her|him|one|ones|"
    r"same|such|there|other|others|another|else|instead|former|latter|above|again)\b",
    re.IGNORECASE,
)
LEANS_ON = re.compile(
    r"^\W*(and|but|or|so|then|also|what about|how about|what if|why|if|any)\b", re.IGNORECASE
)
WORD = re.compile(r"[^\W_](?:[^\s,;:!?()\[\]\"]*[^\W_%+])?[%+]?")


def rewrite(question: str, history: Sequence[Turn], idf: Idf) -> str:
    """The question itself, or the question with the words it leans on in brackets.

    The words come from the question that opened the topic and from the latest one, rarest
    first when there are too many, in the order they were said.
    """
    if not history or not needs_context(question):
        return question
    carried = _carried(question, history, idf)
    return f"{question.rstrip()} ({' '.join(carried)})" if carried else question


def rewritten(question: str, history: Sequence[Turn], idf: Idf, offered: str | None = None) -> str:
    """The query for a question: what a model offers, unless that drifts, else what rules make."""
    if offered and not drifts(offered, question, history):
        return offered
    return rewrite(question, history, idf)


def drifts(offered: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a rewriting lost what was asked, brought in what nobody said, or grew too long."""
    asked, found = set(tokens(question)) - FRAME, set(tokens(offered))
    said = {
        form for turn in history for text in (turn.question, *turn.said) for form in tokens(text)
    }
    foreign = found - said - set(tokens(question)) - FRAME
    return (
        len(offered) > LONGEST
        or len(asked & found) < KEPT * len(asked)
        or len(foreign) > FOREIGN * len(found)
    )


def needs_context(question: str) -> bool:
    """Whether a question points back, leans on what was said, or is too short to stand alone."""
    return bool(
        POINTS_BACK.search(question)
        or LEANS_ON.search(question)
        or len(set(tokens(question)) - FRAME) < SELF_CONTAINED
    )


def _carried(question: str, history: Sequence[Turn], idf: Idf) -> list[str]:
    said = set(tokens(question))
    weights: dict[str, float] = {}
    for word, forms in _words(history):
        if said.isdisjoint(forms):
            weights[word] = max(idf(word).values(), default=0.0)
            said.update(forms)
    kept = set(sorted(weights, key=weights.__getitem__, reverse=True)[:CARRIED])
    return [word for word in weights if word in kept]


def _words(history: Sequence[Turn]) -> Iterator[tuple[str, list[str]]]:
    """Words that mean something, from the opening question of the topic and the latest."""
    for turn in dict.fromkeys((_opening(history), history[-1])):
        for match in WORD.finditer(turn.question):
            forms = tokens(match.group())
            if forms and not FRAME.issuperset(forms):
                yield match.group(), forms


def _opening(history: Sequence[Turn]) -> Turn:
    """The last turn that stood on its own: what came before it was another topic."""
    return next((turn for turn in reversed(history) if turn.query == turn.question), history[0])
