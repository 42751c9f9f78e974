import re
import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rag.glossary import Glossary, Segment, unworded
from rag.naming import WORD, clashes
from rag.types import Audience, Term

CT = Term(
    term="computed tomography", short=("CT",), synonyms=("CT scan",), plain="a scan in slices"
)
MRI = Term(term="magnetic resonance imaging", short=("MRI",), plain="a scan with magnets")
CKD = Term(term="chronic kidney disease", short=("CKD",), plain="lasting kidney damage")
KIDNEY = Term(term="kidney disease", plain="illness of the kidneys")
ACE = Term(term="angiotensin-converting enzyme", short=("ACE",), plain="a body chemical")
ACE_INHIBITOR = Term(term="ACE blocker", short=("ACE inhibitor",), plain="a tablet")
NSAID = Term(term="nonsteroidal drug", short=("NSAID",), plain="a painkiller")
BLOCKER = Term(term="beta-blocker", synonyms=("β-blocker",), plain="a heart medicine")
ANEMIA = Term(term="anemia", plain="too little red pigment")
LP = Term(term="lipoprotein(a)", short=("Lp(a)",), plain="a blood fat")
GERM = Term(term="H. pylori", plain="a stomach germ")
UK = Term(term="United Kingdom", short=("UK",))
VALVE = Term(
    term="aortic stenosis", short=("AS",), plain="a narrow valve", near=("valve", "murmur")
)
SPINE = Term(term="ankylosing spondylitis", short=("AS",), plain="a stiff spine", near=("spine",))
TERMS = (
    CT, MRI, CKD, KIDNEY, ACE, ACE_INHIBITOR, NSAID, BLOCKER, ANEMIA, LP, GERM, UK, VALVE, SPINE
)  # fmt: skip
GLOSSARY = Glossary(TERMS)
CLINICIAN, TRAINEE, PATIENT = Audience.CLINICIAN, Audience.TRAINEE, Audience.PATIENT


def mentioned(text: str, context: str = "") -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.term.term) for m in GLOSSARY.mentions(text, context)]


def worded(text: str, audience: Audience, explained: set[str] | None = None) -> str:
    return GLOSSARY.worded(text, audience, set() if explained is None else explained)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A CT of the chest.", [("CT", "computed tomography")]),
        ("A CT scan first.", [("CT scan", "computed tomography")]),
        ("Chronic  kidney\ndisease", [("Chronic  kidney\ndisease", "chronic kidney disease")]),
        ("Kidney disease, chronic.", [("Kidney disease", "kidney disease")]),
        ("Give an ACE inhibitor.", [("ACE inhibitor", "ACE blocker")]),
        ("ACE-inhibitors", [("ACE", "angiotensin-converting enzyme")]),
        ("an ace up the sleeve", []),
        ("FACE and ACEs", [("ACEs", "angiotensin-converting enzyme")]),
        (
            "beta blockers, β-blocker",
            [("beta blockers", "beta-blocker"), ("β-blocker", "beta-blocker")],
        ),
        ("Anaemia or anemias", [("Anaemia", "anemia"), ("anemias", "anemia")]),
        ("raised Lp(a).", [("Lp(a)", "lipoprotein(a)")]),
        ("Lipoprotein(a", []),
        ("H. pylori", [("H. pylori", "H. pylori")]),
        ("H; pylori", []),
        ("kidney-disease", [("kidney-disease", "kidney disease")]),
        ("anti-CT", [("CT", "computed tomography")]),
        ("", []),
    ],
)
def test_terms_are_found_whole_and_longest(text: str, expected: list[tuple[str, str]]) -> None:
    assert mentioned(text) == expected


@pytest.mark.parametrize(
    ("text", "context", "meaning"),
    [
        ("AS with a murmur", "", "aortic stenosis"),
        ("AS of the spine", "", "ankylosing spondylitis"),
        ("AS", "Valves of the heart", "aortic stenosis"),
        ("AS, not ankylosing spondylitis", "", "ankylosing spondylitis"),
        ("AS with a stiff spine and a murmur", "", None),
        ("AS is common", "", None),
    ],
)
def test_an_abbreviation_with_several_meanings_is_resolved_by_what_stands_near(
    text: str, context: str, meaning: str | None
) -> None:
    assert mentioned(text, context)[:1] == ([("AS", meaning)] if meaning else [])


