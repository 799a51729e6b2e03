"""May the roles do what AWS will ask of them? IAM simulates it, the organization's policies included.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.bootstrap.actions import Duty, duties
from reconciler.bootstrap.statements import Statement, role, statements
from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.kinds import registry
from reconciler.kinds.common.policy_document import listed
from reconciler.kinds.lakeformation.rights_of_grantors import CROSS_ACCOUNT, NAMED
from reconciler.spec import placements
from reconciler.spec.documents.account import Account
from reconciler.spec.names import iam_arn

SHARING, CATALOG, BARE, REST = (
    "grantors-may-share",
    "grantors-see-the-catalog",
    "actions-without-resource",
    "roles-have-their-rights",
)
ASSUMPTIONS = (
    Assumption(SHARING, "The apply roles have the rights over RAM and organizations of a grantor.", blocker=True),
    Assumption(CATALOG, "The apply roles may read the databases and tables that they grant on.", blocker=True),
    Assumption(BARE, "Actions that take no resource are allowed on all.", blocker=True),
    Assumption(REST, "The roles have every other right that Meshform needs.", blocker=True),
)
_AT_ONCE = 40
_HINT = "Deploy what `meshform bootstrap` prints for this account."


def answers(patient: Patient) -> Iterable[Answer]:
    """Each statement that bootstrap prints, tried on examples of its resources under its conditions."""
    for account in patient.mesh.accounts.values():
        denied: dict[str, set[str]] = {each.id: set() for each in ASSUMPTIONS}
        unheard = ""
        for duty in duties(patient.mesh, account):
            for action, is_bare, words in _denied(patient, account, duty):
                if words and duty == "keep":
                    # An installation of before has no such role, and what it applies by is answered all the same.
                    said = f"{role(patient.mesh, duty)}, which keeps evidence, could not be asked about: {words}"
                    yield Answer(REST, "unknown", said, account.name, _HINT)
                    continue
                unheard = unheard or words
                if not words:
                    denied[_id(action, is_bare=is_bare)].add(f"{action} ({duty})")
        for id_, actions in denied.items():
            if unheard:
                yield Answer(id_, "unknown", f"IAM could not be asked: {unheard}", account.name)
            elif actions:
                yield Answer(id_, "refuted", f"denied: {', '.join(sorted(actions))}", account.name, _HINT)
            else:
                yield Answer(id_, "confirmed", "IAM allows them all", account.name)


def _id(action: str, *, is_bare: bool) -> str:
    if action in NAMED:
        return CATALOG
    if action in CROSS_ACCOUNT:
        return SHARING
    return BARE if is_bare else REST


def _denied(patient: Patient, account: Account, duty: Duty) -> Iterator[tuple[str, bool, str]]:
    """Actions that are denied, and whether they were asked on all; or AWS's words where IAM does not answer."""
    source = iam_arn(patient.mesh, account, role(patient.mesh, duty))
    place = placements.of_account(patient.mesh, account)
    for statement in statements(patient.mesh, account, duty, registry()):
        actions = listed(statement["Action"])
        resources = listed(statement["Resource"])
        for start in range(0, len(actions), _AT_ONCE):
            reply = patient.plan.ask(
                place,
                "iam",
                "SimulatePrincipalPolicy",
                PolicySourceArn=source,
                ActionNames=actions[start : start + _AT_ONCE],
                ResourceArns=[_example(resource) for resource in resources[:1]],
                ContextEntries=_context(statement),
            )
            if reply.answer is None:
                yield "", False, str(reply)
                return
            for row in reply.answer["EvaluationResults"]:
                if row["EvalDecision"] != "allowed":
                    yield row["EvalActionName"], resources == ["*"], ""


def _example(pattern: str) -> str:
    return pattern if pattern == "*" else pattern.replace("*", "x")


def _context(statement: Statement) -> list[dict[str, Any]]:
    return [
        {
            "ContextKeyName": key,
            "ContextKeyValues": [_example(listed(values)[0])],
            "ContextKeyType": "string",
        }
        for operands in statement.get("Condition", {}).values()
        for key, values in operands.items()
    ]
