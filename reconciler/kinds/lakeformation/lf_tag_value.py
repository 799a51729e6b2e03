"""LF-tag values: each value of a key is a resource, so that one can come and another go without a collision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.kinds.common.ownership import Land, central
from reconciler.kinds.kind import ELSEWHERE, OURS, Claim, Kind, foreign
from reconciler.kinds.lakeformation import lf_tag
from reconciler.model.address import Address, Cell
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh

NAME = "lf-tag-value"


@dataclass(frozen=True, slots=True)
class LFTagValue:
    """A value is there or not."""

    key: str
    value: str


class LFTagValueKind(Kind[LFTagValue]):
    """UpdateLFTag adds and removes values; a value that something carries is not removed.

    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-updating-tags.html
    """

    name = NAME
    summary = "Values of LF-tag keys, one resource each."
    governed = True
    parts = frozenset({"central"})
    reads = ("lakeformation:ListLFTags",)
    writes = ("lakeformation:UpdateLFTag",)

    def desired(self, mesh: Mesh) -> Iterable[Resource[LFTagValue]]:
        for key, (values, _) in lf_tag.vocabulary(mesh).items():
            for value, origin in values.items():
                yield Resource(address(central(mesh), key, value), LFTagValue(key, value), origin)

    def observe(self, aws: Reader, cell: Cell, mesh: Mesh) -> Iterable[Resource[LFTagValue]]:
        for key, values in lf_tag.found_tags(aws, cell):
            for value in values:
                yield Resource(address(cell, key, value), LFTagValue(key, value))

    def needs(self, resource: Resource[LFTagValue]) -> Iterable[Address]:
        yield lf_tag.address(resource.address.cell, resource.spec.key)

    def comes_with(self, resource: Resource[LFTagValue]) -> Address | None:
        return lf_tag.address(resource.address.cell, resource.spec.key)

    def claim(self, have: Resource[LFTagValue], land: Land) -> Claim:
        key, value = have.spec.key, have.spec.value
        if key not in land.tag_keys:
            return ELSEWHERE
        if key not in lf_tag.vocabulary(land.mesh):
            # The document of the key was removed, and a mark says that the key is ours: it goes with its values.
            return OURS
        tag, keys = land.mesh.tags.get(key), land.mesh.settings.tag_keys
        if key in (keys.product, keys.domain) or (tag is not None and (tag.retired or value in tag.retired_values)):
            return OURS
        if land.mesh.territory.undeclared_tag_values == "remove":
            return OURS
        return foreign("a value that no document lists")

    def create(self, want: Resource[LFTagValue]) -> tuple[Call, ...]:
        return (self._change(want, "TagValuesToAdd"),)

    def update(self, have: Resource[LFTagValue], want: Resource[LFTagValue]) -> tuple[Call, ...]:
        raise AssertionError(f"a value has nothing to update: {want.address}")

    def delete(self, have: Resource[LFTagValue]) -> tuple[Call, ...]:
        return (self._change(have, "TagValuesToDelete"),)

    def _change(self, of: Resource[LFTagValue], how: str) -> Call:
        cell = of.address.cell
        params = {"CatalogId": cell.account, "TagKey": of.spec.key, how: [of.spec.value]}
        gone = frozenset({"EntityNotFoundException"}) if how == "TagValuesToDelete" else frozenset()
        return Call(cell, "lakeformation", "UpdateLFTag", params, done_if=gone)


def address(cell: Cell, key: str, value: str) -> Address:
    """A value of a key."""
    return Address(NAME, cell, f"{key}={value}")