def test_an_abbreviation_is_known_with_one_meaning_or_with_several() -> None:
    assert GLOSSARY.knows("CT")
    assert GLOSSARY.knows("AS")
    assert not GLOSSARY.knows("CTA")
    assert not GLOSSARY.knows("--")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CT first?", "CT first? (computed tomography)"),
        ("ACE inhibitor in CKD", "ACE inhibitor in CKD (ACE blocker, chronic kidney disease)"),
        ("Which NSAIDs?", "Which NSAIDs? (nonsteroidal drug)"),
        ("CKD, chronic kidney disease", "CKD, chronic kidney disease"),
        ("β-blockers", "β-blockers (beta-blocker)"),
        ("What helps?", "What helps?"),
    ],
)
def test_a_query_gets_each_other_name_once(query: str, expected: str) -> None:
    assert GLOSSARY.expanded(query) == expected


STATIN = Term(term="statin", members=("simvastatin",), lay=("cholesterol pill",))
INHIBITOR = Term(
    term="enzyme inhibitor", short=("EI",), synonyms=("enzyme blocker",), members=("enalapril",)
)
ENALAPRIL = Term(term="enalapril", aliases=("Vasotec", "Versed"))
SYNDROME = Term(term="reflux", lay=("heartburn", "acid coming up", "Mixtec"))
ANGINA = Term(term="angina", lay=("heartburn", "Mixtec"))
COUGH = Term(term="cough", lay=("blocker cough",))
STEROID = Term(term="steroid", lay=("blocker", "muscle"))
MUSCLE = Term(term="muscle wasting")
DRUGS = (STATIN, INHIBITOR, ENALAPRIL, SYNDROME, ANGINA, COUGH, STEROID, MUSCLE)


@pytest.mark.parametrize(
    ("query", "termed", "widened"),
    [
        ("Simvastatin?", "Simvastatin?", "Simvastatin? (statin)"),
        ("Is a statin, simvastatin, safe?", *["Is a statin, simvastatin, safe?"] * 2),
        ("Enalapril", "Enalapril", "Enalapril (EI)"),
        ("Is Vasotec safe?", "Is enalapril safe?", "Is enalapril safe? (EI)"),
        (
            "Is vasotec safe?",
            *["Is vasotec safe? (enalapril)", "Is vasotec safe? (enalapril) (EI)"],
        ),
        ("Mixtec?", *["Mixtec? (reflux, angina)"] * 2),
        ("Versed in it", "enalapril in it", "enalapril in it (EI)"),
        ("EI", *["EI (enzyme inhibitor, enzyme blocker)"] * 2),
        ("Cholesterol pills", *["Cholesterol pills (statin)"] * 2),
        ("Heartburn", *["Heartburn (reflux, angina)"] * 2),
        ("acid  coming-up", *["acid  coming-up (reflux)"] * 2),
        ("acid, coming up", *["acid, coming up"] * 2),
        ("Enzyme inhibitor", *["Enzyme inhibitor (EI, enzyme blocker)"] * 2),
        ("Enzyme blocker", *["Enzyme blocker (enzyme inhibitor, EI)"] * 2),
        ("Blocker cough", *["Blocker cough"] * 2),
        ("Muscle", *["Muscle (steroid)"] * 2),
        ("Muscle wasting", *["Muscle wasting"] * 2),
        ("What helps?", *["What helps?"] * 2),
    ],
)
def test_a_search_is_widened_by_what_everyday_words_may_mean_and_by_classes_of_drugs(
    query: str, termed: str, widened: str
) -> None:
    glossary = Glossary(DRUGS)
    assert glossary.termed(query) == termed
    assert glossary.widened(query) == widened


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("Is Vasotec safe?", "Enalapril is safe.", "Is enalapril safe?"),
        ("Is Vasotec safe?", "A statin is safe.", "Is Vasotec safe?"),
        ("heartburn and Heartburn", "Reflux burns.", "reflux and reflux"),
        ("heartburn", "Angina is pain.", "angina"),
        ("heartburn", "Angina is pain, reflux burns.", "reflux"),
        ("simvastatin", "A statin is safe.", "simvastatin"),
        ("muscle wasting", "A steroid is safe.", "muscle wasting"),
        ("", "", ""),
    ],
)
def test_everyday_words_are_matched_with_what_a_text_calls_the_thing(
    query: str, text: str, expected: str
) -> None:
    assert Glossary(DRUGS).matched(query, text) == expected


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (CLINICIAN, "NSAIDs harm in CKD and anemia; CKD is common in the UK."),
        (
            TRAINEE,
            "NSAIDs (nonsteroidal drugs) harm in CKD (chronic kidney disease) and anemia; "
            "CKD is common in the UK (United Kingdom).",
        ),
        (
            PATIENT,
            "NSAIDs (nonsteroidal drugs: a painkiller) harm in CKD (chronic kidney disease: "
            "lasting kidney damage) and anemia (too little red pigment); CKD is common in the UK "
            "(United Kingdom).",
        ),
    ],
)
def test_each_audience_is_told_what_it_needs_once(audience: Audience, expected: str) -> None:
    text = "NSAIDs harm in CKD and anemia; CKD is common in the UK."
    assert worded(text, audience) == expected


