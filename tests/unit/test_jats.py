import importlib
import re
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from rag.chunking import chunk
from rag.corpus import load
from rag.errors import CorpusError, MissingExtra
from rag.importing.jats import import_jats
from rag.sentences import cells, statements
from rag.types import Guideline, Kind, Role

META = """<front><journal-meta><journal-title>Journal of Trials</journal-title></journal-meta>
<article-meta>
  <article-id pub-id-type="pmc">123</article-id>
  <article-id pub-id-type="doi">10.1000/abc</article-id>
  <title-group><article-title>A trial of <italic>drug</italic> A</article-title></title-group>
  <pub-date pub-type="pmc-release"><year>2001</year></pub-date>
  <pub-date pub-type="epub"><year>2012</year></pub-date>
  <pub-date pub-type="ppub"><year>2013</year></pub-date>
  <permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"/></permissions>
  {abstract}
</article-meta></front>"""
ARTICLE = (
    '<article xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:mml="http://www.w3.org/1998/Math/MathML">{meta}<body>{body}</body>{back}</article>'
)
ENTITIES = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "JATS.dtd" [{}]>'


def article(body: str = "<p>Text.</p>", abstract: str = "", back: str = "") -> str:
    return ARTICLE.format(meta=META.format(abstract=abstract), body=body, back=back)


def written(path: Path, xml: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(xml, encoding="utf-8")
    return path


def imported(folder: Path, xml: str) -> Guideline:
    assert import_jats(written(folder / "source" / "a.xml", xml), folder / "corpus") == 1
    (guideline,) = load(folder / "corpus").guidelines
    return guideline


def body_of(folder: Path, body: str) -> str:
    """What a section makes, without its heading."""
    text = imported(folder, article(f"<sec><title>S</title>{body}</sec>")).body
    return text.partition("## Rationale: S\n\n")[2].strip()


def faults_of(folder: Path, xml: str) -> str:
    path = written(folder / "source" / "a.xml", xml)
    with pytest.raises(CorpusError) as raised:
        import_jats(path, folder / "corpus")
    assert {fault.path for fault in raised.value.faults} == {str(path)}
    assert not (folder / "corpus").exists()
    return str(raised.value)


def table(rows: str, head: str = "") -> str:
    return f"<table-wrap><table><thead>{head}</thead><tbody>{rows}</tbody></table></table-wrap>"


def row(*texts: str) -> str:
    return f"<tr>{''.join(f'<td>{text}</td>' for text in texts)}</tr>"


def test_the_front_of_an_article_is_that_of_its_summary(tmp_path: Path) -> None:
    found = imported(tmp_path, article())
    assert found.id == "jats/pmc123"
    assert (found.title, found.issuer) == ("A trial of drug A", "Journal of Trials")
    assert (found.kind, found.published) == (Kind.RESEARCH, 2012)
    assert found.doi == "10.1000/abc"
    assert found.url == "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/"
    assert found.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_sections_keep_their_titles_and_are_all_rationale(tmp_path: Path) -> None:
    xml = article(
        "<p>Before.</p><sec><title>Methods:</title><p>How.</p><sec><title>Patients</title>"
        "<p>Who.</p><sec><title>Age</title><p>Adults.</p></sec></sec></sec>",
        abstract="<abstract><sec><title>Aim</title><p>Why.</p></sec></abstract>",
        back="<back><ack><p>Thanks.</p></ack><ref-list><ref>Old work.</ref></ref-list>"
        "<app-group><app><p>More.</p></app></app-group></back>",
    )
    chunks = chunk(imported(tmp_path, xml))
    assert [(c.heading, c.text) for c in chunks] == [
        (("Rationale: Abstract", "Aim"), "Why."),
        (("Rationale",), "Before."),
        (("Rationale: Methods",), "How."),
        (("Rationale: Methods", "Patients"), "Who."),
        (("Rationale: Methods", "Patients - Age"), "Adults."),
        (("Rationale: Appendix",), "More."),
    ]
    assert {c.role for c in chunks} == {Role.RATIONALE}


def test_a_section_is_headed_once_however_many_stand_in_it(tmp_path: Path) -> None:
    inner = "<sec><title>A</title><p>1</p></sec><sec><title>B</title><p>2</p></sec>"
    assert body_of(tmp_path, inner) == "### A\n\n1\n\n### B\n\n2"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("40 × 10<sup>9</sup>/L", "40 × 10^9/L"),
        ("Cl<sup>-</sup> and Ca<sup>2+</sup>", "Cl^- and Ca^2+"),
        ("CO<sub>2</sub>", "CO2"),
        ("the 2<sup>nd</sup> dose of X<sup>®</sup>", "the 2nd dose of X®"),
        ("It works.<sup><xref ref-type='bibr'>1</xref></sup> So", "It works.[1] So"),
        ("It works.<xref ref-type='bibr'><sup>1,3–5</sup></xref> So", "It works.[1][3–5] So"),
        ("seen [<xref ref-type='bibr'>7</xref>] in <xref ref-type='fig'>Figure 2</xref>",
         "seen [7] in Figure 2"),
        ("a<!-- not this --> <?nor this?>b", "a b"),
        ("a<break/>b\n   c", "a b c"),
        ("see <ext-link xlink:href='https://x.org'/>", "see https://x.org"),
        ("seen<fn><p>Once.</p></fn> here", "seen (Once.) here"),
        ("{GRADE: 1A} \\", r"\{GRADE: 1A\} \\"),
        ("1. is <italic>no</italic> list", r"1\. is no list"),
    ],
)  # fmt: skip
def test_a_sentence_reads_as_it_is_printed(tmp_path: Path, xml: str, expected: str) -> None:
    assert body_of(tmp_path, f"<p>{xml}</p>") == expected


