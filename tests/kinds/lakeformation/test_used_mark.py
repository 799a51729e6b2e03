"""The mark of a used database comes before what it lists and goes after it; what nobody saw changes nothing in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds import addresses, registry
from reconciler.kinds.glue.database import Database
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.used_databases import UsedDatabase
from reconciler.kinds.lakeformation.used_mark import mark_name
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import expression
from reconciler.model.resource import AnyResource, Gap, Observation, Resource, Snapshot
from reconciler.plan.build import build
from reconciler.plan.diff import Difference
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, placement
from tests.story.test_left_as_it_was import SOME, Tags, with_product, without

HERE = placement(CENTRAL)
BODY = expression({"sensitivity": ("internal",)})
USED = Resource(addresses.database(HERE, "marts"), Database("", "", (("owner", "dbt"),)))
MESH = with_product(SOME)
NAME = mark_name(MESH, "marts", 1)


def tags(mesh: Mesh = MESH, *keys: str) -> list[Resource[TagAssignment]]:
    """The wanted tags of the used database, of some keys."""
    every = registry()["tag-assignment"].desired(mesh)
    return [each for each in every if each.spec.place.database == "marts" and (not keys or each.spec.key in keys)]


def seen(*wanted: AnyResource) -> list[AnyResource]:
    """Tags as they are found where a mark is."""
    return [replace(each, spec=replace(each.spec, marks=(NAME,)), origin=None) for each in wanted]


def mark(*puts: AnyResource) -> Resource[UsedDatabase]:
    listed = frozenset((each.spec.place, each.spec.key) for each in puts)
    return Resource(addresses.used_mark(HERE, NAME), UsedDatabase("demo", "marts", listed, BODY))


def derived(changes: list[Change], *found: AnyResource, mesh: Mesh = MESH) -> list[Change]:
    return list(registry()["used-mark"].derived_changes(changes, mesh, Snapshot((USED, *found))))


def test_it_lists_the_places_of_keys_of_others_and_nothing_of_the_meshs_own() -> None:
    (made,) = derived([Create(each) for each in tags()])
    assert isinstance(made, Create)
    assert {(str(place), key) for place, key in made.want.spec.puts} == {("marts", "team"), ("marts.loss.year", "team")}
    before = set(registry()["used-mark"].before(made))
    assert before == {each.address for each in tags(MESH, "team")}


def test_nothing_follows_from_what_was_not_looked_at() -> None:
    """What is outside of the read scope stands among the found as it is wanted."""
    assert derived([], *tags()) == []
    assert derived([], mark(*tags(MESH, "team"))) == []
    assert derived([], mark(*tags(MESH, "team")), mesh=without()) == []


def test_tags_that_were_there_before_marks_were_made_are_marked_at_the_next_plan() -> None:
    there = [replace(each, spec=replace(each.spec, marks=())) for each in tags()]
    (made,) = derived([], *there)
    assert isinstance(made, Create)
    assert made.want.spec.puts == frozenset(), "whose those of other keys are is not known any more"


def test_it_goes_with_the_last_tag_and_after_it() -> None:
    found = seen(*tags())
    gone: list[Change] = [Delete(each) for each in found]
    (deleted,) = derived(gone, mark(*tags(MESH, "team")), *found, mesh=without())
    assert isinstance(deleted, Delete)
    kind = registry()["tag-assignment"]
    assert all(deleted.address in set(kind.before(change)) for change in gone)


@pytest.mark.parametrize("left", [{}, {("", "team"): 0}], ids=["all", "one"])
def test_a_place_that_a_product_leaves_is_listed_until_it_is_gone(left: Tags) -> None:
    """Also where another comes in the same plan: the mark is written before either."""
    found = seen(*tags())
    kept = {each.address for each in tags(with_product(left))}
    gone: list[Change] = [Delete(each) for each in found if each.address not in kept]
    (changed,) = derived(gone, mark(*tags(MESH, "team")), *found)
    assert isinstance(changed, Update)
    assert len(changed.want.spec.puts) == len(left)
    (new,) = tags(with_product({("loss.note", "team"): 0}), "team")
    (both,) = derived([*gone, Create(new)], mark(*tags(MESH, "team")), *found)
    assert isinstance(both, Update)
    assert both.want.spec.puts == mark(new, *tags(MESH, "team")).spec.puts


def test_it_is_a_saved_expression_of_a_key_of_the_mesh() -> None:
    """Made, changed and deleted by its name; its text says of which mesh and database it is."""
    kind, made = registry()["used-mark"], mark()
    calls = [*kind.create(made), *kind.update(made, made), *kind.delete(made)]
    assert [call.operation for call in calls] == [f"{verb}LFTagExpression" for verb in ("Create", "Update", "Delete")]
    assert {call.params["Name"] for call in calls} == {"meshform-demo uses marts"}
    assert calls[0].params["Description"] == "meshform:uses=demo\nmarts"
    assert calls[0].params["Expression"] == [{"TagKey": "sensitivity", "TagValues": ["internal"]}]


def test_where_marks_were_not_seen_tags_wait_and_nothing_is_marked() -> None:
    gap = Gap("used-mark", HERE, "denied")
    plan = build(
        Difference(tuple(Create(each) for each in tags(MESH, "team"))),
        Observation(Snapshot([USED]), (gap,)),
        MESH,
        registry(),
    )
    assert {step.address.kind for step in plan.steps} == {"grant"} or not list(plan.steps)
    assert {"used-mark", "tag-assignment"} <= {held.address.kind for held in plan.held}
