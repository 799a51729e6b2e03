"""The Lake Formation of one region: its state, and what Glue and Athena ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.service import Caller
from reconciler.sandbox.services.lakeformation import authorization, evaluation, lifecycle, visibility
from reconciler.sandbox.services.lakeformation.access import ReadAccess
from reconciler.sandbox.services.lakeformation.concurrency import Turns
from reconciler.sandbox.services.lakeformation.grants import GrantStore, Row
from reconciler.sandbox.services.lakeformation.lake import Filter, Lake, Registration
from reconciler.sandbox.services.lakeformation.paging import Pages
from reconciler.sandbox.services.lakeformation.requests import location_arn
from reconciler.sandbox.services.lakeformation.resources import CellsFilter, Expression, Location, Policy, Resource

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World


class LakeFormation:
    """State of all accounts in one region. Catalogs are account ids; names are in lower case."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grants = GrantStore()
        self.pages = Pages(world)
        self.turns = Turns(world)
        self._lakes: dict[str, Lake] = {}
        #: Whether ListPermissions without a resource lists grants on data cells filters; not documented.
        self.lists_filters_unasked = False

    # What Glue and Athena ask

    def authorize(self, caller: Caller, permission: str, resource: Resource) -> None:
        """Raise AccessDeniedException unless the caller holds the permission on the resource."""
        if not authorization.holds(self, caller, permission, resource):
            raise authorization.denied(permission, authorization.name_of(resource))

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

    def is_registered(self, catalog: str, uri: str) -> bool:
        """Whether a location (s3:// or ARN), or one above it, is registered, by the catalog's account or another."""
        return self.registration(catalog, uri) is not None

    def registration(self, catalog: str, uri: str) -> Registration | None:
        """The registration that covers a location: that of the catalog's account, else of any other."""
        arn = location_arn(uri)
        found = (lake.registration(arn) for lake in (self.lake(catalog), *self._lakes.values()))
        return next((each for each in found if each), None)

    def registrar(self, catalog: str, arn: str) -> str | None:
        """The account whose registration counts for a location in a catalog."""
        found = self.registration(catalog, arn)
        return found.info["RoleArn"].split(":")[4] if found else None

    def settings(self, account: str) -> dict[str, Any]:
        """The data lake settings of an account, as GetDataLakeSettings shows them."""
        return self.lake(account).settings

    # What the rest of Lake Formation asks

    def lake(self, account: str) -> Lake:
        """The state of an account; a fresh account is as AWS makes it."""
        if account not in self._lakes:
            self._lakes[account] = lifecycle.fresh(self, account)
        return self._lakes[account]

    def lakes(self) -> list[Lake]:
        """The states of all accounts that were ever looked at."""
        return list(self._lakes.values())

    def administers(self, caller: Caller) -> bool:
        """Whether the caller is a data lake administrator of his own account."""
        return caller.principal in self.lake(caller.account).admins()

    def reads_all(self, caller: Caller) -> bool:
        """Whether the caller is an administrator or read-only administrator of his own account."""
        return self.administers(caller) or caller.principal in self.lake(caller.account).read_only_admins()

    def receivers(self, account: str) -> tuple[str, ...]:
        """The principals as which an account receives: itself, its organization, its units."""
        return (account, *self.world.ram.memberships(account))

    def carried(self, row: Row, account: str) -> bool:
        """Whether a grant to another account (or a principal in it) has arrived there."""
        return row.implicit or self.world.ram.carries(row, account)

    def body(self, policy: Policy) -> Expression | None:
        """The expression of a policy; None if the saved one is gone."""
        if policy.name is None:
            return policy.expression
        saved = self.lake(policy.catalog).expressions.get(policy.name)
        return saved.body if saved else None

    def cells_filter(self, grantor: str, resource: CellsFilter) -> Filter | None:
        """The filter that a grant names: the grantor's own, else the one that the table's owner shared."""
        place = (resource.catalog, resource.database, resource.table)
        for account in (grantor, resource.catalog):
            found = self.lake(account).filters.get(place, {}).get(resource.name)
            if found:
                return found
        return None

    def is_hybrid(self, catalog: str, uri: str) -> bool:
        """Whether a location is registered in hybrid access mode."""
        found = self.registration(catalog, uri)
        return found is not None and bool(found.info["HybridAccessEnabled"])
