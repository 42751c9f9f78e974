from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import made, memory, plots, records
from eval.comparing import changed, differences, pair, shared
from eval.gating import Baseline, Floor, baseline_of, breaches, is_never, lower_is_better
from eval.keeping import KeptEmbedder
from eval.records import Begun, Misused, Result, Run, Score
from eval.reporting import as_html, as_junit, as_markdown, calibration, failing
from eval.running import sampled, summed
from eval.speed import machine
from eval.statistics import bootstrapped
from rag.settings import Settings
from tests.fakes import HashEmbedder

TIMES = datetime(2026, 1, 2, tzinfo=UTC)


def a_run(
    measures: Mapping[str, float], suite: str = "mutations", n: int = 3, failed: int = 0
) -> Run:
    scores = {name: Score(value=v, low=v, high=v) for name, v in measures.items()}
    return Run(
        suite=suite,
        created=TIMES,
        n=n,
        failed=failed,
        seed=0,
        measures=scores,
        corpus="c",
        facts={},
    )


def kept(folder: Path, run: Run, results: list[Result]) -> Path:
    records.begin(folder, Begun(suite=run.suite, corpus=run.corpus, facts={}))
    for result in results:
        records.append(folder, result)
    records.save(folder, run)
    return folder


def result(name: str, **scores: float) -> Result:
    return Result(id=name, cluster=name, scores=scores)


@pytest.mark.parametrize(
    ("measure", "lower"),
    [
        ("refused", True),
        ("refused/order", True),
        ("dev/refused/order", True),
        ("invented references", True),
        ("dev/quote mismatches", True),
        ("calibration_error", True),
        ("dev/needless disagreement", True),
        ("disagreement shown", False),
        ("area under risk-coverage", True),
        ("10000/answer/p95 ms", True),
        ("caught/refused words", False),
        ("caught", False),
        ("fell back", True),
        ("dropped", True),
        ("input tokens", True),
        ("seconds", True),
        ("kept", False),
        ("fused/nDCG@10", False),
        ("alone/overlap@10", False),
        ("refresh chunks per s", False),
    ],
)
def test_measures_are_read_in_their_own_direction_whatever_stands_before_them(
    measure: str, lower: bool
) -> None:
    assert lower_is_better(measure) is lower
    floor = {measure: Floor(value=0.5, allowance=0.02)}
    worse, better = (0.6, 0.4) if lower else (0.4, 0.6)
    never = is_never(measure)
    held = Baseline(suite="mutations", measures=floor)
    assert bool(list(breaches(a_run({measure: worse}), held)))
    assert bool(list(breaches(a_run({measure: better}), held))) is never
    within = 0.51 if lower else 0.49
    assert bool(list(breaches(a_run({measure: within}), held))) is never


def test_what_is_never_allowed_is_in_no_baseline_and_breaks_every_one() -> None:
    run = a_run({"dev/superseded cited": 0.01, "recall": 0.5})
    assert baseline_of(run).measures.keys() == {"recall"}
    (breach,) = breaches(run, baseline_of(run))
    assert breach == "dev/superseded cited: 0.010, and none are allowed"


def test_a_run_of_fewer_cases_or_without_a_measure_does_not_hold_a_baseline() -> None:
    held = baseline_of(a_run({"recall": 0.5, "precision": 0.5}))
    fewer, gone, none = breaches(a_run({"recall": float("nan")}, n=2), held)
    assert fewer.startswith("2 cases, there were 3")
    assert gone == "recall: nan, it was 0.500 (allowance 0.02)"
    assert none == "precision: not measured, it was 0.500"


def test_allowances_set_by_hand_outlive_an_update() -> None:
    before = Baseline(suite="mutations", measures={"recall": Floor(value=0.4, allowance=0.1)})
    after = baseline_of(a_run({"recall": 0.6, "precision": 0.7}), before)
    assert after.measures["recall"] == Floor(value=0.6, allowance=0.1)
    assert after.measures["precision"].allowance == 0.02


