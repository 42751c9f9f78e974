import re

import pytest

from rag.grades import MARK, VOCABULARY, parse_grade
from rag.types import GradeSystem

GRADES = {
    GradeSystem.GRADE: ["1A", "2D", "Strong, high quality", "conditional recommendation"],
    GradeSystem.ACC_AHA: ["Class 1, LOE A", "Class 2a, Level B-NR", "Class 3: Harm", "Class IIb"],
    GradeSystem.ESC: ["Class I, Level A", "class IIa", "Class III, Level C"],
    GradeSystem.USPSTF: ["Grade A", "grade D", "I statement"],
    GradeSystem.NICE: ["Offer", "do not offer", "consider", "be aware"],
    GradeSystem.ACR: ["Usually appropriate", "may be appropriate (disagreement)"],
    GradeSystem.ADA: ["A", "E"],
    GradeSystem.AAN: ["Level A", "level U"],
    GradeSystem.AAP: ["Strong recommendation", "Grade B, recommendation", "Grade X, option"],
    GradeSystem.ACOG: ["Level A", "level C"],
    GradeSystem.ASCO: ["Evidence-based, high quality, strong", "consensus based, weak"],
    GradeSystem.ESMO: ["I, A", "V, E"],
    GradeSystem.EULAR: ["LoE 1a, GoR A", "LoE 2b", "GoR D"],
    GradeSystem.GINA: ["Evidence A", "evidence D"],
}


@pytest.mark.parametrize(
    ("system", "text"), [(system, text) for system, texts in GRADES.items() for text in texts]
)
def test_the_words_of_a_system_are_kept_as_they_are(system: GradeSystem, text: str) -> None:
    grade = parse_grade(f" {system} ", f" {text} ")
    assert (grade.system, grade.text) == (system, text)
    assert str(grade) == f"{system}: {text}"


def test_every_system_has_words_of_its_own() -> None:
    assert set(VOCABULARY) == set(GRADES) == set(GradeSystem)


@pytest.mark.parametrize(
    ("system", "text"),
    [
        (GradeSystem.ESC, "Class 2a, Level A"),
        (GradeSystem.ESC, "Class I, Level D"),
        (GradeSystem.ESC, "Class I, Level A, more"),
        (GradeSystem.ADA, "D"),
        (GradeSystem.USPSTF, "Grade E"),
        (GradeSystem.ACR, "appropriate"),
        (GradeSystem.EULAR, ""),
        (GradeSystem.EULAR, "LoE 1a, "),
        (GradeSystem.EULAR, "LoE 1aGoR A"),
        (GradeSystem.AAP, "Grade A, "),
    ],
)
def test_words_of_no_grade_or_of_another_system_are_refused(system: GradeSystem, text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{text.strip()!r} is no grade of {system}")):
        parse_grade(system, text)


@pytest.mark.parametrize("system", ["esc", "WHO", ""])
def test_a_system_that_is_not_known_is_refused_with_those_that_are(system: str) -> None:
    with pytest.raises(ValueError, match=f"no grading system '{system}': known are GRADE, ACC/AHA"):
        parse_grade(system, "Class I")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do it. {ESC: Class I, Level A}", ("ESC", "Class I, Level A")),
        ("Do it.\n  {ACC/AHA:Class 3: Harm}", ("ACC/AHA", "Class 3: Harm")),
        ("Do it. \\{ESC: Class I}", None),
        ("A set {1, 2, 3}.", None),
        ("Do it. {ESC Class I}", None),
    ],
)
def test_a_mark_is_braces_with_a_colon(text: str, expected: tuple[str, str] | None) -> None:
    match = MARK.search(text)
    assert (match and (match["system"], match["text"])) == expected
