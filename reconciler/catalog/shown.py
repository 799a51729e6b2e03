"""One thing of the catalog with everything that people ask about it: its fields, its parts, and who reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from reconciler.access import Access, AccessFact
from reconciler.access.queries.ask import what_can, who_can
from reconciler.access.queries.readers import readers_of
from reconciler.catalog.listing import LISTS, key_records, not_in_force, records, table_of
from reconciler.catalog.requests import Request
from reconciler.errors import MeshformError
from reconciler.measures.promises import Promise
from reconciler.report.access_facts import facts_table
from reconciler.report.plain import plain
from reconciler.report.table import Table, table_text
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.suggest import did_you_mean

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a thing: its kind and fields, lists of its parts by heading, and facts of who reads it."""

    kind: str
    fields: Mapping[str, Any]
    parts: Mapping[str, tuple[str, Rows]]
    """By heading: what is listed (see `listing.LISTS`), and its rows."""
    readers: tuple[AccessFact, ...] = ()
    promises: tuple[Promise, ...] = ()
    """What is promised of it and whether that is kept, where a snapshot was asked."""
    requests: tuple[Request, ...] = ()
    """What became of requests for it, where that was asked."""
    reads: str = ""
    """What somebody reads of it, where that was asked."""

    @property
    def who(self) -> str:
        """The heading above `readers`."""
        return "what is read" if self.kind in ("consumer", "subscription") else "who reads it"

    def as_json(self) -> dict[str, Any]:
        """Version 1."""
        parts = {heading: list(rows) for heading, (_, rows) in self.parts.items()}
        readers = [fact.as_json() for fact in self.readers]
        promised = [{**asdict(each), "origin": str(each.origin)} for each in self.promises]
        asked = {"reads": self.reads} if self.reads else {}
        return {
            "version": 1,
            "kind": self.kind,
            **self.fields,
            **asked,
            **parts,
            "readers": readers,
            "promises": promised,
        } | {"requests": [asdict(each) for each in self.requests]}


def shown(
    mesh: Mesh,
    access: Access,
    name: str,
    today: date,
    promised: Iterable[Promise] = (),
    requested: Iterable[Request] = (),
) -> Shown:
    """A product, table, column, subscription, consumer, domain, tag, team or account by its name; parts with dots
    (`product.table.column`), and what it is before it (`team:stewards`) where that is several things. Raises
    MeshformError for what is not there, or is several things."""
    kind, colon, rest = name.partition(":")
    asked = rest if colon else name
    lists = {what: records(mesh, what, today) for what in LISTS}
    every = [(what, row) for what, rows in lists.items() for row in rows]
    every += [("columns", row) for row in key_records(mesh)]
    every += [("subscriptions", row) for row in not_in_force(mesh, today)]
    found = [(what, row) for what, row in every if asked in _names(what, row) and (not colon or kind == LISTS[what][0])]
    # A product goes before a table of its name, as where one is asked for, renamed or retired.
    if any(what == "products" for what, _ in found):
        found = [(what, row) for what, row in found if what not in ("tables", "columns")]
    if not found:
        known = [each for what, row in every for each in _names(what, row)]
        raise MeshformError(
            f"There is nothing called {name} in the mesh{did_you_mean(name, known)}.",
            hints=(f"`meshform search {name}` looks into descriptions, too",),
        )
    if len(found) > 1:
        forms = ", ".join(f"`{LISTS[what][0]}:{_names(what, row)[-1]}`" for what, row in found)
        raise MeshformError(f"{name} is the name of several things. Write one of {forms}.")
    what, row = found[0]
    parts = dict(_parts(lists, what, row))
    facts = tuple(_facts(mesh, access, what, row))
    kept = tuple(each for each in promised if _is_of(each, what, row))
    return Shown(LISTS[what][0], row, parts, facts, kept, tuple(each for each in requested if _asks(each, what, row)))


def lines(thing: Shown, width: int) -> Iterator[str]:
    """The thing for a person."""
    yield f"{thing.kind} {thing.fields['name']}"
    yield from (f"  {name}: {value}" for name, value in said_fields(thing))
    for each in thing.promises:
        yield f"  {each.sort}{f' of {each.table}' if each.table else ''}: {each.promised}; {each.state}: {each.seen}"
    for heading, (what, rows) in thing.parts.items():
        if rows:
            yield ""
            yield f"{heading}:"
            yield from (f"  {line}" for line in table_text(table_of(what, rows), width - 2))
    if thing.requests:
        yield ""
        yield "requests:"
        yield from (f"  {line}" for line in table_text(requests_table(thing), width - 2))
    if thing.readers:
        yield ""
        yield f"{thing.who}:"
        yield from (f"  {line}" for line in table_text(readers_table(thing), width - 2))


