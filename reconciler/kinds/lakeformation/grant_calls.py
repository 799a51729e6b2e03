"""The requests that give and take one atom."""

from __future__ import annotations

from typing import Any

from reconciler.kinds.lakeformation import lf_codec
from reconciler.model.address import Placement
from reconciler.model.call import Call
from reconciler.model.lakeformation import Grant


def give(placement: Placement, grant: Grant) -> Call:
    """Grant it, with its grant option and its condition."""
    return Call(placement, "lakeformation", "GrantPermissions", _params(grant, [grant.permission]))


def take(placement: Placement, grant: Grant, *, only_option: bool = False) -> Call:
    """Revoke it, or only its grant option."""
    params = _params(grant, [] if only_option else [grant.permission])
    if only_option:
        params["PermissionsWithGrantOption"] = [grant.permission]
    return Call(placement, "lakeformation", "RevokePermissions", params)


def _params(grant: Grant, permissions: list[str]) -> dict[str, Any]:
    params: dict[str, Any] = {
        "Principal": {"DataLakePrincipalIdentifier": grant.principal},
        "Resource": lf_codec.encode(grant.target),
        "Permissions": permissions,
    }
    if grant.grantable:
        params["PermissionsWithGrantOption"] = [grant.permission]
    if grant.condition:
        params["Condition"] = {"Expression": grant.condition}
    return params
