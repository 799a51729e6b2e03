"""Where query results go: a workgroup and a prefix of its own for each principal of a consumer.

Lake Formation guards tables, not results: whoever may read a prefix reads what every query that wrote there has shown.
So no two principals share one. https://docs.aws.amazon.com/athena/latest/ug/querying.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.address import Placement
from reconciler.spec import placements
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.limits import WORKGROUP_NAME
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted


@dataclass(frozen=True, slots=True)
class QueryWorkgroup:
    """An Athena workgroup of a consumer: of one principal, or of the account as a whole where it names none.

    A group of IAM Identity Center has none: such workgroups are bound to its instance when they are made.

    `prefix` ends in a slash; nobody else's results lie below it. Athena takes a bucket of its own region only.
    https://docs.aws.amazon.com/athena/latest/ug/query-results-specify-location.html
    """

    placement: Placement
    name: str
    bucket: str
    prefix: str
    principal: Principal | None

    @property
    def location(self) -> str:
        """Where results go: `s3://bucket/prefix/`."""
        return f"s3://{self.bucket}/{self.prefix}"


def workgroups_of(mesh: Mesh, consumer: Consumer) -> tuple[QueryWorkgroup, ...]:
    """The workgroups of a consumer, by region and in the order of its principals; empty where it asks for none."""
    return tuple(
        each
        for placement, bucket in results_buckets(mesh, consumer)
        for each in _workgroups(mesh, consumer, placement, bucket)
    )


def workgroups_for(mesh: Mesh, consumer: Consumer, principal: Principal) -> tuple[QueryWorkgroup, ...]:
    """The workgroups of one principal, one a region; none where the consumer asks for none, or it is a group."""
    return tuple(each for each in workgroups_of(mesh, consumer) if each.principal == principal)


def results_buckets(mesh: Mesh, consumer: Consumer) -> tuple[tuple[Placement, str], ...]:
    """Where the query results of a consumer lie: a bucket in each region in which it queries, if it asks for any."""
    if consumer.workgroup is None:
        return ()
    chosen, start = consumer.workgroup.results_bucket, f"{mesh.name}-{consumer.name}-results"
    return tuple(
        (placement, chosen or f"{start}-{placement.account}-{placement.region}")
        for placement in placements.of_queries(mesh, consumer)
    )


def _workgroups(mesh: Mesh, consumer: Consumer, placement: Placement, bucket: str) -> Iterator[QueryWorkgroup]:
    assert consumer.workgroup is not None, "a consumer with a bucket for results has a workgroup"
    stem = consumer.workgroup.name or f"{mesh.name}-{consumer.name}"
    people = [each for each in consumer.principals if not each.is_of_identity_center and not each.whole_account]
    for principal in people:
        name = fitted(f"{stem}-{principal.name}", WORKGROUP_NAME)
        yield QueryWorkgroup(placement, name, bucket, f"{principal.name}/", principal)
    if not people:
        yield QueryWorkgroup(placement, stem, bucket, f"{consumer.name}/", None)
