"""moved-queries: a link goes in one region and stays or comes in another, so queries there find nothing any more."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

MOVED_QUERIES = Rule(
    "moved-queries",
    "warning",
    "People query in the regions in which they did.",
    "What a principal may read stays the same, but Athena finds it by a link of its own region only. Tell people where "
    "to query before the link goes. https://docs.aws.amazon.com/lake-formation/latest/dg/data-access-across-region.html",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """Links that go from a region of an account that is to have them in another one."""
    names = {account.id: account.name for account in reviewed.mesh.accounts.values()}
    kept: dict[tuple[str, str], set[str]] = {}
    for want in reviewed.wanted.of(ResourceLink):
        kept.setdefault((want.address.placement.account, want.spec.database), set()).add(want.address.placement.region)
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Delete) or not isinstance(change.have.spec, ResourceLink):
            continue
        account, region = change.address.placement
        elsewhere = kept.get((account, change.have.spec.database), set())
        if elsewhere and region not in elsewhere:
            yield Finding(
                MOVED_QUERIES.id,
                MOVED_QUERIES.severity,
                f"The link {change.address.name} goes from {names[account]} in {region}: who queries "
                f"there finds nothing any more. It is in {', '.join(sorted(elsewhere))}.",
            )
