"""The words of the product: addresses print and parse back, digests say the same on every machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.address import Address, Placement
from reconciler.model.call import Call, Lookup, digest_of
from reconciler.model.change import Create, Delete, Update
from reconciler.model.lakeformation import Grant, OnColumns, OnTable, expression, expression_text
from reconciler.model.origin import Origin
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Gap, Observation, Resource, Snapshot

HERE = Placement("111111111111", "eu-west-1")
WORD = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="/"), min_size=1, max_size=12)
NAME = st.text(min_size=1, max_size=40)
ADDRESS = st.builds(Address, WORD, st.builds(Placement, WORD, WORD), NAME)


@given(ADDRESS)
def test_an_address_prints_and_parses_back(address: Address) -> None:
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize("text", ["", "glue", "glue 1/eu", "glue 1 name", " glue 1/eu name"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        Address.parse(text)


def resource(name: str, spec: object = 1) -> Resource[object]:
    return Resource(Address("thing", HERE, name), spec)


def test_two_resources_of_one_address_are_an_error() -> None:
    with pytest.raises(ValueError, match="two resources have one address: thing 111111111111/eu-west-1 a"):
        Snapshot([resource("a"), resource("b"), resource("a", 2)])


def test_origin_handle_and_note_are_never_compared() -> None:
    plain = resource("a")
    assert plain == replace(plain, origin=Origin("f", 1, 1), handle="arn", note="yesterday")
    assert plain != resource("a", 2)


def test_a_snapshot_finds_by_address_and_by_kind() -> None:
    one, other = resource("a"), Resource(Address("other", HERE, "a"), 1)
    snapshot = Snapshot([one, other])
    assert snapshot[one.address] is one
    assert snapshot.of_kind("other") == (other,)
    assert snapshot.of_kind("nothing") == ()
    assert len(snapshot) == 2


def test_a_snapshot_stands_beside_another_one() -> None:
    mine, theirs = [resource("a"), resource("b")], [resource("b", 2), resource("c")]
    assert [*Snapshot(mine).beside(Snapshot(theirs))] == [(mine[0], None), (mine[1], theirs[0])]
    assert [*Snapshot(theirs).beside(Snapshot())] == [(theirs[0], None), (theirs[1], None)]


def test_blindness_is_of_a_kind_in_a_cell() -> None:
    observation = Observation(Snapshot(), (Gap("thing", HERE, "denied"),))
    assert observation.is_blind("thing", HERE)
    assert not observation.is_blind("thing", Placement("222222222222", "eu-west-1"))
    assert not observation.is_blind("other", HERE)


def test_a_digest_does_not_depend_on_the_order_of_keys_or_on_the_time_zone() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of([1, 2]) != digest_of([2, 1])
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert digest_of({"at": moment}) == digest_of({"at": moment.astimezone(timezone(timedelta(hours=5)))})


def test_a_digest_of_something_that_is_no_data_is_a_bug() -> None:
    with pytest.raises(TypeError, match="no plain data"):
        digest_of({"what": object()})


def step(name: str, value: int = 1, *, waits: tuple[Address, ...] = ()) -> Step:
    want = resource(name)
    return Step(Create(want), (Call(HERE, "glue", "CreateTable", {"Value": value}),), waits)


def test_the_digest_of_a_step_covers_address_action_and_requests() -> None:
    one = step("a")
    assert one.digest == step("a").digest
    assert one.digest != step("b").digest
    assert one.digest != step("a", 2).digest
    assert one.digest != replace(one, change=Delete(resource("a"))).digest
    assert one.digest == replace(one, waits_for=(HERE_ELSE,)).digest


HERE_ELSE = Address("thing", HERE, "z")


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_digest_of_a_plan_does_not_depend_on_the_order_within_a_wave(names: list[str]) -> None:
    wave = tuple(step(name) for name in names)
    assert Plan((wave,)).digest == Plan((tuple(step(name) for name in "abcd"),)).digest
    assert Plan((wave[:2], wave[2:])).digest != Plan((wave,)).digest


def test_complete_and_empty_are_two_facts() -> None:
    gap = Gap("thing", HERE, "denied")
    assert Plan(()).is_empty
    assert Plan(()).is_complete
    assert Plan((), gaps=(gap,)).is_empty
    assert not Plan((), gaps=(gap,)).is_complete


def test_a_change_has_the_address_of_what_it_changes_and_the_line_that_asks() -> None:
    want = replace(resource("a"), origin=Origin("mesh/x.yaml", 3, 5))
    have = resource("a", 2)
    assert [change.action for change in (Create(want), Update(have, want), Delete(have))] == [
        "create",
        "update",
        "delete",
    ]
    assert str(Update(have, want).origin) == "mesh/x.yaml:3:5"
    assert Delete(have).origin is None


TERMS = st.dictionaries(
    st.sampled_from(["A", "b", "Key"]), st.lists(st.sampled_from(["X", "x", "y", "Z"]), min_size=1), max_size=3
)


@given(TERMS)
def test_an_expression_has_one_canonical_form(terms: dict[str, list[str]]) -> None:
    canonical = expression(terms)
    reversed_ = {key.upper(): [value.lower() for value in reversed(terms[key])] for key in reversed(list(terms))}
    assert expression(reversed_) == canonical
    assert expression({key: list(values) for key, values in canonical}) == canonical
    assert list(canonical) == sorted(canonical)


def test_an_expression_reads_like_a_sentence() -> None:
    terms = expression({"sensitivity": ["internal", "confidential"], "product": ["credit"]})
    assert expression_text(terms) == "product=credit AND sensitivity in (confidential, internal)"


def test_columns_and_the_grant_option_do_not_change_what_a_grant_is_called() -> None:
    on = OnColumns("111111111111", "d", "t", ("a",))
    grant = Grant("arn", on, "SELECT")
    assert grant.name == replace(grant, target=replace(on, columns=("a", "b")), grantable=True).name
    assert grant.name != replace(grant, target=replace(on, excluded=True)).name
    assert grant.name != replace(grant, target=OnTable("111111111111", "d", "t")).name
    assert grant.name != replace(grant, condition="x").name


def test_a_call_that_sends_nothing_says_what_it_waits_for() -> None:
    here = Placement("111111111111", "eu-west-1")
    asked = Lookup(here, "ram", "GetResourceShareAssociations", {}, "x")
    waits = Call(here, "ram", "", {}, until=asked)
    assert waits.words == "ram: nothing is sent, and GetResourceShareAssociations asked until it is so"
    assert (
        Call(here, "ram", "AcceptResourceShareInvitation", {}, until=asked).words == "ram.AcceptResourceShareInvitation"
    )
