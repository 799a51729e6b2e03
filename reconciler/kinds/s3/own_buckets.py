"""Which buckets of an account are the mesh's business, and in which region: S3 lists those of all regions at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from reconciler.kinds.common.marks import MARK
from reconciler.model.address import Placement
from reconciler.model.reader import Reader
from reconciler.spec.data_places import data_places
from reconciler.spec.managed import managed_domains
from reconciler.spec.mesh import Mesh
from reconciler.spec.results import results_buckets


def with_buckets_abroad(known: Iterable[Placement], mesh: Mesh) -> tuple[Placement, ...]:
    """Placements, and besides them the regions in which domains keep files."""
    data = (place.placement for domain in managed_domains(mesh) for place in data_places(mesh, domain))
    return tuple(dict.fromkeys((*known, *data)))


def own_buckets(aws: Reader, placement: Placement, mesh: Mesh, wanted: Collection[str]) -> Iterator[str]:
    """Those buckets of an account that are wanted, and those that look like the mesh's own and carry its mark.

    Another mesh's bucket may begin with the same name, and whoever owns it may keep us from reading its tags. S3 lists
    the buckets of all regions at once: what nothing asks for is told in the home region.
    """
    every = [
        *((place.placement, place.bucket) for domain in managed_domains(mesh) for place in data_places(mesh, domain)),
        *(each for consumer in mesh.consumers.values() for each in results_buckets(mesh, consumer)),
    ]
    elsewhere = {name for where, name in every if where.account == placement.account and where != placement}
    answer = aws.read(placement, "s3", "ListBuckets")
    assert answer is not None
    for row in answer.get("Buckets", ()):
        name = row["Name"]
        alike = name.startswith(f"{mesh.name}-") and name not in elsewhere and not abroad(mesh, placement)
        if name in wanted or (alike and mark_on(aws, placement, name) == mesh.name):
            yield name


def mark_on(aws: Reader, placement: Placement, bucket: str) -> str:
    """The name of the mesh that a bucket belongs to; empty where it carries none, or its tags may not be read."""
    tagging = aws.read(placement, "s3", "GetBucketTagging", {"Bucket": bucket}, absent=("NoSuchTagSet", "AccessDenied"))
    tags = {tag["Key"]: tag["Value"] for tag in (tagging or {}).get("TagSet", ())}
    return str(tags.get(MARK, ""))


def abroad(mesh: Mesh, placement: Placement) -> str:
    """The region of a placement, where it is not the home region."""
    return placement.region if placement.region != mesh.region else ""


def region_of(aws: Reader, placement: Placement, bucket: str) -> str:
    """Where a bucket is. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html"""
    found = aws.read(placement, "s3", "GetBucketLocation", {"Bucket": bucket}) or {}
    where = found.get("LocationConstraint") or "us-east-1"
    return "eu-west-1" if where == "EU" else where
