"""The rules of the mesh match the events that AWS was seen to send."""

from __future__ import annotations

import json

import pytest
from moto.events.models import EventPattern

from reconciler.kinds.notifications.event_routes import routes
from tests.estate import bank
from tests.recordings.records import ANSWERS, Record


@pytest.mark.parametrize(
    "record", [each for each in ANSWERS if each.operation == "(event)"], ids=lambda record: record.id
)
def test_a_recorded_event_goes_to_its_product_and_to_no_other(record: Record) -> None:
    """Of the database `credit-card`, on the default bus of the central account."""
    on = [route for route in routes(bank()) if route.bus == "default" and route.placement.account == "111111111111"]
    told = {
        route.name for route in on if EventPattern.load(json.dumps(route.pattern)).matches_event(record.response or {})
    }
    assert any("credit-profile" in name for name in told), told
    assert not any("deal-pipeline" in name or "fund-prices" in name for name in told), told
