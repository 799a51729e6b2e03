"""Bench: the hands of a trial, as the role of apply, and what all trials name alike so that it can be taken away."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from reconciler.aws.asking import Asking, Reply
from reconciler.aws.refusals import PATIENCE
from reconciler.doctor.assumption import Answer, Assumption, Patient, Verdict
from reconciler.kinds.common.marks import role_path
from reconciler.kinds.common.policy_document import policy
from reconciler.kinds.roles.permissions_boundary import boundary_arn
from reconciler.model.address import Placement
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn, link_name, partition

NAME = "meshform-doctor"
TAG = {"TagKey": NAME, "TagValues": ["x"]}
HIDDEN = {"TagKey": NAME, "TagValues": ["y"]}
"""The value of the column that nobody is given."""
READER, LINK = "reader", link_name(NAME)
"""The role that queries in the consumer's account, and the link by which it does."""
PAUSE = 2.0
"""Seconds between two looks."""
_ROWS = "PrincipalResourcePermissions"

Told = tuple[Verdict, str]
Request = tuple[Placement, str, str, dict[str, Any]]


class Trial(Protocol):
    """A module of this folder. `answers` makes and asks; `leavings` are requests that take away what it made."""

    ASSUMPTIONS: tuple[Assumption, ...]

    def answers(self, bench: Bench) -> Iterator[Answer]: ...

    def leavings(self, bench: Bench) -> Iterator[Request]: ...


@dataclass(frozen=True, slots=True)
class Bench:
    """The central account, the first consumer's, and the role of apply in both."""

    mesh: Mesh
    plan: Asking
    apply: Asking
    central: Placement
    consumer: Placement | None
    notes: dict[str, Any] = field(default_factory=dict)
    """What one trial found and another needs."""
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many things of a sort are there by the trial's hand, by account and sort."""

    @staticmethod
    def of(patient: Patient) -> Bench:
        mesh, central = patient.mesh, placements.of_catalog(patient.mesh)
        accounts = [account for each in mesh.consumers.values() if (account := mesh.reader_account(each))]
        places = (placements.of_account(mesh, account) for account in accounts)
        consumer = next((place for place in places if place.account != central.account), None)
        return Bench(mesh, patient.plan, patient.apply, central, consumer)

    def do(self, place: Placement, service: str, operation: str, **params: Any) -> Reply:
        """A request as the role of apply; what it makes and takes away is counted."""
        reply = self.apply.do(place, service, operation, **params)
        if reply.answer is not None:
            for verb, number in (("Create", 1), ("Delete", -1)):
                if operation.startswith(verb):
                    self.made[place.account, operation.removeprefix(verb)] += number
        return reply

    def role_arn(self, place: Placement, name: str) -> str:
        """ARN of a role of the trial."""
        return f"arn:{partition(self.mesh.region)}:iam::{place.account}:role{role_path(self.mesh)}{NAME}-{name}"

    def applies_as(self, place: Placement) -> str:
        """ARN of the role of apply in an account."""
        account = self.mesh.account_by_id(place.account)
        assert account is not None
        return iam_arn(self.mesh, account, self.mesh.settings.roles.apply)

    def make_role(self, place: Placement, name: str, trusted: Mapping[str, Any], *statements: Any) -> Reply:
        """A role of the trial under the mesh's boundary, with these statements."""
        trust = policy([{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}])
        arn = boundary_arn(self.mesh, place.account)
        bound = {"PermissionsBoundary": arn} if arn else {}
        made = {"Path": role_path(self.mesh), "RoleName": f"{NAME}-{name}", "AssumeRolePolicyDocument": trust}
        reply = self.do(place, "iam", "CreateRole", **made, **bound)
        if reply.answer is not None and statements:
            document = policy(statements)
            named = {"RoleName": f"{NAME}-{name}", "PolicyName": NAME, "PolicyDocument": document}
            return self.do(place, "iam", "PutRolePolicy", **named)
        return reply

    def without_role(self, place: Placement, name: str) -> Iterator[Request]:
        """Requests that take a role away."""
        yield place, "iam", "DeleteRolePolicy", {"RoleName": f"{NAME}-{name}", "PolicyName": NAME}
        yield place, "iam", "DeleteRole", {"RoleName": f"{NAME}-{name}"}

    def grant(self, place: Placement, to: str, on: Any, *permissions: str, option: tuple[str, ...] = ()) -> Reply:
        """Give something, and the option to pass it on."""
        return self.do(place, "lakeformation", "GrantPermissions", **_row(to, on, permissions, option))

    def revoke(self, place: Placement, of: str, on: Any, *permissions: str, option: tuple[str, ...] = ()) -> Reply:
        """Take it back."""
        return self.do(place, "lakeformation", "RevokePermissions", **_row(of, on, permissions, option))

    def rows(self, place: Placement, *who: str, **asked: Any) -> list[Any]:
        """Rows of ListPermissions that name one of the principals."""
        found = self.apply.every(place, "lakeformation", "ListPermissions", _ROWS, **asked)
        return [row for row in found if row.get("Principal", {}).get("DataLakePrincipalIdentifier") in who]

    def until(self, holds: Callable[[], bool], seconds: float = PATIENCE["propagation"]) -> float | None:
        """Seconds until something holds; None where it never did."""
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > seconds:
                return None
            time.sleep(PAUSE)
        return time.monotonic() - began


def all_made(replies: Iterator[tuple[str, Reply]]) -> str:
    """Send one request after the other up to the first that is refused: why, or nothing."""
    return next((f"{what}: {reply}" for what, reply in replies if reply.answer is None), "")


def _row(who: str, on: Any, permissions: tuple[str, ...], option: tuple[str, ...]) -> dict[str, Any]:
    asked = {"Principal": {"DataLakePrincipalIdentifier": who}, "Resource": on, "Permissions": list(permissions)}
    return asked | ({"PermissionsWithGrantOption": list(option)} if option else {})
