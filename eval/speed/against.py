"""Other pipelines over the same documents and questions: their environment, runs and ratios."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from eval.records import Result
from eval.speed import machine
from eval.speed.homes import home
from eval.speed.measured import Measured, NotMeasured, prefixed
from eval.speed.processes import PASSED_ON, last_line
from eval.speed.refreshes import EDITS, editable, edited
from eval.speed.talks import Talk
from eval.suites import Statistic
from rag.corpus import Corpus, load
from rag.settings import Settings

logger = logging.getLogger(__name__)

PEERS = ("langchain", "llamaindex", "txtai")
OURS = "ours"
RUNNER = Path(__file__).parents[1] / "peers/runner.py"
REQUIREMENTS = RUNNER.with_name("requirements.txt")
PIPELINES = "pipelines"
"""The cluster of the runs as a whole."""

TORCH = "torch==2.13.0"
RUN_S, INSTALL_S = 6 * 3600, 3600

MEASURES = {"index s": "index_s", "refresh s": "refresh_s", "RSS MB": "rss_mb"}
"""Measures of a pipeline, and where its report has them."""

RATIOS = {"index": "index s", "refresh": "refresh s", "RSS": "RSS MB"}
"""Theirs over ours: how many times as much they take."""

Report = Mapping[str, Any]


@dataclass(slots=True)
class Contest:
    """Pipelines that are each run once, over one corpus; `settings` are those of ours."""

    corpus: Path
    folder: Path
    environment: Path
    settings: Settings
    talks: Sequence[Talk]
    reports: dict[str, Report | NotMeasured] = field(default_factory=dict)

    def run(self, system: str) -> Measured:
        """What a pipeline took as a whole; raises NotMeasured when it could not be run."""
        report = self._report(system)
        if isinstance(report, NotMeasured):
            raise report
        scores = {name: float(report[key]) for name, key in MEASURES.items()}
        told = {key: report[key] for key in ("passages", "splits", "refreshes", "packages")}
        shown = {"system": system, "peak MB": report["peak_mb"], **told, "load": report["load"]}
        return Measured(prefixed(f"{system}/", scores), shown)

    def query(self, system: str, number: int) -> Measured:
        """What one question took; nothing when the pipeline did not run, which is told once."""
        report = self._report(system)
        if isinstance(report, NotMeasured):
            return Measured({}, {"not run": system})
        question, spent = self.talks[number].question, report["query_ms"][number]
        return Measured({}, {"system": system, "question": question, "query ms": spent})

    def _report(self, system: str) -> Report | NotMeasured:
        if system not in self.reports:
            try:
                self.reports[system] = self._run(system)
            except NotMeasured as error:
                self.reports[system] = error
        return self.reports[system]

    def _run(self, system: str) -> Report:
        python = sys.executable if system == OURS else str(installed(self.environment))
        folder = self.folder / system
        shutil.rmtree(folder, ignore_errors=True)
        try:
            shutil.copytree(self.corpus, folder / "corpus")
            logger.info("measuring %s", system)
            busy = machine.load()
            report = run_job(python, system, self._job(folder), folder / "log")
            return {**report, "load": busy}
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _job(self, folder: Path) -> dict[str, Any]:
        corpus = load(self.corpus)
        ours = home(folder, self.settings).settings
        return {
            "documents": documents(corpus),
            "changes": changes(corpus, self.corpus),
            "questions": [talk.question for talk in self.talks],
            "k": self.settings.top_k,
            "folder": str(folder),
            "settings": ours.model_dump(mode="json", include=set(PASSED_ON)),
        }


def documents(corpus: Corpus) -> list[dict[str, str]]:
    """What the peers index: every guideline's title and body."""
    return [{"id": g.id, "text": f"{g.title}\n\n{g.body}"} for g in corpus.guidelines]


