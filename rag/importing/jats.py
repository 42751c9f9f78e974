"""Articles in JATS, the XML of PubMed Central, to summaries of the corpus.

NISO Z39.96, JATS: Journal Article Tag Suite, and the NLM sets before it. The document type is
never fetched, no entity that a file declares is expanded, and nothing is read but the file itself.
"""

import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import CorpusError, Fault, MissingExtra
from rag.importing.blocks import Unusable, blocks
from rag.importing.inline import href, words
from rag.importing.writing import Article, Section, slugged, write_articles
from rag.types import Kind

try:
    from lxml import etree
except ImportError as error:
    raise MissingExtra("lxml", "import") from error

if TYPE_CHECKING:
    from lxml.etree import _Element

FOLDER = "jats"
ENDINGS = frozenset({".xml", ".nxml"})
EXPECTED = "expected a JATS article: an <article> whose <front> has <article-meta>"
DOI = re.compile(r"10\.\d{4,9}/\S+")
BACK = {
    "app-group/app": "Appendix",
    "app": "Appendix",
    "sec": "Notes",
    "notes": "Notes",
    "glossary": "Glossary",
    "fn-group": "Footnotes",
}
"""What follows the body and belongs to it, with its name where it has no title.

References and thanks do not belong to it.
"""


def import_jats(source: Path, into: Path) -> int:
    """Write every article of a file, or of the XML files of a folder; return how many.

    Raises CorpusError with every file at fault, and then writes nothing.
    """
    faults: list[Fault] = []
    articles: dict[str, Article] = {}
    for path in _files(source):
        try:
            for article in _articles(path):
                if article.slug in articles:
                    raise CorpusError([Fault(str(path), 1, f"{article.slug}: met before")])
                articles[article.slug] = article
        except CorpusError as error:
            faults += error.faults
    if faults:
        raise CorpusError(faults)
    return write_articles(articles.values(), into, FOLDER)


def _files(source: Path) -> Sequence[Path]:
    if not source.is_dir():
        return [source]
    found = sorted(p for p in source.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())
    if not found:
        raise CorpusError([Fault(str(source), 1, "no articles here: expected .xml or .nxml files")])
    return found


def _articles(path: Path) -> Iterator[Article]:
    root = _parsed(path)
    found = [(a, m) for a in root.iter("article") for m in a.findall("front/article-meta")]
    if not found:
        raise CorpusError([Fault(str(path), 1, f"{EXPECTED}, found <{root.tag}>")])
    for article, meta in found:
        try:
            yield _article(article, meta)
        except Unusable as error:
            raise CorpusError([Fault(str(path), _line(article), str(error))]) from error


def _parsed(path: Path) -> "_Element":
    """The tree without comments, instructions and namespaces."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except OSError as error:
        raise CorpusError([Fault(str(path), 1, f"cannot be read: {error.strerror}")]) from error
    except etree.XMLSyntaxError as error:
        fault = Fault(
            str(path), error.lineno or 1, f"{EXPECTED}; its XML cannot be read: {error.msg}"
        )
        raise CorpusError([fault]) from error
    for entity in root.iter(etree.Entity):
        _spell_out(entity, path)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    for node in root.iter():
        node.tag = etree.QName(node).localname
    return root


def _spell_out(entity: "_Element", path: Path) -> None:
    """The character that a name of the standard sets stands for; any other name is refused."""
    name = (entity.text or "").strip("&;")
    if f"{name};" not in html5:
        problem = f"the entity &{name}; is not expanded: write what it stands for"
        raise CorpusError([Fault(str(path), _line(entity), problem)])
    entity.tail = html5[f"{name};"] + (entity.tail or "")


def _line(node: "_Element") -> int:
    return node.sourceline if isinstance(node.sourceline, int) else 1


def _article(article: "_Element", meta: "_Element") -> Article:
    ids = {str(i.get("pub-id-type")): words(i) for i in meta.findall("article-id")}
    pmc = (ids.get("pmc") or ids.get("pmcid") or "").upper()
    pmcid = f"PMC{pmc.removeprefix('PMC')}" if pmc else ""
    matter = _findable(pmcid, ids.get("doi", ""), ids.get("pmid", ""))
    if licence := _licence(meta):
        matter["licence"] = licence
    title = meta.find("title-group/article-title")
    return Article(
        slug=slugged(pmcid or ids.get("doi") or f"pmid-{ids.get('pmid')}"),
        title=words(title) if title is not None else "",
        issuer=_issuer(article),
        kind=Kind.RESEARCH,
        published=_year(meta),
        sections=tuple(_sections(article, meta)),
        matter=matter,
    )


def _findable(pmcid: str, doi: str, pmid: str) -> dict[str, str]:
    matter = {}
    if pmcid:
        matter["url"] = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{pmcid}/"
    elif pmid:
        matter["url"] = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    if found := DOI.search(doi):
        matter["doi"] = found[0]
    if not matter:
        raise Unusable("no PMCID, DOI or PMID: a reader must be able to find the source")
    return matter


def _licence(meta: "_Element") -> str:
    licence = meta.find("permissions/license")
    return "" if licence is None else href(licence) or words(licence)


def _issuer(article: "_Element") -> str:
    for place in ("journal-title-group/journal-title", "journal-title", "publisher/publisher-name"):
        found = article.find(f"front/journal-meta/{place}")
        if found is not None and (name := words(found)):
            return name
    raise Unusable("no journal: expected <journal-title> in <journal-meta>")


def _year(meta: "_Element") -> int:
    """The first year of publication; when an archive released it is none."""
    dates = [d for d in meta.findall("pub-date") if d.get("pub-type") != "pmc-release"]
    years = [words(y) for d in dates for y in d.findall("year")]
    if not (known := sorted(int(y) for y in years if re.fullmatch(r"(19|20)\d\d", y))):
        raise Unusable("no year: expected <pub-date> with a <year>")
    return known[0]


def _sections(article: "_Element", meta: "_Element") -> Iterator[Section]:
    for abstract in meta.findall("abstract"):
        yield from _section(abstract, (_title(abstract) or "Abstract",))
    if (body := article.find("body")) is not None:
        yield from _section(body, ())
    for place, name in BACK.items():
        for part in article.findall(f"back/{place}"):
            yield from _section(part, (_title(part) or name,))
    if (floats := article.find("floats-group")) is not None:
        yield from _section(floats, ("Figures and tables",))


def _section(node: "_Element", path: tuple[str, ...]) -> Iterator[Section]:
    if own := tuple(blocks(node)):
        yield Section(path, own)
    for inner in node.findall("sec"):
        title = _title(inner)
        yield from _section(inner, (*path, title) if title else path)


def _title(node: "_Element") -> str:
    title = node.find("title")
    return words(title).rstrip(":") if title is not None else ""
