"""EventBridge takes five targets a rule, 300 rules a bus, 2,048 characters a pattern and 10 KB a bus's policy."""

from __future__ import annotations

import json
from typing import Any

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import refused

PATTERN = json.dumps({"source": ["aws.glue"]})
MOST = "The requested resource exceeds the maximum number allowed."


def targets(*ids: int) -> list[dict[str, str]]:
    return [{"Id": str(each), "Arn": f"arn:aws:sqs:eu-west-1:{OWNER}:q{each}"} for each in ids]


def test_a_rule_has_five_targets_however_they_come(http: Http) -> None:
    events = http.client("events")
    events.put_rule(Name="r", EventPattern=PATTERN)
    events.put_targets(Rule="r", Targets=targets(1, 2, 3))
    events.put_targets(Rule="r", Targets=targets(3, 4, 5))
    assert refused(events.put_targets, Rule="r", Targets=targets(6)) == ("LimitExceededException", MOST)
    events.put_rule(Name="other", EventPattern=PATTERN)
    assert refused(events.put_targets, Rule="other", Targets=targets(*range(6))) == ("LimitExceededException", MOST)


def test_a_bus_has_three_hundred_rules(http: Http) -> None:
    events = http.client("events")
    events.create_event_bus(Name="bus")
    for number in range(300):
        events.put_rule(Name=f"r{number}", EventBusName="bus", EventPattern=PATTERN)
    events.put_rule(Name="r7", EventBusName="bus", EventPattern=PATTERN, Description="again")
    assert (
        refused(events.put_rule, Name="more", EventBusName="bus", EventPattern=PATTERN)[0] == "LimitExceededException"
    )
    events.put_rule(Name="more", EventPattern=PATTERN)


def test_a_pattern_has_2048_characters(http: Http) -> None:
    events = http.client("events")

    def pattern(length: int) -> str:
        return json.dumps({"source": ["x" * (length - len(json.dumps({"source": [""]})))]})

    events.put_rule(Name="r", EventPattern=pattern(2_048))
    assert refused(events.put_rule, Name="r", EventPattern=pattern(2_049))[0] == "InvalidEventPatternException"


def test_a_policy_of_a_bus_has_ten_kilobytes(http: Http) -> None:
    events = http.client("events")
    events.create_event_bus(Name="bus")

    def policy(accounts: int) -> str:
        statement: dict[str, Any] = {"Sid": "s", "Effect": "Allow", "Action": "events:PutEvents"}
        statement["Principal"] = {"AWS": [f"arn:aws:iam::{number:012}:root" for number in range(1, accounts + 1)]}
        statement["Resource"] = f"arn:aws:events:eu-west-1:{OWNER}:event-bus/bus"
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    events.put_permission(EventBusName="bus", Policy=policy(200))
    code, _ = refused(events.put_permission, EventBusName="bus", Policy=policy(320))
    assert code == "PolicyLengthExceededException"
