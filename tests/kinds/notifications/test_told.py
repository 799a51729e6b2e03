"""Who is told of a product hears of tables that he may read a column of, and never a value of a partition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from moto.events.models import EventPattern
from moto.events.utils import EventTemplateParser

from reconciler.kinds.glue.crawls import crawls_of
from reconciler.kinds.notifications.event_routes import routes
from reconciler.kinds.notifications.subscribers import filter_mark, listeners, told_by
from reconciler.kinds.notifications.told import about_table
from reconciler.spec.limits import FILTER_VALUES
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, edited, mesh_of
from tests.kinds.full import CONSUMER, FUNDS

_SUBSCRIPTIONS = ("consumers/analytics-coe/subscriptions/",)
LABELS = ("public", "internal", "confidential")
DATA = ("BatchCreatePartition", "BatchDeletePartition", "CreatePartition", "DeletePartition")
VALUE = "Mrs Smith"
OWNERS = "owners@example.com"


@dataclass(frozen=True)
class Reader:
    """A subscription of the generated mesh, by names of tables or by labels, and what it wants to hear of."""

    tables: tuple[str, ...]
    labels: tuple[str, ...]
    data: bool
    schema: bool

    def reads(self, columns: Sequence[str], name: str) -> bool:
        return name in self.tables or not set(columns).isdisjoint(self.labels)


World = tuple[dict[str, list[str]], list[Reader]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Tables with the labels of their columns, and readers."""
    names = [f"table_{letter}_of_funds" for letter in "abcd"[: draw(st.integers(2, 4))]]
    tables = {name: draw(st.lists(st.sampled_from(LABELS), min_size=1, max_size=2)) for name in names}
    readers = []
    for _ in range(draw(st.integers(1, 3))):
        by_name = draw(st.booleans())
        some = st.sets(st.sampled_from(names if by_name else LABELS), min_size=1, max_size=3)
        chosen = tuple(sorted(draw(some)))
        data = draw(st.booleans())
        schema = draw(st.booleans()) or not data
        readers.append(Reader(chosen if by_name else (), () if by_name else chosen, data, schema))
    return tables, readers


def mesh_for(world: World) -> Mesh:
    """The mesh of a world; see `files_for`."""
    return mesh_of(files_for(world))


def files_for(world: World) -> dict[str, str]:
    """The example, where a crawled product has these tables, and these readers are told on addresses of their own."""
    tables, readers = world
    files = dict(edited((CONSUMER, "notify: {emails: [analytics-coe@example.com]}\n", ""), without=_SUBSCRIPTIONS))
    head, _, _ = files[FUNDS].partition("tables:\n")
    lines = [head, f"crawler: {{schedule: 'cron(0 2 * * ? *)'}}\nnotifications: {{owners: [{OWNERS}]}}\ntables:\n"]
    for name, labels in tables.items():
        lines.append(f"  - name: {name}\n    description: Some.\n    columns:\n")
        for number, label in enumerate(labels):
            column = f"name: column_{number}, type: string, description: Some, tags: {{sensitivity: {label}}}"
            lines.append(f"      - {{{column}}}\n")
        lines.append("    partitionKeys:\n      - {name: client, type: string, description: Who}\n")
    files[FUNDS] = "".join(lines)
    for number, reader in enumerate(readers):
        asked = f"clearance: {{sensitivity: [{', '.join(reader.labels)}]}}"
        if reader.tables:
            rows = "rows: \"column_0 = 'a'\""
            asked = "tables:\n" + "".join(f"  - {{name: {name}, {rows}}}\n" for name in reader.tables)
        files[f"consumers/analytics-coe/subscriptions/reader-{number}.yaml"] = (
            f"apiVersion: meshform/v1\nkind: Subscription\nname: reader-{number}\nconsumer: analytics-coe\n"
            f"product: asset-management/fund-prices\n{asked.rstrip()}\n"
            "principals: [credit-analyst]\npurpose: To read.\n"
            f"approval: {{by: asset-management-stewards, at: 2026-11-18}}\nnotify: {{emails: [{_address(number)}], "
            f"dataChanges: {str(reader.data).lower()}, schemaChanges: {str(reader.schema).lower()}}}\n"
        )
    return files


def _address(number: int) -> str:
    return f"reader-{number}@example.com"


def event(type_: str, resources: Sequence[str], detail: Mapping[str, Any]) -> dict[str, Any]:
    """An event as Glue puts it on the central account's bus; see tests/recordings."""
    return {
        "version": "0",
        "id": "11111111-2222-4333-8444-555555555555",
        "detail-type": type_,
        "source": "aws.glue",
        "account": "111111111111",
        "time": "2026-11-20T10:00:00Z",
        "ingestion-time": "2026-11-20T10:00:00Z",
        "region": "eu-west-1",
        "resources": list(resources),
        "detail": dict(detail),
    }


def of_catalog(change: str, tables: Sequence[str]) -> dict[str, Any]:
    """What Glue tells of a change of tables of the product; the first one is meant where only one can be."""
    arns = [f"arn:aws:glue:eu-west-1:111111111111:table/fund-prices/{each}" for each in tables]
    if change == "UpdateTable" or change in DATA:
        values = [f"[{VALUE}]"] if change in DATA else []
        told = {"databaseName": "fund-prices", "tableName": tables[0], "changedPartitions": values}
        return event("Glue Data Catalog Table State Change", arns[:1], {**told, "typeOfChange": change})
    told = {"databaseName": "fund-prices", "changedTables": list(tables)}
    return event("Glue Data Catalog Database State Change", arns, {**told, "typeOfChange": change})


