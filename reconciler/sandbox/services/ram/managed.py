"""RAM's managed permissions, as moto lists them: all of them, and those of a share."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.ram.reads import paged


@operation(honours="resourceType permissionType nextToken maxResults")
def list_permissions(request: Request) -> Params:
    """The permissions that AWS manages; customers' own cannot be made here."""
    wanted = (request.params.get("resourceType") or "").lower()
    if request.params.get("permissionType") == "CUSTOMER_MANAGED":
        return paged(request, "permissions", [])
    found = [p for p in _known() if wanted in ("", p["resourceType"].lower())]
    return paged(request, "permissions", found)


@operation(honours="resourceShareArn nextToken maxResults")
def list_resource_share_permissions(request: Request) -> Params:
    """The permissions of a share of one's own, or of one that arrived."""
    arn = request.params["resourceShareArn"]
    if not request.world.ram.knows((arn,), request.caller.account):
        raise AwsError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    held = request.world.ram.shares[arn].permissions
    return paged(request, "permissions", [p | {"status": "ASSOCIATED"} for p in _known() if p["arn"] in held])


def _known() -> list[dict[str, Any]]:
    from moto.ram.utils import AWS_MANAGED_PERMISSIONS

    return [dict(permission) for permission in AWS_MANAGED_PERMISSIONS]
