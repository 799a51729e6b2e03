"""What was there before the first apply stands after the last one as it was, for every kind, byte for byte.

Others have made what the mesh asks for, or a part of it, by the very requests of the kinds and without our marks; then
the mesh comes, and its documents go. Whatever plain boto3 can read is compared. What a document takes over by name is
in test_taking_over.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds import addresses, registry
from reconciler.sandbox import sandbox
from tests.dump import ACCOUNTS, Facts, dump
from tests.estate import Estate, failures, mesh_of
from tests.kinds.full import full
from tests.kinds.test_taking_over import made_by_others

BARE = ("consumers/", "domains/", "lf-tags/")
#: What others always have made. On a database that the mesh makes (also where roles are not there, without which AWS
#: takes none from others) rights and links are the mesh's to say.
ALWAYS = {addresses.DATABASE, addresses.IAM_ROLE}
PARTS = sorted(registry().keys() - ALWAYS)
#: A document of an account in which many have a part: others' part of it is compared by tests of its kind.
SHARED = (" glue policy", " lake settings")
#: What the mesh puts onto things of others, and takes off again.
DECLARED = (" glue tags ", " sns subscriptions ")


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    with sandbox() as aws:
        yield Estate(aws)


def accepted(estate: Estate) -> None:
    """What was shared is accepted: nobody can take that back."""
    for account in ACCOUNTS:
        estate.accept_shares(account)


def changed(before: Facts, after: Facts) -> dict[str, tuple[str, str | None]]:
    return {
        name: (text, after.get(name))
        for name, text in before.items()
        if after.get(name) != text and not name.endswith(SHARED)
    }


def plays(estate: Estate, without: frozenset[str]) -> None:
    """Others have made all but some kinds; the mesh is applied, and all that it asks for goes again."""
    made_by_others(estate, mesh_of(full()), without)
    accepted(estate)
    before = dump(estate)
    for mesh, declared in ((mesh_of(full()), DECLARED), (mesh_of(full(without=BARE)), ())):
        run = estate.apply_reviewed(mesh)
        assert not [each for each in run.failed if each.result == "failed"], failures(run)
        left = changed(before, dump(estate))
        assert {name for name in left if not any(each in name for each in declared)} == set(), left


@pytest.mark.parametrize("without", [(), ("tag-assignment", "topic-subscription")])
def test_all_that_others_made_stands(estate: Estate, without: tuple[str, ...]) -> None:
    plays(estate, frozenset(without))


@pytest.mark.soak
@settings(max_examples=20)
@given(without=st.frozensets(st.sampled_from(PARTS), max_size=8))
def test_whatever_part_of_it_others_made_stands(estate: Estate, without: frozenset[str]) -> None:
    plays(estate, without)
