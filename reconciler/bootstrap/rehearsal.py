"""The roles of plan and apply as data, for accounts in which to rehearse: the sandbox's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.bootstrap.actions import duties
from reconciler.bootstrap.policies import policies
from reconciler.bootstrap.statements import role_name, statements
from reconciler.kinds import AnyKind
from reconciler.kinds.roles.permissions_boundary import boundary, boundary_name, is_bootstrapped
from reconciler.spec.mesh import Mesh

Policies = dict[str, Any]


def rehearsal(mesh: Mesh, kinds: Mapping[str, AnyKind]) -> Iterator[tuple[str, str, Policies, Policies]]:
    """Account id, role name and policies by name of every role that `meshform bootstrap` would print.

    The last are policies of the account that are nobody's yet: the boundary of the roles that apply makes.
    A mesh that names the organization's role, or one role for both, needs none of them: nothing.
    """
    if not is_bootstrapped(mesh):
        return
    for account in mesh.accounts.values():
        for duty in duties(mesh, account):
            documents = policies(statements(mesh, account, duty, kinds))
            named = {f"meshform-{duty}-{number}": document for number, document in enumerate(documents, 1)}
            name = boundary_name(mesh)
            bounds = {name: dict(boundary(mesh, account))} if name and duty == "apply" else {}
            yield account.id, role_name(mesh, duty), named, bounds
