"""Marks of used databases: they follow from the LF-tags that a plan puts on others' databases, and takes off again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.common.owner import OURS, UNMARKABLE, Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.taken_over import takes_over
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation import lf_tag, lf_tag_mark
from reconciler.kinds.lakeformation.data_filter import DataFilter, target_of
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.tag_reader import tags_within
from reconciler.kinds.lakeformation.tag_vocabulary import made_keys, vocabulary
from reconciler.kinds.lakeformation.used_databases import (
    FILTER,
    LINK,
    Put,
    UsedDatabase,
    expression_call,
    link_put,
    marks_for,
    parsed,
    put_of,
    saved_expressions,
)
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import Expression, expression
from reconciler.model.reader import Reader
from reconciler.model.resource import AnyResource, Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.extents import product_databases
from reconciler.spec.limits import GLUE_NAME
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted

Mark = Resource[UsedDatabase]


class UsedMarkKind(Kind[UsedDatabase]):
    """Nothing is granted by these expressions. A mark is there before the tags that it stands for, and goes after them.

    https://docs.aws.amazon.com/lake-formation/latest/dg/managing-tag-expressions.html
    """

    name = addresses.USED_MARK
    summary = "Marks that say on which databases of others the mesh has put LF-tags."
    parts = frozenset({"central"})
    governed = True
    reads = (
        "lakeformation:ListLFTagExpressions",
        "lakeformation:ListLFTags",
        "lakeformation:GetResourceLFTags",
        "glue:GetTables",
    )
    writes = (
        "lakeformation:CreateLFTagExpression",
        "lakeformation:UpdateLFTagExpression",
        "lakeformation:DeleteLFTagExpression",
    )
    changed_by = writes

    def desired(self, mesh: Mesh) -> Iterable[Mark]:
        """Which databases are others' is known once they are seen: see `derived_changes`."""
        return ()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Mark]:
        asked = product_databases(mesh)
        marks, tags = lf_tag_mark.keys_with_marks(aws, mesh), lf_tag.found_tags(aws, placement)
        keys = made_keys(mesh, marks, (key for key, _ in tags))
        for name, text, body in saved_expressions(aws, placement):
            mark = parsed(text, body)
            if mark is None:
                continue
            if mark.mesh == mesh.name and mark.database not in asked:
                put = tags_within(aws, placement, mark.database)
                ours = any(key in keys or (place, key) in mark.puts for place, key in put)
                mark = replace(mark, is_bare=not ours and all(key != LINK for _, key in mark.puts))
            yield Resource(addresses.used_mark(placement, name), mark)

    def needs(self, resource: Mark) -> Iterable[Address]:
        placement = resource.address.placement
        yield addresses.lake_settings(placement)
        for key, values in resource.spec.body:
            yield addresses.lf_tag(placement, key)
            yield from (addresses.lf_tag_value(placement, key, value) for value in values)

    def before(self, change: Change) -> Iterable[Address]:
        """What is put is listed first."""
        if not isinstance(change, Delete):
            placement = change.address.placement
            for place, key in change.want.spec.puts:
                if key == FILTER:
                    yield addresses.data_filter(placement, place.database, place.table, place.column)
                elif key == LINK:
                    account, _, region = place.table.partition("/")
                    yield addresses.resource_link(Placement(account, region), place.column)
                else:
                    yield addresses.tag_assignment(placement, place, key)

    def owner(self, have: Mark, ownership: Ownership) -> Owner:
        return OURS if have.spec.mesh == ownership.mesh.name else UNMARKABLE

    def has_nothing_managed(self, have: Mark) -> bool:
        """It stays as long as anything of the mesh is there, though no document asks for it."""
        return not have.spec.is_bare

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        """Where tags come onto a database of others its mark comes too, and goes with the last of them."""
        changes = [each for each in changes if not _is_elsewhere(each.resource, mesh)]
        there = {each.address.name: each for each in found.of(UsedDatabase)}
        marked = {each.spec.database for each in there.values() if each.spec.mesh == mesh.name}
        marks = lf_tag_mark.marked_keys(found.of(lf_tag_mark.TagMark), mesh)
        words = made_keys(mesh, marks, (each.address.name for each in found.of_kind(addresses.LF_TAG)))
        databases = sorted(_of_others(found.of(Database), mesh) | marked)
        touched: dict[str, list[tuple[Change, Put]]] = {each: [] for each in databases}
        for change in changes:
            if (put := _put(change.resource)) and put[0].database in touched:
                touched[put[0].database].append((change, put))
        # What was not looked at stands among what was found as it is wanted; nothing follows from it.
        put_there: dict[str, set[Put]] = {each: set() for each in databases}
        seen = _listed(found, mesh) if databases else ()
        for each in seen:
            if (put := _put(each)) and put[0].database in put_there and each.spec.marks is not None:
                put_there[put[0].database].add(put)
        for database in databases:
            have = [each for each in there.values() if each.spec.database == database and each.spec.mesh == mesh.name]
            yield from _changes(database, have, touched[database], put_there[database], words, mesh)

    def create(self, want: Mark) -> tuple[Call, ...]:
        return (_call(want, "CreateLFTagExpression"),)

    def update(self, have: Mark, want: Mark) -> tuple[Call, ...]:
        return (_call(want, "UpdateLFTagExpression"),)

    def delete(self, have: Mark) -> tuple[Call, ...]:
        params = {"Name": have.address.name, "CatalogId": have.address.placement.account}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "lakeformation", "DeleteLFTagExpression", params, success_errors=gone),)


