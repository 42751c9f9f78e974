import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from rag.assistant import Assistant
from rag.cli import main
from rag.corpus import load
from rag.settings import Settings

ARTICLE = """<article><front>
<journal-meta><journal-title>Journal of Trials</journal-title></journal-meta>
<article-meta><article-id pub-id-type="pmc">{number}</article-id>
<title-group><article-title>Trial {number}</article-title></title-group>
<pub-date><year>2012</year></pub-date></article-meta></front>
<body><p>{text}</p></body></article>"""


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Rag = Callable[..., Ran]


@pytest.fixture
def rag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Rag:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as exit_:
            main(arguments, lambda: Assistant(Settings.load()))
        code = exit_.value.code
        assert isinstance(code, int)
        return Ran(code, *capsys.readouterr())

    return run


def write_article(number: int, text: str = "Text.") -> None:
    Path("articles").mkdir(exist_ok=True)
    xml = ARTICLE.format(number=number, text=text)
    Path(f"articles/{number}.xml").write_text(xml, encoding="utf-8")


def test_articles_become_summaries_that_lint(rag: Rag) -> None:
    write_article(1)
    write_article(2)
    ran = rag("import", "jats", "articles")
    assert ran == (0, "2 articles written to corpus/jats.\n", "")
    assert rag("lint").code == 0
    assert [g.id for g in load(Path("corpus")).guidelines] == ["jats/pmc1", "jats/pmc2"]


def test_they_go_where_they_are_told_to(rag: Rag) -> None:
    write_article(1)
    ran = rag("import", "jats", "articles", "--into", "elsewhere")
    assert ran == (0, "1 article written to elsewhere/jats.\n", "")
    assert [g.id for g in load(Path("elsewhere")).guidelines] == ["jats/pmc1"]
    assert not Path("corpus").exists()


def test_they_go_to_the_corpus_of_the_settings(rag: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_CORPUS", "elsewhere")
    write_article(1)
    assert rag("import", "jats", "articles/1.xml").out == "1 article written to elsewhere/jats.\n"
    assert Path("elsewhere/jats/pmc1.md").exists()
    assert not Path("corpus").exists()


def test_beir_is_read_too(rag: Rag, tmp_path: Path) -> None:
    entry = {"_id": "MED-1", "title": "Statins", "text": "They lower cholesterol."}
    (tmp_path / "corpus.jsonl").write_text(json.dumps(entry), encoding="utf-8")
    assert rag("import", "beir", ".").out == "1 article written to corpus/beir.\n"
    assert "They lower cholesterol." in Path("corpus/beir/med-1.md").read_text("utf-8")


def test_what_is_there_and_the_same_is_left(rag: Rag) -> None:
    write_article(1)
    rag("import", "jats", "articles")
    write_article(2)
    ran = rag("import", "jats", "articles")
    assert ran.out == "1 article written to corpus/jats.\n"
    assert ran.err == "1 article there already, the same.\n"


def test_what_says_something_else_is_kept_without_force(rag: Rag) -> None:
    write_article(1, "Old.")
    rag("import", "jats", "articles")
    write_article(1, "New.")
    write_article(2)
    ran = rag("import", "jats", "articles")
    assert ran.code == 1
    assert ran.err == (
        "error: corpus/jats/pmc1.md: there, and different; overwrite with --force\n"
    )  # fmt: skip
    assert "Old." in Path("corpus/jats/pmc1.md").read_text("utf-8")
    assert not Path("corpus/jats/pmc2.md").exists()
    assert rag("import", "jats", "articles", "--force").out.startswith("2 articles written")
    assert "New." in Path("corpus/jats/pmc1.md").read_text("utf-8")


def test_a_refusal_names_some_files_and_counts_the_others(rag: Rag) -> None:
    for text in ("Old.", "New."):
        for number in range(1, 8):
            write_article(number, text)
        ran = rag("import", "jats", "articles")
    assert "corpus/jats/pmc5.md and 2 more: there, and different" in ran.err


def test_a_file_at_fault_is_named_and_the_corpus_stays_as_it_is(rag: Rag) -> None:
    write_article(1)
    Path("articles/2.xml").write_text("<html/>", encoding="utf-8")
    ran = rag("import", "jats", "articles")
    assert ran.code == 1
    assert ran.err.startswith("error: articles/2.xml:1: expected a JATS article")
    assert not Path("corpus").exists()


def test_a_corpus_that_cannot_be_written_is_named(rag: Rag) -> None:
    write_article(1)
    Path("corpus").write_text("a file", encoding="utf-8")
    ran = rag("import", "jats", "articles")
    assert ran.code == 1
    assert ran.err.startswith("error: corpus/jats/pmc1.md cannot be written")


def test_a_format_that_is_none_is_misuse(rag: Rag) -> None:
    ran = rag("import", "poem", "articles")
    assert ran.code == 2
    assert "'jats', 'beir'" in ran.err
