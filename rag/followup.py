"""A follow-up and its history to one query that can be searched for on its own."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.index.tokens import tokens
from rag.types import Turn

Idf = Callable[[str], Mapping[str, float]]

CARRIED = 8
"""At most so many words are carried over from earlier turns."""

FRAME = frozenset(
    tokens(
        "most often usually common commonly appropriate best next step patient case present "
        "presenting presents recommend recommended recommendation suggest should need want know "
        "tell explain describe mean say think happen good kind type way thing lot many much little "
        "about more less now still really please exist existing main possible example heard option "
        "okay oh no mentioned meant sound like try tried found well too i'm i've i'd that's it's "
        "vs versus"
    )
)
"""Words that frame a question and say nothing of what it is about."""

ASPECTS = frozenset(
    tokens(
        "symptom sign cause causes treatment treat therapy cure effect effects side risk risks "
        "benefit difference prevention prevent diagnosis diagnose test dose dosage food exercise "
        "natural alternative stage complication prognosis outcome danger dangerous cost evidence "
        "work help reduce improve affect differ different prevalence reason role argument "
        "threshold target goal interval first long short term common monitoring follow drug choice"
    )
)
"""Words for what can be asked of anything: a question that has no others is about what was said."""

LONGEST, KEPT, FOREIGN, ANSWERED = 400, 0.6, 0.25, 0.5
"""Code points of a rewriting, the share of the question's words it must keep, and the shares of
its own words that nobody may have said, and that may come from answers alone."""

SELF_CONTAINED = 4
"""A question with so many words of its own, and nothing that points back, is left alone."""

POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|his|her|him|ones?|same|such|others?|"
    r"another|else|instead|former|latter|above|again|two|both|between them)\b",
    re.IGNORECASE,
)
LEANS_ON = re.compile(
    r"^\W*(and|but|or|so|then|also|what about|how about|what if|why|if|any|when should|once)\b",
    re.IGNORECASE,
)
CIRCUMSTANCE = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|oh|what|how)\W+)*"
    r"(?:about|if|in|for|with|without|at|on|after|during)\b",
    re.IGNORECASE,
)
"""A question that only names a circumstance asks for what the one before it asked."""

INTRODUCES = re.compile(
    r"^\W*(what(?:['’]s| is| are| causes?)|tell me (?:more )?about|how (?:is|are)|define|explain|"
    r"describe)\b",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W_](?:[^\s,;:!?()\[\]\"]*[^\W_%+])?[%+]?")


def rewrite(question: str, history: Sequence[Turn], idf: Idf) -> str:
    """The question itself, or the question with the words it leans on in brackets.

    The words come from the question that opened the topic and from the latest one, rarest
    first when there are too many, in the order they were said.
    """
    carried = leaned_on(question, history, idf)
    return f"{question.rstrip()} ({' '.join(carried)})" if carried else question


def rewritten(question: str, history: Sequence[Turn], idf: Idf, offered: str | None = None) -> str:
    """The query for a question: what a model offers, unless that drifts, else what rules make.

    A small model often gives the question back as it was. So what it offers has to say something
    of what the question leans on, if the rules find anything: a word of theirs, or of an answer.
    """
    ruled = rewrite(question, history, idf)
    if not offered or drifts(offered, question, history):
        return ruled
    named = {form for text in (ruled, *_said(history)) for form in tokens(text) if form.isalpha()}
    added = set(tokens(offered)) - set(tokens(question)) - FRAME
    return ruled if ruled != question and named.isdisjoint(added) else offered


def drifts(offered: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a rewriting lost what was asked, brought in what nobody said, or grew too long.

    A figure that nobody said is one too many, and what holds more of the answers than of the
    questions is an answer itself.
    """
    if len(offered) > LONGEST:
        return True
    asked, found = set(tokens(question)), set(tokens(offered))
    questions = asked.union(*(tokens(turn.question) for turn in history))
    answers = {form for said in _said(history) for form in tokens(said)}
    brought = found - questions - FRAME
    foreign = brought - answers
    figures = {figure for text in (question, *_texts(history)) for figure in FIGURE.findall(text)}
    return (
        len((asked - FRAME) & found) < KEPT * len(asked - FRAME)
        or len(foreign) > FOREIGN * len(found)
        or len(brought) > ANSWERED * len(found)
        or not figures.issuperset(FIGURE.findall(offered))
    )


def _said(history: Sequence[Turn]) -> Iterator[str]:
    return (said for turn in history for said in turn.said)


def _texts(history: Sequence[Turn]) -> Iterator[str]:
    return (text for turn in history for text in (turn.question, *turn.said))


def leaned_on(question: str, history: Sequence[Turn], idf: Idf) -> list[str]:
    """The words of earlier questions that a question leans on; none if it stands alone.

    Where it names a circumstance and nothing else, as in "And in children?", what the last
    question asked for is among them.
    """
    if not history or not needs_context(question):
        return []
    about, added = topic(history)
    said = set(tokens(question))
    asked = _asked(history) if CIRCUMSTANCE.search(question) and said.isdisjoint(ASPECTS) else []
    weights: dict[str, float] = {}
    for word in (*about, *added, *asked):
        forms = tokens(word)
        if said.isdisjoint(forms):
            weights[word] = max(idf(word).values(), default=0.0)
            said.update(forms)
    kept = set(sorted(weights, key=weights.__getitem__, reverse=True)[:CARRIED])
    return [word for word in weights if word in kept]


def needs_context(question: str) -> bool:
    """Whether a question points back, leans on what was said, or is too short to stand alone."""
    if POINTS_BACK.search(question) or LEANS_ON.search(question):
        return True
    own = set(tokens(" ".join(named(question))))
    return not own or (len(own) < SELF_CONTAINED and not INTRODUCES.search(question))


def topic(history: Sequence[Turn]) -> tuple[list[str], list[str]]:
    """The words that the conversation is about, and those that the latest question added.

    A question that needs its context goes on about the same; another one opens a topic of its
    own.
    """
    about: list[str] = []
    for turn in history:
        own = named(turn.question)
        if own and not (about and needs_context(turn.question)):
            about = own
    latest = named(history[-1].question) if history else []
    return about, [word for word in latest if word not in about]


def named(question: str) -> list[str]:
    """The words of a question that name what it is about, as they were written."""
    words = [match.group() for match in WORD.finditer(question)]
    return [w for w in words if (forms := tokens(w)) and not (FRAME | ASPECTS).issuperset(forms)]


def _asked(history: Sequence[Turn]) -> list[str]:
    """The words for what is asked of the latest question that does more than add to another."""
    for turn in reversed(history):
        words = [match.group() for match in WORD.finditer(turn.question)]
        asked = [word for word in words if (forms := tokens(word)) and ASPECTS.issuperset(forms)]
        if asked or not CIRCUMSTANCE.search(turn.question):
            return asked
    return []
