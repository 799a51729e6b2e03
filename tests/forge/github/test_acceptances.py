"""Comments as GitHub has them: who wrote each, and whether it is still what was written."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.forge.github.acceptances import acceptances
from reconciler.forge.github.client import Client
from reconciler.forge.github.pulls import pull
from reconciler.owners.acceptance import line
from tests.forge.standin import GitHub

LINE = line("mass-delete", "0f1e2d3c4b5a69788796a5b4", "Agreed")


@pytest.mark.parametrize(
    ("login", "changed", "heard"),
    [
        ("dora", {}, True),
        ("github-actions[bot]", {}, False),
        ("dora", {"performed_via_github_app": None}, True),
        ("dora", {"minimized": {"reason": "outdated"}}, False),
        ("dora", {"user": None}, False),
    ],
)
def test_people_are_heard_and_programs_are_not(
    github: GitHub, client: Client, login: str, changed: dict[str, Any], heard: bool
) -> None:
    number = github.records.add_pull("topic", "a" * 40)
    github.records.say(number, LINE, login).update(changed)
    found = list(acceptances(client, pull(client, number)))
    assert [(each.by, each.edited) for each in found] == ([("dora", False)] if heard else [])


def test_an_edited_comment_may_be_somebody_elses_words(github: GitHub, client: Client) -> None:
    number = github.records.add_pull("topic", "a" * 40)
    said = github.records.say(number, "I am against it.", "dora")
    github.records.edit_comment(str(said["id"]), LINE)
    (found,) = acceptances(client, pull(client, number))
    assert found.edited


def test_all_pages_are_read(github: GitHub, client: Client) -> None:
    github.page_size = 1
    number = github.records.add_pull("topic", "a" * 40)
    for login in ("ines", "dora"):
        github.records.say(number, LINE, login)
    assert [each.by for each in acceptances(client, pull(client, number))] == ["ines", "dora"]
