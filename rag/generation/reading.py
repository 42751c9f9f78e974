"""What a chat model writes to drafted statements, whatever form it keeps to; pure.

One statement a line, or several sentences to a paragraph; marks after the sentence or before it,
as `[1][2]`, `[1, 2]`, `[1-3]`, `(1)` or `【1】`; headings, bullets, numbered steps, code fences.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.generation import Cite, DraftStatement
from rag.generation.prompt import source_line
from rag.grades import MARK as GRADED
from rag.sentences import plain, sentences
from rag.types import Passage

MOST_STATEMENTS = 20
"""A draft that goes on for longer is cut off."""

GOES_ROUND = 3
"""A draft that says a thing so often goes round in circles, as small models do."""

DEFAULT_HEADING = "Details"
LONGEST_HEADING = 80

FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$")
HEADING = re.compile(
    r"^\s*(?:#{1,6}\s+(?P<marks>.+?)\s*#*|\*\*(?P<bold>[^*]+?)\*\*:?|(?P<colon>[^.\[]+):)\s*$"
)
ITEM = re.compile(r"^\s*(?:[-*•–]|(?P<step>\d{1,2}[.)]))\s+")
HEADLINE = re.compile(
    r"^\s*(?:\*\*)?(?:headline|(?:the )?(?:short )?answer(?: is)?|assistant|system)(?:\*\*)?"
    r"\s*:(?:\*\*)?\s*",
    re.IGNORECASE,
)
OWN_HEADINGS = {"answer", "headline", "short answer", "the answer"}
"""What models put over the first line, which is no section."""

TELLS = re.compile(
    r"^(?:according to )?(?:the )?passage\s(?P<label>\d{1,3})"
    r"(?:,|\s(?:states?|says?|notes?|reports?|mentions?|indicates?)(?:\sthat|:)?)\s"
    r"(?P<quote>[\"“])?",
    re.IGNORECASE,
)
"""Where a sentence names its passage in words, and perhaps quotes it."""

LABEL = r"(?:p(?:assage)?s?\.?\s?)?\d{1,3}(?:\s?[-–]\s?\d{1,3})?"
LABELS = rf"{LABEL}(?:\s?[,;]\s?{LABEL})*"
MARK = re.compile(
    rf"\s*(?:\[{LABELS}\]|【{LABEL}[^】]*】|\({LABELS}\)(?=\s*(?:$|[.,;\[(])))", re.IGNORECASE
)
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>", re.IGNORECASE)
NUMBERS = re.compile(r"(\d{1,3})(?:\s?[-–]\s?(\d{1,3}))?")
ENDED = re.compile(r"[.!?:][\"'”’)]*\s*$")


class Sentence(NamedTuple):
    """A sentence without its marks, and the labels of the passages that these name."""

    text: str
    labels: tuple[int, ...]


class Reader:
    """Reads a draft as it comes; a statement is given out when its line is complete."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._sources = {_bare(source_line(passage)) for passage in passages}
        self._rest = ""
        self._heading: str | None = None
        self._has_headline = False
        self._said = Counter[str]()

    @property
    def is_full(self) -> bool:
        """Whether more is not read."""
        return (
            self._said.total() >= MOST_STATEMENTS
            or max(self._said.values(), default=0) >= GOES_ROUND
        )

    def feed(self, text: str) -> Iterator[DraftStatement]:
        """The statements that these further words complete."""
        *lines, self._rest = f"{self._rest}{text}".split("\n")
        for line in lines:
            yield from self._line(line)

    def finish(self) -> Iterator[DraftStatement]:
        """What the last line holds, unless it was cut off in mid-sentence."""
        rest, self._rest = self._rest, ""
        marks = list(MARK.finditer(rest))
        if ENDED.search(MARK.sub("", rest)) or (marks and marks[-1].end() == len(rest.rstrip())):
            yield from self._line(rest)

    def _line(self, line: str) -> Iterator[DraftStatement]:
        if FENCE.match(line) or not any(map(str.isalpha, line)):
            return
        heading = HEADING.match(line)
        if heading and (title := _title(heading)):
            self._heading = title
            return
        item = ITEM.match(line)
        body = HEADLINE.sub("", (line[item.end() :] if item else line).lstrip("# "))
        if (bare := _bare(body)) in OWN_HEADINGS or bare in self._sources:
            return
        is_step = bool(item and item["step"])
        for sentence in marked_sentences(body):
            if not self.is_full and not sentence.text.endswith(":"):
                yield self._statement(sentence, is_step)

    def _statement(self, sentence: Sentence, is_step: bool) -> DraftStatement:
        self._said[sentence.text] += 1
        cites = tuple(cite_of(self._passages, label) for label in sentence.labels)
        known = tuple(dict.fromkeys(cite for cite in cites if cite))
        if not self._has_headline:
            self._has_headline = True
            return DraftStatement(sentence.text, known, verbatim=False)
        heading = self._heading or DEFAULT_HEADING
        return DraftStatement(sentence.text, known, None, heading, is_step, verbatim=False)


