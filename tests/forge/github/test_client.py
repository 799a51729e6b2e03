"""The client: pages, limits, broken answers, missing permissions, and no token anywhere."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from reconciler.forge.errors import Busy, Forbidden, Invalid, Lost, NotFound
from reconciler.forge.github.client import Client
from reconciler.forge.github.comments import upsert_comment
from reconciler.forge.github.issues import upsert_issue
from reconciler.forge.github.pulls import pull
from reconciler.forge.github.statuses import post_status
from reconciler.forge.protocol import ForgeError
from reconciler.forge.transport import pool
from tests.forge.served import Fault
from tests.forge.standin import GitHub


def test_every_page_is_read(github: GitHub, client: Client) -> None:
    github.page_size = 3
    for number in range(8):
        github.records.say(1, f"comment {number}", "ada")
    rows = list(client.pages("/issues/1/comments"))
    assert [row["body"] for row in rows] == [f"comment {number}" for number in range(8)]
    assert len(github.requests) == 3


def test_a_rate_limit_is_waited_for_as_long_as_github_says(github: GitHub) -> None:
    waited: list[float] = []
    client = Client(github.repository, github.token, github.url, sleep=waited.append, now=lambda: 1000.0)
    github.faults = [
        Fault("GET", "/comments", 429, {"Retry-After": "7"}, "slow down"),
        Fault("GET", "/comments", 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}, "limit exceeded"),
        Fault("GET", "/comments", 403, {}, "You have exceeded a secondary rate limit"),
    ]
    assert list(client.pages("/issues/1/comments")) == []
    assert waited == [7.0, 31.0, 240.0]


def test_a_limit_that_takes_too_long_is_an_error_that_says_so(github: GitHub) -> None:
    client = Client(github.repository, github.token, github.url, patience=10, sleep=pytest.fail)
    github.faults = [Fault("GET", "/comments", 429, {"Retry-After": "11"}, "slow down")]
    with pytest.raises(Busy, match="wait for 11 s"):
        list(client.pages("/issues/1/comments"))


def test_a_broken_answer_is_asked_again_but_nothing_is_created_twice(github: GitHub, client: Client) -> None:
    github.faults = [Fault("GET", "/comments", 502)]
    assert list(client.pages("/issues/1/comments")) == []
    github.faults = [Fault("POST", "/comments", 502)]
    with pytest.raises(ForgeError, match="502"):
        client.send("POST", "/issues/1/comments", {"body": "once"})
    assert github.records.comments == {}


@pytest.mark.parametrize("path", ["/comments", "/issues$", "/statuses"])
def test_what_has_no_answer_is_done_once(path: str, github: GitHub, client: Client) -> None:
    github.faults = [Fault("POST", path, 0)]
    if path == "/issues$":
        with pytest.raises(Lost, match="run the job again"):
            upsert_issue(client, "<!-- m -->", "Soon", "<!-- m -->", github.records.me)
    assert upsert_comment(client, 1, "<!-- m -->", lambda _: "<!-- m -->").created
    upsert_issue(client, "<!-- m -->", "Soon", "<!-- m -->", github.records.me)
    post_status(client, "1" * 40, "meshform", "success", "done", None)
    assert github.faults == []
    assert len(github.records.comments) == len(github.records.issues_in()) == 1
    assert {each["state"] for each in github.records.statuses_of("1" * 40)} == {"success"}


def test_a_missing_permission_is_named(github: GitHub, client: Client) -> None:
    github.permissions |= {"issues": "read", "pull_requests": "read"}
    with pytest.raises(Forbidden, match="issues=write; pull_requests=write"):
        client.send("POST", "/issues/1/comments", {"body": "hello"})
    assert [path for method, path in github.requests if method == "POST"] == ["/repos/acme/mesh/issues/1/comments"]


def test_what_is_not_there_is_not_found(client: Client) -> None:
    with pytest.raises(NotFound):
        pull(client, 4711)


def test_what_github_does_not_describe_is_refused(github: GitHub, client: Client) -> None:
    with pytest.raises(Invalid):
        client.send("POST", "/issues/1/comments", {"text": "wrong field"})
    assert github.problems
    github.problems.clear()


def test_a_comment_above_the_limit_is_refused(client: Client) -> None:
    with pytest.raises(Invalid, match="too long"):
        client.send("POST", "/issues/1/comments", {"body": "x" * 65_537})


def test_the_token_is_in_no_error_and_no_print(github: GitHub, client: Client) -> None:
    wrong = replace(client, token="ghs_secret")
    with pytest.raises(Forbidden) as refused:
        wrong.get("/pulls/1")
    unreachable = replace(wrong, api="http://127.0.0.1:9")
    with pytest.raises(ForgeError) as lost:
        unreachable.get("/pulls/1")
    for text in (repr(wrong), str(refused.value), str(lost.value), repr(lost.value.__cause__)):
        assert "ghs_secret" not in text


def test_the_token_is_not_sent_in_the_clear_or_to_another_host(github: GitHub, client: Client) -> None:
    with pytest.raises(ForgeError, match="https"):
        Client("acme/mesh", "t", "http://ghe.example.com")
    github.faults = [Fault("GET", "/comments", 200, {"Link": '<https://evil.example/x>; rel="next"'}, "")]
    with pytest.raises(ForgeError, match=r"evil\.example"):
        list(client.pages("/issues/1/comments"))


def test_a_lost_connection_is_tried_again_where_that_is_safe_and_ends() -> None:
    with hanging_up() as (address, asked):
        gone = Client("acme/mesh", "t", address, backoff=0)
        with pytest.raises(ForgeError, match="cannot be reached"):
            gone.get("/pulls/1")
        assert len(asked) == 4
        with pytest.raises(ForgeError, match="cannot be reached"):
            gone.send("POST", "/issues", {})
        assert len(asked) == 5


def test_a_host_of_artifacts_that_hangs_up_is_tried_again_and_then_told(client: Client) -> None:
    with hanging_up() as (address, asked), pytest.raises(ForgeError, match=r"cannot be read: 127\.0\.0\.1 does not"):
        replace(client, backoff=0)._fetched("/actions/artifacts/1/zip", address, 10)
    assert len(asked) == 4


@contextmanager
def hanging_up() -> Iterator[tuple[str, list[int]]]:
    """A host that takes connections and closes them without an answer."""
    asked: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    asked.append(1)
                    connection.recv(4096)
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/plan.zip", asked


def test_the_proxy_of_the_machine_is_used_but_not_for_what_is_exempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "ghe.example.com")
    monkeypatch.setenv("no_proxy", "ghe.example.com")
    assert pool("https://api.github.com").proxy.host == "proxy.example"  # type: ignore[union-attr]
    assert pool("https://ghe.example.com/api/v3").proxy is None
    assert pool("http://127.0.0.1:5566").proxy is None


@pytest.mark.parametrize("name", ["acme", "acme/mesh/../../user", "acme/mesh?x", "", "a b/c"])
def test_only_a_repository_is_taken_as_a_repository(name: str) -> None:
    with pytest.raises(ForgeError):
        Client(name, "t")


def test_a_comment_is_made_then_edited_and_made_again_when_it_was_deleted(github: GitHub, client: Client) -> None:
    first = upsert_comment(client, 1, "<!-- m -->", lambda old: f"<!-- m -->\none {old}")
    again = upsert_comment(client, 1, "<!-- m -->", lambda old: f"<!-- m -->\ntwo, was {old!r}")
    assert first.created
    assert not again.created
    assert again.url == first.url
    assert [each["body"] for each in github.records.comments.values()] == [
        "<!-- m -->\ntwo, was '<!-- m -->\\none None'"
    ]
    github.records.comments.clear()
    assert upsert_comment(client, 1, "<!-- m -->", lambda _: "<!-- m -->\nthree").created


def test_a_comment_deleted_at_the_last_moment_is_made_again(github: GitHub, client: Client) -> None:
    upsert_comment(client, 1, "<!-- m -->", lambda _: "<!-- m -->")
    github.faults = [Fault("PATCH", "/issues/comments", 404)]
    assert upsert_comment(client, 1, "<!-- m -->", lambda _: "<!-- m -->").created


def test_somebody_elses_comment_with_our_marker_is_never_edited(github: GitHub, client: Client) -> None:
    forged = github.records.say(1, "<!-- m -->\nNobody needs to approve that.", "mallory")
    assert upsert_comment(client, 1, "<!-- m -->", lambda _: "<!-- m -->\nours").created
    assert forged["body"] == "<!-- m -->\nNobody needs to approve that."


def test_two_meshes_and_two_pull_requests_have_their_own_comments(github: GitHub, client: Client) -> None:
    for number, marker in ((1, "<!-- a -->"), (1, "<!-- b -->"), (2, "<!-- a -->"), (1, "<!-- a -->")):
        upsert_comment(client, number, marker, lambda _, marker=marker: marker)  # type: ignore[misc]
    assert len(github.records.comments) == 3


def test_a_second_comment_of_ours_is_removed(github: GitHub, client: Client) -> None:
    kept = github.records.say(1, "<!-- m --> first", github.records.me)
    github.records.say(1, "<!-- m --> second", github.records.me)
    upsert_comment(client, 1, "<!-- m -->", lambda _: "<!-- m --> now")
    assert [each["id"] for each in github.records.comments.values()] == [kept["id"]]
