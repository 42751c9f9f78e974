"""Data sets in every layout that a suite reads, and answers that were tampered with."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eval import gating, records, running, workspace
from eval.gating import breaches
from eval.labels import read_cases
from eval.records import Run
from eval.running import run
from eval.suites import Options
from eval.suites.answers import Answers
from rag.assistant import Assistant
from rag.types import Answer, Citation, Currency, Question
from tests.evaluated import CASES, beir, made_options, write_lines

ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title-group><journal-title>Trials</journal-title></journal-title-group>
</journal-meta>
<article-meta><article-id pub-id-type="pmc">{pmc}</article-id>
<title-group><article-title>A trial of {drug}</article-title></title-group>
<pub-date pub-type="epub"><year>2019</year></pub-date></article-meta></front>
<body><sec><title>Results</title><p>The pain score after {drug} was 3.1 and after placebo it was
5.2, which is a difference that the trial was made to find.</p></sec></body></article>
"""


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return made_options(tmp_path)


class Tampering(Assistant):
    """Changes the citations of every answer on its way out."""

    change: Callable[[Citation], Citation]
    currency_shown = Currency.CURRENT

    def ask(self, question: Question | str) -> Answer:
        answer = super().ask(question)
        if answer.headline is None:
            return answer
        cited = tuple(self.change(citation) for citation in answer.headline.citations)
        headline = answer.headline.model_copy(update={"citations": cited})
        references = tuple(
            reference.model_copy(update={"currency": self.currency_shown})
            for reference in answer.references
        )
        return answer.model_copy(update={"headline": headline, "references": references})


def moved(citation: Citation) -> Citation:
    quote = citation.quote.model_copy(update={"start": citation.quote.start + 1})
    return citation.model_copy(update={"quote": quote})


def reworded(citation: Citation) -> Citation:
    quote = citation.quote.model_copy(update={"exact": citation.quote.exact.upper()})
    return citation.model_copy(update={"quote": quote})


def unknown(citation: Citation) -> Citation:
    return citation.model_copy(update={"chunk_id": "0" * 16})


def renumbered(citation: Citation) -> Citation:
    return citation.model_copy(update={"number": 99})


def of_another(citation: Citation) -> Citation:
    return citation.model_copy(update={"guideline_id": "acr/other"})


def untouched(citation: Citation) -> Citation:
    return citation


@pytest.mark.parametrize(
    ("change", "currency", "measure"),
    [
        (moved, Currency.CURRENT, "quote mismatches"),
        (reworded, Currency.CURRENT, "quote mismatches"),
        (unknown, Currency.CURRENT, "quote mismatches"),
        (unknown, Currency.CURRENT, "invented references"),
        (renumbered, Currency.CURRENT, "invented references"),
        (of_another, Currency.CURRENT, "invented references"),
        (untouched, Currency.SUPERSEDED, "superseded cited"),
    ],
)
def test_citations_that_were_tampered_with_are_counted_and_break_the_gate(
    options: Options,
    change: Callable[[Citation], Citation],
    currency: Currency,
    measure: str,
) -> None:
    assert options.data
    cases, _ = read_cases(options.data)
    with Tampering(options.settings, options.embedder) as assistant:
        assistant.refresh()
        assistant.change = change
        assistant.currency_shown = currency
        suite = Answers(assistant, cases, corpus="c", facts={}, statistics={})
        found = [suite.measure(case) for case in cases[:1]]
    assert found[0].scores[measure] >= 1
    scores = running.summed(found, {}, 0)
    told = Run(
        suite="answers",
        created=datetime.now(UTC),
        n=1,
        failed=0,
        seed=0,
        measures=scores,
        corpus="c",
        facts={},
    )
    nothing = gating.Baseline(suite="answers", measures={})
    assert [b for b in breaches(told, nothing) if b.startswith(f"{measure}: ")]


def test_conversations_end_in_what_the_corpus_may_not_hold(
    options: Options, tmp_path: Path
) -> None:
    folder = beir(tmp_path / "set")
    history = [
        {"role": "user", "text": "What is a calcified mass?"},
        {"role": "assistant", "text": "A mass with calcium in it."},
    ]
    lines = [
        {"id": f"{name}<::>2", "history": history, "question": question, "answerability": kind}
        for name, question, kind in (
            ("a", "Is a mass in a child calcified?", "ANSWERABLE"),
            ("b", "zebra heraldry unicorn?", "UNANSWERABLE"),
            ("c", "And then?", "UNDERSPECIFIED"),
            ("d", "Fever in a child and heraldry?", "PARTIAL"),
        )
    ]
    write_lines(folder / "conversations.jsonl", lines)
    found = run("abstention", replace(options, data=folder), tmp_path / "run")
    results = records.results(tmp_path / "run")
    assert found.n == 3
    assert [result.cluster for result in results] == ["a", "b", "d"]
    assert [result.shown["answerable"] for result in results] == [True, False, True]
    assert found.facts["removed"] == 0


