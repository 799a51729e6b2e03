"""Granting and revoking: the checks in AWS's order, then the rows, then the RAM shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.iam.roles import role_id
from reconciler.sandbox.services.lakeformation import (
    column_lists,
    conditions,
    cross_account_checks,
    existence,
    permissions,
)
from reconciler.sandbox.services.lakeformation.grant_authority import may_be_passed_on, may_grant, refusal
from reconciler.sandbox.services.lakeformation.grantor_rights import require_glue
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.principals import canonical, check_exists, parsed
from reconciler.sandbox.services.lakeformation.requests import account_id, resources
from reconciler.sandbox.services.lakeformation.resources import (
    CellsFilter,
    Columns,
    Location,
    Policy,
    Resource,
    Table,
    Tag,
    anchors,
)
from reconciler.sandbox.services.lakeformation.visibility import sees_table

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.services.lakeformation.store import Store

MOST_FILTERS = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """One grant or revocation as it was asked for. An LF-tag with several values names several resources."""

    principal: str
    resources: list[Resource]
    permissions: set[str]
    grantable: set[str]
    condition: str | None = None


def wish(params: dict[str, Any], catalog: str | None, caller: Caller) -> Wish:
    """The wish of a request or of an entry of a batch. `catalog` is the request's own CatalogId."""
    missing = [m for m in ("Principal", "Resource") if not params.get(m)]
    if missing:
        raise AwsError("InvalidInputException", f"{missing[0]} is missing.")
    principal = canonical(params["Principal"].get("DataLakePrincipalIdentifier") or "")
    parsed(principal)
    return Wish(
        principal,
        resources(params["Resource"], account_id(catalog, caller.account)),
        set(params.get("Permissions") or ()),
        set(params.get("PermissionsWithGrantOption") or ()),
        (params.get("Condition") or {}).get("Expression"),
    )


def grant(lf: Store, caller: Caller, asked: Wish) -> None:
    """Grant; all or nothing. Errors: see `permissions.check`, `existence.check`, `cross_account_checks`, `refusal`."""
    check_exists(lf.world, asked.principal, caller.account)
    if asked.condition is not None:
        conditions.check(asked.principal, asked.resources, asked.grantable, asked.condition)
    for resource in asked.resources:
        _check_arrived(lf, caller, resource)
        permissions.check(resource, sorted(asked.permissions), sorted(asked.grantable))
        require_glue(lf, caller, resource)
        _check_exists(lf, caller, resource, asked.permissions)
        if not may_grant(lf, caller, resource, asked.permissions):
            raise refusal()
        if resource.catalog != caller.account:
            cross_account_checks.check_onward(caller.account, asked.principal)
        elif cross_account_checks.external(asked.principal, caller.account):
            cross_account_checks.check_outward(
                lf, caller.account, asked.principal, resource, asked.permissions, asked.grantable
            )
        _check_conflict(lf, caller.account, asked, resource)
    shared = [piece for resource in asked.resources for piece, _ in permissions.split(resource, asked.permissions)]
    for piece in shared if cross_account_checks.external(asked.principal, caller.account) else ():
        if piece.catalog == caller.account:
            row, version = lf.grants.row(caller.account, asked.principal, piece), lf.lake(caller.account).version()
            lf.world.ram.require_rights(caller, row, asked.principal, piece, version)
    lf.writers.write(_touched(caller, asked))
    for resource in asked.resources:
        for piece, held in permissions.split(resource, asked.permissions):
            _store(lf, caller, asked, piece, held)


def _check_arrived(lf: Store, caller: Caller, resource: Resource) -> None:
    """What another account has not, or not yet, shared cannot be passed on (data.all#526, #579, #588, #671)."""
    match resource:
        case Table(catalog, database, str(name)) | Columns(catalog, database, str(name)) if catalog != caller.account:
            if not sees_table(lf, caller, catalog, database, name):
                raise AwsError("AccessDeniedException", f"Insufficient Glue permissions to access table {name}")
        case _:
            pass


def _store(lf: Store, caller: Caller, asked: Wish, piece: Resource, held: set[str]) -> None:
    now = lf.world.now()
    if asked.condition is None:
        piece = column_lists.kept_as(lf, caller.account, asked.principal, piece)
    row = lf.grants.grant(
        caller.account,
        asked.principal,
        piece,
        held,
        held & asked.grantable,
        at=now,
        by=caller.principal,
        condition=asked.condition,
    )
    row.holder = role_id(asked.principal)
    if piece.catalog == caller.account and cross_account_checks.external(asked.principal, caller.account):
        row.share = lf.world.ram.share(row, lf.lake(caller.account).version())


