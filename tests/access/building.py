"""A few words to build snapshots with: one owner's catalog, two consumers, a table with three columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.access import Access, PrincipalDirectory, TableAccess, TableId, evaluate
from reconciler.access.algebra.rows import text
from reconciler.kinds import addresses
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.kinds.glue.table import Table
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.kinds.ram.share_contents import Contents
from reconciler.model.address import Address, Placement
from reconciler.model.lakeformation import (
    Grant,
    OnColumns,
    OnFilter,
    OnSavedExpression,
    OnTable,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.model.resource import AnyResource, Observation, Resource, Snapshot

OWNER, CONSUMER, OTHER = "111111111111", "222222222222", "333333333333"
ANN = f"arn:aws:iam::{OWNER}:role/ann"
BOB = f"arn:aws:iam::{CONSUMER}:role/bob"
EVE = f"arn:aws:iam::{OTHER}:role/eve"
GROUP = "arn:aws:identitystore:::group/g-1"
"""Of which the mesh says that Ann and Bob are in it."""
ORGANIZATION = f"arn:aws:organizations::{OWNER}:organization/o-abcdefghij"
FOR_A_WHOLE_ORGANIZATION = {
    "consumers/whole/consumer.yaml": "apiVersion: meshform/v1\nkind: Consumer\nname: whole\ndescription: x\nowner: x\n"
    f"organization: {ORGANIZATION}\n"
}
"""The document of a consumer, as a file of the example mesh."""
T = TableId(OWNER, "db", "t")
Parts = list[AnyResource | list[AnyResource]]
A, B, C = "a", "b", "c"
SAVED = OnSavedExpression(OWNER, "TABLE", "mine")
SALES = 'context.iam.principalTags.hasTag("team") && context.iam.principalTags.getTag("team") == "sales"'
NAMED_ACCOUNT = {"AWS": f"arn:aws:iam::{CONSUMER}:root"}
WORLD = PrincipalDirectory(
    accounts={OWNER: "owner", CONSUMER: "consumer", OTHER: "other"},
    principals={ANN: "owner/ann", BOB: "consumer/bob"},
    groups={ANN: (GROUP,), BOB: (GROUP,)},
    sensitivity_order=("public", "internal", "restricted"),
)


def placement(account: str) -> Placement:
    """The only region."""
    return Placement(account, "eu-west-1")


def table(
    name: str = "t",
    columns: str = "a b c",
    keys: str = "",
    *,
    database: str = "db",
    sort: str = "EXTERNAL_TABLE",
    uri: str = "",
    rest: Mapping[str, Any] | None = None,
) -> AnyResource:
    """A table of the owner; without a place of files unless `uri` says so."""
    return Resource(
        addresses.table(placement(OWNER), database, name),
        Table(
            database,
            name,
            "",
            tuple(Column(each, "string") for each in columns.split()),
            tuple(Column(each, "string") for each in keys.split()),
            Storage(uri, "", "", ""),
            (),
            type=sort,
            rest=rest or {},
        ),
    )


def tag(where: str, **values: str) -> list[AnyResource]:
    """LF-tags on `db`, `db.t` or `db.t.a`."""
    place = Place(*where.split("."))
    return [
        Resource(addresses.tag_assignment(placement(OWNER), place, key), TagAssignment(place, key, value))
        for key, value in values.items()
    ]


def give(
    principal: str,
    target: Target,
    *permissions: str,
    by: str = OWNER,
    condition: str | None = None,
    grantable: bool = False,
) -> list[AnyResource]:
    """Grants of an account: SELECT unless permissions are named."""
    found: list[AnyResource] = []
    for permission in permissions or ("SELECT",):
        spec = Grant(principal, target, permission, grantable, condition)
        found.append(Resource(addresses.grant(placement(by), spec), spec))
    return found


def named(name: str = "t", database: str = "db") -> OnTable:
    """A table by its name."""
    return OnTable(OWNER, database, name)


def columns(*names: str, excluded: bool = False) -> OnColumns:
    """Columns of the table `t`."""
    return OnColumns(OWNER, "db", "t", names, excluded)


def where(**pairs: str) -> OnTagPolicy:
    """Tables and columns by tags: `where(level="low high")` is level=low or level=high."""
    return OnTagPolicy(OWNER, "TABLE", expression({key: values.split() for key, values in pairs.items()}))


def row_filter(name: str, rows: str = "", *names: str, excluded: bool = False, on: str = "t") -> AnyResource:
    """A data filter; without columns on all of them."""
    spec = DataFilter("db", on, names, excluded or not names, rows)
    return Resource(addresses.data_filter(placement(OWNER), "db", on, name), spec)


def by_filter(name: str, on: str = "t") -> OnFilter:
    """The filter as a target."""
    return OnFilter(OWNER, "db", on, name)


def accepted(
    account: str = CONSUMER, *, pending: bool = False, arrived: Iterable[str] = (), waiting: Iterable[str] = ()
) -> AnyResource:
    """The owner's shares accepted in an account; what has arrived and what waits, as far as RAM lists it."""
    contents = Contents(frozenset(arrived), frozenset(waiting))
    return Resource(addresses.ram_acceptance(placement(account)), Acceptance(OWNER, pending, contents=contents))


