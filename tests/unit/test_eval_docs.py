import re
from pathlib import Path
from typing import get_args

from typer.main import get_command

from eval.__main__ import app
from eval.gating import NEVER
from eval.labels import Case, Kind, stale
from eval.suites import NAMES
from rag.corpus import load

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/evaluation.md").read_text("utf-8")


def test_the_guide_names_every_suite_command_and_kind_of_case() -> None:
    commands = [f"rag-eval {name}" for name in get_command(app).commands]  # type: ignore[attr-defined]
    for name in (*NAMES, *NEVER):
        assert f"`{name}`" in GUIDE, name
    for name in (*commands, *get_args(Kind)):
        assert name in GUIDE, name


def test_the_case_of_the_guide_is_one() -> None:
    (block,) = re.findall(r"```json\n(.+?)```", GUIDE, re.DOTALL)
    case = Case.model_validate_json(block)
    guidelines = {guideline.id: guideline for guideline in load(ROOT / "corpus").guidelines}
    assert stale([case], guidelines) == []
