"""Clients: made once, for as long as what they are made of stays the same."""

from __future__ import annotations

import pytest

from reconciler.aws.clients import shared_client
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
