"""Shares that were rejected, have expired, or were taken away by hand are shared anew, whatever AWS does to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler import pipeline
from reconciler.model.change import Update
from reconciler.sandbox import sandbox
from tests.estate import ANALYTICS, CENTRAL, Estate, addresses, bank, placement, variant
from tests.remembered import remembered

BELIEFS = (
    {"rejected-invitations": "disassociated", "invitations-sent-again": "not-sent"},
    {"rejected-invitations": "associating", "invitations-sent-again": "sent"},
)
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
HALF_A_DAY = 12 * 3600


@pytest.fixture(scope="module", params=BELIEFS, ids=lambda each: "-".join(each.values()))
def shared(request: pytest.FixtureRequest) -> Iterator[Estate]:
    with sandbox(beliefs=request.param) as aws, remembered(aws):
        yield Estate(aws)


@pytest.fixture
def estate(shared: Estate) -> Estate:
    """The example, applied, in accounts of no organization."""
    shared.built()
    assert readable(shared)
    return shared


def readable(estate: Estate) -> int:
    """How many columns a reader of the account sees."""
    lake = estate.aws.world.lakeformation
    return len(lake.read_access(READER, CENTRAL, "credit-card", "credit_card").columns)


def shares(estate: Estate, account: str) -> list[str]:
    found = estate.client("ram").get_resource_share_associations(associationType="PRINCIPAL", principal=account)
    return [row["resourceShareArn"] for row in found["resourceShareAssociations"] if row["status"] == "ASSOCIATED"]


def disassociated(estate: Estate) -> None:
    """Somebody takes the account out of its shares."""
    for arn in shares(estate, ANALYTICS):
        estate.client("ram").disassociate_resource_share(resourceShareArn=arn, principals=[ANALYTICS])
    for _ in range(3):
        shares(estate, ANALYTICS)


def invited(estate: Estate) -> list[str]:
    """Somebody takes the account out and invites it anew; the pending invitations."""
    every = shares(estate, ANALYTICS)
    disassociated(estate)
    for arn in every:
        estate.client("ram").associate_resource_share(resourceShareArn=arn, principals=[ANALYTICS])
    rows = estate.client("ram", ANALYTICS).get_resource_share_invitations()["resourceShareInvitations"]
    return [row["resourceShareInvitationArn"] for row in rows if row["status"] == "PENDING"]


def rejected(estate: Estate) -> None:
    for arn in invited(estate):
        estate.client("ram", ANALYTICS).reject_resource_share_invitation(resourceShareInvitationArn=arn)


def one_rejected(estate: Estate) -> None:
    first, *others = invited(estate)
    ram = estate.client("ram", ANALYTICS)
    ram.reject_resource_share_invitation(resourceShareInvitationArn=first)
    for arn in others:
        ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)


def expired(estate: Estate) -> None:
    assert invited(estate)
    estate.aws.world.clock.advance(HALF_A_DAY)


def deleted(estate: Estate) -> None:
    """Somebody deletes the shares; Lake Formation's permissions stay listed."""
    for arn in shares(estate, ANALYTICS):
        estate.client("ram").delete_resource_share(resourceShareArn=arn)


def one_deleted(estate: Estate) -> None:
    estate.client("ram").delete_resource_share(resourceShareArn=shares(estate, ANALYTICS)[0])


def pending(estate: Estate) -> None:
    assert invited(estate)


@pytest.mark.parametrize(
    "lost",
    [disassociated, rejected, one_rejected, expired, deleted, one_deleted, pending],
    ids=lambda each: each.__name__,
)
def test_what_was_lost_is_offered_again_and_accepted(estate: Estate, lost: object) -> None:
    assert callable(lost)
    lost(estate)
    estate.fresh_sessions()
    before = readable(estate)
    plan = estate.plan()
    assert [step.address.kind for step in plan.steps] == ["ram-acceptance"]
    assert all(isinstance(step.change, Update) for step in plan.steps)
    assert {each.placement for each in addresses(plan)} == {placement(ANALYTICS)}
    estate.repair()
    assert readable(estate) > before or lost in (one_rejected, one_deleted)
    assert readable(estate) == 17


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (disassociated, "taken out"),
        (rejected, "rejected"),
        (one_rejected, "rejected"),
        (one_deleted, "deleted"),
        (expired, ""),
        (pending, ""),
    ],
)
def test_what_somebody_ended_comes_back_only_by_name(estate: Estate, lost: object, words: str) -> None:
    """Somebody may have cut the account off on purpose; an invitation that expired nobody has ended."""
    assert callable(lost)
    lost(estate)
    estate.fresh_sessions()
    review = pipeline.review(bank(), base=bank(), observation=estate.look())
    told = [
        each.message for each in review.findings if each.rule == "reopens-access" and "shares that were" in each.message
    ]
    assert [f"would get back shares that were {words}" in each for each in told] == ([True] if words else [])


def test_a_grant_by_hand_whose_share_is_gone_is_not_made_again(estate: Estate) -> None:
    """Only what the mesh asks for is shared anew."""
    glue, lake = estate.client("glue"), estate.client("lakeformation")
    glue.create_database(DatabaseInput={"Name": "theirs", "CreateTableDefaultPermissions": []})
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": ANALYTICS},
        Resource={"Database": {"Name": "theirs"}},
        Permissions=["DESCRIBE"],
    )
    estate.repair()
    deleted(estate)
    estate.fresh_sessions()
    taken = [
        call.params["Resource"] for step in estate.plan().steps for call in step.calls if "Resource" in call.params
    ]
    assert taken
    assert not any("theirs" in str(resource) for resource in taken)
    estate.repair()


def test_a_role_whose_permissions_went_leaves_a_share_for_good(estate: Estate) -> None:
    """Its account still needs the share."""
    model = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
    direct = variant((model, "principals: [data-scientist]", "principals: [data-scientist]\nshare: principals"))
    estate.repair(direct)
    estate.repair(bank())
    for _ in range(3):
        shares(estate, ANALYTICS)
    estate.fresh_sessions()
    assert [step.address.kind for step in estate.plan().steps] == []
