"""LF-tag keys of the central catalog. A new key is made with all its values; later each value is its own resource.

A key that is there without our mark is somebody's: it is used as it is, and never goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation import lf_tag_mark, tag_reach, tag_search
from reconciler.kinds.lakeformation.tag_vocabulary import claim_of, key_mode, mark_of, vocabulary
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change
from reconciler.model.read_scope import Place
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.limits import LF_TAG_VALUES
from reconciler.spec.mesh import Mesh

PER_CALL = 50
"""Values in one CreateLFTag or UpdateLFTag request."""


SOMEBODYS = Owner("unmarked", note="others made the key, and it stays as it is")
"""Whose a key without our mark is, with its values."""


@dataclass(frozen=True, slots=True)
class LFTagKey:
    """A key. Its values are resources of their own; here they are what a new key begins with.

    `mesh` is the mesh that looks at it.
    """

    values: tuple[str, ...] = field(default=(), compare=False)
    mesh: str = field(default="", compare=False)
    reach: frozenset[str] | None = field(default=None, compare=False)
    """The databases that carry the key, where nothing asks for it."""


class LFTagKind(Kind[LFTagKey]):
    """A key cannot exist without a value, so it is created with them.

    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-creating-tags.html
    """

    name = addresses.LF_TAG
    summary = "LF-tag keys of the central catalog."
    governed = True
    parts = frozenset({"central"})
    reads = ("lakeformation:ListLFTags", "lakeformation:ListLFTagExpressions", *tag_search.READS)
    writes = ("lakeformation:CreateLFTag", "lakeformation:UpdateLFTag", "lakeformation:DeleteLFTag")
    changed_by = ("lakeformation:CreateLFTag", "lakeformation:UpdateLFTag", "lakeformation:DeleteLFTag")

    def desired(self, mesh: Mesh) -> Iterable[Resource[LFTagKey]]:
        for key, (values, origin) in vocabulary(mesh).items():
            if values:
                placement = placements.of_catalog(mesh)
                spec = LFTagKey(tuple(sorted(values)), mesh.name)
                mode = key_mode(mesh, key)
                yield Resource(addresses.lf_tag(placement, key), spec, origin, mode=mode)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[LFTagKey]]:
        wanted, keys = self.wanted(mesh, placement), lf_tag_mark.own_keys(aws, mesh)
        for key, values in found_tags(aws, placement):
            where, reached = addresses.lf_tag(placement, key), None
            if where not in wanted and key in keys and values:
                reached = tag_reach.reach(aws, placement, [(key, values)])
            yield Resource(where, LFTagKey(tuple(sorted(values)), mesh.name, reached))

    def needs(self, resource: Resource[LFTagKey]) -> Iterable[Address]:
        yield addresses.lake_settings(resource.address.placement)

    def owner(self, have: Resource[LFTagKey], ownership: Ownership) -> Owner:
        if have.address.name not in ownership.tag_keys:
            return unmarkable("a key that no document declares")
        if have.address.name not in ownership.marked_keys and claim_of(have.spec.mesh) not in have.spec.values:
            return SOMEBODYS
        outside = tag_reach.beyond(have.spec.reach, [have.address.name], ownership)
        return unmarkable(f"a key that is left alone: {outside}") if outside else OURS

    def before(self, change: Change) -> Iterable[Address]:
        """The mark comes after the key and goes after it: what is ours is never without it."""
        yield mark_of(change.address.placement, change.resource.spec.mesh, change.address.name)

    def read_with(self, resource: Resource[LFTagKey]) -> Iterable[tuple[Place, str | None]]:
        """Its mark says whose it is."""
        yield (addresses.TAG_MARK, resource.address.placement), None

    def create(self, want: Resource[LFTagKey]) -> tuple[Call, ...]:
        """It says from its first moment whose it is, by a value that goes once its mark is there."""
        placement, key, values = want.address.placement, want.address.name, want.spec.values
        # A key with as many values as AWS takes has no room for one more.
        claim = (claim_of(want.spec.mesh),) if len(values) < LF_TAG_VALUES else ()
        first, *rest = chunks((*claim, *values))
        catalog = {"CatalogId": placement.account, "TagKey": key}
        return (
            Call(placement, "lakeformation", "CreateLFTag", {**catalog, "TagValues": list(first)}),
            *(
                Call(placement, "lakeformation", "UpdateLFTag", {**catalog, "TagValuesToAdd": list(more)})
                for more in rest
            ),
        )

    def update(self, have: Resource[LFTagKey], want: Resource[LFTagKey]) -> tuple[Call, ...]:
        raise AssertionError(f"a key has nothing to update: {want.address}")

    def delete(self, have: Resource[LFTagKey]) -> tuple[Call, ...]:
        params = {"CatalogId": have.address.placement.account, "TagKey": have.address.name}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "lakeformation", "DeleteLFTag", params, success_errors=gone),)


def chunks(values: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Values in portions of what one request takes."""
    for start in range(0, len(values), PER_CALL):
        yield values[start : start + PER_CALL]


def found_tags(aws: Reader, placement: Placement) -> Iterator[tuple[str, list[str]]]:
    """Every key of the account's own catalog with its values."""
    for row in aws.pages(placement, "lakeformation", "ListLFTags", {"MaxResults": 1000}, items="LFTags"):
        if row.get("CatalogId", placement.account) == placement.account:
            yield row["TagKey"].lower(), [value.lower() for value in row["TagValues"]]
