from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.mutating import Change, Said
from eval.mutating.cases import Case, generated, mutated
from eval.mutating.drawing import Drawn, Place, drawn
from eval.mutating.kinds import MUTATORS, SWAPPED
from eval.mutating.names import DISEASES, DRUGS
from eval.mutating.nearness import statements_of
from eval.mutating.passages import Passages, is_weak
from eval.mutating.rewording import Told
from eval.mutating.rewording.abbreviations import defined, long_form
from eval.mutating.rewording.rules import RULES
from eval.records import Misused
from eval.suites import Options
from eval.suites.mutations import FAITHFUL, Paraphrase, by_hand, open_suite, read_paraphrases
from rag.corpus import load
from rag.errors import CorpusError
from rag.settings import Settings
from rag.types import Grade, GradeSystem, Guideline
from tests.fakes import HashEmbedder
from tests.summaries import write_summary

BODY = """## Recommendations

- Give amoxicillin 500 mg orally twice daily for 7 days to adults with acute sinusitis.
- Aspirin should not be given to children younger than 16 years with viral infection.
- Warfarin is recommended over apixaban in patients with a mechanical heart valve.
- A statin may be considered in women aged 40 to 75 years when LDL-C is ≥190 mg/dL.
- Patients with heart failure (HF) and an ejection fraction ≤35% should receive carvedilol.
- Colonoscopy should be repeated every 3 years after removal of more than 2 adenomas.

## Monitoring

- Measure potassium within 4 weeks of the start of spironolactone in HF, because it may rise.
- Blood pressure is checked monthly, and treatment is intensified when it stays above 140/90 mmHg.
"""
GIVE = "Give amoxicillin 500 mg orally twice daily for 7 days to adults with acute sinusitis."
STATIN = "A statin may be considered in women aged 40 to 75 years when LDL-C is ≥190 mg/dL."
WARFARIN = "Warfarin is recommended over apixaban in patients with a mechanical heart valve."

PHRASES = (
    "Give",
    "Do not use",
    "Avoid",
    "should be considered",
    "should not be given",
    "may be offered",
    "is recommended over",
    "rather than",
    "amoxicillin",
    "an ACE inhibitor",
    "warfarin or apixaban",
    "vancomycin",
    "to adults with type 2 diabetes",
    "in children aged 2 to 5 years",
    "in pregnant women",
    "patients with gout who have had a stroke",
    "≥65 years",
    "<7.5%",
    "at least 3 months",
    "below 130/80 mmHg",
    "within 24 hours",
    "0.5 mg/kg intravenously",
    "1,200 mg by mouth twice daily",
    "every 8 hours",
    "for 3 to 6 months",
    "when fever persists",
    "unless it is contraindicated",
    "because it raises mortality",
    "either A or B",
    "and",
    "or",
    ",",
    ".",
    "(",
    "µ",
    "²",
)
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(PHRASES), max_size=12).map(" ".join)
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_summary(tmp_path / "corpus", "acp/mixed", BODY, title="Mixed")
    return tmp_path / "corpus"


@pytest.fixture
def guidelines(corpus: Path) -> tuple[Guideline, ...]:
    return load(corpus).guidelines


@pytest.fixture
def passages(guidelines: tuple[Guideline, ...]) -> Passages:
    return Passages.of(guidelines)


@pytest.mark.parametrize("kind", MUTATORS)
@given(text=TEXTS)
def test_a_change_alters_one_stretch_and_nothing_else(kind: str, text: str) -> None:
    for change in MUTATORS[kind](Said(text, text)):
        made = change.made(text)
        assert 0 <= change.start < change.end <= len(text)
        assert made[1:].startswith(text[1 : change.start])
        assert made.endswith(text[change.end :]) or change.start == 0
        assert change.how


