"""The issue of ours, and the issue that asks for data."""

from __future__ import annotations

import pytest

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.issues import asked_for, close_issue, open_issues, upsert_issue
from reconciler.forge.protocol import ForgeError
from tests.forge.gitlab.standin import GitLab

MARK = "<!-- drift -->"


def test_one_is_opened_updated_and_closed(gitlab: GitLab, client: Client) -> None:
    assert close_issue(client, MARK, "well", None).action == "nothing"
    first = upsert_issue(client, MARK, "Drift", f"{MARK}\none\n/close", None)
    again = upsert_issue(client, MARK, "Drift", f"{MARK}\ntwo", None)
    assert (first.action, again.action, first.url == again.url) == ("opened", "updated", True)
    assert open_issues(client, "<!-- dr", None) == (MARK,)
    assert close_issue(client, MARK, "well", None).action == "closed"
    assert open_issues(client, "<!-- dr", None) == ()
    assert [each["body"] for each in gitlab.records.notes.values()] == ["well"]


def test_somebody_elses_issue_is_left_alone(gitlab: GitLab, client: Client) -> None:
    gitlab.records.open_issue("Drift", f"{MARK}\nforged", "mallory")
    assert upsert_issue(client, MARK, "Drift", MARK, None).action == "opened"
    assert len(gitlab.records.issues) == 2


def test_only_an_open_request_of_a_member_is_heard(gitlab: GitLab, client: Client) -> None:
    body = "<!-- meshform: data request -->\n### Product"
    asked = gitlab.records.open_issue("x", body, "ada")["iid"]
    assert asked_for(client, asked).author == "ada"
    gitlab.records.outsiders.add("mallory")
    refused = [
        gitlab.records.open_issue("x", body, "mallory")["iid"],
        gitlab.records.open_issue("x", "y", "ada")["iid"],
    ]
    gitlab.records.edit_issue(str(asked), "close")
    for number in (*refused, asked, 4711):
        with pytest.raises(ForgeError):
            asked_for(client, number)
