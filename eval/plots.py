"""Plots as inline SVG: nothing to load, nothing to install; pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from markupsafe import Markup, escape

from eval.records import Score

WIDTH, ROW, LABEL, MARGIN = 720, 26, 260, 30
HEIGHT = 260
LEFT, FAR, TELLS = 60, 560, 54
"""Where a scale of powers begins and ends, and the width of a column of figures beside it."""

NARROW, APART = 120, 16
SMALLEST = 0.01
MANY = 100
FEW = 30
"""Points of a curve that are marked each."""

QUARTERS = (0, 0.25, 0.5, 0.75, 1)
DASHES = ("none", "7 4", "2 4", "9 3 2 3")
PERCENTILES = (50, 95, 99)


def intervals(measures: Mapping[str, Score]) -> Markup:
    """Each measure of 0 to 1 as a dot with its interval."""
    rows = [(name, s) for name, s in measures.items() if s.low >= 0 and s.high <= 1]
    parts = []
    for i, (name, score) in enumerate(rows):
        y = ROW * i + 18
        low, at, high = (_across(v) for v in (score.low, score.value, score.high))
        parts.append(
            f'<text x="{LABEL - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
            f'<line x1="{low}" y1="{y}" x2="{high}" y2="{y}" class="interval"/>'
            f'<circle cx="{at}" cy="{y}" r="4"/>'
            f'<text x="{WIDTH - MARGIN + 6}" y="{y + 4}">{score.value:.2f}</text>'
        )
    height = ROW * len(rows) + MARGIN
    title = "Measures with their 95 % intervals"
    return _captioned(_svg(title, height, _scale(height) + "".join(parts)), title)


def curve(
    points: Sequence[tuple[float, float]], title: str, across: str, up: str, diagonal: bool = False
) -> Markup:
    """A line through points of 0 to 1 both ways."""
    tall, wide, foot = HEIGHT - 2 * MARGIN, FAR - LEFT, HEIGHT - MARGIN
    path = " ".join(f"{LEFT + x * wide:.1f},{foot - y * tall:.1f}" for x, y in points)
    grid = "".join(
        f'<path d="M{LEFT} {foot - share * tall}H{FAR}" class="axis"/>'
        + _text(LEFT - 8, foot - share * tall + 4, f"{share:g}", "end", "quiet")
        + _text(LEFT + share * wide, HEIGHT - 8, f"{share:g}", "middle", "quiet")
        for share in QUARTERS
    )
    even = f'<path d="M{LEFT} {foot}L{FAR} {MARGIN}" class="axis even"/>' if diagonal else ""
    inner = (
        f'{grid}{even}<polyline points="{path}" class="curve"/>'
        + "".join(
            f'<circle cx="{LEFT + x * wide:.1f}" cy="{foot - y * tall:.1f}" r="3"/>'
            for x, y in (points if len(points) <= FEW else ())
        )
        + _text(FAR + 12, HEIGHT - 8, across, "start", "quiet")
        + _text(LEFT, MARGIN - 12, up, "start", "quiet")
    )
    return _captioned(_svg(title, HEIGHT, inner), title)


def histogram(values: Sequence[float], title: str, unit: str, bins: int = 20) -> Markup:
    """How often values of each size occur, with their percentiles."""
    if not values:
        return Markup("")
    low, high = min(values), max(values)
    step = (high - low) / bins or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(int((value - low) / step), bins - 1)] += 1
    tallest, wide = max(counts), (WIDTH - 2 * MARGIN) / bins
    bars = "".join(
        f'<rect x="{MARGIN + i * wide:.1f}" width="{wide - 2:.1f}" '
        f'y="{HEIGHT - MARGIN - n / tallest * (HEIGHT - 2 * MARGIN):.1f}" '
        f'height="{n / tallest * (HEIGHT - 2 * MARGIN):.1f}"/>'
        for i, n in enumerate(counts)
    )
    ends = _text(MARGIN, HEIGHT - 8, f"{low:.0f} {unit}", "start", "quiet") + _text(
        WIDTH - MARGIN, HEIGHT - 8, f"{high:.0f} {unit}", "end", "quiet"
    )
    told = zip(PERCENTILES, np.percentile(values, PERCENTILES), strict=True)
    title = f"{title}: {', '.join(f'p{q} {_figure(float(v))}' for q, v in told)} {unit}"
    return _captioned(_svg(title, HEIGHT, bars + ends), title)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> Markup:
    """Figures that are told, not drawn."""
    cells = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(c) for c in row))
        for row in rows
    )
    heads = Markup("").join(Markup("<th>{}</th>").format(name) for name in head)
    return Markup("<figcaption>{}</figcaption><table><tr>{}</tr>{}</table>").format(
        title, heads, cells
    )


@dataclass(frozen=True, slots=True)
class Powers:
    """A scale of powers of ten between two places of a plot."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> Self:
        """The scale that holds all of the values, which are above 0, from power to power."""
        low = math.floor(math.log10(min(values)))
        return cls(low, max(low + 1, math.ceil(math.log10(max(values)))), start, end)

    @classmethod
    def between(cls, values: Sequence[float], start: float, end: float) -> Self:
        """The scale from the least of the values to the greatest, which is another."""
        return cls(math.log10(min(values)), math.log10(max(values)), start, end)

    def at(self, value: float) -> float:
        """The place of a value."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> Iterator[tuple[float, float]]:
        """Every power of ten and its place."""
        powers = range(math.ceil(self.low), math.floor(self.high) + 1)
        return ((10.0**power, self.at(10.0**power)) for power in powers)


def spreads(rows: Mapping[str, Sequence[float]], title: str, unit: str) -> Markup:
    """For each row how its values are spread: the middle half, the median, and up to the p99."""
    floored = {name: [max(value, SMALLEST) for value in row] for name, row in rows.items() if row}
    ends = [float(q) for values in floored.values() for q in np.percentile(values, (1, 99))]
    scale, height = Powers.over(ends, LABEL - 120, FAR), ROW * len(floored) + 2 * MARGIN
    grid = "".join(
        f'<path d="M{x} 24V{height - 26}" class="axis"/>'
        f'<text x="{x}" y="{height - 8}" text-anchor="middle" class="quiet">{tick:g}</text>'
        for tick, x in scale.ticks()
    )
    heads = _cells(16, [f"p{q}" for q in PERCENTILES], "quiet")
    where = _text(LABEL - 130, 16, unit, "end", "quiet")
    drawn = (_spread(i, name, row, scale) for i, (name, row) in enumerate(floored.items()))
    return _captioned(_svg(title, height, grid + heads + where + "".join(drawn)), title)


def growth(lines: Mapping[str, Sequence[tuple[float, float]]], title: str, unit: str) -> Markup:
    """Each line's values as something grows, both on scales of powers of ten."""
    points = [(x, max(y, SMALLEST)) for line in lines.values() for x, y in line]
    across = Powers.between([x for x, _ in points], LEFT, FAR)
    up = Powers.over([y for _, y in points], HEIGHT - MARGIN, MARGIN)
    grid = "".join(
        f'<path d="M{LEFT} {y}H{FAR}" class="axis"/>'
        + _text(LEFT - 8, y + 4, f"{tick:g}", "end", "quiet")
        for tick, y in up.ticks()
    )
    sizes = "".join(
        _text(across.at(x), HEIGHT - 8, f"{x:,.0f}", "middle", "quiet")
        for x in sorted({x for x, _ in points})
    )
    drawn = (_line(i, line, across, up) for i, line in enumerate(lines.values()))
    names = _beside(
        {name: (across.at(line[-1][0]), up.at(line[-1][1])) for name, line in lines.items()}
    )
    inner = grid + sizes + _text(LEFT - 8, 16, unit, "end", "quiet") + "".join(drawn) + names
    return _captioned(_svg(title, HEIGHT, inner), title)


