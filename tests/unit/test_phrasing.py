import pytest

from rag.phrasing import abbreviations, misspelt_units, points_outside, routeless, word_count


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Give 40 mg prednisone once a day for 5 days.", "40 mg"),
        ("Primaquine 0.25 to 0.5 mg/kg is given in a single dose.", "0.25 to 0.5 mg"),
        ("Aspirin 75–150 mg is taken daily.", "75–150 mg"),
        ("Give 40 mg prednisone by mouth.", None),
        ("Give 1 g IV every 8 hours.", None),
        ("Adrenaline 0.01 mg/kg is injected into the thigh.", None),
        ("Two puffs of 100 µg salbutamol are given.", None),
        ("Start treatment above 200 mg/g or 20 mg/mmol.", None),
        ("Start treatment at 126 mg/dL, 7.0 mmol/L or 30 mL/min.", None),
        ("Give insulin at 0.1 units/kg per hour, or 5 µg/kg/min of dopamine.", None),
        ("Raise a dose that is taken daily by 2 units.", None),
        ("Doses of more than 300 mg may be given daily.", None),
        ("Give a diet with 0.8 g/kg of protein.", None),
        ("The tumour weighs 500 g.", None),
        ("Metronidazole comes as 500 mg.", None),
    ],
)
def test_a_dose_names_its_route(text: str, amount: str | None) -> None:
    assert routeless(text, "", dosing=False) == amount


def test_a_route_may_stand_in_the_section_and_dosing_sections_need_no_verb() -> None:
    assert routeless("Metronidazole 500 mg", "Dosing", dosing=True) == "500 mg"
    assert routeless("Metronidazole 500 mg", "Dosing: tablets", dosing=True) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5 mcg and 5μg", ["µg", "µg"]),
        ("130 mm Hg", ["mmHg"]),
        ("24-h or 2 hrs or 5 mins", ["hours", "hours", "minutes"]),
        ("7 % or 7 percent", ["%", "% without a blank"]),
        ("38.5 ° C", ["°C"]),
        ("12 mg/dl, 2 mmol/l, 5 mg/ml", ["/mL", "/dL", "/L"]),
        ("30 kg/m2, 250 cells/mm3, 10^9/L", ["/mm³", "/m²", "raised figures, as in 10⁹"]),
        ("10 U", ["units"]),
        ("5 µg, 130 mmHg, 24 hours, 7%, 38.5 °C, 40 U/L, 5 mg/mL, 1.73 m², 10⁹/L", []),
    ],
)
def test_every_unit_is_spelt_in_one_way(text: str, found: list[str]) -> None:
    assert [right for _, _, right in misspelt_units(text)] == found


def test_a_misspelt_unit_is_told_where_it_stands() -> None:
    assert list(misspelt_units("Give 5 mcg.")) == [(6, "mcg", "µg")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It does not hurt.", "It"),
        ("These patients need a scan.", "These"),
        ("However, adults need a scan.", "However"),
        ("Adults need a scan, as above.", "as above"),
        ("Doses are not in this summary.", "in this summary"),
        ("Doses are not in this summary of NICE NG9.", None),
        ("It is reasonable to offer adults a scan.", None),
        ("Italy has its own rules.", None),
        ("Itch that persists needs a cream.", None),
        ("Adults whose fever returns need a culture, and this should not delay treatment.", None),
    ],
)
def test_a_statement_points_at_nothing_outside(text: str, words: str | None) -> None:
    assert points_outside(text) == words


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert word_count("- Low-dose CT, 1.5 mg/kg (≥ 3 years) – yes.") == 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CT and MRIs", ["CT", "MRIs"]),
        ("HbA1c, eGFR, HFimpEF", ["HbA1c", "eGFR", "HFimpEF"]),
        ("LDL-C", ["LDL"]),
        ("CT-guided FEV1/FVC", ["CT", "FEV1", "FVC"]),
        ("Stage III, G3a, IC, NG133, TC-325, 5 mIU/L", []),
        ("the NELSON trial, criteria of the DAWN or DEFUSE 3 trials", []),
        ("OnabotulinumtoxinA, McArdle, RadioGraphics, An", []),
    ],
)
def test_an_abbreviation_has_two_capitals_and_is_no_name(text: str, found: list[str]) -> None:
    assert [word for _, word, _ in abbreviations(text)] == found


def test_an_abbreviation_is_told_with_its_place_and_its_compound() -> None:
    assert list(abbreviations("a LDL-C")) == [(2, "LDL", "LDL-C")]
