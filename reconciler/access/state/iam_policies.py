"""IAM policies of a state: who may do what with objects and workgroups, as far as roles and buckets were seen.

Boundaries, service control policies and attached policies are not read: what a policy allows counts as allowed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reconciler.kinds.common.policy_document import listed, statements
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.model.resource import Snapshot


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: patterns of actions and resources (`but`: all others), whom it names, whether on a condition."""

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    but_actions: bool = False
    but_resources: bool = False
    principals: tuple[str, ...] = ()
    conditional: bool = False

    def is_about(self, action: str, arn: str) -> bool:
        """Whether it speaks of an action on a resource."""
        acts = any(_pattern(each.lower()).fullmatch(action.lower()) for each in self.actions)
        lies = any(_overlaps(each, arn) for each in self.resources)
        return acts != self.but_actions and lies != self.but_resources


@dataclass(frozen=True, slots=True)
class IamPolicies:
    """Statements of roles by ARN, and of buckets by name with the account that owns them."""

    roles: Mapping[str, tuple[Statement, ...]]
    buckets: Mapping[str, tuple[str, tuple[Statement, ...]]]

    def role_may(self, role: str, action: str, arn: str) -> bool | None:
        """Whether a role's own policies let it; None where that depends on a condition."""
        return _decided(self.roles.get(role, ()), action, arn)

    def users(self, action: str, bucket: str, prefix: str) -> Iterator[tuple[str, bool]]:
        """Who may do something with objects below a prefix, and whether that is certain.

        In the bucket's account either policy is enough; from another one both are needed.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
        """
        arn = f"arn:aws:s3:::{bucket}/{prefix}"
        owner, its = self.buckets.get(bucket, ("", ()))
        named = {name for each in its if each.allows for name in each.principals}
        for role in sorted({*self.roles, *(name for name in named if ":role/" in name or ":user/" in name)}):
            account = role.split(":")[4]
            mine = self.role_may(role, action, arn) if role in self.roles else None
            theirs = _decided([each for each in its if _names(each, role, account)], action, arn)
            if _denied(its, role, account, action, arn) or _denied(
                self.roles.get(role, ()), role, account, action, arn
            ):
                continue
            if account == owner or not owner:
                direct = _decided([each for each in its if {role, "*"} & {*each.principals}], action, arn)
                if mine or direct:
                    yield role, bool(owner)
                elif (role in self.roles and mine is None) or direct is None:
                    yield role, False
            elif theirs is not False and mine is not False:
                yield role, bool(mine and theirs)
        for name in sorted(named):
            if (name == "*" or name.isdigit()) and name != owner:
                found = _decided([each for each in its if name in each.principals], action, arn)
                if found is not False:
                    yield name, found is True


def iam_policies(snapshot: Snapshot) -> IamPolicies:
    """The policies that a snapshot has."""
    roles = {
        role.handle: tuple(
            each for text in (role.spec.policy, *role.spec.others) if text for each in _read(json.loads(text))
        )
        for role in snapshot.of(Role)
        if role.handle
    }
    buckets = {
        policy.address.name: (
            policy.address.placement.account,
            tuple(
                each
                for text in (*policy.spec.others, *(text for _, text in policy.spec.statements))
                for each in _read({"Statement": json.loads(text)})
            ),
        )
        for policy in snapshot.of(BucketPolicy)
    }
    return IamPolicies(roles, buckets)


def _decided(those: Iterable[Statement], action: str, arn: str) -> bool | None:
    """What allowing statements come to: True, False, or None where only a condition may."""
    found: bool | None = False
    for each in those:
        if each.allows and each.is_about(action, arn):
            if not each.conditional:
                return True
            found = None
    return found


def _denied(those: Iterable[Statement], role: str, account: str, action: str, arn: str) -> bool:
    return any(
        not each.allows
        and not each.conditional
        and each.is_about(action, arn)
        and (not each.principals or _names(each, role, account))
        for each in those
    )


def _names(statement: Statement, role: str, account: str) -> bool:
    return bool({role, account, "*"} & {*statement.principals})


def _read(document: Mapping[str, Any]) -> Iterator[Statement]:
    for each in statements(document):
        yield Statement(
            each.get("Effect") == "Allow",
            tuple(map(str, listed(each.get("Action", each.get("NotAction", ()))))),
            tuple(map(str, listed(each.get("Resource", each.get("NotResource", "*"))))),
            "NotAction" in each,
            "NotResource" in each,
            tuple(_principals(each)),
            bool(each.get("Condition")) or "NotPrincipal" in each,
        )


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    """ARNs and accounts; an account's root stands for the account."""
    principal = statement.get("Principal", "*" if "NotPrincipal" in statement else ())
    for name in listed(principal.get("AWS", ()) if isinstance(principal, Mapping) else principal):
        root = re.fullmatch(r"arn:[^:]*:iam::(\d{12}):root", str(name))
        yield root[1] if root else str(name)


def _overlaps(pattern: str, arn: str) -> bool:
    """Whether a pattern of resources reaches anything whose ARN begins so; partitions are not told apart."""
    pattern = re.sub(r"^arn:[^:]*:", "arn:aws:", pattern)
    head = re.split(r"[*?]|\$\{", pattern)[0]
    if arn.endswith("/") or ":s3:::" in arn:
        return (head.startswith(arn) and head != arn) or _pattern(pattern).fullmatch(f"{arn}0/0") is not None
    return _pattern(pattern).fullmatch(arn) is not None


@lru_cache(maxsize=10_000)
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of IAM; a variable in it may be anything."""
    text = re.sub(r"\$\{[^}]*\}", "*", text)
    parts = (".*" if each == "*" else "." if each == "?" else re.escape(each) for each in re.split(r"([*?])", text))
    return re.compile("".join(parts), re.DOTALL)
