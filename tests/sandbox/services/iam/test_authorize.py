"""Actions to which the Service Authorization Reference gives no resource are allowed only by policies on all."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import refused

BUS = f"arn:aws:events:eu-west-1:{OWNER}:event-bus/bus"
GIVEN = {"EventBusName": "bus", "Action": "events:PutEvents", "Principal": "222222222222", "StatementId": "s"}


@pytest.mark.parametrize(("resource", "allowed"), [(BUS, False), ("*", True)])
def test_the_policy_of_a_bus_is_put_by_who_may_on_all(http: Http, resource: str, allowed: bool) -> None:
    """list_amazoneventbridge"""
    http.client("events").create_event_bus(Name="bus")
    http.role(OWNER, "carrier", {"Effect": "Allow", "Action": "events:PutPermission", "Resource": resource})
    events = http.client("events", OWNER, "carrier")
    if allowed:
        events.put_permission(**GIVEN)
    else:
        code, message = refused(events.put_permission, **GIVEN)
        assert code == "AccessDeniedException"
        assert "events:PutPermission on resource: *" in message


@pytest.mark.parametrize(
    ("resource", "allowed"), [(f"arn:aws:databrew:eu-west-1:{OWNER}:dataset/d", False), ("*", True)]
)
def test_a_dataset_is_made_by_who_may_on_all(http: Http, resource: str, allowed: bool) -> None:
    """list_awsgluedatabrew"""
    http.role(OWNER, "brewer", {"Effect": "Allow", "Action": "databrew:CreateDataset", "Resource": resource})
    brew = http.client("databrew", OWNER, "brewer")
    given = {"Name": "d", "Input": {"S3InputDefinition": {"Bucket": "lake", "Key": "x.csv"}}}
    if allowed:
        brew.create_dataset(**given)
    else:
        assert refused(brew.create_dataset, **given)[0] == "AccessDeniedException"
