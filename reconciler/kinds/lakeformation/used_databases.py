"""Used databases: what saved expressions say of the LF-tags that the mesh has put on databases of others.

Such a database is never written, so it carries no mark itself. Without one, its tags could not be told from its owner's
once the product is gone. Of keys that the mesh made, every tag there is the mesh's; of keys that others made, the mark
lists the places, one by one, on which the mesh has put them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.lakeformation import Expression, OnFilter, expression
from reconciler.model.reader import Reader, Unseen
from reconciler.spec import placements
from reconciler.spec.limits import DESCRIPTION
from reconciler.spec.mesh import Mesh

USES = "meshform:uses="
"""What the description of a mark begins with: the mesh stands behind it, the database in the next line."""

Put = tuple[Place, str]
"""An LF-tag key on a place; with the key FILTER a data filter, whose name stands for the column; with the key LINK a
link to the database, by its account and region in the table's stead and its name in the column's."""
FILTER, LINK = "", ">"


@dataclass(frozen=True, slots=True)
class UsedDatabase:
    """One saved expression: on which database the mesh has put LF-tags, and some of the places of others' keys.

    The expression itself (`body`) gives nothing to anybody; AWS takes none without one. `is_bare` says that nothing of
    the mesh is left there.
    """

    mesh: str
    database: str
    puts: frozenset[Put] = frozenset()
    body: Expression = field(default=(), compare=False)
    is_bare: bool = field(default=False, compare=False)

    @property
    def text(self) -> str:
        """It as a description: each line a key, a table and its columns (or filters). No name has a tab in it."""
        return "\n".join((f"{USES}{self.mesh}", self.database, *_lines(self.puts)))


def parsed(text: str, body: Expression) -> UsedDatabase | None:
    """What a description says; None where it is of something else."""
    first, *rest = text.split("\n")
    if not first.startswith(USES) or not rest:
        return None
    database, *lines = rest
    puts: set[Put] = set()
    for line in lines:
        key, _, places = line.partition("\t")
        table, *columns = places.split("\t")
        puts.update((Place(database, table, column), key) for column in columns)
    return UsedDatabase(first.removeprefix(USES), database, frozenset(puts), body)


def marks_for(mesh: str, database: str, puts: frozenset[Put], body: Expression) -> list[UsedDatabase]:
    """The marks of a database: at least one, and as many as AWS's length of a description makes of the places."""
    portions: list[list[Put]] = [[]]
    for put in sorted(puts):
        longer = UsedDatabase(mesh, database, frozenset((*portions[-1], put)))
        if len(longer.text) > DESCRIPTION and portions[-1]:
            portions.append([])
        portions[-1].append(put)
    return [UsedDatabase(mesh, database, frozenset(each), body) for each in portions]


def saved_expressions(aws: Reader, placement: Placement) -> Iterator[tuple[str, str, Expression]]:
    """Name, description and body of every saved expression of a catalog."""
    request = {"CatalogId": placement.account, "MaxResults": 1000}
    for row in aws.pages(placement, "lakeformation", "ListLFTagExpressions", request, items="LFTagExpressions"):
        body = expression({term["TagKey"]: term["TagValues"] for term in row.get("Expression", ())})
        yield row["Name"], row.get("Description", ""), body


def expression_call(address: Address, operation: str, text: str, body: Expression) -> Call:
    """The request that writes a saved expression: CreateLFTagExpression or UpdateLFTagExpression."""
    params = {
        "Name": address.name,
        "Description": text,
        "CatalogId": address.placement.account,
        "Expression": [{"TagKey": key, "TagValues": list(values)} for key, values in body],
    }
    return Call(address.placement, "lakeformation", operation, params)


def used_databases(aws: Reader, mesh: Mesh) -> Mapping[str, tuple[str, ...]]:
    """The databases that marks of this mesh are of, with the names of the marks; none where marks are not seen."""
    return aws.once(f"marks of the mesh {mesh.name}", lambda: _used_databases(aws, mesh))


def _used_databases(aws: Reader, mesh: Mesh) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    try:
        for name, text, body in saved_expressions(aws, placements.of_catalog(mesh)):
            mark = parsed(text, body)
            if mark is not None and mark.mesh == mesh.name:
                found[mark.database] = (*found.get(mark.database, ()), name)
    except Unseen:
        return {}
    return found


def put_of(target: OnFilter) -> Put:
    """A filter as marks list it."""
    return Place(target.database, target.table, target.name), FILTER


def link_put(link: Address, database: str) -> Put:
    """A link to a database as marks list it."""
    return Place(database, f"{link.placement.account}/{link.placement.region}", link.name), LINK


def _lines(puts: Iterable[Put]) -> Iterator[str]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for place, key in sorted(puts):
        grouped.setdefault((key, place.table), []).append(place.column)
    for (key, table), columns in sorted(grouped.items()):
        yield "\t".join((key, table, *columns))
