"""A reader without some rights: an honest part, and nothing in it takes away what was not seen."""

from __future__ import annotations

import pytest

from reconciler import pipeline
from reconciler.importing.importing import import_estate
from reconciler.importing.looking import Looking
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, Estate
from tests.importing.laws import basis_of, deciding
from tests.importing.reference import CONSUMER, PRODUCER, Reference

_ACCESS = ("data-filter", "grant", "opt-in", "tag-assignment")
BLIND = [
    {"account": ANALYTICS},
    {"account": BANKING},
    {"account": CENTRAL, "operation": "ListDataCellsFilter"},
    {"account": CENTRAL, "operation": "ListPermissions"},
    {"account": CENTRAL, "operation": "GetResourceLFTags"},
    {"account": CENTRAL, "operation": "ListLFTags"},
    {"account": CENTRAL, "operation": "ListResources"},
    {"account": CENTRAL, "operation": "GetTables"},
    {"account": CENTRAL, "operation": "GetDataLakeSettings"},
    {"operation": "GetResourceShareAssociations"},
]


@pytest.fixture(scope="module", params=["by a mesh", "by hand"])
def made(request: pytest.FixtureRequest, shared: Estate) -> str:
    """How the estate came to be; it is only read."""
    if request.param == "by a mesh":
        shared.built()
    else:
        shared.empty()
        Reference(shared, 4).build()
    shared.aws.calls.clear()
    return str(request.param)


@pytest.mark.parametrize("fault", BLIND, ids=str)
def test_what_was_not_seen_is_told_and_never_revoked(shared: Estate, fault: dict[str, str], made: str) -> None:
    others = (BANKING, MARKETS, ANALYTICS) if made == "by a mesh" else (PRODUCER, CONSUMER)
    strikes = {"error": "AccessDeniedException", "status": 403, "times": None}
    services = {"GetResourceShareAssociations": "ram", "GetTables": "glue"}
    service = services.get(fault.get("operation", ""), "lakeformation")
    shared.aws.faults({**fault, **strikes, "service": service})
    try:
        done = import_estate(Looking(shared.sessions), basis_of(*others), named=False)
    finally:
        shared.aws.world.faults.clear()
    shared.fresh_sessions()
    assert done.mesh is not None, [str(finding) for finding in done.findings]
    assert done.reckoning is not None
    assert done.reckoning.unseen
    assert all(gap.reason for gap in done.reckoning.unseen)
    if made == "by hand":
        assert done.reckoning.steps == ()
    # What a mesh has made is kept by its documents, so a part of them is no whole: the command says so.
    unseen = {(gap.kind, str(gap.placement)) for gap in done.reckoning.unseen}
    told = [step.split(" ") for step in done.reckoning.steps if step.startswith("delete ")]
    assert [step for step in told if (step[1], step[-1]) in unseen] == []
    # With full sight, and once it decides, the mesh of a part takes nothing away that the part did not see.
    decides = deciding(done.mesh)
    seen = Looking(shared.sessions).of(decides)
    plan = pipeline.plan_for(decides, compile_mesh(decides, registry()), seen)
    taken = [step.address for step in plan.steps if step.change.action == "delete"]
    assert [each for each in taken if (each.kind, str(each.placement)) in unseen] == []
    assert [each for each in taken if each.kind in _ACCESS] == []
    assert shared.writes() == []
