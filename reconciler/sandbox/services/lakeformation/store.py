"""What Lake Formation keeps in one region, and what its own modules ask of it.

What Glue, Athena and the rest of the sandbox ask is in `facade.py`.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.iam.propagation import is_over
from reconciler.sandbox.services.lakeformation.concurrency import Writers
from reconciler.sandbox.services.lakeformation.defaults import FRESH
from reconciler.sandbox.services.lakeformation.grants import GrantStore, Row
from reconciler.sandbox.services.lakeformation.lake import Filter, Lake, Registration
from reconciler.sandbox.services.lakeformation.paging import Pages
from reconciler.sandbox.services.lakeformation.principals import EVERYONE
from reconciler.sandbox.services.lakeformation.requests import location_arn
from reconciler.sandbox.services.lakeformation.resources import Catalog, CellsFilter, Expression, Policy


class Store:
    """State of all accounts in one region. Catalogs are account ids; names are in lower case."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grants = GrantStore()
        self.pages = Pages(world)
        self.writers = Writers(world)
        self._lakes: dict[str, Lake] = {}

    def lake(self, account: str) -> Lake:
        """The state of an account; a fresh account is as AWS makes it."""
        if account not in self._lakes:
            self._lakes[account] = self._fresh(account)
        return self._lakes[account]

    def lakes(self) -> list[Lake]:
        """The states of all accounts that were ever looked at."""
        return list(self._lakes.values())

    def administers(self, caller: Caller) -> bool:
        """Whether the caller is a data lake administrator of his own account."""
        lake = self.lake(caller.account)
        return caller.principal in lake.admins() and is_over(self.world, lake.promoted.get(caller.principal))

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

    def _fresh(self, account: str) -> Lake:
        """The state of an account that nobody has touched: everybody may create databases."""
        now = self.world.now()
        self.grants.grant(account, EVERYONE, Catalog(account), {"CREATE_DATABASE"}, (), at=now, by=account)
        return Lake(account, deepcopy(FRESH))
