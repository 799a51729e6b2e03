"""Reading LF-tags in bulk: two searches by the product's tag; only what looks other than it should is read alone.

Whether the searches answer with the tags put on a resource itself or with inherited ones too is not documented, so an
answer counts as right when it equals what is wanted in either sense. A tag that repeats what is inherited may so go
unseen; it changes nobody's access, and shows as soon as the two differ. Of a table that the mesh has made and that no
document declares any more the answer is enough: its tags go with it.
https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_SearchTablesByLFTags.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from math import ceil
from typing import Any

from reconciler.kinds.common.concurrent_map import MOST, concurrent_map
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.glue.database import own_databases
from reconciler.kinds.lakeformation.lf_codec import decode_targets, encode, in_database
from reconciler.kinds.lakeformation.lf_tag import PER_CALL, found_tags
from reconciler.kinds.lakeformation.tag_search import DATABASES, PAGE, TABLES, carriers
from reconciler.kinds.lakeformation.tag_vocabulary import vocabulary
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.kinds.lakeformation.used_databases import used_databases
from reconciler.model.address import Placement
from reconciler.model.lakeformation import OnDatabase, OnTable
from reconciler.model.reader import Reader
from reconciler.spec.extents import product_databases
from reconciler.spec.mesh import Mesh

Tags = dict[str, str]
Assigned = dict[Place, Tags]
"""Tags put on places themselves."""

_Search = tuple[tuple[str, str], list[str]]


def assigned_tags(
    aws: Reader, placement: Placement, mesh: Mesh, wanted: Mapping[Place, Tags]
) -> Iterator[tuple[Place, Tags]]:
    """What is put on every database and table of ours and on their columns, other people's keys included."""
    keys, own = frozenset(vocabulary(mesh)), list(own_databases(aws, placement, mesh))
    databases, tables = _searched(aws, placement, mesh, is_left=not product_databases(mesh).issuperset(own))
    expected, declared = _by_table(wanted), _declared(mesh)
    left = sorted(used_databases(aws, mesh).keys() - product_databases(mesh))
    names = list(dict.fromkeys((*own, *left)))
    listed = concurrent_map(partial(_tables, aws, placement), names)
    for name, rows in zip(names, listed, strict=True):
        place = Place(name)
        on_database = databases.get(place)
        if on_database is None or _of_keys(on_database, keys) != wanted.get(place, {}):
            on_database = _exact(aws, placement, place).get(place, {})
        yield place, on_database
        suspects = []
        for row in rows:
            if "TargetTable" not in row:
                place = Place(name, row["Name"].lower())
                want = expected.get(place, {})
                found = tables.get(place)
                if found is not None and _agrees(found, want, place, on_database):
                    yield from want.items()
                elif found is not None and place not in declared and row.get("Parameters", {}).get(MARK) == mesh.name:
                    yield from _own(found, place, on_database).items()
                else:
                    suspects.append(place)
        # Tables of a shared database that no product declares carry no product's tag, and may be many.
        for exact in concurrent_map(partial(_exact, aws, placement), suspects):
            yield from exact.items()


def tags_within(aws: Reader, placement: Placement, database: str) -> Iterator[tuple[Place, str]]:
    """The keys put on a database, its tables and columns, each asked for by itself; none where it is gone."""
    places = (Place(database), *(Place(database, row["Name"].lower()) for row in _tables(aws, placement, database)))
    for place in places:
        for where, tags in _exact(aws, placement, place).items():
            yield from ((where, key) for key in tags)


def _of_keys(tags: Tags, keys: frozenset[str]) -> Tags:
    return {key: value for key, value in tags.items() if key in keys}


def _tables(aws: Reader, placement: Placement, database: str) -> list[dict[str, Any]]:
    request = {**in_database(placement.account, database), "MaxResults": 100}
    if aws.read(placement, "glue", "GetTables", request, absent=("EntityNotFoundException",)) is None:
        return []
    return list(aws.pages(placement, "glue", "GetTables", request, items="TableList"))


def _declared(mesh: Mesh) -> frozenset[Place]:
    """The tables of all products."""
    products = mesh.products.values()
    return frozenset(Place(product.database_of(each), each.name) for product in products for each in product.tables)


