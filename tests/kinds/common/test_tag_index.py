"""What was left behind is found by one index; without the index everything is read as before."""

from __future__ import annotations

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.kinds.kind import Kind
from tests.estate import ANALYTICS, Estate, actions, bank, placement, variant


def operations(estate: Estate) -> set[str]:
    """What a plan of the example asks the consumer's account."""
    estate.fresh_sessions()
    estate.aws.calls.clear()
    estate.plan()
    return {call.operation for call in estate.aws.calls if call.account == ANALYTICS}


def test_what_the_mesh_does_not_want_and_never_made_is_not_listed(built: Estate) -> None:
    asked = operations(built)
    assert "GetResources" in asked
    assert "ListRules" not in asked, "the consumer has no rules of ours"


def test_something_left_behind_with_our_tag_is_found_and_removed(built: Estate) -> None:
    events = built.client("events", ANALYTICS)
    name = "meshform-bank-left-behind"
    events.put_rule(
        Name=name,
        EventPattern='{"source":["aws.glue"]}',
        Description="meshform:mesh=bank",
        Tags=[{"Key": "meshform:mesh", "Value": "bank"}],
    )
    plan = built.plan()
    assert [(step.change.action, step.address.name) for step in plan.steps] == [("delete", f"default/{name}")]
    pipeline.apply_reviewed(built.review(), built.sessions)
    assert built.plan().is_empty


def test_without_the_index_everything_is_listed_and_nothing_is_a_gap(built: Estate) -> None:
    built.aws.faults({"service": "tagging", "error": "AccessDeniedException", "times": None})
    asked = operations(built)
    assert {"ListRules", "ListBuckets", "ListWorkGroups"} <= asked
    assert built.plan().is_complete


def test_kinds_without_a_tag_are_always_read() -> None:
    """Lake Formation's own things carry no AWS tags: they are never left to the index."""
    indexed = {name for name, kind in registry().items() if isinstance(kind, Kind) and kind.indexed_as}
    assert indexed.isdisjoint({"grant", "lake-settings", "resource-link", "tag-assignment", "location", "iam-role"})


def test_every_indexed_kind_puts_the_tag_on_what_it_makes() -> None:
    """Its creation sends the mesh's tag; policies and buckets are found by the thing that carries it."""
    by_another = {"bucket-policy"}
    wanted = pipeline.review(bank()).wanted
    for name, kind in registry().items():
        if kind.indexed_as and name not in by_another:
            for resource in wanted.of_kind(name):
                sent = [str(call.params) for call in kind.create(resource)]
                assert any("meshform:mesh" in text and "Tag" in text for text in sent), resource.address


def test_a_workgroup_that_is_not_wanted_any_more_goes(built: Estate) -> None:
    text = "workgroup:\n  resultsRetentionDays: 30\n  bytesCutoff: 10737418240\n"
    mesh = variant(("consumers/analytics-coe/consumer.yaml", text, ""))
    assert not registry()["workgroup"].wanted(mesh, placement(ANALYTICS))
    assert "delete workgroup bank-analytics-coe-data-scientist" in actions(built.plan(mesh))
