"""What do the data lake settings say, and what is open to everybody by IAM?

https://docs.aws.amazon.com/lake-formation/latest/dg/initial-lf-config.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.spec import placements
from reconciler.spec.extents import product_databases

VERSION, CLOSED, CONTEXT, WANTED = "cross-account-version", "closed-by-default", "context-is-set", "wanted-is-closed"
ASSUMPTIONS = (
    Assumption(VERSION, "The central account shares by the cross-account version of mesh.yaml."),
    Assumption(CLOSED, "What is new in the central catalog is not open to IAM_ALLOWED_PRINCIPALS."),
    Assumption(
        CONTEXT, "Lake Formation sets the context of queries (SET_CONTEXT), which Identity Center's users need."
    ),
    Assumption(WANTED, "No database or table of the mesh is open to IAM_ALLOWED_PRINCIPALS."),
)
_EVERYONE = "IAM_ALLOWED_PRINCIPALS"


def answers(patient: Patient) -> Iterable[Answer]:
    """By the settings of the central account, and by its permissions. Apply puts right what the first two say."""
    mesh, central, where = patient.mesh, placements.of_catalog(patient.mesh), patient.mesh.central.name
    reply = patient.plan.ask(central, "lakeformation", "GetDataLakeSettings")
    if reply.answer is None:
        yield from (Answer(id_, "unknown", str(reply), where) for id_ in (VERSION, CLOSED, CONTEXT))
    else:
        yield from _settings(mesh.settings.cross_account_version, reply.answer["DataLakeSettings"], where)
    for account in mesh.accounts.values():
        if account != mesh.central:  # for the raw answers: what a link gets by itself does not matter
            patient.plan.ask(placements.of_account(mesh, account), "lakeformation", "GetDataLakeSettings")
    yield _wanted(patient)


def _settings(wanted: int, document: dict[str, Any], where: str) -> Iterable[Answer]:
    parameters = document.get("Parameters", {})
    version = int(parameters.get("CROSS_ACCOUNT_VERSION", "1"))
    hint = "The next apply raises it. What was shared before stays as it was until it is granted anew."
    yield Answer(VERSION, "confirmed" if version >= wanted else "refuted", f"version {version}", where, hint)
    opening = [
        name
        for name in ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")
        if any(row["Principal"]["DataLakePrincipalIdentifier"] == _EVERYONE for row in document.get(name, ()))
    ]
    hint = "The next apply closes them, before it makes anything."
    told = f"open: {', '.join(opening)}" if opening else "closed"
    yield Answer(CLOSED, "refuted" if opening else "confirmed", told, where, hint)
    context = str(parameters.get("SET_CONTEXT", "absent"))
    hint = "Set it if users of Identity Center shall query. Apply puts back what it finds."
    yield Answer(CONTEXT, "confirmed" if context == "TRUE" else "refuted", context, where, hint)


def _wanted(patient: Patient) -> Answer:
    """Databases of products, and tables in them, that somebody else made open, or made before the settings."""
    central, where = placements.of_catalog(patient.mesh), patient.mesh.central.name
    databases = product_databases(patient.mesh)
    rows = patient.plan.every(
        central, "lakeformation", "ListPermissions", "PrincipalResourcePermissions", CatalogId=central.account
    )
    open_ = sorted({name for row in rows if _is_everyone(row) and (name := _named(row["Resource"], databases))})
    if open_:
        hint = "Accept `opens-to-iam` or let the plan revoke it: who has IAM rights reads it past Lake Formation."
        return Answer(WANTED, "refuted", f"open: {', '.join(open_)}", where, hint)
    return Answer(WANTED, "confirmed", "none is open", where)


def _is_everyone(row: Any) -> bool:
    return bool(row["Principal"]["DataLakePrincipalIdentifier"] == _EVERYONE)


def _named(resource: Any, databases: frozenset[str]) -> str:
    """`database` or `database.table` of a row, if it is one of the mesh."""
    table = resource.get("Table") or resource.get("TableWithColumns")
    database = table["DatabaseName"] if table else resource.get("Database", {}).get("Name", "")
    if database not in databases:
        return ""
    return f"{database}.{table.get('Name', '*')}" if table else database
