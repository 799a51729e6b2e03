"""Can both roles be assumed in every account, and is the region there?"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.spec import placements

ID = "roles-can-be-assumed"
ASSUMPTIONS = (Assumption(ID, "The roles of plan and apply can be assumed in every account.", blocker=True),)


def answers(patient: Patient) -> Iterable[Answer]:
    """By sts:GetCallerIdentity as each role in each account."""
    for account in patient.mesh.accounts.values():
        place = placements.of_account(patient.mesh, account)
        for asking in (patient.plan, patient.apply):
            reply = asking.ask(place, "sts", "GetCallerIdentity")
            if reply.answer is None:
                hint = "Deploy what `meshform bootstrap` prints, the central account's template first."
                yield Answer(ID, "refuted", f"{asking.role}: {reply}", account.name, hint)
            else:
                yield Answer(ID, "confirmed", f"{asking.role} is {reply.answer['Arn']}", account.name)