def cite_of(passages: Sequence[Passage], label: int) -> Cite | None:
    """The whole passage of a label, counted from 1; None for a label that was not given."""
    if not 1 <= label <= len(passages):
        return None
    chunk = passages[label - 1].chunk
    return Cite(chunk.id, 0, len(chunk.text))


def marked_sentences(text: str) -> list[Sentence]:
    """The sentences of a line with their labels; a mark that opens the line is of what follows."""
    text = GRADED.sub("", PICTURE.sub("", text))
    clean, marks, at = "", list[tuple[int, tuple[int, ...]]](), 0
    for match in MARK.finditer(text):
        clean += text[at : match.start()]
        marks.append((len(clean), labels(match[0])))
        at = match.end()
    clean += text[at:]
    leads = bool(marks) and not clean[: marks[0][0]].strip()
    spans = sentences(clean)
    found: list[list[int]] = [[] for _ in spans]
    for place, numbers in marks:
        if spans:
            found[_owner(place, spans, leads)] += numbers
    texts = (re.sub(r"\s+([.,;:!?])", r"\1", plain(clean[a:b])).strip() for a, b in spans)
    read = (_told(said, numbers) for said, numbers in zip(texts, found, strict=True))
    return [sentence for sentence in read if any(map(str.isalpha, sentence.text))]


def _told(said: str, numbers: Sequence[int]) -> Sentence:
    """A sentence that begins with its passage in words, as if it ended with its mark."""
    if said.count('"') == 1:
        said = said.strip('" ')
    if not (match := TELLS.match(said)):
        return Sentence(said, tuple(dict.fromkeys(numbers)))
    rest = said[match.end() :]
    if match["quote"]:
        rest = rest.rstrip(' "”')
    label = int(match["label"])
    return Sentence(f"{rest[:1].upper()}{rest[1:]}", tuple(dict.fromkeys((*numbers, label))))


def labels(mark: str) -> tuple[int, ...]:
    """The labels of one mark: `[1, 3-5]` is 1, 3, 4 and 5."""
    found: list[int] = []
    for low, high in NUMBERS.findall(mark):
        found += range(int(low), min(int(high or low), int(low) + 20) + 1)
    return tuple(found)


def _owner(place: int, spans: Sequence[tuple[int, int]], leads: bool) -> int:
    """The sentence that a mark belongs to: the one it follows, or where marks lead the next."""
    if leads:
        following = (i for i, (start, _) in enumerate(spans) if start >= place)
        return next(following, len(spans) - 1)
    return max((i for i, (start, _) in enumerate(spans) if start < place), default=0)


def _bare(line: str) -> str:
    """A line without its marks and what ends it, whatever its case."""
    return MARK.sub("", line).strip(" *:.").casefold()


def _title(heading: re.Match[str]) -> str | None:
    """The heading's words, if they are one and name no passage."""
    title = (heading["marks"] or heading["bold"] or heading["colon"]).strip(" *:")
    is_title = len(title) <= LONGEST_HEADING and not MARK.search(title)
    return title if is_title and not HEADLINE.match(f"{title}:") else None
