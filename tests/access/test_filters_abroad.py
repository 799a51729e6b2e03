"""Grants on data cells filters in accounts that were not given those filters: read, and never guessed at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.access import TableAccess, TableId
from reconciler.sandbox import sandbox
from tests.access.building import seen
from tests.access.lake import COLUMNS, CONSUMERS, Lake
from tests.access.worlds import settle
from tests.estate import CENTRAL

CONSUMER = CONSUMERS[0]
BOB = f"arn:aws:iam::{CONSUMER}:role/bob"
T = TableId(CENTRAL, "credit-card", "t")
TABLE = {"CatalogId": CENTRAL, "DatabaseName": T.database, "Name": T.table}


@pytest.fixture(scope="module")
def empty() -> Iterator[Lake]:
    with sandbox() as aws:
        yield Lake(aws)


@pytest.fixture
def lake(empty: Lake) -> Lake:
    """A table with columns a, b, c, d and the tag product=credit-card; no filters, no grants."""
    empty.empty()
    for account in (CENTRAL, CONSUMER):
        settle(empty, account)
    location = "s3://lake/w4/"
    empty.client("lakeformation", CENTRAL).register_resource(
        ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True, HybridAccessEnabled=True
    )
    empty.client("glue", CENTRAL).create_database(DatabaseInput={"Name": T.database})
    columns = [{"Name": name, "Type": "int"} for name in COLUMNS]
    empty.client("glue", CENTRAL).create_table(
        DatabaseName=T.database,
        TableInput={
            "Name": T.table,
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": {"Columns": columns, "Location": location},
        },
    )
    owner = empty.client("lakeformation", CENTRAL)
    owner.create_lf_tag(TagKey="product", TagValues=[T.database])
    owner.add_lf_tags_to_resource(
        Resource={"Database": {"Name": T.database}}, LFTags=[{"TagKey": "product", "TagValues": [T.database]}]
    )
    return empty


BY_NAME = {"Table": TABLE}
BY_TAG = {
    "LFTagPolicy": {
        "CatalogId": CENTRAL,
        "ResourceType": "TABLE",
        "Expression": [{"TagKey": "product", "TagValues": [T.database]}],
    }
}


def give(lake: Lake, by: str, to: str, resource: dict[str, Any], *, option: bool = False) -> None:
    lake.client("lakeformation", by).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": to},
        Resource=resource,
        Permissions=["SELECT"],
        PermissionsWithGrantOption=["SELECT"] if option else [],
    )


def share(lake: Lake, resource: dict[str, Any]) -> None:
    """Give the consumer's account something to pass on, and let it accept."""
    give(lake, CENTRAL, CONSUMER, resource, option=True)
    ram = lake.client("ram", CONSUMER)
    for each in ram.get_resource_share_invitations()["resourceShareInvitations"]:
        ram.accept_resource_share_invitation(resourceShareInvitationArn=each["resourceShareInvitationArn"])
    for _ in range(8):
        for sort in ("PRINCIPAL", "RESOURCE"):
            lake.client("ram", CENTRAL).get_resource_share_associations(associationType=sort)


def make(lake: Lake, by: str, name: str, rows: str) -> dict[str, Any]:
    """A filter of all columns, made by an account; the resource that names it."""
    named = {"TableCatalogId": CENTRAL, "DatabaseName": T.database, "TableName": T.table, "Name": name}
    lake.client("lakeformation", by).create_data_cells_filter(
        TableData={**named, "RowFilter": {"FilterExpression": rows}, "ColumnWildcard": {}}
    )
    return {"DataCellsFilter": named}


def bobs(lake: Lake) -> TableAccess:
    access = lake.observed()
    assert not access.gaps
    return access.on(BOB, T)


@pytest.mark.parametrize("received", [BY_NAME, BY_TAG], ids=["by name", "by tag"])
def test_a_grant_on_a_filter_that_the_account_was_not_given_is_read(lake: Lake, received: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    share(lake, received)
    give(lake, CONSUMER, BOB, make(lake, CENTRAL, "f", "a = 1"))
    found = bobs(lake)
    assert (found.verdict, seen(found)) == ("enforced", dict.fromkeys(COLUMNS, "a = 1"))


@pytest.mark.parametrize("others", [[], ["f"], ["g"]], ids=["no filter", "one of that name", "one of another name"])
def test_a_filter_that_the_account_made_itself_makes_the_answer_unknown(lake: Lake, others: list[str]) -> None:
    """Whatever filters the owner made, of the same name too.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    share(lake, BY_NAME)
    for name in others:
        make(lake, CENTRAL, name, "a = 1")
    give(lake, CONSUMER, BOB, make(lake, CONSUMER, "f", "a = 2"))
    found = bobs(lake)
    assert (found.verdict, seen(found)) == ("unknown", {})
    assert found.reasons == (f"the data filter f was made by {CONSUMER} itself and is not read",)


def test_the_owners_filter_of_a_name_stays_the_owners(lake: Lake) -> None:
    """A filter of the same name that some account made does not cast doubt on the owner's own principals."""
    share(lake, BY_NAME)
    ann = f"arn:aws:iam::{CENTRAL}:role/ann"
    give(lake, CENTRAL, ann, make(lake, CENTRAL, "f", "a = 1"))
    make(lake, CONSUMER, "f", "a = 2")
    found = lake.observed().on(ann, T)
    assert (found.verdict, seen(found)) == ("enforced", dict.fromkeys(COLUMNS, "a = 1"))
