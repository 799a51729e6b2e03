"""Do the shares that Lake Formation made through RAM stand?"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.spec import placements

ID = "shares-are-healthy"
ASSUMPTIONS = (Assumption(ID, "No share of Lake Formation has failed, and no invitation was rejected or has expired."),)


def answers(patient: Patient) -> Iterable[Answer]:
    """By the associations in the central account and the invitations in the others."""
    central = placements.of_catalog(patient.mesh)
    rows = [
        row
        for type_ in ("PRINCIPAL", "RESOURCE")
        for row in patient.plan.every(
            central, "ram", "GetResourceShareAssociations", "resourceShareAssociations", associationType=type_
        )
    ]
    bad = [row for row in rows if row["resourceShareName"].startswith("LakeFormation") and row["status"] == "FAILED"]
    for row in bad:
        told = f"{row['resourceShareName']} with {row['associatedEntity']} is FAILED: {row.get('statusMessage', '')}"
        hint = "Look who made it. One of the mesh's is made anew by the next grant once it is deleted."
        yield Answer(ID, "refuted", told, patient.mesh.central.name, hint)
    stuck = False
    for account in patient.mesh.accounts.values():
        place = placements.of_account(patient.mesh, account)
        invitations = patient.plan.every(place, "ram", "GetResourceShareInvitations", "resourceShareInvitations")
        for row in invitations:
            if row["resourceShareName"].startswith("LakeFormation") and row["status"] in ("REJECTED", "EXPIRED"):
                stuck = True
                told = f"the invitation to {row['resourceShareName']} is {row['status']}"
                hint = "The next apply offers the share again, and accepts it."
                yield Answer(ID, "refuted", told, account.name, hint)
    if not bad and not stuck:
        yield Answer(ID, "confirmed", "none has failed, none is stuck", patient.mesh.central.name)
