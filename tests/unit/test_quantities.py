import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.figures import disagreements
from rag.quantities import quantities, rates
from rag.types import Mismatch
from rag.units import canonical, factor


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "comparator"),
    [
        ("10 to 20 mL/kg of 0.9% saline", 10, 20, ("mL", "kg"), ""),
        ("at least 1 hour after", 1, 1, ("h",), "≥"),
        ("below 7\u00a0% of all", 7, 7, ("%",), "<"),
        ("aged 65 years or older", 65, 65, ("year",), "≥"),
        ("younger than 18 months", 18, 18, ("month",), "<"),
        ("eGFR ≥20 mL/min/1.73 m²", 20, 20, ("mL", "min", "m2"), "≥"),
        ("two or more drugs", 2, 2, (), "≥"),
        ("maximum 4 g per day", 4, 4, ("g", "day"), "≤"),
        ("1,200 mg", 1200, 1200, ("mg",), ""),
        ("within 48 hours", 48, 48, ("h",), "≤"),
        ("over 20 minutes", 20, 20, ("min",), ""),
        ("over 65 years", 65, 65, ("year",), ">"),
        ("a 4-day course", 4, 4, ("day",), ""),
        ("between 7 % and 8 %", 7, 8, ("%",), ""),
        ("30 × 10⁹/L", 30, 30, ("e9", "L"), ""),
        ("no more than three doses", 3, 3, ("dose",), "≤"),
    ],
)
def test_a_number_is_read_with_its_unit_and_what_it_is_compared_by(
    text: str, low: float, high: float, unit: tuple[str, ...], comparator: str
) -> None:
    found = quantities(text)[0]
    assert (found.low, found.high, found.unit, found.comparator) == (low, high, unit, comparator)


def test_a_blood_pressure_is_one_quantity_of_two_values() -> None:
    (pressure,) = quantities("130/80 mmHg or higher")
    assert (pressure.low, pressure.pair, pressure.unit) == (130, 80, ("mmHg",))


@pytest.mark.parametrize("text", ["SGLT-2", "5-HT3", "HbA1c", "CHA2DS2-VASc", "COVID-19", "one of"])
def test_digits_of_a_name_and_a_lone_one_are_no_quantity(text: str) -> None:
    assert quantities(f"the {text} here") == []


@pytest.mark.parametrize(
    ("text", "per_day"),
    [("twice daily", 2), ("every 12 hours", 2), ("once a day", 1), ("weekly", 1 / 7), ("daily", 1)],
)
def test_how_often_is_counted_per_day(text: str, per_day: float) -> None:
    assert rates(f"Give it {text}.")[0].low == pytest.approx(per_day)


def test_every_so_many_of_what_is_no_time_is_no_rate() -> None:
    assert rates("every 5 mg") == []


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Give 0.5 g twice daily.", "Give 500 mg every 12 hours."),
        ("Treat adults aged 65 or older.", "Treat adults 65 years or older."),
        ("For two weeks.", "For 14 days."),
        ("Give at least 3 doses.", "Give ≥3 doses."),
        ("Infuse within 1 hour.", "Infuse within 60 minutes."),
        ("Give it.", "Give 5 mg."),
    ],
)
def test_the_same_said_otherwise_is_no_disagreement(statement: str, source: str) -> None:
    assert list(disagreements(statement, source)) == []


@pytest.mark.parametrize(
    ("statement", "source", "mismatch", "instead"),
    [
        ("Give 50 mg.", "Give 5 mg.", Mismatch.NUMBER, "5 mg"),
        ("Give 5 µg.", "Give 5 mg.", Mismatch.UNIT, "5 mg"),
        ("Give 5 mg.", "Give 5 mg/kg.", Mismatch.UNIT, "5 mg/kg"),
        ("Treat at most 3 days.", "Treat at least 3 days.", Mismatch.COMPARATOR, "at least 3 days"),
        ("Treat 3 days.", "Treat at least 3 days.", Mismatch.COMPARATOR, "at least 3 days"),
        ("Give it twice daily.", "Give it once daily.", Mismatch.NUMBER, "once daily"),
        ("Give it weekly.", "Give it.", Mismatch.NUMBER, ""),
        ("Start from 130/90 mmHg.", "Start from 130/80 mmHg.", Mismatch.NUMBER, "130/80 mmHg"),
        ("Give 10 mg.", "Give it.", Mismatch.NUMBER, ""),
    ],
)
def test_what_the_source_does_not_give_is_named(
    statement: str, source: str, mismatch: Mismatch, instead: str
) -> None:
    reason = next(disagreements(statement, source))
    assert (reason.mismatch, reason.source) == (mismatch, instead)
    assert reason.words in statement


@given(st.text(max_size=200))
def test_any_text_agrees_with_itself(text: str) -> None:
    assert list(disagreements(text, text)) == []


def test_units_convert_only_within_a_dimension() -> None:
    assert factor(canonical("g"), canonical("milligrams")) == pytest.approx(1000)
    assert factor(canonical("mg/kg per day"), canonical("mg/kg/day")) == 1
    assert factor(canonical("mg"), canonical("mL")) is None
    assert factor(canonical("mg"), canonical("mg/kg")) is None
    assert factor(("dose",), ("tablet",)) is None


@given(st.text(alphabet="0123456789,./ -–≥<mgdayson%", max_size=40))
def test_any_figures_are_read(text: str) -> None:
    for quantity in quantities(text, every=True):
        assert quantity.words


def test_a_second_figure_after_a_slash_may_have_a_comma() -> None:
    assert quantities("1/10,000 people")[0].pair == 10_000
