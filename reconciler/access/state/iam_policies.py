"""IAM policies of a state: who may do what with objects and workgroups, as far as roles and buckets were seen.

Boundaries and service control policies are not read: what a policy allows counts as allowed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from reconciler.access.state.iam_statement import Statement, statements_of
from reconciler.kinds.giving import policies_in
from reconciler.model.resource import Snapshot


@dataclass(frozen=True, slots=True)
class IamPolicies:
    """Statements of roles by ARN, and of buckets by name with the account that owns them."""

    roles: Mapping[str, tuple[Statement, ...]]
    buckets: Mapping[str, tuple[str, tuple[Statement, ...]]]
    _indexes: dict[str, RoleIndex] = field(default_factory=dict, init=False, repr=False, compare=False)

    def role_may(self, role: str, action: str, arn: str) -> bool | None:
        """Whether a role's own policies let it; None where that depends on a condition."""
        return _decided(self.roles.get(role, ()), action, arn)

    def able(self, action: str, arn: str) -> set[str]:
        """The roles whose own policies let them, or may on a condition. Only those near the ARN are looked at."""
        return {role for role in self._near(action, arn) if self.role_may(role, action, arn) is not False}

    def _near(self, action: str, arn: str) -> set[str]:
        """The roles whose own policies may let them; no others do."""
        index = self._indexes.get(action)
        if index is None:
            index = self._indexes[action] = RoleIndex(self.roles, action)
        return index.near(arn)

    def readers(self, bucket: str, prefix: str) -> dict[str, bool]:
        """Who may get objects below a prefix, or versions of them, and whether that is certain."""
        found = dict(self.users("s3:GetObject", bucket, prefix))
        for name, certain in self.users("s3:GetObjectVersion", bucket, prefix):
            found[name] = found.get(name, False) or certain
        return found

    def users(self, action: str, bucket: str, prefix: str) -> Iterator[tuple[str, bool]]:
        """Who may do something with objects below a prefix, and whether that is certain."""
        owner, its = self.buckets.get(bucket, ("", ()))
        named = {name for each in its if each.allows for name in each.principals}
        # Which of them are let is not asked here: `use` asks it of each.
        roles = self._near(action, _objects(bucket, prefix))
        roles |= {name for name in named if ":role/" in name or ":user/" in name}
        if "*" in named:
            roles |= {role for role in self.roles if role.split(":")[4] == owner}
        for role in sorted(roles):
            certain = self.use(role, action, bucket, prefix)
            if certain is not None:
                yield role, certain
        for name in sorted(named):
            if (name == "*" or name.isdigit()) and name != owner:
                found = _decided([each for each in its if name in each.principals], action, _objects(bucket, prefix))
                if found is not False:
                    yield name, found is True

    def use(self, role: str, action: str, bucket: str, prefix: str) -> bool | None:
        """Whether it is certain that a role or user may do something with objects below a prefix; None if it may not.

        In the bucket's account either policy is enough; from another one both are needed.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
        """
        arn, account = _objects(bucket, prefix), role.split(":")[4]
        owner, its = self.buckets.get(bucket, ("", ()))
        own = self.roles.get(role, ())
        if _denied(its, role, account, action, arn) or _denied(own, role, account, action, arn):
            return None
        mine = self.role_may(role, action, arn) if role in self.roles else None
        if account == owner or not owner:
            direct = _decided([each for each in its if {role, "*"} & {*each.principals}], action, arn)
            if mine or direct:
                return bool(owner)
            return False if (role in self.roles and mine is None) or direct is None else None
        theirs = _decided([each for each in its if _names(each, role, account)], action, arn)
        return None if theirs is False or mine is False else bool(mine and theirs)


class RoleIndex:
    """Roles by how the ARNs begin on which their policies allow an action."""

    def __init__(self, roles: Mapping[str, tuple[Statement, ...]], action: str) -> None:
        self._by_head: dict[str, set[str]] = {}
        for role, own in roles.items():
            for each in own:
                for head in each.reaches(action) if each.allows else ():
                    self._by_head.setdefault(head, set()).add(role)
        self._heads = sorted(self._by_head)
        self._lengths = sorted({*map(len, self._heads)})

    def near(self, arn: str) -> set[str]:
        """The roles that may be allowed it on an ARN, or on anything below it; no others are."""
        found: set[str] = set()
        for length in self._lengths[: bisect_right(self._lengths, len(arn))]:
            found |= self._by_head.get(arn[:length], set())
        for head in islice(self._heads, bisect_left(self._heads, arn), None):
            if not head.startswith(arn):
                break
            found |= self._by_head[head]
        return found


def iam_policies(snapshot: Snapshot) -> IamPolicies:
    """The policies that a snapshot has."""
    roles: dict[str, tuple[Statement, ...]] = {}
    buckets: dict[str, tuple[str, tuple[Statement, ...]]] = {}
    for policy in policies_in(snapshot):
        own = tuple(statements_of(policy.document))
        if policy.on == "principal":
            roles[policy.name] = (*roles.get(policy.name, ()), *own)
        else:
            buckets[policy.name] = (policy.account, (*buckets.get(policy.name, ("", ()))[1], *own))
    by_name = {(arn.split(":")[4], arn.rpartition("/")[2]): arn for arn in roles}
    return IamPolicies(
        roles,
        {name: (owner, tuple(_resolved(each, by_name) for each in its)) for name, (owner, its) in buckets.items()},
    )


def _resolved(statement: Statement, by_name: Mapping[tuple[str, str], str]) -> Statement:
    """A statement with the paths of the roles that it names without one, as sessions are named."""
    names = tuple(
        by_name.get((name.split(":")[4], name.rpartition("/")[2]), name) if name.count("/") == 1 else name
        for name in statement.principals
    )
    return replace(statement, principals=names)


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
    """Whether nothing below an ARN is left: what denies a part of it, or on a condition, leaves the rest."""
    return any(
        not each.allows
        and not each.conditional
        and each.is_about_all(action, arn)
        and (not each.principals or _names(each, role, account))
        for each in those
    )


def _names(statement: Statement, role: str, account: str) -> bool:
    return bool({role, account, "*"} & {*statement.principals})


def _objects(bucket: str, prefix: str) -> str:
    """How the ARNs of objects below a prefix begin."""
    return f"arn:aws:s3:::{bucket}/{prefix}"
