"""What is tried in the central catalog: an LF-tag, a database, a table of three columns, a filter, two roles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from reconciler.aws.asking import Reply
from reconciler.aws.refusals import PATIENCE, refusal
from reconciler.doctor.assumption import Answer, Assumption
from reconciler.doctor.trials import bench as hands
from reconciler.doctor.trials.bench import HIDDEN, NAME, TAG, Bench, Request, Told, all_made
from reconciler.spec.data_places import data_places

KNOWN, MAKERS, PART, OPTION, LISTS, FILTERS, SEARCHES, WHOLE = (
    "roles-known-in-time",
    "rights-of-makers",
    "revoke-in-part",
    "grant-option-alone",
    "lists-of-columns",
    "filters-in-listings",
    "tags-in-searches",
    "all-of-a-principal",
)
ASSUMPTIONS = (
    Assumption(KNOWN, "Lake Formation knows a new role within two minutes.", blocker=True),
    Assumption(MAKERS, "What AWS gives to the maker of a database or table is listed, and can be given back."),
    Assumption(PART, "A revoke of several permissions takes those that are there."),
    Assumption(OPTION, "A grant option can be revoked without its permission."),
    Assumption(LISTS, "Two lists of columns of one principal are two rows."),
    Assumption(FILTERS, "A listing without a resource leaves grants on filters out."),
    Assumption(SEARCHES, "Searches by LF-tag tell effective tags, inherited ones too."),
    Assumption(WHOLE, "ALL is told as ALL, also of one principal."),
)
ONE, TWO = "1", "2"


def table(bench: Bench) -> dict[str, Any]:
    """The table as a resource."""
    return {"Table": {"CatalogId": bench.central.account, "DatabaseName": NAME, "Name": NAME}}


def answers(bench: Bench) -> Iterator[Answer]:
    """Make everything, then ask."""
    refused = all_made(_make(bench))
    bench.notes["refused"] = refused
    for id_, question in _QUESTIONS.items():
        told: Told = ("unknown", f"not tried: {refused}") if refused else question(bench)
        yield Answer(id_, *told, bench.mesh.central.name)


def leavings(bench: Bench) -> Iterator[Request]:
    """In the order in which they can go."""
    place, who = bench.central, [bench.role_arn(bench.central, number) for number in (ONE, TWO)]
    rows = [*bench.rows(place, *who), *bench.rows(place, *who, Resource=table(bench), IncludeRelated="TRUE")]
    for row in rows:
        yield place, "lakeformation", "RevokePermissions", {n: row[n] for n in ("Principal", "Resource", "Permissions")}
    yield place, "lakeformation", "DeleteDataCellsFilter", cells_filter(bench)
    yield place, "glue", "DeleteTable", {"DatabaseName": NAME, "Name": NAME}
    mine = {"DataLakePrincipalIdentifier": bench.applies_as(place)}
    for row in bench.rows(place, bench.applies_as(place)):
        if row["Resource"].get("Table", {}).get("DatabaseName") == NAME:
            named = {"Resource": row["Resource"], "Permissions": row["Permissions"]}
            yield place, "lakeformation", "RevokePermissions", {"Principal": mine, **named}
    yield place, "glue", "DeleteDatabase", {"Name": NAME}
    yield place, "lakeformation", "DeleteLFTag", {"TagKey": NAME}
    for number in (ONE, TWO):
        yield from bench.without_role(place, number)


def _make(bench: Bench) -> Iterator[tuple[str, Reply]]:
    place, columns = bench.central, [{"Name": name, "Type": "string"} for name in ("a", "b")]
    storage = {
        "Columns": columns,
        "Location": _location(bench),
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
    }
    made: dict[str, Any] = {"Name": NAME, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage}
    made["PartitionKeys"] = [{"Name": "c", "Type": "string"}]
    bench.notes["table"] = made
    hidden = {"TableWithColumns": {**table(bench)["Table"], "ColumnNames": ["b"]}}
    lake = "lakeformation"
    mine = {"AWS": bench.applies_as(place)}
    reads = {"Effect": "Allow", "Action": ["glue:GetDatabase", "glue:GetTable"], "Resource": "*"}
    yield "CreateRole", bench.make_role(place, ONE, mine)
    yield "CreateRole", bench.make_role(place, TWO, mine, reads)
    yield "CreateLFTag", bench.do(place, lake, "CreateLFTag", TagKey=NAME, TagValues=["x", "y"])
    bare = {"Name": NAME, "CreateTableDefaultPermissions": []}
    yield "CreateDatabase", bench.do(place, "glue", "CreateDatabase", DatabaseInput=bare)
    yield "CreateTable", bench.do(place, "glue", "CreateTable", DatabaseName=NAME, TableInput=made)
    for what, tag in (({"Database": {"Name": NAME}}, TAG), (hidden, HIDDEN)):
        yield "AddLFTagsToResource", bench.do(place, lake, "AddLFTagsToResource", Resource=what, LFTags=[tag])
    cells = {"TableData": {**cells_filter(bench), "RowFilter": {"AllRowsWildcard": {}}, "ColumnNames": ["a"]}}
    yield "CreateDataCellsFilter", bench.do(place, lake, "CreateDataCellsFilter", **cells)


def _location(bench: Bench) -> str:
    """An empty folder in a registered place of the mesh, so that it can be queried and crawled; else none."""
    asked = bench.apply.every(bench.central, "lakeformation", "ListResources", "ResourceInfoList")
    registered = {str(row["ResourceArn"]) for row in asked}
    every = (place for each in bench.mesh.domains.values() for place in data_places(bench.mesh, each))
    places = [place for place in every if place.arn in registered and place.placement.region == bench.mesh.region]
    bench.notes["location"] = f"{places[0].location}{NAME}/" if places else ""
    bench.notes["registered"] = places[0].arn if places else ""
    return str(bench.notes["location"])


def cells_filter(bench: Bench) -> dict[str, Any]:
    """What names the filter."""
    return {"TableCatalogId": bench.central.account, "DatabaseName": NAME, "TableName": NAME, "Name": NAME}


def _known(bench: Bench) -> Told:
    """Both roles, since what comes after grants to either."""
    began, place = time.monotonic(), bench.central
    for number in (ONE, TWO):
        who = bench.role_arn(place, number)
        while (reply := bench.grant(place, who, table(bench), "DESCRIBE")).answer is None:
            line = refusal("lakeformation", "GrantPermissions", reply.code, reply.message)
            if line is None or time.monotonic() - began > PATIENCE["propagation"]:
                return ("unknown" if line is None else "refuted"), str(reply)
            time.sleep(hands.PAUSE)
        bench.revoke(place, who, table(bench), "DESCRIBE")
    return "confirmed", f"after {time.monotonic() - began:.0f} s"


def _makers(bench: Bench) -> Told:
    """The rows of the maker on the table; given back twice, in AWS's words."""
    place, me = bench.central, bench.applies_as(bench.central)
    told = bench.rows(place, me, Resource=table(bench))
    first, second = (bench.revoke(place, me, table(bench), "ALL") for _ in range(2))
    bench.grant(place, me, table(bench), "ALL")
    words = f"given back: {first}; again: {second}"
    return ("confirmed", f"listed; {words}") if told else ("refuted", f"implicit, not listed; {words}")


