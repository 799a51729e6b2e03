"""From two snapshots to a plan: what is compared, what is held, and in which order it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import MeshformError
from reconciler.kinds.common.owner import UNMARKED
from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.plan import Foreign, Plan
from reconciler.model.resource import Gap, Observation, Resource, Snapshot
from reconciler.plan.build import build, gaps_in_words
from reconciler.plan.diff import ABSENT, Difference, diff, snapshot_diff
from reconciler.plan.reviewed import REASON, restrict, reviewed_digests
from reconciler.spec.mesh import Mesh
from tests.estate import bank
from tests.plan.toys import HERE, THERE, Toy, ToyKind, address, toy

KINDS = {"toy": ToyKind()}
Toys = list[Resource[Toy]]


def plan(wanted: Toys, found: Toys, *gaps: Gap, preferred: tuple[tuple[str, str], ...] = ()) -> Plan:
    """The plan from `found` to `wanted`."""
    kinds = {"toy": ToyKind(preferred)}
    observation = Observation(Snapshot(found), gaps)
    return build(diff(Snapshot(wanted), observation, kinds), observation, bank(), kinds)


def waves(of: Plan) -> list[list[str]]:
    """The names of each wave, with + for created, ~ for changed and - for deleted."""
    marks = {"create": "+", "update": "~", "delete": "-"}
    return [[marks[step.change.action] + step.address.name for step in wave] for wave in of.waves]


SNAPSHOT = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3)).map(
    lambda values: [toy(name, value) for name, value in values.items()]
)


@given(SNAPSHOT, SNAPSHOT)
def test_a_plan_says_just_what_differs(wanted: Toys, found: Toys) -> None:
    want, have = {each.address: each.spec for each in wanted}, {each.address: each.spec for each in found}
    changes = diff(Snapshot(wanted), Observation(Snapshot(found)), KINDS).changes
    assert {change.address for change in changes if isinstance(change, Create)} == want.keys() - have.keys()
    assert {change.address for change in changes if isinstance(change, Delete)} == have.keys() - want.keys()
    changed = {name for name in want.keys() & have.keys() if want[name] != have[name]}
    assert {change.address for change in changes if isinstance(change, Update)} == changed


@given(SNAPSHOT)
def test_equal_states_need_no_plan(toys: Toys) -> None:
    assert snapshot_diff(Snapshot(toys), Snapshot(list(reversed(toys))), KINDS) == ()
    assert plan(toys, toys).is_empty


@given(SNAPSHOT, SNAPSHOT, st.randoms())
def test_the_order_of_reading_changes_nothing(wanted: Toys, found: Toys, random: object) -> None:
    mixed_wanted, mixed_found = list(wanted), list(found)
    random.shuffle(mixed_wanted)
    random.shuffle(mixed_found)
    assert plan(wanted, found) == plan(mixed_wanted, mixed_found)


def test_what_is_needed_comes_first_and_goes_last() -> None:
    chain = [toy("a"), toy("b", 1, "a"), toy("c", 1, "b")]
    assert waves(plan(chain, [])) == [["+a"], ["+b"], ["+c"]]
    assert waves(plan([], chain)) == [["-c"], ["-b"], ["-a"]]


def test_what_needs_nothing_of_each_other_goes_together() -> None:
    assert waves(plan([toy("a"), toy("b"), toy("c", 1, "a")], [])) == [["+a", "+b"], ["+c"]]


def test_a_change_of_need_frees_the_old_before_it_goes() -> None:
    found = [toy("old"), toy("user", 1, "old")]
    wanted = [toy("new"), toy("user", 1, "new")]
    assert waves(plan(wanted, found)) == [["+new"], ["~user"], ["-old"]]


def test_what_is_new_and_needs_what_goes_is_made_before() -> None:
    assert waves(plan([toy("news", 1, "bus")], [toy("bus")])) == [["+news"], ["-bus"]]


def test_what_goes_with_another_takes_no_request_and_is_gone_after_it() -> None:
    """Were it told as gone first, and the other thing refused, the journal would not be true."""
    found = [toy("box"), toy("box.part", 1, "box"), toy("lid.part", 1, "lid")]
    seen = plan([toy("lid")], [*found, toy("lid")])
    assert waves(seen) == [["-box", "-lid.part"], ["-box.part"]]
    calls = {step.address.name: [call.operation for call in step.calls] for step in seen.steps}
    assert calls == {"box": ["DeleteToy"], "lid.part": ["DeleteToy"], "box.part": []}


def test_what_needs_itself_waits_for_nobody() -> None:
    assert waves(plan([toy("a", 1, "a")], [])) == [["+a"]]
    assert waves(plan([toy("a", 1, "a")], [], preferred=(("a", "a"),))) == [["+a"]]


def test_what_is_there_already_is_waited_for_by_nobody() -> None:
    (step,) = plan([toy("a"), toy("b", 1, "a")], [toy("a")]).steps
    assert step.waits_for == ()


def test_a_preference_orders_and_gives_way_to_need() -> None:
    found = [toy("old")]
    assert waves(plan([toy("new")], found, preferred=(("new", "old"),))) == [["+new"], ["-old"]]
    needing = [toy("new", 1, "middle"), toy("middle", 2, "old")]
    found = [toy("old"), toy("middle", 1, "old")]
    circle = (("new", "middle"),)
    assert waves(plan([*needing, toy("old", 2)], found, preferred=circle)) == [["~old"], ["~middle"], ["+new"]]


def test_needs_that_go_round_in_a_circle_are_told_as_a_chain() -> None:
    with pytest.raises(AssertionError, match=r"a → .*b → |b → .*a → "):
        plan([toy("a", 1, "b"), toy("b", 1, "a")], [])


def test_a_gap_neither_creates_nor_deletes() -> None:
    gap = Gap("toy", THERE, "denied")
    seen = plan([toy("a"), toy("there-a")], [toy("b")], gap)
    assert waves(seen) == [["+a", "-b"]]
    assert [(held.address.name, held.reason) for held in seen.held] == [("there-a", "not seen: denied")]
    assert not seen.is_complete


def test_what_waits_for_something_held_is_held_along_the_whole_chain() -> None:
    chain = [toy("there-a"), toy("b", 1, "there-a"), toy("c", 1, "b"), toy("d")]
    seen = plan(chain, [], Gap("toy", THERE, "denied"))
    assert waves(seen) == [["+d"]]
    reasons = {held.address.name: held.reason for held in seen.held}
    assert set(reasons) == {"there-a", "b", "c"}
    assert reasons["b"] == f"waits for {address('there-a')}, which is held"


def test_what_is_there_is_kept_while_somebody_unseen_may_need_it() -> None:
    """Found partly in a place with a gap, a toy is neither compared nor deleted."""
    seen = plan([], [toy("there-a")], Gap("toy", THERE, "one page failed"))
    assert waves(seen) == []
    assert [held.reason for held in seen.held] == ["not seen as a whole: one page failed"]


def test_gaps_are_told_once_for_each_place_and_reason() -> None:
    gaps = [Gap("b", HERE, "denied"), Gap("a", HERE, "denied"), Gap("a", THERE, "denied")]
    assert gaps_in_words(gaps) == [f"{HERE}: a, b not seen: denied", f"{THERE}: a not seen: denied"]


def as_document(of: Plan) -> dict[str, object]:
    """The part of JSON v1 that a run is held to."""
    return {"version": 1, "steps": [{"address": str(step.address), "digest": step.digest} for step in of.steps]}


def test_a_plan_held_to_itself_stays_whole() -> None:
    whole = plan([toy("a"), toy("b", 1, "a")], [])
    assert restrict(whole, reviewed_digests(as_document(whole))) == whole


def test_what_was_not_reviewed_is_held_with_all_that_waits_for_it() -> None:
    reviewed = plan([toy("a")], [])
    now = restrict(plan([toy("a"), toy("b"), toy("c", 1, "b")], []), reviewed_digests(as_document(reviewed)))
    assert waves(now) == [["+a"]]
    assert {held.address.name: held.reason for held in now.held} == {"b": REASON, "c": REASON}


def test_a_step_whose_requests_changed_since_is_held() -> None:
    reviewed = reviewed_digests(as_document(plan([toy("a", 1), toy("b", 1, "a")], [])))
    now = restrict(plan([toy("a", 2), toy("b", 1, "a")], []), reviewed)
    reasons = {held.address.name: held.reason for held in now.held}
    assert now.is_empty
    assert "differ from the reviewed ones" in reasons["a"]
    assert reasons["b"] == f"waits for {address('a')}, which is {REASON}"


def test_another_action_on_the_same_address_was_not_reviewed() -> None:
    reviewed = reviewed_digests(as_document(plan([toy("a")], [])))
    assert restrict(plan([], [toy("a")]), reviewed).is_empty


def test_a_reviewed_plan_of_another_version_is_refused_by_its_number() -> None:
    with pytest.raises(MeshformError, match="is of version 2; this meshform reads version 1"):
        reviewed_digests({"version": 2, "steps": []})


def test_several_reviewed_plans_count_together() -> None:
    both = reviewed_digests(as_document(plan([toy("a")], [])), as_document(plan([toy("b")], [])))
    assert waves(restrict(plan([toy("a"), toy("b")], []), both)) == [["+a", "+b"]]


@given(SNAPSHOT, SNAPSHOT, SNAPSHOT)
def test_nothing_is_carried_out_that_was_not_reviewed(wanted: Toys, found: Toys, later: Toys) -> None:
    reviewed = plan(wanted, found)
    digests = {step.digest for step in reviewed.steps}
    now = restrict(plan(wanted, later), reviewed_digests(as_document(reviewed)))
    assert {step.digest for step in now.steps} <= digests


@given(SNAPSHOT, SNAPSHOT)
def test_what_is_only_used_is_never_written_and_what_is_missing_of_it_is_held(wanted: Toys, found: Toys) -> None:
    used = [replace(each, mode="external") for each in wanted]
    made = plan(used, found)
    names = {each.address for each in wanted}
    assert not [step for step in made.steps if step.address in names]
    assert {item.address for item in made.held} == names - {each.address for each in found}


@given(SNAPSHOT, SNAPSHOT)
def test_what_is_somebodys_is_never_written_and_held_where_it_cannot_serve(wanted: Toys, found: Toys) -> None:
    """Nobody said that it is used: what is there under the name must be as it is wanted."""
    theirs = {each.address: UNMARKED for each in found}
    made = diff(Snapshot(wanted), Observation(Snapshot(found)), KINDS, theirs)
    there = {each.address: each.spec for each in found}
    assert not [change for change in made.changes if isinstance(change, Update)]
    differ = {each.address for each in wanted if there.get(each.address, each.spec) != each.spec}
    assert {item.address for item in made.held} == differ


def test_what_stands_on_something_used_that_is_missing_waits() -> None:
    made = plan([replace(toy("a"), mode="external"), toy("b", 1, "a")], [])
    assert waves(made) == []
    assert [item.reason for item in made.held] == [ABSENT, f"waits for {address('a')}, which is held"]


class HinderedKind(ToyKind):
    """Toys that others hinder (`x…`), that lack what others make (`y…`), that come with a box (`…+box`)."""

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        return "others are in the way" if change.address.name.startswith("x") else None

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        return "somebody has to make it first" if change.address.name.startswith("y") else None

    def implied_by(self, resource: Resource[Toy]) -> Address | None:
        box = resource.address.name.partition("+")[2]
        return address(box) if box else None

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: object) -> Iterable[Change]:
        return [Create(toy(f"{each.address.name}-too")) for each in changes if each.address.name.endswith("d")]

    def before(self, change: Change) -> Iterable[Address]:
        return [address(each) for each in ("late", "nowhere") if change.address.name == "early"]


def hindered(wanted: Toys, found: Toys) -> Plan:
    kinds = {"toy": HinderedKind()}
    observation = Observation(Snapshot(found))
    return build(diff(Snapshot(wanted), observation, kinds), observation, bank(), kinds)


def test_what_others_hinder_or_have_not_made_is_held_with_all_that_waits_for_it() -> None:
    seen = hindered([toy("x1"), toy("y1"), toy("a", 1, "x1"), toy("b", 1, "y1"), toy("c")], [])
    assert waves(seen) == [["+c"]]
    assert {item.address.name: item.reason for item in seen.held} == {
        "x1": "others are in the way",
        "y1": "somebody has to make it first",
        "a": f"waits for {address('x1')}, which is held",
        "b": f"waits for {address('y1')}, which is held",
    }


@pytest.mark.parametrize("box", ["made", "there", "changed", "gone"])
def test_what_comes_and_goes_with_its_box_takes_no_request_of_its_own(box: str) -> None:
    part, whole = toy("part+box"), toy("box")
    wanted = {"made": [whole, part], "there": [whole, part], "changed": [toy("box", 2), part], "gone": []}[box]
    found = {"made": [], "there": [whole], "changed": [whole], "gone": [whole, part]}[box]
    steps = {step.address.name: len(step.calls) for step in hindered(wanted, found).steps}
    assert steps["part+box"] == (0 if box in ("made", "gone") else 1)
    assert steps.get("box", 1) == 1


def test_what_follows_from_a_change_is_planned_with_it_and_never_instead_of_one() -> None:
    assert waves(hindered([toy("d")], [])) == [["+d", "+d-too"]]
    assert waves(hindered([toy("d", 2), toy("d-too", 2)], [toy("d"), toy("d-too")])) == [["~d", "~d-too"]]


def test_what_follows_where_nothing_was_seen_is_held() -> None:
    kind = HinderedKind()
    kind.derived_changes = lambda *_: [Create(toy("there-too")), Create(toy("d-too"))]
    observation = Observation(Snapshot(), (Gap("toy", THERE, "denied"),))
    seen = build(Difference((Create(toy("d")),)), observation, bank(), {"toy": kind})
    assert waves(seen) == [["+d", "+d-too"]]
    assert [(held.address.name, held.reason) for held in seen.held] == [("there-too", "not seen: denied")]


class PartlyKind(ToyKind):
    """Of nine nothing is the mesh's."""

    def has_nothing_managed(self, have: Resource[Toy]) -> bool:
        return have.spec.value == 9


