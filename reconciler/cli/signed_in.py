"""Signing in: as whom, in which AWS and in which accounts a command works, said before anything is done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.report.plain import plain

if TYPE_CHECKING:
    from reconciler.aws.sessions import Sessions
    from reconciler.spec.mesh import Mesh

_MANY = 8
_SAID = "meshform.signed_in"
_ENDPOINT = "AWS_ENDPOINT_URL"


def signed_in(mesh: Mesh, *, writes: bool) -> Sessions:
    """Sessions as the plan role, or as the apply role; told on stderr. Raises Unreachable without credentials."""
    from reconciler import pipeline

    sessions = pipeline.sessions_for(mesh, writes=writes)
    tell_identity(sessions, mesh.region, mesh.accounts)
    return sessions


def signed_in_to_look_and_write(mesh: Mesh) -> tuple[Sessions, Sessions]:
    """Sessions as the plan role and as the apply role, told on stderr. Raises Unreachable without credentials.

    Twice as the latter where these credentials are let into no other, such as those of a job that may write.
    """
    from reconciler import pipeline

    looks, writes = (pipeline.sessions_for(mesh, writes=each) for each in (False, True))
    if looks.refusal(mesh.central.id) and not writes.refusal(mesh.central.id):
        looks = writes
    for each in dict.fromkeys((looks, writes)):
        tell_identity(each, mesh.region, mesh.accounts)
    return looks, writes


def signed_in_to_keep(mesh: Mesh, looks: Sessions) -> Sessions:
    """Sessions as the role of the central account that keeps evidence.

    `looks` themselves where that role does not let these credentials in, or is not there, as in an installation of
    before, which is told: AWS says then whether they may.
    """
    from reconciler.aws.sessions import Sessions
    from reconciler.forge import here
    from reconciler.kinds.roles.permissions_boundary import is_bootstrapped
    from reconciler.spec.names import keep_role

    if not is_bootstrapped(mesh):
        return looks
    role = keep_role(mesh)
    keeps = Sessions(role, mesh.region, mesh.settings.roles.external_id, here.job(), mesh.central.id)
    if not keeps.refusal(mesh.central.id):
        return keeps
    show.note(
        f"note: the role {role}, which keeps evidence, does not let these credentials in: as {looks.role} instead. "
        f"Deploy what `meshform bootstrap` prints for {mesh.central.name}, and let the job assume that role "
        "(MESHFORM_KEEP_ROLE)."
    )
    return looks


def tell_identity(sessions: Sessions, region: str, accounts: Iterable[str]) -> None:
    """As whom, in which AWS and in which accounts: a line on stderr, once in a command, unless it is to be quiet."""
    context = click.get_current_context(silent=True)
    if context is None or context.params.get("quiet"):
        return
    said: set[str] = context.meta.setdefault(_SAID, set())
    text = identity_text(sessions.whoami(), sessions.role, region, tuple(accounts), _simulated(sessions.endpoint))
    if text not in said:
        said.add(text)
        show.note(text)


def identity_text(who: str, role: str, region: str, accounts: tuple[str, ...], elsewhere: Iterable[str]) -> str:
    """`elsewhere`: what says that requests go to something that is not AWS."""
    names = ", ".join(accounts[:_MANY]) + (f" and {len(accounts) - _MANY} more" if len(accounts) > _MANY else "")
    where = f"{region}, {len(accounts)} account{'' if len(accounts) == 1 else 's'} ({names}) by the role {role}"
    simulated = "".join(f"; not AWS itself, but {each}" for each in elsewhere)
    return plain(f"As {who} in {where}{simulated}")


def _simulated(endpoint: str) -> Iterable[str]:
    """Each variable by which requests go elsewhere; else the address, where a profile says so.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    ignored = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
    said = [] if ignored else [name for name in sorted(os.environ) if name.startswith(_ENDPOINT) and os.environ[name]]
    if said or endpoint.rstrip("/").endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        return [f"{name}: {os.environ[name]}" for name in said]
    return [f"the endpoint {endpoint}"]