def test_a_name_in_plain_words_is_not_explained() -> None:
    term = Term(term="hypertension", synonyms=("high blood pressure",), plain="pressure of blood")
    said_itself = term.model_copy(update={"plain": "blood pressure that stays too high"})
    assert Glossary([said_itself]).worded("High blood pressure.", PATIENT, set()) == (
        "High blood pressure."
    )
    assert Glossary([term]).worded("High blood pressure.", PATIENT, set()) == (
        "High blood pressure (pressure of blood)."
    )


def test_what_an_earlier_text_explained_is_not_explained_again() -> None:
    explained: set[str] = set()
    worded("Chronic kidney disease lasts.", PATIENT, explained)
    assert worded("CKD lasts.", PATIENT, explained) == "CKD (chronic kidney disease) lasts."
    assert worded("CKD lasts.", PATIENT, explained) == "CKD lasts."


@pytest.mark.parametrize(
    ("text", "trainee", "patient"),
    [
        (
            "magnetic resonance imaging (MRI), then MRI",
            "magnetic resonance imaging (MRI), then MRI",
            "magnetic resonance imaging (MRI, a scan with magnets), then MRI",
        ),
        (
            "MRI [magnetic resonance imaging]",
            "MRI [magnetic resonance imaging]",
            "MRI [magnetic resonance imaging, a scan with magnets]",
        ),
        (
            "magnet tomography twice (MRI)",
            "magnet tomography twice (MRI)",
            "magnet tomography twice (MRI, a scan with magnets)",
        ),
        (
            "another scan (CT)",
            "another scan (CT, computed tomography)",
            "another scan (CT, computed tomography: a scan in slices)",
        ),
        (
            "CT (without contrast), then CT",
            "CT (without contrast), then CT (computed tomography)",
            "CT (without contrast), then CT (computed tomography: a scan in slices)",
        ),
        (
            "CT-guided biopsy",
            "CT-guided (computed tomography) biopsy",
            "CT-guided (computed tomography: a scan in slices) biopsy",
        ),
        (
            "CT/kidney disease",
            "CT/kidney disease (computed tomography)",
            "CT/kidney disease (computed tomography: a scan in slices) (illness of the kidneys)",
        ),
    ],
)
def test_explanations_fit_into_the_sentence(text: str, trainee: str, patient: str) -> None:
    assert worded(text, TRAINEE) == trainee
    assert worded(text, PATIENT) == patient


@pytest.mark.parametrize(
    ("term", "plural"), [("biopsy", "biopsies"), ("virus", "viruses"), ("toy", "toys")]
)
def test_an_expansion_has_the_number_of_its_abbreviation(term: str, plural: str) -> None:
    glossary = Glossary([Term(term=term, short=("XY",))])
    assert [m.term.term for m in glossary.mentions(f"two {plural}")] == [term]
    assert glossary.worded("XYs and XY", TRAINEE, set()) == f"XYs ({plural}) and XY"


NAMES = st.text(st.sampled_from("ABab ()s-/β'1"), min_size=1, max_size=7).filter(
    lambda name: bool(re.search(r"[^\W_]", name))
)
ANY_TERM = st.builds(
    Term,
    term=NAMES,
    short=st.lists(NAMES, max_size=2).map(tuple),
    synonyms=st.lists(NAMES, max_size=2).map(tuple),
    plain=st.sampled_from([None, "a word", "two words"]),
)