def of_crawl(crawler: str, state: str) -> dict[str, Any]:
    """What Glue tells of a crawl."""
    told = {"crawlerName": crawler, "state": state, "message": f"s3://bank/holding/client={VALUE}/ was skipped"}
    return event("Glue Crawler State Change", [], {**told, "warningMessage": VALUE})


def heard(mesh: Mesh, happened: Mapping[str, Any]) -> dict[str, list[str]]:
    """The texts that an event brings, by address or account, through EventBridge and the filters of SNS."""
    found: dict[str, list[str]] = {}
    product = mesh.products["fund-prices"]
    for route in routes(mesh):
        if not _matches(json.dumps(route.pattern), happened):
            continue
        for target in route.targets:
            if target.id.startswith("bus-"):
                assert not target.told, "EventBridge changes nothing that goes to another account"
                found.setdefault(target.id.removeprefix("bus-"), []).append(json.dumps(happened))
            elif target.id == "topic" and target.arn.endswith("-fund-prices"):
                message = _message(target.told, happened)
                for each in listeners(mesh, product):
                    if _matches(each.filter, json.loads(message)):
                        found.setdefault(each.endpoint, []).append(message)
    return found


def _message(told: str, happened: Mapping[str, Any]) -> str:
    if not told:
        return json.dumps(happened)
    how = json.loads(told)
    made = EventTemplateParser.parse(how["InputTemplate"], how["InputPathsMap"], cast("Any", happened))
    return json.dumps(made)


def _matches(pattern: str, told: Mapping[str, Any]) -> bool:
    return bool(EventPattern.load(pattern).matches_event(cast("Any", told)))


def _events(mesh: Mesh, tables: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str, dict[str, Any]]]:
    """Events of each sort, with the tables that they are about: one, several, and one that no document declares."""
    several = (tables[-1], *tables, "undeclared_of_funds")
    for name in (*tables, "undeclared_of_funds"):
        for change in (*DATA, "UpdateTable", "CreateTable", "DeleteTable", "BatchDeleteTable"):
            yield (name,), "data" if change in DATA else "schema", of_catalog(change, [name])
    # An event has the name of its operation, and no other operation of Glue is about several tables.
    yield several, "schema", of_catalog("BatchDeleteTable", several)
    for crawl in crawls_of(mesh, mesh.products["fund-prices"]):
        yield (crawl.table,), "data", of_crawl(crawl.name, "Succeeded")
        yield (crawl.table,), "failure", of_crawl(crawl.name, "Failed")


@settings(max_examples=25)
@given(worlds())
def test_who_is_told_hears_of_what_he_reads_and_of_no_value(world: World) -> None:
    """On each way: the topic, whose filter chooses, and the bus of the account, whose rule does."""
    tables, readers = world
    mesh = mesh_for(world)
    reads = {
        _address(number): {name for name, labels in tables.items() if reader.reads(labels, name)}
        for number, reader in enumerate(readers)
    }
    wants = {
        _address(number): {*(["data"] if reader.data else []), *(["schema"] if reader.schema else [])}
        for number, reader in enumerate(readers)
    }
    reads[ANALYTICS] = set().union(*reads.values())
    for about, sort, happened in _events(mesh, list(tables)):
        told = heard(mesh, happened)
        for who, texts in told.items():
            if who in reads:
                for text in texts:
                    assert VALUE not in text, (who, text)
                    names = {each for each in (*tables, "undeclared_of_funds") if each in text}
                    assert names <= reads[who], (who, text)
            if "@" in who:
                assert all(VALUE not in text for text in texts), "owners need no value either"
        if len(about) == 1:
            hearing = {who for who in wants if sort in wants[who] and about[0] in reads[who]}
            assert {who for who in told if who in wants} == hearing, (happened, world)
            assert OWNERS in told


@settings(max_examples=25)
@given(worlds())
def test_a_filter_says_whose_it_is_and_what_it_lets_through(world: World) -> None:
    """Within what SNS takes: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html"""
    mesh = mesh_for(world)
    told = {each.endpoint: each.filter for each in listeners(mesh, mesh.products["fund-prices"])}
    for number, reader in enumerate(world[1]):
        if (policy := told.get(_address(number))) is not None:
            assert told_by(policy) == (reader.data, reader.schema)
            assert filter_mark(policy) == mesh.name


def test_a_filter_for_many_tables_is_one_that_sns_takes() -> None:
    """What has no room is not told; nobody hears of more because he reads more."""
    names = [f"table_{number:03}" for number in range(200)]
    tables = {name: ["public"] for name in names}
    for data, schema in ((True, True), (True, False), (False, True)):
        mesh = mesh_for((tables, [Reader((), ("public",), data, schema)]))
        product = mesh.products["fund-prices"]
        (policy,) = [json.loads(each.filter) for each in listeners(mesh, product) if each.endpoint == _address(0)]
        combined = len(policy["about"]) * len(policy.get("change", [0]))
        assert FILTER_VALUES - 2 <= combined <= FILTER_VALUES
        assert set(policy["about"][:70]) <= {about_table(mesh, product, table) for table in product.tables}


def test_one_address_of_two_subscriptions_hears_of_the_tables_of_both() -> None:
    tables = {"table_a_of_funds": ["public"], "table_b_of_funds": ["confidential"], "table_c_of_funds": ["internal"]}
    world = (tables, [Reader((), ("public",), True, True), Reader(("table_b_of_funds",), (), True, True)])
    mesh = mesh_of({path: text.replace(_address(1), _address(0)) for path, text in files_for(world).items()})
    for name in tables:
        assert (_address(0) in heard(mesh, of_catalog("UpdateTable", [name]))) == (name != "table_c_of_funds")
