"""Who belongs to a group, as GitLab takes people for code owners; unknown where the token may not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.people import members, own_name
from tests.forge.gitlab.standin import GitLab

DAY = datetime(2026, 11, 26, tzinfo=UTC).timestamp()


def test_a_group_is_known_only_where_the_token_may_read_it(gitlab: GitLab, client: Client) -> None:
    gitlab.records.join("acme/rulers", "Ada")
    gitlab.records.join("acme/rulers", "grace", 50)
    assert members(client, "acme/rulers") is None
    gitlab.readable = {"acme/rulers", "acme/nobody"}
    assert members(client, "acme/rulers") == {"ada", "grace"}
    assert members(client, "acme/nobody") is None


def test_who_may_not_approve_is_no_member(gitlab: GitLab, client: Client) -> None:
    gitlab.readable = {"acme/rulers"}
    gitlab.records.join("acme/rulers", "reporter", 20)
    gitlab.records.join("acme/rulers", "blocked", state="blocked")
    gitlab.records.join("acme/rulers", "waiting", membership_state="awaiting")
    gitlab.records.join("acme/rulers", "gone", expires_at="2026-11-26")
    gitlab.records.join("acme/rulers", "going", expires_at="2026-11-27")
    assert members(replace(client, now=lambda: DAY), "acme/rulers") == {"going"}


def test_the_token_knows_whose_it_is(gitlab: GitLab, client: Client) -> None:
    assert own_name(client) == gitlab.records.me
