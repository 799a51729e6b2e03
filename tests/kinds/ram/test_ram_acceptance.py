"""What the central account shares is accepted, and nothing that anybody else offers."""

from __future__ import annotations

import jmespath
import pytest

from reconciler.kinds.ram.found_share import is_share_name
from reconciler.kinds.ram.ram_acceptance import RamAcceptanceKind
from reconciler.model.address import Placement
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, REGION, Estate, bank, specs, step_of, variant, wave_of


def test_every_account_that_receives_something_accepts_it() -> None:
    wanted = [want.address.placement.account for want in RamAcceptanceKind().desired(bank())]
    assert sorted(wanted) == [BANKING, MARKETS, ANALYTICS]


def test_a_share_is_never_given_back_by_us() -> None:
    (want, *_) = specs("ram-acceptance").values()
    from reconciler.kinds.territory import ownership_of
    from reconciler.model.resource import Snapshot

    owner = RamAcceptanceKind().owner(want, ownership_of(bank(), Snapshot(), Snapshot()))
    assert "they go when their grants are revoked" in owner.note


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


def test_an_account_that_is_only_given_tags_has_no_share_to_accept(estate: Estate) -> None:
    """A domain that may put tags and has no product yet: Lake Formation makes no share for LF-tags."""
    mesh = variant(
        without=(
            "consumers/analytics-coe/subscriptions/",
            "domains/investment-banking/products/",
            "domains/asset-management/products/",
        ),
    )
    assert MARKETS in {grant.spec.principal for grant in specs("grant", mesh).values()}
    assert MARKETS not in {each.address.placement.account for each in RamAcceptanceKind().desired(mesh)}
    estate.repair(mesh)


def _row(entity: str, status: str) -> dict[str, str]:
    return {"resourceShareName": "LakeFormation-V3-X", "associatedEntity": entity, "status": status}


def test_a_failed_share_of_somebody_else_fails_no_acceptance_of_ours() -> None:
    """Security Lake and other teams share by Lake Formation too, from the same account."""
    want = next(each for each in RamAcceptanceKind().desired(bank()) if each.address.placement.account == BANKING)
    *_, call = RamAcceptanceKind().create(want)
    assert call.until is not None
    glue = f"arn:aws:glue:eu-west-1:{CENTRAL}"
    theirs = [_row(f"{glue}:database/amazon_security_lake", "FAILED"), _row(f"{glue}:table/logs/vpc", "ASSOCIATING")]
    fine = [_row(f"{glue}:catalog", "ASSOCIATED"), _row(f"{glue}:database/credit-card", "ASSOCIATED")]
    answer = {"resourceShareAssociations": [*theirs, *fine]}
    assert jmespath.search(call.until.path, answer) is True
    assert jmespath.search(call.fails, answer) is None
    answer["resourceShareAssociations"].append(_row(f"{glue}:table/credit-card/credit_card", "FAILED"))
    assert "credit-card/credit_card: the association failed" in jmespath.search(call.fails, answer)


def _share(arn: str, name: str, *entities: str) -> list[dict[str, str]]:
    return [{**_row(entity, "ASSOCIATED"), "resourceShareName": name, "resourceShareArn": arn} for entity in entities]


def test_shares_are_waited_for_by_what_they_hold_and_by_every_name_that_lake_formation_gives() -> None:
    """Also those of cross-account version 1, which name both accounts; of other teams' shares none."""
    want = next(each for each in RamAcceptanceKind().desired(bank()) if each.address.placement.account == BANKING)
    accept, filled = RamAcceptanceKind().create(want)
    glue, old = f"arn:aws:glue:eu-west-1:{CENTRAL}", f"{CENTRAL}-{BANKING}-5DYJBKVQ"
    rows = [
        *_share("a-table", old, f"{glue}:catalog", f"{glue}:table/credit-card/credit_card"),
        *_share("by-tags", "LakeFormation-V3-A", f"{glue}:catalog", f"{glue}:table/*/*"),
        *_share("security-lake", "LakeFormation-V3-B", f"{glue}:catalog", f"{glue}:database/amazon_security_lake"),
        *_share("begins-alike", "LakeFormation-V3-C", f"{glue}:table/credit-card-2/deal"),
        *_share("no-share", "backups", f"{glue}:database/credit-card"),
        *_share("to-others", f"{CENTRAL}-{MARKETS}-5DYJBKVQ", f"{glue}:database/credit-card"),
    ]
    for call in (accept, filled):
        assert call.until is not None
        assert call.until.of is not None
        name, ours = call.until.of
        assert name == "resourceShareArns"
        assert jmespath.search(ours.path, {"resourceShareAssociations": rows}) == ["a-table", "by-tags"]
    assert accept.each is not None
    pending = {"senderAccountId": CENTRAL, "status": "PENDING", "resourceShareInvitationArn": "i"}
    for share, taken in ((old, ["i"]), ("LakeFormation-V3-A", ["i"]), ("backups", [])):
        answer = {"resourceShareInvitations": [{**pending, "resourceShareName": share}]}
        assert jmespath.search(accept.each[1].path, answer) == taken
