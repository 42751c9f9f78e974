import pytest

from eval.audiences import explained, same
from rag.glossary import Glossary
from rag.types import Audience, Statement, Support, Term

CT = Term(term="computed tomography", short=("CT",), plain="a scan in slices")
MASS = Term(term="mass", plain="a lump")
GLOSSARY = Glossary((CT, MASS))
TEXT = "Do CT within 2 h of finding a mass."


def statement(text: str = TEXT, wording: str | None = None) -> Statement:
    return Statement(text=text, wording=wording, citations=(), support=Support.SUPPORTED)


@pytest.mark.parametrize("audience", list(Audience))
def test_what_the_glossary_puts_in_leaves_the_statement_as_it_is(audience: Audience) -> None:
    wording = GLOSSARY.worded(TEXT, audience, set())
    assert explained(TEXT, wording, GLOSSARY)
    assert same([statement()], [statement(wording=wording)], GLOSSARY)


@pytest.mark.parametrize(
    "wording",
    [
        "Do CT within 4 h of finding a mass.",
        "Do CT (a scan in slices) of a mass.",
        "Do CT within 2 h of finding a mass (a tumour).",
        "Always do CT within 2 h of finding a mass.",
        "Do CT within 2 h of finding a mass. Do it twice.",
        "",
    ],
)
def test_another_wording_is_told(wording: str) -> None:
    assert not explained(TEXT, wording, GLOSSARY)


def test_statements_that_are_gained_lost_or_moved_are_told() -> None:
    one, two = statement(), statement("Refer the child.")
    assert same([one, two], [one, two], GLOSSARY)
    for other in ([one], [one, two, two], [two, one], [one, statement("Refer the child today.")]):
        assert not same([one, two], other, GLOSSARY)
