"""What is wrong with summaries that can be read: by file and line, for every rule of how to write.

Imported articles are left alone: nobody has summed them up.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.corpus import ID, Corpus, matter_line
from rag.errors import Fault
from rag.glossary import Glossary
from rag.grades import MARK
from rag.headings import parts
from rag.importing.writing import IMPORTED
from rag.naming import WORD
from rag.orders import HIDDEN, gives_orders
from rag.phrasing import (
    LONGEST,
    abbreviations,
    misspelt_units,
    points_outside,
    routeless,
    word_count,
)
from rag.sentences import plain, statements
from rag.types import Guideline, GuidelineId, Role
from rag.wording import EDUCATIONAL

LENGTH = range(500, 1201)
"""Words of a body."""

TOLD = re.compile(r"\b(replac|supersed|updat|revis|withdr|later|new|newer|edition)", re.IGNORECASE)
"""How caveats tell of a later edition."""

LINKED = re.compile(
    rf"\[[^\]]+\]\((?!https?:|mailto:|urn:|#)(?P<target>[^()\s]+)|`(?P<id>{ID.pattern})`"
)
BLANKED = re.compile(rf"{MARK.pattern}|https?://\S+|10\.\d{{4,}}/\S+|`[^`\n]*`|\]\([^()\s]*\)")
"""Grades, addresses and names of files: their letters are no abbreviations."""

SHINGLE, SHARED, COMMON = 4, 0.8, 12
"""Words of a shingle; the share of them that makes near-duplicates; one in more statements than
this tells nothing."""

TELLING = {Role.RATIONALE, Role.CAVEATS, Role.PLAIN_LANGUAGE}
"""Sections that tell of doses without giving any."""

Problem = tuple[int, str]
"""A line of the file, from 1, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a summary, as it is read, and where it stands."""

    text: str
    line: int
    role: Role | None
    section: str
    table: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A guideline with its statements, and the line of its file on which the body begins."""

    guideline: Guideline
    path: Path
    first_line: int
    said: tuple[Said, ...]

    def line(self, at: int) -> int:
        """The line of the file that holds a code point of the body."""
        return self.first_line + self.guideline.body.count("\n", 0, at)


def lint(folder: Path, corpus: Corpus, today: date) -> list[Fault]:
    """Every fault of the summaries of a corpus that has been read from a folder."""
    summaries = [_summary(folder, g) for g in corpus.guidelines if g.specialty != IMPORTED]
    known = {g.id for g in corpus.guidelines}
    glossary = Glossary(corpus.glossary)
    rules: Sequence[Callable[[Summary], Iterator[Problem]]] = (
        _length,
        _closing,
        lambda summary: _review(summary, today),
        _statements,
        _units,
        _planted,
        lambda summary: _links(summary, known),
    )
    faults = [
        Fault(str(summary.path), line, problem)
        for summary in summaries
        for rule in rules
        for line, problem in rule(summary)
    ]
    return sorted([*faults, *_abbreviations(summaries, glossary), *_duplicates(summaries)])


def _summary(folder: Path, guideline: Guideline) -> Summary:
    path = folder / guideline.path
    lines = path.read_text("utf-8-sig").count("\n")
    first_line = lines - guideline.body.count("\n") + 1
    return Summary(guideline, path, first_line, tuple(_said(guideline.body, first_line)))


def _said(body: str, first_line: int) -> Iterator[Said]:
    for part in parts(body):
        section = body[part.start : part.end]
        for span in statements(section):
            at = part.start + span.start
            yield Said(
                text=plain(section[span.start : span.end]),
                line=first_line + body.count("\n", 0, at),
                role=part.role,
                section=" ".join((*part.heading, section if span.table else "")),
                table=span.table,
            )


def _length(summary: Summary) -> Iterator[Problem]:
    count = word_count(MARK.sub("", summary.guideline.body))
    if count not in LENGTH:
        yield summary.first_line, f"{count} words: a body has {LENGTH[0]} to {LENGTH[-1]:,}"


def _closing(summary: Summary) -> Iterator[Problem]:
    caveats = [said for said in summary.said if said.role is Role.CAVEATS]
    if not any(EDUCATIONAL.search(said.text) for said in caveats):
        line = caveats[-1].line if caveats else summary.first_line
        yield line, "no caveat says that it is educational and no clinician has reviewed it"


def _review(summary: Summary, today: date) -> Iterator[Problem]:
    """A summary may stay past its date when its caveats tell what has come since."""
    due = summary.guideline.review_by
    told = any(said.role is Role.CAVEATS and TOLD.search(said.text) for said in summary.said)
    if due and due < today and not told:
        line = matter_line(summary.path, ("review_by",))
        yield line, f"review_by: {due} is past: review it, or tell in Caveats what has come since"


def _statements(summary: Summary) -> Iterator[Problem]:
    for said in summary.said:
        amount = routeless(said.text, said.section, said.role is Role.DOSING)
        if amount and said.role not in TELLING:
            yield said.line, f"a dose without a route, {amount}: {_start(said.text)}"
        if said.table:
            continue
        if (count := word_count(said.text)) > LONGEST:
            yield said.line, f"{count} words, {LONGEST} at most: {_start(said.text)}"
        if words := points_outside(said.text):
            yield said.line, f"{words!r} points outside the statement: {_start(said.text)}"


