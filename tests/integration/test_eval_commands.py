"""`rag-eval` as it is called: its commands, its exit codes, and what it says of bad input."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import eval.__main__ as command
from eval import records
from eval.__main__ import main
from eval.records import Begun, Misused, Run
from eval.running import run
from eval.suites import Options
from rag.errors import RagError
from rag.generation import DraftStatement, Ledger, Task
from rag.generation.extractive import ExtractiveGenerator
from tests.evaluated import CASES, beir, made_options, write_lines
from tests.fakes import HashEmbedder

CLAIM = {"id": "1", "claim": "It helps.", "evidence": "It does help.", "label": "SUPPORTED"}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return made_options(tmp_path)


def exit_code(*arguments: object) -> object:
    with pytest.raises(SystemExit) as stopped:
        main([str(a) for a in arguments])
    return stopped.value.code


def test_the_commands_work_on_a_finished_run(
    options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, baseline = tmp_path / "run", tmp_path / "baseline.json"
    run("answers", options, folder)
    assert exit_code("gate", folder, "--baseline", baseline, "--update") == 0
    assert exit_code("gate", folder, "--baseline", baseline) == 0
    assert "hold the baseline" in capsys.readouterr().out
    lifted = baseline.read_text("utf-8").replace('"value": 1.0', '"value": 1.5')
    baseline.write_text(lifted, "utf-8")
    assert exit_code("gate", folder, "--baseline", baseline) == 1
    assert "it was 1.500" in capsys.readouterr().out
    assert exit_code("compare", folder, folder, "--cases", "key facts") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "4 cases in both, 0 only in A, 0 only in B" in said
    assert "the data cannot tell" in said
    assert "0 cases differ on key facts" in said
    assert exit_code("compare", folder, folder, "--json") == 0
    told = {difference["measure"]: difference for difference in json.loads(capsys.readouterr().out)}
    assert told["quote mismatches"]["ties"] == 4
    assert told["abstention recall"]["verdict"] == "the data cannot tell"
    for form, ending in (("html", "html"), ("markdown", "md"), ("junit", "xml")):
        assert exit_code("report", folder, "--format", form) == 0
        assert (folder / f"report.{ending}").exists()


def test_cases_that_differ_are_shown_side_by_side(
    options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("answers", options, tmp_path / "a")
    lost = (tmp_path / "a/results.jsonl").read_text("utf-8")
    run("answers", options, tmp_path / "b")
    (tmp_path / "b/results.jsonl").write_text(
        lost.replace('"key facts":1.0', '"key facts":0.0', 1), "utf-8"
    )
    assert exit_code("compare", tmp_path / "a", tmp_path / "b", "--cases", "key facts") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "A: 1.000" in said
    assert "B: 0.000" in said
    assert "1 cases differ on key facts, 1 shown" in said


def test_a_run_is_told_with_the_cases_that_failed(
    options: Options,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = write_lines(
        tmp_path / "long.jsonl", [{**CASES[0], "id": f"{i}", "question": "w " * 1500} for i in "ab"]
    )
    whole = write_lines(
        tmp_path / "whole.jsonl", [*CASES, {**CASES[0], "id": "c", "question": "?"}]
    )

    def quick(name: str, asked: Options, folder: Path) -> Run:
        return run(name, replace(options, data=asked.data, split=asked.split), folder)

    monkeypatch.setattr(command, "run_suite", quick)
    out = tmp_path / "run"
    assert exit_code("run", "answers", "--data", whole, "--out", out, "--json") == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["suite"], told["n"], told["failed"]) == ("answers", 5, 1)
    assert told["measures"]["key facts"].keys() == {"value", "low", "high"}
    assert "failed: c: InvalidQuestion" in said.err
    assert exit_code("run", "answers", "--data", whole, "--out", tmp_path / "again") == 0
    assert "answers: 5 cases, 1 failed" in capsys.readouterr().out
    assert exit_code("run", "answers", "--data", long, "--out", tmp_path / "none") == 1
    many = [{**CASES[0], "id": f"{i:02d}", "question": "?"} for i in range(12)]
    path = write_lines(tmp_path / "many.jsonl", many)
    assert exit_code("run", "answers", "--data", path, "--out", tmp_path / "many") == 1
    assert "and 2 more" in capsys.readouterr().err


def test_an_interrupted_run_says_how_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> Run:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run_suite", interrupted)
    monkeypatch.chdir(tmp_path)
    assert exit_code("run", "answers") == 130
    assert "with --out var/eval/runs/answers-" in capsys.readouterr().err


class Interrupted(ExtractiveGenerator):
    """Is stopped by Ctrl-C in the middle of its third answer."""

    answers = 0

    def draft(self, task: Task, ledger: Ledger) -> Iterator[DraftStatement]:
        self.answers += 1
        if self.answers == 3:
            raise KeyboardInterrupt
        return super().draft(task, ledger)


class Faulty(ExtractiveGenerator):
    """Fails in a way that nobody thought of."""

    def draft(self, task: Task, ledger: Ledger) -> Iterator[DraftStatement]:
        raise ZeroDivisionError("by nothing")


def test_an_interrupted_run_is_taken_up_where_it_was(options: Options, tmp_path: Path) -> None:
    stopped = replace(options, generator=Interrupted(HashEmbedder()))
    with pytest.raises(KeyboardInterrupt):
        run("answers", stopped, tmp_path / "run")
    before = records.results(tmp_path / "run")
    assert [result.id for result in before] == ["mass", "dose"]
    again = run("answers", options, tmp_path / "run")
    assert (again.n, again.failed) == (4, 0)
    assert records.results(tmp_path / "run")[:2] == before


def test_no_error_of_a_case_ends_a_run(options: Options, tmp_path: Path) -> None:
    found = run("answers", replace(options, generator=Faulty(HashEmbedder())), tmp_path / "run")
    assert (found.n, found.failed) == (4, 3)
    failed = [result.failed for result in records.results(tmp_path / "run") if result.failed]
    assert failed == ["ZeroDivisionError: by nothing"] * 3


def test_a_folder_holds_one_run(options: Options, tmp_path: Path) -> None:
    run("answers", options, tmp_path / "run")
    other = replace(options, data=write_lines(tmp_path / "fewer.jsonl", CASES[:2]))
    with pytest.raises(Misused, match="holds a run with another cases"):
        run("answers", other, tmp_path / "run")
    (tmp_path / "run/begun.json").unlink()
    with pytest.raises(Misused, match="results of an unknown run"):
        run("answers", options, tmp_path / "run")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Misused, match="no run can be kept there"):
        records.begin(tmp_path / "file", Begun(suite="answers", corpus="c", facts={}))


def test_a_second_run_embeds_nothing(options: Options, tmp_path: Path) -> None:
    for suite, data in (("answers", options.data), ("retrieval", beir(tmp_path / "set"))):
        run(suite, replace(options, data=data), tmp_path / f"{suite}-1")
        fresh = HashEmbedder()
        again = replace(options, data=data, embedder=fresh)
        moved = replace(again, data=data and data.rename(tmp_path / f"{suite}-moved"))
        run(suite, moved, tmp_path / f"{suite}-2")
        assert fresh.embedded == []


def test_only_the_cases_of_a_split_are_run(options: Options, tmp_path: Path) -> None:
    lines = [{**case, "split": "test" if case["id"] == "dose" else "dev"} for case in CASES]
    data = write_lines(tmp_path / "split.jsonl", lines)
    found = run("answers", replace(options, data=data, split="test"), tmp_path / "run")
    assert [result.id for result in records.results(tmp_path / "run")] == ["dose"]
    assert found.facts["split"] == "test"
    with pytest.raises(Misused, match="no cases to run"):
        run("answers", replace(options, data=data, split="train"), tmp_path / "none")
    judged = replace(options, data=beir(tmp_path / "set"), split="train")
    with pytest.raises(Misused, match=r"no train\.tsv"):
        run("retrieval", judged, tmp_path / "judged")
    with pytest.raises(Misused, match="abstention has no splits"):
        run("abstention", judged, tmp_path / "neither")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("run", "astrology"), "the suites are answers"),
        (("run", "retrieval"), "needs --data"),
        (("run", "retrieval", "--data", "/nowhere"), "there is nothing there"),
        (("run", "claims", "--data", "/nowhere.jsonl"), "there is nothing there"),
        (("run", "answers", "--data", "/nowhere.jsonl"), "/nowhere.jsonl:1: cannot be read"),
        (("gate", "/nowhere"), "no finished run"),
        (("report", "/nowhere"), "no finished run"),
        (("compare", "/nowhere", "/nowhere"), "no finished run"),
    ],
)
def test_what_makes_no_sense_exits_with_two(
    arguments: tuple[str, ...], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--out", tmp_path / "run") if arguments[0] == "run" else ()
    assert exit_code(*arguments, *out) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert problem in said


def test_a_baseline_that_is_none_exits_with_two(
    options: Options, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("answers", options, tmp_path / "run")
    baseline = tmp_path / "baseline.json"
    assert exit_code("gate", tmp_path / "run", "--baseline", baseline) == 2
    baseline.write_text("{}", "utf-8")
    assert exit_code("gate", tmp_path / "run", "--baseline", baseline) == 2
    assert f"{baseline}: no baseline" in capsys.readouterr().err


Spoil = Callable[[Path], object]


def lines_in(name: str, *lines: dict[str, Any]) -> Spoil:
    return lambda folder: write_lines(folder / name, lines)


def text_in(name: str, text: str) -> Spoil:
    return lambda folder: (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda folder: (folder / "corpus.jsonl").unlink(), "corpus.jsonl:1: cannot be read"),
        (lambda folder: (folder / "queries.jsonl").unlink(), "queries.jsonl:1: cannot be read"),
        (lambda folder: (folder / "qrels/test.tsv").unlink(), "no test.tsv or dev.tsv"),
        (lines_in("corpus.jsonl"), "there is no document in it"),
        (lines_in("corpus.jsonl", {"_id": "1", "text": "a"}, {"_id": 2}), "corpus.jsonl:2: _id"),
        (lines_in("corpus.jsonl", *[{"_id": "1", "text": "a"}] * 2), "corpus.jsonl:2: _id 1: met"),
        (lines_in("queries.jsonl", {"_id": "q"}), "queries.jsonl:1: text: Field required"),
        (lines_in("queries.jsonl", {"_id": "other", "text": "?"}), "query q is not in queries"),
        (text_in("queries.jsonl", "no JSON\n"), "queries.jsonl:1: Invalid JSON"),
        (text_in("qrels/test.tsv", "query-id\tcorpus-id\tscore\n"), "no judgements in it"),
        (text_in("qrels/test.tsv", ""), "no judgements in it"),
        (text_in("qrels/test.tsv", "q\t3\n"), "test.tsv:1: expected query-id"),
        (text_in("qrels/test.tsv", "q\t3\t1\nq\t1\tmany\n"), "test.tsv:2: expected query-id"),
        (text_in("qrels/test.tsv", "q\t9\t1\n"), "names beir/9, which is not in the corpus"),
    ],
)
def test_a_set_that_is_not_sound_is_refused_before_it_is_embedded(
    options: Options, tmp_path: Path, spoil: Spoil, problem: str
) -> None:
    folder = beir(tmp_path / "set")
    spoil(folder)
    fresh = HashEmbedder()
    with pytest.raises(RagError) as refused:
        run("retrieval", replace(options, data=folder, embedder=fresh), tmp_path / "run")
    assert problem in str(refused.value)
    assert fresh.embedded == []


def test_a_corpus_larger_than_memory_is_refused_before_it_is_read(
    options: Options, tmp_path: Path
) -> None:
    folder = beir(tmp_path / "set")
    with (folder / "corpus.jsonl").open("r+b") as file:
        file.truncate(2**42)
    with pytest.raises(Misused, match="of memory to index"):
        run("retrieval", replace(options, data=folder), tmp_path / "run")
    with pytest.raises(Misused, match=r"a corpus of 1,000,000,000 chunks"):
        run("speed", replace(options, data=None, chunks=(10**9,)), tmp_path / "speed")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], "needs claims that are supported and claims that are not"),
        ([CLAIM | {"label": "PERHAPS"}], "claims.jsonl:1: label: Input should be 'SUPPORTED'"),
        ([CLAIM, {"id": "2"}], "claims.jsonl:2: claim: Field required"),
    ],
)
def test_claims_that_are_not_sound_are_refused(
    options: Options, tmp_path: Path, lines: list[dict[str, Any]], problem: str
) -> None:
    data = write_lines(tmp_path / "claims.jsonl", lines)
    with pytest.raises(RagError) as refused:
        run("claims", replace(options, data=data), tmp_path / "run")
    assert problem in str(refused.value)


def test_layouts_that_are_not_there_are_told(options: Options, tmp_path: Path) -> None:
    folder = beir(tmp_path / "set")
    for suite, problem in (
        ("evidence", r"expected jats_questions\.jsonl"),
        ("followups", "name the file of follow-ups"),
        ("abstention", r"abstain\.jsonl:1: cannot be read"),
    ):
        with pytest.raises(RagError, match=problem):
            run(suite, replace(options, data=folder), tmp_path / suite)
    asked = write_lines(tmp_path / "asked.jsonl", [])
    with pytest.raises(Misused, match="needs --corpus"):
        run("followups", replace(options, data=asked), tmp_path / "nothing-to-search")
    line = {"id": "e", "question": "Why?", "document": "9", "evidence": "Because."}
    data = write_lines(tmp_path / "evidence.jsonl", [line])
    with pytest.raises(Misused, match="e names 9, which is not in the corpus"):
        run("evidence", replace(options, data=data, corpus=folder), tmp_path / "absent")
    gone = {"qid": "a", "question": "Why?", "answerable": False, "remove_from_corpus": "9"}
    write_lines(folder / "abstain.jsonl", [gone])
    with pytest.raises(Misused, match=r"9 is not in corpus\.jsonl"):
        run("abstention", replace(options, data=folder), tmp_path / "gone")
