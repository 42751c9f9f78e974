import json
import random
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval import plots
from eval.gating import baseline_of, breaches, has_unit, lower_is_better
from eval.peers import runner
from eval.records import Misused, Result, Run, Score
from eval.reporting import as_html, lacking
from eval.speed import against, machine, processes, refreshes, resampling, talks
from eval.speed.against import Contest
from eval.speed.embedders import NoisyEmbedder, TimedEmbedder
from eval.speed.homes import Home, home, snapshot
from eval.speed.measured import NotMeasured
from eval.statistics import compare
from eval.suites import Options, open_suite
from rag.assistant import Assistant
from rag.corpus import load
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.summaries import write_summary

BODY = """## Recommendations

- Ultrasound of the abdomen comes first in a child with a mass. {GRADE: strong recommendation}

- Contrast-enhanced CT of the abdomen follows in a child with a calcified mass.

## Dosing

- Adrenaline for anaphylaxis is given as 0.5 mg intramuscularly in adults.
"""

COSTS = (
    "answer/p50 ms",
    "10000/search/p99 ms",
    "refresh unchanged s",
    "serve RSS MB",
    "refresh one paragraph embeddings",
    "cold ask torch modules",
    "calibration_error",
)
GAINS = ("refresh chunks per s", "ratio langchain/query", "nDCG@10", "evidence recall")


def a_run(**measures: float) -> Run:
    scores = {name: Score(value=v, low=v, high=v) for name, v in measures.items()}
    return Run(
        suite="speed",
        created=datetime.now(UTC),
        n=1,
        failed=0,
        seed=0,
        measures=scores,
        corpus="c",
        facts={},
    )


@pytest.mark.parametrize("measure", COSTS)
def test_costs_are_better_low(measure: str) -> None:
    assert lower_is_better(measure)


@pytest.mark.parametrize("measure", GAINS)
def test_throughput_ratios_and_shares_are_better_high(measure: str) -> None:
    assert not lower_is_better(measure)


def test_a_cost_may_grow_by_its_allowance_and_no_further() -> None:
    baseline = baseline_of(a_run(**{"answer/p50 ms": 50.0, "refresh chunks per s": 100.0}))
    assert not list(breaches(a_run(**{"answer/p50 ms": 64, "refresh chunks per s": 71}), baseline))
    (slower,) = breaches(a_run(**{"answer/p50 ms": 66, "refresh chunks per s": 500}), baseline)
    assert slower.startswith("answer/p50 ms: 66.000, it was 50.000")
    (fewer,) = breaches(a_run(**{"answer/p50 ms": 1, "refresh chunks per s": 69}), baseline)
    assert fewer.startswith("refresh chunks per s")


def test_a_cost_that_falls_has_won() -> None:
    before, after = [50.0, 52.0, 49.0] * 5, [40.0, 41.0, 39.0] * 5
    faster = compare(before, after, lower_is_better=True)
    assert (faster.verdict, faster.wins, faster.losses) == ("better", 15, 0)
    assert faster.difference.high < 0
    assert compare(after, before, lower_is_better=True).verdict == "worse"


def test_no_case_falls_short_of_a_measure_that_has_no_best() -> None:
    result = Result(id="a", cluster="a", scores={"answer/mean ms": 40.0, "recall": 0.75})
    assert lacking(result) == pytest.approx(0.25)
    assert has_unit("answer/mean ms")
    assert not has_unit("recall")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("acr/mass", "esc/heart"):
        write_summary(tmp_path / "corpus", name, BODY.replace("mass", name[4:]))
    replaced = "supersedes: [esc/heart]\n"
    write_summary(tmp_path / "corpus", "esc/newer", BODY.replace("mass", "node"), more=replaced)
    return tmp_path / "corpus"


@pytest.fixture
def options(corpus: Path, tmp_path: Path) -> Options:
    settings = Settings(corpus=corpus, indexes=tmp_path / "indexes")
    return Options(settings, tmp_path / "work", embedder=HashEmbedder())


@pytest.fixture
def built(options: Options, tmp_path: Path) -> Home:
    where = home(tmp_path, options.settings)
    with Assistant(where.settings, HashEmbedder()) as assistant:
        assistant.refresh()
    return where


def test_memory_is_read_as_the_system_tells_it() -> None:
    told = "Name:\tpython\nVmHWM:\t  2000000 kB\nVmRSS:\t  1000000 kB\nThreads:\t3\n"
    assert machine.parsed(told) == (1024.0, 2048.0)
    assert machine.parsed("Name:\tzombie\n") == (0, 0)
    with pytest.raises(NotMeasured, match="process 0 cannot be read"):
        machine.memory(0)


