"""Listeners on a topic of others: the mesh's go with its product, others' stay, also where they hear the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.notifications.subscribers import filter_mark, without_mark
from reconciler.kinds.territory import ownership_of
from reconciler.model.resource import Resource, Snapshot
from reconciler.sandbox import sandbox
from tests.estate import CENTRAL, Estate, bank, specs, variant

KIND = "topic-subscription"
BARE = ("consumers/", "domains/", "lf-tags/")
TOPIC = f"arn:aws:sns:eu-west-1:{CENTRAL}:meshform-bank-credit-profile"
FILTERS = sorted({each.spec.filter for each in specs(KIND).values()})


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    with sandbox() as aws:
        yield Estate(aws)


def _subscribed(estate: Estate, address: str, policy: str) -> None:
    attributes = {"FilterPolicyScope": "MessageBody", "FilterPolicy": policy}
    estate.client("sns").subscribe(TopicArn=TOPIC, Protocol="email", Endpoint=address, Attributes=attributes)


def _heard(estate: Estate) -> dict[str, object]:
    """The addresses that hear of the topic, with what they hear."""
    sns = estate.client("sns")
    rows = sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    found = {row["Endpoint"]: sns.get_subscription_attributes(SubscriptionArn=row["SubscriptionArn"]) for row in rows}
    return {address: json.loads(answer["Attributes"]["FilterPolicy"]) for address, answer in found.items()}


def test_ours_go_with_the_product_and_others_stay(estate: Estate) -> None:
    """On a topic that others made. One whom the mesh wants told was subscribed by them, and hears what it should."""
    estate.client("sns").create_topic(Name="meshform-bank-credit-profile")
    wanted = {each.spec.endpoint: each.spec.filter for each in specs(KIND).values() if each.spec.topic == TOPIC}
    first = min(address for address in wanted if "@" in address)
    theirs = {
        first: without_mark(wanted[first]),
        "other@others.example": '{"detail-type": ["x"]}',
        "mesh@others.example": FILTERS[0].replace("meshform:mesh=bank", "meshform:mesh=bank-credit"),
    }
    for address, policy in theirs.items():
        _subscribed(estate, address, policy)
    before = _heard(estate)
    estate.apply_reviewed(bank())
    heard = _heard(estate)
    assert heard.keys() == before.keys() | wanted.keys() != before.keys()
    assert {address: heard[address] for address in before} == before
    bare = variant(without=BARE)
    estate.apply_reviewed(bare)
    assert _heard(estate) == before
    assert not list(estate.plan(bare).steps)


@given(
    policy=st.sampled_from(FILTERS),
    name=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    topic=st.sampled_from([TOPIC, f"{TOPIC}-gone"]),
)
def test_whose_a_listener_is_stands_in_its_filter(policy: str, name: str, topic: str) -> None:
    """By the whole name of the mesh; what is written otherwise, if only by one value, is not ours."""
    mesh, have = bank(), next(iter(specs(KIND).values()))
    ownership = ownership_of(mesh, Snapshot(()), Snapshot(()))

    def is_ours(text: str) -> bool:
        found: Resource[object] = replace(have, spec=replace(have.spec, topic=topic, filter=text))
        return registry()[have.address.kind].owner(found, ownership).is_ours

    assert filter_mark(policy) == mesh.name
    assert is_ours(policy)
    named = policy.replace("meshform:mesh=bank", f"meshform:mesh={name}")
    assert filter_mark(named) == name
    assert is_ours(named) == (name == mesh.name)
    assert filter_mark(without_mark(policy)) == ""
    assert is_ours(without_mark(policy)) == (topic == TOPIC), "before filters said whose they are"
    for changed in (policy.replace("]", ',"x"]', 1), policy.replace('{"', '{"x":["y"],"', 1), ""):
        assert filter_mark(changed) is None
        assert not is_ours(changed)