@pytest.mark.parametrize("kind", MUTATORS)
@given(text=TEXTS)
def test_a_mutator_finds_the_same_every_time(kind: str, text: str) -> None:
    said = Said(text, text)
    assert list(MUTATORS[kind](said)) == list(MUTATORS[kind](said))


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("number", "Give 500 mg daily.", "Give 5000 mg daily."),
        ("number", "Give it for 3 to 6 months.", "Give it for 6 to 9 months."),
        ("number", "Aim at 135/85 mmHg.", "Aim at 140/85 mmHg."),
        ("number", "Repeat it after three days.", "Repeat it after four days."),
        ("unit", "Give 500 mg daily.", "Give 500 µg daily."),
        ("unit", "Give 10 mg/kg once.", "Give 10 mg once."),
        ("unit", "Stop after 7 days.", "Stop after 7 weeks."),
        ("comparator", "Treat at ≥140 mmHg.", "Treat at <140 mmHg."),
        ("comparator", "Wait for at least 2 weeks.", "Wait for at most 2 weeks."),
        ("comparator", "Start within 24 hours.", "Start after 24 hours."),
        ("boundary", "Treat at ≥140 mmHg.", "Treat at >140 mmHg."),
        ("boundary", "Treat adults aged 65 years or older.", "Treat adults older than 65 years."),
        ("negation", "It should not be given.", "It should be given."),
        ("negation", "Do not use aspirin.", "Use aspirin."),
        ("negation", "Avoid aspirin in children.", "Use aspirin in children."),
        ("negation", "It is recommended.", "It is not recommended."),
        ("drug", "Start an ARB now.", "Start a β-blocker now."),
        ("disease", "Treat type 2 diabetes.", "Treat type 1 diabetes."),
        ("population", "Give it to pregnant women.", "Give it to women who are not pregnant."),
        ("population", "Treat patients with asthma.", "Treat patients without asthma."),
        ("dropped", "Stop the drug at once when potassium is high.", "Stop the drug at once."),
        ("dropped", "If it is positive, a drug is given.", "A drug is given."),
        ("joined", "Scan people who have fever and pain.", "Scan people who have fever or pain."),
        ("strengthened", "It may be offered.", "It must be offered."),
        ("strengthened", "Consider a scan of the head.", "Always use a scan of the head."),
        ("direction", "It raises the risk.", "It lowers the risk."),
        ("direction", "It should be started.", "It should be stopped."),
        ("route", "Give it by mouth.", "Give it intravenously."),
        ("interval", "Take it twice daily.", "Take it once daily."),
        ("interval", "Take it every 8 hours.", "Take it every 4 hours."),
        ("exchanged", "Use A rather than B in adults.", "Use B rather than A in adults."),
    ],
)
def test_what_a_kind_makes_of_a_statement(kind: str, before: str, after: str) -> None:
    assert after in {change.made(before) for change in MUTATORS[kind](Said(before, before))}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "The ACG 2021 guideline of type 2 diabetes names the CHA2DS2-VASc score."),
        ("number", "An eGFR is given in mL/min/1.73 m²."),
        ("comparator", "Aspirin is given before surgery and after it."),
        ("dropped", "Stop the drug."),
        ("joined", "Weigh benefits and harms."),
        ("drug", "No medicine is named here."),
    ],
)
def test_what_a_kind_leaves_alone(kind: str, text: str) -> None:
    assert not list(MUTATORS[kind](Said(text, text)))


def test_a_condition_that_is_the_topic_is_not_dropped() -> None:
    text = "Patients with migraine should take a rest."
    assert list(MUTATORS["dropped"](Said(text)))
    assert not list(MUTATORS["dropped"](Said(text, topic="Migraine")))


def test_a_change_at_the_beginning_keeps_the_capital() -> None:
    assert Change(0, 9, "", "if … left out").made("If so, a rest is due.") == "Rest is due."


