"""What an estate remembers of AWS is what a new look would find, whatever was written in between."""

from __future__ import annotations

import pytest

from tests.estate import ANALYTICS, BANKING, CENTRAL, REGION, Estate, variant

EVERYBODY = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/somebody"}
BUCKET = {"Bucket": "by-hand", "CreateBucketConfiguration": {"LocationConstraint": REGION}}
TRUST = '{"Version": "2012-10-17", "Statement": []}'
DENIAL = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'

#: Hands that write to AWS: service, account, operation, parameters.
HANDS = [
    ("s3", BANKING, "create_bucket", BUCKET),
    ("glue", CENTRAL, "create_database", {"DatabaseInput": {"Name": "by-hand"}}),
    ("lakeformation", CENTRAL, "create_lf_tag", {"TagKey": "by-hand", "TagValues": ["yes"]}),
    ("iam", ANALYTICS, "delete_role_policy", {"RoleName": "meshform-plan", "PolicyName": "none"}),
    ("iam", ANALYTICS, "create_role", {"RoleName": "by-hand", "AssumeRolePolicyDocument": TRUST}),
    ("iam", ANALYTICS, "put_role_policy", {"RoleName": "data-scientist", "PolicyName": "x", "PolicyDocument": DENIAL}),
    ("events", CENTRAL, "create_event_bus", {"Name": "by-hand"}),
    ("sns", CENTRAL, "create_topic", {"Name": "by-hand"}),
    ("athena", ANALYTICS, "create_work_group", {"Name": "by-hand"}),
]


@pytest.mark.parametrize(("service", "account", "operation", "given"), HANDS, ids=[hand[2] for hand in HANDS])
def test_a_remembered_look_is_a_new_one(
    built: Estate, service: str, account: str, operation: str, given: dict[str, object]
) -> None:
    built.look()
    client = built.client(service, account)
    try:
        getattr(client, operation)(**given)
    except client.exceptions.ClientError:
        assert operation == "delete_role_policy"
    remembered = built.look()
    built.fresh_sessions()
    new = built.look()
    assert dict(remembered.found) == dict(new.found)
    assert remembered.gaps == new.gaps


def test_what_was_refused_by_a_fault_is_not_remembered(built: Estate) -> None:
    built.fresh_sessions()
    built.aws.faults({"service": "glue", "error": "InternalFailure", "times": None})
    assert built.look().gaps
    built.aws.world.faults.clear()
    assert not built.look().gaps


@pytest.mark.parametrize(
    "fault",
    [
        {"operation": "ListPermissions", "account": ANALYTICS},
        {"service": "lakeformation", "account": ANALYTICS},
        {"service": "sts", "operation": "AssumeRole"},
    ],
    ids=["an operation", "a service", "whoever signs in"],
)
def test_what_was_told_before_a_fault_is_not_told_in_its_place_and_holds_afterwards(
    built: Estate, fault: dict[str, str]
) -> None:
    built.look()
    built.sign_in_again()
    built.aws.faults({**fault, "error": "AccessDeniedException", "times": None})
    assert ANALYTICS in {gap.placement.account for gap in built.look().gaps}
    built.aws.world.faults.clear()
    built.sign_in_again()
    built.aws.calls.clear()
    assert not built.look().gaps
    assert {call.service for call in built.aws.calls} <= {"sts"}


def test_a_second_look_asks_nothing_of_aws(built: Estate) -> None:
    built.look()
    built.aws.calls.clear()
    built.look()
    assert len(built.aws.calls) == 0


def test_what_was_carried_out_once_is_there_again_and_written_no_second_time(estate: Estate) -> None:
    mesh = variant(without=("consumers/",))
    estate.carried_out(mesh)
    found = dict(estate.look(mesh).found)
    assert found
    estate.client("glue").create_database(DatabaseInput={"Name": "by-hand"})
    assert dict(estate.look(mesh).found) != found
    estate.aws.calls.clear()
    estate.carried_out(mesh)
    assert estate.writes() == []
    estate.fresh_sessions()
    assert dict(estate.look(mesh).found) == found
    assert estate.plan(mesh).is_empty
