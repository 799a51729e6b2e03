"""Tags on workgroups."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.workgroups import workgroup, workgroup_arn


def _resources(request: Request) -> list[str]:
    return [request.params["ResourceARN"]]


@operation(honours="ResourceARN Tags", resources=_resources)
def tag_resource(request: Request) -> Params:
    """Add tags to a workgroup (API_TagResource)."""
    _tags(request).update({tag["Key"]: tag.get("Value", "") for tag in request.params["Tags"]})
    return {}


@operation(honours="ResourceARN TagKeys", resources=_resources)
def untag_resource(request: Request) -> Params:
    """Remove tags from a workgroup (API_UntagResource)."""
    tags = _tags(request)
    for key in request.params["TagKeys"]:
        tags.pop(key, None)
    return {}


@operation(honours="ResourceARN", resources=_resources)
def list_tags_for_resource(request: Request) -> Params:
    """The tags of a workgroup (API_ListTagsForResource)."""
    return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(_tags(request).items())]}


def _tags(request: Request) -> dict[str, str]:
    arn: str = request.params["ResourceARN"]
    kind, _, name = arn.split(":")[-1].partition("/")
    if kind != "workgroup":
        raise request.not_simulated(f"on a {kind}")
    if arn != workgroup_arn(request, name):
        raise AwsError("ResourceNotFoundException", f"{arn} is not found")
    workgroup(request, name)
    found: dict[str, str] = request.world.athena.account(request.caller.account).tags.setdefault(arn, {})
    return found
