"""What waits for whose approval is said document by document, with the pull request and the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.owners.documents import documents
from reconciler.owners.given import Approval, Given
from reconciler.owners.history import Approved, Merged, approved
from reconciler.spec.mesh import Mesh
from tests.estate import Edit, bank, example, variant
from tests.life.play import FUNDS, RULER, TEAMS, subscription

MEMBERS = {team: frozenset(logins) for team, logins in TEAMS.items()}
PRICES, HEAD = "domains/asset-management/products/fund-prices.yaml", "a" * 40
WORDS: Edit = (PRICES, "description: Net asset value of every fund", "description: What every fund is worth")
LIMIT: Edit = ("mesh.yaml", "deletes: 10", "deletes: 11")
NEW = "consumers/analytics-coe/subscriptions/new.yaml"
OWNER, BANK = "asset-management-stewards", bank()


def given(*logins: str, number: int = 7) -> Given:
    """A pull request with these approvals."""
    return Given(number, HEAD, "ada", frozenset({"ada"}), True, tuple(Approval(each, HEAD, "t") for each in logins))


def after(*changes: tuple[Mesh | None, Given | None], base: Mesh | None = BANK) -> Approved:
    """What came of changes."""
    merged = (Merged(str(number), mesh, by) for number, (mesh, by) in enumerate(changes))
    return approved(base, merged, MEMBERS.get, "example-bank")


def told(found: Approved) -> list[str]:
    return [each.sentence for each in found.missing]


@pytest.mark.parametrize(
    ("by", "why"),
    [
        (None, f"product fund-prices waits for the approval of {OWNER}: no pull request brought it"),
        (given(), f"product fund-prices (#7) waits for the approval of {OWNER}"),
        (given("eve"), f"product fund-prices (#7) waits for the approval of {OWNER}"),
        (
            replace(given(FUNDS), author=FUNDS),
            f"product fund-prices (#7) waits for the approval of {OWNER} ({FUNDS} is its author)",
        ),
        (
            replace(given(FUNDS), as_approved=False),
            f"product fund-prices (#7) waits for the approval of {OWNER}: "
            "what was merged is not what its reviewers saw",
        ),
    ],
)
def test_of_what_waits_it_is_said_for_whom_and_why(by: Given | None, why: str) -> None:
    found = after((variant(WORDS), by))
    assert told(found) == [why]
    assert found.missing[0].document == ("Product", "fund-prices")
    assert found.mesh is not None
    assert documents(found.mesh) == documents(bank())


def test_whom_nobody_knows_is_said() -> None:
    merged = [Merged("1", variant(WORDS), given(FUNDS))]
    (missing,) = approved(bank(), merged, lambda _: None, "example-bank").missing
    assert f"{OWNER}: who that is, is not known; write its `members` into mesh/teams/" in missing.sentence


def test_each_document_waits_for_its_own_people_and_the_others_pass() -> None:
    both = variant(WORDS, LIMIT)
    assert told(after((both, given(FUNDS)))) == ["mesh bank (#7) waits for the approval of data-protection-office"]
    assert told(after((both, given(RULER)))) == [f"product fund-prices (#7) waits for the approval of {OWNER}"]
    found = after((both, given(FUNDS, RULER)))
    assert (told(found), found.base) == ([], bank())
    assert found.brought[0].given == given(FUNDS, RULER)


def test_what_was_not_approved_is_not_approved_by_whoever_changes_it_next() -> None:
    """And what is taken back is not missing any more."""
    other: Edit = (WORDS[0], WORDS[1], "description: Other words for every fund")
    found = after((variant(WORDS), given()), (variant(other), given(FUNDS, number=8)))
    assert told(found) == ["product fund-prices has in it what was not approved before; take that back first"]
    assert told(after((variant(WORDS), given()), (bank(), given(number=8)))) == []
    assert [each.given.number for each in found.brought] == [7, 8]


def test_a_change_that_cannot_be_read_is_approved_with_the_one_that_mends_it() -> None:
    for pulls in ((given(), given(FUNDS, number=8)), (given(FUNDS), given(number=8))):
        (sentence,) = told(after((None, pulls[0]), (variant(WORDS), pulls[1])))
        assert sentence == f"product fund-prices (#7, #8) waits for the approval of {OWNER}"
    assert told(after((None, given(FUNDS)), (variant(WORDS), given(FUNDS, number=8)))) == []


def test_what_needs_something_that_was_not_approved_waits_for_it() -> None:
    """Governance has approved the subscription, nobody the product that it is about."""
    text = example()[PRICES].replace("fund-prices", "fresh").replace("fund_price", "fresh")
    asked = subscription("new", "restricted", product="asset-management/fresh")
    fresh = {PRICES.replace("fund-prices", "fresh"): text, NEW: asked}
    assert told(after((variant(more=fresh), given(RULER)))) == [
        f"product fresh (#7) waits for the approval of {OWNER}",
        "subscription new needs what was not approved",
    ]


def test_the_first_mesh_of_all_is_approved_by_its_own_governance() -> None:
    assert after((bank(), given(RULER)), base=None).mesh == bank()
    found = after((bank(), given(FUNDS)), base=None)
    assert found.mesh is None
    assert {each.document for each in found.missing} == {*documents(bank())}
    assert all(
        each.sentence.endswith(" (#7) waits for the approval of data-protection-office") for each in found.missing
    )
