"""The data lake settings of a fresh account."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.services.lakeformation.principals import EVERYONE

OPEN = [{"Principal": {"DataLakePrincipalIdentifier": EVERYONE}, "Permissions": ["ALL"]}]

FRESH: dict[str, Any] = {
    "DataLakeAdmins": [],
    "ReadOnlyAdmins": [],
    "CreateDatabaseDefaultPermissions": OPEN,
    "CreateTableDefaultPermissions": OPEN,
    "Parameters": {"CROSS_ACCOUNT_VERSION": "4", "SET_CONTEXT": "TRUE"},
    "TrustedResourceOwners": [],
    "AllowExternalDataFiltering": False,
    "AllowFullTableExternalDataAccess": False,
    "ExternalDataFilteringAllowList": [],
    "AuthorizedSessionTagValueList": [],
}
"""The settings of a fresh account: everything is left to IAM (lf-permissions-reference #Super).

Since 2026 at the latest its version is 4 (three accounts, August 2026)."""
