"""Can both roles be assumed in every account, and is the region there?"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.aws.asking import Asking
from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.model.address import Placement
from reconciler.spec import placements
from reconciler.spec.documents.account import Account
from reconciler.spec.names import iam_arn

ID = "roles-can-be-assumed"
ASSUMPTIONS = (Assumption(ID, "The roles of plan and apply can be assumed in every account.", blocker=True),)

_DEPLOY = "Deploy what `meshform bootstrap` prints, the central account's template first."


def answers(patient: Patient) -> Iterable[Answer]:
    """By sts:GetCallerIdentity as each role in each account, in each region that the account names.

    Whoever asks is let into the central account's role of one duty or of both, and from there into the others. Where he
    is not, others may be, such as a job of the forge: that is not known, unless the role is seen to be missing.
    https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
    """
    mesh = patient.mesh
    every = ((account, place) for account in mesh.accounts.values() for place in placements.in_account(mesh, account))
    for account, place in every:
        where = account.name if place.region == mesh.region else f"{account.name} in {place.region}"
        for asking in (patient.plan, patient.apply):
            if shut := patient.shut(asking):
                if place.region == mesh.region:
                    yield _from_outside(patient, asking, account, place, shut)
                continue
            reply = asking.ask(place, "sts", "GetCallerIdentity")
            if reply.answer is None:
                hint = _DEPLOY
                if place.region != mesh.region:
                    hint = f"Enable the region {place.region} in the account, or take it out of its `regions`."
                yield Answer(ID, "refuted", f"{asking.role}: {reply}", where, hint)
            else:
                yield Answer(ID, "confirmed", f"{asking.role} is {reply.answer['Arn']}", where)


def _from_outside(patient: Patient, asking: Asking, account: Account, place: Placement, shut: str) -> Answer:
    """What the role of plan sees of a role that cannot be assumed: whether it is there."""
    there = ""
    if not patient.shut(patient.plan):
        reply = patient.plan.ask(
            place,
            "iam",
            "SimulatePrincipalPolicy",
            PolicySourceArn=iam_arn(patient.mesh, account, asking.role),
            ActionNames=["sts:GetCallerIdentity"],
        )
        if reply.code == "NoSuchEntity":
            return Answer(ID, "refuted", f"{asking.role} is not there: {reply.message}", account.name, _DEPLOY)
        there = "is there, and " if reply.answer is not None else ""
    if account != patient.mesh.central:
        told = f"{asking.role} {there}was not tried: the central account's, by which it is entered, lets you not in"
        return Answer(ID, "unknown", told, account.name)
    hint = (
        "Run `meshform doctor` as somebody who is let into it: in the job that is, or as whom `meshform bootstrap "
        "--trust` names. `meshform bootstrap --check` says whether it trusts whom it should."
    )
    return Answer(ID, "unknown", f"{asking.role} {there}lets these credentials not in: {shut}", account.name, hint)
