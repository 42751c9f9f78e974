"""Whether two texts agree on their numbers, units, comparators and intervals; pure."""

from collections.abc import Iterator, Sequence

from rag.quantities import (
    AT_LEAST,
    AT_MOST,
    OVER,
    UNDER,
    Quantity,
    quantities,
    rates,
    spans,
)
from rag.types import Mismatch, Reason
from rag.units import factor

SINGLE = frozenset(("dose", "course", "episode", "tablet", "cycle", "drop", "puff"))
YEARS = range(1990, 2100)
CLOSE = 1.005
"""Values whose ratio is within this are the same: 98.6 °F was rounded, and so is 0.1667."""


def disagreements(statement: str, source: str, context: str = "") -> Iterator[Reason]:
    """The numbers, units, comparators and rates of a statement that the source does not give.

    The year of a guideline may stand above it.
    """
    above = (q for q in quantities(context) if q.words.isdigit() and q.low in YEARS)
    theirs = [*quantities(source, every=True), *spans(source), *above]
    theirs += [end for q in theirs for end in _ends(q, quantities(statement))]
    yield from _unmatched([q for q in quantities(statement) if not _is_single(q)], theirs)
    left = rates(source)
    for rate in rates(statement):
        met = next((other for other in left if _same_values(rate, other, 1.0)), None)
        if met:
            left.remove(met)
        else:
            nearest = left[0].words if left else ""
            yield Reason(mismatch=Mismatch.NUMBER, words=rate.words, source=nearest)


def _ends(whole: Quantity, ours: Sequence[Quantity]) -> Iterator[Quantity]:
    """From where on and up to where a range goes, for a statement that gives both ends."""
    ends = [whole._replace(high=whole.low), whole._replace(low=whole.high)]
    if whole.low < whole.high and all(any(_same_values(q, e, 1.0) for q in ours) for e in ends):
        yield from (ends[0]._replace(comparator=sign) for sign in (AT_LEAST, OVER))
        yield from (ends[1]._replace(comparator=sign) for sign in (AT_MOST, UNDER))


def _is_single(quantity: Quantity) -> bool:
    """One dose, one course: what a source need not count."""
    is_one = quantity.low == quantity.high == 1 and not quantity.comparator
    return is_one and (not quantity.unit or quantity.unit[0] in SINGLE)


def agrees(quantity: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same."""
    return _difference(quantity, other) is None


def _unmatched(ours: Sequence[Quantity], theirs: Sequence[Quantity]) -> Iterator[Reason]:
    for quantity in ours:
        reasons = [_difference(quantity, other) for other in theirs]
        if None in reasons:
            continue
        found = [reason for reason in reasons if reason is not None]
        unknown = Reason(mismatch=Mismatch.NUMBER, words=quantity.words)
        yield min(found, key=_closeness, default=unknown)


def _closeness(reason: Reason) -> int:
    """A statement that differs in the comparator alone is nearer than one with another number."""
    return (Mismatch.COMPARATOR, Mismatch.UNIT, Mismatch.NUMBER).index(reason.mismatch)


def _difference(ours: Quantity, theirs: Quantity) -> Reason | None:
    """In what one quantity differs from another; None when they say the same."""
    times = _times(_daily(ours), _daily(theirs))
    one, other = _counted(_daily(ours), theirs), _counted(_daily(theirs), ours)
    if times is None or not _same_values(one, other, times):
        other_unit = times != 1.0 and _same_values(one, other, 1.0)
        kind = Mismatch.UNIT if other_unit else Mismatch.NUMBER
    elif one.comparator != other.comparator and {one.comparator, other.comparator} != _may_be(
        one, other
    ):
        kind = Mismatch.COMPARATOR
    else:
        return None
    return Reason(mismatch=kind, words=ours.words, source=theirs.words)


def _may_be(one: Quantity, other: Quantity) -> set[str] | None:
    """What may be said without a comparator: `over 4 hours` as how long, `within` a range."""
    if one.low < one.high and {one.comparator, other.comparator} == {"", AT_MOST}:
        return {"", AT_MOST}
    is_open = any(q.words.lower().startswith("over ") and not q.comparator for q in (one, other))
    return {"", OVER} if is_open else None


def _counted(quantity: Quantity, beside: Quantity) -> Quantity:
    """Of things that are counted, more than one are two or more; what has a unit is measured."""
    is_count = (
        SINGLE.issuperset((*quantity.unit, *beside.unit))
        and quantity.low == quantity.high
        and quantity.low.is_integer()
    )
    if is_count and quantity.comparator == OVER:
        more = quantity.low + 1
        return quantity._replace(low=more, high=more, comparator=AT_LEAST)
    return quantity


def _daily(quantity: Quantity) -> Quantity:
    """A dose per day is a dose, given daily, and days per month are days: how often is apart."""
    first, *per = quantity.unit or ("",)
    is_daily = bool(per) and (per[-1] in {"day", "dose"} or first == "day")
    return quantity._replace(unit=quantity.unit[:-1]) if is_daily else quantity


def _times(ours: Quantity, theirs: Quantity) -> float | None:
    """The factor between two units; a statement need not repeat the unit."""
    if not ours.unit or (not theirs.unit and ours.unit == ("year",)):
        return 1.0
    return factor(ours.unit, theirs.unit) if theirs.unit else None


def _same_values(ours: Quantity, theirs: Quantity, times: float) -> bool:
    return (
        _near(ours.low, theirs.low, times)
        and _near(ours.high, theirs.high, times)
        and (ours.pair is None) == (theirs.pair is None)
        and ours.pair == theirs.pair
    )


def _near(one: float, other: float, times: float) -> bool:
    """Whether two values are the same; what was not converted has to be, to the letter."""
    if times == 1.0 and one.is_integer() and other.is_integer():
        return one == other
    low, high = sorted((one * times, other))
    return high == low or (low > 0 and high / low < CLOSE)
