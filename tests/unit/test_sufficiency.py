"""When what was found suffices for an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.sufficiency import shortfall, sufficiency
from rag.types import AbstentionReason

shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("coverage", "closest", "reason"),
    [
        (1.0, 0.8, None),
        (0.0, 0.61, None),
        (0.6, 0.4, None),
        (0.0, 0.58, AbstentionReason.INSUFFICIENT),
        (0.0, 0.5, AbstentionReason.NOT_IN_CORPUS),
        (0.3, 0.4, AbstentionReason.NOT_IN_CORPUS),
        (1.0, 0.2, AbstentionReason.OUT_OF_SCOPE),
        (0.0, 0.0, AbstentionReason.OUT_OF_SCOPE),
    ],
)
def test_why_passages_do_not_suffice(
    coverage: float, closest: float, reason: AbstentionReason | None
) -> None:
    assert shortfall(coverage, closest, 0.4) is reason


@given(shares, st.floats(-1, 1), shares, st.floats(0, 1), shares)
def test_more_found_never_suffices_less(
    coverage: float, closest: float, more: float, nearer: float, enough: float
) -> None:
    assert 0 <= sufficiency(coverage, closest) <= 1
    assert sufficiency(max(coverage, more), max(closest, nearer)) >= sufficiency(coverage, closest)
    if shortfall(coverage, closest, enough) is None:
        assert shortfall(max(coverage, more), max(closest, nearer), enough) is None