def test_the_facts_say_what_machine_it_was() -> None:
    found = machine.facts()
    assert found["cores"] >= 1
    assert len(found["load average at start"]) == 3


def test_questions_are_those_that_guidelines_name_each_with_a_follow_up(corpus: Path) -> None:
    guidelines = load(corpus).guidelines
    found = talks.talks(guidelines, None, seed=1)
    assert {talk.question for talk in found} == {q for g in guidelines for q in g.questions}
    assert all(talk.follow_up in talks.FOLLOW_UPS for talk in found)
    assert [talk.number for talk in found] == [0, 1, 2]
    assert len(talks.talks(guidelines, 2, seed=1)) == 2
    silent = [guideline.model_copy(update={"questions": ()}) for guideline in guidelines]
    assert {talk.question for talk in talks.talks(silent, None, 1)} == {g.title for g in silent}


def test_a_conversation_is_timed_by_phase_and_once_more(built: Home) -> None:
    (talk, *_) = talks.talks(load(built.corpus).guidelines, None, seed=1)
    with Assistant(built.settings, HashEmbedder()) as assistant:
        talks.warm_up(assistant)
        scores, shown = talks.held(assistant, talk, "60")
    assert len(shown["first"]) == len(shown["again"]) == 2
    for timings in (*shown["first"], *shown["again"]):
        parts = sum(ms for phase, ms in timings.items() if phase != talks.WHOLE)
        assert parts == pytest.approx(timings[talks.WHOLE], abs=0.1)
    assert scores["60/answer/mean ms"] == pytest.approx(
        np.mean([timings[talks.WHOLE] for timings in shown["again"]])
    )


def answered(corpus: str, *milliseconds: float) -> Result:
    again = [{"answer": ms, "search": ms / 10} for ms in milliseconds]
    shown = {"timed": corpus, "first": [{"answer": 900.0}], "again": again}
    return Result(id=f"{corpus}{milliseconds}", cluster="c", shown=shown)


def test_percentiles_are_of_all_answers_over_one_corpus() -> None:
    results = [answered("", 10, 20), answered("", 30), answered("60", 500)]
    ours, theirs = talks.statistics(), talks.statistics("60")
    assert ours["answer/p50 ms"](results) == 20
    assert ours["search/p50 ms"](results) == 2
    assert ours["first answer/p99 ms"](results) == 900
    assert theirs["60/answer/p95 ms"](results) == 500
    assert np.isnan(ours["write/p50 ms"](results))


def test_a_refresh_embeds_one_text_for_one_changed_paragraph(
    corpus: Path, options: Options, tmp_path: Path
) -> None:
    scores, _ = refreshes.costs(corpus, tmp_path / "aside", options.settings, HashEmbedder())
    assert scores["refresh one paragraph embeddings"] == 1
    assert scores["refresh chunks per s"] > 0
    assert scores["refresh unchanged s"] < scores["refresh first s"]
    assert not (tmp_path / "aside").exists()


def test_the_time_of_embedding_is_taken_out_of_a_first_refresh() -> None:
    timed = TimedEmbedder(HashEmbedder())
    timed.passages, timed.seconds = 50, 5.0
    assert refreshes.first_refresh(100, 7.0, timed) == {
        "refresh first s": 7.0,
        "refresh chunks per s": 50.0,
        "embedding texts per s": 10.0,
    }


def test_a_paragraph_is_changed_only_where_it_stands_once() -> None:
    assert refreshes.edited("A. Give aspirin. B.", "Give aspirin.", 2) == (
        "A. Give aspirin edit2. B."
    )
    assert refreshes.edited("Same. Same.", "Same.", 0) is None
    assert refreshes.edited("Give 5 mg.", "5 mg", 0) is None


def test_a_corpus_without_a_paragraph_to_change_is_told(tmp_path: Path) -> None:
    write_summary(tmp_path, "acr/short", "## Dosing\n\n5 mg.\n")
    with pytest.raises(NotMeasured, match="no paragraph"):
        refreshes.editable(load(tmp_path), tmp_path)


def test_guidelines_are_drawn_once_each_before_any_is_copied(corpus: Path) -> None:
    found = resampling.sources(load(corpus).guidelines)
    own = sum(len(source.chunks) for source in found)
    drawn = resampling.drawn(found, own + 1, seed=3)
    assert [one.round for one in drawn] == [0, 0, 0, 1]
    assert len({one.id for one in drawn}) == 4
    assert len(resampling.drawn(found, 1, seed=3)) == 1
    assert drawn == resampling.drawn(found, own + 1, seed=3)