def _own(found: Assigned, place: Place, on_database: Tags) -> Assigned:
    """The tags of a table and of its columns without what is inherited."""
    on_table = {**on_database, **found.get(place, {})}
    above = {where: on_table if where.column else on_database for where in found}
    return {where: dict(tags.items() - above[where].items()) for where, tags in found.items()}


def _searched(
    aws: Reader, placement: Placement, mesh: Mesh, *, is_left: bool
) -> tuple[dict[Place, Tags], dict[Place, Assigned]]:
    """What the searches say of databases, and of tables with their columns; also of what no product has any more, where
    such databases are left.

    The pages of one search come one after the other, so a large mesh is searched in some portions side by side. Each
    may end with a page that is not full; there are at least four for each portion.
    """
    key = mesh.settings.tag_keys.product.lower()
    known = frozenset(dict(found_tags(aws, placement)).get(key, ()))
    # What AWS answers to values that are not there is not documented, so it is not asked for them.
    names = sorted(known if is_left else known & {name.lower() for name in mesh.products})
    pages = sum(len(product.tables) for product in mesh.products.values()) // PAGE
    searches = [
        *((DATABASES, part) for part in _portions(names, 1)),
        *((TABLES, part) for part in _portions(names, min(pages // 4, MOST))),
    ]
    databases: dict[Place, Tags] = {}
    tables: dict[Place, Assigned] = {}
    for row in chain.from_iterable(concurrent_map(partial(_search, aws, placement, key), searches)):
        if "Database" in row:
            (target,) = decode_targets({"Database": row["Database"]}, placement.account)
            assert isinstance(target, OnDatabase)
            databases[Place(target.database)] = _tags(row.get("LFTags", ()))
        else:
            (target,) = decode_targets({"Table": row["Table"]}, placement.account)
            assert isinstance(target, OnTable)
            place = Place(target.database, target.table)
            tables[place] = _of_table(place, row)
    return databases, tables


def _portions(names: list[str], number: int) -> Iterator[list[str]]:
    """Names in about so many portions, none larger than what one search takes."""
    size = min(PER_CALL, ceil(len(names) / max(number, 1)))
    for start in range(0, len(names), max(size, 1)):
        yield names[start : start + size]


def _search(aws: Reader, placement: Placement, key: str, search: _Search) -> list[Mapping[str, Any]]:
    """The rows of a search for products."""
    what, products = search
    return list(carriers(aws, placement, what, [(key, products)]))


def _exact(aws: Reader, placement: Placement, place: Place) -> Assigned:
    """What is put on a database, or on a table and its columns, by a request of its own."""
    name = encode(
        OnTable(placement.account, place.database, place.table)
        if place.table
        else OnDatabase(placement.account, place.database)
    )
    request = {"CatalogId": placement.account, "Resource": name, "ShowAssignedLFTags": True}
    row = aws.read(placement, "lakeformation", "GetResourceLFTags", request, absent=("EntityNotFoundException",)) or {}
    if not place.table:
        return {place: _tags(row.get("LFTagOnDatabase", ()))}
    return _of_table(place, row)


def _of_table(place: Place, row: Mapping[str, Any]) -> Assigned:
    """The tags of a table and of its columns in an answer."""
    found = {place: _tags(row.get("LFTagsOnTable", ()))}
    for column in row.get("LFTagsOnColumns", ()):
        on_column = Place(place.database, place.table, column["Name"].lower())
        found[on_column] = _tags(column.get("LFTags", ()))
    return {where: tags for where, tags in found.items() if tags}


def _tags(rows: Iterable[Mapping[str, Any]]) -> Tags:
    return {row["TagKey"].lower(): row["TagValues"][0].lower() for row in rows if row.get("TagValues")}


def _by_table(wanted: Mapping[Place, Tags]) -> dict[Place, Assigned]:
    """The wanted tags of tables and columns, table by table."""
    grouped: dict[Place, Assigned] = {}
    for place, tags in wanted.items():
        if place.table:
            grouped.setdefault(Place(place.database, place.table), {})[place] = tags
    return grouped


def _agrees(found: Assigned, want: Assigned, place: Place, on_database: Tags) -> bool:
    """Whether an answer is what is wanted: as put on the places themselves, or as inherited."""
    if found == want:
        return True
    on_table = {**on_database, **want.get(place, {})}
    effective = {place: on_table}
    for where in {*found, *want} - {place}:
        effective[where] = {**on_table, **want.get(where, {})}
    return found == effective
