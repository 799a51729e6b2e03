"""What a grant across accounts needs at RAM: Lake Formation makes, extends and ends shares in the grantor's name.

https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.iam.authorize import require

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World
    from reconciler.sandbox.services.ram.shares import Share


def require_new(world: World, caller: Caller, kind: str, permissions: tuple[str, ...]) -> None:
    """Raise AccessDeniedException, in RAM's words, unless the caller may make a share."""
    what = {"ALL_TABLES": "Table", "TAG_TABLE": "Table", "TABLE": "Table"}.get(kind, "Database")
    _require(world, caller, "ram:CreateResourceShare", "*", ram_RequestedResourceType=f"glue:{what}")
    leaf = next((arn for arn in permissions if "AWSRAMLFEnabled" in arn), None)
    if leaf is not None:
        _require(world, caller, "ram:AssociateResourceSharePermission", "*", ram_PermissionArn=leaf)


def require_more(world: World, caller: Caller, share: Share) -> None:
    """The same for putting something into a share that is there (data.all#114)."""
    _require(world, caller, "ram:AssociateResourceShare", share.arn, ram_ResourceShareName=share.name)


def refusal(world: World, caller: Caller, share: Share, action: str) -> str:
    """Why the caller may not do something to a share; empty if he may."""
    try:
        require(world, caller, action, [share.arn], ram_ResourceShareName=share.name)
    except AwsError as error:
        return error.message
    return ""


def _require(world: World, caller: Caller, action: str, resource: str, **keys: str) -> None:
    try:
        require(world, caller, action, [resource], **keys)
    except AwsError as error:
        said = error.message.partition(" because ")[0]
        request = world.uuid()
        passed = f"{said} (Service: AWSRAM; Status Code: 403; Error Code: AccessDeniedException; Request ID: {request};"
        raise AwsError("AccessDeniedException", f"{passed} Proxy: null)") from error
