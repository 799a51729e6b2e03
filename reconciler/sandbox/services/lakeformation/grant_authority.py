"""Who may grant: admins, holders of the grant option, and across accounts what was shared with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.lakeformation.authorization import place_covers
from reconciler.sandbox.services.lakeformation.grant_sources import at_table, on_database, scope, sources
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.holdings import holding, subject
from reconciler.sandbox.services.lakeformation.principals import caller_identities
from reconciler.sandbox.services.lakeformation.resources import (
    ANY_VALUE,
    Anchor,
    CellsFilter,
    Columns,
    Database,
    Expression,
    Location,
    Policy,
    Resource,
    Table,
    Tag,
    anchors,
)

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

Rows = Callable[[Anchor], Iterator[Row]]


def refusal() -> AwsError:
    """What AWS answers to who may not, without telling whether the resource exists."""
    message = "Resource does not exist or requester is not authorized to access requested permissions."
    return AwsError("AccessDeniedException", message)


def may_grant(lf: Store, caller: Caller, resource: Resource, permissions: set[str]) -> bool:
    """Whether the caller may grant (and revoke) permissions on a resource that exists."""
    at_home = resource.catalog == caller.account
    if lf.administers(caller):
        return True if at_home else _passes_on(lf, caller, resource, permissions, _scope(lf, caller, resource))
    found = sources(lf, caller.principal, resource.catalog, everyone=False)
    if at_home:
        return _passes_on(lf, caller, resource, permissions, found.direct)
    held = found.local is not None and _passes_on(lf, caller, resource, permissions, found.local)
    return held and _passes_on(lf, caller, resource, permissions, _scope(lf, caller, resource))


def may_be_passed_on(lf: Store, row: Row) -> bool:
    """Whether what an account passed on of another's catalog is still shared with it, with the option to pass it on."""
    root = f"arn:aws:iam::{row.grantor}:root"
    caller = Caller(row.grantor, root, root)
    return _passes_on(lf, caller, row.resource, row.permissions, _scope(lf, caller, row.resource))


def _scope(lf: Store, caller: Caller, resource: Resource) -> Rows:
    return lambda anchor: scope(lf, caller.account, resource.catalog, anchor)


def _passes_on(lf: Store, caller: Caller, resource: Resource, wanted: set[str], rows: Rows) -> bool:
    """Whether rows carry the grant option for all that is wanted."""
    match resource:
        case Database():
            return wanted <= _grantable_database(lf, resource, rows)
        case Table(name=None) | Columns(table=None):
            anchor = anchors(resource)[0]
            held = set().union(*(row.grantable for row in rows(anchor)))
            return "ALL" in held or wanted <= held
        case Table(catalog, database, str(name)) | Columns(catalog, database, str(name)):
            return _passes_on_table(lf, caller, resource, wanted, rows, (catalog, database, name))
        case CellsFilter(catalog, database, name):
            named = (row for row in rows(("table", catalog, database, name)) if row.resource == resource)
            held = set().union(*(row.grantable for row in named))
            return wanted <= held or _passes_on_table(lf, caller, resource, wanted, rows, (catalog, database, name))
        case Policy():
            return _passes_on_policy(lf, caller, resource, wanted, rows)
        case Tag(catalog, key, value):
            tags = (row for row in rows(("tag", catalog, key)) if _tag_covers(row.resource, value))
            return wanted <= set().union(*(row.grantable for row in tags))
        case Location(catalog, arn):
            places = (row for row in rows(("location", catalog)) if place_covers(row.resource, arn))
            return wanted <= set().union(*(row.grantable for row in places))
        case _:
            held = set().union(*(row.grantable for row in rows(anchors(resource)[0])))
            return "ALL" in held or wanted <= held


def _grantable_database(lf: Store, database: Database, rows: Rows) -> set[str]:
    return set(on_database(lf, database, rows, grantable=True))


def _passes_on_table(
    lf: Store, caller: Caller, resource: Resource, wanted: set[str], rows: Rows, at: tuple[str, str, str]
) -> bool:
    """A column list needs those columns; a filter needs every column of every row, but not abroad.

    SELECT on a whole shared table may be passed on even if only some columns were shared: the receiver
    then sees those (data-filtering-notes). At home tags pass on only their own expression.
    """
    table = subject(lf, *at)
    abroad = resource.catalog != caller.account
    found = (row for row in at_table(rows, table) if abroad or not isinstance(row.resource, Policy))
    held = holding(lf, table, found, grantable=True)
    everything = "SELECT" in held.permissions and all(map(held.reads_whole, table.every))
    match resource:
        case Table():
            return wanted <= held.permissions and (abroad or everything or "SELECT" not in wanted)
        case Columns(include=include) if include is not None:
            return all(map(held.reads_whole, include))
        case _ if abroad:
            return bool(held.cells)
        case _:
            return everything


def _passes_on_policy(lf: Store, caller: Caller, policy: Policy, wanted: set[str], rows: Rows) -> bool:
    """Rule 1, and only it, if the identical policy is held; else rule 2 (permission-cascading-rules).

    At home rule 2 is GRANT_WITH_LF_TAG_EXPRESSION on every pair, abroad DESCRIBE on every pair.
    """
    body = lf.body(policy)
    same = [row for row in rows(("policy", policy.catalog)) if _identical(lf, row.resource, policy, body)]
    if same:
        held = set().union(*(row.grantable for row in same))
        return "ALL" in held or wanted <= held
    need = "GRANT_WITH_LF_TAG_EXPRESSION" if policy.catalog == caller.account else "DESCRIBE"
    return body is not None and holds_pairs(rows, policy.catalog, body, need)


def _identical(lf: Store, resource: Resource, policy: Policy, body: Expression | None) -> bool:
    return isinstance(resource, Policy) and resource.kind == policy.kind and lf.body(resource) == body


def holds_pairs(rows: Rows, catalog: str, body: Expression, permission: str) -> bool:
    """Whether rows give a permission on every tag-value pair of an expression. Any permission is DESCRIBE."""

    def holds(key: str, value: str) -> bool:
        tags = (row for row in rows(("tag", catalog, key)) if _tag_covers(row.resource, value))
        return any(permission in row.permissions or permission == "DESCRIBE" for row in tags)

    return all(holds(key, value) for key, values in body for value in values)


def associates(lf: Store, caller: Caller, catalog: str, key: str, value: str) -> bool:
    """Whether the caller may put an LF-tag on resources: ASSOCIATE, of admins too (TBAC-adding-tag-creator)."""
    rows = lf.grants.held(caller_identities(caller), ("tag", catalog, key))
    return any("ASSOCIATE" in row.permissions and _tag_covers(row.resource, value) for row in rows)


def _tag_covers(resource: Resource, value: str) -> bool:
    return isinstance(resource, Tag) and resource.value in (ANY_VALUE, value)