@given(
    st.lists(ANY_TERM, max_size=6),
    st.lists(NAMES, max_size=3).map(tuple),
    st.lists(NAMES, max_size=2).map(tuple),
    st.text(st.sampled_from("ABab ()s-/β'1"), max_size=40),
)
def test_nothing_is_compared_by_drugs_of_a_class_aliases_and_everyday_words(
    terms: list[Term], others: tuple[str, ...], aliases: tuple[str, ...], text: str
) -> None:
    bare = Glossary(terms)
    more = {"members": others, "lay": others, "aliases": aliases}
    glossary = Glossary([t.model_copy(update=more) for t in terms])
    assert glossary.expanded(text) == bare.expanded(text)
    assert glossary.spelled(text) == bare.spelled(text)
    if not aliases:
        assert glossary.widened(text).startswith(bare.expanded(text))
    assert bare.matched(text, text) == text


def is_english(word: str) -> bool:
    return word.casefold() in {"map", "mac", "sofa", "quick", "abs", "aba"}


TYPED = Glossary(
    [
        Term(term="postpartum hemorrhage", short=("PPH",)),
        Term(term="nonsteroidal drug", short=("NSAID",)),
        Term(term="hemoglobin A1c", short=("HbA1c", "A1c", "A1C")),
        Term(term="mean arterial pressure", short=("MAP",), plain="a pressure"),
        Term(term="ACE blocker", short=("ACE inhibitor",)),
        Term(term="heart rate", short=("HR",)),
        Term(term="organ score", short=("quick SOFA", "qSOFA")),
        Term(term="heparin thrombocytopenia", short=("HIT",), plain="a reaction that may hit"),
        Term(term="kidney replacement", short=("KRT", "RRT")),
        Term(term="rapid response", short=("RRS",)),
    ],
    is_english,
)


@pytest.mark.parametrize(
    ("query", "termed"),
    [
        ("pph dose", "PPH dose (postpartum hemorrhage)"),
        ("Pph dose", "PPH dose (postpartum hemorrhage)"),
        ("two nsaids", "two NSAIDs (nonsteroidal drug)"),
        ("NSAIDS", "NSAIDs (nonsteroidal drug)"),
        ("ace inhibitors", "ACE inhibitors (ACE blocker)"),
        ("qsofa", "qSOFA (organ score, quick SOFA)"),
        ("a1c, A1c and A1C", "A1c, A1c and A1C (HbA1c)"),
        ("rrt", "RRT (kidney replacement, KRT)"),
        ("a map, a quick sofa, hit by it", "a map, a quick sofa, hit by it"),
        ("hr 90", "hr 90"),
        ("pphx and xpph", "pphx and xpph"),
        ("", ""),
    ],
)
def test_an_abbreviation_is_searched_for_in_any_case_where_it_spells_no_word(
    query: str, termed: str
) -> None:
    assert TYPED.termed(query) == termed
    assert TYPED.widened(query) == termed


def test_an_abbreviation_typed_in_another_case_counts_in_how_far_a_text_fits() -> None:
    assert TYPED.matched("pph dose", "What a text says.") == "PPH dose"
    assert TYPED.expanded("pph dose") == TYPED.spelled("pph dose") == "pph dose"
    assert not TYPED.mentions("pph dose")
    assert TYPED.worded("pph dose", PATIENT, set()) == "pph dose"


def test_a_query_names_terms_by_all_their_names() -> None:
    glossary = Glossary([*DRUGS, *TERMS, Term(term="x", short=("XYZ",))], is_english)
    named = {(said, term.term) for said, term in glossary.named("Heartburn on Vasotec, AS, xyz")}
    assert named == {
        ("Heartburn", "reflux"),
        ("Heartburn", "angina"),
        ("Vasotec", "enalapril"),
        ("AS", "aortic stenosis"),
        ("AS", "ankylosing spondylitis"),
        ("XYZ", "x"),
    }


