"""Plots as inline SVG: nothing to load, nothing to install; pure."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from eval.records import Score

WIDTH, ROW, LABEL, MARGIN = 720, 26, 260, 30
HEIGHT = 260


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
    return _svg("Measures with their 95 % intervals", height, _scale(height) + "".join(parts))


def curve(
    points: Sequence[tuple[float, float]], title: str, across: str, up: str, diagonal: bool = False
) -> Markup:
    """A line through points of 0 to 1 both ways."""
    box = HEIGHT - 2 * MARGIN
    path = " ".join(f"{MARGIN + x * box:.1f},{HEIGHT - MARGIN - y * box:.1f}" for x, y in points)
    end = MARGIN + box
    inner = (
        f'<path d="M{MARGIN} {MARGIN}V{HEIGHT - MARGIN}H{end}" class="axis"/>'
        + (
            f'<path d="M{MARGIN} {HEIGHT - MARGIN}L{end} {MARGIN}" class="axis"/>'
            if diagonal
            else ""
        )
        + f'<polyline points="{path}" class="curve"/>'
        f'<text x="{end}" y="{HEIGHT - 8}" text-anchor="end">{escape(across)}</text>'
        f'<text x="{MARGIN}" y="{MARGIN - 10}">{escape(up)}</text>'
    )
    return _svg(title, HEIGHT, inner)


def histogram(values: Sequence[float], title: str, unit: str, bins: int = 20) -> Markup:
    """How often values of each size occur."""
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
    ends = (
        f'<text x="{MARGIN}" y="{HEIGHT - 8}">{low:.0f} {escape(unit)}</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 8}" text-anchor="end">'
        f"{high:.0f} {escape(unit)}</text>"
    )
    return _svg(title, HEIGHT, bars + ends)


def _across(value: float) -> float:
    return round(LABEL + value * (WIDTH - MARGIN - LABEL), 1)


def _scale(height: int) -> str:
    lines = (
        f'<line x1="{_across(v)}" y1="4" x2="{_across(v)}" y2="{height - 22}" class="axis"/>'
        f'<text x="{_across(v)}" y="{height - 6}" text-anchor="middle">{v}</text>'
        for v in (0, 0.25, 0.5, 0.75, 1)
    )
    return "".join(lines)


def _svg(title: str, height: int, inner: str) -> Markup:
    return Markup(  # noqa: S704  every text in it is escaped
        f'<svg viewBox="0 0 {WIDTH + 20} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{inner}</svg>"
    )
