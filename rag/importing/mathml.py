"""MathML to one line of plain text: `x^2`, `x_i`, `(a+b)/c`."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

RELATIONS = re.compile(r"[=<>≤≥≈≠≡∼±×→∈]")
INVISIBLE = dict.fromkeys([0x2061, 0x2062, 0x2063, 0x2064])
"""Operators that are never printed: of application, multiplication, separation, addition."""


def math(node: "_Element") -> str:
    """The formula as a person would type it."""
    inner = [math(child) for child in node]
    write = WRITERS.get(str(node.tag), _row)
    try:
        return write(node, inner)
    except ValueError:  # fewer or more parts than this element has
        return _row(node, inner)


def _row(node: "_Element", inner: Sequence[str]) -> str:
    return (node.text or "").strip().translate(INVISIBLE) + "".join(inner)


def _operator(node: "_Element", inner: Sequence[str]) -> str:
    sign = _row(node, inner)
    return f" {sign} " if RELATIONS.fullmatch(sign) else sign


def _words(node: "_Element", inner: Sequence[str]) -> str:
    return (node.text or "") + "".join(inner)


def _fraction(_: "_Element", inner: Sequence[str]) -> str:
    top, bottom = inner
    return f"{_grouped(top)}/{_grouped(bottom)}"


def _low(_: "_Element", inner: Sequence[str]) -> str:
    base, low = inner
    return f"{base}_{_grouped(low)}"


def _high(_: "_Element", inner: Sequence[str]) -> str:
    base, high = inner
    return f"{base}^{_grouped(high)}"


def _over(_: "_Element", inner: Sequence[str]) -> str:
    base, high = inner
    is_accent = not any(map(str.isalnum, high))
    return base + high.strip() if is_accent else f"{base}^{_grouped(high)}"


def _low_and_high(_: "_Element", inner: Sequence[str]) -> str:
    base, low, high = inner
    return f"{base}_{_grouped(low)}^{_grouped(high)}"


def _fenced(node: "_Element", inner: Sequence[str]) -> str:
    return f"{node.get('open', '(')}{', '.join(inner)}{node.get('close', ')')}"


def _grouped(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"[−-]?[\w.]*|[^\w\s]", text) else f"({text})"


WRITERS: Mapping[str, Callable[["_Element", Sequence[str]], str]] = {
    "mo": _operator,
    "mtext": _words,
    "mspace": lambda _, inner: " ",
    "semantics": lambda _, inner: inner[0] if inner else "",
    "mfrac": _fraction,
    "msqrt": lambda _, inner: f"√({''.join(inner).strip()})",
    "mfenced": _fenced,
    "msub": _low,
    "munder": _low,
    "msup": _high,
    "mover": _over,
    "msubsup": _low_and_high,
    "munderover": _low_and_high,
    "mtable": lambda _, inner: "; ".join(inner),
    "mtr": lambda _, inner: " ".join(inner),
}
