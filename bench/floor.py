"""The floor: how many calls the API makes unavoidable, for what the mesh has in AWS and for a plan's writes.

| read, by account                  | the floor                                                            |
|-----------------------------------|----------------------------------------------------------------------|
| sts.AssumeRole                    | 1                                                                    |
| GetDataLakeSettings               | 1                                                                    |
| ListPermissions                   | a page for 1,000 rows; of the own catalog, and of the central one    |
| ListDataCellsFilter               | 1 where shares were accepted: the account may make filters of its own|
| glue.GetDatabases                 | a page for 100                                                       |
| GetAccountAuthorizationDetails    | 1 where there are roles                                              |
| ListEventBuses                    | 1 where there is a bus                                               |
| ListRules, ListTargetsByRule      | 1 a bus with rules, 1 a rule                                         |
| S3                                | 6 a bucket: it has no bulk reading of settings                       |

| read, in the central account      | the floor                                                            |
|-----------------------------------|----------------------------------------------------------------------|
| glue.GetTables                    | a page for 100 tables of a database                                  |
| SearchTables-, SearchDatabasesBy- | a page for 100; a search names at most 50 products                   |
| others that are listed as a whole | 1 each                                                               |

| write                             | the floor                                                            |
|-----------------------------------|----------------------------------------------------------------------|
| Batch{Grant,Revoke}Permissions    | a call for 20 pairs of principal and resource in an account          |
| {Add,Remove}LFTags...Resource     | one for each set of tags on a table's columns, a table or a database |
| PutEvents                         | a call for 10 events                                                 |
| what a lookup decides             | none: there may be nothing to do (invitations to accept)             |
| everything else                   | what it takes: AWS has no bulk operation for it                      |

Not in the floor, though they are made: looks for what may be left behind where the mesh wants nothing any more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from math import ceil
from typing import Any

from reconciler.kinds import addresses
from reconciler.model.call import Call
from reconciler.model.lakeformation import Grant, OnTable, OnTag
from reconciler.model.plan import Plan
from reconciler.model.resource import Snapshot
from reconciler.spec.mesh import Mesh

OF_BUCKET = (
    "GetBucketEncryption",
    "GetBucketLifecycle",
    "GetBucketPolicy",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetPublicAccessBlock",
)
LISTED_AS_A_WHOLE = (
    "glue.GetResourcePolicy",
    "lakeformation.ListDataCellsFilter",
    "lakeformation.ListLFTagExpressions",
    "lakeformation.ListLFTags",
    "lakeformation.ListLakeFormationOptIns",
    "lakeformation.ListResources",
    "ram.GetResourceShareAssociations",
)


def reads(mesh: Mesh, found: Snapshot) -> Counter[str]:
    """The unavoidable calls of a plan, by service and operation, where AWS is as `found`."""
    floor: Counter[str] = Counter()
    for account in mesh.accounts.values():
        floor.update(_in_account(mesh, account.id, found))
    tables = Counter(each.spec.database for each in found.of_kind(addresses.TABLE))
    floor["glue.GetTables"] += sum(_pages(tables[each.address.name], 100) for each in found.of_kind(addresses.DATABASE))
    products = sorted(mesh.products.values(), key=lambda product: product.name)
    for start in range(0, len(products), 50):
        chosen = products[start : start + 50]
        floor["lakeformation.SearchDatabasesByLFTags"] += _pages(len(chosen), 100)
        floor["lakeformation.SearchTablesByLFTags"] += _pages(sum(len(each.tables) for each in chosen), 100)
    floor.update(LISTED_AS_A_WHOLE)
    return floor


def _in_account(mesh: Mesh, account: str, found: Snapshot) -> Iterable[str]:
    """The calls of one account, each as often as it must be made."""

    def here(kind: str) -> list[Any]:
        return [each for each in found.of_kind(kind) if each.address.placement.account == account]

    yield from ("sts.AssumeRole", "lakeformation.GetDataLakeSettings")
    rows = Counter(catalog for catalog, *_ in {_row(each.spec) for each in here(addresses.GRANT)})
    for catalog in {account, mesh.central.id}:
        yield from ["lakeformation.ListPermissions"] * _pages(rows[catalog], 1000)
    if here(addresses.RAM_ACCEPTANCE):
        yield "lakeformation.ListDataCellsFilter"
    yield from ["glue.GetDatabases"] * _pages(len(here(addresses.DATABASE)) + len(here(addresses.RESOURCE_LINK)), 100)
    if here(addresses.IAM_ROLE):
        yield "iam.GetAccountAuthorizationDetails"
    if here(addresses.EVENT_BUS):
        yield "events.ListEventBuses"
    rules = here(addresses.EVENT_RULE)
    yield from ["events.ListRules"] * len({each.spec.bus for each in rules})
    yield from ["events.ListTargetsByRule"] * len(rules)
    for _ in here(addresses.BUCKET):
        yield from (f"s3.{operation}" for operation in OF_BUCKET)


def _row(spec: Grant) -> tuple[str, ...]:
    """What stands in one row of ListPermissions: SELECT on a table has its own, the values of a tag share one."""
    target = spec.target
    if isinstance(target, OnTag):
        return (target.catalog, spec.principal, target.key)
    own = spec.permission if isinstance(target, OnTable) and spec.permission == "SELECT" else ""
    return (target.catalog, spec.principal, str(target), own, spec.condition or "")


def writes(plan: Plan) -> Counter[str]:
    """The unavoidable writes of a plan, by service and operation."""
    floor: Counter[str] = Counter()
    rows: dict[tuple[str, str], set[str]] = {}
    tagged: dict[tuple[str, str, str], set[str]] = {}
    events: Counter[str] = Counter()
    for call in (call for step in plan.steps for call in step.calls):
        if call.operation in ("GrantPermissions", "RevokePermissions"):
            row = {name: value for name, value in call.params.items() if not name.startswith("Permissions")}
            rows.setdefault((call.placement.account, call.operation), set()).add(_text(row))
        elif call.operation in ("AddLFTagsToResource", "RemoveLFTagsFromResource"):
            tagged.setdefault((call.operation, *_tagged(call)), set()).add(_text(call.params["LFTags"]))
        elif call.operation == "PutEvents":
            events[call.placement.account] += len(call.params["Entries"])
        elif call.operation and call.each is None:
            floor[f"{call.service}.{call.operation}"] += 1
    for (_, operation), found in rows.items():
        floor[f"lakeformation.Batch{operation}"] += ceil(len(found) / 20)
    sets = {(operation, resource, _text(sorted(tags))) for (operation, resource, _), tags in tagged.items()}
    floor.update(f"lakeformation.{operation}" for operation, _, _ in sets)
    floor["events.PutEvents"] += sum(ceil(number / 10) for number in events.values())
    return +floor


def _tagged(call: Call) -> tuple[str, str]:
    """What a tag is put on: the table (or whatever it is), and the column of it, if it is one."""
    resource = dict(call.params["Resource"])
    columns = resource.get("TableWithColumns", {}).get("ColumnNames", ())
    if columns:
        whole = {name: value for name, value in resource["TableWithColumns"].items() if name != "ColumnNames"}
        return _text({"columns of": whole}), _text(list(columns))
    return _text(resource), ""


def _pages(number: int, size: int) -> int:
    """Pages that it takes to see so many; an empty list takes one."""
    return max(1, ceil(number / size))


def _text(data: object) -> str:
    return json.dumps(data, sort_keys=True)
