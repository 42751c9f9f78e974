"""Another drug of its class or of a like name, another disease that it is confused with."""

import re
from collections.abc import Iterator, Mapping
from re import Match

from eval.mutating import Change, Said, diseases, drugs, like

Thing = tuple[str, ...]
"""Something by all its names."""

ARTICLE = re.compile(r"(?<!group )\b(?P<article>an?) $", re.I)
SPOKEN_VOWEL = re.compile(r"(?:[aeiouAEIOU]|[FHLMNRSX][A-Z])(?!nivers|se)")


class Lexicon:
    """Things in classes, each class of what may be taken for one another."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._classes = {kind: things(names) for kind, names in classes.items()}
        self._of_name: dict[str, list[tuple[str, Thing]]] = {}
        for kind, members in self._classes.items():
            for thing in members:
                for name in thing:
                    self._of_name.setdefault(name.lower(), []).append((kind, thing))
        names = sorted(self._of_name, key=len, reverse=True)
        self._pattern = re.compile(
            rf"(?<![\w/-])(?P<name>{'|'.join(map(re.escape, names))})(?P<plural>s?)"
            r"(?![\w/:]| receptor|-(?!risk|associated|sparing))",
            re.I,
        )

    def __len__(self) -> int:
        """How many names are known."""
        return len(self._of_name)

    def find(self, text: str) -> Iterator[Match[str]]:
        """Every name in a text, the longest where several begin."""
        return self._pattern.finditer(text)

    def begins(self, text: str) -> bool:
        """Whether a text begins with a name, be it after an article."""
        return bool(self._pattern.match(re.sub(r"^an? ", "", text)))

    def others(self, name: str, said: set[Thing]) -> Iterator[tuple[str, Thing]]:
        """What a name may be taken for and the text does not name, each with its class."""
        for kind, _ in self._of_name[name.lower()]:
            yield from ((kind, other) for other in self._classes[kind] if other not in said)

    def things(self, name: str) -> list[Thing]:
        """What a name stands for."""
        return [thing for _, thing in self._of_name[name.lower()]]


def things(names: str) -> tuple[Thing, ...]:
    """The things of a list, each with all its names."""
    return tuple(tuple(entry.split("=")) for entry in names.split(", "))


DRUGS = Lexicon({**drugs.CLASSES, **drugs.KINDS})
DISEASES = Lexicon(diseases.CLASSES)


def drug(said: Said) -> Iterator[Change]:
    """Every drug, and every class of drugs, as each other one of its kind."""
    yield from _renamed(said.text, DRUGS)


def disease(said: Said) -> Iterator[Change]:
    """Every disease as each one that it is confused with."""
    yield from _renamed(said.text, DISEASES)


def _renamed(text: str, lexicon: Lexicon) -> Iterator[Change]:
    found = list(lexicon.find(text))
    said = {thing for match in found for thing in lexicon.things(match["name"])}
    for match in found:
        for kind, other in lexicon.others(match["name"], said):
            yield _named(text, *match.span(), other[0] + match["plural"], kind)


def _named(text: str, start: int, end: int, name: str, kind: str) -> Change:
    """The change, with the article that the new name asks for."""
    article = ARTICLE.search(text[:start])
    if not article:
        return Change(start, end, like("A" if start == 0 else "a", name), kind)
    fitting = "an" if SPOKEN_VOWEL.match(name) else "a"
    words = f"{like(article['article'], fitting)} {name}"
    return Change(article.start(), end, words, kind)
