"""Which sorts of things in an account carry the mesh's tag, by one look at the index of tagged resources.

It spares a listing of every sort in every account where the mesh wants none any more. AWS tells of new and changed
tags after a while only, so nothing that is wanted is looked up here: only what was left behind.
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from __future__ import annotations

from collections.abc import Container

from reconciler.kinds.common.marks import MARK
from reconciler.model.address import Placement
from reconciler.model.reader import Reader, Unseen
from reconciler.spec.mesh import Mesh

READS = ("tag:GetResources",)


class _Everything(Container[str]):
    """Where the index cannot be read, anything may be there."""

    def __contains__(self, sort: object) -> bool:
        return True


def tagged_types(aws: Reader, placement: Placement, mesh: Mesh) -> Container[str]:
    """The sorts (`glue:crawler`, `s3`) of everything in a placement that carries the mesh's tag."""
    return aws.once(f"sorts of {mesh.name} in {placement}", lambda: _tagged_types(aws, placement, mesh))


def _tagged_types(aws: Reader, placement: Placement, mesh: Mesh) -> Container[str]:
    request = {"TagFilters": [{"Key": MARK, "Values": [mesh.name]}], "ResourcesPerPage": 100}
    try:
        rows = list(
            aws.pages(placement, "resourcegroupstaggingapi", "GetResources", request, items="ResourceTagMappingList")
        )
    except Unseen:
        return _Everything()
    return {_sort(row["ResourceARN"]) for row in rows}


def _sort(arn: str) -> str:
    """`arn:aws:glue:eu-west-1:1:crawler/x` is `glue:crawler`; `arn:aws:s3:::x` is `s3`."""
    _, _, service, _, _, name = arn.split(":", 5)
    sort, slash, _ = name.partition("/")
    return f"{service}:{sort}" if slash else service
