"""Who approves and who pushed, as GitHub says it; what it will not say counts for nothing."""

from __future__ import annotations

import pytest

from reconciler.forge.github.client import Client
from reconciler.forge.github.pulls import pull
from reconciler.forge.github.reviews import approvals, pushed_by
from reconciler.forge.github.runs import applied
from reconciler.forge.github.teams import members
from tests.forge.standin import GitHub

HEAD, OLD = "a" * 40, "b" * 40


@pytest.fixture
def number(github: GitHub) -> int:
    """A pull request from the branch `topic`."""
    return github.records.add_pull("topic", HEAD)


@pytest.mark.parametrize(
    ("states", "approves"),
    [
        (["APPROVED"], True),
        (["CHANGES_REQUESTED", "APPROVED"], True),
        (["APPROVED", "COMMENTED"], True),
        (["APPROVED", "CHANGES_REQUESTED"], False),
        (["DISMISSED"], False),
        (["COMMENTED"], False),
        ([], False),
    ],
)
def test_the_last_word_of_everybody_counts(
    github: GitHub, client: Client, number: int, states: list[str], approves: bool
) -> None:
    for state in states:
        github.records.review(number, "ines", state)
    github.records.review(number, "asa", commit=OLD)
    found = {each.by: each.commit for each in approvals(client, pull(client, number))}
    assert found == ({"ines": HEAD} if approves else {}) | {"asa": OLD}


def test_everybody_who_pushed_a_commit_of_it_is_found(github: GitHub, client: Client, number: int) -> None:
    github.page_size = 1
    for branch, commit, login in (("topic", OLD, "ines"), ("topic", "c" * 40, "asa"), ("topic", HEAD, "ada")):
        github.records.pushed(branch, commit, login)
    github.records.pushed("other", HEAD, "dora")
    assert pushed_by(client, pull(client, number), frozenset({HEAD, OLD})) == {"ada", "ines"}


def test_who_pushed_is_unknown_where_the_last_push_was_not_seen_or_is_not_told(
    github: GitHub, client: Client, number: int
) -> None:
    github.records.pushed("topic", OLD, "ines")
    assert pushed_by(client, pull(client, number), frozenset({HEAD, OLD})) is None
    github.records.pushed("topic", HEAD, "ada")
    fork = github.records.add_pull("topic", HEAD, fork=True)
    assert pushed_by(client, pull(client, fork), frozenset({HEAD})) is None
    github.permissions.pop("contents")
    assert pushed_by(client, pull(client, number), frozenset({HEAD})) is None


def test_only_a_success_of_the_workflow_on_the_branch_itself_counts(github: GitHub, client: Client) -> None:
    github.records.ran("apply.yml", HEAD, "failure")
    github.records.ran("apply.yml", HEAD, "success", "pull_request")
    github.records.ran("apply.yml", HEAD, "success", fork=True)
    github.records.ran("other.yml", HEAD, "success")
    assert applied(client, "apply.yml", [HEAD, OLD], "main") == ()
    github.records.ran("apply.yml", OLD, "success", "workflow_dispatch")
    assert applied(client, "apply.yml", [HEAD, OLD], "main") == (OLD,)
    assert applied(client, "apply.yml", [HEAD, OLD], "topic") == ()


def test_a_team_is_known_only_where_the_token_may_read_it(github: GitHub, client: Client) -> None:
    github.records.teams["acme/rulers"] = ["Ada", "grace"]
    assert members(client, "acme/rulers") is None
    github.permissions["members"] = "read"
    assert members(client, "acme/rulers") == {"ada", "grace"}
    assert members(client, "acme/nobody") is None