def revoke(lf: Store, caller: Caller, asked: Wish) -> None:
    """Take away the permissions, and the grant options, that are there, even if the resource is gone.

    InvalidInputException: nothing of it is there ("No permissions revoked. ..."), or the principal holds
    other columns than those named ("Permissions modification is invalid.").
    """
    wanted = asked.permissions | asked.grantable
    if not wanted:
        raise AwsError("InvalidInputException", "Permissions cannot be empty.")
    for resource in asked.resources:
        wrong = wanted - permissions.valid(resource)
        if wrong:
            permissions.check(resource, sorted(wrong), [])
    for resource in asked.resources:
        require_glue(lf, caller, resource)
    found = [
        (row, held, piece)
        for resource in asked.resources
        for piece, held in permissions.split(resource, wanted)
        if (row := _row(lf, caller.account, asked, piece))
        and (row.permissions & held & asked.permissions or row.grantable & held & asked.grantable)
    ]
    for resource in asked.resources:
        if not found and not isinstance(resource, Location | Tag):
            _check_exists(lf, caller, resource, set())
        if not may_grant(lf, caller, resource, wanted):
            raise refusal()
    beliefs = lf.world.beliefs
    is_option_alone = not asked.permissions and beliefs["grant-option-alone"] == "refused"
    # Of LF-tags it was seen to be refused (terraform-provider-aws#35160), of the rest nobody knows.
    refuses_parts = beliefs["revoke-in-part"] == "refused" or isinstance(asked.resources[0], Tag)
    is_partial = refuses_parts and not _whole(found, asked)
    if is_option_alone:
        raise AwsError("InvalidInputException", "Permissions cannot be empty.")
    if not found or is_partial:
        raise _nothing(lf, caller.account, asked)
    if beliefs["rows-of-deleted-roles"] == "no":
        check_exists(lf.world, asked.principal, caller.account)
    lf.writers.write(_touched(caller, asked))
    for row, held, piece in found:
        if row.condition is None and column_lists.cut(lf, row, piece):
            continue
        gone = lf.grants.revoke(
            row, held & asked.permissions, held & asked.grantable, at=lf.world.now(), by=caller.principal
        )
        if gone:
            lf.world.ram.unshare(row, caller)
        if beliefs["passed-on-after-revoke"] == "gone" and row.resource.catalog == row.grantor:
            for onward in [each for each in lf.grants.on(row.grantor) if each.grantor != row.grantor]:
                if not may_be_passed_on(lf, onward):
                    lf.grants.drop(onward)


def _row(lf: Store, grantor: str, asked: Wish, piece: Resource) -> Row | None:
    """The row that a revocation names, under the same condition or none."""
    if asked.condition is None:
        return column_lists.held_in(lf, grantor, asked.principal, piece)
    return lf.grants.row(grantor, asked.principal, piece, asked.condition)


def _whole(found: list[tuple[Row, set[str], Resource]], asked: Wish) -> bool:
    """Whether everything that is to be revoked is there."""
    held: set[str] = set().union(*(row.permissions & part for row, part, _ in found))
    grantable: set[str] = set().union(*(row.grantable & part for row, part, _ in found))
    return asked.permissions <= held and asked.grantable <= grantable


def _touched(caller: Caller, asked: Wish) -> list[object]:
    """What writers collide at: the principal, and the resource, for a table whatever is granted on it."""
    alone = (Policy, Location)
    places = [r if isinstance(r, alone) else anchors(r)[0] for r in asked.resources]
    return [(caller.account, asked.principal), *places]


def _check_exists(lf: Store, caller: Caller, resource: Resource, wanted: set[str]) -> None:
    """Whether something exists is told only to those who may know: admins in their own account."""
    try:
        existence.check(lf, caller.account, resource, wanted)
    except AwsError as absent:
        if resource.catalog == caller.account and lf.administers(caller):
            raise
        raise refusal() from absent


def _check_conflict(lf: Store, grantor: str, asked: Wish, resource: Resource) -> None:
    """A table and chosen columns of it do not go together for one principal, but for DESCRIBE on the table.

    The latter is in force on AWS (terraform-provider-aws#39082).

    A principal holds at most 100 filters of a table (data-filtering-notes).
    """
    if isinstance(resource, CellsFilter):
        rows = lf.grants.held((asked.principal,), anchors(resource)[0])
        others = [r for r in rows if isinstance(r.resource, CellsFilter) and r.resource != resource]
        if len(others) >= MOST_FILTERS:
            message = f"More than {MOST_FILTERS} data cells filters of one table for one principal."
            raise AwsError("ResourceNumberLimitExceededException", message)
    if not isinstance(resource, Table | Columns):
        return
    for row in _on_same_table(lf, grantor, asked, resource):
        told = row.permissions if _chosen(resource) else asked.permissions
        if _chosen(row.resource) != _chosen(resource) and told != {"DESCRIBE"}:
            raise AwsError("InvalidInputException", "Permissions modification is invalid.")


def _on_same_table(lf: Store, grantor: str, asked: Wish, resource: Table | Columns) -> list[Row]:
    rows = lf.grants.held((asked.principal,), anchors(resource)[0])
    mine = (row for row in rows if row.grantor == grantor and row.condition == asked.condition)
    return [row for row in mine if isinstance(row.resource, Table | Columns) and not row.of_maker]


def _chosen(resource: Resource) -> bool:
    return isinstance(resource, Columns) and not resource.whole


def _nothing(lf: Store, grantor: str, asked: Wish) -> AwsError:
    first = asked.resources[0]
    if isinstance(first, Tag) and any(
        row.grantor == grantor for row in lf.grants.held((asked.principal,), anchors(first)[0])
    ):
        message = "No permissions revoked. Revoking Tag permissions on Tags that grantee does not have permissions on."
        return AwsError("InvalidInputException", message)
    if isinstance(first, Columns) and _on_same_table(lf, grantor, asked, first):
        return AwsError("InvalidInputException", "Permissions modification is invalid.")
    held = any(
        lf.grants.row(grantor, asked.principal, piece, asked.condition)
        for piece, _ in permissions.split(first, {"SELECT", "DROP"})
    )
    if held:
        lacking = ", ".join(permissions.ordered(asked.permissions | asked.grantable))
        return AwsError("InvalidInputException", f"No permissions revoked. Grantee does not have: [{lacking}]")
    message = "No permissions revoked. Grantee has no permissions and no grantable permissions on resource."
    return AwsError("InvalidInputException", message)
