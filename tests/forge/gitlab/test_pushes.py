"""Who pushed what of a merge request; what GitLab has not seen or will not tell counts for nothing."""

from __future__ import annotations

import pytest

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import merge_request
from reconciler.forge.gitlab.pushes import pushed_by
from tests.forge.gitlab.standin import GitLab
from tests.forge.served import Fault

HEAD, OLD, BASE = "a" * 40, "b" * 40, "c" * 40


@pytest.fixture
def number(gitlab: GitLab) -> int:
    """A merge request from the branch `topic`, which ines has made, and to which ada has pushed last."""
    gitlab.records.pushed("topic", OLD, "ines", action="created")
    gitlab.records.pushed("other", HEAD, "dora", action="created")
    gitlab.records.pushed("topic", BASE, "asa")
    gitlab.records.pushed("topic", HEAD, "ada")
    return gitlab.records.add("topic", HEAD)


def pushers(client: Client, number: int, *commits: str) -> frozenset[str] | None:
    return pushed_by(client, merge_request(client, number), frozenset(commits))


def test_everybody_who_pushed_a_commit_of_it_is_found(gitlab: GitLab, client: Client, number: int) -> None:
    gitlab.page_size = 1
    assert pushers(client, number, HEAD, OLD) == {"ada", "ines"}


def test_who_pushed_is_unknown_where_the_last_push_was_not_seen(gitlab: GitLab, client: Client, number: int) -> None:
    gitlab.records.push(number, "d" * 40)
    assert pushers(client, number, "d" * 40, HEAD, OLD) is None


def test_who_pushed_is_unknown_where_the_branch_is_older_than_what_gitlab_tells(
    gitlab: GitLab, client: Client, number: int
) -> None:
    """Somebody who pushed before that might approve his own."""
    gitlab.records.events = [each for each in gitlab.records.events if each["push_data"]["action"] != "created"]
    assert pushers(client, number, HEAD, OLD) is None


def test_a_push_of_many_branches_at_once_tells_no_commits(gitlab: GitLab, client: Client, number: int) -> None:
    gitlab.records.push(number, "d" * 40)
    gitlab.records.pushed("", "", "mallory", ref=None, commit_to=None, ref_count=9)
    assert pushers(client, number, "d" * 40, HEAD, OLD) is None


def test_a_branch_made_anew_begins_there(gitlab: GitLab, client: Client, number: int) -> None:
    gitlab.records.pushed("topic", HEAD, "eve", action="removed")
    gitlab.records.pushed("topic", HEAD, "grace", action="created")
    assert pushers(client, number, HEAD, OLD) == {"grace"}


def test_a_tag_of_the_branchs_name_is_none(gitlab: GitLab, client: Client, number: int) -> None:
    gitlab.records.pushed("topic", HEAD, "eve", action="created", ref_type="tag")
    assert pushers(client, number, HEAD, OLD) == {"ada", "ines"}


def test_of_a_fork_or_without_the_right_to_know_nothing_is_known(gitlab: GitLab, client: Client, number: int) -> None:
    gitlab.faults = [Fault("GET", "/events", 403)]
    assert pushers(client, number, HEAD, OLD) is None
    fork = gitlab.records.add("topic", HEAD, fork=True)
    assert pushers(client, fork, HEAD, OLD) is None