def _in_part(bench: Bench) -> Told:
    place, who = bench.central, bench.role_arn(bench.central, ONE)
    bench.grant(place, who, table(bench), "DESCRIBE")
    reply = bench.revoke(place, who, table(bench), "DESCRIBE", "ALTER")
    if reply.answer is not None:
        return "confirmed", "taken"
    bench.revoke(place, who, table(bench), "DESCRIBE")
    return "refuted", f"refused: {reply}"


def _option(bench: Bench) -> Told:
    place, who = bench.central, bench.role_arn(bench.central, ONE)
    bench.grant(place, who, table(bench), "DESCRIBE", option=("DESCRIBE",))
    reply = bench.revoke(place, who, table(bench), option=("DESCRIBE",))
    bench.revoke(place, who, table(bench), "DESCRIBE")
    return ("confirmed", "taken") if reply.answer is not None else ("refuted", f"refused: {reply}")


def _lists(bench: Bench) -> Told:
    place, who = bench.central, bench.role_arn(bench.central, ONE)
    of = [{"TableWithColumns": {**table(bench)["Table"], "ColumnNames": names}} for names in (["a"], ["a", "b"])]
    for each in of:
        bench.grant(place, who, each, "SELECT")
    told = [row["Resource"]["TableWithColumns"].get("ColumnNames") for row in bench.rows(place, who)]
    for each in reversed(of):
        bench.revoke(place, who, each, "SELECT")
    if not told:
        return "unknown", "no row is told"
    return ("confirmed", f"apart: {told}") if len(told) == len(of) else ("refuted", f"one: {told}")


def _filters(bench: Bench) -> Told:
    place, who, cells = bench.central, bench.role_arn(bench.central, ONE), {"DataCellsFilter": cells_filter(bench)}
    reply = bench.grant(place, who, cells, "SELECT")
    if reply.answer is None:
        return "unknown", f"nothing could be granted on a filter: {reply}"
    told = any("DataCellsFilter" in row["Resource"] for row in bench.rows(place, who))
    bench.revoke(place, who, cells, "SELECT")
    return ("refuted", "yes: filters are among the rows") if told else ("confirmed", "no")


def _searches(bench: Bench) -> Told:
    asked = {"Expression": [TAG], "MaxResults": 100}
    for row in bench.apply.every(bench.central, "lakeformation", "SearchTablesByLFTags", "TableList", **asked):
        if row["Table"]["Name"] == NAME:
            told = any(tag["TagKey"] == NAME for tag in row.get("LFTagsOnTable", ()))
            return ("confirmed", "effective") if told else ("refuted", "assigned")
    return "unknown", "the table is not found by the tag of its database"


def _whole(bench: Bench) -> Told:
    place, who = bench.central, bench.role_arn(bench.central, ONE)
    bench.grant(place, who, table(bench), "ALL")
    named = {"Principal": {"DataLakePrincipalIdentifier": who}, "Resource": table(bench)}
    told = {each for row in bench.rows(place, who, **named) for each in row["Permissions"]}
    bench.revoke(place, who, table(bench), "ALL")
    if not told:
        return "unknown", "no row is told"
    return ("confirmed", "literal") if told == {"ALL"} else ("refuted", f"expanded: {', '.join(sorted(told))}")


_QUESTIONS: dict[str, Callable[[Bench], Told]] = {
    KNOWN: _known,
    MAKERS: _makers,
    PART: _in_part,
    OPTION: _option,
    LISTS: _lists,
    FILTERS: _filters,
    SEARCHES: _searches,
    WHOLE: _whole,
}
