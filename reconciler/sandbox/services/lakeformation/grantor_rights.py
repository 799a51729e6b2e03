"""What IAM must allow whoever grants, revokes or tags, besides the call itself: Lake Formation goes on in his name.

https://docs.aws.amazon.com/lake-formation/latest/dg/required-permissions-for-grant.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.glue.arns import arns
from reconciler.sandbox.services.iam.authorize import may
from reconciler.sandbox.services.lakeformation.resources import CellsFilter, Columns, Database, Resource, Table

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


def require_glue(lf: Store, caller: Caller, resource: Resource) -> None:
    """Raise AccessDeniedException unless the caller may read in Glue what he names (data.all#526)."""
    match resource:
        case Database(catalog, name):
            _require(lf, caller, "glue:GetDatabase", f"database {name}", arns(lf.world.region, catalog, name))
        case Table(catalog, database, name) | Columns(catalog, database, name) | CellsFilter(catalog, database, name):
            _require(lf, caller, "glue:GetDatabase", f"database {database}", arns(lf.world.region, catalog, database))
            where = arns(lf.world.region, catalog, database, name or "*")
            _require(lf, caller, "glue:GetTable", f"table {name or '*'}", where)
        case _:
            pass


def _require(lf: Store, caller: Caller, action: str, what: str, where: list[str]) -> None:
    if not all(may(lf.world, caller, action, arn) for arn in where):
        raise AwsError("AccessDeniedException", f"Insufficient Glue permissions to access {what}")
