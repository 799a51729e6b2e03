"""Notes as GitLab has them: who wrote each, and whether it is still what was written."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.forge.gitlab.acceptances import acceptances
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import merge_request
from reconciler.owners.acceptance import line
from tests.forge.gitlab.standin import GitLab

LINE = line("mass-delete", "0f1e2d3c4b5a69788796a5b4", "Agreed")


@pytest.mark.parametrize(
    ("login", "changed", "heard"),
    [
        ("dora", {}, True),
        ("dora", {"type": "DiscussionNote"}, True),
        ("robot", {}, False),
        ("dora", {"system": True}, False),
        ("dora", {"internal": True}, False),
        ("dora", {"confidential": True}, False),
        ("dora", {"imported": True}, False),
        ("dora", {"body": f"> {LINE}"}, False),
        ("dora", {"body": f"I think:\n{LINE}"}, False),
    ],
)
def test_people_are_heard_where_all_can_read_them(
    gitlab: GitLab, client: Client, login: str, changed: dict[str, Any], heard: bool
) -> None:
    gitlab.records.bot("robot")
    number = gitlab.records.add("topic", "a" * 40)
    note = gitlab.records.say(number, LINE, login)
    note.update(changed)
    found = list(acceptances(client, merge_request(client, number)))
    assert [(each.by, each.edited) for each in found] == ([("dora", False)] if heard else [])
    assert all(each.url.endswith(f"/merge_requests/{number}#note_{note['id']}") for each in found)


def test_an_edited_note_may_be_somebody_elses_words(gitlab: GitLab, client: Client) -> None:
    number = gitlab.records.add("topic", "a" * 40)
    said = gitlab.records.say(number, "I am against it.", "dora")
    gitlab.records.edit_note(str(number), str(said["id"]), LINE)
    (found,) = acceptances(client, merge_request(client, number))
    assert found.edited


def test_all_pages_are_read(gitlab: GitLab, client: Client) -> None:
    gitlab.page_size = 1
    number = gitlab.records.add("topic", "a" * 40)
    for login in ("ines", "dora"):
        gitlab.records.say(number, LINE, login)
    assert [each.by for each in acceptances(client, merge_request(client, number))] == ["ines", "dora"]
