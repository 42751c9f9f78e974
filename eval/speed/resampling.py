"""A corpus of any size made of a real one.

Guidelines are drawn whole, each once; when all are there, copies follow, round by round. A copy
says which it is in its title and its id, and a share of its plain words are exchanged for others
of the corpus, drawn as often as they occur there: it reads as nonsense, but it is as long, has as
many sentences, and its words are as rare as those of the real ones.
"""

import itertools
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from rag.chunking import chunk
from rag.corpus import DISAGREEMENTS, FRONT, Differing
from rag.types import Chunk, Guideline, GuidelineId

EXCHANGED = 0.25
"""The share of plain words that a copy exchanges."""

PLAIN = re.compile(r"\{[^{}]*\}|\b[a-z]{4,}\b")
"""A word without capitals and figures, or a grade, which stays."""

MARK = re.compile(r" \(copy \d+\)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A guideline to draw from, with its chunks."""

    guideline: Guideline
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A source in its round; round 0 is the guideline itself."""

    source: Source
    round: int

    @property
    def id(self) -> GuidelineId:
        """The id it has in the resampled corpus."""
        return copy_id(self.source.guideline.id, self.round)


def sources(guidelines: Iterable[Guideline]) -> list[Source]:
    """The guidelines with their chunks, without those that have none."""
    found = [Source(guideline, tuple(chunk(guideline))) for guideline in guidelines]
    return [source for source in found if source.chunks]


def drawn(found: Sequence[Source], chunks: int, seed: int) -> list[Drawn]:
    """Sources in a random order, round by round, until they have so many chunks."""
    draw, taken, count = random.Random(seed), list[Drawn](), 0  # noqa: S311  not for secrets
    for round_ in itertools.count():
        for source in draw.sample(found, len(found)):
            if count >= chunks:
                return taken
            taken.append(Drawn(source, round_))
            count += len(source.chunks)
    return taken


def write(taken: Sequence[Drawn], source: Path, into: Path, seed: int) -> None:
    """Write the resampled corpus into a folder."""
    words = [w for d in taken if d.round == 0 for w in plain_words(d.source.guideline.body)]
    ids = {one.id for one in taken}
    draw = random.Random(seed)  # noqa: S311  not for secrets
    for one in taken:
        guideline = one.source.guideline
        front = FRONT.match((source / guideline.path).read_text("utf-8-sig"))
        matter = yaml.safe_load(front[1]) if front else {}
        body = reworded(guideline.body, words, draw) if one.round else guideline.body
        replaced = (copy_id(old, one.round) for old in guideline.supersedes)
        matter |= {
            "id": one.id,
            "title": copy_title(guideline.title, one.round),
            "supersedes": [old for old in replaced if old in ids],
        }
        path = into / f"{one.id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = yaml.safe_dump(matter, allow_unicode=True, sort_keys=False)
        path.write_text(f"---\n{head}---\n{body}", "utf-8")


def write_differing(taken: Sequence[Drawn], differing: Sequence[Differing], into: Path) -> None:
    """Write the known disagreements between guidelines that were all drawn."""
    ids = {one.id for one in taken}
    kept = [
        point.model_dump(mode="json")
        for point in differing
        if all(side.guideline in ids for side in point.sides)
    ]
    (into / DISAGREEMENTS).write_text(yaml.safe_dump(kept, allow_unicode=True), "utf-8")


def reworded(body: str, words: Sequence[str], draw: random.Random) -> str:
    """The body with a share of its plain words exchanged; headings and grades stay."""

    def other(match: re.Match[str]) -> str:
        stays = match[0].startswith("{") or draw.random() >= EXCHANGED
        return match[0] if stays else draw.choice(words)

    lines = body.split("\n")
    return "\n".join(line if line.startswith("#") else PLAIN.sub(other, line) for line in lines)


def plain_words(body: str) -> Iterator[str]:
    """The plain words of a body, as often as they occur."""
    return (match[0] for match in PLAIN.finditer(body) if not match[0].startswith("{"))


def copy_id(guideline_id: GuidelineId, round_: int) -> GuidelineId:
    """The id of the copy that a round makes of a guideline."""
    return f"{guideline_id}-copy-{round_}" if round_ else guideline_id


def copy_title(title: str, round_: int) -> str:
    """The title of the copy that a round makes."""
    return f"{title} (copy {round_})" if round_ else title


def origin(title: str) -> str:
    """The title that a copy's title was made of."""
    return MARK.sub("", title)
