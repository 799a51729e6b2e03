"""Are the accounts in one organization? There RAM may share without invitations.

https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.spec import placements

ID = "one-organization"
ASSUMPTIONS = (Assumption(ID, "The accounts of the mesh are in one organization."),)


def answers(patient: Patient) -> Iterable[Answer]:
    """By organizations:DescribeOrganization in every account."""
    found: dict[str, str] = {}
    for account in patient.mesh.accounts.values():
        place = placements.of_account(patient.mesh, account)
        reply = patient.plan.ask(place, "organizations", "DescribeOrganization")
        if reply.answer is not None:
            found[account.name] = str(reply.answer["Organization"]["Id"])
        elif reply.code == "AWSOrganizationsNotInUseException":
            found[account.name] = "none"
        else:
            yield Answer(ID, "unknown", str(reply), account.name)
            return
    hint = "Each share sends an invitation, which apply accepts; grants to organizations fail."
    told = ", ".join(f"{name}: {organization}" for name, organization in sorted(found.items()))
    one = set(found.values())
    yield Answer(ID, "confirmed" if len(one) == 1 and one != {"none"} else "refuted", told, hint=hint)
