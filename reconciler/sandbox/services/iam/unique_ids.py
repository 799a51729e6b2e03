"""Policies of resources keep a principal by its unique id: a role of the same name that is made later is another one.

Who is deleted is shown by that id, and a policy that names somebody who is not there cannot be set.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.iam.policy import statements

_IDENTITY = re.compile(r"arn:aws:iam::([0-9]{12}):(role|user)/.+")
_DELETIONS = {"DeleteRole": ("RoleName", "roles"), "DeleteUser": ("UserName", "users")}


def require_principals(service: str, operation: str, fields: Mapping[str, Any]) -> None:
    """Raise unless everybody is there whom a policy names that a request sets; its fields as CloudTrail tells them."""
    match service, operation:
        case "s3", "PutBucketPolicy":
            document, code = json.dumps(fields.get("bucketPolicy")), "MalformedPolicy"
            words = "Invalid principal in policy"
        case "iam", "CreateRole" | "UpdateAssumeRolePolicy":
            field = "AssumeRolePolicyDocument" if operation == "CreateRole" else "PolicyDocument"
            document, code = str(fields.get(field)), "MalformedPolicyDocument"
            words = 'Invalid principal in policy: "AWS":"{}"'
        case "sns", "SetTopicAttributes" if fields.get("AttributeName") == "Policy":
            document, code = str(fields.get("AttributeValue")), "InvalidParameter"
            words = "Invalid parameter: Policy Error: PrincipalNotFound"
        case "kms", "PutKeyPolicy":
            document, code = str(fields.get("Policy")), "MalformedPolicyDocumentException"
            words = "Policy contains a statement with one or more invalid principals."
        case _:
            return
    for principal in _principals(statements(document)):
        for name in _named(principal):
            if not _is_there(name):
                raise AwsError(code, words.format(name))


def going(operation: str, account: str, fields: Mapping[str, Any]) -> Mapping[str, str]:
    """Whom a request to IAM is about to delete: the ARN, and the unique id."""
    from moto.iam.models import iam_backends

    if operation not in _DELETIONS:
        return {}
    field, holders = _DELETIONS[operation]
    known = getattr(iam_backends[account]["aws"], holders).values()
    return {str(each.arn): _id(each) for each in known if each.name == fields.get(field)}


def show_by_id(gone: Mapping[str, str]) -> bool:
    """Put unique ids in the place of ARNs, in the policies of buckets, roles, topics and keys; whether any had one."""
    every = _policies() if gone else ()
    named = [(policy, put) for policy, put in every if statements(policy) and any(arn in policy for arn in gone)]
    for policy, put in named:
        document = json.loads(policy)
        for principal in _principals(document["Statement"]):
            shown = [gone.get(name, name) for name in _named(principal)]
            principal["AWS"] = shown if isinstance(principal["AWS"], list) else shown[0]
        put(json.dumps(document))
    return bool(named)


def _principals(told: Any) -> Iterator[dict[str, Any]]:
    """Whom statements name by ARN, by account or by unique id. moto takes any text as a policy."""
    for statement in told if isinstance(told, list | tuple) else [told]:
        for member in ("Principal", "NotPrincipal") if isinstance(statement, Mapping) else ():
            if isinstance(statement.get(member), dict) and "AWS" in statement[member]:
                yield statement[member]


def _policies() -> Iterator[tuple[str, Callable[[str], None]]]:
    """Every policy that names principals, and what puts another one in its place."""
    from moto.iam.models import iam_backends
    from moto.kms.models import kms_backends
    from moto.s3.models import s3_backends
    from moto.sns.models import sns_backends

    for backends in s3_backends.values():
        for bucket in backends["aws"].buckets.values():
            if bucket.policy:
                yield bucket.policy.decode(), partial(_set_bytes, bucket)
    for backends in iam_backends.values():
        for role in backends["aws"].roles.values():
            yield role.assume_role_policy_document, partial(setattr, role, "assume_role_policy_document")
    for backends in sns_backends.values():
        for topics in backends.values():
            for topic in topics.topics.values():
                yield topic.policy, partial(setattr, topic, "policy")
    for backends in kms_backends.values():
        for keys in backends.values():
            for key in keys.keys.values():
                yield key.policy, partial(setattr, key, "policy")


def _set_bytes(bucket: Any, policy: str) -> None:
    bucket.policy = policy.encode()


def _is_there(name: str) -> bool:
    """Of users and roles, by ARN or by unique id. Accounts, services and what is federated are not looked up, nor is
    who is in an account where nobody has been yet."""
    from moto.iam.models import iam_backends

    if found := _IDENTITY.fullmatch(name):
        if found[1] not in iam_backends:
            return True
        backend = iam_backends[found[1]]["aws"]
        holders = backend.roles if found[2] == "role" else backend.users
        return any(each.arn == name for each in holders.values())
    if name == "*" or name.startswith("arn:") or re.fullmatch(r"[0-9]{12}", name):
        return True
    backends = [each["aws"] for each in iam_backends.values()]
    return any(_id(each) == name for backend in backends for each in (*backend.roles.values(), *backend.users.values()))


def _id(identity: Any) -> str:
    """moto's ids of users lack what AWS's begin with."""
    found = str(identity.id)
    return found if found.startswith("AROA") else f"AIDA{found.upper()}"


def _named(principal: Mapping[str, Any]) -> list[str]:
    names = principal["AWS"]
    return [str(each) for each in (names if isinstance(names, list) else [names])]
