"""PrincipalDirectory: what the evaluator must know beyond a snapshot, and the names by which people know principals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_steward_arns, permission_set_arn, principal_arn, steward_arns, writer_arn

_ACCOUNT = re.compile(r"arn:[^:]*:(?:iam|sts|quicksight):[^:]*:(\d{12}):")
_SHORT = re.compile(r"arn:[^:]*:(?:iam|sts):[^:]*:(\d{12}):(.+)")


@dataclass(frozen=True, slots=True)
class PrincipalDirectory:
    """Organizations and names around a snapshot.

    organizations      account id → organization id, for accounts in which RAM shares within it without invitations
    accounts           account id → name in the mesh
    principals         ARN → name in the mesh (`consumer/principal`)
    groups             ARN of a member → the groups of which the mesh says that he is one
    sensitivity_order  values of the sensitivity key, from the least to the most sensitive
    """

    organizations: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    principals: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sensitivity_key: str = "sensitivity"
    sensitivity_order: tuple[str, ...] = ()

    def label(self, principal: str) -> str:
        """How people call a principal: its name in the mesh, else account and role, else what AWS writes. An account's
        root, in policies, stands for everybody whom the account lets."""
        said = permission_set_arn(principal) or principal
        known = self.principals.get(said) or self.accounts.get(principal)
        if known is not None:
            return known
        short = _SHORT.fullmatch(principal)
        if short is None:
            return principal
        account, path = short.groups()
        if path == "root":
            return f"anybody of {self.accounts.get(account, account)}"
        return f"{self.accounts.get(account, account)}/{path.rpartition('/')[2]}"

    def trusted(self, principal: str) -> str:
        """How people call somebody whom a trust policy names."""
        return "anybody" if principal == "*" else self.label(principal)

    def same_organization(self, one: str, other: str) -> bool:
        """Whether shares between two accounts need no acceptance."""
        mine = self.organizations.get(one)
        return mine is not None and mine == self.organizations.get(other)


def principal_directory(mesh: Mesh) -> PrincipalDirectory:
    """The directory that a mesh describes."""
    labels: dict[str, str] = {}
    for account in mesh.accounts.values():
        labels |= {arn: f"{account.name}/{arn.rpartition('/')[2]}" for arn in steward_arns(mesh, account)}
    for domain in mesh.domains.values():
        labels |= {arn: f"{domain.name}/{arn.rpartition('/')[2]}" for arn in domain_steward_arns(mesh, domain)}
    for product in mesh.products.values():
        labels |= {writer_arn(mesh, product, each): f"{product.domain}/{each.name}" for each in product.writers}
    for consumer in mesh.consumers.values():
        if consumer.organization:
            labels[consumer.organization] = consumer.name
        labels |= {principal_arn(mesh, consumer, each): f"{consumer.name}/{each.name}" for each in consumer.principals}
    key = mesh.settings.sensitivity_key
    tag = mesh.tags.get(key)
    return PrincipalDirectory(
        organizations={account.id: account.organization for account in mesh.accounts.values() if account.organization},
        accounts={account.id: account.name for account in mesh.accounts.values()},
        principals=labels,
        groups=_groups(mesh),
        sensitivity_key=key.lower(),
        sensitivity_order=tuple(entry.value.lower() for entry in tag.values) if tag else (),
    )


def _groups(mesh: Mesh) -> dict[str, tuple[str, ...]]:
    """The groups of everybody whom the mesh calls a member of one."""
    found: dict[str, set[str]] = {}
    for consumer in mesh.consumers.values():
        for group in consumer.principals:
            for member in group.members:
                found.setdefault(member, set()).add(principal_arn(mesh, consumer, group))
    return {member: tuple(sorted(groups)) for member, groups in sorted(found.items())}


@cache
def account_of(principal: str) -> str | None:
    """The account that a principal belongs to: 12 digits; None for organizations, Identity Center and groups of AWS."""
    if is_account(principal):
        return principal
    if principal.endswith(":IAMPrincipals"):
        return principal.partition(":")[0]
    found = _ACCOUNT.match(principal)
    return found[1] if found else None


def is_account(principal: str) -> bool:
    """Whether a grantee is an account as a whole."""
    return len(principal) == 12 and principal.isdigit()


def is_organization(principal: str) -> bool:
    """Whether a grantee is an organization or one of its units."""
    return ":organizations:" in principal


def is_whole(principal: str) -> bool:
    """Whether a grantee is no single principal: an account as a whole, an organization or one of its units."""
    return is_account(principal) or is_organization(principal)


def is_iam(principal: str) -> bool:
    """Whether a principal is an IAM user or role, and so one of its account's IAMPrincipals."""
    return ":iam:" in principal and (":role/" in principal or ":user/" in principal)
