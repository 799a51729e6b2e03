"""What is no answer of AWS is never an absence, whatever status it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.answers import CODE
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.errors import Unreachable
from reconciler.sandbox import inprocess
from tests.estate import CENTRAL, REGION, Estate, placement

ERROR = b'{"__type": "InternalFailure", "message": "x"}'
BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "a page": lambda _: b"<!DOCTYPE html>\n<html><head></head><body>Sign in to this network</body></html>",
    "a page of old": lambda _: b"\n<HTML><body>Bad gateway</body></HTML>",
    "half of it": lambda body: body[: len(body) // 2],
    "an error": lambda body: ERROR if body[:1] == b"{" else b"<Error><Code>InternalError</Code></Error>",
    "none": lambda body: b"null" if body[:1] == b"{" else b"",
    "a list": lambda body: b"[]" if body[:1] == b"{" else b"",
}


def broken(patch: pytest.MonkeyPatch, how: str) -> None:
    """From now on every answer is broken in a way."""
    real = inprocess.serve

    def serve(world: Any, wire: Any) -> Any:
        answer = real(world, wire)
        return replace(answer, body=BROKEN[how](answer.body)) if answer.status == 200 else answer

    patch.setattr(inprocess, "serve", serve)


def test_no_read_of_any_kind_takes_a_broken_answer_for_an_absence(
    built: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[tuple[str, str], tuple[Any, ...]] = {}
    send = AwsReader._send

    def noted(reader: AwsReader, *what: Any) -> dict[str, Any]:
        answer = send(reader, *what)
        asked[what[1], what[2]] = what
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(AwsReader, "_send", noted)
        built.fresh_sessions()
        built.plan()
    assert len(asked) > 30
    monkeypatch.setattr("reconciler.aws.rate_limit.ATTEMPTS_OF_LOST", 1)
    for how in BROKEN:
        with monkeypatch.context() as patch:
            broken(patch, how)
            told = set[str]()
            for what in asked.values():
                if what[2] == "GetBucketPolicy" and how not in ("nothing", "a page", "a page of old"):
                    continue  # a text: what it is worth is the kind's affair
                with pytest.raises(ClientError) as refused:
                    send(AwsReader(built.sessions), *what)
                told.add(refused.value.response["Error"]["Code"])
            assert CODE in told
            assert told <= {CODE, "500", "502", "InternalError"}, "no code by which AWS says that nothing is there"


def test_a_broken_answer_is_asked_for_again(built: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = inprocess.serve, [b"", b"<html>"]

    def serve(world: Any, wire: Any) -> Any:
        answer = real(world, wire)
        return replace(answer, body=left.pop()) if left and wire.scope().service == "glue" else answer

    monkeypatch.setattr(inprocess, "serve", serve)
    answer = AwsReader(Sessions("OrganizationAccountAccessRole", REGION)).read(
        placement(CENTRAL), "glue", "GetDatabases"
    )
    assert answer is not None
    assert answer["DatabaseList"]
    assert not left


@pytest.mark.parametrize("operation", ["GetCallerIdentity", "AssumeRole"])
def test_a_broken_answer_to_who_signs_in_is_asked_for_again(
    built: Estate, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    real, left = inprocess.serve, [b"", b"<html>"]

    def serve(world: Any, wire: Any) -> Any:
        answer = real(world, wire)
        is_meant = wire.scope().service == "sts" and f"Action={operation}&".encode() in wire.body
        return replace(answer, body=left.pop()) if left and is_meant else answer

    monkeypatch.setattr(inprocess, "serve", serve)
    sessions = Sessions("OrganizationAccountAccessRole", REGION)
    assert sessions.whoami()
    assert sessions.refusal(CENTRAL) == ""
    assert not left


def test_a_page_in_the_place_of_an_answer_is_told_in_words(built: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, "a page")
    with pytest.raises(Unreachable, match="proxy"):
        Sessions("OrganizationAccountAccessRole", REGION).whoami()
