"""A service that is broken on purpose is caught by the gate, through the suite that checks run."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval import gating, records
from eval.__main__ import main
from eval.gating import breaches
from eval.running import run
from eval.suites import Options
from rag.embedding import Progress, Vectors
from rag.generation import Cite, DraftStatement, Ledger, Task
from rag.generation.extractive import ExtractiveGenerator
from rag.settings import Settings
from tests.evaluated import beir, write_lines
from tests.fakes import HashEmbedder
from tests.summaries import write_summary

SUBJECTS = {
    "gout": ("colchicine", "acute gout flares", "0.5 mg"),
    "asthma": ("salbutamol", "wheeze in asthma", "100 micrograms"),
    "sepsis": ("cefotaxime", "suspected neonatal sepsis", "50 mg/kg"),
    "angina": ("glyceryl trinitrate", "an attack of angina", "400 micrograms"),
    "croup": ("dexamethasone", "croup with stridor", "0.15 mg/kg"),
    "scabies": ("permethrin cream", "crusted scabies", "30 g"),
    "malaria": ("artesunate", "severe malaria", "2.4 mg/kg"),
    "migraine": ("sumatriptan", "migraine with aura", "50 mg"),
}


UNANSWERABLE = {
    "id": "heraldry",
    "kind": "unanswerable",
    "split": "dev",
    "question": "Which unicorn supports the heraldry of zebra breeders?",
}


def sentence(subject: str) -> str:
    drug, what, dose = SUBJECTS[subject]
    return f"Give {drug} {dose} by mouth for {what} in adults."


def case(subject: str) -> dict[str, Any]:
    drug, what, dose = SUBJECTS[subject]
    gold = [{"guideline": f"acr/{subject}", "quote": sentence(subject)}]
    return {
        "id": subject,
        "kind": "figure",
        "split": "dev",
        "question": f"What dose of {drug} for {what} in adults?",
        "gold": gold,
        "headline": gold,
        "facts": [dose],
    }


@pytest.fixture
def options(tmp_path: Path) -> Options:
    for subject, (drug, what, _) in SUBJECTS.items():
        body = (
            f"## Recommendations\n\n- {sentence(subject)}\n\n## Monitoring\n\n"
            f"- See adults with {what} again after {drug} within 14 days.\n"
        )
        write_summary(tmp_path / "corpus", f"acr/{subject}", body, population="Adults")
    lines = [*(case(subject) for subject in SUBJECTS), UNANSWERABLE]
    cases = write_lines(tmp_path / "cases.jsonl", lines)
    settings = Settings(corpus=tmp_path / "corpus", indexes=tmp_path / "indexes")
    return Options(settings, tmp_path / "good", data=cases, embedder=HashEmbedder(64))


def fallen(options: Options, broken: Options, tmp_path: Path) -> list[str]:
    """What the gate says of a broken service when the sound one is the baseline."""
    sound = run("answers", options, tmp_path / "sound")
    assert sound.measures["evidence recall"].value == 1
    assert sound.measures["headline right"].value == 1
    baseline = tmp_path / "baseline.json"
    held = gating.baseline_of(sound)
    baseline.write_text(held.model_dump_json(), "utf-8")
    assert exit_code("gate", tmp_path / "sound", "--baseline", baseline) == 0
    measured = run("answers", broken, tmp_path / "broken")
    assert measured.failed == 0
    assert exit_code("gate", tmp_path / "broken", "--baseline", baseline) == 1
    return list(breaches(measured, held))


def exit_code(*arguments: object) -> object:
    with pytest.raises(SystemExit) as stopped:
        main([str(a) for a in arguments])
    return stopped.value.code


class Turned(HashEmbedder):
    """Every question is taken for another one: its vector is that of its words backwards."""

    fingerprint = "turned"

    def embed_query(self, text: str) -> Vectors:
        return super().embed_query(text[::-1])


class Collapsed(HashEmbedder):
    """All texts lie in one place, so that none is nearer than another."""

    fingerprint = "collapsed"

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.full((len(texts), self.dim), self.dim**-0.5, np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.full(self.dim, self.dim**-0.5, np.float32)


class Swapped(ExtractiveGenerator):
    """Says what one passage says and cites another."""

    def draft(self, task: Task, ledger: Ledger) -> Iterator[DraftStatement]:
        other = task.passages[-1].chunk
        for drafted in super().draft(task, ledger):
            yield replace(drafted, cites=(Cite(other.id, 0, len(other.text)),))


class Inventing(ExtractiveGenerator):
    """Changes every number that it states."""

    def draft(self, task: Task, ledger: Ledger) -> Iterator[DraftStatement]:
        for drafted in super().draft(task, ledger):
            yield replace(drafted, text=re.sub(r"\d", "9", drafted.text))


@pytest.mark.parametrize(
    ("kind", "measure"), [(Turned, "evidence recall"), (Collapsed, "abstention recall")]
)
def test_a_retriever_that_is_broken_is_caught(
    options: Options, tmp_path: Path, kind: type[HashEmbedder], measure: str
) -> None:
    broken = replace(options, workspace=tmp_path / "bad", embedder=kind(64))
    found = fallen(options, broken, tmp_path)
    assert [breach for breach in found if breach.startswith(f"{measure}: ")], found


@pytest.mark.parametrize("kind", [Swapped, Inventing])
def test_a_generator_that_cites_wrongly_or_invents_numbers_is_caught(
    options: Options, tmp_path: Path, kind: type[ExtractiveGenerator]
) -> None:
    broken = replace(options, generator=kind(HashEmbedder(64)))
    found = fallen(options, broken, tmp_path)
    assert [breach for breach in found if breach.startswith("sent as drafted: ")], found


def test_what_a_broken_generator_says_reaches_nobody(options: Options, tmp_path: Path) -> None:
    broken = replace(options, generator=Inventing(HashEmbedder(64)))
    run("answers", broken, tmp_path / "run")
    said = " ".join(str(r.shown["statements"]) for r in records.results(tmp_path / "run"))
    assert "99" not in said


def test_a_ranking_by_a_broken_retriever_is_caught(options: Options, tmp_path: Path) -> None:
    data = replace(options, data=beir(tmp_path / "set"))
    baseline = gating.baseline_of(run("retrieval", data, tmp_path / "good-run"))
    assert not list(breaches(records.load(tmp_path / "good-run"), baseline))
    broken = replace(data, workspace=tmp_path / "bad", embedder=Turned(64))
    found = list(breaches(run("retrieval", broken, tmp_path / "bad-run"), baseline))
    assert [breach for breach in found if breach.startswith("dense/nDCG@10: ")]
