"""What may leave an account, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.lakeformation.principals import EVERYONE, parsed
from reconciler.sandbox.services.lakeformation.resources import (
    Catalog,
    Columns,
    Database,
    Policy,
    Resource,
    SavedExpression,
    Table,
    Tag,
    anchors,
)

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

DIRECT = ("iam", "federated", "group")


def external(principal: str, account: str) -> bool:
    """Whether a principal lies outside an account: another account, its principals, an organization."""
    kind, owner = parsed(principal)
    return kind in ("organization", "unit") or (owner is not None and owner != account)


def check_outward(
    lf: Store, account: str, principal: str, resource: Resource, permissions: set[str], grantable: set[str]
) -> None:
    """Refuse what the owner of a resource cannot grant to a principal outside (cross-account-notes)."""
    kind, receiver = parsed(principal)
    version = lf.lake(account).version()
    if kind in DIRECT:
        if version < 3:
            message = "Cross-account grants to IAM principals need cross account version 3 or above."
            raise AwsError("InvalidInputException", message)
        if grantable:
            message = "Grant option is not supported for IAM principals of an external account."
            raise AwsError("InvalidInputException", message)
    match resource:
        case Catalog() | SavedExpression():
            raise AwsError("InvalidInputException", "Cross-account grants are not supported for this resource.")
        case Database() | Policy(kind="DATABASE") if permissions & {"ALL", "DROP"}:
            message = "ALL and DROP on a database cannot be granted to an external account."
            raise AwsError("InvalidInputException", message)
        case Columns(exclude=exclude) if exclude:
            message = "Excluded columns cannot be granted to an external account. Use a list of included columns."
            raise AwsError("InvalidInputException", message)
        case Tag():
            _check_tag(permissions, grantable)
        case _:
            pass
    if isinstance(resource, Policy) and version < 3:
        _check_old_policy(lf, kind, receiver)
    if isinstance(resource, Database | Table | Columns):
        _check_open(lf, account, version, resource)
    if kind in ("organization", "unit") and not lf.world.ram.shares_with_organization(account, principal):
        raise AwsError("InvalidInputException", f"Organization {principal.rsplit('/', 1)[-1]} not found.")


def _check_tag(permissions: set[str], grantable: set[str]) -> None:
    """Only DESCRIBE and ASSOCIATE, and only with grant option (TBAC-granting-tags)."""
    if permissions - {"DESCRIBE", "ASSOCIATE"} or grantable != permissions:
        message = "LF-Tag permissions to an external account are DESCRIBE and ASSOCIATE, with the grant option."
        raise AwsError("InvalidInputException", message)


def _check_old_policy(lf: Store, kind: str, receiver: str | None) -> None:
    """Before version 3 tag policies do not go through RAM (optimize-ram)."""
    if kind in ("organization", "unit"):
        message = "LF-Tag policies to organizations need cross account version 3 or above."
        raise AwsError("InvalidInputException", message)
    theirs = lf.lake(receiver).version() if receiver else 1
    if theirs >= 3:
        message = (
            f"Invalid cross account grant request. Consumer account has opt-in to cross account version: v{theirs}"
        )
        raise AwsError("InvalidInputException", message + ". Please update cross account version before granting.")


def _check_open(lf: Store, account: str, version: int, resource: Database | Table | Columns) -> None:
    """IAM_ALLOWED_PRINCIPALS on the object blocks sharing, but for hybrid locations from version 4 on."""
    place = None
    match resource:
        case Database(catalog, name):
            place = (lf.world.glue.database(catalog, name) or {}).get("LocationUri")
        case Table(catalog, database, str(name)) | Columns(catalog, database, str(name)):
            thing = lf.world.glue.table(catalog, database, name) or {}
            place = thing.get("StorageDescriptor", {}).get("Location")
    if not any(row.grantor == account for row in lf.grants.held((EVERYONE,), anchors(resource)[0])):
        return
    if version < 4 or (place and not lf.is_hybrid(account, place)):
        kind = "database" if isinstance(resource, Database) else "table"
        advice = f"Please revoke permission(s) for IAM_ALLOWED_PRINCIPALS on the {kind}."
        message = f"Insufficient Lake Formation permissions: Illegal combination. {advice}"
        raise AwsError("InvalidInputException", message)


def check_onward(account: str, principal: str) -> None:
    """What was shared may be passed on only to principals of the receiving account (cross-account-notes)."""
    kind, owner = parsed(principal)
    if kind not in DIRECT or owner != account:
        message = "A shared resource can be granted only to principals of the account that received it."
        raise AwsError("InvalidInputException", message)