@pytest.mark.parametrize(
    ("mathml", "expected"),
    [
        ("<mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup>", "x^2"),
        ("<mml:msub><mml:mi>x</mml:mi><mml:mi>i</mml:mi></mml:msub>", "x_i"),
        ("<mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>0.05</mml:mn>", r"p &lt; 0.05"),
        ("<mml:mover><mml:mi>x</mml:mi><mml:mo>¯</mml:mo></mml:mover>", "x¯"),
        ("<mml:mfrac><mml:mrow><mml:mi>a</mml:mi><mml:mo>+</mml:mo><mml:mi>b</mml:mi></mml:mrow>"
         "<mml:mn>2</mml:mn></mml:mfrac>", "(a+b)/2"),
        ("<mml:munderover><mml:mo>∑</mml:mo><mml:mi>i</mml:mi><mml:mi>n</mml:mi></mml:munderover>",
         "∑_i^n"),
        ("<mml:msqrt><mml:mi>x</mml:mi></mml:msqrt>", "√(x)"),
        ("<mml:mfenced><mml:mi>x</mml:mi><mml:mi>y</mml:mi></mml:mfenced>", "(x, y)"),
        ("<mml:mtable><mml:mtr><mml:mtd>1</mml:mtd><mml:mtd>2</mml:mtd></mml:mtr>"
         "<mml:mtr><mml:mtd>3</mml:mtd></mml:mtr></mml:mtable>", "1 2; 3"),
        ("<mml:semantics><mml:mi>x</mml:mi><mml:annotation>x^1</mml:annotation></mml:semantics>",
         "x"),
        ("<mml:mtext>if</mml:mtext><mml:mspace/><mml:mi>x</mml:mi>", "if x"),
        ("<mml:mfrac><mml:mi>x</mml:mi></mml:mfrac>", "x"),
    ],
)  # fmt: skip
def test_a_formula_is_plain_text(tmp_path: Path, mathml: str, expected: str) -> None:
    formula = f"<inline-formula><mml:math>{mathml}</mml:math></inline-formula>"
    text = body_of(tmp_path, f"<p>Here {formula}.</p>")
    assert text == f"Here {expected.replace('&lt;', '<')}."


def test_a_formula_in_tex_keeps_its_source(tmp_path: Path) -> None:
    tex = r"\documentclass{x}\begin{document}$$a = b$$\end{document}"
    formula = f"<disp-formula><label>(1)</label><tex-math>{tex}</tex-math></disp-formula>"
    assert body_of(tmp_path, f"<p>Where{formula}holds.</p>") == "Where a = b (1) holds."