def test_at_least_150_drugs_are_known_and_no_disease_is_one() -> None:
    names = "vancomycin, Rivaroxaban and PPIs"
    assert [match["name"] for match in DRUGS.find(names)] == ["vancomycin", "Rivaroxaban", "PPI"]
    assert not list(DISEASES.find(names))
    assert len({thing for name in ("apixaban", "amoxicillin") for thing in DRUGS.things(name)}) == 2
    assert len(DRUGS) >= 150


@pytest.mark.parametrize("rule", RULES)
@given(text=TEXTS)
def test_a_rewording_is_the_same_every_time_and_never_empty(rule: str, text: str) -> None:
    told = Told(text, {"ACE": "angiotensin-converting enzyme"})
    texts = list(RULES[rule](told))
    assert texts == list(RULES[rule](told))
    assert all(texts)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("spelling", "Anemia and edema are seen.", "Anaemia and oedema are seen."),
        ("drug name", "Give epinephrine at once.", "Give adrenaline at once."),
        ("number word", "Rest for 3 days.", "Rest for three days."),
        ("number word", "Rest for three days.", "Rest for 3 days."),
        ("sign", "Wait for at least 3 days.", "Wait for ≥3 days."),
        ("spoken", "Treat at ≥140 mmHg.", "Treat at at least 140 mmHg."),
        ("limit", "Rest for at least 3 days.", "Rest for not less than 3 days."),
        ("unit", "Give 1 g for 14 days.", "Give 1000 mg for 14 days."),
        ("dash", "Rest for 3 to 6 days.", "Rest for 3–6 days."),
        ("frequency", "Take it twice daily.", "Take it twice a day."),
        ("synonym", "Take it by mouth.", "Take it orally."),
        ("passive", "Give aspirin to adults.", "Aspirin should be given to adults."),
        ("passive", "Do not use aspirin in gout.", "Aspirin should not be used in gout."),
        ("active", "Aspirin should be given to adults.", "Give aspirin to adults."),
        ("impersonal", "Adults should be offered a test.", "A test should be offered to adults."),
        ("equal strength", "Rest is recommended in gout.", "Rest should be used in gout."),
        ("reported", "Rest is due.", "The guidance states that rest is due."),
        ("moved", "If it hurts, rest is due.", "Rest is due if it hurts."),
        ("moved", "Rest is due when a toe hurts.", "When a toe hurts, rest is due."),
        (
            "indication first",
            "Aspirin for gout is given as 1 g once.",
            "For gout, aspirin is given as 1 g once.",
        ),
        (
            "shortened",
            "The dose is halved in adults, because it may harm.",
            "The dose is halved in adults.",
        ),
        ("one unit", "Aim at 7 % (53 mmol/mol) or less.", "Aim at 7 % or less."),
        (
            "attributed",
            "Rest is due in all adults, according to the ACP 2017 guideline.",
            "According to the ACP 2017 guideline, rest is due in all adults.",
        ),
        ("expanded", "An ARB is given.", "An angiotensin receptor blocker is given."),
        (
            "abbreviated",
            "An angiotensin receptor blocker (ARB) is given.",
            "An ARB is given.",
        ),
        ("drugs swapped", "Give warfarin or apixaban.", "Give apixaban or warfarin."),
    ],
)
def test_what_a_rule_makes_of_a_statement(rule: str, before: str, after: str) -> None:
    assert after in list(RULES[rule](Told(before, {"ARB": "angiotensin receptor blocker"})))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("passive", "Give PPIs 30 to 60 minutes before a meal."),
        ("passive", "Start treatment of malaria at once when a test would cause delay."),
        ("passive", "Use a 4-month rather than a 6-month regimen."),
        ("passive", "Treat new patients with tuberculosis with the 6-month regimen."),
        ("active", "NSAIDs worsen heart failure and should be avoided or withdrawn."),
        ("active", "Levothyroxine should be started at a low dose and raised slowly."),
        ("impersonal", "Adults should receive a statin to lower LDL-C by at least 50%."),
        ("equal strength", "Delivery is recommended in preeclampsia."),
        ("reported", "The doses are not in the summary."),
        ("limit", "It lasts for no less than 3 days."),
        ("limit", "It should not be given within 36 hours of the last dose."),
        ("sign", "Wait for not less than 3 days."),
        ("sign", "Transfuse when hemoglobin falls below 7 g/dL."),
        ("spoken", "A statin lowers LDL-C by <30%."),
        ("unit", "A gradient of at least 1.1 g/dL is high."),
        ("unit", "Give it every 12 months."),
        ("unit", "Test the serum 6, 12 and 24 months after treatment."),
        ("unit", "Give it for 10 to 14 days."),
        ("dash", "It was lowered from 40 to 35 years."),
        ("dash", "It was raised from 5 to 10 mg."),
        ("spelling", "A laboratory test for gastroesophageal reflux."),
        ("drug name", "Adrenaline (epinephrine) is given at once."),
        ("synonym", "Pain medicine works best early."),
        ("moved", "Lumbar puncture may be done even when markers are normal."),
        ("moved", "It is given to women when they wish."),
        ("moved", "Metabolites are raised in most children with neuroblastoma and cost little."),
        ("shortened", "Drugs that slow the node, such as verapamil, are harmful in flutter."),
        ("shortened", "Hydration is considered for signs, such as thirst, when drinking fails."),
        (
            "shortened",
            "Check the blood pressure at every visit, because children with asthma vary.",
        ),
        (
            "attributed",
            "Children with cleft palate are not covered, according to the AAP 2013 guideline.",
        ),
    ],
)
def test_a_rule_leaves_alone_what_it_would_break(rule: str, text: str) -> None:
    assert not list(RULES[rule](Told(text, {})))


