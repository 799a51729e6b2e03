"""What becomes of grants whose role or table goes: asked last, since it ends the life of both."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.doctor.assumption import Answer, Assumption
from reconciler.doctor.trials.bench import NAME, Bench, Request, Told
from reconciler.doctor.trials.catalog import ONE, TWO, cells_filter, table

DEAD, ANEW, DROPPED, TAGS = "rows-of-deleted-roles", "roles-made-anew", "grants-after-drop", "tags-after-drop"
ASSUMPTIONS = (
    Assumption(ANEW, "What was granted to a role that is gone counts for a new one of its name."),
    Assumption(DEAD, "A row of a role that is gone can be revoked."),
    Assumption(DROPPED, "Grants on a table go when it is dropped."),
    Assumption(TAGS, "LF-tags on a table and its columns go when it is dropped."),
)


def answers(bench: Bench) -> Iterator[Answer]:
    """In their order."""
    for id_, question in ((ANEW, _anew), (DEAD, _dead), (DROPPED, _dropped), (TAGS, _tags)):
        refused = bench.notes["refused"]
        told: Told = ("unknown", f"not tried: {refused}") if refused else question(bench)
        yield Answer(id_, *told, bench.mesh.central.name)


def leavings(_: Bench) -> Iterator[Request]:
    """Nothing of its own."""
    return iter(())


def _anew(bench: Bench) -> Told:
    """A role that may see the table in the catalog is deleted and made again: does it still see it?"""
    place, who = bench.central, bench.role_arn(bench.central, TWO)
    reply = bench.grant(place, who, table(bench), "DESCRIBE")
    if reply.answer is None:
        return "unknown", f"nothing could be granted: {reply}"
    if bench.until(lambda: _sees(bench)) is None:
        return "unknown", "the role does not see what it is granted"
    _delete(bench)
    reads = {"Effect": "Allow", "Action": ["glue:GetDatabase", "glue:GetTable"], "Resource": "*"}
    made = bench.make_role(place, TWO, {"AWS": bench.applies_as(place)}, reads)
    if made.answer is None:
        return "unknown", f"it could not be made again: {made}"
    if bench.until(lambda: _sees(bench), seconds=30) is None:
        return "refuted", "void: it is listed and has no effect"
    return "confirmed", "return"


def _sees(bench: Bench) -> bool:
    asking = bench.apply.beyond(bench.central, bench.role_arn(bench.central, TWO).partition(":role/")[2])
    return asking.ask(bench.central, "glue", "GetTable", DatabaseName=NAME, Name=NAME).answer is not None


def _dead(bench: Bench) -> Told:
    place, who = bench.central, bench.role_arn(bench.central, TWO)
    reply = bench.grant(place, who, table(bench), "DESCRIBE")
    if reply.answer is None:
        return "unknown", f"nothing could be granted: {reply}"
    _delete(bench)
    reply = bench.revoke(place, who, table(bench), "DESCRIBE")
    return ("confirmed", "yes") if reply.answer is not None else ("refuted", f"no: {reply}")


def _delete(bench: Bench) -> None:
    for place, service, operation, params in bench.without_role(bench.central, TWO):
        bench.do(place, service, operation, **params)


def _dropped(bench: Bench) -> Told:
    place, who = bench.central, bench.role_arn(bench.central, ONE)
    reply = bench.grant(place, who, table(bench), "DESCRIBE")
    if reply.answer is None:
        return "unknown", f"nothing could be granted: {reply}"
    bench.do(place, "lakeformation", "DeleteDataCellsFilter", **cells_filter(bench))
    bench.do(place, "glue", "DeleteTable", DatabaseName=NAME, Name=NAME)
    rows = bench.rows(place, who)
    left = [row for row in rows if row["Resource"].get("Table", {}).get("Name") == NAME]
    return ("refuted", "kept") if left else ("confirmed", "gone")


def _tags(bench: Bench) -> Told:
    """The table that was dropped is made again: is its column still tagged?"""
    made = bench.do(bench.central, "glue", "CreateTable", DatabaseName=NAME, TableInput=bench.notes["table"])
    if made.answer is None:
        return "unknown", f"it could not be made again: {made}"
    asked = {"Resource": table(bench), "ShowAssignedLFTags": True}
    found = bench.apply.ask(bench.central, "lakeformation", "GetResourceLFTags", **asked)
    if found.answer is None:
        return "unknown", str(found)
    return ("refuted", "kept") if found.answer.get("LFTagsOnColumns") else ("confirmed", "gone")
