"""Who made a deviation: the request that made it what it is, told by CloudTrail's records and by nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.drift.causes import cause, explains, questions
from reconciler.drift.deviations import Deviation
from reconciler.kinds import registry
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.api_call import ApiCall, api_call
from reconciler.model.lakeformation import Grant, OnTable
from reconciler.model.resource import Resource
from reconciler.plan.compile import compile_mesh
from tests.estate import CENTRAL, bank, placement

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = registry()
GRANT = Grant("arn:aws:iam::111111111111:role/x", OnTable(CENTRAL, "credit-card", "credit_card"), "SELECT")
CAME = Deviation(Resource(KINDS["grant"].desired(bank()).__iter__().__next__().address, GRANT), "came")


def record(event: str, minutes: int = 0, **more: Any) -> dict[str, Any]:
    """What CloudTrail keeps of a call in the central account."""
    return {
        "eventSource": "lakeformation.amazonaws.com",
        "eventName": event,
        "eventTime": (NOON + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "awsRegion": "eu-west-1",
        "recipientAccountId": CENTRAL,
        "userIdentity": {"type": "AssumedRole", "arn": f"arn:aws:sts::{CENTRAL}:assumed-role/admin/anna"},
        "requestParameters": {},
        **more,
    }


def granting(principal: str = GRANT.principal, table: str = "credit_card") -> dict[str, Any]:
    resource = {"table": {"databaseName": "credit-card", "name": table}}
    return {"principal": {"dataLakePrincipalIdentifier": principal}, "resource": resource, "permissions": ["SELECT"]}


def call(*arguments: Any, **more: Any) -> ApiCall:
    found = api_call(record(*arguments, **more))
    assert found is not None
    return found


def test_what_was_refused_or_is_no_record_never_happened() -> None:
    assert api_call(record("GrantPermissions", errorCode="AccessDeniedException")) is None
    hostile: tuple[object, ...] = (
        None,
        [],
        "x",
        {},
        {"eventName": "x"},
        record("x", eventTime="soon"),
        record("x", awsRegion=None),
    )
    for broken in hostile:
        assert api_call(broken) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(record("x"))), json_values))
@settings(max_examples=150, deadline=None)
def test_no_record_whatever_is_in_it_breaks_the_reading(changed: dict[str, Any]) -> None:
    found = api_call({**record("GrantPermissions", requestParameters=granting()), **changed})
    if found is not None:
        assert explains(found, CAME, KINDS) in (True, False)


def test_a_call_explains_what_it_names_and_nothing_else() -> None:
    assert explains(call("GrantPermissions", requestParameters=granting()), CAME, KINDS)
    assert not explains(call("GrantPermissions", requestParameters=granting("arn:aws:iam::1:role/y")), CAME, KINDS)
    assert not explains(call("GrantPermissions", requestParameters=granting(table="other")), CAME, KINDS)
    whole = {"catalogId": CENTRAL, "name": "credit-card"}
    assert explains(call("DeleteDatabase", requestParameters=whole), CAME, KINDS), "it went with its database"
    assert not explains(call("DeleteDatabase", requestParameters={"name": "fund-prices"}), CAME, KINDS)


def test_of_a_batch_only_entries_that_were_done_explain() -> None:
    entries = [{"id": "a", **granting()}, {"id": "b", **granting("arn:aws:iam::1:role/y")}]
    answer = {"failures": [{"requestEntry": {"id": "a"}, "error": {"errorCode": "AccessDenied"}}]}
    done = call("BatchGrantPermissions", requestParameters={"entries": entries})
    failed = call("BatchGrantPermissions", requestParameters={"entries": entries}, responseElements=answer)
    assert explains(done, CAME, KINDS)
    assert not explains(failed, CAME, KINDS)


def test_a_service_that_asked_for_somebody_is_told_with_him() -> None:
    who = {"type": "AssumedRole", "arn": "arn:x", "invokedBy": "glue.amazonaws.com"}
    assert call("GrantPermissions", userIdentity=who).last_change.by == "arn:x via glue.amazonaws.com"
    service = {"type": "AWSService", "invokedBy": "glue.amazonaws.com"}
    assert call("GrantPermissions", userIdentity=service).last_change.by == "glue.amazonaws.com"


@given(st.permutations(range(5)))
def test_the_latest_call_is_the_cause_in_whatever_order_events_come(order: list[int]) -> None:
    calls = [call("GrantPermissions", minutes, requestParameters=granting()) for minutes in order]
    found = cause(CAME, [*calls, *calls])
    assert found is not None
    assert found.at == NOON + timedelta(minutes=4)


def test_of_a_part_of_a_document_it_is_the_first_call_that_wrote_it_since() -> None:
    def put(minutes: int, *admins: str) -> ApiCall:
        rows = [{"dataLakePrincipalIdentifier": admin} for admin in admins]
        parameters = {"dataLakeSettings": {"dataLakeAdmins": rows}}
        return call("PutDataLakeSettings", minutes, requestParameters=parameters)

    there = next(each for each in compile_mesh(bank(), KINDS).of_kind("lake-settings"))
    admin = Deviation(there, "came", "an administrator", called="arn:aws:iam::1:role/Hand")
    calls = [put(1, "a", "arn:aws:iam::1:role/hand"), put(2, "a"), put(3, "a", "arn:aws:iam::1:role/hand")]
    calls += [put(4, "arn:aws:iam::1:role/hand", "b"), put(5, "arn:aws:iam::1:role/hand")]
    found = cause(admin, calls)
    assert found is not None
    assert found.at == NOON + timedelta(minutes=3)
    assert cause(admin, calls[1:2]) is None, "who never wrote it is not blamed"


@pytest.mark.parametrize(("way", "event"), [("came", "RevokePermissions"), ("went", "GrantPermissions")])
def test_who_made_a_thing_is_not_blamed_for_its_going_and_the_other_way_round(way: Any, event: str) -> None:
    told = [call(event, requestParameters=granting())]
    assert cause(Deviation(CAME.resource, way), told) is None
    assert cause(Deviation(CAME.resource, "changed"), told) is not None


def test_what_has_no_region_is_asked_for_where_it_is_told() -> None:
    role = next(each for each in compile_mesh(bank(), KINDS).of_kind("iam-role"))
    assert {place.region for place, _ in questions(Deviation(role, "went"), bank(), KINDS)} == {"us-east-1"}


def test_every_kind_that_lasts_says_by_which_calls_it_changes() -> None:
    silent = {kind.name for kind in KINDS.values() if kind.lasting and not kind.changed_by}
    assert silent == {"ram-share", "center-identity"}, "one is only shown, the other only looked up"


def test_each_calls_of_ours_is_one_that_changes_the_kind_or_what_comes_with_it() -> None:
    """What we write ourselves with a name of its own must be among what is looked for."""
    wanted = compile_mesh(bank(), KINDS)
    told = {name for kind in KINDS.values() for name in kind.changed_by}
    written = {
        f"{each.service}:{each.operation}"
        for resource in wanted.values()
        if KINDS[resource.address.kind].lasting
        for each in KINDS[resource.address.kind].create(resource)
    }
    also = {"ram:GetResourceShareInvitations", "glue:StartCrawler", "glue:TagResource", "events:TagResource"}
    looking = {"glue:", "ram:"}
    assert {name for name in written - told - also - looking if ":Get" not in name and ":List" not in name} == set()


def test_a_tag_is_changed_by_calls_that_name_key_and_column() -> None:
    each = next(
        resource for resource in compile_mesh(bank(), KINDS).of(TagAssignment) if resource.spec.place.column == "age"
    )
    place = each.spec.place
    resource = {"tableWithColumns": {"databaseName": place.database, "name": place.table, "columnNames": ["age"]}}
    tags = [{"tagKey": each.spec.key, "tagValues": ["public"]}]
    found = call("AddLFTagsToResource", requestParameters={"resource": resource, "lFTags": tags})
    assert explains(found, Deviation(each, "changed"), KINDS)
    assert placement(CENTRAL) == found.placement