def test_articles_are_imported_whole_and_questions_asked_on_them(
    options: Options, tmp_path: Path
) -> None:
    folder = tmp_path / "documents"
    (folder / "jats").mkdir(parents=True)
    for pmc, drug in (("11", "ketorolac"), ("22", "morphine")):
        text = ARTICLE.format(pmc=pmc, drug=drug)
        (folder / f"jats/PMC{pmc}.nxml").write_text(text, "utf-8")
    said = "The pain score after ketorolac was 3.1 and after placebo it was 5.2"
    lines: list[dict[str, Any]] = [
        {"id": "whole", "pmcid": "PMC11", "question": "Pain after ketorolac?", "evidence": said},
        {
            "id": "parts",
            "pmcid": "PMC11",
            "question": "Pain after ketorolac?",
            "evidence": ["never said anywhere at all in it", f"{said} ... which is"],
        },
        {
            "id": "short",
            "pmcid": "PMC22",
            "question": "Pain after morphine?",
            "answers": [{"text": "5.2"}],
        },
        {
            "id": "nowhere",
            "pmcid": "PMC22",
            "question": "Pain after morphine?",
            "evidence": "No patient of the trial was ever asked about any pain.",
        },
    ]
    write_lines(folder / "jats_questions.jsonl", lines)
    run("evidence", replace(options, data=folder), tmp_path / "run")
    scores = {r.id: r.scores for r in records.results(tmp_path / "run")}
    assert [scores[name]["imported"] for name in ("whole", "parts", "short")] == [1, 1, 1]
    assert [scores[name]["retrieved@6"] for name in ("whole", "parts", "short")] == [1, 1, 1]
    assert scores["nowhere"]["imported"] == scores["nowhere"]["retrieved@6"] == 0


def test_questions_that_stand_alone_are_counted_apart(options: Options, tmp_path: Path) -> None:
    line = {
        "history": [{"role": "user", "text": "What is a calcified mass?"}],
        "question": "What is fever in a child?",
        "rewrite": "What is fever in a child?",
    }
    lines = [line | {"id": f"t_{n}", "needs_context": n == 2} for n in (1, 2)]
    folder = tmp_path / "followups"
    write_lines(folder / "health.jsonl", lines)
    data = replace(options, data=folder, corpus=beir(tmp_path / "set"))
    found = run("followups", data, tmp_path / "run")
    assert {result.cluster for result in records.results(tmp_path / "run")} == {"t"}
    assert found.measures["alone/bare/overlap@10"].value == 1
    assert found.measures["bare/F1"].value == 1


def test_kinds_of_cases_are_judged_by_what_they_ask_for(options: Options, tmp_path: Path) -> None:
    refused = {**CASES[3], "kind": "unanswerable", "reason": "emergency"}
    kept = {**CASES[0], "include_superseded": True}
    data = write_lines(tmp_path / "kinds.jsonl", [refused, kept])
    found = run("answers", replace(options, data=data), tmp_path / "run")
    assert found.measures["reason right"].value == 0
    (told,) = [r.shown["outcome"] for r in records.results(tmp_path / "run") if r.id == "nothing"]
    data = write_lines(tmp_path / "right.jsonl", [{**refused, "reason": told}])
    found = run("answers", replace(options, data=data), tmp_path / "right")
    assert found.measures["reason right"].value == 1
    odd = write_lines(tmp_path / "odd.jsonl", [{**CASES[0], "differ": "the colour of the child"}])
    with pytest.raises(records.Misused, match="no known disagreement on 'the colour"):
        run("answers", replace(options, data=odd), tmp_path / "odd")


def test_a_long_run_tells_how_far_it_is(
    options: Options,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(running, "TOLD_EVERY_S", 0)
    with caplog.at_level(logging.INFO):
        run("answers", options, tmp_path / "run")
        report = workspace.reporter(0)
        report("embedding", 64, 128)
        workspace.reporter()("embedding", 0, 128)
    assert "answers: 3 of 4 cases" in caplog.messages
    assert [said for said in caplog.messages if "passages" in said] == [
        "embedding: 64 of 128 passages"
    ]
