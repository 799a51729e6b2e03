"""Clients: made once, for as long as what they are made of stays the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from botocore.utils import parse_timestamp

from reconciler.aws.clients import instant, shared_client
from tests.estate import REGION


def test_a_client_is_made_once_for_all() -> None:
    assert shared_client("glue", REGION) is shared_client("glue", REGION)
    assert shared_client("glue", REGION) is not shared_client("glue", "eu-central-1")
    assert shared_client("glue", REGION) is not shared_client("ram", REGION)


@pytest.mark.parametrize(("name", "value"), [("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("https_proxy", "http://p:1")])
def test_another_address_is_another_client(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    before = shared_client("glue", REGION)
    monkeypatch.setenv(name, value)
    assert shared_client("glue", REGION) is not before
    monkeypatch.undo()
    assert shared_client("glue", REGION) is before


@pytest.mark.parametrize("told", [0, 1.7e9, 1764198000.123456, -1e9, 4e10, "2026-11-26T23:00:00Z", "1764198000", 1e14])
def test_a_time_is_the_one_that_botocore_reads(told: object) -> None:
    def read(parse: Callable[[object], datetime]) -> datetime | type[ValueError]:
        try:
            return parse(told)
        except ValueError as error:
            return type(error)

    assert read(instant) == read(parse_timestamp)
