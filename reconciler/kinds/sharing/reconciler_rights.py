"""What the apply role itself needs on a product's database: to change and drop what is in it, and no data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.lf_codec import encode
from reconciler.kinds.sharing.wanted_grant import WantedGrant, wanted_grant
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.lakeformation import ALL_TABLES, Grant, OnDatabase, OnTable, Target
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn

ON_DATABASE = ("ALTER", "CREATE_TABLE", "DESCRIBE", "DROP")
ON_TABLES = ("ALTER", "DESCRIBE", "DROP")
_MADE_DATABASE = ("ALL", *ON_DATABASE)
_MADE_TABLE = ("ALL", "DELETE", "INSERT", "SELECT", *ON_TABLES)
"""What AWS may give to the creator of a database and of a table."""


def apply_role_arn(mesh: Mesh, placement: Placement | None = None) -> str:
    """ARN of the role that makes what is made in an account, the central one if none is given: the apply role."""
    account = mesh.central if placement is None else mesh.account_by_id(placement.account)
    assert account is not None, "apply works in accounts of the mesh"
    return iam_arn(mesh, account, mesh.settings.roles.apply)


def reconciler_grants(mesh: Mesh, product: Product) -> Iterable[WantedGrant]:
    """On the database and on all of its tables: so nothing hangs on what AWS gives to whoever made a table.

    Administrators may not alter or drop what others made, but may grant themselves the permission to.
    https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
    """
    if product.catalog is not None or product.is_part:
        return  # Nothing in a catalog within the account's, or in a database of others, is made, changed or dropped.
    placement, role = placements.of_catalog(mesh), apply_role_arn(mesh)
    rights: list[tuple[Target, tuple[str, ...]]] = []
    for database in product.databases:
        rights.append((OnDatabase(placement.account, database), ON_DATABASE))
        rights.append((OnTable(placement.account, database, ALL_TABLES), ON_TABLES))
    for target, permissions in rights:
        for permission in permissions:
            yield wanted_grant(placement, Grant(role, target, permission, own=True), product.origin)


def on_database(placement: Placement, role: str, database: str) -> Iterator[Address]:
    """Where such a role's permissions on a database and on all of its tables are."""
    yield from _addresses(placement, role, OnDatabase(placement.account, database), _MADE_DATABASE)
    yield from on_table(placement, role, database, ALL_TABLES)


def on_table(placement: Placement, role: str, database: str, table: str) -> Iterator[Address]:
    """Where such a role's permissions on a table are."""
    yield from _addresses(placement, role, OnTable(placement.account, database, table), _MADE_TABLE)


def given_back(placement: Placement, role: str, made: OnDatabase | OnTable) -> Call:
    """The request by which a creator gives back what AWS gave to it with what it made.

    Where AWS has nothing to revoke, that is as well; what is left shows in the next plan.
    """
    permissions = sorted(_MADE_TABLE if isinstance(made, OnTable) else _MADE_DATABASE)
    params = {
        "Principal": {"DataLakePrincipalIdentifier": role},
        "Resource": encode(made),
        "Permissions": permissions,
        "PermissionsWithGrantOption": permissions,
    }
    done = frozenset({"InvalidInputException"})
    return Call(placement, "lakeformation", "RevokePermissions", params, success_errors=done)


def _addresses(placement: Placement, role: str, target: Target, permissions: Iterable[str]) -> Iterator[Address]:
    for permission in permissions:
        yield addresses.grant(placement, Grant(role, target, permission))
