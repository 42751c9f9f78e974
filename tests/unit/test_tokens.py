import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index.tokens import STOP, tokens
from rag.spelling import fold_spelling


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7%", ["7%"]),
        ("0.5", ["0.5"]),
        ("0.5 mg", ["0.5", "mg"]),
        ("HbA1c", ["hba1c"]),
        ("K+", ["k+"]),
        ("K+.", ["k+"]),
        ("SGLT-2", ["sglt-2", "sglt", "2"]),
        ("140/90", ["140/90", "140", "90"]),
        ("≥140/90", ["≥", "140/90", "140", "90"]),
        ("≥ 140/90", ["≥", "140/90", "140", "90"]),
        ("<= 5", ["<=", "5"]),
        ("x < y", ["x", "y"]),
        ("beta-blocker", ["beta-blocker", "beta", "blocker"]),
        ("out-of-hospital", ["out-of-hospital", "out", "hospit"]),
        ("5\u00a0µg", ["5", "μg"]),
        ("β-agonist", ["β-agonist", "β", "agonist"]),
        ("CO₂", ["co2"]),
        ("patient's", ["patient's", "patient", "s"]),
        ("What is the dose?", ["dose"]),
        ("**bold** _text_", ["bold", "text"]),
        ("", []),
        ("... !? |", []),
    ],
)
def test_a_text_has_these_forms(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("anaemia", "anemia"),
        ("haemorrhage", "hemorrhage"),
        ("paediatric", "pediatric"),
        ("oedema", "edema"),
        ("oesophageal", "esophageal"),
        ("oestrogen", "estrogen"),
        ("anaesthesia", "anesthesia"),
        ("orthopaedic", "orthopedic"),
        ("foetal", "fetal"),
        ("gynaecology", "gynecology"),
        ("leukaemia", "leukemia"),
        ("hypoglycaemia", "hypoglycemia"),
        ("diarrhoea", "diarrhea"),
        ("tumours", "tumors"),
        ("colour", "color"),
        ("behaviour", "behavior"),
        ("labour", "labor"),
        ("randomised", "randomized"),
        ("immunisation", "immunization"),
        ("analyse", "analyze"),
        ("dialysing", "dialyzing"),
        ("centre", "center"),
        ("litre", "liter"),
        ("sulphate", "sulfate"),
        ("calibre", "caliber"),
        ("programme", "program"),
    ],
)
def test_british_and_american_spelling_are_one(british: str, american: str) -> None:
    assert fold_spelling(british) == american
    assert tokens(british) == tokens(american)


@pytest.mark.parametrize("word", ["rise", "wise", "analysis", "aeration", "reduce", "isolate"])
def test_words_that_only_look_british_stay(word: str) -> None:
    assert fold_spelling(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a child with a tumour", "Tumors in the child"),
        ("recommended imaging", "imaging is recommended"),
        ("treats", "treated"),
        ("ＨｂＡ１ｃ", "HbA1c"),
    ],
)
def test_what_is_asked_meets_what_is_written(one: str, other: str) -> None:
    assert set(tokens(one)) == set(tokens(other))


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=300)
def test_forms_of_any_text_have_no_space_and_are_never_empty(text: str) -> None:
    assert all(form and form.split() == [form] for form in tokens(text))


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=300)
def test_space_around_a_text_change_nothing(text: str) -> None:
    assert tokens(f"\n {text} ") == tokens(text)


@given(st.lists(st.sampled_from(sorted(STOP)), max_size=6))
@settings(deadline=None)
def test_words_that_say_nothing_are_left_out(words: list[str]) -> None:
    assert tokens(" ".join(words).title()) == []