def test_runs_are_compared_by_the_cases_both_could_measure(tmp_path: Path) -> None:
    cases = [result(str(i), recall=0.0, refused=1.0) for i in range(20)]
    broken = Result(id="20", cluster="20", failed="no")
    one = kept(tmp_path / "a", a_run({"recall": 0, "refused": 1}), [*cases, broken])
    better = [result(str(i), recall=1.0, refused=0.0) for i in range(19)]
    other = kept(tmp_path / "b", a_run({"recall": 1, "refused": 0, "more": 1}), better)
    assert shared(one, other) == (19, 1, 0)
    found = {d.measure: d.paired for d in differences(one, other)}
    assert found.keys() == {"recall", "refused"}
    for name in ("recall", "refused"):
        paired = found[name]
        assert paired
        assert (paired.verdict, paired.wins, paired.losses) == ("better", 19, 0)
    lost = [case.id for case in changed(other, one, "refused")]
    assert lost == sorted(str(i) for i in range(19))
    assert differences(one / "run.json", other / "run.json") == differences(one, other)


def test_statistics_of_all_cases_are_compared_by_drawing_the_same_ones(tmp_path: Path) -> None:
    def told(right: bool) -> list[Result]:
        return [
            Result(
                id=str(i),
                cluster=str(i),
                shown={"answerable": i % 2 == 0, "abstained": i % 2 == 1 and right},
            )
            for i in range(40)
        ]

    none = kept(tmp_path / "none", a_run({"abstention recall": 0.0}, suite="answers"), told(False))
    all_ = kept(tmp_path / "all", a_run({"abstention recall": 1.0}, suite="answers"), told(True))
    (found,) = differences(none, all_)
    assert found.paired
    assert found.paired.verdict == "better"
    assert found.paired.difference == (1, 1, 1)
    assert found.paired.effect is None
    empty = kept(tmp_path / "empty", a_run({"abstention recall": 1.0}, suite="answers"), [])
    (nothing,) = differences(none, empty)
    assert nothing.paired is None


def test_runs_of_different_suites_are_never_compared(tmp_path: Path) -> None:
    one, other = (
        kept(tmp_path / "a", a_run({}), []),
        kept(tmp_path / "b", a_run({}, suite="claims"), []),
    )
    with pytest.raises(Misused, match="a run of mutations"):
        pair(one, other, across=True)


def test_a_line_cut_short_by_a_kill_is_left_out(tmp_path: Path) -> None:
    folder = kept(tmp_path / "run", a_run({}), [result("a"), result("b")])
    path = folder / "results.jsonl"
    path.write_text(path.read_text("utf-8")[:-5], "utf-8")
    assert [r.id for r in records.results(folder)] == ["a"]
    records.append(folder, result("c"))
    assert [r.id for r in records.results(folder)] == ["a", "c"]


@given(st.integers(0, 30), st.integers(1, 40), st.integers(0, 5))
def test_drawn_cases_keep_their_order_and_depend_on_the_seed_alone(
    n: int, limit: int, seed: int
) -> None:
    cases = list(range(n))
    drawn = sampled(cases, limit, seed)
    assert drawn == sorted(set(drawn)) == sampled(cases, limit, seed)
    assert len(drawn) == min(n, limit)


def test_a_mean_is_over_the_cases_that_have_the_measure() -> None:
    found = [result("a", x=1.0), result("b", x=0.0, y=0.25), Result(id="c", cluster="c", failed="")]
    scores = summed(found, {"n": len, "undefined": lambda _: float("nan")}, 0)
    assert (scores["x"].value, scores["y"].value, scores["n"].value) == (0.5, 0.25, 2)
    assert "undefined" not in scores
    assert summed([], {"n": len}, 0) == {}


def test_a_statistic_has_the_interval_of_whole_clusters() -> None:
    cases, clusters = [0.0, 1.0] * 20, [0, 1] * 20
    alone = bootstrapped(cases, range(40), np.mean)
    whole = bootstrapped(cases, clusters, np.mean)
    assert alone.value == whole.value == 0.5
    assert (whole.low, whole.high) == (0, 1)
    assert alone.high - alone.low < 0.4
    nothing = bootstrapped([1.0], [0], lambda _: float("nan"))
    assert np.isnan(nothing.value)
    with pytest.raises(ValueError, match="no cases"):
        bootstrapped([], [], np.mean)


def test_vectors_are_kept_from_one_embedder_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "deep/vectors.db"
    texts = [f"text {n}" for n in range(1200)]
    first = KeptEmbedder(HashEmbedder(), path)
    made_first = first.embed_passages(texts)
    asked = first.embed_query("a question")
    first.close()
    fresh = HashEmbedder()
    second = KeptEmbedder(fresh, path)
    assert np.array_equal(second.embed_passages([*texts[::-1], "new"])[:-1], made_first[::-1])
    assert np.array_equal(second.embed_query("a question"), asked)
    assert fresh.embedded == ["new"]
    second.close()
    other = HashEmbedder()
    other.fingerprint = "another"
    third = KeptEmbedder(other, path)
    third.embed_passages(texts[:2])
    assert other.embedded == texts[:2]
    third.close()


