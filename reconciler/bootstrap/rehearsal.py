"""The roles of plan and apply as data, for accounts in which to rehearse: the sandbox's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.bootstrap.actions import Duty
from reconciler.bootstrap.statements import role_name, statements
from reconciler.kinds import AnyKind
from reconciler.spec.mesh import Mesh

_THERE_ALWAYS = "OrganizationAccountAccessRole"


def rehearsal(mesh: Mesh, kinds: Mapping[str, AnyKind]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Account id, role name and policies by name of every role that `meshform bootstrap` would print.

    A mesh that names the organization's role, or one role for both, needs none of them: nothing.
    """
    duties: tuple[Duty, ...] = ("plan", "apply")
    names = {role_name(mesh, duty) for duty in duties}
    if _THERE_ALWAYS in names or len(names) != len(duties):
        return
    for account in mesh.accounts.values():
        for duty in duties:
            document = {"Version": "2012-10-17", "Statement": statements(mesh, account, duty, kinds)}
            yield account.id, role_name(mesh, duty), {f"meshform-{duty}": document}