def test_a_formula_that_is_a_picture_alone_is_said_to_be_there(tmp_path: Path) -> None:
    formula = "<inline-formula><inline-graphic/></inline-formula>"
    assert body_of(tmp_path, f"<p>At {formula} it ends.</p>") == "At [formula] it ends."


def test_a_list_within_a_paragraph_parts_it(tmp_path: Path) -> None:
    items = "<list-item><p>One # 1</p></list-item><list-item><p>- two</p></list-item>"
    text = body_of(tmp_path, f"<p>Before:<list>{items}</list> after.</p>")
    assert text == "Before:\n\n- One # 1\n- \\- two\n\nafter."


def test_an_ordered_list_is_numbered_and_inner_lists_lie_flat(tmp_path: Path) -> None:
    text = body_of(
        tmp_path,
        "<list list-type='order'><title>Steps</title><list-item><label>1.</label><p>Ask.</p>"
        "<list list-type='bullet'><list-item><p>Age</p></list-item></list></list-item>"
        "<list-item><p>Treat.</p></list-item></list>",
    )
    assert text == "Steps\n\n1. Ask.\n2. Age\n3. Treat."


def test_a_list_keeps_its_own_labels_and_a_table_in_it_follows(tmp_path: Path) -> None:
    inner = table(row("Drug", "Dose") + row("A", "1 mg"))
    text = body_of(
        tmp_path, f"<list><list-item><label>a)</label><p>Ask.</p>{inner}</list-item></list>"
    )
    assert text == "- a) Ask.\n\n| Drug | Dose |\n|---|---|\n| A | 1 mg |"


def test_terms_stand_beside_what_they_mean(tmp_path: Path) -> None:
    item = "<def-item><term>CI</term><def><p>confidence interval</p></def></def-item>"
    text = body_of(tmp_path, f"<def-list><title>Terms</title>{item}</def-list>")
    assert text == "Terms\n\n- CI: confidence interval"


def test_a_table_has_its_caption_before_it_and_its_notes_after(tmp_path: Path) -> None:
    text = body_of(
        tmp_path,
        "<table-wrap><label>Table 1.</label><caption><title>Doses</title><p>Daily.</p></caption>"
        f"<alternatives><graphic/><table>{row('Drug', 'Dose')}{row('A | B', '1 mg')}</table>"
        "</alternatives><table-wrap-foot><fn><label>*</label><p>By mouth.</p></fn>"
        "</table-wrap-foot></table-wrap>",
    )
    assert text == (
        "Table 1: Doses\n\nDaily.\n\n| Drug | Dose |\n|---|---|\n| A \\| B | 1 mg |\n\n"
        "\\* By mouth."
    )


def test_spans_are_repeated_where_they_reach_and_header_rows_become_one(tmp_path: Path) -> None:
    head = (
        "<tr><th rowspan='2'>Arm</th><th colspan='2'>Deaths</th></tr><tr><th>n</th><th>%</th></tr>"
    )
    rows = (
        "<tr><td colspan='3'>Adults</td></tr><tr><td rowspan='2'>A</td><td>1</td><td>2</td></tr>"
        "<tr><td>3</td></tr><tr><td><hr/></td><td>-</td><td/></tr>"
    )
    assert body_of(tmp_path, table(rows, head)).splitlines() == [
        "| Arm | Deaths - n | Deaths - % |",
        "|---|---|---|",
        "| Adults |  |  |",
        "| A | 1 | 2 |",
        "| A | 3 |  |",
    ]


def test_a_table_of_one_column_is_paragraphs_and_of_one_row_has_no_header(tmp_path: Path) -> None:
    assert body_of(tmp_path, table(row("Key points") + row("Ask."))) == "Key points\n\nAsk."
    assert body_of(tmp_path, table(row("A", "1"))) == "|  |  |\n|---|---|\n| A | 1 |"
    assert body_of(tmp_path, "<table-wrap><table><p>No rows.</p></table></table-wrap>") == (
        "No rows."
    )


