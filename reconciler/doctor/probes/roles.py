"""Can both roles be assumed in every account, and is the region there?"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.spec import placements

ID = "roles-can-be-assumed"
ASSUMPTIONS = (Assumption(ID, "The roles of plan and apply can be assumed in every account.", blocker=True),)


def answers(patient: Patient) -> Iterable[Answer]:
    """By sts:GetCallerIdentity as each role in each account, in each region that the account names.

    https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
    """
    mesh = patient.mesh
    every = ((account, place) for account in mesh.accounts.values() for place in placements.in_account(mesh, account))
    for account, place in every:
        where = account.name if place.region == mesh.region else f"{account.name} in {place.region}"
        for asking in (patient.plan, patient.apply):
            reply = asking.ask(place, "sts", "GetCallerIdentity")
            if reply.answer is None:
                hint = "Deploy what `meshform bootstrap` prints, the central account's template first."
                if place.region != mesh.region:
                    hint = f"Enable the region {place.region} in the account, or take it out of its `regions`."
                yield Answer(ID, "refuted", f"{asking.role}: {reply}", where, hint)
            else:
                yield Answer(ID, "confirmed", f"{asking.role} is {reply.answer['Arn']}", where)
