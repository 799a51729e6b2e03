"""What does Lake Formation say of LF-tags: of one that is not there, in searches, and of those that others made?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.kinds.common.marks import mark_text
from reconciler.kinds.lakeformation.tag_vocabulary import mark_of, vocabulary
from reconciler.spec import placements
from reconciler.spec.names import iam_arn

UNKNOWN, SEARCHES, OTHERS = "unknown-tag-key", "tags-in-searches", "tag-keys-of-others"
ASSUMPTIONS = (
    Assumption(UNKNOWN, "An LF-tag that is not there is answered by EntityNotFoundException."),
    Assumption(SEARCHES, "Searches by LF-tag tell effective tags, inherited ones too."),
    Assumption(OTHERS, "Apply may put on every wanted LF-tag key that somebody else made.", blocker=True),
)
_KEY = "meshform-doctor-no-such-key"


def answers(patient: Patient) -> Iterable[Answer]:
    """In the central account."""
    yield _unknown(patient)
    yield _searches(patient)
    yield _others(patient)


def _unknown(patient: Patient) -> Answer:
    """A plan searches by keys that may not be there yet."""
    central = placements.of_catalog(patient.mesh)
    asked = {"CatalogId": central.account, "Expression": [{"TagKey": _KEY, "TagValues": ["x"]}]}
    reply = patient.plan.ask(central, "lakeformation", "SearchTablesByLFTags", **asked)
    if reply.answer is not None:
        return Answer(UNKNOWN, "confirmed", "an empty answer", patient.mesh.central.name)
    verdict = {"EntityNotFoundException": "confirmed", "Unreachable": "unknown"}.get(reply.code, "refuted")
    return Answer(UNKNOWN, verdict, str(reply), patient.mesh.central.name)  # type: ignore[arg-type]


def _searches(patient: Patient) -> Answer:
    """The key of products is put on databases alone: a table that tells it tells what it inherits."""
    central, key = placements.of_catalog(patient.mesh), patient.mesh.settings.tag_keys.product
    for product in patient.mesh.products.values():
        expression = [{"TagKey": key, "TagValues": [product.name]}]
        asked = {"CatalogId": central.account, "Expression": expression, "MaxResults": 100}
        for row in patient.plan.every(central, "lakeformation", "SearchTablesByLFTags", "TableList", **asked):
            on_database = {tag["TagKey"] for tag in row.get("LFTagOnDatabase", ())}
            on_table = {tag["TagKey"] for tag in row.get("LFTagsOnTable", ())}
            if key in on_database:
                is_effective = key in on_table
                told = "effective" if is_effective else "assigned"
                return Answer(SEARCHES, "confirmed" if is_effective else "refuted", told, patient.mesh.central.name)
    return Answer(SEARCHES, "unknown", "no table of the mesh carries an LF-tag yet", patient.mesh.central.name)


def _others(patient: Patient) -> Answer:
    """A key that apply did not make needs ASSOCIATE, which its maker or an administrator grants.

    Our own keys are told by their marks: whether a maker's rights are listed, no page says.
    """
    central, mesh = placements.of_catalog(patient.mesh), patient.mesh
    me = iam_arn(mesh, mesh.central, mesh.settings.roles.apply)
    saved = patient.plan.every(
        central, "lakeformation", "ListLFTagExpressions", "LFTagExpressions", CatalogId=central.account
    )
    marks = {row["Name"] for row in saved if row.get("Description") == mark_text(mesh)}
    marked = {key for key in vocabulary(mesh) if mark_of(central, mesh.name, key).name in marks}
    there = {row["TagKey"].lower() for row in patient.plan.every(central, "lakeformation", "ListLFTags", "LFTags")}
    mine = {
        row["Resource"]["LFTag"]["TagKey"].lower()
        for row in patient.plan.every(
            central, "lakeformation", "ListPermissions", "PrincipalResourcePermissions", CatalogId=central.account
        )
        if _associates(row, me)
    }
    wanted = set(vocabulary(mesh)) & there
    left = sorted(wanted - mine - marked)
    if left:
        hint = "Let who made them, or an administrator, grant ASSOCIATE on all their values to the apply role."
        told = f"{', '.join(left)}: made by somebody else, and {me} may not put them on anything"
        return Answer(OTHERS, "refuted", told, mesh.central.name, hint)
    if not wanted:
        return Answer(OTHERS, "unknown", "none of the wanted keys is there yet", mesh.central.name)
    return Answer(OTHERS, "confirmed", f"{len(wanted)} keys", mesh.central.name)


def _associates(row: Any, me: str) -> bool:
    is_mine = row["Principal"]["DataLakePrincipalIdentifier"] == me
    return is_mine and "LFTag" in row["Resource"] and bool({"ASSOCIATE", "ALL"}.intersection(row["Permissions"]))
