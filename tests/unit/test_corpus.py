import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.corpus import DISAGREEMENTS, GLOSSARY, Corpus, load, read, superseded
from rag.errors import CorpusError, Fault
from tests.summaries import write_summary

BODY = "\n## Recommendations\n\n- Do ultrasound first. {ACR: usually appropriate}\n"
WHOLE = f"""---
title: Imaging
issuer: Society
kind: guideline
published: 2024-08-30
specialty: radiology
url: https://example.org/imaging
---
{BODY}"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_summary(folder, "acr/good", BODY)
    return folder


def put(folder: Path, text: str | bytes, name: str = "acr/bad.md") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def faults(folder: Path) -> list[str]:
    with pytest.raises(CorpusError) as caught:
        load(folder)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [line.removeprefix(f"{folder}/") for line in str(caught.value).splitlines()]


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_a_whole_file_becomes_a_guideline_named_by_its_path(corpus: Path) -> None:
    put(corpus, WHOLE, "esc/imaging.md")
    found = load(corpus)
    assert [g.id for g in found.guidelines] == ["acr/good", "esc/imaging"]
    imaging = found.guidelines[1]
    assert (imaging.path, imaging.body) == ("esc/imaging.md", BODY)
    assert (imaging.published, imaging.year) == (date(2024, 8, 30), 2024)


def test_front_matter_may_name_the_guideline(corpus: Path) -> None:
    put(corpus, changed("title:", "id: esc/other\ntitle:"), "esc/imaging.md")
    assert [g.id for g in load(corpus).guidelines] == ["acr/good", "esc/other"]


def test_line_ends_and_byte_order_marks_change_no_word(corpus: Path) -> None:
    put(corpus, b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode(), "esc/a.md")
    put(corpus, WHOLE.replace("\n", "\r"), "esc/b.md")
    put(corpus, WHOLE, "esc/c.md")
    _, a, b, c = load(corpus).guidelines
    assert a.body == b.body == c.body
    assert a.digest == b.digest == c.digest


def test_a_file_may_end_at_its_last_heading(corpus: Path) -> None:
    put(corpus, changed(BODY, "## Dosing"))
    assert load(corpus).guidelines[0].body == "## Dosing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (changed("issuer: Society", "\tissuer: Society"), ["3: a tab: YAML is indented with"]),
        (changed("issuer: Society", "issuer: [Society"), ["4: not YAML: "]),
        (changed("issuer: Society", "issuer: \x07"), ["3: a character that YAML does not allow"]),
        (changed("issuer: Society\n", ""), ["2: issuer: missing"]),
        (changed("issuer: Society", "isuer: Society"), ["2: issuer: missing", "3: isuer: no such"]),
        (changed("issuer:", "title: Other\nissuer:"), ["3: title: given twice"]),
        (changed("issuer: Society", "issuer: ''"), ["3: issuer: String should have at least 1"]),
        (changed("kind: guideline", "kind: blog"), ["4: kind: Input should be 'guideline'"]),
        (changed("2024-08-30", "2024-02-30"), ["5: '2024-02-30': day is out of range for month"]),
        (changed("2024-08-30", "2024-13-01"), ["5: '2024-13-01': month must be in 1..12"]),
        (changed("2024-08-30", "last year"), ["5: published: Value error, must be a year or a"]),
        (changed("2024-08-30", "1066"), ["5: published: Value error, must be a year or a date"]),
        (changed("2024-08-30", "true"), ["5: published: Value error, must be a year or a date"]),
        (changed("https://", "javascript://"), ["7: url: String should match pattern"]),
        (changed("url: https://example.org/imaging\n", ""), ["1: neither url nor doi: a reader"]),
        (changed("title:", "id: Not An Id\ntitle:"), ["2: id: String should match pattern"]),
        (changed("url:", "questions:\n  - Why?\n  - 7\nurl:"), ["9: questions: Input should be"]),
        (changed("url:", "questions: &q [*q]\nurl:"), ["7: questions: Input should be a valid"]),
        (changed(WHOLE.split("---\n")[1], ""), ["2: Input should be a valid dictionary"]),
        (WHOLE.removeprefix("---\n"), ["1: no front matter: the file must begin with a block"]),
        ("", ["1: no front matter: the file must begin with a block between two --- lines"]),
        (changed("## Recommendations\n", ""), ["9: no sections: the body needs headings, as ##"]),
        (changed("## Recommendations", "# Imaging"), ["9: no sections: the body needs headings"]),
        (changed("Recommendations", "Summary"), ["10: heading 'Summary' names no role: use Rec"]),
        (changed("\n## Rec", "Read this.\n## Rec"), ["9: text before the first section: put it"]),
        (changed("{ACR: usually", "{ACR: quite"), ["12: 'quite appropriate' is no grade of ACR"]),
        (changed("{ACR:", "{XYZ:"), ["12: no grading system 'XYZ': known are GRADE, ACC/AHA"]),
        (WHOLE.encode().replace(b"first", b"f\xefrst"), ["12: not UTF-8: save the file as UTF-8"]),
    ],
)
def test_a_fault_is_told_with_its_line(
    corpus: Path, text: str | bytes, expected: list[str]
) -> None:
    put(corpus, text)
    found = faults(corpus)
    assert len(found) == len(expected)
    for line, beginning in zip(found, expected, strict=True):
        assert line.startswith(f"acr/bad.md:{beginning}")


def test_headings_below_a_section_need_no_role(corpus: Path) -> None:
    put(corpus, changed("- Do", "### In children\n\n- Do"))
    assert load(corpus).guidelines[0].id == "acr/bad"


def test_every_fault_of_every_file_is_told_at_once(corpus: Path) -> None:
    put(corpus, changed("kind: guideline", "kind: blog").replace("ACR: usually", "ACR: quite"))
    put(corpus, changed("## Rec", "Text.\n## Rec").replace("- Do", "## Odd\n\n- Do"), "b/two.md")
    put(corpus, changed("2024-08-30", "2023-02-29").replace("issuer", "\u00efssuer"), "c/three.md")
    write_summary(corpus, "d/four", BODY, more="supersedes: [d/gone]\n")
    (corpus / DISAGREEMENTS).write_text("- point: P\n", "utf-8")
    assert [line.split(": ")[0] for line in faults(corpus)] == [
        "acr/bad.md:4",
        "acr/bad.md:12",
        "b/two.md:9",
        "b/two.md:13",
        "c/three.md:5",
        "d/four.md:9",
        "disagreements.yaml:1",
    ]


def test_two_files_cannot_have_one_id(corpus: Path) -> None:
    put(corpus, changed("title:", "id: acr/good\ntitle:"), "esc/b.md")
    assert faults(corpus) == ["esc/b.md:1: id acr/good is that of acr/good.md too"]


def test_a_link_out_of_the_corpus_is_not_followed(corpus: Path, tmp_path: Path) -> None:
    put(tmp_path, WHOLE, "elsewhere.md")
    (corpus / "acr" / "link.md").symlink_to(tmp_path / "elsewhere.md")
    assert faults(corpus) == ["acr/link.md:1: a link that leaves the corpus: copy the file in"]


def test_what_is_no_file_to_read_is_told(corpus: Path) -> None:
    (corpus / "acr" / "folder.md").mkdir()
    (corpus / "acr" / "gone.md").symlink_to("nowhere.md")
    (corpus / "acr" / "self.md").symlink_to("self.md")
    os.mkfifo(corpus / "acr" / "pipe.md")
    (corpus / "glossary.yaml").symlink_to("nowhere.yaml")
    told = faults(corpus)
    assert [fault.split(":")[0] for fault in told] == [
        "acr/folder.md",
        "acr/gone.md",
        "acr/pipe.md",
        "acr/self.md",
        "glossary.yaml",
    ]
    assert "acr/pipe.md:1: no file: a summary is a text file" in told
    assert "acr/gone.md:1: cannot be read: No such file or directory" in told


def test_a_link_within_the_corpus_is_read(corpus: Path) -> None:
    put(corpus, WHOLE, "esc/imaging.md")
    (corpus / "acr" / "link.md").symlink_to(corpus / "esc" / "imaging.md")
    assert [g.id for g in load(corpus).guidelines] == ["acr/good", "acr/link", "esc/imaging"]


def test_a_folder_without_summaries_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r":1: no summaries here: expected <issuer>/<slug>.md"):
        load(tmp_path)


def test_what_supersedes_must_name_a_guideline_that_is_there(corpus: Path) -> None:
    write_summary(corpus, "esc/new", BODY, more="supersedes:\n  - acr/good\n  - esc/old\n")
    assert faults(corpus) == ["esc/new.md:11: supersedes: there is no guideline esc/old"]


def test_guidelines_cannot_supersede_each_other_in_a_circle(corpus: Path) -> None:
    for name, old in (("a", "c"), ("b", "a"), ("c", "b"), ("d", "a")):
        write_summary(corpus, f"esc/{name}", BODY, more=f"supersedes: [esc/{old}]\n")
    assert faults(corpus) == [
        "esc/a.md:9: supersedes: esc/c supersedes this one in turn",
        "esc/b.md:9: supersedes: esc/a supersedes this one in turn",
        "esc/c.md:9: supersedes: esc/b supersedes this one in turn",
    ]


def test_superseded_are_those_that_another_replaces(corpus: Path) -> None:
    write_summary(corpus, "acr/new", BODY, more="supersedes: [acr/good]\n")
    assert superseded(load(corpus).guidelines) == {"acr/good"}


SIDES = """
- point: What comes first
  sides:
    - guideline: acr/good
      quote: Do ultrasound first.
    - guideline: {other}
      quote: {quote}
