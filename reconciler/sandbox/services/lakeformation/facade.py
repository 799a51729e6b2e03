"""The Lake Formation of one region as Glue, Athena and the rest of the sandbox ask it."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.lakeformation import authorization, evaluation, lifecycle, visibility
from reconciler.sandbox.services.lakeformation.access import ReadAccess
from reconciler.sandbox.services.lakeformation.requests import location_arn
from reconciler.sandbox.services.lakeformation.resources import Location, Resource
from reconciler.sandbox.services.lakeformation.store import Store


class LakeFormation(Store):
    """The store, with the questions of others."""

    def authorize(self, caller: Caller, permission: str, resource: Resource) -> None:
        """Raise AccessDeniedException unless the caller holds the permission on the resource."""
        if not self.may(caller, permission, resource):
            raise authorization.denied(permission, authorization.name_of(resource))

    def may(self, caller: Caller, permission: str, resource: Resource) -> bool:
        """Whether the caller holds the permission on the resource."""
        return authorization.holds(self, caller, permission, resource)

    def authorize_location(self, caller: Caller, catalog: str, uri: str, database: str | None = None) -> None:
        """Raise AccessDeniedException unless the caller may point metadata at a location.

        Only registered locations are guarded; the location of the database, and what is below it, is free
        to those who create tables in it (access-control-underlying-data).
        """
        arn = location_arn(uri)
        if not self.is_registered(catalog, uri):
            return
        home = (self.world.glue.database(catalog, database) or {}).get("LocationUri") if database else None
        if home and authorization.covers(location_arn(home), arn):
            return
        if not authorization.holds(self, caller, "DATA_LOCATION_ACCESS", Location(catalog, arn)):
            where = authorization.name_of(Location(catalog, arn))
            raise AwsError("AccessDeniedException", f"Insufficient Lake Formation permission(s) on {where}")

    def sees_database(self, caller: Caller, catalog: str, database: str) -> bool:
        """Whether a database shows itself to the caller."""
        return visibility.sees_database(self, caller, catalog, database)

    def sees_table(self, caller: Caller, catalog: str, database: str, table: str) -> bool:
        """Whether a table shows itself to the caller."""
        return visibility.sees_table(self, caller, catalog, database, table)

    def visible_columns(self, caller: Caller, catalog: str, database: str, table: str) -> list[str] | None:
        """The columns that the caller sees in metadata; None means all."""
        return visibility.visible_columns(self, caller, catalog, database, table)

    def read_access(self, principal: str, catalog: str, database: str, table: str) -> ReadAccess:
        """What a principal (IAM ARN) may read of a table."""
        return evaluation.read_access(self, principal, catalog, database, table)

    def created(self, caller: Caller, catalog: str, database: str, table: str | None = None) -> None:
        """Make the grants that come with a new database or table."""
        lifecycle.created(self, caller, catalog, database, table)

    def dropped(self, catalog: str, database: str, table: str | None = None) -> None:
        """Forget grants, tags, filters and opt-ins of what was dropped."""
        lifecycle.dropped(self, catalog, database, table)
