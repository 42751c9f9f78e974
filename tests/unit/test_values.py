"""Measured values of a question within the bounds of statements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.values import missed

FEW = "Corticosteroids are suggested for adults with a platelet count below 30 × 10⁹/L."
MANY = "Adults with platelets ≥30 × 10⁹/L should be observed."


@pytest.mark.parametrize(
    ("question", "held", "missing"),
    [
        ("New ITP, platelets 45. Steroids?", MANY, FEW),
        ("New ITP, plt 12. Steroids?", FEW, MANY),
        ("Platelet count of 45,000, steroids?", MANY, FEW),
        ("Platelets 30", MANY, FEW),
        ("platelets 45 and a stroke", "Give none with platelets below 100,000/mm³.", FEW),
        (
            "eGFR 24, metformin?",
            "Metformin is stopped when eGFR is below 30 mL/min/1.73 m².",
            "Metformin is given with an eGFR of at least 30 mL/min/1.73 m².",
        ),
        (
            "Her eGFR is 52",
            "Adults with an estimated GFR of 45 to 59 mL/min",
            "Adults with an eGFR below 15 mL/min",
        ),
        (
            "K of 5.8 on spironolactone",
            "Stop it when potassium is above 5.5 mmol/L.",
            "Go on when potassium is at most 5.0 mmol/L.",
        ),
        (
            "EF 22%, which drug?",
            "Adults with an ejection fraction ≤40%",
            "Adults with an ejection fraction >40%",
        ),
    ],
)
def test_a_statement_on_other_values_misses(question: str, held: str, missing: str) -> None:
    assert missed(question, [missing, held]) == [True, False]
    assert missed(question, [held, missing]) == [False, True]


@pytest.mark.parametrize(
    ("question", "statements"),
    [
        ("Hb 7.8, transfuse?", ["Transfuse when hemoglobin falls below 7 g/dL.", "Tell patients."]),
        ("LDL 130, which goal?", ["An LDL-C goal of <70 mg/dL", "Statins if LDL-C is ≥100 mg/dL"]),
        ("LDL 3.4, statin?", ["Adults with LDL-C ≥190 mg/dL", "Adults with LDL-C <4.9 mmol/L"]),
        ("sodium 128", ["Keep sodium below 2 g per day.", "Adults with sodium of 126 to 135"]),
        ("platelets under 50", [FEW, MANY]),
        ("ITP for 45 days", [FEW, MANY]),
        ("TSH interval first half of pregnancy", ["TSH above 10 mIU/L", "TSH of at most 10 mIU/L"]),
        ("", [FEW, MANY]),
    ],
)
def test_nothing_misses_what_is_not_bounded_or_held(question: str, statements: list[str]) -> None:
    assert missed(question, statements) == [False] * len(statements)


@given(st.text(), st.lists(st.text(), max_size=4))
def test_no_text_is_too_odd(question: str, statements: list[str]) -> None:
    assert len(missed(question, statements)) == len(statements)


@given(st.text("platelets tsh 0123456789.,<≥-%/ofis", max_size=40))
def test_nothing_like_a_value_is_too_odd(text: str) -> None:
    assert len(missed(text, [text, FEW, MANY])) == len((text, FEW, MANY))


@given(st.integers(10, 100), st.integers(10, 100))
def test_values_agree_with_arithmetic(value: int, bound: int) -> None:
    bounds = [f"eGFR of at least {bound} mL/min", f"eGFR below {bound} mL/min"]
    assert missed(f"eGFR of {value}, metformin?", bounds) == [value < bound, value >= bound]
