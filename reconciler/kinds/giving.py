"""What the resources of a state give people, asked of the kinds, so that a new kind counts too: grants and policies."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.kinds import registry
from reconciler.kinds.kind import Kind
from reconciler.model.lakeformation import Grant
from reconciler.model.policy import Policy
from reconciler.model.resource import Resource, Snapshot


def grants_in(state: Snapshot) -> Iterator[Resource[Grant]]:
    """Every Lake Formation grant: those that are resources, and those that other resources come with."""
    yield from state.of(Grant)
    for kind in registry().values():
        if type(kind).grants is not Kind.grants:
            for resource in state.of_kind(kind.name):
                yield from kind.grants(resource)


def policies_in(state: Snapshot) -> Iterator[Policy]:
    """Every IAM policy on principals and buckets."""
    for kind in registry().values():
        if type(kind).policies is not Kind.policies:
            for resource in state.of_kind(kind.name):
                yield from kind.policies(resource)
