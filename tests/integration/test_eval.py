import re
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from pydantic import ValidationError

from eval import comparing, gating, records
from eval.gating import Baseline, breaches
from eval.labels import Case, read_cases
from eval.records import Misused, Run
from eval.reporting import as_html, as_junit, as_markdown, failing, report_of
from eval.running import run
from eval.suites import Options
from eval.suites.answers import REWRITTEN
from rag.errors import CorpusError
from tests.evaluated import BODY, CASES, DEV, FIRST, beir, made_options, write_lines
from tests.fakes import HashEmbedder
from tests.model_server import Reply, model_server
from tests.summaries import write_summary


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return made_options(tmp_path)


def measured(found: Run) -> dict[str, float]:
    return {name: score.value for name, score in found.measures.items()}


def test_good_answers_have_full_marks(options: Options, tmp_path: Path) -> None:
    found = run("answers", options, tmp_path / "run")
    scores = measured(found)
    assert found.n == 4
    assert found.failed == 0
    for name in ("evidence recall", "citation precision", "citation recall", "key facts"):
        assert scores[name] == 1, name
    assert scores["headline right"] == 1
    assert scores["numbers stable"] == 1
    assert scores["abstention precision"] == scores["abstention recall"] == 1
    assert [scores[name] for name in gating.NEVER] == [0, 0, 0]
    assert found.facts["packages"]["faiss-cpu"]


@pytest.mark.parametrize(
    ("rewrite", "expected"),
    [(None, {"mass": 1, "dose": 1}), (FIRST, {"mass": 1, "dose": 1, "then": 1})],
)
def test_a_follow_up_counts_for_the_retriever_once_it_is_worded_by_hand(
    options: Options, tmp_path: Path, rewrite: str | None, expected: dict[str, float]
) -> None:
    cases = [case | ({"rewrite": rewrite} if "earlier" in case else {}) for case in CASES]
    data = write_lines(tmp_path / "worded.jsonl", cases)
    run("answers", replace(options, data=data), tmp_path / "run")
    results = records.results(tmp_path / "run")
    assert {r.id: r.scores[REWRITTEN] for r in results if REWRITTEN in r.scores} == expected


def test_a_rewrite_needs_a_question_before_it() -> None:
    case = {"id": "one", "kind": "direct", "question": "Dose?", "split": "dev"}
    with pytest.raises(ValidationError, match="one: rewrite without earlier"):
        Case.model_validate(case | {"rewrite": "What dose of steroid?"})