def ratios(rows: Mapping[str, float], title: str) -> Markup:
    """How many times as much as ours each is, from 1 outwards; to the left it is less."""
    scale = Powers.over([1, *rows.values()], LABEL, WIDTH - NARROW)
    one, parts = scale.at(1), list[str]()
    for i, (name, ratio) in enumerate(rows.items()):
        y, at = ROW * i + 8, scale.at(ratio)
        wide = max(abs(at - one), 1)
        parts += [
            f'<rect x="{min(at, one)}" y="{y}" width="{wide:.1f}" height="14" '
            f'class="{"" if ratio >= 1 else "soft"}"/>',
            _text(LABEL - 10, y + 12, name, "end"),
            _text(WIDTH - NARROW + 70, y + 12, f"{ratio:.3g} ×", "end"),
        ]
    height = ROW * len(rows) + MARGIN
    grid = "".join(
        f'<path d="M{x} 2V{height - 24}" class="axis"/>'
        + _text(x, height - 6, f"{tick:g}", "middle", "quiet")
        for tick, x in scale.ticks()
    )
    return _captioned(_svg(title, height, grid + "".join(parts)), title)


def _spread(i: int, name: str, values: Sequence[float], scale: Powers) -> str:
    y = ROW * i + 36
    told = [float(q) for q in np.percentile(values, PERCENTILES)]
    first, low, high = (scale.at(float(q)) for q in np.percentile(values, (1, 25, 75)))
    return (
        _text(LABEL - 130, y + 4, name, "end")
        + f'<path d="M{first} {y}H{scale.at(told[2])}" class="interval"/>'
        f'<rect x="{low}" y="{y - 7}" width="{max(high - low, 1):.1f}" height="14" class="soft"/>'
        f'<path d="M{scale.at(told[1])} {y - 6}v12" class="interval"/>'
        f'<circle cx="{scale.at(told[0])}" cy="{y}" r="4.5"/>'
        + _cells(y + 4, [_figure(value) for value in told])
    )


