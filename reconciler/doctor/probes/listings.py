"""What does ListPermissions tell: of another account's catalog, of filters, and of ALL?

https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.spec import placements
from reconciler.spec.documents.account import Account

ABROAD, FILTERS, WHOLE = "listing-abroad", "filters-in-listings", "all-of-a-principal"
ASSUMPTIONS = (
    Assumption(ABROAD, "An account sees the grants to it under the central catalog's id.", blocker=True),
    Assumption(FILTERS, "A listing without a resource leaves grants on filters out."),
    Assumption(WHOLE, "ALL is told as ALL, also of one principal."),
)
_ROWS = "PrincipalResourcePermissions"


def answers(patient: Patient) -> Iterable[Answer]:
    """By listings in the central account, and of its catalog from the others."""
    central = placements.of_catalog(patient.mesh)
    rows = list(patient.plan.every(central, "lakeformation", "ListPermissions", _ROWS, CatalogId=central.account))
    for account in patient.mesh.accounts.values():
        if account != patient.mesh.central:
            yield _abroad(patient, account, rows)
    yield _filters(patient, rows)
    yield _whole(patient, rows)


def _abroad(patient: Patient, account: Account, rows: Iterable[Any]) -> Answer:
    place, catalog = placements.of_account(patient.mesh, account), patient.mesh.central.id
    given = sum(row["Principal"]["DataLakePrincipalIdentifier"] == account.id for row in rows)
    reply = patient.plan.ask(place, "lakeformation", "ListPermissions", CatalogId=catalog, MaxResults=100)
    if reply.answer is None:
        hint = "Plans hold back every grant that this account passes on. Tell us: the raw answers say how AWS refuses."
        return Answer(ABROAD, "refuted", f"denied: {reply}", account.name, hint)
    if reply.answer.get(_ROWS) or reply.answer.get("NextToken"):
        return Answer(ABROAD, "confirmed", "rows", account.name)
    if not given:
        return Answer(ABROAD, "unknown", "nothing is granted to the account yet", account.name)
    hint = "Grants that this account passes on are made again each time, and revokes are not seen. Tell us."
    return Answer(ABROAD, "refuted", f"nothing, though {given} rows name the account", account.name, hint)


def _filters(patient: Patient, rows: list[Any]) -> Answer:
    central = placements.of_catalog(patient.mesh)
    if any("DataCellsFilter" in row["Resource"] for row in rows):
        return Answer(FILTERS, "refuted", "yes: filters are among the rows", patient.mesh.central.name)
    for found in patient.plan.every(central, "lakeformation", "ListDataCellsFilter", "DataCellsFilters"):
        table = {"CatalogId": central.account, "DatabaseName": found["DatabaseName"], "Name": found["TableName"]}
        asked = {"Resource": {"Table": table}, "IncludeRelated": "TRUE", "CatalogId": central.account}
        related = patient.plan.every(central, "lakeformation", "ListPermissions", _ROWS, **asked)
        if any("DataCellsFilter" in row["Resource"] for row in related):
            return Answer(FILTERS, "confirmed", "no: only IncludeRelated tells them", patient.mesh.central.name)
    return Answer(FILTERS, "unknown", "nothing is granted on a filter", patient.mesh.central.name)


def _whole(patient: Patient, rows: list[Any]) -> Answer:
    central = placements.of_catalog(patient.mesh)
    for row in rows:
        if "ALL" in row["Permissions"] and "Principal" in row and "Table" in row["Resource"]:
            asked = {"Principal": row["Principal"], "Resource": row["Resource"], "CatalogId": central.account}
            told = {
                permission
                for each in patient.plan.every(central, "lakeformation", "ListPermissions", _ROWS, **asked)
                for permission in each["Permissions"]
            }
            is_literal = told == set(row["Permissions"])
            answer = "literal" if is_literal else f"expanded: {', '.join(sorted(told))}"
            return Answer(WHOLE, "confirmed" if is_literal else "refuted", answer, patient.mesh.central.name)
    return Answer(WHOLE, "unknown", "nobody holds ALL on a table", patient.mesh.central.name)
