"""What is said of the index, as text for a terminal; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rag.cli.terminal import Hanging, counted, one_line
from rag.types import Moves, Plan, Refreshed, Status, Verified, Version

MOVES = ("added", "changed", "moved", "removed", "unchanged")


def plan_blocks(plan: Plan) -> Iterator[RenderableType]:
    """What a refresh would do."""
    if plan.is_empty:
        yield Text(f"Nothing to do: version {plan.base} is what the corpus says.")
        return
    if plan.rebuild:
        yield Hanging("", Text(f"Everything is built anew: {one_line(plan.rebuild)}."))
        yield Text()
    yield _table(
        ("", *MOVES),
        [("guidelines", *_counts(plan.guidelines)), ("chunks", *_counts(plan.chunks))],
    )
    yield Text()
    yield Text(f"Embeddings: {plan.to_embed} to compute, {plan.to_reuse} to reuse.")
    for name in MOVES[:-1]:
        yield from _named(f"Guidelines {name}", getattr(plan.guidelines, name))
    yield from _named("Answers that cite what goes", plan.answers_affected)


def refreshed_blocks(refreshed: Refreshed) -> Iterator[RenderableType]:
    """What a refresh did."""
    if not refreshed.new_version:
        yield Text(f"Nothing to do: version {refreshed.version} is what the corpus says.")
        return
    plan = refreshed.plan
    yield Text(f"Version {refreshed.version} serves now, after {refreshed.seconds:.1f} s.", "bold")
    for name, moves in (("Guidelines", plan.guidelines), ("Chunks", plan.chunks)):
        told = ", ".join(
            f"{count} {move}" for move, count in zip(MOVES, _counts(moves), strict=True) if count
        )
        yield Text(f"{name}: {told or 'none'}.")
    yield Text(f"Embeddings: {plan.to_embed} computed, {plan.to_reuse} reused.")
    yield from _named("Answers that cite what went", plan.answers_affected)


def status_blocks(status: Status) -> Iterator[RenderableType]:
    """What serves now."""
    version = status.version
    if version is None:
        yield Text("There is no index yet: run `rag refresh`.")
    else:
        yield Text(f"Version {version.id}, built {_when(version)}", "bold")
        yield Text(
            f"{counted(version.guidelines, 'guideline')}, {counted(version.chunks, 'chunk')}"
        )
    yield Text(f"Embedder {status.embedder}, generator {status.generator}")
    yield from _counted("By specialty", status.by_specialty)
    yield from _counted("By issuer", status.by_issuer)


def versions_blocks(versions: Sequence[Version]) -> Iterator[RenderableType]:
    """A table of versions, newest first."""
    if not versions:
        yield Text("There is no version yet: run `rag refresh`.")
        return
    rows = [(v.id, _when(v), str(v.guidelines), str(v.chunks), _state(v)) for v in versions]
    yield _table(("version", "built", "guidelines", "chunks", "state"), rows)


def verified_blocks(verified: Verified) -> Iterator[RenderableType]:
    """What was checked and every problem that was found."""
    checks = ", ".join(f"{count} {name}" for name, count in verified.checks.items())
    result = counted(len(verified.problems), "problem") if verified.problems else "no problems"
    yield Hanging("", Text(f"Version {verified.version}: {checks} checked, {result}."))
    for problem in verified.problems:
        yield Hanging("  • ", Text(one_line(problem)))


def _counts(moves: Moves) -> tuple[str, ...]:
    lists = (moves.added, moves.changed, moves.moved, moves.removed)
    return (*(str(len(ids)) if ids else "" for ids in lists), str(moves.unchanged or ""))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for number, title in enumerate(header):
        counts = number > 0 and title not in ("built", "state")
        table.add_column(title, justify="right" if counts else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _named(heading: str, ids: Iterable[str]) -> Iterator[RenderableType]:
    ids = tuple(ids)
    if ids:
        yield Text(f"\n{heading}:")
    for each in ids:
        yield Text(f"  {one_line(each)}")


def _counted(heading: str, counts: Mapping[str, int]) -> Iterator[RenderableType]:
    if counts:
        yield Text(f"\n{heading}:")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield Text(f"{count:>5}  {one_line(name)}")


def _when(version: Version) -> str:
    return f"{version.created:%Y-%m-%d %H:%M} UTC"


def _state(version: Version) -> str:
    if version.current:
        return "serves"
    return "kept" if version.present else "files gone"