def test_a_first_row_of_figures_is_no_header(tmp_path: Path) -> None:
    text = body_of(tmp_path, table(row("Age", "56 years") + row("Sex", "9 men")))
    assert text == "|  |  |\n|---|---|\n| Age | 56 years |\n| Sex | 9 men |"


def test_every_row_of_a_table_is_a_statement(tmp_path: Path) -> None:
    text = body_of(tmp_path, table(row("Drug", "Dose") + row("A", "1 mg") + row("B", "{2} mg")))
    rows = [text[span.start : span.end] for span in statements(text)]
    assert [cells(line) for line in rows] == [["A", "1 mg"], ["B", "{2} mg"]]


def test_figures_and_boxes_and_files_beside_the_article_keep_their_words(tmp_path: Path) -> None:
    text = body_of(
        tmp_path,
        "<fig><label>Figure 1</label><caption><p>Flow.</p></caption><graphic/></fig>"
        "<fig><label>Figure 2</label><graphic/></fig>"
        "<boxed-text><label>Box</label><sec><title>Key points</title><p>Ask.</p></sec></boxed-text>"
        "<supplementary-material><label>File S1</label><caption><title>Protocol.</title>"
        "<p>(DOCX)</p></caption></supplementary-material>",
    )
    assert text.split("\n\n") == [
        "Figure 1: Flow.",
        "Key points",
        "Ask.",
        "File S1: Protocol. (DOCX)",
    ]


def test_tables_that_float_come_last(tmp_path: Path) -> None:
    floats = f"<floats-group>{table(row('Arm', 'n') + row('B', '2'))}</floats-group>"
    found = imported(tmp_path, article(back=floats))
    assert "## Rationale: Figures and tables\n\n| Arm | n |" in found.body


def test_namespaces_and_a_wrapper_of_several_articles_are_tolerated(tmp_path: Path) -> None:
    second = article().replace(">123<", ">124<").replace("<article ", '<article xmlns="urn:x" ')
    source = written(tmp_path / "set.xml", f"<pmc-articleset>{article()}{second}</pmc-articleset>")
    assert import_jats(source, tmp_path / "corpus") == 2


def test_a_folder_is_searched_for_xml_and_the_ids_name_the_files(tmp_path: Path) -> None:
    other = article().replace('<article-id pub-id-type="pmc">123</article-id>', "")
    written(tmp_path / "in" / "deep" / "a.nxml", article())
    written(tmp_path / "in" / "b.XML", other)
    written(tmp_path / "in" / "c.txt", "no article")
    assert import_jats(tmp_path / "in", tmp_path / "corpus") == 2
    names = sorted(path.name for path in (tmp_path / "corpus" / "jats").iterdir())
    assert names == ["10-1000-abc.md", "pmc123.md"]


