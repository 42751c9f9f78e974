"""The words of JATS elements, on one line: marks that carry meaning are kept as plain text."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rag.importing.mathml import math

if TYPE_CHECKING:
    from lxml.etree import _Element

SKIPPED = frozenset("title label object-id graphic alt-text long-desc sec-meta permissions".split())
"""What is told elsewhere, or is for machines."""

LOOSE = frozenset("p list list-item def-list def-item def title sec break table tr td th".split())
"""What is no part of a sentence: its words would run into those beside it."""

ORDINAL = re.compile(r"st|nd|rd|th|TM|SM")
EXPONENT = re.compile(r"[\w(+−–-]")
NEXT_CITATION = re.compile(r"(\[\w+\])[,;\s]+(?=\[\w+\])")
TEX_BODY = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.DOTALL)


def words(node: "_Element", without: frozenset[str] = frozenset()) -> str:
    """The text of an element and of all in it, on one line."""
    return one_line(_text(node, without))


def one_line(text: str) -> str:
    """Every run of white space as one blank; neighbouring citations each in their brackets."""
    return NEXT_CITATION.sub(r"\1", " ".join(text.split()))


def inline(node: "_Element") -> str:
    """The text of an element as it stands within a sentence."""
    text = WRITERS.get(str(node.tag), _text)(node)
    return f" {text} " if node.tag in LOOSE else text


def href(node: "_Element") -> str:
    """Where a link leads."""
    return next((str(v) for k, v in node.attrib.items() if str(k).endswith("href")), "")


def _text(node: "_Element", without: frozenset[str] = frozenset()) -> str:
    parts = [node.text or ""]
    for child in node:
        if child.tag not in without:
            parts.append(inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _raised(node: "_Element") -> str:
    """`10^9`; but the number of a reference in brackets, and 2nd, name® and 5* as they are."""
    text = _text(node).strip()
    links = node.findall("xref")
    if links and all(link.get("ref-type") == "bibr" for link in links):
        return _cited(text)
    is_power = EXPONENT.match(text) and not ORDINAL.fullmatch(text)
    return f"^{text}" if is_power else text


def _reference(node: "_Element") -> str:
    is_raised = node.get("ref-type") == "bibr" and node.find("sup") is not None
    return _cited(_letters(node)) if is_raised else _text(node)


def _cited(text: str) -> str:
    """Raised numbers of references in brackets: `3,5–7` would run into the word before."""
    return "".join(f"[{number}]" for number in re.split(r"[,;\s\[\]]+", text) if number)


def _link(node: "_Element") -> str:
    return _text(node) if _letters(node).strip() else href(node)


def _formula(node: "_Element") -> str:
    label = node.find("label")
    said = _equation(node) or "[formula]"  # a picture alone cannot be read; a gap would not show
    return said if label is None else f"{said} {words(label)}"


def _equation(node: "_Element") -> str:
    if (found := node.find(".//math")) is not None:
        return one_line(math(found))
    if (tex := node.find(".//tex-math")) is not None:
        source = _letters(tex)
        body = TEX_BODY.search(source)
        return one_line(body[1] if body else source).strip("$ ")
    return words(node, SKIPPED | {"inline-graphic"})


def _letters(node: "_Element") -> str:
    return "".join(map(str, node.itertext()))


WRITERS: Mapping[str, Callable[["_Element"], str]] = {
    **dict.fromkeys(SKIPPED - {"title"}, lambda _: ""),
    "sup": _raised,
    "xref": _reference,
    "ext-link": _link,
    "uri": _link,
    "inline-formula": _formula,
    "disp-formula": lambda node: f" {_formula(node)} ",
    "math": math,
    "inline-graphic": lambda _: "[image]",
    "fn": lambda node: f" ({words(node, SKIPPED)})",
}