def test_a_weak_recommendation_is_not_reworded_as_what_should_be_done() -> None:
    for rule in ("passive", "equal strength"):
        assert not list(RULES[rule](Told("Give aspirin to adults.", {}, weak=True)))
    assert is_weak(Grade(system=GradeSystem.GRADE, text="2C"))
    assert is_weak(Grade(system=GradeSystem.ACC_AHA, text="Class 2b"))
    assert not is_weak(Grade(system=GradeSystem.GRADE, text="strong recommendation"))
    assert not is_weak(None)


def test_abbreviations_are_those_that_a_text_defines() -> None:
    body = "Deep vein thrombosis (DVT) of the leg. The sum (AB) and a share (100)."
    assert defined(body) == {"DVT": "Deep vein thrombosis"}
    assert long_form("treatment of venous thromboembolism", "VTE") == "venous thromboembolism"
    assert long_form("nothing of it", "VTE") is None


def test_no_mutation_says_what_another_statement_of_its_passages_says(passages: Passages) -> None:
    cases = [case for case in mutated(passages, 50, seed=0) if case.kind != SWAPPED]
    assert {case.kind for case in cases} == set(MUTATORS)
    for case in cases:
        said = {said for chunk in case.chunks for said in statements_of(chunk)}
        assert case.text not in said
        assert case.original in said


def test_a_swapped_citation_leaves_the_statement_and_cites_a_chunk_without_it(
    passages: Passages,
) -> None:
    swapped = [case for case in mutated(passages, 50, seed=0) if case.kind == SWAPPED]
    assert swapped
    for case in swapped:
        assert case.text == case.original
        assert all(case.text not in statements_of(chunk) for chunk in case.chunks)


def test_cases_are_the_same_for_the_same_seed(passages: Passages) -> None:
    def ids(seed: int) -> list[str]:
        abbreviations = {"acp/mixed": defined(BODY)}
        cases = (*mutated(passages, 3, seed), *generated(passages, abbreviations, 5, seed))
        return [case.id for case in cases]

    assert ids(0) == ids(0) != ids(1)
    assert len(ids(0)) == len(set(ids(0)))