def test_what_has_nothing_of_ours_is_not_deleted() -> None:
    found = Observation(Snapshot([toy("a", 9), toy("b", 1), toy("c", 9)]))
    made = diff(Snapshot([toy("c", 1)]), found, {"toy": PartlyKind()})
    assert [(each.action, each.address.name) for each in made.changes] == [("delete", "b"), ("update", "c")]


def test_a_kind_may_let_others_wait_beyond_what_they_need() -> None:
    assert waves(hindered([toy("late"), toy("early")], [])) == [["+early"], ["+late"]]
    assert waves(hindered([toy("early")], [])) == [["+early"]]


CIRCLES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=10)
NEEDS = st.dictionaries(st.sampled_from("bcdef"), st.sampled_from("abcde"), max_size=5)


@given(NEEDS, CIRCLES)
def test_a_preference_is_kept_wherever_nothing_stands_against_it(
    needs: dict[str, str], preferred: list[tuple[str, str]]
) -> None:
    """Needs always are; preferences that close no circle with each other and with needs are all kept."""
    needs = {name: other for name, other in needs.items() if other < name}
    toys = [toy(name, 1, *([needs[name]] if name in needs else [])) for name in "abcdef"]
    seen = waves(plan(toys, [], preferred=tuple(preferred)))
    place = {name[1:]: number for number, wave in enumerate(seen) for name in wave}
    assert set(place) == set("abcdef")
    assert all(place[other] < place[name] for name, other in needs.items())
    pairs = {(first, later) for first, later in preferred if first != later} | {(b, a) for a, b in needs.items()}
    closed = set(pairs)
    while more := {(a, d) for a, b in closed for c, d in closed if b == c} - closed:
        closed |= more
    for first, later in pairs:
        assert place[first] < place[later] or (later, first) in closed, "only what closes a circle gives way"
