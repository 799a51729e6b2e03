"""What is known to be refused side by side touches something in common; the rest of a mesh does not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from reconciler.kinds import registry
from reconciler.kinds.touched import touched
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.plan.compile import compile_mesh
from reconciler.plan.turns import may_meet
from tests.estate import mesh_of
from tests.kinds.full import full

HERE = Placement("111111111111", "eu-west-1")
ROLE, OTHER = (f"arn:aws:iam::{HERE.account}:role/{name}" for name in ("reader", "other"))
ABROAD, ABROAD_TOO = (f"arn:aws:iam::222222222222:role/{name}" for name in ("reader", "other"))
TABLE = {"Table": {"CatalogId": HERE.account, "DatabaseName": "Sales", "Name": "Orders"}}
COLUMNS = {"TableWithColumns": {**TABLE["Table"], "ColumnNames": ["a"]}}
EVERY_TABLE = {"Table": {"CatalogId": HERE.account, "DatabaseName": "sales", "TableWildcard": {}}}
SECOND = {"Table": {**TABLE["Table"], "Name": "returns"}}


def lake(operation: str, **params: object) -> Call:
    return Call(HERE, "lakeformation", operation, params)


def grant(to: str, on: object) -> Call:
    return lake("GrantPermissions", Principal={"DataLakePrincipalIdentifier": to}, Resource=on)


def tag(on: object) -> Call:
    return lake("AddLFTagsToResource", Resource=on, LFTags=[])


def glue(operation: str, **params: object) -> Call:
    return Call(HERE, "glue", operation, params)


ONE_BY_ONE = {
    "two grants of one principal": (grant(ROLE, TABLE), grant(ROLE, SECOND)),
    "two grants on one table": (grant(ROLE, TABLE), grant(OTHER, COLUMNS)),
    "a table and all tables": (grant(ROLE, TABLE), grant(OTHER, EVERY_TABLE)),
    "principals of one other account": (grant(ABROAD, TABLE), grant(ABROAD_TOO, SECOND)),
    "another account and one of its roles": (grant("222222222222", TABLE), grant(ABROAD, SECOND)),
    "tags on a table and its columns": (tag(TABLE), tag(COLUMNS)),
    "two locations": (lake("RegisterResource", ResourceArn="a"), lake("DeregisterResource", ResourceArn="b")),
    "a location and a right on it": (
        lake("RegisterResource", ResourceArn="a"),
        grant(ROLE, {"DataLocation": {"ResourceArn": "a"}}),
    ),
    "settings and a grant": (lake("PutDataLakeSettings", DataLakeSettings={}), grant(ROLE, TABLE)),
    "two LF-tags": (lake("CreateLFTag", TagKey="a"), lake("UpdateLFTag", TagKey="b")),
    "tables of one database": (
        glue("CreateTable", DatabaseName="sales", TableInput={"Name": "a"}),
        glue("DeleteTable", DatabaseName="Sales", Name="b"),
    ),
    "a database and its table": (
        glue("CreateDatabase", DatabaseInput={"Name": "sales"}),
        glue("CreateTable", DatabaseName="sales", TableInput={"Name": "a"}),
    ),
    "what nobody knows": (glue("PutResourcePolicy", PolicyInJson="{}"), glue("DeleteCrawler", Name="a")),
}
TOGETHER = {
    "tags on two tables": (tag(TABLE), tag(SECOND)),
    "two principals on two tables": (grant(ROLE, TABLE), grant(OTHER, SECOND)),
    "two other accounts": (grant(ABROAD, TABLE), grant("333333333333", SECOND)),
    "tables of two databases": (
        glue("CreateTable", DatabaseName="sales", TableInput={"Name": "a"}),
        glue("CreateTable", DatabaseName="stock", TableInput={"Name": "a"}),
    ),
    "services": (glue("PutResourcePolicy", PolicyInJson="{}"), lake("PutDataLakeSettings", DataLakeSettings={})),
    "a rule on each of two buses": (
        Call(HERE, "events", "PutRule", {"Name": "a", "EventBusName": "x"}),
        Call(HERE, "events", "PutTargets", {"Rule": "a", "EventBusName": "y"}),
    ),
    "waiting": (glue(""), glue("PutResourcePolicy", PolicyInJson="{}")),
}


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_one_by_one(name: str) -> None:
    one, other = ONE_BY_ONE[name]
    assert not may_meet(touched(one), touched(other))


@pytest.mark.parametrize("name", TOGETHER)
def test_together(name: str) -> None:
    one, other = TOGETHER[name]
    assert may_meet(touched(one), touched(other))


def calls() -> Iterator[tuple[Address, Call]]:
    """Every request that makes or removes something of the full mesh."""
    for resource in compile_mesh(mesh_of(full()), registry()).values():
        kind = registry()[resource.address.kind]
        if kind.writes:
            yield from ((resource.address, call) for call in kind.create(resource) if call.operation)


def test_all_requests_of_one_service_that_change_one_thing_wait_for_each_other() -> None:
    """Its name is in each of them, whatever it is: none may pass the other."""
    by_thing: dict[tuple[Address, str], list[Call]] = {}
    for address, call in calls():
        if call.operation != "PutEvents":
            by_thing.setdefault((address, call.service), []).append(call)
    assert any(len(group) > 1 for group in by_thing.values())
    for group in by_thing.values():
        for one, other in combinations(group, 2):
            assert not may_meet(touched(one), touched(other)), (one, other)


def test_every_request_touches_something_of_its_service() -> None:
    for _, call in calls():
        assert touched(call)
        assert all(part[0] == call.service for part in touched(call))
