from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import load
from rag.glossary import Glossary
from rag.grounding.substitutions import disagreements
from rag.types import Mismatch

NONE = Glossary(())
SOURCE = (
    "Colchicine for acute gout is 1.2 mg by mouth followed by 0.6 mg one hour later, which may "
    "shorten the attack in most adults with fever and pain."
)


@pytest.mark.parametrize(
    ("old", "new", "mismatch"),
    [
        ("1.2 mg", "0.6 mg", Mismatch.NUMBER),
        ("0.6 mg", "0.6 cmH2O", Mismatch.NAME),
        ("acute gout", "acute psoriasis", Mismatch.NAME),
        ("by mouth", "by rectal suppository", Mismatch.NAME),
        ("fever and pain", "fever or pain", Mismatch.CONDITION),
        ("may shorten", "must shorten", Mismatch.STRENGTH),
        ("most adults", "all adults", Mismatch.STRENGTH),
        ("in most adults", "in most children", Mismatch.POPULATION),
    ],
)
def test_one_word_in_the_place_of_another_is_told(old: str, new: str, mismatch: Mismatch) -> None:
    found = list(disagreements(SOURCE.replace(old, new), SOURCE, NONE))
    assert mismatch in {reason.mismatch for reason in found}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one hour", "1 h"),
        ("1.2 mg", "1200 µg"),
        ("by mouth", "orally"),
        ("followed by", "and then"),
        ("the attack", "the episode"),
    ],
)
def test_other_words_for_the_same_are_no_difference(old: str, new: str) -> None:
    assert not list(disagreements(SOURCE.replace(old, new), SOURCE, NONE))


@given(st.text(max_size=200))
def test_no_text_differs_from_itself(text: str) -> None:
    assert not list(disagreements(text, text, NONE))


SHIPPED = Glossary(load(Path("corpus")).glossary)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Enalapril", "Ramipril"),
        ("Enalapril", "An ACE inhibitor"),
        ("An ACE inhibitor", "Enalapril"),
        ("Rosuvastatin", "Simvastatin"),
        ("A statin", "Simvastatin"),
        ("Sertraline", "An antidepressant"),
    ],
)
def test_a_drug_is_neither_its_class_nor_another_drug_of_it(old: str, new: str) -> None:
    source = f"{old} should be offered to most adults of the group after two months of waiting."
    found = disagreements(source.replace(old, new), source, SHIPPED)
    assert Mismatch.NAME in {reason.mismatch for reason in found}
