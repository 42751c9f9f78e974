from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunking import DEFAULT, Rules, chunk
from rag.headings import parts
from rag.sentences import StatementSpan, statements
from rag.types import Chunk, Grade, GradeSystem, Guideline, Kind, Role

LIMIT = 6
SMALL = Rules(max_words=LIMIT)
BODY = """
# Imaging

## Recommendations

- Do ultrasound first.\u00a0Give 5\u00a0µg of the β-agonist at ≥ 3 mmol/L.[^1]
  {ACR: usually appropriate}
  - In infants do it at once.

  A paragraph of the item.

- Then do CT.

## Dosing: in adults

| Drug | Dose |
| --- | --- |
| Metformin | 500 mg |
| Insulin | 0.1 U/kg |

[^1]: Smith 2020.
"""


def guideline(body: str, name: str = "acr/imaging") -> Guideline:
    return Guideline(
        id=name,
        title="Imaging",
        issuer="ACR",
        kind=Kind.GUIDELINE,
        published=2024,
        specialty="radiology",
        path=f"{name}.md",
        body=body,
        digest="d" * 64,
    )


def chunked(body: str, max_words: int = LIMIT) -> list[Chunk]:
    return chunk(guideline(body), Rules(max_words=max_words))


def words(text: str) -> int:
    return len(text.split())


def spans(body: str) -> list[StatementSpan]:
    return [
        span._replace(start=part.start + span.start, end=part.start + span.end)
        for part in parts(body)
        for span in statements(body[part.start : part.end])
    ]


WORDS = (
    "ultrasound HbA1c 7% 0.5 e.g. (first~second) ≥140/90 5\u00a0µg β-agonist K+ Dr. It. [^1] Do "
    "**bold** [a](https://x.org) - A end. end! 2\u2028nd"
)
word = st.sampled_from([word.replace("~", " ") for word in WORDS.split(" ")])
sentence = st.builds(
    lambda listed, end: " ".join(listed) + end,
    st.lists(word, min_size=1, max_size=9),
    st.sampled_from([".", "", "?", "\n  goes on."]),
)
prose = st.lists(sentence, min_size=1, max_size=2).map(" ".join)
grade = st.sampled_from(["", " {ACR: usually appropriate}", "\n  {ESC: Class I, Level A}."])
item = st.builds(
    lambda marker, text, mark: f"{marker} {text}{mark}",
    st.sampled_from(["-", "*", "1.", "12)", "  -", "    1.", "- [x]"]),
    prose,
    grade,
)
items = st.builds(
    lambda listed, gap: gap.join(listed) + "\n\n",
    st.lists(item, max_size=3),
    st.sampled_from("\n ,\n\n".split(",")),
)
row = st.lists(sentence.map(lambda text: text.replace("\n", " ")), min_size=1, max_size=3).map(
    lambda listed: f"| {' | '.join(listed)} |"
)
table = st.builds(
    lambda head, rows: "\n".join([head, "| - | - |", *rows]), row, st.lists(row, max_size=3)
)
paragraph = st.builds(lambda text, mark: f"{text}{mark}\n\n", prose, grade)
heading = st.sampled_from(["# Title", "## Steps", "## Dosing: adults", "### In children", "## Odd"])
bodies = st.builds(
    lambda blocks, gaps: "".join(block + gap for block, gap in zip(blocks, gaps, strict=False)),
    st.lists(st.one_of(paragraph, items, table, heading, prose), max_size=5),
    st.lists(st.sampled_from(["\n\n", "\n", "\n \n", "\n\n\n", "\n\n  "]), min_size=5, max_size=5),
)


def test_every_chunk_stands_under_its_heading_and_has_its_role() -> None:
    chunks = chunked(BODY, 90)
    assert [(c.heading, c.role) for c in chunks] == [
        (("Recommendations",), Role.RECOMMENDATIONS),
        (("Dosing: in adults",), Role.DOSING),
        (("Dosing: in adults",), Role.DOSING),
    ]


def test_characters_of_medicine_survive() -> None:
    text = chunked(BODY, 90)[0].text
    assert text.startswith(
        "- Do ultrasound first.\u00a0Give 5\u00a0µg of the β-agonist at ≥ 3 mmol/L.[^1]"
    )


def test_a_list_whose_items_stand_apart_is_one_chunk_with_all_that_is_nested() -> None:
    text = chunked(BODY, 90)[0].text
    assert "  - In infants do it at once." in text
    assert "  A paragraph of the item." in text
    assert text.endswith("- Then do CT.")


def test_a_footnote_is_kept() -> None:
    assert chunked(BODY, 90)[2].text == "[^1]: Smith 2020."


def test_the_context_is_title_and_headings_and_is_not_in_the_text() -> None:
    first = chunked("## Steps\n\n### In children\n\nDo this.")[0]
    assert first.context == "Imaging\nSteps > In children"
    assert first.indexed_text == "Imaging\nSteps > In children\nDo this."
    assert first.text == "Do this."


def test_a_table_that_goes_on_carries_its_header_in_the_context() -> None:
    rows = "\n".join(f"| Drug number {i} | {i} mg |" for i in range(6))
    first, *others = chunked(f"## Dosing\n\n| Drug | Dose |\n| - | - |\n{rows}\n", 25)
    assert first.text.startswith("| Drug | Dose |\n| - | - |")
    assert others
    for later in others:
        assert later.context == "Imaging\nDosing\n| Drug | Dose |"
        assert len(statements(later.text)) == len(later.text.splitlines())


