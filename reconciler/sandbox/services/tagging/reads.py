"""tagging:GetResources, over the resources of our own services and of moto's services."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.tagging.holders import tagged

PAGE = 100


@operation(honours="TagFilters ResourceTypeFilters ResourcesPerPage PaginationToken", action="tag:GetResources")
def get_resources(request: Request) -> Params:
    """Resources of the caller's account and region that carry all of the tags (API_GetResources).

    Each filter is a key with any of its values; a type is `service` or `service:resource`. The token of the last page
    is empty. AWS tells of a new tag only after a while; the sandbox at once.
    """
    params = request.params
    found = [
        (arn, tags)
        for arn, tags in sorted(tagged(request.world, request.caller.account, request.region))
        if tags and _carries(tags, params.get("TagFilters", ())) and _is_of(arn, params.get("ResourceTypeFilters", ()))
    ]
    start, size = _start(params.get("PaginationToken", "")), params.get("ResourcesPerPage", PAGE)
    after = start + size
    rows = [
        {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}
        for arn, tags in found[start:after]
    ]
    return {"ResourceTagMappingList": rows, "PaginationToken": str(after) if after < len(found) else ""}


def _start(token: str) -> int:
    if token and not token.isdigit():
        raise AwsError("PaginationTokenExpiredException", "The pagination token is not valid")
    return int(token or 0)


def _carries(tags: dict[str, str], filters: Any) -> bool:
    return all(
        wanted["Key"] in tags and (not wanted.get("Values") or tags[wanted["Key"]] in wanted["Values"])
        for wanted in filters
    )


def _is_of(arn: str, types: Any) -> bool:
    _, _, service, _, _, name = arn.split(":", 5)
    kind = name.partition("/")[0] if "/" in name else ""
    return not types or service in types or f"{service}:{kind}" in types
