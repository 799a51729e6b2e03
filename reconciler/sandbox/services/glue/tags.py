"""Tags on Glue's resources (not LF-tags)."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request


def _resources(request: Request) -> list[str]:
    return [request.params["ResourceArn"]]


@operation(honours="ResourceArn TagsToAdd", resources=_resources)
def tag_resource(request: Request) -> Params:
    """Add tags; a key that is there gets the new value (API_TagResource)."""
    tags = _tags(request)
    tags.update(request.params["TagsToAdd"])
    if len(tags) > 50:
        raise AwsError("InvalidInputException", "A resource has at most 50 tags")
    return {}


@operation(honours="ResourceArn TagsToRemove", resources=_resources)
def untag_resource(request: Request) -> Params:
    """Remove tags; keys that are not there change nothing (API_UntagResource)."""
    tags = _tags(request)
    for key in request.params["TagsToRemove"]:
        tags.pop(key, None)
    return {}


@operation(honours="ResourceArn", resources=_resources)
def get_tags(request: Request) -> Params:
    """The tags of a resource (API_GetTags)."""
    return {"Tags": _tags(request)}


def _tags(request: Request) -> dict[str, str]:
    """The tags of an existing database, crawler, job or ruleset of the caller's account."""
    arn: str = request.params["ResourceArn"]
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[:3] != ["arn", "aws", "glue"]:
        raise AwsError("InvalidInputException", f"{arn} is not a valid ARN")
    kind, _, name = parts[5].partition("/")
    account = request.world.glue.account(request.caller.account)
    holders = {
        "database": account.databases,
        "crawler": account.crawlers,
        "job": account.jobs,
        "dataQualityRuleset": account.rulesets,
    }
    if kind not in holders:
        raise request.not_simulated(f"on a {kind}")
    if parts[4] != request.caller.account or name not in holders[kind]:
        raise AwsError("EntityNotFoundException", f"Resource {arn} not found.")
    found: dict[str, str] = account.tags.setdefault(arn, {})
    return found
