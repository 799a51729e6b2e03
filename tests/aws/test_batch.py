"""Grants travel twenty to a request, and every failure comes home to the step that it belongs to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.aws import batch
from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.kinds.lakeformation.grant import GrantKind
from reconciler.kinds.lakeformation.lf_codec import encode
from reconciler.model.call import Call
from reconciler.model.lakeformation import Grant, OnDatabase
from tests.estate import CENTRAL, Estate, placement
from tests.grants import atom

HERE = placement(CENTRAL)


def grant(number: int, permission: str = "DESCRIBE", *, to: str = "stranger", grantable: bool = False) -> Call:
    """The request that grants on the database d<number>."""
    given = Grant(f"arn:aws:iam::{CENTRAL}:role/{to}", OnDatabase(CENTRAL, f"d{number}"), permission, grantable)
    (call,) = GrantKind().create(atom(given))
    return call


CALLS = st.lists(
    st.builds(
        grant,
        st.integers(0, 30),
        st.sampled_from(["DESCRIBE", "ALTER", "DROP"]),
        grantable=st.booleans(),
    ),
    max_size=60,
)


@given(CALLS)
def test_no_batch_is_above_twenty_and_no_call_is_lost(calls: list[Call]) -> None:
    batches = list(batch.batches(calls))
    assert all(len(entries) <= 20 for entries in batches)
    carried = Counter(id(call) for entries in batches for entry in entries for call in entry.calls)
    assert carried == Counter(id(call) for call in calls)


@given(CALLS)
def test_no_two_entries_are_about_one_principal_and_resource(calls: list[Call]) -> None:
    rows = [
        (repr(entry.params["Principal"]), repr(entry.params["Resource"]))
        for entries in batch.batches(calls)
        for entry in entries
    ]
    assert len(rows) == len(set(rows))


@given(CALLS)
def test_an_entry_asks_for_just_what_its_calls_ask_for(calls: list[Call]) -> None:
    for entries in batch.batches(calls):
        for entry in entries:
            wanted = {each for call in entry.calls for each in call.params["Permissions"]}
            passed_on = {each for call in entry.calls for each in call.params.get("PermissionsWithGrantOption", ())}
            assert set(entry.params["Permissions"]) == wanted
            assert set(entry.params.get("PermissionsWithGrantOption", ())) == passed_on


def prepared(estate: Estate, databases: int) -> Sender:
    """Databases d0, d1, ... and a stranger to grant on them; the caller is an administrator."""
    lakeformation = estate.client("lakeformation")
    settings: dict[str, Any] = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    own = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
    settings["DataLakeAdmins"] = [{"DataLakePrincipalIdentifier": own}]
    settings["CreateDatabaseDefaultPermissions"] = settings["CreateTableDefaultPermissions"] = []
    lakeformation.put_data_lake_settings(DataLakeSettings=settings)
    estate.client("iam").create_role(RoleName="stranger", AssumeRolePolicyDocument=TRUST)
    for number in range(databases):
        estate.client("glue").create_database(DatabaseInput={"Name": f"d{number}", "CreateTableDefaultPermissions": []})
    estate.aws.calls.clear()
    return Sender(estate.sessions, AwsReader(estate.sessions))


TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "glue.amazonaws.com"}}]}'
)


def held(estate: Estate) -> set[str]:
    """The databases on which the stranger holds something."""
    rows = estate.client("lakeformation").list_permissions()["PrincipalResourcePermissions"]
    strange = [row for row in rows if row["Principal"]["DataLakePrincipalIdentifier"].endswith("/stranger")]
    return {row["Resource"]["Database"]["Name"] for row in strange}


def test_forty_five_grants_take_three_requests(estate: Estate) -> None:
    sender = prepared(estate, 45)
    assert sender.send([grant(number) for number in range(45)]) == {}
    assert len(estate.aws.calls.of("lakeformation", "BatchGrantPermissions")) == 3
    assert len(estate.aws.calls.of("lakeformation", "GrantPermissions")) == 0
    assert held(estate) == {f"d{number}" for number in range(45)}


def test_a_failure_of_one_entry_is_the_failure_of_its_call_and_of_no_other(estate: Estate) -> None:
    sender = prepared(estate, 5)
    failures = sender.send([grant(number) for number in (0, 1, 99, 3)])
    assert list(failures) == [2]
    assert "EntityNotFoundException" in failures[2] or "Database not found" in failures[2]
    assert held(estate) == {"d0", "d1", "d3"}


COLLIDING: dict[str, Any] = {
    "operation": "BatchGrantPermissions",
    "error": "ConcurrentModificationException",
    "entries": (0, 1),
}


def test_entries_that_failed_by_chance_are_sent_again_without_the_others(estate: Estate) -> None:
    sender = prepared(estate, 5)
    estate.aws.faults({**COLLIDING, "times": 2})
    assert sender.send([grant(number) for number in range(5)]) == {}
    assert len(estate.aws.calls.of("lakeformation", "BatchGrantPermissions")) == 3
    assert len(estate.aws.calls.of("lakeformation", "GrantPermissions")) == 0
    assert held(estate) == {f"d{number}" for number in range(5)}


def test_an_entry_that_goes_on_failing_in_company_is_sent_alone(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.aws.sender._TOGETHER", 0.05)
    sender = prepared(estate, 5)
    estate.aws.faults({**COLLIDING, "times": None})
    assert sender.send([grant(number) for number in range(5)]) == {}
    assert len(estate.aws.calls.of("lakeformation", "GrantPermissions")) == 2
    assert held(estate) == {f"d{number}" for number in range(5)}


def test_an_entry_that_is_refused_for_good_is_sent_alone_for_its_own_words(estate: Estate) -> None:
    sender = prepared(estate, 3)
    estate.aws.faults({**COLLIDING, "error": "AccessDeniedException", "times": None})
    assert sender.send([grant(number) for number in range(3)]) == {}
    assert len(estate.aws.calls.of("lakeformation", "BatchGrantPermissions")) == 1
    assert len(estate.aws.calls.of("lakeformation", "GrantPermissions")) == 2


def test_a_batch_that_is_refused_as_a_whole_is_sent_one_by_one(estate: Estate) -> None:
    sender = prepared(estate, 3)
    estate.aws.faults({"operation": "BatchGrantPermissions", "error": "InternalServiceException", "times": None})
    assert sender.send([grant(number) for number in range(3)]) == {}
    assert held(estate) == {"d0", "d1", "d2"}


def test_a_batch_whose_connection_is_lost_for_good_is_sent_one_by_one(estate: Estate) -> None:
    sender = prepared(estate, 2)
    estate.aws.faults({"operation": "BatchGrantPermissions", "reset": "after", "times": None})
    assert sender.send([grant(number) for number in range(2)]) == {}
    assert held(estate) == {"d0", "d1"}


def test_an_account_that_cannot_be_entered_fails_its_own_calls_in_a_sentence(estate: Estate) -> None:
    from reconciler.aws.sessions import Sessions

    nowhere = Sessions("no-such-role", "eu-west-1")
    failures = Sender(nowhere, AwsReader(nowhere)).send([grant(0), grant(1)])
    assert set(failures) == {0, 1}
    assert all("no-such-role cannot be assumed" in words for words in failures.values())


def test_one_grant_needs_no_batch(estate: Estate) -> None:
    sender = prepared(estate, 1)
    assert sender.send([grant(0)]) == {}
    assert len(estate.aws.calls.of("lakeformation", "GrantPermissions")) == 1


def test_a_target_is_written_as_the_request_of_the_call() -> None:
    assert grant(7).params["Resource"] == encode(OnDatabase(CENTRAL, "d7"))


def event(number: int, **more: str) -> Call:
    """The request that tells of something."""
    entry = {"Source": "tests", "DetailType": "Something", "Detail": f'{{"number": {number}}}', **more}
    return Call(HERE, "events", "PutEvents", {"Entries": [entry]})


def test_events_travel_ten_to_a_request(estate: Estate) -> None:
    sender = Sender(estate.sessions, AwsReader(estate.sessions))
    assert sender.send([event(number) for number in range(23)]) == {}
    assert len(estate.aws.calls.of("events", "PutEvents")) == 3


def test_only_the_event_that_is_not_taken_is_sent_again_and_fails(estate: Estate) -> None:
    sender = Sender(estate.sessions, AwsReader(estate.sessions))
    failures = sender.send([event(0), event(1, Detail="no JSON"), event(2)])
    assert list(failures) == [1]
    assert len(estate.aws.calls.of("events", "PutEvents")) == 2