"""


def differing(corpus: Path, other: str, quote: str) -> Callable[[], Corpus]:
    write_summary(corpus, "esc/old", "\n## Steps\n\n1. Do CT first.\n")
    write_summary(corpus, "esc/new", BODY, more="supersedes: [esc/old]\n")
    write_summary(corpus, "siop/ct", "\n## Steps\n\n1. Do CT first.\n")
    (corpus / DISAGREEMENTS).write_text(SIDES.format(other=other, quote=quote), "utf-8")
    return lambda: load(corpus)


def test_a_disagreement_quotes_both_sides(corpus: Path) -> None:
    entry = differing(corpus, "siop/ct", "Do CT first.")().differing[0]
    assert entry.point == "What comes first"
    assert [side.guideline for side in entry.sides] == ["acr/good", "siop/ct"]


@pytest.mark.parametrize(
    ("other", "quote", "expected"),
    [
        ("siop/ct", "Do MRI first.", "7: What comes first: siop/ct does not say 'Do MRI first.'"),
        (
            "siop/ct",
            "CT first.",
            "7: What comes first: 'CT first.' is no whole statement of siop/ct",
        ),
        ("siop/gone", "Do CT first.", "6: What comes first: there is no guideline siop/gone"),
        ("esc/old", "Do CT first.", "6: What comes first: esc/old is superseded"),
        ("siop/ct", "''", "7: sides: quote: String should have at least 1 character, not ''"),
    ],
)
def test_a_side_that_nobody_takes_is_refused(
    corpus: Path, other: str, quote: str, expected: str
) -> None:
    differing(corpus, other, quote)
    assert f"disagreements.yaml:{expected}" in faults(corpus)


def test_disagreements_that_are_not_utf_8_are_refused(corpus: Path) -> None:
    (corpus / DISAGREEMENTS).write_bytes(b"- point: A\n  sides: \xff\n")
    assert faults(corpus) == ["disagreements.yaml:2: not UTF-8: save the file as UTF-8"]


def test_a_key_that_an_entry_has_twice_is_told(corpus: Path) -> None:
    (corpus / DISAGREEMENTS).write_text("- point: A\n  sides: []\n  point: B\n", "utf-8")
    assert faults(corpus) == ["disagreements.yaml:3: point: given twice"]


TERMS = """- term: computed tomography
  short: CT
  synonyms: [CT scan]
  plain: a scan that makes pictures in slices
