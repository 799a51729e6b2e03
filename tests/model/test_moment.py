"""Times that others wrote are times in UTC, or are refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.moment import moment

zones = st.none() | st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)


@given(st.datetimes(timezones=zones) | st.sampled_from([datetime.min, datetime.max]), zones)
def test_any_time_is_one_in_utc_or_none(at: datetime, zone: timezone | None) -> None:
    said = at.replace(tzinfo=zone)
    try:
        want = said.replace(tzinfo=UTC) if zone is None else said.astimezone(UTC)
    except OverflowError:
        with pytest.raises(ValueError, match=r".+"):
            moment(said.isoformat())
        return
    found = moment(said.isoformat())
    assert (found, found.tzinfo) == (want, UTC)
    assert f"{found.astimezone(UTC):%H:%M}" == f"{want:%H:%M}"


@pytest.mark.parametrize("text", ["", "yesterday", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-00:01"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment(text)
