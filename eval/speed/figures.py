"""The plots of a run of `speed`; pure."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from eval import plots
from eval.records import Result, Run
from eval.speed.talks import PHASES, WHOLE, timings

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
    """How times are spread over each corpus, what grows with it, and the peers beside ours."""
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
    ratios = {
        n.removeprefix("ratio "): s.value for n, s in run.measures.items() if n[:6] == "ratio "
    }
    if ratios:
        yield plots.ratios(ratios, "What other pipelines take, as a multiple of ours")


def _sizes(results: Sequence[Result]) -> Iterator[tuple[str, int]]:
    """The name of each resampled corpus, and the chunks it has."""
    for result in results:
        if "size" in result.shown and "chunks" in result.shown:
            yield str(result.shown["size"]), int(result.shown["chunks"])


def _line(run: Run, sizes: dict[str, int], measure: str) -> list[tuple[float, float]]:
    found = {chunks: run.measures.get(f"{name}/{measure}") for name, chunks in sizes.items()}
    return [(chunks, score.value) for chunks, score in sorted(found.items()) if score]