def test_a_run_broken_off_goes_on_where_it_was(options: Options, tmp_path: Path) -> None:
    whole = run("answers", options, tmp_path / "whole")
    kept = (tmp_path / "whole/results.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "part").mkdir()
    begun = (tmp_path / "whole/begun.json").read_text("utf-8")
    (tmp_path / "part/begun.json").write_text(begun, "utf-8")
    (tmp_path / "part/results.jsonl").write_text("".join(kept[:2]) + kept[2][:30], "utf-8")
    again = run("answers", options, tmp_path / "part")
    assert again.n == whole.n
    assert [r.id for r in records.results(tmp_path / "part")] == [c["id"] for c in CASES]


def test_a_second_run_embeds_no_passage_again(options: Options, tmp_path: Path) -> None:
    run("answers", options, tmp_path / "one")
    fresh = HashEmbedder()
    again = replace(options, embedder=fresh)
    run("answers", again, tmp_path / "two")
    assert not [text for text in fresh.embedded if "\n" in text]  # context, newline, passage


def test_a_quote_that_the_corpus_lost_makes_the_run_fail(options: Options, tmp_path: Path) -> None:
    path = options.settings.corpus / "acr/imaging.md"
    path.write_text(path.read_text("utf-8").replace("comes first", "is done first"), "utf-8")
    with pytest.raises(Misused, match="mass: acr/imaging does not say"):
        run("answers", options, tmp_path / "run")


def test_what_became_of_the_words_of_a_chat_model_is_recorded(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with model_server([Reply(f"{FIRST} [1][2][3]\n- Made of green cheese. [1]\n"), Reply("")]) as s:
        chosen = options.settings.model_copy(
            update={"generator": "openai:local", "chat_url": s.url, "chat_retries": 0}
        )
        one = write_lines(tmp_path / "one.jsonl", CASES[:1])
        wording = replace(options, settings=chosen, data=one)
        run("answers", wording, tmp_path / "run")
    (result,) = records.results(tmp_path / "run")
    scores = result.scores
    assert (scores["drafted"], scores["kept"], scores["fell back"]) == (2, 1, 0)
    assert scores["repaired"] + scores["replaced"] + scores["dropped"] == 1
    assert (scores["calls"], scores["input tokens"]) == (2, 14)
    assert result.shown["removed"][0]["text"] == "Made of green cheese."
    assert result.shown["sent"][0] == {"text": FIRST, "verbatim": False, "cited": [FIRST]}


def test_the_gate_allows_nothing_invented_whatever_the_baseline_says(
    options: Options, tmp_path: Path
) -> None:
    found = run("answers", options, tmp_path / "run")
    worse = found.model_copy(
        update={
            "measures": found.measures
            | {"invented references": records.Score(value=0.25, low=0, high=1)}
        }
    )
    empty = Baseline(suite="answers", measures={})
    assert list(breaches(found, empty)) == []
    assert list(breaches(worse, empty)) == ["invented references: 0.250, and none are allowed"]
    assert list(breaches(found.model_copy(update={"failed": 1}), empty)) == ["1 of 4 cases failed"]
    with pytest.raises(Misused, match="the baseline is of claims"):
        list(breaches(found, Baseline(suite="claims", measures={})))


def test_a_failed_case_is_counted_and_does_not_end_the_run(
    options: Options, tmp_path: Path
) -> None:
    cases = [*CASES, {"id": "long", **DEV, "question": "word " * 1000}]
    data = write_lines(tmp_path / "cases.jsonl", cases)
    with_long = replace(options, data=data)
    found = run("answers", with_long, tmp_path / "run")
    assert (found.n, found.failed) == (5, 1)
    assert "InvalidQuestion" in str(failing(records.results(tmp_path / "run"))[0].failed)


def test_runs_are_compared_case_by_case(options: Options, tmp_path: Path) -> None:
    run("answers", options, tmp_path / "a")
    data = write_lines(tmp_path / "cases.jsonl", CASES[:2])
    fewer = replace(options, data=data)
    run("answers", fewer, tmp_path / "b")
    found = {d.measure: d for d in comparing.differences(tmp_path / "a", tmp_path / "b")}
    recall = found["evidence recall"].paired
    assert recall
    assert recall.verdict == "the data cannot tell"
    assert recall.ties == 2
    assert list(comparing.changed(tmp_path / "a", tmp_path / "b", "evidence recall")) == []


def test_runs_of_different_corpora_are_compared_only_when_asked(
    options: Options, tmp_path: Path
) -> None:
    run("answers", options, tmp_path / "a")
    write_summary(options.settings.corpus, "acr/more", BODY, title="More")
    run("answers", options, tmp_path / "b")
    with pytest.raises(Misused, match="different corpora"):
        comparing.differences(tmp_path / "a", tmp_path / "b")
    assert comparing.differences(tmp_path / "a", tmp_path / "b", across=True)


def test_a_report_is_one_page_that_loads_nothing(options: Options, tmp_path: Path) -> None:
    found = run("answers", options, tmp_path / "run")
    results = records.results(tmp_path / "run")
    page = as_html(found, results)
    assert "<svg" in page
    assert "Risk against coverage" in page
    assert not re.search(r"(?:src|href)=", page)
    assert "| evidence recall | 1.000 |" in as_markdown(found, results)
    junit = fromstring(as_junit(found, results))  # noqa: S314  we wrote it
    assert junit.attrib["tests"] == "4"
    with pytest.raises(Misused, match="no format"):
        report_of(found, results, "pdf")


def test_markup_in_a_case_stays_text_in_the_report(options: Options, tmp_path: Path) -> None:
    cases = [{"id": "<b>", **DEV, "question": "<script>alert(1)</script> " + "word " * 600}]
    data = write_lines(tmp_path / "cases.jsonl", cases)
    bad = replace(options, data=data)
    found = run("answers", bad, tmp_path / "run")
    page = as_html(found, records.results(tmp_path / "run"))
    assert "<script" not in page


def test_retrieval_puts_the_judged_first(options: Options, tmp_path: Path) -> None:
    data = replace(options, data=beir(tmp_path / "set"))
    scores = measured(run("retrieval", data, tmp_path / "run"))
    assert scores["fused/nDCG@10"] == scores["lexical/RR@10"] == 1


def test_judgements_of_what_is_not_there_are_refused(options: Options, tmp_path: Path) -> None:
    folder = beir(tmp_path / "set")
    (folder / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq\t9\t1\n", "utf-8")
    data = replace(options, data=folder)
    with pytest.raises(Misused, match="which is not in the corpus"):
        run("retrieval", data, tmp_path / "run")


def test_follow_ups_are_compared_with_a_persons_rewrite(options: Options, tmp_path: Path) -> None:
    line = {
        "id": "t_2",
        "history": [{"role": "user", "text": "What is a calcified mass?"}],
        "question": "Is it calcified?",
        "rewrite": "Is a calcified mass calcified?",
        "needs_context": True,
    }
    path = write_lines(tmp_path / "followups.jsonl", [line])
    data = replace(options, data=path, corpus=beir(tmp_path / "set"))
    scores = measured(run("followups", data, tmp_path / "run"))
    assert scores["F1"] >= scores["bare/F1"]
    assert "overlap@10" in scores


def test_evidence_is_looked_for_in_what_is_found_and_cited(
    options: Options, tmp_path: Path
) -> None:
    line = {
        "id": "e",
        "question": "Is there a calcified mass?",
        "document": "3",
        "evidence": "A calcified mass.",
    }
    path = write_lines(tmp_path / "evidence.jsonl", [line])
    data = replace(options, data=path, corpus=beir(tmp_path / "set"))
    scores = measured(run("evidence", data, tmp_path / "run"))
    assert scores["retrieved@6"] == scores["imported"] == 1


def test_abstention_takes_the_document_out(options: Options, tmp_path: Path) -> None:
    folder = beir(tmp_path / "set")
    lines = [
        {"qid": "a", "question": "Ultrasound of the kidney?", "answerable": True},
        {"qid": "b", "question": "zebra heraldry?", "answerable": False, "remove_from_corpus": "3"},
    ]
    write_lines(folder / "abstain.jsonl", [{"remove_from_corpus": None} | line for line in lines])
    data = replace(options, data=folder)
    found = run("abstention", data, tmp_path / "run")
    assert found.facts["guidelines"] == 2
    assert measured(found)["recall"] == 1


def test_claims_are_told_by_how_far_their_evidence_carries_them(
    options: Options, tmp_path: Path
) -> None:
    text = "Ultrasound comes first in a child with a mass."
    labels = ("SUPPORTED", "NOT_ENOUGH_INFO", "REFUTED")
    said = (text, "Zebras live in herds.", text.replace("comes", "never comes"))
    lines = [
        {"id": f"{label}{i}", "claim": claim, "evidence": text, "label": label}
        for i in range(8)
        for label, claim in zip(labels, said, strict=True)
    ]
    path = write_lines(tmp_path / "claims.jsonl", lines)
    data = replace(options, data=path)
    scores = measured(run("claims", data, tmp_path / "run"))
    assert scores["AUC"] > 0.7
    assert scores["macroF1"] > 0.9
    one_kind = write_lines(tmp_path / "one.jsonl", lines[:1])
    data = replace(options, data=one_kind)
    with pytest.raises(Misused, match="claims that are not"):
        run("claims", data, tmp_path / "other")


def test_malformed_cases_are_named_by_their_line(options: Options, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    write_lines(path, [CASES[0], {"id": 3}])
    with pytest.raises(CorpusError, match=r"cases\.jsonl:2: "):
        read_cases(path)
    write_lines(path, [CASES[0], CASES[0]])
    with pytest.raises(Misused, match="more than one case is called mass"):
        read_cases(path)
