"""Parts: databases that several teams share, taken apart where something says of every table whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.importing.evidence import Evidence
from reconciler.importing.naming import slug
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.spec.extents import products_in

_KEYS = ("product", "data-product", "team", "squad", "owner", "data-owner", "domain")
"""LF-tags, parameters of tables and, of owners, Glue's own field that say whose a table is, the surest first."""
_OWNERS = ("data-owner", "owner", "team", "squad")
_OWNER = "Owner"
REST = "rest"
"""The part of tables of which people say nothing, where they say something of others."""


def is_chosen(evidence: Evidence, database: str, part: str) -> bool:
    """Whether people have given a part its name, and with it the product."""
    tables = evidence.tables.get(database, ())
    return any(evidence.names.given.get(f"table {database}.{each.table}") == part for each in tables)


def parts_of(evidence: Evidence, database: str) -> Mapping[str, list[Table]]:
    """The tables of a database by whose they are; all under "" where nothing tells all of them apart.

    First what people say, then LF-tags, parameters, and the registered locations in which the files lie.
    """
    if database not in evidence.parts:
        evidence.parts[database] = _parted(evidence, database)
    return evidence.parts[database]


def innermost(place: str, locations: Iterable[str]) -> str | None:
    """The innermost of some locations that a place lies in."""
    path = place.partition("://")[2].rstrip("/") + "/"
    return max((each for each in locations if path.startswith(f"{each.rstrip('/')}/")), key=len, default=None)


def _parted(evidence: Evidence, database: str) -> Mapping[str, list[Table]]:
    tables = sorted(evidence.tables.get(database, ()), key=lambda each: each.table)
    if evidence.existing is not None and (own := products_in(evidence.existing.mesh, database)):
        # Documents have taken it apart, or not; what they do not declare is told (new_tables).
        names = {table.name: each.name for each in own if each.is_part for table in each.tables_in(database)}
        known = [each for each in tables if each.table in names]
        return {name: [each for each in known if names[each.table] == name] for name in sorted(names.values())} or {
            "": tables
        }
    by_hand = {each.table: evidence.names.chosen(f"table {database}.{each.table}") or REST for each in tables}
    is_said = any(name != REST for name in by_hand.values())
    for groups in [by_hand] if is_said else (*_told(evidence, tables), _located(evidence, tables)):
        if (is_said or len(set(groups.values())) > 1) and len(groups) == len(tables):
            found: dict[str, list[Table]] = {}
            for table in tables:
                found.setdefault(groups[table.table], []).append(table)
            return dict(sorted(found.items()))
    return {"": tables}


def owner_of_data(evidence: Evidence, databases: Iterable[str], tables: Iterable[Table]) -> str | None:
    """Who answers for some data: what all databases and tables that say it say."""
    said_by = [*(evidence.parameters(name) for name in databases), *(_parameters(each) for each in tables)]
    parameters = [{_plain(key): value for key, value in each.items()} for each in said_by]
    for key in _OWNERS:
        said = {each[key].strip() for each in parameters if each.get(key, "").strip()}
        if len(said) == 1:
            return said.pop()
    return None


def _told(evidence: Evidence, tables: list[Table]) -> list[dict[str, str]]:
    """By each key what the tables say of themselves: an LF-tag on it, or a parameter."""
    found: list[dict[str, str]] = []
    tags = [{_plain(key): value for key, value in _tags(evidence, each).items()} for each in tables]
    parameters = [{_plain(key): value for key, value in _parameters(each).items()} for each in tables]
    for said in (tags, parameters):
        for key in _KEYS:
            groups = {
                table.table: slug(of[key]) for table, of in zip(tables, said, strict=True) if of.get(key, "").strip()
            }
            found.append(groups)
    return found


def _tags(evidence: Evidence, table: Table) -> Mapping[str, str]:
    return evidence.tags.get(Place(table.database, table.table), {})


def _parameters(table: Table) -> Mapping[str, str]:
    owner = str(table.rest.get(_OWNER, ""))
    return {**({"owner": owner} if owner else {}), **dict(table.parameters)}


def _plain(key: str) -> str:
    return key.lower().replace("_", "-")


def _located(evidence: Evidence, tables: list[Table]) -> dict[str, str]:
    """The registered location of the files of each table that has any."""
    locations = [each.address.name.split(":::", 1)[1] for each in evidence.found.of(Location)]
    roots = {each.table: innermost(each.storage.location, locations) for each in tables}
    return {name: root for name, root in roots.items() if root is not None}
