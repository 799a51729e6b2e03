"""Of two changes of tags and grants an order is asked for exactly where the other one harms somebody for a moment."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import TableId, evaluate
from reconciler.kinds.lakeformation.tag_assignment import TagAssignmentKind
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import Target
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.tag_order import tag_order
from tests.access.building import ANN, BOB, EVE, WORLD, columns, give, named, state, table, tag, where
from tests.estate import bank

TABLES = [table("t", "a b"), table("u", "a")]
PLACES = ("db", "db.t", "db.u", "db.t.a", "db.t.b", "db.u.a")
PLAIN: tuple[Target, ...] = (named(), named("u"), named("*"), columns("a"), columns("b", excluded=True))
POLICIES = tuple(
    where(**pairs)
    for pairs in (
        {"level": "low"},
        {"level": "low high"},
        {"level": "*"},
        {"level": "high", "team": "x"},
        {"team": "x"},
    )
)

PAIRS = (("level", "low"), ("level", "high"), ("team", "x"), ("team", "y"))
a_tag = st.builds(
    lambda place, pair: tag(place, **dict([pair]))[0],
    st.sampled_from(PLACES),
    st.sampled_from(PAIRS),
)
TARGETS, RIGHTS = (*POLICIES, *PLAIN), ("SELECT", "SELECT", "ALL", "INSERT")
a_policy = st.builds(lambda target: give(ANN, target)[0], st.sampled_from(POLICIES))


def read(snapshot: Snapshot) -> set[tuple[TableId, str]]:
    """What she reads, by the evaluator, which knows nothing of an order."""
    access = evaluate(snapshot, WORLD)
    return {(place, name) for place in access.tables for name in access.on(ANN, place).columns}


def made(found: Snapshot, change: Change) -> Snapshot:
    """A snapshot after a change."""
    rest: list[AnyResource] = [each for address, each in found.items() if address != change.address]
    return state(rest, [] if isinstance(change, Delete) else [change.want])


def towards(found: Snapshot, want: AnyResource, *, gone: bool) -> Change:
    """What brings a resource about, or takes it away where it is there."""
    have = found.get(want.address)
    if have is None:
        return Create(want)
    return Delete(have) if gone or have.spec == want.spec else Update(have, want)


@settings(max_examples=40)
@given(st.integers(0))
def test_an_order_is_asked_for_exactly_where_the_other_one_harms(seed: int) -> None:
    """Of every tag that may come, change or go with every grant by tags that may come or go."""
    chance = Random(seed)
    tags = [tag(chance.choice(PLACES), **dict([chance.choice(PAIRS)])) for _ in range(chance.randrange(6))]
    grants = [give(ANN, chance.choice(TARGETS), chance.choice(RIGHTS)) for _ in range(chance.randrange(4))]
    before, gone = state(TABLES, *tags, *grants), chance.random() < 0.5
    on_tags = [towards(before, tag(place, **dict([pair]))[0], gone=gone) for place in PLACES for pair in PAIRS]
    on_grants = [towards(before, give(ANN, target)[0], gone=True) for target in POLICIES]
    old = read(before)
    after_tag, after_grant = ([(each, read(made(before, each))) for each in some] for some in (on_tags, on_grants))
    for (on_tag, tagged), (on_grant, granted) in product(after_tag, after_grant):
        new = read(made(made(before, on_tag), on_grant))
        asked = set(tag_order({each.address: each for each in (on_tag, on_grant)}, before))
        assert ((on_tag.address, on_grant.address) in asked) == bool(granted - old - new or (old & new) - granted)
        assert ((on_grant.address, on_tag.address) in asked) == bool(tagged - old - new or (old & new) - tagged)


def test_a_new_tag_comes_before_a_new_grant_that_would_open_what_it_closes() -> None:
    """Everything is new, but what the column inherits."""
    before = state(TABLES, tag("db", level="low"))
    on_tag, on_grant = Create(tag("db.t.a", level="high")[0]), Create(give(ANN, where(level="low"))[0])
    asked = list(tag_order({each.address: each for each in (on_grant, on_tag)}, before))
    assert asked == [(on_tag.address, on_grant.address)]


def pairs(before: Snapshot, *changes: Change) -> set[tuple[Change, Change]]:
    """What is asked for of these changes."""
    by_address = {each.address: each for each in changes}
    return {(by_address[first], by_address[later]) for first, later in tag_order(by_address, before)}


def test_of_several_grants_those_wait_that_match() -> None:
    """She goes on reading by another expression, which comes or goes with one that has nothing to do with it."""
    low, high, other = (give(ANN, where(**terms))[0] for terms in ({"level": "low"}, {"level": "high"}, {"team": "x"}))
    moved = Update(tag("db.t", level="low")[0], tag("db.t", level="high")[0])
    came, beside = Create(high), Create(other)
    assert pairs(state(TABLES, moved.have, low), moved, came, beside) == {(came, moved)}
    went, beside_ = Delete(low), Delete(other)
    assert pairs(state(TABLES, moved.have, low, other, high), moved, went, beside_) == {(moved, went)}


def test_columns_that_come_or_go_with_the_tag_count_too() -> None:
    new, low, high = table("v", "a"), give(ANN, where(level="low"))[0], give(ANN, where(level="high"))[0]
    tagged, went = Create(tag("db.v", level="high")[0]), Delete(high)
    assert pairs(state(TABLES, high), Create(new), tagged, went) == {(went, tagged)}
    gone, came = Delete(tag("db.v", level="low")[0]), Create(low)
    assert pairs(state(TABLES, new, gone.have), Delete(new), gone, came) == {(gone, came)}


@settings(max_examples=40)
@given(st.integers(0))
def test_each_reader_has_an_order_of_his_own(seed: int) -> None:
    """Several at once ask for what each of them asks for alone."""
    chance = Random(seed)
    tags = [tag(chance.choice(PLACES), **dict([chance.choice(PAIRS)])) for _ in range(4)]
    readers = [ANN, BOB, EVE]
    grants = [give(chance.choice(readers), chance.choice(TARGETS)) for _ in range(8)]
    before = state(TABLES, *tags, *grants)
    moves = [towards(before, give(reader, chance.choice(POLICIES))[0], gone=True) for reader in readers]
    for place, pair in product(PLACES, PAIRS):
        on_tag = towards(before, tag(place, **dict([pair]))[0], gone=chance.random() < 0.5)
        assert pairs(before, on_tag, *moves) == set[object]().union(*(pairs(before, on_tag, each) for each in moves))


@settings(max_examples=200)
@given(
    st.lists(a_tag, max_size=3),
    st.lists(a_policy, min_size=1, max_size=2),
    st.sampled_from([("db", "db.t"), ("db", "db.t.a"), ("db.t", "db.t.a"), ("db.t.a", "db.t.b"), ("db", "db.u.a")]),
    st.tuples(st.sampled_from(["low", "high"]), st.booleans()),
    st.tuples(st.sampled_from(["low", "high"]), st.booleans()),
)
def test_no_two_tags_harm_each_other(
    tags: list[AnyResource],
    grants: list[AnyResource],
    places: tuple[str, str],
    one: tuple[str, bool],
    other: tuple[str, bool],
) -> None:
    """A column goes from the old value of a key to the new one, whichever place it has it from."""
    before = state(TABLES, tags, grants)
    wanted = [(tag(at, level=value)[0], gone) for at, (value, gone) in zip(places, (one, other), strict=True)]
    two = [towards(before, want, gone=gone) for want, gone in wanted]
    old, new = read(before), read(made(made(before, two[0]), two[1]))
    asked = set(TagAssignmentKind().order(two, bank()))
    for first, later in (two, reversed(two)):
        if (later.address, first.address) not in asked:
            there = read(made(before, first))
            assert not there - old - new
            assert old & new <= there
