"""Shares that nothing needs any more, and shares that failed, are told; none is deleted, and no stranger's is shown."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.kinds import addresses
from reconciler.kinds.ram.share_requirements import needs_of
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, bank

STEM = f"arn:aws:glue:eu-west-1:{CENTRAL}:"


def told(estate: Estate) -> list[str]:
    plan = estate.plan()
    assert plan.is_empty
    return [other.reason for other in plan.foreign if other.resource.address.kind == addresses.RAM_SHARE]


def active(estate: Estate) -> set[str]:
    rows = estate.client("ram").get_resource_shares(resourceOwner="SELF", resourceShareStatus="ACTIVE")
    return {row["resourceShareArn"] for row in rows["resourceShares"]}


def share_by_hand(estate: Estate, account: str, name: str) -> None:
    """An administrator shares a database of his own, past the mesh."""
    glue, lake = estate.client("glue"), estate.client("lakeformation")
    glue.create_database(DatabaseInput={"Name": name, "CreateTableDefaultPermissions": []})
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": account},
        Resource={"Database": {"Name": name}},
        Permissions=["DESCRIBE"],
    )


def test_shares_that_permissions_need_are_not_told(built: Estate) -> None:
    assert told(built) == []


def test_an_orphan_is_told_and_left(built: Estate) -> None:
    """What is dropped before its permissions are revoked leaves its share behind (cross-account-notes)."""
    before = active(built)
    share_by_hand(built, ANALYTICS, "gone")
    (orphan,) = active(built) - before
    built.repair()
    assert told(built) == []
    built.client("glue").delete_database(Name="gone")
    (reason,) = told(built)
    assert reason.startswith(f"an orphan: no permission needs this share with {ANALYTICS}")
    assert reason.endswith(f"`aws ram delete-resource-share --resource-share-arn {orphan}` ends it")
    built.repair()
    assert orphan in active(built)
    built.client("ram").delete_resource_share(resourceShareArn=orphan)
    assert told(built) == []


def test_a_share_with_a_stranger_is_not_ours_to_tell_of(built: Estate) -> None:
    share_by_hand(built, "999999999999", "theirs")
    built.client("glue").delete_database(Name="theirs")
    assert told(built) == []


def test_a_failed_association_is_told_with_its_reason(built: Estate) -> None:
    share = next(share for share in built.aws.world.ram.shares.values() if BANKING in share.principals)
    association = next(iter(share.resources.values()))
    before, association.status, association.message = association.status, "FAILED", "not authorized to share"
    built.fresh_sessions()
    (reason,) = told(built)
    assert "its association failed with" in reason
    assert "not authorized to share" in reason
    association.status, association.message = before, None
    built.fresh_sessions()
    assert told(built) == []


@pytest.mark.parametrize(
    ("resource", "arn", "needed"),
    [
        ({"Database": {"Name": "sales"}}, "database/sales", True),
        ({"Database": {"Name": "sales"}}, "database/other", False),
        ({"Database": {"Name": "sales"}}, "table/sales/orders", False),
        ({"Table": {"DatabaseName": "sales", "Name": "orders"}}, "table/sales/orders", True),
        ({"Table": {"DatabaseName": "sales", "Name": "orders"}}, "database/sales", True),
        ({"Table": {"DatabaseName": "sales", "Name": "orders"}}, "table/sales/*", True),
        ({"Table": {"DatabaseName": "sales", "Name": "orders"}}, "table/sales/bills", False),
        ({"Table": {"DatabaseName": "sales", "TableWildcard": {}}}, "table/sales/bills", True),
        ({"TableWithColumns": {"DatabaseName": "sales", "Name": "ALL_TABLES"}}, "table/sales/bills", True),
        ({"DataCellsFilter": {"DatabaseName": "sales", "TableName": "orders"}}, "table/sales/orders", True),
        ({"LFTagPolicy": {"ResourceType": "TABLE"}}, "table/*/*", True),
        ({"LFTagPolicy": {"ResourceType": "DATABASE"}}, "database/sales", True),
        ({"LFTagPolicy": {"ResourceType": "DATABASE"}}, "database/dropped", False),
        ({"SomethingNew": {}}, "table/sales/orders", True),
        ({"Database": {"Name": "sales"}}, "catalog", True),
    ],
)
def test_what_a_permission_needs_of_a_share(resource: dict[str, Any], arn: str, needed: bool) -> None:
    row = {"Principal": {"DataLakePrincipalIdentifier": ANALYTICS}, "Resource": resource}
    assert needs_of([row], ["sales"], CENTRAL, bank()).covers([ANALYTICS], f"{STEM}{arn}") is needed
    assert not needs_of([row], ["sales"], CENTRAL, bank()).covers(["000000000000"], f"{STEM}database/sales")
