"""Outline: what is not ours is told once, with who changed it last."""

from __future__ import annotations

import pytest

from reconciler.model.address import Address, Placement
from reconciler.model.plan import Foreign
from reconciler.model.resource import Resource
from reconciler.report.outline import foreign_text

CHANGED = "last changed by arn:aws:iam::111111111111:user/eve at 2026-11-22 09:30 UTC"


@pytest.mark.parametrize(
    ("reason", "remark", "said"),
    [
        ("a grant that no document asks for", CHANGED, f"a grant that no document asks for ({CHANGED})"),
        (f"a grant that no document asks for ({CHANGED})", CHANGED, f"a grant that no document asks for ({CHANGED})"),
        ("a grant by tags that is left alone", "", "a grant by tags that is left alone"),
    ],
)
def test_who_changed_it_last_is_said_once(reason: str, remark: str, said: str) -> None:
    address = Address("grant", Placement("111111111111", "eu-west-1"), "x")
    other = Foreign(Resource(address, "spec", note=remark), reason)
    assert foreign_text(other) == f"{address}: {said}"