- term: magnetic resonance imaging
  short: [MRI]
"""


def test_the_glossary_is_read_with_the_corpus(corpus: Path) -> None:
    assert load(corpus).glossary == ()
    put(corpus, TERMS, GLOSSARY)
    first, second = load(corpus).glossary
    assert list(first.names) == ["computed tomography", "CT", "CT scan"]
    assert first.plain == "a scan that makes pictures in slices"
    assert (second.short, second.plain) == (("MRI",), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TERMS.replace("plain", "meaning"), "4: meaning: no such key"),
        (TERMS.replace("  short: CT\n", "  short: CT\n  short: CT\n"), "3: short: given twice"),
        (TERMS.replace("slices", "slices."), "4: plain: String should match pattern"),
        (TERMS.replace("scan that", f"scan that {'very ' * 14}"), "4: plain: Value error, longer"),
        (TERMS.replace("short: CT", "near: chest"), "2: near: Input should be a valid tuple"),
        (TERMS.replace("[MRI]", "NO"), "6: short: Input should be a valid tuple, not False"),
        (TERMS.replace("magnetic resonance imaging", "CT-Scans"), "5: 'CT-Scans' is a name of"),
        (TERMS.replace("[MRI]", "CT"), "6: 'CT' is short for 'computed tomography' too"),
        (f"{TERMS}  lay: [tube scan, tube scans]\n", "7: 'tube scans' is given twice"),
    ],
)
def test_a_fault_of_the_glossary_is_told_with_its_line(
    corpus: Path, text: str, expected: str
) -> None:
    put(corpus, text, GLOSSARY)
    (found,) = faults(corpus)
    assert found.startswith(f"glossary.yaml:{expected}")


def test_what_can_be_read_is_read_beside_what_cannot(corpus: Path) -> None:
    put(corpus, "no front matter")
    put(corpus, "- term: x\n  short: [XY]\n  plan: y\n", GLOSSARY)
    found, told = read(corpus)
    assert [guideline.id for guideline in found.guidelines] == ["acr/good"]
    assert [fault.line for fault in told] == [1, 3]


def test_an_empty_list_of_disagreements_is_none(corpus: Path) -> None:
    (corpus / DISAGREEMENTS).write_text("[]\n", "utf-8")
    assert load(corpus).differing == ()


def test_the_digest_is_of_the_glossary_too(corpus: Path) -> None:
    before = load(corpus).digest
    put(corpus, TERMS, GLOSSARY)
    assert load(corpus).digest != before


def test_the_digest_is_of_every_word_and_of_nothing_else(corpus: Path) -> None:
    before = load(corpus).digest
    assert load(corpus).digest == before
    (corpus / "acr" / "notes.txt").write_text("Not a summary.", "utf-8")
    assert load(corpus).digest == before
    put(corpus, changed("first", "second"))
    after = load(corpus).digest
    assert after != before
    (corpus / "acr" / "bad.md").rename(corpus / "acr" / "other.md")
    assert load(corpus).digest not in {before, after}


any_text = st.text(st.characters(codec="utf-8"), max_size=40)


@given(
    st.one_of(st.binary(max_size=60), any_text),
    st.sampled_from(["{}", "---\n{}\n---\n", WHOLE.replace("Society", "{}", 1), WHOLE + "\n{}"]),
)
@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_file_is_read_or_refused_with_lines_it_has(
    tmp_path: Path, text: str | bytes, around: str
) -> None:
    part = text if isinstance(text, bytes) else text.encode()
    data = part.join(piece.encode() for piece in around.replace("{ACR:", "(ACR:").split("{}"))
    put(tmp_path, data)
    lines = len(data.decode("utf-8", "replace").splitlines()) + 1
    found = faults_or_none(tmp_path)
    assert all(1 <= fault.line <= lines for fault in found)


def faults_or_none(folder: Path) -> tuple[Fault, ...]:
    try:
        assert load(folder).guidelines[0].id == "acr/bad"
    except CorpusError as error:
        return error.faults
    return ()
