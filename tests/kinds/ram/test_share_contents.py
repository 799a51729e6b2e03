"""What shares carry, by what RAM lists of them."""

from __future__ import annotations

import pytest

from reconciler.kinds.ram.share_contents import leaves, leaves_of
from reconciler.model.lakeformation import Grant, OnColumns, OnDatabase, OnTable, OnTagPolicy, expression

ACCOUNT = "222222222222"
START = "arn:aws:glue:eu-west-1:111111111111:"


@pytest.mark.parametrize(
    ("names", "carried"),
    [
        (["catalog", "database/db"], {"db"}),
        (["catalog", "database/db", "table/db/t"], {"db/t"}),
        (["catalog", "database/db", "database/other", "table/db/t", "table/db/u"], {"other", "db/t", "db/u"}),
        (["catalog", "database/db", "table/db/*"], {"db/*"}),
        (["catalog", "database/*", "table/*/*"], {"*/*"}),
        (["catalog"], {""}),
        ([], {""}),
    ],
)
def test_a_share_carries_what_is_below_not_what_comes_with_it(names: list[str], carried: set[str]) -> None:
    """https://docs.aws.amazon.com/ram/latest/userguide/shareable.html"""
    assert leaves({f"{START}{name}": "ASSOCIATED" for name in names}) == carried


def test_what_leaves_a_share_is_not_carried() -> None:
    """https://docs.aws.amazon.com/ram/latest/APIReference/API_ResourceShareAssociation.html"""
    assert leaves({f"{START}table/db/t": "DISASSOCIATED", f"{START}table/db/u": "ASSOCIATED"}) == {"db/u"}


def test_a_grant_whose_share_is_gone_waits_for_what_it_is_on() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html"""
    targets = [
        OnDatabase("1", "db"),
        OnTable("1", "db", "*"),
        OnColumns("1", "db", "t", ("a",)),
        OnTagPolicy("1", "TABLE", expression({"k": ("v",)})),
    ]
    found = [sorted(leaves_of([Grant(ACCOUNT, target, "SELECT")])) for target in targets]
    assert found == [["db"], ["db/*"], ["db/t"], ["", "*", "*/*"]]