def test_a_copy_keeps_headings_grades_figures_and_length() -> None:
    copy = resampling.reworded(BODY, ["zebra"], random.Random(1))  # noqa: S311  not for secrets
    assert copy != BODY
    assert len(copy.split()) == len(BODY.split())
    assert [x for x in copy.split("\n") if x[:1] == "#"] == ["## Recommendations", "## Dosing"]
    assert "{GRADE: strong recommendation}" in copy
    assert "0.5" in copy


def test_a_resampled_corpus_is_sound_and_keeps_who_replaces_whom(
    corpus: Path, tmp_path: Path
) -> None:
    read = load(corpus)
    drawn = resampling.drawn(resampling.sources(read.guidelines), 25, seed=0)
    resampling.write(drawn, corpus, tmp_path / "big", seed=0)
    resampling.write_differing(drawn, read.differing, tmp_path / "big")
    made = {guideline.id: guideline for guideline in load(tmp_path / "big").guidelines}
    assert made.keys() == {one.id for one in drawn}
    assert made["acr/mass"].body == BODY
    assert made["acr/mass-copy-1"].title == "Mass (copy 1)"
    assert resampling.origin("Mass (copy 1)") == "Mass"
    assert made["esc/newer-copy-1"].supersedes == ("esc/heart-copy-1",)


def test_vectors_of_copies_are_near_their_guideline_and_seeded() -> None:
    sources = {"Mass": ["Mass\nUltrasound first."], "Heart": ["Heart\nEcho."]}
    embedder = NoisyEmbedder(HashEmbedder(384), sources, seed=1)
    texts = ["Mass (copy 1)\nother words", "Mass (copy 2)\nother words", *sources["Mass"]]
    one, other, real = embedder.embed_passages(texts)
    assert np.allclose(real, HashEmbedder(384).embed_query("Mass\nUltrasound first."))
    assert one @ real == pytest.approx(0.8, abs=0.12)
    assert np.linalg.norm(one) == pytest.approx(1)
    assert not np.allclose(one, other)
    again = NoisyEmbedder(HashEmbedder(384), sources, seed=1)
    assert np.allclose(again.embed_passages(texts)[0], one)


def test_a_corpus_of_a_size_is_built_once(options: Options) -> None:
    with open_suite("speed", Options(**given(options), chunks=(30,))) as suite:
        cases = {case.id: case for case in suite.cases}
        assert [i for i in cases if "question" not in i] == [
            "refresh", "cold", "serve", "30/build", "30/serve",
        ]  # fmt: skip
        first = suite.measure(cases["30/build"])
        assert suite.measure(cases["30/build"]) == first
        asked = suite.measure(cases["30/question 000"])
        shipped = suite.measure(cases["question 000"])
    assert first.shown["chunks"] >= 30
    assert {"30/build s", "30/index MB", "30/build peak MB"} <= first.scores.keys()
    assert asked.shown["timed"] == "30"
    assert shipped.shown["timed"] == ""
    assert "resampled vectors" in suite.facts


def given(options: Options) -> dict[str, Any]:
    kept = ("settings", "workspace", "data", "embedder")
    return {name: getattr(options, name) for name in kept}


def test_what_cannot_be_measured_is_refused(options: Options, tmp_path: Path) -> None:
    with (
        pytest.raises(Misused, match="the peers are langchain"),
        open_suite("speed", Options(**given(options), against=("haystack",))),
    ):
        pass
    alone = Options(**(given(options) | {"data": tmp_path}))
    with pytest.raises(Misused, match="--data is resampled"), open_suite("speed", alone):
        pass


def test_other_data_is_imported_to_be_resampled(options: Options, tmp_path: Path) -> None:
    lines = [json.dumps({"_id": str(i), "title": f"T{i}?", "text": BODY}) for i in range(3)]
    (tmp_path / "set").mkdir()
    (tmp_path / "set/corpus.jsonl").write_text("\n".join(lines), "utf-8")
    data = given(options) | {"data": tmp_path / "set"}
    with open_suite("speed", Options(**data, chunks=(5,))) as suite:
        assert [c.id for c in suite.cases if c.id.startswith("5/question")]
    corpus = given(options) | {"data": options.settings.corpus}
    with open_suite("speed", Options(**corpus, chunks=(5,), limit=1)) as suite:
        assert sum("question" in case.id for case in suite.cases) == 2


