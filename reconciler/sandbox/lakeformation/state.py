"""The Lake Formation of one region: its state, and what Glue and Athena ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.lakeformation.access import ReadAccess
from reconciler.sandbox.lakeformation.grants import GrantStore
from reconciler.sandbox.lakeformation.resources import Resource
from reconciler.sandbox.service import Caller

if TYPE_CHECKING:
    from reconciler.sandbox.world import World


class LakeFormation:
    """State of all accounts in one region. Catalogs are account ids; names are in lower case."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.grants = GrantStore()

    def authorize(self, caller: Caller, permission: str, resource: Resource) -> None:
        """Raise AccessDeniedException unless the caller holds the permission on the resource."""

    def authorize_location(self, caller: Caller, catalog: str, uri: str) -> None:
        """Raise AccessDeniedException unless the caller may point metadata at a registered location."""

    def sees_database(self, caller: Caller, catalog: str, database: str) -> bool:
        """Whether a database shows itself to the caller."""
        return True

    def sees_table(self, caller: Caller, catalog: str, database: str, table: str) -> bool:
        """Whether a table shows itself to the caller."""
        return True

    def visible_columns(self, caller: Caller, catalog: str, database: str, table: str) -> list[str] | None:
        """The columns that the caller sees in metadata; None means all."""
        return None

    def read_access(self, principal: str, catalog: str, database: str, table: str) -> ReadAccess:
        """What a principal (IAM ARN) may read of a table."""
        return ReadAccess("open")

    def created(self, caller: Caller, catalog: str, database: str, table: str | None = None) -> None:
        """Make the grants that come with a new database or table."""

    def dropped(self, catalog: str, database: str, table: str | None = None) -> None:
        """Forget grants, tags, filters and opt-ins of what was dropped."""

    def is_registered(self, uri: str) -> bool:
        """Whether a location (s3:// or ARN), or one above it, is registered."""
        return False

    def settings(self, account: str) -> dict:
        """The data lake settings of an account, as GetDataLakeSettings shows them."""
        everyone = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]
        return {
            "DataLakeAdmins": [],
            "CreateDatabaseDefaultPermissions": everyone,
            "CreateTableDefaultPermissions": everyone,
            "Parameters": {"CROSS_ACCOUNT_VERSION": "1"},
        }
