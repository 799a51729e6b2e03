"""LF-tag values: each value of a key is a resource, so that one can come and another go without a collision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKABLE, Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.taken_over import takes_over
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation import lf_tag, lf_tag_mark, tag_reach, tag_search
from reconciler.kinds.lakeformation.tag_vocabulary import claim_of, key_mode, mark_of, vocabulary
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Delete
from reconciler.model.read_scope import Place
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class LFTagValue:
    """A value is there or not. `mesh` is the mesh that looks at it."""

    key: str
    value: str
    reach: frozenset[str] | None = field(default=None, compare=False)
    """The databases that carry it, where nothing asks for it."""
    mesh: str = field(default="", compare=False)


class LFTagValueKind(Kind[LFTagValue]):
    """UpdateLFTag adds and removes values; a value that something carries is not removed.

    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-updating-tags.html
    """

    name = addresses.LF_TAG_VALUE
    summary = "Values of LF-tag keys, one resource each."
    governed = True
    parts = frozenset({"central"})
    reads = ("lakeformation:ListLFTags", "lakeformation:ListLFTagExpressions", *tag_search.READS)
    writes = ("lakeformation:UpdateLFTag",)
    changed_by = ("lakeformation:CreateLFTag", "lakeformation:UpdateLFTag", "lakeformation:DeleteLFTag")

    def mentions(self, resource: Resource[LFTagValue]) -> tuple[str, ...]:
        return resource.spec.key, resource.spec.value

    def desired(self, mesh: Mesh) -> Iterable[Resource[LFTagValue]]:
        for key, (values, _) in vocabulary(mesh).items():
            for value, origin in values.items():
                where = addresses.lf_tag_value(placements.of_catalog(mesh), key, value)
                yield Resource(where, LFTagValue(key, value, mesh=mesh.name), origin, mode=key_mode(mesh, key))

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[LFTagValue]]:
        wanted, keys = self.wanted(mesh, placement), lf_tag_mark.own_keys(aws, mesh)
        for key, values in lf_tag.found_tags(aws, placement):
            for value in values:
                where, reached = addresses.lf_tag_value(placement, key, value), None
                if where not in wanted and key in keys:
                    reached = tag_reach.reach(aws, placement, [(key, [value])])
                yield Resource(where, LFTagValue(key, value, reached, mesh.name))

    def needs(self, resource: Resource[LFTagValue]) -> Iterable[Address]:
        yield addresses.lf_tag(resource.address.placement, resource.spec.key)

    def read_with(self, resource: Resource[LFTagValue]) -> Iterable[tuple[Place, str | None]]:
        """The mark of its key says whose it is."""
        yield (addresses.TAG_MARK, resource.address.placement), None

    def before(self, change: Change) -> Iterable[Address]:
        """The mark of a key names a value: one that is there."""
        if not isinstance(change, Delete):
            yield mark_of(change.address.placement, change.want.spec.mesh, change.want.spec.key)

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        """A key of others is used as it is: they add the value, or the mesh says that the key is its own now."""
        if not isinstance(change, Create):
            return None
        key, value = change.want.spec.key, change.want.spec.value
        of_key = addresses.lf_tag(change.address.placement, key)
        mark = mark_of(change.address.placement, change.want.spec.mesh, key)
        if of_key in changes or of_key not in found or mark in found or mark in changes:
            return None
        return (
            f"others made the LF-tag {key}, and it has no value {value}: add it there, choose another key, or name the "
            f"key in mesh.yaml (territory.takeOver: {{{addresses.LF_TAG}: [{key}]}})"
        )

    def implied_by(self, resource: Resource[LFTagValue]) -> Address | None:
        return addresses.lf_tag(resource.address.placement, resource.spec.key)

    def owner(self, have: Resource[LFTagValue], ownership: Ownership) -> Owner:
        key, value = have.spec.key, have.spec.value
        if key not in ownership.tag_keys:
            return UNMARKABLE
        of_key = addresses.lf_tag(have.address.placement, key)
        if key not in ownership.marked_keys and not takes_over(ownership.mesh, of_key):
            return lf_tag.SOMEBODYS
        outside = tag_reach.beyond(have.spec.reach, [key], ownership)
        if outside:
            return unmarkable(f"a value that is left alone: {outside}")
        if value == claim_of(ownership.mesh.name) or key not in vocabulary(ownership.mesh):
            # The mark says that the key is ours: what stood in for it goes, and without a document all its values do.
            return OURS
        tag, keys = ownership.mesh.tags.get(key), ownership.mesh.settings.tag_keys
        if key in (keys.product, keys.domain) or (tag is not None and (tag.retired or value in tag.retired_values)):
            return OURS
        if ownership.mesh.territory.undeclared_tag_values == "remove":
            return OURS
        return unmarkable("a value that no document lists")

    def create(self, want: Resource[LFTagValue]) -> tuple[Call, ...]:
        return (self._change(want, "TagValuesToAdd"),)

    def update(self, have: Resource[LFTagValue], want: Resource[LFTagValue]) -> tuple[Call, ...]:
        raise AssertionError(f"a value has nothing to update: {want.address}")

    def delete(self, have: Resource[LFTagValue]) -> tuple[Call, ...]:
        return (self._change(have, "TagValuesToDelete"),)

    def _change(self, of: Resource[LFTagValue], how: str) -> Call:
        placement = of.address.placement
        params = {"CatalogId": placement.account, "TagKey": of.spec.key, how: [of.spec.value]}
        gone = frozenset({"EntityNotFoundException"}) if how == "TagValuesToDelete" else frozenset()
        return Call(placement, "lakeformation", "UpdateLFTag", params, success_errors=gone)