@given(
    st.lists(ANY_TERM, max_size=6),
    st.text(st.sampled_from("ABab ()s-/β'1"), max_size=40),
    st.sampled_from(Audience),
)
def test_what_is_typed_in_any_case_is_never_compared_or_explained(
    terms: list[Term], text: str, audience: Audience
) -> None:
    bare, glossary = Glossary(terms), Glossary(terms, is_english)
    assert glossary.mentions(text) == bare.mentions(text)
    assert glossary.expanded(text) == bare.expanded(text)
    assert glossary.spelled(text) == bare.spelled(text)
    assert glossary.segments(text, audience, set()) == bare.segments(text, audience, set())
    written = glossary.matched(text, text)
    assert written.casefold() == text.casefold()
    for before, after in zip(WORD.findall(text), WORD.findall(written), strict=True):
        assert before == after or not is_english(before)
    if not any(len(re.sub(r"[\W_]", "", s)) > 2 for term in terms for s in term.short):
        assert written == text


@given(
    st.lists(ANY_TERM, max_size=6),
    st.one_of(st.text(), st.text(st.sampled_from("ABab ()s-/β'1[]"), max_size=40)),
    st.sampled_from(Audience),
)
def test_wording_only_ever_adds(terms: list[Term], text: str, audience: Audience) -> None:
    segments = Glossary(terms).segments(text, audience, set())
    assert unworded(segments) == text
    assert Glossary(terms).worded(text, audience, set()) == "".join(s.text for s in segments)
    for segment in segments:
        assert not segment.added or re.fullmatch(r" \(.*\)|, .*", segment.text, re.DOTALL)


def test_a_clinician_reads_one_segment() -> None:
    assert GLOSSARY.segments("CT", CLINICIAN, set()) == [Segment("CT")]
    assert GLOSSARY.segments("", PATIENT, set()) == []


def test_a_sentence_of_300_letters_is_worded_within_a_millisecond() -> None:
    text = "Adults with CKD and anaemia need CT, MRI, beta blockers and an ACE inhibitor. " * 4
    seconds = min(
        timeit.repeat(lambda: GLOSSARY.worded(text[:300], PATIENT, set()), number=10, repeat=5)
    )
    assert seconds / 10 < 0.001


def test_terms_that_do_not_clash_are_as_they_should_be() -> None:
    assert list(clashes(TERMS)) == []
    assert list(clashes(DRUGS)) == []


@pytest.mark.parametrize(
    ("terms", "place", "problem"),
    [
        ([CT, Term(term="CT Scans")], (1, "term"), "a name of 'computed tomography' already"),
        (
            [BLOCKER, Term(term="X", synonyms=("Y", "Beta blocker"))],
            (1, "synonyms", 1),
            "'Beta blocker' is a name of 'beta-blocker' already",
        ),
        ([Term(term="a", synonyms=("A",))], (0, "synonyms", 0), "is a name of 'a' already"),
        ([CT, Term(term="cardiothoracic", short=("CT",))], (1, "short", 0), "both need near"),
        (
            [VALVE, Term(term="Angelman syndrome", short=("XY", "AS"))],
            (1, "short", 1),
            "'AS' is short for 'aortic stenosis' too",
        ),
        ([Term(term="x", members=("a", "A"))], (0, "members", 1), "'A' is given twice"),
        ([Term(term="x", members=("a",), lay=("A",))], (0, "lay", 0), "'A' is given twice"),
        (
            [Term(term="x", synonyms=("y",), lay=("Y",))],
            (0, "lay", 0),
            "'Y' is a name of it already",
        ),
        (
            [Term(term="lipid drug", members=("ezetimibe", "statins")), STATIN],
            (0, "members", 1),
            "'statins' is a class itself: give its drugs",
        ),
    ],
)
def test_a_name_given_twice_is_a_clash(
    terms: list[Term], place: tuple[int | str, ...], problem: str
) -> None:
    ((found, said),) = clashes(terms)
    assert found == place
    assert problem in said


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"term": "x", "plain": "word " * 21 + "end"}, "longer than 20 words"),
        ({"term": "x", "plain": "a scan (of the chest)"}, "should match pattern"),
        ({"term": "x", "plain": "A scan."}, "should match pattern"),
        ({"term": "--"}, "should match pattern"),
        ({"term": "x", "near": ["valve"]}, "near without short"),
        ({"term": "x", "meaning": "y"}, "Extra inputs are not permitted"),
    ],
)
def test_a_term_that_cannot_be_used_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Term.model_validate(given)


def test_one_abbreviation_needs_no_list() -> None:
    assert Term.model_validate({"term": "x", "short": "X"}).short == ("X",)