def _line(i: int, line: Sequence[tuple[float, float]], across: Powers, up: Powers) -> str:
    places = [(across.at(x), up.at(max(y, SMALLEST))) for x, y in line]
    path = " ".join(f"{x},{y}" for x, y in places)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3.5"/>' for x, y in places)
    return f'<polyline points="{path}" class="curve" stroke-dasharray="{DASHES[i]}"/>{dots}'


def _beside(ends: Mapping[str, tuple[float, float]]) -> str:
    """Names to the right of where lines end, moved apart where they would touch."""
    parts, free = [], float("-inf")
    for name, (x, y) in sorted(ends.items(), key=lambda item: item[1][1]):
        free = max(y + 4, free + APART)
        parts.append(_text(x + 12, free, name))
    return "".join(parts)


def _cells(y: float, texts: Sequence[str], kind: str = "") -> str:
    """Figures in columns at the right."""
    return "".join(
        _text(FAR + TELLS * i, y, text, "end", kind) for i, text in enumerate(texts, start=1)
    )


def _figure(value: float) -> str:
    if value >= MANY:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'


def _captioned(drawing: Markup, text: str) -> Markup:
    return Markup("<figcaption>{}</figcaption>").format(text) + drawing


def _across(value: float) -> float:
    return round(LABEL + value * (WIDTH - MARGIN - LABEL), 1)


def _scale(height: int) -> str:
    lines = (
        f'<line x1="{_across(v)}" y1="4" x2="{_across(v)}" y2="{height - 22}" class="axis"/>'
        f'<text x="{_across(v)}" y="{height - 6}" text-anchor="middle">{v}</text>'
        for v in QUARTERS
    )
    return "".join(lines)


def _svg(title: str, height: int, inner: str) -> Markup:
    return Markup(  # noqa: S704  every text in it is escaped
        f'<svg viewBox="0 0 {WIDTH + 20} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{inner}</svg>"
    )