def test_an_article_without_pmcid_and_doi_is_found_by_its_pmid(tmp_path: Path) -> None:
    xml = article().replace('"pmc"', '"pmid"').replace(">10.1000/abc<", ">none<")
    assert imported(tmp_path, xml).url == "https://pubmed.ncbi.nlm.nih.gov/123/"


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        ("<html><article><p>News.</p></article></html>", "a.xml:1: expected a JATS article: an "
         "<article> whose <front> has <article-meta>, found <html>"),
        ("\n\n<article>", "a.xml:3: expected a JATS article"),
        ("", "its XML cannot be read"),
        (article().replace("journal-title", "x"), "no journal: expected <journal-title>"),
        (article().replace("<year>20", "<year>"), "no year: expected <pub-date> with a <year>"),
        (article().replace("<article-id", "<x").replace("</article-id", "</x"), "no PMCID, DOI"),
        (article(table(row("a") + "<tr><td colspan='9999'>b</td></tr>")), "more than 256 columns"),
        (article(table("<tr><td rowspan='9999'>b</td></tr>" * 300)), "more than 256 columns"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_named_with_what_was_expected(
    tmp_path: Path, xml: str, problem: str
) -> None:
    assert problem in faults_of(tmp_path, xml)


def test_every_file_at_fault_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in"
    written(source / "a.xml", article())
    written(source / "b.xml", article())
    written(source / "c.xml", "<nlm/>")
    with pytest.raises(CorpusError) as raised:
        import_jats(source, tmp_path / "corpus")
    assert [Path(fault.path).name for fault in raised.value.faults] == ["b.xml", "c.xml"]
    assert "pmc123: met before" in str(raised.value)
    assert not (tmp_path / "corpus").exists()


def test_a_source_that_is_not_there_or_holds_no_article_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.xml:1: cannot be read: No such file"):
        import_jats(tmp_path / "none.xml", tmp_path / "corpus")
    with pytest.raises(CorpusError, match=r"no articles here: expected \.xml or \.nxml files"):
        import_jats(tmp_path, tmp_path / "corpus")


def test_characters_named_by_the_standard_sets_are_spelled_out(tmp_path: Path) -> None:
    xml = ENTITIES.format("") + article("<p>&beta;&ndash;blockers &amp; &#945;</p>")
    assert "β–blockers & α" in imported(tmp_path, xml).body


def test_an_entity_that_a_file_declares_is_not_expanded(tmp_path: Path) -> None:
    xml = ENTITIES.format('<!ENTITY own "ha">') + article("<p>&own;</p>")
    assert "the entity &own; is not expanded: write what it stands for" in faults_of(tmp_path, xml)


@pytest.mark.parametrize("place", ["<p>&l11;</p>", "<p><ext-link xlink:href='&l11;'/></p>"])
def test_entities_that_multiply_are_refused(tmp_path: Path, place: str) -> None:
    tenfold = (f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    laughs = ENTITIES.format('<!ENTITY l0 "ha">' + "".join(tenfold))
    assert "amplification factor exceeded" in faults_of(tmp_path, laughs + article(place))


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY secret SYSTEM "{}">',
        '<!ENTITY % outer SYSTEM "{}"> %outer; <!ENTITY secret "x">',
    ],
)
def test_an_external_entity_is_never_read(tmp_path: Path, declared: str) -> None:
    secret = written(tmp_path / "secret.txt", "the password")
    xml = ENTITIES.format(declared.format(secret.as_uri())) + article("<p>&secret;</p>")
    told = faults_of(tmp_path, xml)
    assert "the entity &secret; is not expanded" in told
    assert "password" not in told


def test_a_document_type_that_cannot_be_had_is_no_matter(tmp_path: Path) -> None:
    xml = '<!DOCTYPE article SYSTEM "http://192.0.2.1/none.dtd">' + article()
    assert "Text." in imported(tmp_path, xml).body


@pytest.mark.parametrize("tag", ["sec", "italic", "boxed-text", "list"])
def test_deep_nesting_ends_in_text_or_in_a_fault(tmp_path: Path, tag: str) -> None:
    inside = {"list": ("<list><list-item>", "</list-item></list>")}
    opening, closing = inside.get(tag, (f"<{tag}>", f"</{tag}>"))
    depth = 240 // opening.count("<")
    assert "Deep." in imported(
        tmp_path, article(f"{opening * depth}<p>Deep.</p>{closing * depth}")
    ).body  # fmt: skip
    assert "cannot be read" in faults_of(
        tmp_path / "deeper", article(opening * 300 + closing * 300)
    )


def test_without_lxml_the_pip_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)
    monkeypatch.delitem(sys.modules, "rag.importing.jats")
    with pytest.raises(
        MissingExtra, match=re.escape("pip install -c constraints.txt -e '.[import]'")
    ):
        importlib.import_module("rag.importing.jats")


XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]).filter(
        lambda c: c not in "\ufffe\uffff"
    )
)


@given(XML_TEXT)
@example("# heading")
@example("| a | b |")
@example("--- {GRADE: 1A}")
@example("12) \\*")
def test_any_text_of_a_paragraph_survives_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    paragraph = etree.Element("p")
    paragraph.text = f"{text} ."
    xml = etree.tostring(paragraph, encoding="unicode")
    line = body_of(tmp_path_factory.mktemp("any"), xml)
    unescaped = re.sub(r"\\([^\w\s])", r"\1", line)
    assert unescaped.split() == f"{text} .".split()
    assert "\n" not in line
