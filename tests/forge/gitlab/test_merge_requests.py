"""Merge requests, as the protocol of forges has them."""

from __future__ import annotations

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import merge_request, merged_by, open_merge_request
from tests.forge.gitlab.standin import GitLab

HEAD = "a" * 40


def test_a_commit_came_by_what_was_merged(gitlab: GitLab, client: Client) -> None:
    first, second, waiting = (gitlab.records.add(name, HEAD) for name in ("one", "two", "three"))
    gitlab.records.merge(second, "c" * 40)
    gitlab.records.merge(first, "c" * 40)
    gitlab.records.merges["c" * 40].append(waiting)
    assert [each.number for each in merged_by(client, "c" * 40)] == [first, second]
    assert merged_by(client, "d" * 40) == ()


def test_a_fork_is_told_also_when_it_is_gone(gitlab: GitLab, client: Client) -> None:
    fork = gitlab.records.add("topic", HEAD, fork=True)
    assert merge_request(client, fork).is_fork
    gitlab.records.merge_requests[fork]["source_project_id"] = None
    assert merge_request(client, fork).is_fork


def test_the_one_of_a_branch_is_not_that_of_a_forks_branch_of_the_name(gitlab: GitLab, client: Client) -> None:
    gitlab.records.add("topic", HEAD, fork=True)
    assert open_merge_request(client, "topic") is None
    own = gitlab.records.add("topic", HEAD)
    found = open_merge_request(client, "topic")
    assert found is not None
    assert found.number == own
