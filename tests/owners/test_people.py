"""Whom an owner stands for at the forge: a Team's people, one user, or a team; and what to do where nobody knows."""

from __future__ import annotations

import pytest

from reconciler.owners.people import People, people
from tests.estate import variant

TWO = "apiVersion: meshform/v1\nkind: Team\nname: few\ndescription: Two.\nmembers: [Ada, grace]\n"
WRITE = "write a document `kind: Team` of that name with its members"


@pytest.mark.parametrize(
    ("owner", "team", "logins", "why"),
    [
        ("@Ada", None, {"ada"}, ""),
        ("@other/team", "other/team", set(), WRITE),
        ("other/team", "other/team", set(), WRITE),
        ("other/group/team", "other/group/team", set(), WRITE),
        ("stewards", "acme/stewards", set(), WRITE),
        ("Ada Lovelace", None, set(), WRITE),
        ("ada@example.com", None, set(), WRITE),
    ],
)
def test_an_owner_without_a_document_is_a_user_or_a_team(
    owner: str, team: str | None, logins: set[str], why: str
) -> None:
    found = people(variant(), owner, "acme")
    assert found == People(owner, team, frozenset(logins), why)
    asked: list[str] = []

    def unknown(name: str) -> None:
        asked.append(name)

    assert found.known(unknown) == (logins or None)
    assert asked == ([team] if team else [])
    assert found.known(lambda _: frozenset({"eve"})) == ({"eve"} if team else logins or None)


def test_a_document_says_who_it_is() -> None:
    mesh = variant(more={"teams/few.yaml": TWO})
    few = people(mesh, "few", "acme")
    assert (few.owner, few.team, few.logins) == ("few", None, {"ada", "grace"})
    assert few.why_unknown.startswith("write its `members` into mesh/teams/few.yaml:")
    office = people(mesh, "data-protection-office", "acme")
    assert (office.team, office.logins) == ("example-bank/data-protection-office", set())
