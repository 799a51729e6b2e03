"""What messages are taken for: whatever comes, however often and in any order, AWS is read where it told of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.drift.events import heard, read_scope_of_calls
from reconciler.kinds import registry
from reconciler.model.address import Placement
from reconciler.model.read_scope import ReadScope
from tests.drift.test_causes import granting, json_values, record
from tests.estate import ANALYTICS, CENTRAL, bank

KINDS = registry()


def event(name: str, service: str = "lakeformation", account: str = CENTRAL, **more: Any) -> dict[str, Any]:
    """An event as EventBridge hands it to a queue."""
    detail = record(name, eventSource=f"{service}.amazonaws.com", recipientAccountId=account, eventID=name)
    return {
        "source": f"aws.{service}",
        "detail-type": "AWS API Call via CloudTrail",
        "account": account,
        "detail": {**detail, **more},
    }


def scope(*events: dict[str, Any]) -> ReadScope:
    return read_scope_of_calls(heard(map(json.dumps, events), bank(), KINDS).calls, bank(), KINDS)


def read(*events: dict[str, Any]) -> set[tuple[str, str]]:
    """Kinds with the names of the accounts that are read."""
    return {(kind, bank().account_by_id(place.account).name) for kind, place in scope(*events).places}  # type: ignore[union-attr]


TAGGING = {"resource": {"table": {"databaseName": "credit-card", "name": "credit_card"}}, "lFTags": [{"tagKey": "x"}]}
CASES: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    (event("GrantPermissions", requestParameters=granting()), {("grant", "central")}),
    (event("AddLFTagsToResource", requestParameters=TAGGING), {("tag-assignment", "central")}),
    (event("PutDataLakeSettings", account=ANALYTICS), {("lake-settings", "analytics")}),
    (event("AttachRolePolicy", "iam", ANALYTICS, awsRegion="us-east-1"), {("iam-role", "analytics")}),
    (event("RejectResourceShareInvitation", "ram", ANALYTICS), {("ram-acceptance", "central")}),
    (event("DeleteDatabase", "glue", ANALYTICS), {("resource-link", "analytics"), ("grant", "analytics")}),
    (event("CreateTable", "glue", requestParameters={"databaseName": "theirs"}), set()),
    (event("DeleteLFTag", requestParameters={"tagKey": "x"}), {
        ("lf-tag", "central"), ("lf-tag-value", "central"), ("tag-assignment", "central"),
    }),
]  # fmt: skip


@pytest.mark.parametrize(("told", "places"), CASES, ids=[each["detail"]["eventName"] for each, _ in CASES])
def test_only_what_an_event_may_have_changed_is_read(told: dict[str, Any], places: set[tuple[str, str]]) -> None:
    assert read(told) == places


def test_tags_and_tables_are_read_only_in_the_databases_named() -> None:
    found = scope(event("AddLFTagsToResource", requestParameters=TAGGING))
    assert found.places == {("tag-assignment", Placement(CENTRAL, "eu-west-1")): frozenset({"credit-card"})}
    whole = scope(
        event("AddLFTagsToResource", requestParameters=TAGGING), event("DeleteLFTag", requestParameters={"tagKey": "x"})
    )
    assert whole.places["tag-assignment", Placement(CENTRAL, "eu-west-1")] is None


@given(st.lists(st.integers(0, len(CASES) - 1), max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_order_and_repetition_change_nothing(chosen: list[int], random: Any) -> None:
    events = [CASES[number][0] for number in chosen]
    shuffled = [*events, *events]
    random.shuffle(shuffled)
    assert scope(*events) == scope(*shuffled)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("x" * 400_000, "too long"),
        ("null", "no management event"),
        ('{"detail-type": "AWS API Call via CloudTrail", "source": "mine", "detail": {}}', "not sent by AWS"),
        (json.dumps(event("GrantPermissions", errorCode="AccessDenied")), "nothing happened"),
        (json.dumps({**event("GrantPermissions"), "account": ANALYTICS}), "no whole record"),
        (json.dumps(event("GrantPermissions", account="999999999999")), "not the mesh's"),
        (json.dumps(event("RunInstances", "ec2")), "nothing that the mesh has"),
    ],
)
def test_what_is_nothing_to_us_is_counted_and_named(body: str, why: str) -> None:
    found = heard([body], bank(), KINDS)
    assert (found.messages, found.calls) == (1, ())
    ((said, count),) = found.others.items()
    assert why in said
    assert count == 1


@given(st.dictionaries(st.sampled_from(["detail", "account", "source", "detail-type"]), json_values))
@settings(max_examples=100, deadline=None)
def test_no_message_breaks_the_reading(changed: dict[str, Any]) -> None:
    found = heard([json.dumps({**event("GrantPermissions"), **changed})], bank(), KINDS)
    assert found.messages == 1
    assert len(found.calls) + sum(found.others.values()) == 1


def test_ten_thousand_messages_are_one_reading() -> None:
    told = [json.dumps(event("GrantPermissions", eventID=str(number % 5_000))) for number in range(10_000)]
    found = heard(told, bank(), KINDS)
    assert (found.messages, len(found.calls)) == (10_000, 5_000)
    assert len(read_scope_of_calls(found.calls, bank(), KINDS).places) == 1
