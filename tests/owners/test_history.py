"""What waits for whose approval is said document by document, with the pull request and the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.owners.documents import documents
from reconciler.owners.given import Given
from reconciler.owners.history import Approved, Merged, approved
from reconciler.spec.mesh import Mesh
from tests.estate import Edit, bank, example, variant
from tests.life.play import FUNDS, RULER, subscription
from tests.owners.changes import HERE
from tests.owners.teams import FUND_OWNER, GOVERNANCE, MEMBERS, pull_request

PRICES = "domains/asset-management/products/fund-prices.yaml"
WORDS: Edit = (PRICES, "description: Net asset value of every fund", "description: What every fund is worth")
LIMIT: Edit = ("mesh.yaml", "deletes: 10", "deletes: 11")
NEW = f"{HERE}/new.yaml"
BANK = bank()


def after(*changes: tuple[Mesh | None, Given | None], base: Mesh | None = BANK) -> Approved:
    """What came of changes."""
    merged = (Merged(str(number), mesh, by) for number, (mesh, by) in enumerate(changes))
    return approved(base, merged, MEMBERS.get, "example-bank")


def told(found: Approved) -> list[str]:
    return [each.sentence for each in found.missing]


@pytest.mark.parametrize(
    ("by", "why"),
    [
        (None, f"product fund-prices waits for the approval of {FUND_OWNER}: no pull request brought it"),
        (pull_request(), f"product fund-prices (#7) waits for the approval of {FUND_OWNER}"),
        (pull_request("eve"), f"product fund-prices (#7) waits for the approval of {FUND_OWNER}"),
        (
            replace(pull_request(FUNDS), author=FUNDS),
            f"product fund-prices (#7) waits for the approval of {FUND_OWNER} ({FUNDS} is its author)",
        ),
        (
            replace(pull_request(FUNDS), as_approved=False),
            f"product fund-prices (#7) waits for the approval of {FUND_OWNER}: "
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
    merged = [Merged("1", variant(WORDS), pull_request(FUNDS))]
    (missing,) = approved(bank(), merged, lambda _: None, "example-bank").missing
    assert f"{FUND_OWNER}: who that is, is not known; write its `members` into mesh/teams/" in missing.sentence


def test_each_document_waits_for_its_own_people_and_the_others_pass() -> None:
    both = variant(WORDS, LIMIT)
    assert told(after((both, pull_request(FUNDS)))) == [f"mesh bank (#7) waits for the approval of {GOVERNANCE}"]
    assert told(after((both, pull_request(RULER)))) == [
        f"product fund-prices (#7) waits for the approval of {FUND_OWNER}"
    ]
    found = after((both, pull_request(FUNDS, RULER)))
    assert (told(found), found.base) == ([], bank())
    assert found.brought[0].given == pull_request(FUNDS, RULER)


def test_what_was_not_approved_is_not_approved_by_whoever_changes_it_next() -> None:
    """And what is taken back is not missing any more."""
    other: Edit = (WORDS[0], WORDS[1], "description: Other words for every fund")
    found = after((variant(WORDS), pull_request()), (variant(other), pull_request(FUNDS, number=8)))
    assert told(found) == ["product fund-prices has in it what was not approved before; take that back first"]
    assert told(after((variant(WORDS), pull_request()), (bank(), pull_request(number=8)))) == []
    assert [each.given.number for each in found.brought] == [7, 8]


def test_a_change_that_cannot_be_read_is_approved_with_the_one_that_mends_it() -> None:
    for pulls in ((pull_request(), pull_request(FUNDS, number=8)), (pull_request(FUNDS), pull_request(number=8))):
        (sentence,) = told(after((None, pulls[0]), (variant(WORDS), pulls[1])))
        assert sentence == f"product fund-prices (#7, #8) waits for the approval of {FUND_OWNER}"
    assert told(after((None, pull_request(FUNDS)), (variant(WORDS), pull_request(FUNDS, number=8)))) == []


def test_what_needs_something_that_was_not_approved_waits_for_it() -> None:
    """Governance has approved the subscription, nobody the product that it is about."""
    text = example()[PRICES].replace("fund-prices", "fresh").replace("fund_price", "fresh")
    asked = subscription("new", "restricted", product="asset-management/fresh")
    fresh = {PRICES.replace("fund-prices", "fresh"): text, NEW: asked}
    assert told(after((variant(more=fresh), pull_request(RULER)))) == [
        f"product fresh (#7) waits for the approval of {FUND_OWNER}",
        "subscription new needs what was not approved",
    ]


def test_the_first_mesh_of_all_is_approved_by_its_own_governance() -> None:
    assert after((bank(), pull_request(RULER)), base=None).mesh == bank()
    found = after((bank(), pull_request(FUNDS)), base=None)
    assert found.mesh is None
    assert {each.document for each in found.missing} == {*documents(bank())}
    assert all(each.sentence.endswith(f" (#7) waits for the approval of {GOVERNANCE}") for each in found.missing)