def test_a_grade_that_all_share_is_the_grade_of_the_chunk() -> None:
    mark = "{ESC: Class I, Level A}"
    shared = Grade(system=GradeSystem.ESC, text="Class I, Level A")
    assert chunked(f"- Do this. {mark}\n- Do that. {mark}", 90)[0].grade == shared
    assert chunked(f"- Do this. {mark}\n- Do that.", 90)[0].grade is None


@pytest.mark.parametrize("body", ["", "\n\n", "# Title", "## Steps\n\n## Dosing\n"])
def test_headings_alone_make_no_chunks(body: str) -> None:
    assert chunked(body) == []


def test_blocks_are_packed_apart() -> None:
    assert [c.text for c in chunked("One.\n\nTwo.\n\n- A\n- B")] == ["One.", "Two.", "- A\n- B"]


def test_items_are_packed_together_up_to_the_limit() -> None:
    body = "\n".join(f"- item {i} has five words" for i in range(5))
    assert [words(c.text) for c in chunked(body, 12)] == [12, 12, 6]


def test_a_sentence_longer_than_the_limit_is_cut_between_words() -> None:
    long = " ".join(f"w{i}" for i in range(30))
    assert [words(c.text) for c in chunked(f"- {long}", 12)] == [13, 12, 6]
    assert " ".join(c.text for c in chunked(long)) == long


def test_a_nested_list_is_cut_between_its_items() -> None:
    nested = "\n".join(f"  - nested item {i} without a full stop" for i in range(4))
    texts = [c.text for c in chunked(f"- Consider all of these\n{nested}\n", 12)]
    assert len(texts) > 1
    assert [line.strip() for text in texts for line in text.splitlines()] == [
        "- Consider all of these",
        *(line.strip() for line in nested.splitlines()),
    ]


def test_a_grade_is_never_cut_off_its_statement() -> None:
    text = " ".join(f"w{i}" for i in range(LIMIT))
    only = chunked(f"- {text}. {{ACR: usually appropriate}}")
    assert [str(c.grade) for c in only] == ["ACR: usually appropriate"]


def test_a_header_is_never_parted_from_the_rule_below_it() -> None:
    above = " ".join(f"w{i}" for i in range(7))
    chunks = chunked(f"{above}\n| Drug | Dose |\n| - | - |\n| Insulin | much |\n", 12)
    assert [plain_statements(c) for c in chunks] == [[above], [], ["| Insulin | much |"]]


def plain_statements(found: Chunk) -> list[str]:
    return [found.text[s.start : s.end] for s in statements(found.text)]


def test_rules_have_a_digest_of_their_own() -> None:
    assert DEFAULT.digest == Rules().digest != SMALL.digest


@given(bodies)
@settings(deadline=None, max_examples=150)
def test_chunks_quote_the_body_in_order_without_overlap(body: str) -> None:
    chunks = chunked(body)
    edges = [edge for c in chunks for edge in (c.start, c.end)]
    assert edges == sorted(edges)
    assert all(body[c.start : c.end] == c.text == c.text.strip() != "" for c in chunks)


@given(bodies)
@settings(deadline=None, max_examples=150)
def test_chunks_hold_all_that_is_no_heading(body: str) -> None:
    held = "".join("".join(c.text.split()) for c in chunked(body))
    assert held == "".join("".join(body[p.start : p.end].split()) for p in parts(body))


@given(bodies)
@settings(deadline=None, max_examples=150)
def test_a_statement_that_fits_is_stated_whole_by_one_chunk(body: str) -> None:
    chunks = chunked(body)
    stated = {(c.start + s.start, c.start + s.end): s for c in chunks for s in statements(c.text)}
    for span in spans(body):
        if words(body[span.start : span.end]) <= LIMIT:
            assert (span.start, span.end) in stated
            assert stated[span.start, span.end].grade in {span.grade, None}
            assert stated[span.start, span.end].table == span.table


@given(bodies)
@settings(deadline=None, max_examples=150)
def test_a_chunk_over_the_limit_is_one_statement_at_most(body: str) -> None:
    for c in chunked(body):
        if words(c.text) > LIMIT:
            assert len(statements(c.text)) <= 1


@given(bodies)
@settings(deadline=None, max_examples=150)
def test_the_same_body_makes_the_same_chunks_with_ids_of_their_own(body: str) -> None:
    chunks = chunked(body)
    assert chunked(body) == chunks
    assert len({c.id for c in chunks}) == len(chunks)
    assert all(0 <= int(c.id, 16) < 2**63 and len(c.id) == 16 for c in chunks)


@given(bodies, bodies, prose)
@settings(deadline=None, max_examples=50)
def test_an_id_changes_only_with_what_it_names(before: str, after: str, edited: str) -> None:
    old = f"## Steps\n\n{before}\n\n## Rationale\n\nSame words.\n"
    new = f"## Steps\n\n{edited}\n\n{after}\n\n## Rationale\n\nSame words.\n"
    assert named(chunked(old)).items() >= {chunked(old)[-1].id: "Same words."}.items()
    both = named(chunked(old)).keys() & named(chunked(new)).keys()
    assert chunked(old)[-1].id in both
    assert all(named(chunked(old))[i] == named(chunked(new))[i] for i in both)


def named(chunks: Sequence[Chunk]) -> dict[str, str]:
    return {c.id: c.text for c in chunks}


def test_an_id_depends_on_guideline_heading_text_and_occurrence() -> None:
    body = "## Steps\n\nSame.\n\nSame.\n\n## Dosing\n\nSame.\n"
    ids = [c.id for name in ("a/b", "a/c") for c in chunk(guideline(body, name))]
    assert len(set(ids)) == 6


def test_moving_a_chunk_keeps_its_id() -> None:
    assert chunked("## Steps\n\nA.\n\nB.")[1].id == chunked("## Steps\n\nNew.\n\nA.\n\nB.")[2].id
