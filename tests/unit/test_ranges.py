"""The ages that a question names, and those that a statement is about."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.kinds import excludes
from rag.ranges import DAYS, ages, asked, holds, leaves_out

MONTH, WEEK, DAY = 1 / 12, 7 / DAYS, 1 / DAYS
years = st.integers(1, 99)


@pytest.mark.parametrize(
    ("question", "low", "high"),
    [
        ("Head injury in a 7-year-old: CT?", 7, 8),
        ("7yo fell off a swing", 7, 8),
        ("2 y/o with otitis", 2, 3),
        ("46F at average risk", 46, 47),
        ("58M on metformin", 58, 59),
        ("72/F with AF", 72, 73),
        ("M54, gout", 54, 55),
        ("45y F with gout", 45, 46),
        ("65-year woman with a fracture", 65, 66),
        ("Stable 64 yo woman, Hb 7.8", 64, 65),
        ("And her 5-year-old?", 5, 6),
        ("My baby is 6 months old", 6 * MONTH, 7 * MONTH),
        ("18-month-old with croup", 18 * MONTH, 19 * MONTH),
        ("Febrile 3-week-old", 3 * WEEK, 4 * WEEK),
        ("breast-fed baby, 25 days old, jaundiced", 25 * DAY, 26 * DAY),
        ("fever in a ten day old baby", 10 * DAY, 11 * DAY),
        ("two-year-old with a cough", 2, 3),
        ("LDL 205, age 34, no ASCVD", 34, 35),
        ("a man aged 70 with gout", 70, 71),
        ("I am 52, do I need a colonoscopy?", 52, 53),
        ("I'm 46 and healthy. Mammogram?", 46, 47),
        ("My mum is 88 and does well on tablets", 88, 89),
        ("he's 2, weighs 11 kilos", 2, 3),
        ("a woman in her forties", 40, 50),
        ("man in his late 70s with AF", 70, 80),
        ("statin for adults over 75?", 75, inf),
        ("children under 2 with a wheeze", 0, 2),
        ("neonate with fever", 0, 28 * DAY),
        ("Which dose in a child?", 0, 16),
    ],
)
def test_an_age_that_is_asked_about_is_found(question: str, low: float, high: float) -> None:
    (span,) = asked(question)
    assert span == pytest.approx((low, high))


@pytest.mark.parametrize(
    "question",
    [
        "Cellulitis for 5 days, which antibiotic?",
        "What 10-year risk calls for a statin?",
        "Mammography every 2 years?",
        "Stroke within 12 months of a stent",
        "I'm 33 weeks and have a headache",
        "Pregnant, 26 weeks, C. difficile",
        "She is 26 weeks pregnant",
        "Quit smoking 12 years ago",
        "10yr risk of 12%, statin?",
        "10 y ASCVD risk 8%",
        "stent 2 yrs ago, still on ticagrelor",
        "fever of 101F",
        "after 5 days patients were well",
        "her TSH is 5. Change the dose?",
        "Hb is 7, transfuse?",
        "He's 58 on his meter, shaky",
        "EF 35, LBBB 155 ms",
        "BP 134/84, eGFR 45, HbA1c 7.2",
        "20 pack-year history",
        "he is 3 years post transplant",
        "fever of 39 for 48 hours",
        "38.5C and 120 mg/dL",
        "day 5 of illness",
        "my father had a heart attack at 48",
        "",
    ],
)
def test_what_is_no_age_is_not_taken_for_one(question: str) -> None:
    assert asked(question) == ()


@pytest.mark.parametrize(
    ("statement", "low", "high"),
    [
        ("People aged 16 and over with a head injury should have a CT.", 16, inf),
        ("Patients under 16 are referred.", 0, 16),
        ("All adults aged 50 to 75 years should be screened.", 50, 76),
        ("Women aged 45–54 years have a mammogram.", 45, 55),
        ("Children 6 through 23 months old with otitis", 6 * MONTH, 24 * MONTH),
        ("Children 24 months or older with otitis", 2, inf),
        ("Children below 2 years are given less.", 0, 2),
        ("children ≥6 months with severe signs", 0.5, inf),
        ("Do not test infants aged ≤12 months.", 0, 13 * MONTH),
        ("In people who are older than 70 to 80 years, a higher target", 70, inf),
        ("children and adolescents between 3 months and 16 years", 0.25, 17),
        ("Between the ages of 40 and 75 years risk is worked out.", 40, 76),
        ("a child from 6 months to about 10 years of age", 0.5, 11),
        ("Screening is offered from the age of 45 years to all.", 45, inf),
        ("The recommendation for steroids begins at the age of 16 years.", 16, inf),
        ("Screening after the age of 85 years is not recommended.", 85, inf),
        ("Screening is repeated until the age of 75 years.", 0, 76),
        ("No advice on statins before the age of 40 years", 0, 40),
        ("Adults under 30 who start an SSRI are seen within 1 week.", 0, 30),
        ("infants 8 to 21 days old without suspected meningitis", 8 * DAY, 22 * DAY),
        ("Adults aged 40 to 75 years with a 10-year risk of 7.5% to <20%", 40, 76),
    ],
)
def test_the_ages_that_a_statement_is_about_are_found(
    statement: str, low: float, high: float
) -> None:
    (span,) = ages(statement)
    assert span == pytest.approx((low, high))


@pytest.mark.parametrize(
    "statement",
    [
        "Give flucloxacillin for 5 to 7 days.",
        "Adults are treated for at least 6 months.",
        "Adults with a 10-year risk of at least 7.5% take a statin.",
        "Mammography is repeated every 2 to 3 years.",
        "Dual therapy goes on within 12 months of an acute coronary syndrome.",
        "Adults within 4.5 hours of a stroke may have thrombolysis.",
        "Patients more than 30 days after a stent",
        "A new course is given to patients after 4 weeks.",
        "A life expectancy of more than 15 years",
        "Risk factors include age ≥65 years and smoking.",
        "The score gives 2 points for age 75 years or older.",
        "Treatment is kept lifelong, even beyond the age of 85 years.",
        "Apnoea may occur, particularly under 6 weeks of age.",
        "Adults with a relative younger than 60 years with bowel cancer",
        "Those whose father died before the age of 55 years",
        "Infants 35 weeks or more are assessed at birth.",
        "Start later in adults aged 85 years or older, or with severe frailty.",
        "Adults with platelets below 30 × 10⁹/L",
        "People over 50 kg take the full dose.",
        "Someone who smoked a pack a day for 20 years",
        "",
    ],
)
def test_what_limits_no_age_is_not_taken_for_a_limit(statement: str) -> None:
    assert ages(statement) == ()


@pytest.mark.parametrize(
    ("question", "others", "own"),
    [
        (
            "7-year-old with a head injury, drowsy",
            "In people aged 16 and over with a head injury, a CT is done.",
            "Children with a head injury who are drowsy have a CT.",
        ),
        (
            "Otitis in a 2-year-old, mild",
            "Children 6 through 23 months old with otitis may be observed.",
            "Children 24 months or older with otitis may be observed.",
        ),
        (
            "Woman of 46 years old, bowel screening?",
            "All adults aged 50 to 75 years should be screened.",
            "Adults aged 45 to 49 years should be screened.",
        ),
        (
            "17-year-old with a head injury",
            "Children under 16 with a head injury",
            "Adults and others aged 16 and over with a head injury",
        ),
        (
            "I am 52, how is asthma treated?",
            "Children with asthma take an inhaler every day.",
            "Adults with asthma take an inhaler when needed.",
        ),
        (
            "Six-week-old baby with a fever",
            "Infants 8 to 21 days old should have a lumbar puncture.",
            "Infants 29 to 60 days old need none.",
        ),
    ],
)
def test_a_statement_on_other_ages_is_excluded(question: str, others: str, own: str) -> None:
    assert excludes(question, others)
    assert not excludes(question, own)


def test_a_statement_on_children_and_on_adults_is_for_both() -> None:
    both = "Oxygen is titrated to 94 to 98% in children aged 6 to 11 years, and to 93% in adults."
    assert not leaves_out(both, "46F with asthma")
    assert leaves_out(both, "2yo with asthma")


def test_an_age_on_both_sides_of_eighteen_excludes_neither_children_nor_adults() -> None:
    for statement in ("Children with asthma", "Adults with asthma"):
        assert not excludes("people under 65 with asthma", statement)


@given(st.text(), st.text())
def test_no_text_is_too_odd(one: str, other: str) -> None:
    assert not (leaves_out(one, other) and holds(one, other))


@given(st.text("0123456789 -–≥<,.aged yerolnthsMFyo/'", max_size=40))
def test_nothing_like_an_age_is_too_odd(text: str) -> None:
    assert all(span.low < span.high for span in (*ages(text), *asked(text)))


@given(years, years)
def test_ages_and_open_ranges_agree_with_arithmetic(age: int, limit: int) -> None:
    question = f"{age}-year-old with otitis"
    assert holds(f"People aged {limit} and over", question) == (age >= limit)
    assert holds(f"People younger than {limit} years", question) == (age < limit)
    assert leaves_out(f"People aged {limit} years or younger", question) == (age > limit)


@given(years, years, years)
def test_ranges_agree_with_arithmetic(age: int, one: int, other: int) -> None:
    low, high = sorted((one, other + 100))
    low, high = min(low, 99), min(high, 110)
    statement = f"Adults aged {low} to {high} years"
    assert leaves_out(statement, f"I am {age}, is it for me?") == (not low <= age <= high)


@given(years, years)
def test_two_ranges_meet_both_ways(one: int, other: int) -> None:
    over, under = f"people aged {one} years or older", f"people younger than {other} years"
    assert holds(over, under) == holds(under, over) == (one < other)
    assert leaves_out(over, under) == leaves_out(under, over) == (one >= other)


@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
@given(number=st.integers(1, 90))
def test_the_age_of_a_baby_is_the_same_in_any_unit(unit: str, number: int) -> None:
    question = f"baby {number} {unit} old"
    size = {"days": DAY, "weeks": WEEK, "months": MONTH}[unit]
    assert leaves_out("Infants younger than 1 year", question) == (number * size >= 1)
