"""What an import could not see is ours to decide about and stays, until somebody has looked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.lakeformation import Grant
from reconciler.model.plan import Plan
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, bank, variant


def planned(mesh: Mesh) -> tuple[Plan, str]:
    """The plan of a mesh where a grant of its own is there that no document asks for, and the grant's address."""
    wanted = compile_mesh(bank(), registry())
    of_analytics = [each for each in wanted.of(Grant) if each.address.placement.account == ANALYTICS]
    like = max(of_analytics, key=lambda each: each.spec.permission == "SELECT")
    spec = replace(like.spec, permission="ALTER")
    more = replace(like, spec=spec, address=like.address._replace(name=like.address.name.replace("SELECT", "ALTER")))
    found = Observation(Snapshot([*wanted.values(), more]))
    return pipeline.plan_for(mesh, compile_mesh(mesh, registry()), found), str(more.address)


@pytest.mark.parametrize("unseen", [False, True])
def test_what_could_not_be_seen_stays_and_is_told(unseen: bool) -> None:
    word = "  undeclaredGrants: revoke"
    mesh = variant(("mesh.yaml", word, f"{word}\n  unseen: {{analytics: [grant]}}")) if unseen else bank()
    plan, address = planned(mesh)
    deleted = {str(step.address) for step in plan.steps if step.change.action == "delete"}
    told = {str(each.resource.address) for each in plan.foreign if "the import could not see it" in each.reason}
    assert (deleted, told) == ((set(), {address}) if unseen else ({address}, set()))
