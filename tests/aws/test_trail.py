"""The history is asked twice a second and no faster, for as long as somebody wants to know more, and never breaks."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.aws import trail as module
from reconciler.aws.trail import PAGES, Trail
from reconciler.model.address import Placement
from tests.aws.test_rate_limit import Clock

HERE, THERE = Placement("111111111111", "eu-west-1"), Placement("222222222222", "eu-west-1")
EVENT = {
    "eventSource": "glue.amazonaws.com",
    "eventName": "DeleteTable",
    "eventTime": "2026-11-22T12:00:00Z",
    "awsRegion": "eu-west-1",
    "recipientAccountId": "111111111111",
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


class Endless:
    """A history without an end, with one event a page."""

    def __init__(self, *texts: str) -> None:
        self.asked: list[dict[str, Any]] = []
        self.texts = texts or (json.dumps(EVENT),)

    def client(self, placement: Placement, service: str) -> Any:
        assert service == "cloudtrail"
        return SimpleNamespace(lookup_events=self.lookup_events)

    def lookup_events(self, **asked: Any) -> Any:
        self.asked.append(dict(asked))
        return {"Events": [{"CloudTrailEvent": text} for text in self.texts], "NextToken": str(len(self.asked))}


def test_one_account_is_asked_twice_a_second_and_another_meanwhile(clock: Clock) -> None:
    aws: Any = Endless()
    trail = Trail(aws)
    assert len(list(trail.calls(HERE, "glue:DeleteTable"))) == PAGES
    assert clock.slept == [0.5] * (PAGES - 1)
    next(trail.calls(THERE, "glue:DeleteTable"))
    assert len(clock.slept) == PAGES - 1
    assert "NextToken" not in aws.asked[0]
    assert aws.asked[1]["NextToken"] == "1"


def test_who_has_heard_enough_asks_for_no_further_page(clock: Clock) -> None:
    aws: Any = Endless()
    next(Trail(aws).calls(HERE, "glue:DeleteTable"))
    assert len(aws.asked) == 1


def test_a_run_ends_asking_where_its_requests_end(clock: Clock) -> None:
    aws: Any = Endless()
    assert len(list(Trail(aws, requests=3).calls(HERE, "glue:DeleteTable"))) == 3


def test_events_of_others_and_what_is_no_event_are_passed_over(clock: Clock) -> None:
    other = json.dumps({**EVENT, "eventSource": "lakeformation.amazonaws.com"})
    aws: Any = Endless("{", "[]", "null", other, json.dumps({**EVENT, "errorCode": "AccessDenied"}))
    assert list(Trail(aws).calls(HERE, "glue:DeleteTable")) == []


def test_where_nobody_may_look_it_is_said_once_and_not_asked_again(clock: Clock) -> None:
    class Refusing(Endless):
        def lookup_events(self, **asked: Any) -> Any:
            self.asked.append(asked)
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "LookupEvents")

    aws: Any = Refusing()
    trail = Trail(aws)
    assert [*trail.calls(HERE, "glue:DeleteTable"), *trail.calls(HERE, "glue:CreateTable")] == []
    assert trail.refused == {HERE: "cloudtrail.LookupEvents: AccessDeniedException: no"}
    assert len(aws.asked) == 1