def _units(summary: Summary) -> Iterator[Problem]:
    body = summary.guideline.body
    for part in parts(body):
        if part.role is not Role.PLAIN_LANGUAGE:
            for at, wrong, right in misspelt_units(body[part.start : part.end]):
                yield summary.line(part.start + at), f"{wrong!r}: write {right}"


def _planted(summary: Summary) -> Iterator[Problem]:
    """What only a model would read, or obey."""
    for match in HIDDEN.finditer(summary.guideline.body):
        name = f"U+{ord(match[0]):04X}"
        yield summary.line(match.start()), f"a character that nobody sees, {name}: take it out"
    for said in summary.said:
        if gives_orders(said.text):
            yield said.line, f"speaks to a model, so it is never quoted: {_start(said.text)}"


def _links(summary: Summary, known: set[GuidelineId]) -> Iterator[Problem]:
    for match in LINKED.finditer(summary.guideline.body):
        target = match["id"] or match["target"].split("#")[0]
        file = summary.path.parent / target
        if target not in known and (match["id"] or not file.is_file()):
            yield summary.line(match.start()), f"{target}: there is no such summary"


def _abbreviations(summaries: Sequence[Summary], glossary: Glossary) -> Iterator[Fault]:
    """One fault for each abbreviation that readers of several summaries, or of one, cannot know."""
    used: dict[str, list[tuple[Summary, int]]] = defaultdict(list)
    for summary in summaries:
        for word, at in _unknown(summary.guideline.body, glossary).items():
            used[word].append((summary, at))
    for word, places in used.items():
        summary, at = places[0]
        if len(places) > 1:
            problem = f"{word}: used in {len(places)} summaries and not in glossary.yaml"
        elif not _is_spelt_out(word, summary.guideline.body):
            problem = f"{word}: neither spelt out here nor in glossary.yaml"
        else:
            continue
        yield Fault(str(summary.path), summary.line(at), problem)


def _is_spelt_out(word: str, body: str) -> bool:
    in_brackets, before = rf"\({word}s?[,;)]", rf"\b{word}s? (\(|stands? for|means?\b)"
    return bool(re.search(f"{in_brackets}|{before}", body))


def _unknown(body: str, glossary: Glossary) -> dict[str, int]:
    """Abbreviations that the glossary does not hold, alone or in a compound, and the first use."""
    found: dict[str, int] = {}
    for at, word, compound in abbreviations(BLANKED.sub(_blank, body)):
        one = word.removesuffix("s")
        if not any(one in part and glossary.knows(part) for part in _stretches(compound)):
            found.setdefault(one, at)
    return found


def _stretches(compound: str) -> Iterator[str]:
    """The parts of a compound and what neighbours make together, in the singular too."""
    pieces = re.split(r"([-/])", compound)
    for first in range(0, len(pieces), 2):
        for last in range(first + 1, len(pieces) + 1, 2):
            stretch = "".join(pieces[first:last])
            yield from (stretch, stretch.removesuffix("s"))


def _duplicates(summaries: Sequence[Summary]) -> Iterator[Fault]:
    """Statements that nearly repeat one of another summary, editions of one guideline apart.

    Linear in the number of statements: only rare shingles lead from one to another.
    """
    editions = _editions([summary.guideline for summary in summaries])
    told = [
        (summary, said, _shingles(said.text))
        for summary in summaries
        for said in summary.said
        if not (said.table or said.role is Role.PLAIN_LANGUAGE or EDUCATIONAL.search(said.text))
    ]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, (summary, said, shingles) in enumerate(told):
        near = Counter(m for shingle in shingles for m in holders[shingle][:COMMON])
        for m, shared in near.most_common(1):
            other, twin, theirs = told[m]
            apart = editions[other.guideline.id] != editions[summary.guideline.id]
            if apart and shared >= SHARED * min(len(shingles), len(theirs)):
                place = f"{other.guideline.path}:{twin.line}"
                yield Fault(str(summary.path), said.line, f"nearly the words of {place}")
        for shingle in shingles:
            holders[shingle].append(n)


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Stretches of some words each; none of a statement too short to tell."""
    words = WORD.findall(text.casefold())
    count = len(words) - SHINGLE + 1
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(count if count > SHINGLE else 0))


def _editions(guidelines: Sequence[Guideline]) -> Mapping[GuidelineId, GuidelineId]:
    """For each guideline one of the chain of editions it belongs to, the same for all of them."""
    chain = {guideline.id: guideline.id for guideline in guidelines}
    for guideline in guidelines:
        for old in guideline.supersedes:
            joined = {chain.get(old, old), chain[guideline.id]}
            chain = {i: guideline.id if first in joined else first for i, first in chain.items()}
    return chain


def _start(text: str) -> str:
    return f"{text[:60]}…" if len(text) > len("…") + 60 else text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
