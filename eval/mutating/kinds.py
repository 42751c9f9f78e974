"""The ways in which a statement is changed, by the names that measures have."""

from collections.abc import Mapping

from eval.mutating import Mutator
from eval.mutating.administration import interval, route
from eval.mutating.comparators import boundary, comparator
from eval.mutating.conditions import dropped, joined
from eval.mutating.exchanging import exchanged
from eval.mutating.names import disease, drug
from eval.mutating.numbers import number
from eval.mutating.polarity import direction, negation, strengthened
from eval.mutating.populations import population
from eval.mutating.units import unit

MUTATORS: Mapping[str, Mutator] = {
    "number": number,
    "unit": unit,
    "comparator": comparator,
    "boundary": boundary,
    "negation": negation,
    "drug": drug,
    "disease": disease,
    "population": population,
    "dropped": dropped,
    "joined": joined,
    "strengthened": strengthened,
    "direction": direction,
    "route": route,
    "interval": interval,
    "exchanged": exchanged,
}
SWAPPED = "swapped"
"""The statement is as it was, and the passage another one."""
