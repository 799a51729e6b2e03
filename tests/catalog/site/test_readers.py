"""Where somebody queries what he reads: databases that are there, by the names that they have in his account."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.catalog.site.readers import readings
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import bank, variant

CONSUMER = "consumers/analytics-coe/consumer.yaml"


def databases(mesh: Mesh) -> set[tuple[str, str]]:
    """Account and name of each database and link that the documents ask for."""
    wanted = (each.address for each in compile_mesh(mesh, registry()).values())
    return {(each.placement.account, each.name) for each in wanted if each.kind in ("database", "resource-link")}


def renamed() -> Mesh:
    return variant((CONSUMER, "principals:", "links: {credit-profile: our_credits}\nprincipals:"))


@pytest.mark.parametrize(("mesh", "name"), [(bank, "rl_credit-card"), (renamed, "our_credits")])
def test_it_is_a_database_of_his_account(mesh: Callable[[], Mesh], name: str) -> None:
    made = mesh()
    for read in readings(made).values():
        for each in read:
            account = made.reader_account(made.consumer(each.subscription))
            assert account is not None
            assert each.databases == (name,)
            assert (account.id, name) in databases(made)
