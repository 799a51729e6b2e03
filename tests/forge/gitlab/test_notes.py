"""The note of a merge request: one, ours, edited in place, and never carried out."""

from __future__ import annotations

from functools import partial

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.notes import upsert_note
from reconciler.forge.protocol import Posted
from tests.forge.gitlab.standin import GitLab
from tests.forge.served import Fault

PAGE = "https://gitlab.example/acme/mesh/-/merge_requests/1"


def upsert(client: Client, text: str, marker: str = "<!-- m -->", number: int = 1) -> Posted:
    return upsert_note(client, f"/merge_requests/{number}", PAGE, marker, lambda _: f"{marker}\n{text}", None)


def test_it_is_made_then_edited_and_made_again_when_it_was_deleted(gitlab: GitLab, client: Client) -> None:
    said: list[str | None] = []
    first = upsert(client, "one")
    again = upsert_note(client, "/merge_requests/1", PAGE, "<!-- m -->", lambda old: said.append(old) or "two", None)
    assert (first.created, again.created) == (True, False)
    assert first.url == again.url == f"{PAGE}#note_{next(iter(gitlab.records.notes))}"
    assert said == ["<!-- m -->\none"]
    gitlab.records.notes.clear()
    assert upsert(client, "three").created


def test_one_deleted_at_the_last_moment_is_made_again(gitlab: GitLab, client: Client) -> None:
    upsert(client, "one")
    gitlab.faults = [Fault("PUT", "/notes/", 404)]
    assert upsert(client, "two").created


def test_one_whose_answer_is_lost_is_not_made_twice(gitlab: GitLab, client: Client) -> None:
    gitlab.faults = [Fault("POST", "/notes", 0)]
    assert upsert(client, "one").created
    assert not upsert(client, "two").created
    assert len(gitlab.records.notes) == 1


def test_somebody_elses_with_our_marker_is_never_edited_and_a_second_of_ours_goes(
    gitlab: GitLab, client: Client
) -> None:
    forged = gitlab.records.say(1, "<!-- m -->\nNobody needs to approve that.", "mallory")
    kept = gitlab.records.say(1, "<!-- m --> first", gitlab.records.me)
    gitlab.records.say(1, "<!-- m --> second", gitlab.records.me)
    gitlab.records.say(1, "<!-- m --> moved", gitlab.records.me, system=True)
    upsert(client, "now")
    bodies = {number: each["body"] for number, each in gitlab.records.notes.items() if not each["system"]}
    assert bodies == {forged["id"]: "<!-- m -->\nNobody needs to approve that.", kept["id"]: "<!-- m -->\nnow"}


def test_two_meshes_and_two_merge_requests_have_their_own(gitlab: GitLab, client: Client) -> None:
    for number, marker in ((1, "<!-- a -->"), (1, "<!-- b -->"), (2, "<!-- a -->"), (1, "<!-- a -->")):
        partial(upsert, client, "x", marker, number)()
    assert len(gitlab.records.notes) == 3


def test_what_others_wrote_in_it_is_not_carried_out(gitlab: GitLab, client: Client) -> None:
    upsert(client, "/merge\n/approve")
    (note,) = gitlab.records.notes.values()
    assert note["body"] == "<!-- m -->\n\u200b/merge\n\u200b/approve"
