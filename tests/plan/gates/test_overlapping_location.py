"""Places overlap where one is a folder of the other; names that begin alike do not."""

from __future__ import annotations

import pytest

from reconciler.plan.gates.overlapping_location import _overlap
from tests.plan.test_gates import CASES


@pytest.mark.parametrize(
    ("new", "old", "how"),
    [
        ("arn:aws:s3:::b/deals", "arn:aws:s3:::b", "in"),
        ("arn:aws:s3:::b/deals", "arn:aws:s3:::b/", "in"),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/deals", "around"),
        ("arn:aws:s3:::b/deals", "arn:aws:s3:::b/deals/2025", "around"),
        ("arn:aws:s3:::b/deals-2", "arn:aws:s3:::b/deals", ""),
        ("arn:aws:s3:::bank", "arn:aws:s3:::b", ""),
        ("arn:aws:s3:::b/", "arn:aws:s3:::b/deals", "around"),
        ("arn:aws:s3:::b/X", "arn:aws:s3:::b/deals", ""),
        ("arn:aws:s3:::b/deals", "arn:aws:s3:::b/X", ""),
        ("arn:aws:s3:::b", "arn:aws:s3:::b", "in"),
    ],
)
def test_slashes_decide(new: str, old: str, how: str) -> None:
    assert _overlap(new, old) == how


def test_it_says_which_and_by_whom() -> None:
    (finding,) = [each for each in CASES["overlapping-location"]().findings if each.rule == "overlapping-location"]
    assert finding.message == (
        "arn:aws:s3:::bank-investment-banking-333333333333-eu-west-1/deals lies in "
        "arn:aws:s3:::bank-investment-banking-333333333333-eu-west-1, which is registered with "
        "arn:aws:iam::111111111111:role/theirs and is not the mesh's."
    )
    assert finding.origin
