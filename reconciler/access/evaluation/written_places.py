"""Written places: where roles write what they read, which is where others may read it, or put something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reconciler.access.state.iam_policies import IamPolicies
from reconciler.access.state.iam_statement import Statement
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.model.resource import Resource, Snapshot

WrittenName = Literal["query-results", "copies"]


@dataclass(frozen=True, slots=True)
class WrittenPlace:
    """A place below which a role writes; `workgroup` the ARN of one whose results are there.

    copies   CREATE TABLE AS, UNLOAD and jobs write wherever their role may
    certain  whether it surely may start queries or put objects there; where a condition decides, it may be
    """

    uri: str
    workgroup: str
    name: WrittenName
    certain: bool = True

    @property
    def parts(self) -> tuple[str, str]:
        """Bucket and prefix."""
        bucket, _, prefix = self.uri.partition("://")[2].partition("/")
        return bucket, prefix

    def __str__(self) -> str:
        return self.uri or self.workgroup


def written_places(snapshot: Snapshot, policies: IamPolicies) -> Mapping[str, tuple[WrittenPlace, ...]]:
    """By role: where it writes, each place once.

    https://docs.aws.amazon.com/athena/latest/ug/querying.html
    """
    workgroups = snapshot.of(Workgroup)
    buckets = {*policies.buckets, *(each.spec.output.partition("://")[2].partition("/")[0] for each in workgroups)}
    return {
        role: tuple(
            dict.fromkeys((*(results := [*_results(policies, role, workgroups)]), *_copies(own, buckets, results)))
        )
        for role, own in policies.roles.items()
    }


def _results(policies: IamPolicies, role: str, workgroups: tuple[Resource[Workgroup], ...]) -> Iterator[WrittenPlace]:
    for each in workgroups:
        placement = each.address.placement
        arn = f"arn:aws:athena:{placement.region}:{placement.account}:workgroup/{each.address.name}"
        if placement.account != role.split(":")[4]:
            continue
        may = policies.role_may(role, "athena:StartQueryExecution", arn)
        if may is not False:
            yield WrittenPlace(each.spec.output, arn, "query-results", may is True)


def _copies(own: tuple[Statement, ...], buckets: set[str], results: list[WrittenPlace]) -> Iterator[WrittenPlace]:
    """Where the statements of a role let it put objects; of a pattern of whole buckets, each bucket that is known."""
    known = {each.uri for each in results}
    for statement in own:
        if not statement.allows:
            continue
        for head in statement.reaches("s3:PutObject"):
            start = head.partition(":::")[2]
            heads = (start,) if "/" in start else (f"{name}/" for name in sorted(buckets) if name.startswith(start))
            for place in heads:
                uri = f"s3://{place}"
                if uri not in known and statement.is_about("s3:PutObject", f"arn:aws:s3:::{place}"):
                    yield WrittenPlace(uri, "", "copies", not statement.conditional)
