import re
from pathlib import Path

import pytest
import yaml

from rag.cli.drafting import TEMPLATE
from rag.corpus import DIFFERING, TERMS, FrontMatter
from rag.grades import MARK, parse_grade
from rag.types import GradeSystem, Role, Term, Value

GUIDE = (Path(__file__).parents[2] / "corpus" / "README.md").read_text("utf-8")


def section(heading: str) -> str:
    return GUIDE.split(f"\n## {heading}\n", 1)[1]


def rows(heading: str) -> list[list[str]]:
    table = re.search(r"^\| -.*\n((?:\|.*\n)+)", section(heading), re.MULTILINE)
    assert table
    return [[cell.strip() for cell in row[1:-1].split(" | ")] for row in table[1].splitlines()]


@pytest.mark.parametrize(("heading", "model"), [("Front matter", FrontMatter), ("Glossary", Term)])
def test_every_key_is_explained_and_no_other(heading: str, model: type[Value]) -> None:
    explained = {key.strip("`"): needed for key, needed, _ in rows(heading)}
    assert explained.keys() == model.model_fields.keys()
    needed = {name for name, field in model.model_fields.items() if field.is_required()}
    assert {name for name, told in explained.items() if told == "yes"} == needed


def test_every_role_is_explained() -> None:
    assert [role.casefold() for role, _ in rows("Body")] == list(Role)


def test_every_grading_system_has_examples_that_are_grades() -> None:
    examples = {system: list(MARK.finditer(cell)) for system, cell in rows("Grades")}
    assert list(examples) == list(GradeSystem)
    for system, marks in examples.items():
        assert [str(parse_grade(m["system"], m["text"])).split(":")[0] for m in marks]
        assert {mark["system"] for mark in marks} == {system}


def test_the_template_is_the_one_that_is_written() -> None:
    assert f"```markdown\n{TEMPLATE}```" in section("Template")


def test_the_examples_of_glossary_and_disagreements_can_be_read() -> None:
    term, differing = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert TERMS.validate_python(yaml.safe_load(term))[0].short == ("AS",)
    assert len(DIFFERING.validate_python(yaml.safe_load(differing))[0].sides) == 2
