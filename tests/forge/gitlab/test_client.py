"""The client of GitLab: nested projects, pages, limits, refusals that say what to do, and no token anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.forge.errors import Busy, Forbidden, Invalid, NotFound
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import merge_request
from reconciler.forge.protocol import ForgeError
from tests.forge.gitlab.standin import GitLab
from tests.forge.served import Fault

NOTES = "/merge_requests/1/notes"


def test_every_page_is_read_of_a_project_below_two_groups() -> None:
    with GitLab("acme/data/mesh").served() as gitlab:
        gitlab.page_size = 3
        for number in range(8):
            gitlab.records.say(1, f"note {number}", "ada")
        client = Client(gitlab.repository, gitlab.token, f"{gitlab.url}/api/v4")
        assert [row["body"] for row in client.pages(NOTES)] == [f"note {number}" for number in range(8)]
        assert len(gitlab.requests) == 3


def test_a_limit_is_waited_for_as_long_as_gitlab_says(gitlab: GitLab, client: Client) -> None:
    waited: list[float] = []
    gitlab.faults = [Fault("GET", "/notes", 429, {"Retry-After": "7"}), Fault("GET", "/notes", 429)]
    assert list(replace(client, sleep=waited.append).pages(NOTES)) == []
    assert waited == [7.0, 120.0]
    gitlab.faults = [Fault("GET", "/notes", 429, {"Retry-After": "11"}, "slow down")]
    with pytest.raises(Busy, match="GitLab asks to wait for 11 s"):
        list(replace(client, patience=10, sleep=pytest.fail).pages(NOTES))


def test_a_broken_answer_is_asked_again_but_nothing_is_made_twice(gitlab: GitLab, client: Client) -> None:
    gitlab.faults = [Fault("GET", "/notes", 502)]
    assert list(client.pages(NOTES)) == []
    gitlab.faults = [Fault("POST", "/notes", 502)]
    with pytest.raises(ForgeError, match="502"):
        client.send("POST", NOTES, {"body": "once"})
    assert gitlab.records.notes == {}


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Forbidden), (403, Forbidden), (404, NotFound), (400, Invalid), (409, Invalid)]
)
def test_a_refusal_says_what_to_do_and_not_the_token(
    gitlab: GitLab, client: Client, status: int, kind: type[ForgeError]
) -> None:
    gitlab.faults = [Fault("GET", "/merge_requests/1", status, {}, "no")]
    with pytest.raises(kind, match=f"GitLab answered {status} to GET .*: no") as refused:
        merge_request(client, 1)
    assert gitlab.token not in f"{refused.value} {client!r}"


def test_what_gitlab_does_not_describe_is_refused(gitlab: GitLab, client: Client) -> None:
    for method, path, body in (("POST", NOTES, {"text": "wrong field"}), ("POST", NOTES, {}), ("PUT", "/events", {})):
        with pytest.raises(Invalid):
            client.send(method, path, body)
    with pytest.raises(Invalid):
        client.get("/merge_requests", state="open")
    assert len(gitlab.problems) == 4
    gitlab.problems.clear()


@pytest.mark.parametrize("name", ["mesh", "../mesh", "acme/../mesh", "acme/mesh?x", "acme//mesh", "", "a b/c", "/a/b"])
def test_only_a_project_is_taken_as_a_project(name: str) -> None:
    with pytest.raises(ForgeError, match="group/project"):
        Client(name, "t")


def test_the_token_is_not_sent_in_the_clear() -> None:
    with pytest.raises(ForgeError, match="https"):
        Client("acme/mesh", "t", "http://gitlab.example/api/v4")