def test_a_snapshot_is_kept_by_its_content(corpus: Path, tmp_path: Path) -> None:
    one, digest = snapshot(corpus, tmp_path / "work")
    assert snapshot(corpus, tmp_path / "work") == (one, digest)
    write_summary(corpus, "acr/more", BODY)
    assert snapshot(corpus, tmp_path / "work")[0] != one
    assert load(one / "corpus").digest == digest


def test_a_process_finds_the_home_and_no_setting_of_the_user(
    built: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_HOST", "0.0.0.0")  # noqa: S104  must not reach the process
    found = processes.environment(built.settings)
    assert "RAG_HOST" not in found
    assert found["RAG_INDEXES"] == str(built.indexes)


def test_torch_is_found_among_imported_modules() -> None:
    told = "import time:  1 |  2 |     torch.nn\nimport time:  1 |  2 | torch\n"
    assert processes.torch_modules(told) == 2
    assert processes.torch_modules("import time: 1 | 2 |   torchlike\n") == 0


def test_a_command_that_fails_tells_its_last_line(built: Home) -> None:
    spent, _ = processes.finished([sys.executable, "-c", "pass"], built.settings)
    assert spent > 0
    wrong = [sys.executable, "-c", "import sys; sys.exit('first\\nno such thing')"]
    with pytest.raises(NotMeasured, match="exit 1: no such thing"):
        processes.finished(wrong, built.settings)
    with pytest.raises(NotMeasured, match="No such file"):
        processes.finished(["/no/such/command"], built.settings)


def test_a_server_that_ends_is_told(built: Home, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no port')"]
    log = tmp_path / "log"
    with (
        processes.serving(command, built.settings, log) as process,
        pytest.raises(NotMeasured, match="ended with 1: no port"),
    ):
        processes.wait_until_ready(process, processes.free_port(), log)


SERVER = """
import http.server, json, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(int(sys.argv[2]), {})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(201, {"conversation_id": "c"})

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def test_a_server_is_asked_and_its_memory_read(built: Home, tmp_path: Path) -> None:
    asked = talks.talks(load(built.corpus).guidelines, None, seed=0)

    def command(status: int) -> processes.Command:
        return lambda port: [sys.executable, "-c", SERVER, str(port), str(status)]

    scores, shown = processes.served(built.settings, asked, tmp_path / "log", command(200))
    assert scores["serve RSS MB"] > 1
    assert shown["questions"] == 6
    with pytest.raises(NotMeasured, match="/readyz answered 503"):
        processes.served(built.settings, asked, tmp_path / "log", command(503))


class Counting:
    """A pipeline that notes what it was asked to do."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def index(self, documents: Sequence[Mapping[str, str]]) -> None:
        self.done.append(f"index {len(documents)}")

    def passages(self) -> int:
        return 7

    def query(self, text: str, k: int) -> int:
        self.done.append(text)
        return k

    def refresh(self, documents: Sequence[Mapping[str, str]], changed: Mapping[str, str]) -> None:
        self.done.append(f"refresh {changed['id']}")


def test_the_runner_indexes_asks_in_rounds_and_takes_changes_in() -> None:
    pipeline = Counting()
    job = {
        "documents": [{"id": "a"}, {"id": "b"}],
        "questions": ["q"],
        "k": 3,
        "changes": [{"id": "a"}],
    }
    report = runner.measured(pipeline, job)
    assert pipeline.done == ["index 2", *runner.ROUNDS * ["q"], "refresh a"]
    assert report["passages"] == 7
    assert len(report["query_ms"]) == 1
    assert report["rss_mb"] > 1


def a_contest(options: Options, tmp_path: Path) -> Contest:
    asked = talks.talks(load(options.settings.corpus).guidelines, None, seed=0)
    corpus = options.settings.corpus
    return Contest(corpus, tmp_path / "against", tmp_path / "venv", options.settings, asked)


def test_the_documents_of_the_peers_are_those_of_the_corpus(corpus: Path) -> None:
    read = load(corpus)
    assert [d["id"] for d in against.documents(read)] == [g.id for g in read.guidelines]
    first, *others = against.changes(read, corpus)
    assert len(others) == 2
    assert "edit0" in first["text"]
    assert "edit0" in first["file"]
    assert first["file"].startswith("---")


def test_a_peer_that_does_not_run_is_told_once(options: Options, tmp_path: Path) -> None:
    contest = a_contest(options, tmp_path)
    python = tmp_path / "venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 'no module named txtai' >&2\nexit 3\n")
    python.chmod(0o755)
    (tmp_path / "venv/installed").write_text(against.REQUIREMENTS.read_text("utf-8"), "utf-8")
    with pytest.raises(NotMeasured, match="exit 3: no module named txtai"):
        contest.run("txtai")
    assert contest.query("txtai", 0) == ({}, {"not run": "txtai"})


def test_a_report_becomes_measures_and_ratios(options: Options, tmp_path: Path) -> None:
    contest = a_contest(options, tmp_path)
    for factor, system in enumerate((against.OURS, "txtai"), start=1):
        report = {
            "index_s": 10.0 * factor,
            "refresh_s": 1.0,
            "rss_mb": 100.0 / factor,
            "peak_mb": 1.0,
            "query_ms": [2.0 * factor] * 3,
            **dict.fromkeys(("passages", "splits", "refreshes", "packages", "load"), "told"),
        }
        contest.reports[system] = report
    results = [
        Result(id=system, cluster="p", scores=dict(scores), shown=dict(shown))
        for system in (against.OURS, "txtai")
        for scores, shown in (contest.run(system), contest.query(system, 0))
    ]
    made = {name: of(results) for name, of in against.statistics(("ours", "txtai")).items()}
    assert made == {
        "ours/query p50 ms": 2,
        "ours/query p95 ms": 2,
        "txtai/query p50 ms": 4,
        "txtai/query p95 ms": 4,
        "ratio txtai/query": 2,
        "ratio txtai/index": 2,
        "ratio txtai/refresh": 1,
        "ratio txtai/RSS": 0.5,
    }
    assert np.isnan(against.statistics(("ours", "txtai"))["ratio txtai/RSS"]([]))


def test_the_peers_are_pinned_where_they_are_installed_from() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["optional-dependencies"]["peers"]
    lines = against.REQUIREMENTS.read_text("utf-8").splitlines()
    pinned = {line.split("==")[0] for line in lines if "==" in line}
    assert {name.split(">=")[0] for name in wanted} <= pinned


def test_an_environment_that_cannot_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NotMeasured, match="exit 1"):
        against.installed(tmp_path / "venv")


