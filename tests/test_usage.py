"""When who last used what: told by records of GetDataAccess, and never more than they tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.api_call import api_call
from reconciler.usage import NOT_KNOWN, LastUse, Use, last_by_subscription, last_uses, latest_uses, reader_of, uses
from tests.drift.test_causes import NOON, record
from tests.estate import ANALYTICS, CENTRAL, bank

SCIENTIST = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
ARN = f"arn:aws:glue:eu-west-1:{CENTRAL}:table/credit-card/credit_card"


def used(who: str = SCIENTIST, minutes: int = 0, arn: str = ARN, **more: Any) -> Any:
    """What CloudTrail keeps where Athena got the files of a table for somebody."""
    return api_call(
        record(
            "GetDataAccess",
            minutes,
            recipientAccountId=ANALYTICS,
            userIdentity={"type": "AWSAccount", "principalId": "AROA:x", "accountId": ANALYTICS},
            requestParameters={"tableArn": arn, "durationSeconds": 3600},
            additionalEventData={"requesterService": "ATHENA", "lakeFormationPrincipal": who},
            **more,
        )
    )


def rows(*calls: Any, since: datetime | None = NOON - timedelta(days=90)) -> tuple[LastUse, ...]:
    return last_uses(bank(), latest_uses(uses(calls), {} if since is None else {ANALYTICS: since}))


def of_scientist(found: tuple[LastUse, ...]) -> LastUse:
    (row,) = [each for each in found if each.principal == SCIENTIST and each.table == "credit_card"]
    return row


def test_the_last_use_is_told_by_subscription_principal_and_table() -> None:
    found = rows(used(minutes=1), used(minutes=7), used(minutes=3))
    row = of_scientist(found)
    assert (row.last, row.by) == (NOON + timedelta(minutes=7), "ATHENA")
    assert last_by_subscription(found)[row.subscription].last == row.last
    assert [each.last for each in found if each.principal != SCIENTIST] == [None] * (len(found) - 1)


def test_a_session_uses_as_its_role_and_nobody_as_another_of_its_name() -> None:
    session = f"arn:aws:sts::{ANALYTICS}:assumed-role/data-scientist/anna"
    assert of_scientist(rows(used(session))).last is not None
    assert of_scientist(rows(used(SCIENTIST.replace(ANALYTICS, "999999999999")))).last is None


def test_what_is_no_use_of_a_table_counts_as_none() -> None:
    others = [
        used(arn=f"arn:aws:glue:eu-west-1:{CENTRAL}:table/credit-card/other"),
        used(arn="arn:aws:s3:::bucket/prefix"),
        used("AROAEXAMPLE"),
        api_call(record("GetDataAccess", requestParameters={"x": ["y"]})),
    ]
    assert of_scientist(rows(*others)).last is None
    assert used(errorCode="AccessDenied") is None


def test_unused_is_what_is_known_not_to_be_used_and_nothing_else() -> None:
    now = NOON + timedelta(days=100)
    assert of_scientist(rows(used())).is_unused(90, now) is True
    assert of_scientist(rows(used())).is_unused(120, now) is False
    assert of_scientist(rows()).is_unused(90, now) is True
    assert of_scientist(rows(since=None)).is_unused(90, now) is None, "nobody looked"
    assert of_scientist(rows(since=now - timedelta(days=30))).is_unused(90, now) is None, "not far enough back"


@given(st.lists(st.integers(-500_000, 500_000), max_size=6), st.integers(1, 400), st.integers(-400, 400))
@settings(max_examples=80, deadline=None)
def test_no_use_within_the_days_is_ever_called_unused(minutes: list[int], days: int, since: int) -> None:
    now = datetime(2026, 12, 24, tzinfo=UTC)
    calls = [used(minutes=each) for each in minutes]
    row = of_scientist(rows(*calls, since=now + timedelta(days=since)))
    recent = any(now - timedelta(days=days) <= call.at for call in calls)
    if recent:
        assert row.is_unused(days, now) is False
    elif row.is_unused(days, now):
        assert now + timedelta(days=since) <= now - timedelta(days=days)


@given(
    st.lists(st.none() | st.integers(-150, 10), min_size=1, max_size=5),
    st.lists(st.none() | st.integers(-200, 0), min_size=5, max_size=5),
)
@settings(max_examples=80, deadline=None)
def test_a_subscription_is_unused_where_each_of_its_uses_is_known_to_be(
    last: list[int | None], known: list[int | None]
) -> None:
    def at(days: int | None) -> datetime | None:
        return None if days is None else NOON + timedelta(days=days)

    one = of_scientist(rows())
    found = [replace(one, last=at(ago), known_since=at(since)) for ago, since in zip(last, known, strict=False)]
    said = [row.is_unused(90, NOON) for row in found]
    told = last_by_subscription(found)[one.subscription].is_unused(90, NOON)
    if told:
        assert all(said)
    assert (told is False) == (False in said)


def test_of_whom_cloudtrail_names_otherwise_nothing_is_known() -> None:
    found = latest_uses(uses([used()]), {ANALYTICS: NOON - timedelta(days=90)})
    for who in (
        f"arn:aws:quicksight:eu-west-1:{ANALYTICS}:group/default/analysts",
        f"arn:aws:quicksight:eu-west-1:{ANALYTICS}:user/default/anna",
        f"arn:aws:iam::{ANALYTICS}:saml-provider/Okta:group/analysts",
        "arn:aws:identitystore:::group/1",
        "arn:aws:organizations::1:organization/o-1",
        "IAM_ALLOWED_PRINCIPALS",
        "",
    ):
        assert found.of(who, "credit-card", "credit_card") is NOT_KNOWN, who
    for who in (ANALYTICS, f"{ANALYTICS}:IAMPrincipals", SCIENTIST):
        assert found.of(who, "Credit-Card", "CREDIT_CARD").last == NOON, who


def test_readers_are_named_by_account_and_last_name() -> None:
    assert reader_of(SCIENTIST) == (ANALYTICS, "data-scientist")
    assert reader_of("nobody") is None
    assert isinstance(next(uses([used()])), Use)
