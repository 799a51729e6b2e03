"""Where query results go: a workgroup and a prefix of its own for each principal of a consumer.

Lake Formation guards tables, not results: whoever may read a prefix reads what every query that wrote there has shown.
So no two principals share one. https://docs.aws.amazon.com/athena/latest/ug/querying.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.limits import WORKGROUP_NAME
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted


@dataclass(frozen=True, slots=True)
class QueryWorkgroup:
    """An Athena workgroup of a consumer: of one principal, or of the account as a whole where it names none.

    A group of IAM Identity Center has none: such workgroups are bound to its instance when they are made.

    `prefix` ends in a slash; nobody else's results lie below it.
    """

    name: str
    bucket: str
    prefix: str
    principal: Principal | None

    @property
    def location(self) -> str:
        """Where results go: `s3://bucket/prefix/`."""
        return f"s3://{self.bucket}/{self.prefix}"


def workgroups_of(mesh: Mesh, consumer: Consumer) -> tuple[QueryWorkgroup, ...]:
    """The workgroups of a consumer, in the order of its principals; empty where it asks for none."""
    bucket = results_bucket(mesh, consumer)
    return tuple(_workgroups(mesh, consumer, bucket)) if bucket else ()


def workgroup_of(mesh: Mesh, consumer: Consumer, principal: Principal) -> QueryWorkgroup | None:
    """The workgroup of one principal; None where the consumer asks for none, or it is a group."""
    return next((each for each in workgroups_of(mesh, consumer) if each.principal == principal), None)


def results_bucket(mesh: Mesh, consumer: Consumer) -> str | None:
    """Bucket for the query results of a consumer; None when it has none."""
    account = mesh.reader_account(consumer)
    if consumer.workgroup is None or account is None:
        return None
    return consumer.workgroup.results_bucket or f"{mesh.name}-{consumer.name}-results-{account.id}-{mesh.region}"


def _workgroups(mesh: Mesh, consumer: Consumer, bucket: str) -> Iterator[QueryWorkgroup]:
    assert consumer.workgroup is not None, "a consumer with a bucket for results has a workgroup"
    stem = consumer.workgroup.name or f"{mesh.name}-{consumer.name}"
    people = [principal for principal in consumer.principals if principal.group is None]
    for principal in people:
        yield QueryWorkgroup(
            fitted(f"{stem}-{principal.name}", WORKGROUP_NAME), bucket, f"{principal.name}/", principal
        )
    if not people:
        yield QueryWorkgroup(stem, bucket, f"{consumer.name}/", None)