def test_an_edit_elsewhere_leaves_the_draw_as_it_was(passages: Passages) -> None:
    places = passages.places
    items = [Drawn(place, place.text, "how") for place in places]
    first = drawn(items, 3, "salt", lambda _: True)
    without = [item for item in items if item not in first[2:]]
    assert drawn(without, 2, "salt", lambda _: True) == first[:2]


def test_a_draw_takes_no_statement_twice_and_stops_where_nothing_fits(passages: Passages) -> None:
    place = passages.places[0]
    items = [Drawn(place, place.text, f"{n}") for n in range(5)]
    assert len(drawn(items, 5, "salt", lambda _: True)) == 1
    assert drawn(items, 5, "salt", lambda _: False) == []


def test_every_second_text_cites_another_chunk_too(passages: Passages) -> None:
    chunk = passages.places[0].chunk
    lengths = {len(passages.cited(f"text {n}", [chunk])) for n in range(20)}
    assert lengths == {1, 2}


def test_half_of_the_cases_are_for_tuning(passages: Passages) -> None:
    place: Place = passages.places[0]
    cases = [Case("number", "next", GIVE, f"{GIVE} {n}", (place.chunk,)) for n in range(400)]
    dev = sum(case.split == "dev" for case in cases)
    assert 160 < dev < 240
    assert not cases[0].faithful


def test_a_paraphrase_of_two_statements_cites_the_chunks_of_both(passages: Passages) -> None:
    said = Paraphrase(guideline="acp/mixed", quote=GIVE, also=(STATIN,), text="Both in one.")
    (case,) = by_hand(passages, [said])
    stated = {statement for chunk in case.chunks for statement in statements_of(chunk)}
    assert {GIVE, STATIN} <= stated
    assert case.faithful


def test_a_stale_paraphrase_stops_the_run_and_is_named(passages: Passages) -> None:
    said = Paraphrase(guideline="acp/mixed", quote="Nobody says this.", text="Nobody does.")
    with pytest.raises(Misused, match="acp/mixed does not state 'Nobody"):
        list(by_hand(passages, [said]))


def test_a_line_that_is_no_paraphrase_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"guideline": "acp/mixed", "quote": "", "text": "x"}\n', "utf-8")
    with pytest.raises(CorpusError, match="quote"):
        read_paraphrases(path)


def test_the_paraphrases_by_hand_are_many_whole_and_each_its_own() -> None:
    said, digest = read_paraphrases(Path(__file__).parents[2] / FAITHFUL)
    assert len(said) >= 250
    assert len(digest) == 64
    assert len({each.text for each in said}) == len(said)
    assert all(each.text not in (each.quote, *each.also) for each in said)
    assert len({each.guideline for each in said}) > 60


def test_the_suite_measures_what_is_caught_and_what_is_refused(
    corpus: Path, tmp_path: Path
) -> None:
    lines = tmp_path / "faithful.jsonl"
    said = Paraphrase(guideline="acp/mixed", quote=WARFARIN, text=WARFARIN)
    lines.write_text(said.model_dump_json() + "\n", "utf-8")
    settings = Settings(corpus=corpus, indexes=tmp_path / "indexes")
    options = Options(settings, tmp_path / "work", data=lines, embedder=HashEmbedder())
    with open_suite(options) as suite:
        by_kind = {case.kind: suite.measure(case) for case in suite.cases}
    same = by_kind["hand"]
    assert same.scores["refused"] == same.scores["refused/hand"] == 0
    assert same.cluster == "acp/mixed"
    assert same.shown["verdict"] == "supported"
    changed = by_kind["swapped"]
    assert set(changed.scores) == {
        "caught",
        "caught/swapped",
        f"{changed.shown['split']}/caught",
        f"{changed.shown['split']}/caught/swapped",
    }
    assert changed.shown["text"] == changed.shown["original"]
