"""Passing on: who may let others read by a plan, or grant himself everything, and whether the change asks for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from reconciler.access import AccessDifference, AccessEntry, PrincipalDirectory
from reconciler.access.differences.assumed import Admin
from reconciler.access.state.principal_directory import is_account, is_organization
from reconciler.plan.requested_access import RequestedAccess
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn


@dataclass(frozen=True, slots=True)
class PassingOn:
    """What somebody may newly pass on (of accounts what nobody named there has), and new data lake administrators."""

    entries: tuple[AccessEntry, ...] = ()
    administrators: tuple[Admin, ...] = ()
    directory: PrincipalDirectory = field(default=PrincipalDirectory(), repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Nobody may."""
        return not (self.entries or self.administrators)

    def by_principal(self) -> Iterator[tuple[AccessEntry, ...]]:
        """The entries of one after another."""
        found: dict[str, list[AccessEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.principal, []).append(entry)
        yield from map(tuple, found.values())


NOBODY = PassingOn()


def passing_on(difference: AccessDifference, mesh: Mesh) -> PassingOn:
    """Everybody of a difference. The roles as which Meshform itself applies are its own administrators.

    https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
    """
    own = {iam_arn(mesh, account, mesh.settings.roles.apply) for account in mesh.accounts.values()}
    administrators = tuple(admin for admin in difference.admins_gained if admin[1] not in own)
    return PassingOn(difference.passed_on, administrators, difference.directory)


def who(entry: AccessEntry) -> str:
    """Who may pass it on; of an account or an organization that it is one."""
    if is_account(entry.principal):
        return f"the account {entry.label} as a whole"
    return f"the organization {entry.label} as a whole" if is_organization(entry.principal) else entry.label


def asked_for(found: PassingOn, asked: RequestedAccess, *, wanted: bool = True) -> PassingOn:
    """What of it the change asks for; with `wanted` False what comes besides."""
    return replace(
        found,
        entries=tuple(entry for entry in found.entries if asked.asks_to_pass_on(entry) is wanted),
        administrators=tuple(admin for admin in found.administrators if asked.asks_for_admin(*admin) is wanted),
    )


def founds(difference: AccessDifference, mesh: Mesh) -> bool:
    """Whether the plan makes Meshform itself administrator of the catalog: nothing of the mesh is there before."""
    return (mesh.central.id, iam_arn(mesh, mesh.central, mesh.settings.roles.apply)) in difference.admins_gained