def _of_others(found: Iterable[Resource[Database]], mesh: Mesh) -> frozenset[str]:
    """The databases of products that no mesh made, and that are not taken over."""
    asked = product_databases(mesh)
    return frozenset(
        each.address.name
        for each in found
        if each.address.name in asked and MARK not in dict(each.spec.parameters) and not takes_over(mesh, each.address)
    )


def _changes(
    database: str,
    have: Sequence[Mark],
    here: Sequence[tuple[Change, Put]],
    there: set[Put],
    words: frozenset[str],
    mesh: Mesh,
) -> Iterator[Change]:
    created = {put for each, put in here if isinstance(each, Create)}
    gone = {put for each, put in here if isinstance(each, Delete)}
    listed = frozenset(put for mark in have for put in mark.spec.puts)
    ours = {put for put in there if put[1] in words or put in listed}
    if not (ours - gone) | created:
        if gone:
            yield from map(Delete, have)
        return
    # One that goes stays listed until it is gone, where others come at the same time.
    known = frozenset(put for put in listed if put in there or put[1] == LINK)
    kept = listed if not here else known - (frozenset() if created else frozenset(gone))
    puts = kept | {put for put in created if put[1] not in words}
    body = _body(mesh, have, [each for each, _ in here], words)
    if body:
        yield from _rewritten(database, have, puts, body, mesh)


def _rewritten(
    database: str, have: Sequence[Mark], puts: frozenset[Put], body: Expression, mesh: Mesh
) -> Iterator[Change]:
    """The marks as they are to be, by number; what is beyond them goes."""
    by_name = {each.address.name: each for each in have}
    placement = placements.of_catalog(mesh)
    for number, spec in enumerate(marks_for(mesh.name, database, puts, body), 1):
        want = Resource(addresses.used_mark(placement, mark_name(mesh, database, number)), spec)
        there = by_name.pop(want.address.name, None)
        if there is None:
            yield Create(want)
        elif (there.spec.puts, there.spec.body) != (spec.puts, spec.body):
            yield Update(there, want)
    yield from map(Delete, by_name.values())


def mark_name(mesh: Mesh, database: str, number: int) -> str:
    """Name of a mark. Keys have marks with a hyphen behind the mesh's name; a slash in a name is read as a path."""
    name = f"meshform-{mesh.name} uses {database.replace('/', ' ')}"
    return fitted(f"{name}{f' {number}' if number > 1 else ''}", GLUE_NAME)


def _listed(found: Snapshot, mesh: Mesh) -> Iterator[AnyResource]:
    """What was found of all that marks list."""
    for each in chain(found.of(TagAssignment), found.of(DataFilter), found.of(ResourceLink)):
        if not _is_elsewhere(each, mesh):
            yield each


def _is_elsewhere(resource: AnyResource, mesh: Mesh) -> bool:
    """Whether it is a link to another catalog than the central one."""
    return isinstance(resource.spec, ResourceLink) and resource.spec.catalog != mesh.central.id


def _put(resource: AnyResource) -> Put | None:
    """What a mark would list of it."""
    match resource.spec:
        case TagAssignment(place=place, key=key):
            return place, key
        case DataFilter():
            return put_of(target_of(resource))
        case ResourceLink(database=database):
            return link_put(resource.address, database)
        case _:
            return None


def _body(mesh: Mesh, have: Sequence[Mark], here: Iterable[Change], words: frozenset[str]) -> Expression:
    """Some tag that is there, since AWS takes no expression without one: the mesh's own, else one that is put."""
    known = {key: frozenset(values) for key, (values, _) in vocabulary(mesh).items()}
    for mark in have:
        if all(known.get(key, frozenset()).issuperset(values) for key, values in mark.spec.body):
            return mark.spec.body
    own = min((key.lower() for key in mesh.tags if key.lower() in words and known[key.lower()]), default="")
    if own:
        return expression({own: (min(known[own]),)})
    tags = [each.want.spec for each in here if isinstance(each, Create) and isinstance(each.want.spec, TagAssignment)]
    put = min(((tag.key, tag.value) for tag in tags), default=None)
    return expression({put[0]: (put[1],)}) if put else next((mark.spec.body for mark in have), ())


def _call(of: Mark, operation: str) -> Call:
    return expression_call(of.address, operation, of.spec.text, of.spec.body)
