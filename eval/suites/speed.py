"""What the service costs, through the same Assistant that users call.

Time by phase of answering, of a refresh and from cold; memory and disk; the same over corpora of
other sizes; and other pipelines beside ours. Figures differ from machine to machine and from hour
to hour: a run says on what it was made, and how busy that was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from eval.memory import refuse_more
from eval.records import Misused, Result
from eval.speed import against, processes, refreshes, resampling, sizes, talks
from eval.speed.against import OURS, PEERS, PIPELINES, Contest
from eval.speed.bench import Bench
from eval.speed.embedders import NOISE
from eval.speed.homes import Home, home, snapshot
from eval.speed.measured import Case, Measured, prefixed
from eval.speed.sizes import Size
from eval.speed.talks import Talk
from eval.suites import Options, Statistic
from eval.workspace import imported, importer_of, index_facts
from rag.assistant import Assistant
from rag.corpus import load

Measure = Callable[[], Measured]


@dataclass(frozen=True, slots=True)
class Speed:
    """See Suite."""

    cases: Sequence[Case]
    corpus: str
    facts: Mapping[str, Any]
    statistics: Mapping[str, Statistic]

    def measure(self, case: Case) -> Result:
        """Make one measurement."""
        scores, shown = case.measure()
        return Result(id=case.id, cluster=case.cluster, scores=dict(scores), shown=dict(shown))


@contextmanager
def open_suite(options: Options) -> Iterator[Speed]:
    """Copy the corpus, index the copy, and lay out what is to be measured."""
    _refuse(options)
    facts: dict[str, Any] = {}
    kept, digest = snapshot(options.settings.corpus, options.workspace / "speed")
    where, bench = home(kept, options.settings), Bench(options)
    with Assistant(where.settings, options.embedder, options.generator) as assistant:
        assistant.refresh(force=True)
        facts |= index_facts(assistant)
        asked = talks.talks(assistant.guidelines(), options.limit, options.seed)
    other = _other_corpus(options) or where.corpus
    try:
        yield Speed(
            [
                *_conversations(bench, where, asked),
                *_service(bench, where, asked),
                *(case for n in options.chunks for case in _size(bench, other, n)),
                *_pipelines(options, other),
            ],
            corpus=digest,
            facts={**facts, **_resampling_facts(options, other)},
            statistics=_statistics(options),
        )
    finally:
        bench.close()


def _refuse(options: Options) -> None:
    if unknown := sorted(set(options.against) - set(PEERS)):
        raise Misused(f"--against {unknown[0]}: the peers are {', '.join(PEERS)}")
    for chunks in options.chunks:
        refuse_more(chunks)
    if options.data and not (options.chunks or options.against):
        raise Misused("--data is resampled to --chunks N, or read by --against: say which")


def _other_corpus(options: Options) -> Path | None:
    """The corpus folder that `--data` names, imported if it is in another layout."""
    if options.data is None:
        return None
    data = options.needed().resolve()
    if data.is_dir() and any(data.glob("*/*.md")):
        return data
    return imported(options.workspace, data, importer_of(data)).resolve() / "corpus"


def _conversations(
    bench: Bench, where: Home, asked: Sequence[Talk], corpus: str = ""
) -> Iterator[Case]:
    name = f"{corpus}/" if corpus else ""
    for talk in asked:

        def hold(talk: Talk = talk) -> Measured:
            return talks.held(bench.assistant(where), talk, corpus)

        yield Case(f"{name}question {talk.number:03d}", talk.guideline_id, hold)


def _service(bench: Bench, where: Home, asked: Sequence[Talk]) -> Iterator[Case]:
    """Measurements of the service as a whole, over the corpus as it is."""
    settings, aside = where.settings, bench.options.workspace / "speed/refreshed"

    def refresh() -> Measured:
        return refreshes.costs(where.corpus, aside, settings, bench.embedder())

    yield _whole("refresh", refresh)
    yield _whole("cold", partial(processes.cold, settings, asked[0].question))
    yield _whole("serve", partial(processes.served, settings, asked, where.folder / "serve.log"))


def _size(bench: Bench, source: Path, chunks: int) -> Iterator[Case]:
    """The same over a corpus that is made to have so many chunks."""
    options, corpus, name = bench.options, load(source), str(chunks)
    drawn = resampling.drawn(resampling.sources(corpus.guidelines), chunks, options.seed)
    folder = f"speed/resampled-{chunks}-{options.seed}-{corpus.digest[:12]}"
    where = home(options.workspace / folder, options.settings)
    size = Size(name, drawn, source, corpus.differing, where, options.seed)
    real = (one.source.guideline for one in drawn if one.round == 0)
    asked = talks.talks(real, options.limit, options.seed)

    def build() -> Measured:
        return sizes.built(size, bench.embedder())

    def serve() -> Measured:
        return processes.served(where.settings, asked, where.folder / "serve.log")

    for kind, measure in (("build", build), ("serve", serve)):
        yield _whole(f"{name}/{kind}", partial(_of_size, name, measure))
    yield from _conversations(bench, where, asked, name)


def _of_size(name: str, measure: Measure) -> Measured:
    scores, shown = measure()
    return Measured(prefixed(f"{name}/", scores), {"size": int(name), **shown})


def _pipelines(options: Options, source: Path) -> Iterator[Case]:
    """Ours and the peers, over the same documents and questions."""
    if not options.against:
        return
    asked = talks.talks(load(source).guidelines, options.limit, options.seed)
    workspace = options.workspace.resolve()
    contest = Contest(
        source, workspace / "speed/against", workspace / "peers-venv", options.settings, asked
    )
    for system in (OURS, *options.against):
        yield Case(system, PIPELINES, partial(contest.run, system))
        for talk in asked:
            query = partial(contest.query, system, talk.number)
            yield Case(f"{system}/question {talk.number:03d}", talk.guideline_id, query)


def _whole(name: str, measure: Measure) -> Case:
    return Case(name, name, measure)


def _statistics(options: Options) -> dict[str, Statistic]:
    made = talks.statistics()
    for chunks in options.chunks:
        made |= talks.statistics(str(chunks))
    if options.against:
        made |= against.statistics((OURS, *options.against))
    return made


def _resampling_facts(options: Options, source: Path) -> dict[str, Any]:
    if not options.chunks:
        return {}
    return {
        "resampled from": source.parent.name if source.name == "corpus" else source.name,
        "resampled vectors": (
            f"those of copies are the model's own of the copied guideline plus noise of length "
            f"{NOISE}, renormalised; a share of {resampling.EXCHANGED} of their words is exchanged"
        ),
    }
