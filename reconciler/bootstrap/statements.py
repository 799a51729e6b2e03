"""Policy statements: the actions of a role, each on no more than the mesh's own resources where IAM can tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from reconciler.bootstrap.actions import Duty, actions
from reconciler.kinds import AnyKind
from reconciler.kinds.common.marks import role_path
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, partition
from reconciler.spec.results import results_bucket

Statement = dict[str, Any]

_READS = ("Get", "List", "Describe", "BatchGet", "Search")
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
_WITHOUT_RESOURCE = frozenset({"sns:Unsubscribe", "sns:SetSubscriptionAttributes"})


def statements(mesh: Mesh, account: Account, duty: Duty, kinds: Mapping[str, AnyKind]) -> list[Statement]:
    """The statements of a role: one for each service and scope, and those for passing roles and keeping evidence."""
    wanted = actions(mesh, account, duty, kinds)
    found: list[Statement] = []
    rest = [action for action in wanted if action != "iam:PassRole"]
    rest.sort(key=lambda action: (_service(action), _resources(mesh, account, action), action))
    for (service, resources), group in groupby(
        rest, key=lambda action: (_service(action), _resources(mesh, account, action))
    ):
        found.append(
            {
                "Sid": f"{service.title()}{'Own' if resources != ('*',) else 'Any'}",
                "Effect": "Allow",
                "Action": list(group),
                "Resource": list(resources) if len(resources) > 1 else resources[0],
            }
        )
    if "iam:PassRole" in wanted:
        found.append(_pass_roles(mesh, account))
    if account == mesh.central:
        found += _chain(mesh, duty)
        if duty == "apply":
            found += _keeping(mesh)
    return found


def _service(action: str) -> str:
    return action.partition(":")[0]


def _resources(mesh: Mesh, account: Account, action: str) -> tuple[str, ...]:
    """What an action is allowed on. Reading is in bulk, and says what is not ours as well."""
    service, _, name = action.partition(":")
    part, place = partition(mesh.region), f"{mesh.region}:{account.id}"
    own = f"meshform-{mesh.name}"
    if service == "iam" and name != "GetAccountAuthorizationDetails":
        return (f"arn:{part}:iam::{account.id}:role{role_path(mesh)}*",)
    if name.startswith(_READS) or action in _WITHOUT_RESOURCE:
        return ("*",)
    match service:
        case "events":
            start = f"arn:{part}:events:{place}"
            return (f"{start}:event-bus/{own}", f"{start}:rule/{own}-*", f"{start}:rule/{own}/*")
        case "sns":
            return (f"arn:{part}:sns:{place}:{own}-*",)
        case "s3":
            return tuple(f"arn:{part}:s3:::{bucket}" for bucket in _buckets(mesh, account))
        case "athena":
            return (f"arn:{part}:athena:{place}:workgroup/*",)
        case "glue":
            return (f"arn:{part}:glue:{place}:*",)
        case "databrew":
            return (f"arn:{part}:databrew:{place}:*",)
        case _:
            # The actions of Lake Formation and RAM that write take no resource, or one that AWS itself names.
            return ("*",)


def _buckets(mesh: Mesh, account: Account) -> Iterable[str]:
    """The mesh's names for buckets, and those that documents give to buckets of this account."""
    names = {f"{mesh.name}-*"}
    names |= {domain_bucket(mesh, domain) for domain in mesh.domains_in(account)}
    names |= {bucket for consumer in mesh.consumers_in(account) if (bucket := results_bucket(mesh, consumer))}
    return sorted(name for name in names if name == f"{mesh.name}-*" or not name.startswith(f"{mesh.name}-"))


def _pass_roles(mesh: Mesh, account: Account) -> Statement:
    services = ("databrew", "events", "glue", "lakeformation")
    return {
        "Sid": "PassOwnRoles",
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": f"arn:{partition(mesh.region)}:iam::{account.id}:role{role_path(mesh)}*",
        "Condition": {"StringEquals": {"iam:PassedToService": [f"{service}.amazonaws.com" for service in services]}},
    }


def _chain(mesh: Mesh, duty: Duty) -> list[Statement]:
    """The central account's role goes on to the role of the same duty in every account of the mesh."""
    name = role_name(mesh, duty)
    part = partition(mesh.region)
    return [
        {
            "Sid": "GoOn",
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": [f"arn:{part}:iam::{account.id}:role/{name}" for account in mesh.accounts.values()],
        }
    ]


def _keeping(mesh: Mesh) -> list[Statement]:
    """Where apply keeps its journal and its lock."""
    part, found = partition(mesh.region), list[Statement]()
    journal, lock = mesh.settings.journal, mesh.settings.lock
    if journal.bucket:
        place = f"arn:{part}:s3:::{journal.bucket}/{journal.prefix}*"
        found.append({"Sid": "KeepTheJournal", "Effect": "Allow", "Action": "s3:PutObject", "Resource": place})
    if lock:
        place = f"arn:{part}:s3:::{lock.bucket}/{lock.key}"
        acts = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        found.append({"Sid": "HoldTheLock", "Effect": "Allow", "Action": acts, "Resource": place})
    return found


def role_name(mesh: Mesh, duty: Duty) -> str:
    """Name of a role, as mesh.yaml has it (without a path)."""
    roles = mesh.settings.roles
    return (roles.plan if duty == "plan" else roles.apply).rpartition("/")[2]
