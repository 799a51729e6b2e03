"""Trial: the smallest thing made in the central account, asked about, and taken away again.

It answers what no reading can. Everything bears one name, so that what a broken trial leaves can be taken away.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.aws.asking import Asking, Reply
from reconciler.aws.refusals import PATIENCE, refusal
from reconciler.doctor.assumption import Answer, Assumption, Patient, Verdict
from reconciler.kinds.common.marks import role_path
from reconciler.kinds.common.policy_document import policy
from reconciler.kinds.roles.permissions_boundary import boundary_arn
from reconciler.model.address import Placement
from reconciler.spec import placements
from reconciler.spec.names import partition

NAME = "meshform-doctor"
KNOWN, PART, DEAD, DROPPED, FILTERS, SEARCHES, WHOLE = (
    "roles-known-in-time",
    "revoke-in-part",
    "rows-of-deleted-roles",
    "grants-after-drop",
    "filters-in-listings",
    "tags-in-searches",
    "all-of-a-principal",
)
ASSUMPTIONS = (
    Assumption(KNOWN, "Lake Formation knows a new role within two minutes.", blocker=True),
    Assumption(PART, "A revoke of several permissions takes those that are there."),
    Assumption(DEAD, "A row of a role that is gone can be revoked."),
    Assumption(DROPPED, "Grants on a table go when it is dropped."),
    Assumption(FILTERS, "A listing without a resource leaves grants on filters out."),
    Assumption(SEARCHES, "Searches by LF-tag tell effective tags, inherited ones too."),
    Assumption(WHOLE, "ALL is told as ALL, also of one principal."),
)
_ROWS = "PrincipalResourcePermissions"


def answers(patient: Patient) -> Iterator[Answer]:
    """One answer of each assumption. Whatever happens, what was made is taken away, and told where it cannot be."""
    trial = _Trial.of(patient)
    try:
        refused = trial.make()
        for id_, question in _QUESTIONS.items():
            verdict: Verdict
            verdict, evidence = ("unknown", f"not tried: {refused}") if refused else question(trial)
            yield Answer(id_, verdict, evidence, patient.mesh.central.name)
    finally:
        trial.take_away()


def undo(patient: Patient) -> Iterator[str]:
    """Take away what a broken trial has left; a line for each request."""
    return (f"{what}: {reply}" for what, reply in _Trial.of(patient).take_away())


@dataclass(frozen=True, slots=True)
class _Trial:
    """Two roles, an LF-tag, a database with it, a table, a filter: all by the apply role, in the central account."""

    ask: Asking
    place: Placement
    path: str
    boundary: str
    arn: str

    @staticmethod
    def of(patient: Patient) -> _Trial:
        mesh = patient.mesh
        central = placements.of_catalog(mesh)
        start = f"arn:{partition(mesh.region)}:iam::{central.account}:role{role_path(mesh)}"
        return _Trial(patient.apply, central, role_path(mesh), boundary_arn(mesh, central.account), start)

    def principal(self, number: int) -> dict[str, str]:
        return {"DataLakePrincipalIdentifier": f"{self.arn}{NAME}-{number}"}

    @property
    def table(self) -> dict[str, Any]:
        return {"Table": {"CatalogId": self.place.account, "DatabaseName": NAME, "Name": NAME}}

    def make(self) -> str:
        """Why not everything was made; empty if it was."""
        columns = [{"Name": "a", "Type": "string"}, {"Name": "b", "Type": "string"}]
        bare: dict[str, Any] = {"CreateTableDefaultPermissions": []}
        table = {"Name": NAME, "StorageDescriptor": {"Columns": columns}}
        database = {"Database": {"Name": NAME}}
        cells = {
            "TableCatalogId": self.place.account,
            "DatabaseName": NAME,
            "TableName": NAME,
            "Name": NAME,
            "RowFilter": {"AllRowsWildcard": {}},
            "ColumnNames": ["a"],
        }
        steps = (
            ("iam", "CreateRole", self._role(1)),
            ("iam", "CreateRole", self._role(2)),
            ("lakeformation", "CreateLFTag", {"TagKey": NAME, "TagValues": ["x"]}),
            ("glue", "CreateDatabase", {"DatabaseInput": {"Name": NAME, **bare}}),
            ("glue", "CreateTable", {"DatabaseName": NAME, "TableInput": table}),
            ("lakeformation", "AddLFTagsToResource", {"Resource": database, "LFTags": [_TAG]}),
            ("lakeformation", "CreateDataCellsFilter", {"TableData": cells}),
        )
        for service, operation, params in steps:
            reply = self.ask.do(self.place, service, operation, **params)
            if reply.answer is None:
                return f"{operation}: {reply}"
        return ""

    def take_away(self) -> list[tuple[str, Reply]]:
        """Everything, in the order in which it can go; what is not there is no matter."""
        filtered = {"TableCatalogId": self.place.account, "DatabaseName": NAME, "TableName": NAME, "Name": NAME}
        steps: list[tuple[str, str, dict[str, Any]]] = [
            *(("lakeformation", "RevokePermissions", row) for row in self._left()),
            ("lakeformation", "DeleteDataCellsFilter", filtered),
            ("glue", "DeleteTable", {"DatabaseName": NAME, "Name": NAME}),
            ("glue", "DeleteDatabase", {"Name": NAME}),
            ("lakeformation", "DeleteLFTag", {"TagKey": NAME}),
            ("iam", "DeleteRole", {"RoleName": f"{NAME}-1"}),
            ("iam", "DeleteRole", {"RoleName": f"{NAME}-2"}),
        ]
        return [
            (f"{operation}", self.ask.do(self.place, service, operation, **each)) for service, operation, each in steps
        ]

    def grant(self, number: int, *permissions: str, on: dict[str, Any] | None = None) -> Reply:
        """Give one of the roles something."""
        asked = {"Principal": self.principal(number), "Resource": on or self.table, "Permissions": list(permissions)}
        return self.ask.do(self.place, "lakeformation", "GrantPermissions", **asked)

    def revoke(self, number: int, *permissions: str) -> Reply:
        """Take it back."""
        asked = {"Principal": self.principal(number), "Resource": self.table, "Permissions": list(permissions)}
        return self.ask.do(self.place, "lakeformation", "RevokePermissions", **asked)

    def rows(self, **asked: Any) -> list[Any]:
        """Rows of ListPermissions that name one of the roles."""
        mine = {self.principal(number)["DataLakePrincipalIdentifier"] for number in (1, 2)}
        found = self.ask.every(self.place, "lakeformation", "ListPermissions", _ROWS, **asked)
        return [row for row in found if row.get("Principal", {}).get("DataLakePrincipalIdentifier") in mine]

    def _role(self, number: int) -> dict[str, Any]:
        trust = policy(
            [{"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]
        )
        bound = {"PermissionsBoundary": self.boundary} if self.boundary else {}
        return {"Path": self.path, "RoleName": f"{NAME}-{number}", "AssumeRolePolicyDocument": trust, **bound}

    def _left(self) -> Iterator[dict[str, Any]]:
        related = {"Resource": self.table, "IncludeRelated": "TRUE"}
        for row in [*self.rows(), *self.rows(**related)]:
            yield {name: row[name] for name in ("Principal", "Resource", "Permissions")}


_TAG = {"TagKey": NAME, "TagValues": ["x"]}


def _in_part(trial: _Trial) -> tuple[Verdict, str]:
    trial.grant(1, "DESCRIBE")
    reply = trial.revoke(1, "DESCRIBE", "ALTER")
    if reply.answer is not None:
        return "confirmed", "taken"
    trial.revoke(1, "DESCRIBE")
    return "refuted", f"refused: {reply}"


def _filters(trial: _Trial) -> tuple[Verdict, str]:
    cells = {"TableCatalogId": trial.place.account, "DatabaseName": NAME, "TableName": NAME, "Name": NAME}
    reply = trial.grant(1, "SELECT", on={"DataCellsFilter": cells})
    if reply.answer is None:
        return "unknown", f"nothing could be granted on a filter: {reply}"
    told = any("DataCellsFilter" in row["Resource"] for row in trial.rows())
    cleared = {"Principal": trial.principal(1), "Resource": {"DataCellsFilter": cells}, "Permissions": ["SELECT"]}
    trial.ask.do(trial.place, "lakeformation", "RevokePermissions", **cleared)
    return ("refuted", "yes: filters are among the rows") if told else ("confirmed", "no")


def _searches(trial: _Trial) -> tuple[Verdict, str]:
    asked = {"Expression": [_TAG], "MaxResults": 100}
    for row in trial.ask.every(trial.place, "lakeformation", "SearchTablesByLFTags", "TableList", **asked):
        if row["Table"]["Name"] == NAME:
            told = any(tag["TagKey"] == NAME for tag in row.get("LFTagsOnTable", ()))
            return ("confirmed", "effective") if told else ("refuted", "assigned")
    return "unknown", "the table is not found by the tag of its database"


def _whole(trial: _Trial) -> tuple[Verdict, str]:
    trial.grant(1, "ALL")
    told = {
        each for row in trial.rows(Principal=trial.principal(1), Resource=trial.table) for each in row["Permissions"]
    }
    trial.revoke(1, "ALL")
    if not told:
        return "unknown", "no row is told"
    return ("confirmed", "literal") if told == {"ALL"} else ("refuted", f"expanded: {', '.join(sorted(told))}")


def _dead(trial: _Trial) -> tuple[Verdict, str]:
    reply = trial.grant(2, "DESCRIBE")
    if reply.answer is None:
        return "unknown", f"nothing could be granted: {reply}"
    trial.ask.do(trial.place, "iam", "DeleteRole", RoleName=f"{NAME}-2")
    reply = trial.revoke(2, "DESCRIBE")
    return ("confirmed", "yes") if reply.answer is not None else ("refuted", f"no: {reply}")


def _dropped(trial: _Trial) -> tuple[Verdict, str]:
    reply = trial.grant(1, "DESCRIBE")
    if reply.answer is None:
        return "unknown", f"nothing could be granted: {reply}"
    trial.ask.do(trial.place, "glue", "DeleteTable", DatabaseName=NAME, Name=NAME)
    left = [row for row in trial.rows() if row["Resource"].get("Table", {}).get("Name") == NAME]
    return ("refuted", "kept") if left else ("confirmed", "gone")


def _known(trial: _Trial) -> tuple[Verdict, str]:
    """Both roles, since what comes after grants to either."""
    began = time.monotonic()
    for number in (1, 2):
        while (reply := trial.grant(number, "DESCRIBE")).answer is None:
            line = refusal("lakeformation", "GrantPermissions", reply.code, reply.message)
            if line is None or time.monotonic() - began > PATIENCE["propagation"]:
                return ("unknown" if line is None else "refuted"), str(reply)
            time.sleep(1)
        trial.revoke(number, "DESCRIBE")
    return "confirmed", f"after {time.monotonic() - began:.0f} s"


_QUESTIONS: dict[str, Callable[[_Trial], tuple[Verdict, str]]] = {
    KNOWN: _known,
    PART: _in_part,
    FILTERS: _filters,
    SEARCHES: _searches,
    WHOLE: _whole,
    DEAD: _dead,
    DROPPED: _dropped,
}
"""In the order in which they can be asked: the last two end the life of a role and of the table."""