def changes(corpus: Corpus, folder: Path) -> list[dict[str, str]]:
    """One document with one word more, again and again: as peers see it, and as our file."""
    guideline, paragraph = editable(corpus, folder)
    file = (folder / guideline.path).read_text("utf-8")
    text = f"{guideline.title}\n\n{guideline.body}"
    return [
        {
            "id": guideline.id,
            "text": edited(text, paragraph, edit) or text,
            "path": guideline.path,
            "file": edited(file, paragraph, edit) or file,
        }
        for edit in range(EDITS)
    ]


def run_job(python: str, system: str, job: Mapping[str, Any], log: Path) -> Report:
    """The report of the runner; raises NotMeasured with the last line that it said."""
    command = [python, str(RUNNER), system]
    said = _finished(command, log, RUN_S, json.dumps(job))
    try:
        report: Report = json.loads(said)
    except ValueError as error:
        raise NotMeasured(f"{system}: no report: {last_line(said)}") from error
    return report


def installed(environment: Path) -> Path:
    """The Python of the peers' environment, made when it is not there or pins other versions."""
    python, stamp = environment / "bin/python", environment / "installed"
    wanted = REQUIREMENTS.read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        logger.info("installing the peers into %s; this takes some minutes", environment)
        environment.mkdir(parents=True, exist_ok=True)
        log, pip = environment / "log", [str(python), "-m", "pip", "install", "--quiet"]
        _finished([sys.executable, "-m", "venv", str(environment)], log, INSTALL_S)
        try:
            _finished([*pip, f"{TORCH}+cpu"], log, INSTALL_S)
        except NotMeasured:
            _finished([*pip, TORCH], log, INSTALL_S)
        _finished([*pip, "--requirement", str(REQUIREMENTS)], log, INSTALL_S)
        stamp.write_text(wanted, "utf-8")
    return python


def statistics(systems: Sequence[str]) -> dict[str, Statistic]:
    """Percentiles of the queries of each, and for the peers the ratios to ours."""
    made: dict[str, Statistic] = {}
    for system in systems:
        for q in (50, 95):
            made[f"{system}/query p{q} ms"] = _percentile(system, q)
    for peer in systems:
        if peer != OURS:
            made[f"ratio {peer}/query"] = _ratio(_percentile(peer, 50), _percentile(OURS, 50))
            for name, measure in RATIOS.items():
                ours, theirs = _score(f"{OURS}/{measure}"), _score(f"{peer}/{measure}")
                made[f"ratio {peer}/{name}"] = _ratio(theirs, ours)
    return made


def _percentile(system: str, q: int) -> Statistic:
    def of(results: Sequence[Result]) -> float:
        of_system = (r.shown for r in results if r.shown.get("system") == system)
        found = [shown["query ms"] for shown in of_system if "query ms" in shown]
        return float(np.percentile(found, q)) if found else float("nan")

    return of


def _score(measure: str) -> Statistic:
    def of(results: Sequence[Result]) -> float:
        return next((r.scores[measure] for r in results if measure in r.scores), float("nan"))

    return of


def _ratio(theirs: Statistic, ours: Statistic) -> Statistic:
    return lambda results: theirs(results) / ours(results)


def _finished(command: Sequence[str], log: Path, timeout_s: int, given: str = "") -> str:
    """What a command printed; raises NotMeasured with the end of what it said to stderr."""
    kept = {k: v for k, v in os.environ.items() if k != "PIP_CONSTRAINT" and k[:4] != "RAG_"}
    offline = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    try:
        with log.open("w+", encoding="utf-8") as errors:
            done = subprocess.run(  # noqa: S603  our own command
                command,
                env={**kept, **offline},
                input=given,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                timeout=timeout_s,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotMeasured(f"{command[0]}: {error}") from error
    if done.returncode:
        name = " ".join(command[1:4])
        said = last_line(log.read_text("utf-8", errors="replace"))
        raise NotMeasured(f"{name}: exit {done.returncode}: {said}")
    return done.stdout
