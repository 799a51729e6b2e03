"""Saved LF-tag expressions: the marks of keys, one for each that is the mesh's, and those that were there before.

A key can carry no mark itself. Without one, a key whose document was removed could not be told from other people's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import mark_text
from reconciler.kinds.common.owner import Owner, owner_by_text
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation.tag_vocabulary import claim_of, mark_of, own_words, vocabulary
from reconciler.kinds.lakeformation.used_databases import expression_call, parsed, saved_expressions
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Update
from reconciler.model.lakeformation import Expression, expression, expression_text
from reconciler.model.reader import Reader, Unseen
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class TagMark:
    """A saved expression: of a mark the key with one of its values, and whose it is."""

    body: Expression
    mark: str


class TagMarkKind(Kind[TagMark]):
    """Nothing is granted by these expressions. A mark is made after its key and goes after it.

    https://docs.aws.amazon.com/lake-formation/latest/dg/managing-tag-expressions.html
    """

    name = addresses.TAG_MARK
    summary = "Marks that say which LF-tag keys belong to the mesh."
    decides_access = True
    parts = frozenset({"central"})
    governed = True
    reads = ("lakeformation:ListLFTagExpressions",)
    writes = (
        "lakeformation:UpdateLFTag",
        "lakeformation:CreateLFTagExpression",
        "lakeformation:UpdateLFTagExpression",
        "lakeformation:DeleteLFTagExpression",
    )
    changed_by = (
        "lakeformation:CreateLFTagExpression",
        "lakeformation:UpdateLFTagExpression",
        "lakeformation:DeleteLFTagExpression",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[TagMark]]:
        for key in sorted(own_words(mesh)):
            values, origin = vocabulary(mesh)[key]
            if values:
                spec = TagMark(expression({key: (min(values),)}), mark_text(mesh))
                yield Resource(mark_of(placements.of_catalog(mesh), mesh.name, key), spec, origin)
        for adopted in mesh.adopted.values():
            for number, each in enumerate(adopted.expressions):
                where = addresses.tag_mark(placements.of_catalog(mesh), each.name)
                spec = TagMark(expression(each.tags), "")
                yield Resource(where, spec, adopted.source_map.at("expressions", number), mode="external")

    def shortfalls(self, want: Resource[TagMark], have: Resource[TagMark]) -> Iterable[str]:
        """Who reads by an expression is in its body: another one is not what was adopted."""
        if want.mode != "external":
            yield from super().shortfalls(want, have)
        elif want.spec.body != have.spec.body:
            yield f"it says {expression_text(have.spec.body)} now, and {expression_text(want.spec.body)} was adopted"

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[TagMark]]:
        return _found(aws, placement)

    def needs(self, resource: Resource[TagMark]) -> Iterable[Address]:
        yield addresses.lake_settings(resource.address.placement)

    def owner(self, have: Resource[TagMark], ownership: Ownership) -> Owner:
        return owner_by_text(have.spec.mark, ownership.mesh)

    def marked(self, want: Resource[TagMark]) -> Address | None:
        return addresses.lf_tag(want.address.placement, want.spec.body[0][0]) if want.mode == "managed" else None

    def before(self, change: Change) -> Iterable[Address]:
        """A value goes after no mark names it any more."""
        if isinstance(change, Update):
            named = dict(change.want.spec.body)
            for key, values in change.have.spec.body:
                gone = [value for value in values if value not in named.get(key, ())]
                yield from (addresses.lf_tag_value(change.address.placement, key, value) for value in gone)

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        """A key that is made anew claims again what its mark says, if that is still there."""
        made = {each.address for each in changes if isinstance(each, Create) and each.address.kind == addresses.LF_TAG}
        if made:
            wanted = self.wanted(mesh, placements.of_catalog(mesh))
            for have in found.of_kind(self.name):
                want = wanted.get(have.address)
                if want is not None and self.marked(want) in made:
                    yield Update(have, want)

    def create(self, want: Resource[TagMark]) -> tuple[Call, ...]:
        return _call(want, "CreateLFTagExpression"), _unclaimed(want)

    def update(self, have: Resource[TagMark], want: Resource[TagMark]) -> tuple[Call, ...]:
        return _call(want, "UpdateLFTagExpression"), _unclaimed(want)

    def delete(self, have: Resource[TagMark]) -> tuple[Call, ...]:
        params = {"Name": have.address.name, "CatalogId": have.address.placement.account}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "lakeformation", "DeleteLFTagExpression", params, success_errors=gone),)


def marked_keys(found: Iterable[Resource[TagMark]], mesh: Mesh) -> frozenset[str]:
    """The keys that marks of this mesh are on."""
    return frozenset(key for mark in found if mark.spec.mark == mark_text(mesh) for key, _ in mark.spec.body)


def own_keys(aws: Reader, mesh: Mesh) -> frozenset[str]:
    """The keys that documents declare, and those whose mark in AWS says that they are the mesh's."""
    return keys_with_marks(aws, mesh).union(vocabulary(mesh))


def keys_with_marks(aws: Reader, mesh: Mesh) -> frozenset[str]:
    """The keys whose mark in AWS says that they are the mesh's; none where marks are not seen."""
    try:
        return marked_keys(_found(aws, placements.of_catalog(mesh)), mesh)
    except Unseen:
        return frozenset()


def _found(aws: Reader, placement: Placement) -> Iterator[Resource[TagMark]]:
    for name, text, body in saved_expressions(aws, placement):
        if parsed(text, body) is None:
            yield Resource(addresses.tag_mark(placement, name), TagMark(body, text))


def _call(of: Resource[TagMark], operation: str) -> Call:
    return expression_call(of.address, operation, of.spec.mark, of.spec.body)


def _unclaimed(of: Resource[TagMark]) -> Call:
    """The request that takes the value off that stood in for the mark."""
    placement, ((key, _), *_) = of.address.placement, of.spec.body
    claim = claim_of(of.spec.mark.partition("=")[2])
    params = {"CatalogId": placement.account, "TagKey": key, "TagValuesToDelete": [claim]}
    # How AWS says that a value is not there, no page tells; one that stayed would go with the next run.
    gone = frozenset({"EntityNotFoundException", "InvalidInputException"})
    return Call(placement, "lakeformation", "UpdateLFTag", params, success_errors=gone)
