"""Principals of a state: the IAM principals of each account, members of groups, tags."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.access.state.principal_directory import PrincipalDirectory, account_of, is_iam
from reconciler.kinds.common.policy_document import listed, statements
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.resource import Snapshot

OF_A_PROJECT = "AmazonDataZoneProject"
"""Whoever carries this tag counts as opted in for everything.

https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html
"""


@dataclass(frozen=True, slots=True)
class Principals:
    """Under which names grants reach whom.

    iam_in     account → its IAM users and roles that we know
    groups_of  principal → the groups that it is in, as the mesh says
    members    group → its members
    tags       role → its tags, where no session can add any
    opted_in   roles that count as opted in everywhere
    """

    iam_in: Mapping[str, tuple[str, ...]]
    groups_of: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    tags: Mapping[str, Mapping[str, str]]
    opted_in: frozenset[str] = frozenset()
    _identities: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def identities(self, principal: str) -> tuple[str, ...]:
        """The names under which grants reach a principal, his own first.

        https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
        """
        known = self._identities.get(principal)
        if known is None:
            home, known = account_of(principal), (principal, *self.groups_of.get(principal, ()))
            if home is not None and is_iam(principal):
                known = (*known, f"{home}:IAMPrincipals")
            self._identities[principal] = known
        return known

    def reached_by(self, grantee: str) -> tuple[str, ...]:
        """A grantee itself, with the members of a group, or every IAM principal of an account that we know."""
        if grantee.endswith(":IAMPrincipals"):
            return (grantee, *self.iam_in.get(grantee.partition(":")[0], ()))
        return (grantee, *self.members.get(grantee, ()))


def principals(snapshot: Snapshot, grantees: Iterable[str], directory: PrincipalDirectory) -> Principals:
    """The principals of a snapshot; those that the directory names are there without any grant."""
    iam_in: dict[str, list[str]] = {}
    for name in sorted({*grantees, *directory.principals, *directory.groups}):
        if is_iam(name):
            iam_in.setdefault(account_of(name) or "", []).append(name)
    members: dict[str, list[str]] = {}
    for name, groups in sorted(directory.groups.items()):
        for group in groups:
            members.setdefault(group, []).append(name)
    return Principals(
        {account: tuple(names) for account, names in iam_in.items()},
        directory.groups,
        {group: tuple(names) for group, names in members.items()},
        _tags(snapshot),
        frozenset(role.handle for role in snapshot.of(Role) if role.handle and OF_A_PROJECT in dict(role.spec.tags)),
    )


def _tags(snapshot: Snapshot) -> dict[str, Mapping[str, str]]:
    """Tags of roles. Session tags add to them or go before them, so they tell nothing of a role that takes some; nor do
    documents of a role that they only use, which is known by its name alone until AWS is asked.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    return {
        role.handle: dict(role.spec.tags)
        for role in snapshot.of(Role)
        if role.handle and role.spec.path and not _takes_session_tags(role.spec.trust)
    }


def _takes_session_tags(trust: str) -> bool:
    actions = {
        action.lower()
        for statement in statements(json.loads(trust or "{}"))
        if statement.get("Effect") == "Allow"
        for action in listed(statement.get("Action", "*"))
    }
    return any("*" in action or "?" in action or action == "sts:tagsession" for action in actions)
