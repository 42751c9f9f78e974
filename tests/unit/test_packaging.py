import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

import rag
from rag.cli import app
from rag.settings import Settings

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scripts").iterdir())
COMMANDS = sorted(typer.main.get_group(app).commands)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(text("pyproject.toml"))["project"]
    return found


def service() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text("docker-compose.yml"))["services"]["rag"]
    return found


def test_the_container_answers_to_this_machines_names_alone() -> None:
    assert service()["ports"] == ["127.0.0.1:8000:8000"]
    assert service()["environment"]["RAG_HOSTS"] == "localhost,127.0.0.1,[::1]"


def test_the_public_names_are_few_and_all_there() -> None:
    assert rag.__all__ == ["Answer", "Assistant", "Citation", "RagError", "Settings"]
    assert all(getattr(rag, name).__name__ == name for name in rag.__all__)


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Retriever'"):
        rag.Retriever  # noqa: B018


def test_there_is_one_version() -> None:
    assert rag.__version__ == project()["version"]
    assert service()["image"] == f"guideline-rag:{rag.__version__}"


def test_the_command_line_starts_without_anything_heavy() -> None:
    heavy = "torch numpy faiss tantivy onnxruntime sqlalchemy fastapi uvicorn langchain_core"
    code = f"import sys, rag.cli; print(*(m for m in {heavy.split()} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_help_of_every_command_is_in_the_docs(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    command = typer.main.get_command(app)
    arguments = [name, "--help"] if name else ["--help"]
    with pytest.raises(SystemExit):
        command.main(arguments, prog_name="rag")
    shown = capsys.readouterr().out
    assert f"```text\n{shown}```" in text("docs/cli.md")
    assert f"\n  rag {name}" in shown


def test_every_setting_is_in_the_docs_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(.*?)` \|", text("docs/configuration.md"), re.M)
    documented = {name: (variable, default) for name, variable, default in rows}
    assert list(documented) == list(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        variable, default = documented[name]
        assert variable == f"RAG_{name.upper()}"
        assert default == str(field.default) or not field.default


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.name))
def test_every_script_is_executable_posix_shell_that_stops_at_an_error(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text().startswith("#!/bin/sh\n# ")
    assert "\nset -eu\n" in script.read_text()
    assert subprocess.run(["/bin/sh", "-n", script], check=False).returncode == 0


def test_ci_runs_what_the_readme_says_and_nothing_else() -> None:
    assert text(".ci/run").rstrip().endswith("exec scripts/test")
    assert "scripts/test" in text("README.md")


def test_everything_the_project_needs_is_pinned_once() -> None:
    pins = [line.split("==")[0] for line in text("constraints.txt").splitlines()]
    assert len(pins) == len(set(map(_canonical, pins)))
    needed = list(project()["dependencies"])
    for extra in project()["optional-dependencies"].values():
        needed += extra
    names = {_canonical(re.split(r"[^\w.-]", line)[0]) for line in needed} - {"guideline-rag"}
    assert names <= set(map(_canonical, pins))


def test_the_pins_fit_any_build_and_name_no_place() -> None:
    for line in text("constraints.txt").splitlines():
        assert re.fullmatch(r"[\w.-]+==[\w.]+", line)


def test_the_service_is_closed_to_other_machines_and_to_itself() -> None:
    found = service()
    assert found["ports"] == ["127.0.0.1:8000:8000"]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert "./corpus:/srv/rag/corpus:ro" in found["volumes"]
    assert "/readyz" in found["healthcheck"]["test"][-1]


def test_no_image_is_called_latest() -> None:
    images = [service()["image"], *re.findall(r"^FROM (\S+)", text("Dockerfile"), re.M)]
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_the_image_runs_as_a_user_and_says_whether_it_lives() -> None:
    *_, last = text("Dockerfile").split("\nFROM ")
    instructions = re.findall(r"^([A-Z]+) ", last, re.M)
    assert instructions.index("USER") < instructions.index("CMD")
    assert "/healthz" in last
    assert 'CMD ["rag", "serve", "--host", "0.0.0.0"]' in last


def test_what_the_image_copies_is_not_ignored() -> None:
    kept = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.M)
    assert {name for names in copied for name in names.split()} <= kept
    assert all((ROOT / name).exists() for name in kept)


def test_the_licence_is_the_one_the_project_names() -> None:
    assert project()["license"] == "Apache-2.0"
    assert text("LICENSE").lstrip().startswith("Apache License\n")
    assert text("LICENSE").count("\n") > 190


def test_the_hooks_are_five_and_fetch_nothing() -> None:
    (repo,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert repo["repo"] == "local"
    assert len(repo["hooks"]) == 5


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