def link(account: str = CONSUMER, name: str = "rl_db", database: str = "db") -> AnyResource:
    """A link of an account to the owner's database."""
    return Resource(addresses.resource_link(placement(account), name), ResourceLink(OWNER, database))


def registered(arn: str = "arn:aws:s3:::lake", *, hybrid: bool = False) -> AnyResource:
    """A place registered with Lake Formation."""
    return Resource(addresses.location(placement(OWNER), arn), Location("arn:aws:iam::1:role/r", hybrid))


def opted(principal: str, target: Target, by: str = OWNER, condition: str | None = None) -> AnyResource:
    """An opt-in."""
    spec = OptIn(principal, target, condition)
    return Resource(addresses.opt_in(placement(by), principal, target, condition), spec)


def admins(account: str, *arns: str) -> AnyResource:
    """Data lake administrators of an account."""
    return Resource(
        addresses.lake_settings(placement(account)), LakeSettings(frozenset(arns), frozenset(), "[]", "[]", 4)
    )


def saved(**pairs: str) -> AnyResource:
    """The saved expression `mine`."""
    body = expression({key: values.split() for key, values in pairs.items()})
    return Resource(Address(addresses.TAG_MARK, placement(OWNER), "mine"), TagMark(body, ""))


def role(arn: str, action: str = "sts:AssumeRole", **tags: str) -> AnyResource:
    """A role with tags, which may be assumed by an action."""
    trust = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": action}]})
    spec = Role("/", trust, "", tuple(sorted(tags.items())))
    return Resource(Address(addresses.IAM_ROLE, placement(OWNER), arn.rpartition("/")[2]), spec, handle=arn)


def version(number: int) -> AnyResource:
    """The owner's settings at a cross-account version."""
    return Resource(
        addresses.lake_settings(placement(OWNER)), LakeSettings(frozenset(), frozenset(), "[]", "[]", number)
    )


def catalog_policy(**other: object) -> AnyResource:
    """The statement that versions 1 and 2 need, for the consumer.

    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
    """
    start = f"arn:aws:glue:eu-west-1:{OWNER}"
    statement = {
        "Effect": "Allow",
        "Principal": NAMED_ACCOUNT,
        "Action": "glue:*",
        "Resource": [f"{start}:table/*", f"{start}:database/*", f"{start}:catalog"],
        "Condition": {"Bool": {"glue:EvaluatedByLakeFormationTags": True}},
        **other,
    }
    return Resource(addresses.catalog_policy(placement(OWNER)), CatalogPolicy((), (json.dumps(statement),)))


def state(*parts: AnyResource | list[AnyResource]) -> Snapshot:
    """A snapshot of all of them; the same resource twice counts once."""
    found: dict[object, AnyResource] = {}
    for part in parts:
        for each in part if isinstance(part, list) else [part]:
            found[each.address] = each
    return Snapshot(sorted(found.values(), key=lambda each: each.address))


def with_one_more(found: Snapshot, one: AnyResource) -> Snapshot:
    """The same with one thing more, or another one in its place."""
    return state([*found.values()], one)


def access(*parts: AnyResource | list[AnyResource], directory: PrincipalDirectory = WORLD) -> Access:
    """Effective access in a state of these parts."""
    return evaluate(state(*parts), directory)


def on(
    principal: str, *parts: AnyResource | list[AnyResource], place: TableId = T, directory: PrincipalDirectory = WORLD
) -> TableAccess:
    """What a principal has on the table in a state of these parts."""
    return access(*parts, directory=directory).on(principal, place)


def seen(found: TableAccess) -> dict[str, str | None]:
    """Readable columns with the condition on rows; None for all rows."""
    return {name: text(rows) for name, rows in found.columns.items()}


def everything(*names: str) -> dict[str, str | None]:
    """All rows of these columns."""
    return dict.fromkeys(names)


__all__ = [name for name in dir() if not name.startswith("_")] + ["Observation"]
