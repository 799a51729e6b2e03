"""Who approves which commit: by the moment of the approval and of each push, and people only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.forge.gitlab.approvals import approvals
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import merge_request
from tests.forge.gitlab.standin import GitLab

HEAD, OLD = "a" * 40, "b" * 40


def approved(client: Client, number: int) -> dict[str, str]:
    return {each.by: each.commit for each in approvals(client, merge_request(client, number))}


def test_an_approval_is_of_what_was_there_when_it_was_given(gitlab: GitLab, client: Client) -> None:
    """No tier needs to take it back at a push for that."""
    number = gitlab.records.add("topic", OLD)
    gitlab.records.approve(number, "asa")
    gitlab.records.push(number, HEAD)
    gitlab.records.approve(number, "ines")
    assert approved(client, number) == {"asa": OLD, "ines": HEAD}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["push", "ada", "ines", "asa"]), max_size=8))
def test_whatever_the_order_nobody_approves_what_came_later(gitlab: GitLab, client: Client, happens: list[str]) -> None:
    number = gitlab.records.add("topic", "0" * 40)
    wanted, head = {}, "0" * 40
    for index, what in enumerate(happens, 1):
        if what == "push":
            head = f"{index:040x}"
            gitlab.records.push(number, head)
        elif what not in wanted:
            gitlab.records.approve(number, what)
            wanted[what] = head
    assert approved(client, number) == wanted


def test_what_came_in_the_same_moment_or_at_an_unknown_one_approves_nothing(gitlab: GitLab, client: Client) -> None:
    number = gitlab.records.add("topic", HEAD)
    (version,) = gitlab.records.versions[number]
    gitlab.records.approve(number, "ines", approved_at=version["created_at"])
    gitlab.records.approve(number, "asa", approved_at=None)
    then = datetime.fromisoformat(version["created_at"]) + timedelta(milliseconds=1)
    gitlab.records.approve(number, "dora", approved_at=then.isoformat())
    assert approved(client, number) == {"ines": "", "asa": "", "dora": HEAD}


@pytest.mark.parametrize("state", ["blocked", "deactivated", "active"])
def test_only_people_who_may_act_approve(gitlab: GitLab, client: Client, state: str) -> None:
    number = gitlab.records.add("topic", HEAD)
    for login in ("ines", "group_9_bot_77aa", "robot"):
        gitlab.records.approve(number, login)
    gitlab.records.bot("group_9_bot_77aa")
    gitlab.records.bot("robot")
    gitlab.records.users["ines"]["state"] = state
    assert set(approved(client, number)) == ({"ines"} if state == "active" else set())


def test_all_versions_are_read(gitlab: GitLab, client: Client) -> None:
    gitlab.page_size = 1
    number = gitlab.records.add("topic", OLD)
    gitlab.records.approve(number, "asa")
    for index in range(3):
        gitlab.records.push(number, f"{index:040x}")
    assert approved(client, number) == {"asa": OLD}
