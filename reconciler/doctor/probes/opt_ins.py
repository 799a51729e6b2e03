"""May the role of plan, an administrator for reading only, list opt-ins?

https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListLakeFormationOptIns.html
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.spec import placements

ID = "readers-see-opt-ins"
ASSUMPTIONS = (Assumption(ID, "An administrator for reading only may list opt-ins."),)


def answers(patient: Patient) -> Iterable[Answer]:
    """In the central account and in those of consumers, once the role of plan is an administrator there."""
    for account in patient.mesh.accounts.values():
        if not {"central", "consumer"}.intersection(account.parts):
            continue
        place = placements.of_account(patient.mesh, account)
        settings = patient.plan.ask(place, "lakeformation", "GetDataLakeSettings").answer or {}
        document = settings.get("DataLakeSettings", {})
        admins = [*document.get("ReadOnlyAdmins", ()), *document.get("DataLakeAdmins", ())]
        names = {str(row["DataLakePrincipalIdentifier"]).rpartition("/")[2] for row in admins}
        reply = patient.plan.ask(place, "lakeformation", "ListLakeFormationOptIns", MaxResults=100)
        if reply.answer is not None:
            yield Answer(ID, "confirmed", f"{len(reply.answer['LakeFormationOptInsInfoList'])} rows", account.name)
        elif patient.plan.role.rpartition("/")[2] not in names:
            yield Answer(ID, "unknown", "the role of plan is no administrator there yet", account.name)
        else:
            hint = "Plans see no opt-ins of this account, and hold back what depends on them. Tell us."
            yield Answer(ID, "refuted", str(reply), account.name, hint)