def said_fields(thing: Shown) -> Iterator[tuple[str, str]]:
    """The fields that say something, in words, but the name; and what somebody reads, where that was asked."""
    for name, value in thing.fields.items():
        if name != "name" and value not in ("", 0, (), {}, -1, False):
            yield name.replace("_", " "), _text(value)
    if thing.reads:
        yield "you read", thing.reads


def readers_table(thing: Shown) -> Table:
    """People and systems that read, not Meshform's own roles; of other rights only those that change data."""
    people = (fact for fact in thing.readers if fact.principal_type not in ("machinery", "account", "organization"))
    return facts_table(fact for fact in people if fact.is_reading or fact.permission not in ("DESCRIBE", "SELECT"))


def _names(what: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """By what a thing may be called, in full last."""
    match what:
        case "products":
            return row["name"], f"{row['domain']}/{row['name']}"
        case "tables":
            return row["name"], f"{row['product']}.{row['name']}"
        case "columns":
            return f"{row['table']}.{row['name']}", f"{row['product']}.{row['table']}.{row['name']}"
        case _:
            return (row["name"],)


def _parts(lists: Mapping[str, Rows], what: str, row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Rows]]]:
    """The lists below a thing, by heading."""

    def of(part: str, **wanted: str) -> tuple[str, Rows]:
        rows = lists[part]
        return part, tuple(each for each in rows if all(_has(each[name], value) for name, value in wanted.items()))

    match what:
        case "domains":
            yield "products", of("products", domain=row["name"])
        case "products":
            yield "tables", of("tables", product=row["name"])
            yield "columns", of("columns", product=row["name"])
            yield "subscriptions", of("subscriptions", products=row["name"])
        case "tables":
            yield "columns", of("columns", product=row["product"], table=row["name"])
        case "consumers":
            yield "subscriptions", of("subscriptions", consumer=row["name"])
        case "accounts":
            yield "consumers", of("consumers", account=row["name"])
            yield "domains", of("domains", account=row["name"])
        case "teams":
            for part in ("domains", "products", "consumers"):
                yield part, of(part, owner=row["name"])


def requests_table(thing: Shown) -> Table:
    """What became of requests for it."""
    rows = (
        (each.state, each.name, each.consumer, each.since, each.by, ", ".join(each.approved_by), each.said, each.url)
        for each in thing.requests
    )
    return Table(("state", "request", "consumer", "since", "by", "approved by", "what is known", ""), tuple(rows))


def _asks(request: Request, what: str, row: Mapping[str, Any]) -> bool:
    """Whether a request is about a product, or of a consumer, or is the subscription itself."""
    match what:
        case "products":
            return row["name"] in request.products
        case "consumers":
            return bool(request.consumer == row["name"])
        case _:
            return what == "subscriptions" and bool(request.name == row["name"])


def _is_of(promise: Promise, what: str, row: Mapping[str, Any]) -> bool:
    """Whether it is promised of a product, or of a table or the product that it is in."""
    if what == "products":
        return bool(promise.product == row["name"])
    return what == "tables" and promise.product == row["product"] and promise.table in ("", row["name"])


def _has(value: object, wanted: str) -> bool:
    return wanted in value if isinstance(value, tuple) else value == wanted


def _facts(mesh: Mesh, access: Access, what: str, row: Mapping[str, Any]) -> Iterator[AccessFact]:
    """Who reads it; of a consumer and a subscription, what is read."""
    if what in ("consumers", "subscriptions"):
        names = [arn for arn, label in access.directory.principals.items() if label.startswith(f"{_consumer(row)}/")]
        facts = what_can(access, mesh, names)
        yield from facts if what == "consumers" else (fact for fact in facts if row["name"] in fact.subscriptions)
        return
    if what not in ("products", "tables", "columns"):
        return
    product = mesh.products[row["name"] if what == "products" else row["product"]]
    table = {"products": "", "tables": row["name"]}.get(what, row.get("table", ""))
    for place, view in sorted(access.tables.items()):
        is_its = place.catalog == mesh.central.id and product_at(mesh, place.database, place.table) is product
        if is_its and table in ("", place.table):
            chosen = view.mask([row["name"]]) if what == "columns" else view.signature.all
            yield from who_can(access, mesh, readers_of(access, place, chosen), {place: chosen})


def _consumer(row: Mapping[str, Any]) -> str:
    return str(row.get("consumer", row["name"]))


def _text(value: Any) -> str:
    match value:
        case tuple():
            return plain(", ".join(map(str, value)))
        case dict():
            return plain(", ".join(f"{name}={each}" for name, each in value.items()))
        case True:
            return "yes"
        case _:
            return plain(str(value))