def test_a_file_of_vectors_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "vectors.db").write_text("not a database " * 100, "utf-8")
    with pytest.raises(Misused, match="remove it"):
        KeptEmbedder(HashEmbedder(), tmp_path / "vectors.db")


def test_a_run_says_what_it_was_made_with() -> None:
    facts = made.made_with(Settings(database="postgresql+psycopg://me:secret@host/db"))
    assert facts["settings"]["embedder"] == "minilm"
    assert facts["packages"]["faiss-cpu"]
    assert facts["machine"]["cores"] >= 1
    assert len(facts["code"]) == 16
    assert "secret" not in str(facts)


def test_memory_that_may_be_taken_is_that_of_machine_and_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "PROC", tmp_path)
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    assert machine.available() is None
    memory.refuse_more(10**12)
    (tmp_path / "meminfo").write_text("MemAvailable:  2000000 kB\n", "utf-8")
    assert machine.available() == 2_048_000_000
    (tmp_path / "memory.max").write_text("max\n", "ascii")
    (tmp_path / "memory.current").write_text("1000\n", "ascii")
    assert machine.available() == 2_048_000_000
    (tmp_path / "memory.max").write_text("5000\n", "ascii")
    assert machine.available() == 4000
    with pytest.raises(Misused, match="takes about 1,200 MB of memory to index, and 0 MB"):
        memory.refuse_more(1)


def test_the_reports_tell_what_could_not_be_run_apart(tmp_path: Path) -> None:
    odd = "it *failed* <b>\x00 | [here]"
    results = [
        result("good", recall=1.0),
        Result(id="bad", cluster="bad", scores={"recall": 0.5}, shown={"question": "Why\n*so*?"}),
        Result(id="broken", cluster="broken", failed=odd),
    ]
    run = a_run({"recall": 0.75}, failed=1)
    assert [r.id for r in failing(results)] == ["broken", "bad"]
    junit = fromstring(as_junit(run, results))  # noqa: S314  we wrote it
    assert junit.attrib == {"name": "mutations", "tests": "3", "failures": "1", "errors": "1"}
    assert [child.tag for case in junit for child in case] == ["failure", "error"]
    told = as_markdown(run, results)
    assert "- bad: Why \\*so\\*?" in told
    assert "\\*failed\\* \\<b\\>" in told
    page = as_html(run, results)
    assert "it *failed* &lt;b&gt;" in page
    assert as_html(a_run({}), []).count("None.") == 1


def test_the_page_has_every_plot_that_its_cases_call_for() -> None:
    told = [
        Result(
            id=str(i),
            cluster=str(i),
            scores={"reason right": 1.0} if i % 3 else {},
            shown={
                "confidence": i / 20,
                "answerable": i > 5,
                "support": i / 20,
                "label": "SUPPORTED" if i > 10 else "REFUTED",
                "milliseconds": 10 * i,
                "kind": "lay" if i % 2 else "direct",
            },
        )
        for i in range(20)
    ]
    page = as_html(a_run({"recall": 0.5}), told)
    for title in (
        "Measures with their 95 % intervals",
        "Time of a case: p50 95.0, p95 180, p99 188 ms",
        "Risk against coverage, surest first: area 0.",
        "Calibration of confidence",
        "Calibration of the support check",
        "By kind of question",
    ):
        assert f"<figcaption>{title}" in page, title
    assert plots.histogram([], "Nothing", "ms") == ""


def test_calibration_is_told_by_bins_of_equal_size() -> None:
    told = [(i / 100, i >= 50) for i in range(100)]
    points = calibration(told)
    assert len(points) == 10
    assert points[0] == pytest.approx((0.045, 0.0))
    assert points[-1] == pytest.approx((0.945, 1.0))


def test_a_claim_falls_short_where_the_check_leans_the_wrong_way() -> None:
    told = [
        Result(id=f"{label}{support}", cluster="c", shown={"label": label, "support": support})
        for label in ("SUPPORTED", "REFUTED")
        for support in (0.1, 0.9)
    ]
    assert [r.id for r in failing(told)] == ["REFUTED0.9", "SUPPORTED0.1"]
