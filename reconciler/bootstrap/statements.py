"""Policy statements: the actions of a role, each on no more than the mesh's own resources where IAM can tell them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from reconciler.bootstrap.actions import Duty, actions
from reconciler.bootstrap.scopes import Scope, scope
from reconciler.kinds import AnyKind
from reconciler.kinds.common.marks import role_path
from reconciler.kinds.roles.location_role import register_role_names
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn, keep_role, partition

Statement = dict[str, Any]

_PASSED_TO = ("databrew", "events", "glue")


def statements(mesh: Mesh, account: Account, duty: Duty, kinds: Mapping[str, AnyKind]) -> list[Statement]:
    """The statements of a role: one for each service and scope, and those for passing roles and keeping evidence."""
    wanted = actions(mesh, account, duty, kinds)
    scoped = sorted(
        (_service(action), scope(mesh, account, action), action) for action in wanted if action != "iam:PassRole"
    )
    found = list[Statement]()
    for number, ((service, where), group) in enumerate(groupby(scoped, key=lambda each: each[:2])):
        found.append(_allow(f"{service.title()}{number}", [action for _, _, action in group], where))
    if "iam:PassRole" in wanted:
        found += _pass_roles(mesh, account)
    if account == mesh.central:
        found.append(_chain(mesh, duty))
        found += _keeping(mesh) if duty == "apply" else []
        found += _evidence(mesh, duty)
    return found


def _allow(sid: str, acts: list[str], where: Scope) -> Statement:
    found: Statement = {"Sid": sid, "Effect": "Allow", "Action": _plain(acts), "Resource": _plain(where.resources)}
    for operator, key, values in where.conditions:
        found.setdefault("Condition", {}).setdefault(operator, {})[key] = _plain(values)
    return found


def _plain(values: list[str] | tuple[str, ...]) -> list[str] | str:
    return values[0] if len(values) == 1 else list(values)


def _service(action: str) -> str:
    return action.partition(":")[0]


def _pass_roles(mesh: Mesh, account: Account) -> list[Statement]:
    """Own roles to the services that work by them. All of them are bounded.

    Whether RegisterResource tells IAM to whom a role is passed, no page says: roles of locations, which trust Lake
    Formation alone, may be passed without.
    """
    start = f"arn:{partition(mesh.region)}:iam::{account.id}:role{role_path(mesh)}"
    services = tuple(f"{service}.amazonaws.com" for service in _PASSED_TO)
    found = [
        _allow(
            "PassOwnRoles",
            ["iam:PassRole"],
            Scope((f"{start}*",), (("StringEquals", "iam:PassedToService", services),)),
        )
    ]
    if account == mesh.central:
        found.append(_allow("PassLocationRoles", ["iam:PassRole"], Scope((f"{start}{register_role_names()}",))))
    return found


def _chain(mesh: Mesh, duty: Duty) -> Statement:
    """The central account's role goes on to the role of the same duty in every account of the mesh; that which keeps
    evidence to itself, and to the central account's role of plan, by which it reads."""
    if duty == "keep":
        arns = [iam_arn(mesh, mesh.central, role(mesh, each)) for each in ("keep", "plan")]
    else:
        arns = [iam_arn(mesh, account, role(mesh, duty)) for account in mesh.accounts.values()]
    return _allow("GoOn", ["sts:AssumeRole"], Scope(tuple(arns)))


def _keeping(mesh: Mesh) -> list[Statement]:
    """Where apply keeps its journal and its lock."""
    part, found = partition(mesh.region), list[Statement]()
    journal, lock = mesh.settings.journal, mesh.settings.lock
    if journal.bucket:
        place = f"arn:{part}:s3:::{journal.bucket}/{journal.prefix}*"
        found.append(_allow("KeepTheJournal", ["s3:PutObject"], Scope((place,))))
        owed = f"arn:{part}:s3:::{journal.bucket}/{journal.prefix}owed/*"
        found.append(_allow("ClearWhatIsOwed", ["s3:DeleteObject"], Scope((owed,))))
    if lock:
        place = f"arn:{part}:s3:::{lock.bucket}/{lock.key}"
        found.append(_allow("HoldTheLock", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], Scope((place,))))
    return found


def _evidence(mesh: Mesh, duty: Duty) -> list[Statement]:
    """All read the journal and the kept snapshots beside it. Only who keeps evidence adds to it: whoever may push a
    branch acts as the role of plan, and what he could write or sign would prove nothing."""
    bucket = mesh.settings.journal.bucket
    signing = _signing(mesh, duty)
    if bucket is None:
        return signing
    start = f"arn:{partition(mesh.region)}:s3:::{bucket}"
    before = mesh.settings.journal.prefix.rstrip("/").rpartition("/")[0]
    snapshots = f"{start}/{before}/snapshots/*" if before else f"{start}/snapshots/*"
    found = [
        _allow("ReadTheEvidence", ["s3:GetObject"], Scope((f"{start}/{mesh.settings.journal.prefix}*", snapshots))),
        _allow("ListTheEvidence", ["s3:ListBucket"], Scope((start,))),
    ]
    if duty == "keep":
        found.append(_allow("KeepSnapshots", ["s3:DeleteObject", "s3:PutObject"], Scope((snapshots,))))
        reports = f"{start}/{mesh.settings.journal.prefix}reports/*"
        found.append(_allow("ProveReports", ["s3:PutObject"], Scope((reports,))))
    return found + signing


def _signing(mesh: Mesh, duty: Duty) -> list[Statement]:
    """An alias is no resource of a policy: the name that a request uses is told.

    https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    key = mesh.settings.journal.signing_key
    if key is None or duty == "apply":
        return []
    keys = f"arn:{partition(mesh.region)}:kms:{mesh.region}:{mesh.central.id}:key/*"
    alias = key.rpartition(":")[2] if "alias/" in key else None
    of = Scope((keys,), (("StringEquals", "kms:RequestAlias", (alias,)),)) if alias else Scope((key,))
    found = [_allow("VerifyReports", ["kms:Verify"], of)]
    return [*found, _allow("SignReports", ["kms:Sign"], of)] if duty == "keep" else found


def role(mesh: Mesh, duty: Duty) -> str:
    """A role as mesh.yaml has it, with its path."""
    match duty:
        case "plan":
            return mesh.settings.roles.plan
        case "apply":
            return mesh.settings.roles.apply
        case "keep":
            return keep_role(mesh)


def role_name(mesh: Mesh, duty: Duty) -> str:
    """Its name without the path."""
    return role(mesh, duty).rpartition("/")[2]
