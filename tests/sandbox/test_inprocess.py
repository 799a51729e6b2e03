"""The environment beside a sandbox in process: it gives what is missing, and takes away no more than that."""

from __future__ import annotations

import os

import pytest

from reconciler.sandbox import sandbox

MINE, THEIRS = "AWS_ACCESS_KEY_ID", "MESHFORM_TEST_OF_THE_ENVIRONMENT"


def test_what_was_missing_is_there_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MINE, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with sandbox():
        assert (os.environ[MINE], os.environ["AWS_DEFAULT_REGION"]) == ("sandbox", "eu-central-1")
    assert MINE not in os.environ
    assert os.environ["AWS_DEFAULT_REGION"] == "eu-central-1"


def test_what_others_change_meanwhile_stays_so() -> None:
    """A fixture that ends before the sandbox does has taken its variables away for good."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(THEIRS, "before")
        open_one = sandbox()
        open_one.__enter__()
    assert THEIRS not in os.environ
    open_one.__exit__(None, None, None)
    assert THEIRS not in os.environ
