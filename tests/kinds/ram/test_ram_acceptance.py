"""What the central account shares is accepted, and nothing that anybody else offers."""

from __future__ import annotations

import pytest

from reconciler.kinds.ram.ram_acceptance import RamAcceptanceKind, is_share_name
from reconciler.model.address import Placement
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, REGION, Estate, bank, specs, step_of, variant, wave_of


def test_every_account_that_receives_something_accepts_it() -> None:
    wanted = [want.address.placement.account for want in RamAcceptanceKind().desired(bank())]
    assert sorted(wanted) == [BANKING, MARKETS, ANALYTICS]


def test_a_share_is_never_given_back_by_us() -> None:
    (want, *_) = specs("ram-acceptance").values()
    from reconciler.kinds.territory import ownership_of
    from reconciler.model.resource import Snapshot

    assert not RamAcceptanceKind().owner(want, ownership_of(bank(), Snapshot(), Snapshot())).is_ours


def test_an_invitation_of_a_stranger_stays_pending(built: Estate) -> None:
    stranger = "999999999999"
    lakeformation = built.client("lakeformation", stranger)
    own = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{stranger}:role/OrganizationAccountAccessRole"}
    settings = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    settings |= {"DataLakeAdmins": [own], "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
    settings["Parameters"] = {"CROSS_ACCOUNT_VERSION": "4"}
    lakeformation.put_data_lake_settings(DataLakeSettings=settings)
    built.client("glue", stranger).create_database(DatabaseInput={"Name": "bait", "CreateTableDefaultPermissions": []})
    lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": ANALYTICS},
        Resource={"Database": {"Name": "bait"}},
        Permissions=["DESCRIBE"],
        PermissionsWithGrantOption=["DESCRIBE"],
    )

    def pending() -> list[str]:
        rows = built.client("ram", ANALYTICS).get_resource_share_invitations()["resourceShareInvitations"]
        return [row["senderAccountId"] for row in rows if row["status"] == "PENDING"]

    assert pending() == [stranger]
    wider = variant(("consumers/analytics-coe/subscriptions/portfolio-report.yaml", "[internal]", "[internal, public]"))
    built.repair(wider)
    assert pending() == [stranger]


def test_acceptance_waits_for_the_grants_and_links_wait_for_acceptance(estate: Estate) -> None:
    plan = estate.plan()
    waves = wave_of(plan)
    link = step_of(plan, "resource-link", "rl_deal-pipeline")
    accepted = [step for step in plan.steps if step.address.kind == "ram-acceptance"]
    mine = next(step for step in accepted if step.address.placement == link.address.placement)
    given = [
        waves[step.address]
        for step in plan.steps
        if step.address.kind == "grant" and step.address.name.endswith(f" to {MARKETS}")
    ]
    assert given
    assert max(given) < waves[mine.address] < waves[link.address]


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("LakeFormation-V3-QJHUPL73TJ", True),
        (f"{CENTRAL}-{BANKING}-5DYJBKVQ", True),
        (f"{BANKING}-{CENTRAL}-5DYJBKVQ", False),
        ("backups", False),
    ],
)
def test_shares_of_every_cross_account_version_are_known_by_their_names(name: str, is_ours: bool) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html"""
    assert is_share_name(name, Placement(CENTRAL, REGION)) is is_ours
