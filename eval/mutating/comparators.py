"""The other side of a limit, and the limit itself taken in or left out."""

from collections.abc import Iterator

from eval.mutating import Change, Said, replaced, rules

NUMBER = (
    r"(?= (?:the age of |about |a |an )?[<>≤≥]?(?:\d|(?:one|two|three|four|five|six|ten|half)\b))"
)
OVER = r"(?:(?<=aged )|(?<=age )|(?<=rate )|(?<=interval )|(?<=fever )|(?<=weighing ))over" + NUMBER
"""A limit, and not a time that something takes."""

SIGNS = {"≥": "<", "≤": ">", ">": "<", "<": ">"}
EDGES = {"≥": ">", "≤": "<", ">": "≥", "<": "≤"}
WORDS = rules(
    (
        ("at least" + NUMBER, "at most"),
        ("at most" + NUMBER, "at least"),
        ("below" + NUMBER, "above"),
        ("above" + NUMBER, "below"),
        ("less than" + NUMBER, "more than"),
        ("more than" + NUMBER, "less than"),
        ("within" + NUMBER, "after"),
        ("within the first" + NUMBER, "after the first"),
        (r"within the (?:past|last) (\w+) (years|months|weeks|days)", r"more than \1 \2 ago"),
        ("up to" + NUMBER, "at least"),
        (OVER, "under"),
        ("under" + NUMBER, "over"),
        ("before" + NUMBER, "after"),
        ("after" + NUMBER, "before"),
        ("younger than" + NUMBER, "older than"),
        ("older than" + NUMBER, "younger than"),
        ("shorter than" + NUMBER, "longer than"),
        ("longer than" + NUMBER, "shorter than"),
        ("no more than" + NUMBER, "no less than"),
        ("no less than" + NUMBER, "no more than"),
        ("exceeds" + NUMBER, "is below"),
        ("or older", "or younger"),
        ("or younger", "or older"),
        (r"(?<=\d )or more", "or less"),
        (r"(?<=years )or more", "or less"),
        (r"(?<=weeks )or more", "or less"),
        (r"(?<=mmHg )or more", "or less"),
        (r"(?<=mL )or more", "or less"),
        (r"(?<=\d )or less", "or more"),
        ("or higher", "or lower"),
        (r"(?<=\d )or lower", "or higher"),
        (r"(?<=mmHg )or lower", "or higher"),
        ("or longer", "or shorter"),
        (r"(?<=\d )or fewer", "or more"),
        ("at or above", "at or below"),
        ("at or beyond" + NUMBER, "before"),
        ("maximum of" + NUMBER, "minimum of"),
        ("maximum" + NUMBER, "minimum"),
        ("falls below" + NUMBER, "rises above"),
    )
)
EDGE_WORDS = rules(
    (
        ("at least" + NUMBER, "more than"),
        ("more than" + NUMBER, "at least"),
        ("below" + NUMBER, "at or below"),
        ("above" + NUMBER, "at or above"),
        ("less than" + NUMBER, "at most"),
        ("at most" + NUMBER, "less than"),
        (r"aged (\d+) years or older", r"older than \1 years"),
        (r"(\d+) or more", r"more than \1"),
        (r"(\d+) or higher", r"above \1"),
        (r"(?<!/)(\d+(?:/\d+)?) mmHg or higher", r"above \1 mmHg"),
        (r"younger than (\d+)", r"aged up to \1"),
        (r"older than (\d+) years", r"aged \1 years or older"),
        ("exceeds" + NUMBER, "is at least"),
        (OVER, "at least"),
        ("under" + NUMBER, "at most"),
    )
)


def comparator(said: Said) -> Iterator[Change]:
    """Every comparator turned round."""
    yield from _signs(said.text, SIGNS)
    yield from replaced(said.text, WORDS)


def boundary(said: Said) -> Iterator[Change]:
    """Every limit that belonged to the range no longer belonging to it, and the reverse."""
    yield from _signs(said.text, EDGES)
    yield from replaced(said.text, EDGE_WORDS)


def _signs(text: str, table: dict[str, str]) -> Iterator[Change]:
    for at, sign in enumerate(text):
        if sign in table:
            yield Change(at, at + 1, table[sign], f"{sign} → {table[sign]}")
