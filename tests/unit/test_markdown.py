from rag.api.markdown import body, html
from rag.chunking import Rules, chunk
from tests.unit.test_chunking import guideline

BODY = """# Title

Opening words.

## Recommendations: first

- Give oxygen. {GRADE: 1B}
- Call for help.

## Recommendations: first

A paragraph that is long enough to be cut into several chunks, since it goes on. And it goes on.

| Drug | Dose |
| --- | --- |
| Adrenaline | 1 mg |

    code
"""


def test_every_chunk_has_an_anchor_even_in_the_middle_of_a_paragraph() -> None:
    chunks = chunk(guideline(BODY), Rules(max_words=8))
    shown = body(BODY, tuple(chunks)).html
    assert len(chunks) > 4
    for each in chunks:
        assert shown.count(f'id="p-{each.id}"') == 1


def test_the_title_is_left_to_the_page() -> None:
    shown = body(BODY, ()).html
    assert "Title" not in shown
    assert "<h1" not in body("Text.\n\n# Late title\n", ()).html


def test_headings_are_contents_with_ids_of_their_own() -> None:
    assert [(entry.id, entry.text) for entry in body(BODY, ()).contents] == [
        ("h-recommendations-first", "Recommendations: first"),
        ("h-recommendations-first-2", "Recommendations: first"),
    ]
    assert body("## 腹部\n", ()).contents[0].id == "h-section"


def test_a_grade_is_a_badge() -> None:
    assert '<span class="grade">GRADE: 1B</span>' in body(BODY, ()).html


def test_markup_stays_text() -> None:
    for shown in (body("<b>x</b> {ESC: <i>}", ()).html, html("<b>x</b>")):
        assert "<b>" not in shown
        assert "<i>" not in shown