def test_the_report_shows_spreads_growth_and_ratios() -> None:
    results = [
        *(answered(corpus, 10, 20, 30) for corpus in ("", "1000", "9000")),
        *(
            Result(id=f"{n}/build", cluster="b", shown={"size": n, "chunks": n + 4})
            for n in (1000, 9000)
        ),
    ]
    measures = {"ratio txtai/query": 0.5, "ratio txtai/index": 3.0, "serve RSS MB": 1234.5}
    pipelines = [
        Result(id="ours", cluster=against.PIPELINES, shown={"passages": 1439, "splits": "ours"}),
        Result(id="txtai", cluster=against.PIPELINES, failed="NotMeasured: <no> index"),
    ]
    for n in (1000, 9000):
        measures |= {f"{n}/answer/p50 ms": n / 100, f"{n}/serve RSS MB": n / 10}
    page = as_html(a_run(**measures), [*results, *pipelines])
    assert "over the shipped corpus" in page
    assert "over 9,004 chunks" in page
    assert "Time of an answer as the corpus grows" in page
    assert "as a multiple of ours" in page
    assert "<td>serve RSS MB</td><td>1,234</td>" in page
    assert "<td>1,439: ours</td>" in page
    assert page.count("NotMeasured: &lt;no&gt; index") == 2
    assert not re.search(r"(?:src|href)=", page)


def test_a_scale_of_powers_holds_all_values() -> None:
    scale = plots.Powers.over([0.3, 40], 100, 400)
    assert list(scale.ticks()) == [(0.1, 100.0), (1, 200.0), (10, 300.0), (100, 400.0)]
    assert plots.Powers.over([5, 5], 0, 10).at(5) == pytest.approx(7)
    assert list(plots.Powers.between([20, 2000], 0, 100).ticks()) == [(100, 34.9), (1000, 84.9)]


def test_names_beside_lines_do_not_touch() -> None:
    drawn = plots.growth({"a": [(1, 5), (2, 9)], "b": [(1, 5), (2, 9)]}, "T", "ms")
    places = re.findall(r'y="([\d.]+)" text-anchor="start" class="">(?:a|b)<', drawn)
    assert abs(float(places[0]) - float(places[1])) >= plots.APART
