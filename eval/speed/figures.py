"""The plots of a run of `speed`; pure."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from eval import plots
from eval.gating import has_unit
from eval.records import Result, Run
from eval.speed.against import PIPELINES
from eval.speed.talks import PHASES, WHOLE, timings

COLUMNS = ("query p50 ms", "query p95 ms", "index s", "refresh s", "RSS MB")

GROWS = (
    (
        "Time of an answer as the corpus grows, in chunks",
        "ms",
        ("answer/p50 ms", "answer/p95 ms", "first answer/p50 ms", "search/p50 ms"),
    ),
    (
        "Memory and disk as the corpus grows, in chunks",
        "MB",
        ("serve RSS MB", "index MB", "database MB"),
    ),
    (
        "Time to build, without embedding, and to refresh as the corpus grows, in chunks",
        "s",
        ("build s", "refresh unchanged s", "serve ready s"),
    ),
)


def figures(run: Run, results: Sequence[Result]) -> Iterator[Markup]:
    """The service as a whole, how times are spread, what grows with the corpus, and the peers."""
    if run.suite != "speed":
        return
    whole = [(n, _told(s.value)) for n, s in run.measures.items() if has_unit(n) and "/" not in n]
    if whole:
        yield plots.table(("over the shipped corpus", "value"), whole, "The service as a whole")
    sizes = dict(_sizes(results))
    for corpus in ("", *sizes):
        rows = {phase: timings(results, corpus, "again", phase) for phase in PHASES}
        rows[f"first {WHOLE}"] = timings(results, corpus, "first", WHOLE)
        if rows[WHOLE]:
            over = f"{sizes[corpus]:,} chunks" if corpus else "the shipped corpus"
            yield plots.spreads(rows, f"Time of each phase of an answer, over {over}", "ms")
    for title, unit, names in GROWS:
        lines = {name.rsplit(" ", 1)[0]: _line(run, sizes, name) for name in names}
        if any(len(line) > 1 for line in lines.values()):
            yield plots.growth({name: line for name, line in lines.items() if line}, title, unit)
    yield from _pipelines(run, results)


def _pipelines(run: Run, results: Sequence[Result]) -> Iterator[Markup]:
    """A table of the pipelines, those that did not run among them, and the ratios."""
    asked = dict.fromkeys(r.id.split("/")[0] for r in results if r.cluster == PIPELINES)
    rows = [(system, *_pipeline(run, results, system)) for system in asked]
    if rows:
        head = ("pipeline", *(name for name in COLUMNS), "passages, and how they are made")
        yield plots.table(head, rows, "Pipelines over the same documents and questions")
    names = (name for name in run.measures if name.startswith("ratio "))
    ratios = {name.removeprefix("ratio "): run.measures[name].value for name in names}
    if ratios:
        yield plots.ratios(ratios, "What other pipelines take, as a multiple of ours")


def _pipeline(run: Run, results: Sequence[Result], system: str) -> tuple[str, ...]:
    (made,) = (result for result in results if result.id == system)
    if made.failed:
        return (*("" for _ in COLUMNS), made.failed)
    told = (run.measures.get(f"{system}/{name}") for name in COLUMNS)
    splits = f"{made.shown['passages']:,}: {made.shown['splits']}"
    return (*(_told(score.value) if score else "" for score in told), splits)


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= plots.MANY else f"{value:.3g}"


def _sizes(results: Sequence[Result]) -> Iterator[tuple[str, int]]:
    """The name of each resampled corpus, and the chunks it has."""
    for result in results:
        if "size" in result.shown and "chunks" in result.shown:
            yield str(result.shown["size"]), int(result.shown["chunks"])


def _line(run: Run, sizes: dict[str, int], measure: str) -> list[tuple[float, float]]:
    found = {chunks: run.measures.get(f"{name}/{measure}") for name, chunks in sizes.items()}
    return [(chunks, score.value) for chunks, score in sorted(found.items()) if score]
