"""IAM for the services that moto simulates: the action and the resources of a request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from reconciler.sandbox.http.messages import Scope, WireRequest
from reconciler.sandbox.http.protocol.models import model
from reconciler.sandbox.http.routes import s3_path
from reconciler.sandbox.services.iam.authorize import denial, require
from reconciler.sandbox.services.iam.policies import is_unlimited
from reconciler.sandbox.services.iam.s3 import authorize_s3

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.core.world import World

Fields = Mapping[str, Any]

#: Among the fields, the name of the operation: the same field may name different things.
_OPERATION = "(operation)"
_PATH = "(path)"
_TAG_KEY = re.compile(r"TagKeys\.member\.\d+|Tags\.member\.\d+\.Key")


def authorize_foreign(world: World, caller: Caller, scope: Scope, operation: str, wire: WireRequest) -> None:
    """Raise AccessDenied unless the caller may send this request to moto.

    S3 heeds bucket policies too. A request whose resources are not worked out here needs `*`: a policy that
    names resources does not allow it.
    """
    if scope.service == "s3":
        authorize_s3(world, caller, operation, wire)
        return
    if is_unlimited(caller):
        return
    if not operation:
        raise denial(scope.service, caller, f"{scope.service}:{wire.method} {wire.path}", "*")
    fields = {**_fields(scope.service, wire), _OPERATION: operation, _PATH: wire.path}
    resources = _RESOURCES.get(scope.service, _any)(fields, caller.account, scope.region)
    keys = _iam_keys(fields, caller.account) if scope.service == "iam" else {}
    require(world, caller, f"{scope.service}:{operation}", resources, scope.region, **keys)


def _iam_keys(fields: Fields, account: str) -> dict[str, str | list[str]]:
    """The boundary that a request sets, else that of the role or user that it changes; the policy that it gives; and
    the keys of the tags that it puts on or takes off.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
    """
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    holders = [*backend.roles.values(), *backend.users.values()]
    named = [each for each in holders if each.name in (fields.get("RoleName"), fields.get("UserName"))]
    there = getattr(named[0], "permissions_boundary_arn", None) if named else None
    keys = {
        "iam_PermissionsBoundary": fields.get("PermissionsBoundary") or there,
        "iam_PolicyARN": fields.get("PolicyArn"),
        "aws_TagKeys": [value for name, value in fields.items() if _TAG_KEY.fullmatch(name)],
    }
    return {key: value for key, value in keys.items() if value}


def told_fields(service: str, wire: WireRequest) -> Fields:
    """The parameters of a request, as CloudTrail tells them; of S3's only the bucket, and its new policy."""
    if service == "s3":
        bucket = s3_path(wire).strip("/").partition("/")[0]
        policy = _policy(wire) if wire.method == "PUT" and wire.query.partition("=")[0] == "policy" else {}
        return {"bucketName": bucket, **policy} if bucket else {}
    return {name: value for name, value in _fields(service, wire).items() if name not in ("Action", "Version")}


def _policy(wire: WireRequest) -> Fields:
    try:
        return {"bucketPolicy": json.loads(wire.body)}
    except ValueError:
        return {}


def _fields(service: str, wire: WireRequest) -> Fields:
    known = model(service)
    if known is not None and known.protocol in ("query", "ec2"):
        form = parse_qs(wire.body.decode(errors="replace"))
        return {name: values[0] for name, values in form.items()}
    try:
        body = json.loads(wire.body) if wire.body else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _any(_fields: Fields, _account: str, _region: str) -> list[str]:
    return ["*"]


def _iam(fields: Fields, account: str, _region: str) -> list[str]:
    path = fields.get("Path", "/")
    for field, kind in _IAM_KINDS.items():
        if field in fields:
            known = _known_arn(account, kind, fields[field])
            return [known or f"arn:aws:iam::{account}:{kind}{path}{fields[field]}"]
    own = next((fields[name] for name in ("PolicyArn", "OpenIDConnectProviderArn") if name in fields), "*")
    return [own]


_IAM_KINDS = {
    "RoleName": "role",
    "UserName": "user",
    "GroupName": "group",
    "InstanceProfileName": "instance-profile",
    "PolicyName": "policy",
}


def _known_arn(account: str, kind: str, name: str) -> str | None:
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    holders: Mapping[str, Any] = {"role": backend.roles, "user": backend.users}.get(kind, {})
    return next((str(holder.arn) for holder in holders.values() if holder.name == name), None)


def _sns(fields: Fields, account: str, region: str) -> list[str]:
    named = f"arn:aws:sns:{region}:{account}:{fields['Name']}" if "Name" in fields else None
    found = fields.get("TopicArn") or fields.get("ResourceArn") or fields.get("SubscriptionArn") or named
    return [found or f"arn:aws:sns:{region}:{account}:*"]


def _events(fields: Fields, account: str, region: str) -> list[str]:
    if fields[_OPERATION] in ("PutPermission", "RemovePermission"):
        # No resource in the Service Authorization Reference (list_amazoneventbridge).
        return ["*"]
    start = f"arn:aws:events:{region}:{account}"
    bus = str(fields.get("EventBusName") or "default").rpartition("/")[2]
    if entries := fields.get("Entries"):
        buses = {str(entry.get("EventBusName") or "default").rpartition("/")[2] for entry in entries}
        return sorted(f"{start}:event-bus/{name}" for name in buses)
    if fields[_OPERATION].endswith("EventBus"):
        return [f"{start}:event-bus/{str(fields.get('Name') or 'default').rpartition('/')[2]}"]
    rule = fields.get("Rule") or fields.get("Name")
    if rule:
        return [f"{start}:rule/{rule}" if bus == "default" else f"{start}:rule/{bus}/{rule}"]
    return [fields.get("ResourceARN") or f"{start}:event-bus/{bus}"]


def _sqs(fields: Fields, account: str, region: str) -> list[str]:
    name = fields.get("QueueName") or str(fields.get("QueueUrl", "*")).rpartition("/")[2]
    return [f"arn:aws:sqs:{region}:{account}:{name}"]


def _ssm(fields: Fields, account: str, region: str) -> list[str]:
    names = fields.get("Names") or [fields.get("Name") or fields.get("Path") or "*"]
    return [f"arn:aws:ssm:{region}:{account}:parameter/{str(name).lstrip('/')}" for name in names]


def _dynamodb(fields: Fields, account: str, region: str) -> list[str]:
    return [f"arn:aws:dynamodb:{region}:{account}:table/{fields.get('TableName', '*')}"]


def _databrew(fields: Fields, account: str, region: str) -> list[str]:
    """Names are in the path (`/datasets/x`); what creates has no resource (list_awsgluedatabrew)."""
    if fields[_OPERATION].startswith("Create"):
        return ["*"]
    _, folder, *rest = str(fields[_PATH]).split("/")
    kind = {"datasets": "dataset", "recipes": "recipe"}.get(folder, "job")
    name = rest[0] if rest else ""
    return [f"arn:aws:databrew:{region}:{account}:{kind}/{name}"] if name else ["*"]


_RESOURCES: dict[str, Callable[[Fields, str, str], list[str]]] = {
    "iam": _iam,
    "sns": _sns,
    "events": _events,
    "sqs": _sqs,
    "ssm": _ssm,
    "databrew": _databrew,
    "dynamodb": _dynamodb,
}
