"""The RAM shares that Lake Formation makes: merging, invitations, states, deletion."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.sandbox import Sandbox
from tests.sandbox.conftest import CONSUMER, MANAGEMENT, OWNER, Http
from tests.sandbox.lakes import Inside, Lake, all_tables, database, policy, refused, table, tag

THIRD = "333333333333"


@pytest.fixture
def owner(http: Http) -> Lake:
    return Lake(http).sales()


@pytest.fixture
def consumer(http: Http) -> Lake:
    return Lake(http, CONSUMER)


def _shares(lake: Lake, side: str = "SELF", **given: Any) -> list[dict[str, Any]]:
    return lake.ram.get_resource_shares(resourceOwner=side, **given)["resourceShares"]


def _states(lake: Lake, kind: str = "RESOURCE", **given: Any) -> dict[str, str]:
    found = lake.ram.get_resource_share_associations(associationType=kind, **given)["resourceShareAssociations"]
    return {a["associatedEntity"]: a["status"] for a in found}


def _invitations(lake: Lake) -> list[dict[str, Any]]:
    return lake.ram.get_resource_share_invitations()["resourceShareInvitations"]


def _accept_all(lake: Lake) -> None:
    for invitation in _invitations(lake):
        arn = invitation["resourceShareInvitationArn"]
        lake.ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)


def test_from_version_three_on_a_pair_has_at_most_five_shares(owner: Lake) -> None:
    """aws-lakeformation-best-practices: cross-account FAQ; dg/optimize-ram"""
    owner.tag("class", "public", "secret")
    for name in ("orders", "people", "places"):
        if name != "orders":
            owner.table(name=name)
        owner.grant(CONSUMER, table(name), "SELECT", "DESCRIBE")
    owner.grant(CONSUMER, database(), "DESCRIBE")
    owner.grant(CONSUMER, all_tables(), "DESCRIBE")
    for value in ("public", "secret"):
        owner.grant(CONSUMER, policy("DATABASE", **{"class": [value]}), "DESCRIBE")
        owner.grant(CONSUMER, policy("TABLE", **{"class": [value]}), "SELECT")
    owner.grant(CONSUMER, tag("class", "public"), "DESCRIBE", option=["DESCRIBE"])
    found = _shares(owner)
    assert len(found) == 5
    assert all(s["name"].startswith("LakeFormation-V3-") for s in found)
    owner.grant(THIRD, table(), "SELECT")
    assert len(_shares(owner)) == 6


def test_in_version_one_each_grant_is_a_share(http: Http) -> None:
    """dg/optimize-ram"""
    owner = Lake(http, version="1").sales()
    owner.grant(CONSUMER, table(), "SELECT")
    owner.grant(CONSUMER, table(), "DESCRIBE")
    owner.grant(CONSUMER, database(), "DESCRIBE")
    assert len(_shares(owner)) == 3


def test_a_new_version_leaves_old_shares_alone(http: Http) -> None:
    """dg/optimize-ram: existing permissions do not change"""
    owner = Lake(http, version="1").sales()
    owner.grant(CONSUMER, table(), "SELECT")
    old = _shares(owner)[0]["resourceShareArn"]
    owner.settings(Parameters={"CROSS_ACCOUNT_VERSION": "3"})
    assert owner.rows(CONSUMER)[0]["AdditionalDetails"]["ResourceShare"] == [old]
    owner.revoke(CONSUMER, table(), "SELECT")
    owner.grant(CONSUMER, table(), "SELECT")
    assert owner.rows(CONSUMER)[0]["AdditionalDetails"]["ResourceShare"] != [old]


def test_from_version_five_on_tables_are_wildcards(http: Http) -> None:
    """dg/optimize-ram: wildcard patterns; docs/assumptions.md"""
    owner = Lake(http, version="5").sales()
    owner.table(name="people")
    owner.grant(CONSUMER, table(), "SELECT")
    owner.grant(CONSUMER, table("people"), "SELECT")
    tables = [entity for entity in _states(owner) if ":table/" in entity]
    assert tables == [f"arn:aws:glue:eu-west-1:{OWNER}:table/sales/*"]


def test_an_association_becomes_associated_after_a_few_reads(owner: Lake) -> None:
    """API ResourceShareAssociation"""
    owner.grant(CONSUMER, table(), "SELECT")
    seen = [set(_states(owner).values()).pop() for _ in range(4)]
    assert seen == ["ASSOCIATING", "ASSOCIATING", "ASSOCIATED", "ASSOCIATED"]
    assert _states(owner, "PRINCIPAL") == {CONSUMER: "ASSOCIATING"}


def test_an_invitation_is_accepted_once_and_brings_the_share(owner: Lake, consumer: Lake) -> None:
    """dg/accepting-ram-invite; API AcceptResourceShareInvitation"""
    owner.grant(CONSUMER, table(), "SELECT")
    assert _shares(consumer, "OTHER-ACCOUNTS") == []
    (invitation,) = _invitations(consumer)
    assert (invitation["status"], invitation["senderAccountId"]) == ("PENDING", OWNER)
    arn = invitation["resourceShareInvitationArn"]
    offered = consumer.ram.list_pending_invitation_resources(resourceShareInvitationArn=arn)["resources"]
    assert offered[-1]["arn"].endswith("table/sales/orders")
    answered = consumer.ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)
    assert answered["resourceShareInvitation"]["status"] == "ACCEPTED"
    assert _shares(consumer, "OTHER-ACCOUNTS")[0]["owningAccountId"] == OWNER
    assert _states(owner, "PRINCIPAL") == {CONSUMER: "ASSOCIATED"}
    code, _ = refused(consumer.ram.accept_resource_share_invitation, resourceShareInvitationArn=arn)
    assert code == "ResourceShareInvitationAlreadyAcceptedException"
    owner.table(name="people")
    owner.grant(CONSUMER, table("people"), "SELECT")
    assert len(_invitations(consumer)) == 1


def test_two_kinds_of_grant_are_two_invitations(owner: Lake, consumer: Lake) -> None:
    """aws-lakeformation-best-practices: general data sharing"""
    owner.grant(CONSUMER, database(), "DESCRIBE")
    owner.grant(CONSUMER, table(), "SELECT")
    assert len(_invitations(consumer)) == 2


@pytest.mark.parametrize(("answer", "sent"), [("not-sent", []), ("sent", ["PENDING"])])
def test_a_rejected_invitation_brings_nothing_and_a_new_grant_what_is_believed(
    http: Http, owner: Lake, consumer: Lake, answer: str, sent: list[str]
) -> None:
    """API RejectResourceShareInvitation; data.all ram_client"""
    http.control("POST", "beliefs", {"invitations-sent-again": answer})
    owner.grant(CONSUMER, table(), "SELECT")
    arn = _invitations(consumer)[0]["resourceShareInvitationArn"]
    consumer.ram.reject_resource_share_invitation(resourceShareInvitationArn=arn)
    assert _shares(consumer, "OTHER-ACCOUNTS") == []
    code, _ = refused(consumer.ram.reject_resource_share_invitation, resourceShareInvitationArn=arn)
    assert code == "ResourceShareInvitationAlreadyRejectedException"
    owner.grant(CONSUMER, table(), "SELECT")
    assert [i["status"] for i in _invitations(consumer)] == ["REJECTED", *sent]
    (share,) = _shares(owner)
    owner.ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])
    owner.grant(CONSUMER, table(), "SELECT")
    assert [i["status"] for i in _invitations(consumer)][-1] == "PENDING"


def test_an_unanswered_invitation_expires(aws: Sandbox) -> None:
    """API ResourceShareInvitation: EXPIRED; docs/assumptions.md"""
    way_in = Inside(aws)
    Lake(way_in).sales().grant(CONSUMER, table(), "SELECT")
    aws.world.clock.advance(13 * 3600)
    consumer = Lake(way_in, CONSUMER)
    (invitation,) = _invitations(consumer)
    assert invitation["status"] == "EXPIRED"
    code, _ = refused(
        consumer.ram.accept_resource_share_invitation,
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"],
    )
    assert code == "ResourceShareInvitationExpiredException"


def test_the_managed_permissions_are_listed_by_type(owner: Lake) -> None:
    """API RAM ListPermissions"""
    found = owner.ram.list_permissions(resourceType="glue:Table")["permissions"]
    assert "AWSRAMPermissionGlueTableReadWrite" in {p["name"] for p in found}
    assert {p["resourceType"] for p in found} == {"glue:Table"}


def test_an_invitation_of_others_is_not_found(owner: Lake, consumer: Lake, http: Http) -> None:
    """API AcceptResourceShareInvitation"""
    owner.grant(CONSUMER, table(), "SELECT")
    arn = _invitations(consumer)[0]["resourceShareInvitationArn"]
    stranger = http.client("ram", THIRD)
    code, _ = refused(stranger.accept_resource_share_invitation, resourceShareInvitationArn=arn)
    assert code == "ResourceShareInvitationArnNotFoundException"


def test_without_share_resource_in_the_glue_policy_the_association_fails(owner: Lake, consumer: Lake) -> None:
    """dg/hybrid-cross-account: glue:ShareResource for ram.amazonaws.com"""
    arns = [f"arn:aws:glue:eu-west-1:{OWNER}:{kind}" for kind in ("catalog", "database/*", "table/*/*")]
    other = {"Effect": "Allow", "Principal": {"AWS": THIRD}, "Action": "glue:GetTable", "Resource": arns}
    ram = {"Effect": "Allow", "Principal": {"Service": "ram.amazonaws.com"}, "Action": "glue:ShareResource"}
    owner.glue.put_resource_policy(PolicyInJson=json.dumps({"Version": "2012-10-17", "Statement": [other]}))
    owner.grant(CONSUMER, table(), "SELECT")
    assert set(_states(owner).values()) == {"FAILED"}
    both = json.dumps({"Version": "2012-10-17", "Statement": [other, ram | {"Resource": arns}]})
    owner.glue.put_resource_policy(PolicyInJson=both, EnableHybrid="TRUE")
    owner.grant(CONSUMER, table(), "SELECT")
    assert set(_states(owner).values()) == {"ASSOCIATING"}


def test_a_revocation_shrinks_the_share_and_the_last_deletes_it(owner: Lake) -> None:
    """dg/optimize-ram"""
    owner.table(name="people")
    for name in ("orders", "people"):
        owner.grant(CONSUMER, table(name), "SELECT")
    stem = f"arn:aws:glue:eu-west-1:{OWNER}:table/sales/"
    owner.revoke(CONSUMER, table("people"), "SELECT")
    assert _states(owner)[stem + "people"] == "DISASSOCIATING"
    assert [s["status"] for s in _shares(owner)] == ["ACTIVE"]
    owner.revoke(CONSUMER, table(), "SELECT")
    assert [s["status"] for s in _shares(owner)] == ["DELETED"]
    assert _shares(owner, resourceShareStatus="ACTIVE") == []


def test_a_database_dropped_before_revocation_leaves_an_orphan(owner: Lake) -> None:
    """dg/cross-account-notes: orphaned shares are deleted by hand"""
    owner.grant(CONSUMER, database(), "DESCRIBE")
    owner.glue.delete_database(Name="sales")
    (share,) = _shares(owner)
    assert share["status"] == "ACTIVE"
    owner.ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])
    assert _shares(owner)[0]["status"] == "DELETED"


def test_resources_and_principals_are_listed_from_both_sides(owner: Lake, consumer: Lake) -> None:
    """API ListResources, ListPrincipals"""
    owner.grant(CONSUMER, database(), "DESCRIBE")
    _accept_all(consumer)
    for lake, side, who in ((owner, "SELF", CONSUMER), (consumer, "OTHER-ACCOUNTS", OWNER)):
        resources = lake.ram.list_resources(resourceOwner=side)["resources"]
        assert [r["type"] for r in resources] == ["glue:Catalog", "glue:Database"]
        only = lake.ram.list_resources(resourceOwner=side, resourceType="glue:Database")["resources"]
        assert [r["arn"] for r in only] == [f"arn:aws:glue:eu-west-1:{OWNER}:database/sales"]
        assert [p["id"] for p in lake.ram.list_principals(resourceOwner=side)["principals"]] == [who]
    arn = _shares(owner)[0]["resourceShareArn"]
    held = consumer.ram.list_resource_share_permissions(resourceShareArn=arn)["permissions"]
    assert {p["name"] for p in held} == {
        "AWSRAMLFEnabledGlueDatabaseReadWrite", "AWSRAMPermissionGlueDatabaseReadWriteForCatalog",
    }  # fmt: skip


def test_a_receiver_from_outside_can_leave(owner: Lake, consumer: Lake) -> None:
    """API DisassociateResourceShare"""
    owner.grant(CONSUMER, database(), "DESCRIBE")
    _accept_all(consumer)
    arn = _shares(owner)[0]["resourceShareArn"]
    consumer.ram.disassociate_resource_share(resourceShareArn=arn, principals=[CONSUMER])
    assert _shares(consumer, "OTHER-ACCOUNTS") == []
    assert refused(consumer.ram.delete_resource_share, resourceShareArn=arn)[0] == "UnknownResourceException"


def test_within_an_organization_that_shares_no_invitation_is_needed(http: Http) -> None:
    """dg/cross-account-permissions; API EnableSharingWithAwsOrganization"""
    organizations = http.client("organizations", MANAGEMENT)
    organizations.create_organization(FeatureSet="ALL")
    first, second = (
        organizations.create_account(Email=f"{n}@x.org", AccountName=n)["CreateAccountStatus"]["AccountId"]
        for n in ("first", "second")
    )
    owner, consumer = Lake(http, first).sales(), Lake(http, second)
    owner.grant(second, database(), "DESCRIBE")
    assert len(_invitations(consumer)) == 1
    assert refused(owner.ram.enable_sharing_with_aws_organization)[0] == "OperationNotPermittedException"
    http.client("ram", MANAGEMENT).enable_sharing_with_aws_organization()
    owner.grant(second, table(), "SELECT")
    assert len(_invitations(consumer)) == 1
    for _ in range(3):
        states = owner.ram.get_resource_share_associations(associationType="PRINCIPAL")["resourceShareAssociations"]
    assert [(a["external"], a["status"]) for a in states] == [(True, "ASSOCIATING"), (False, "ASSOCIATED")]
    assert len(_shares(consumer, "OTHER-ACCOUNTS")) == 1
    whole = organizations.describe_organization()["Organization"]["Arn"]
    owner.grant(whole, all_tables(), "SELECT", option=["SELECT"])
    for _ in range(3):
        _states(owner), _states(owner, "PRINCIPAL")
    analyst = consumer.role("analyst")
    consumer.grant(analyst, table(catalog=first), "SELECT")


def test_an_organization_that_does_not_share_is_not_found(owner: Lake) -> None:
    """dg/troubleshooting: Organization not found"""
    arn = f"arn:aws:organizations::{MANAGEMENT}:organization/o-abcdefghij"
    code, message = refused(owner.grant, arn, database(), "DESCRIBE")
    assert (code, "not found" in message) == ("InvalidInputException", True)


def test_what_is_not_simulated_says_so(owner: Lake) -> None:
    assert refused(owner.ram.create_resource_share, name="mine")[0] == "NotImplemented"


def test_a_client_token_makes_a_repeated_call_harmless(owner: Lake, consumer: Lake) -> None:
    """API AcceptResourceShareInvitation: clientToken"""
    owner.grant(CONSUMER, database(), "DESCRIBE")
    arn = _invitations(consumer)[0]["resourceShareInvitationArn"]
    accept = consumer.ram.accept_resource_share_invitation
    first = accept(resourceShareInvitationArn=arn, clientToken="t")
    again = accept(resourceShareInvitationArn=arn, clientToken="t")
    assert first["resourceShareInvitation"] == again["resourceShareInvitation"]
    code, _ = refused(accept, resourceShareInvitationArn=arn + "x", clientToken="t")
    assert code == "IdempotentParameterMismatchException"


@pytest.mark.parametrize("answer", ["disassociated", "associating"])
def test_who_is_put_in_again_is_invited_again(http: Http, owner: Lake, consumer: Lake, answer: str) -> None:
    """API AssociateResourceShare; ram/latest/userguide/working-with-shared-invitations"""
    http.control("POST", "beliefs", {"rejected-invitations": answer})
    owner.grant(CONSUMER, table(), "SELECT")
    (invitation,) = _invitations(consumer)
    consumer.ram.reject_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    assert _states(owner, "PRINCIPAL") == {CONSUMER: answer.upper()}
    who = {"resourceShareArn": invitation["resourceShareArn"], "principals": [CONSUMER]}
    owner.ram.associate_resource_share(**who)
    assert len(_invitations(consumer)) == (2 if answer == "disassociated" else 1)
    owner.ram.disassociate_resource_share(**who)
    assert [_states(owner, "PRINCIPAL")[CONSUMER] for _ in range(3)][-1] == "DISASSOCIATED"
    told = owner.ram.associate_resource_share(**who)["resourceShareAssociations"]
    assert [(row["associatedEntity"], row["status"]) for row in told] == [(CONSUMER, "ASSOCIATING")]
    _accept_all_pending(consumer)
    assert [_states(owner, "PRINCIPAL")[CONSUMER] for _ in range(3)][-1] == "ASSOCIATED"


def test_only_the_owner_puts_somebody_in(owner: Lake, consumer: Lake) -> None:
    owner.grant(CONSUMER, table(), "SELECT")
    _accept_all(consumer)
    who = {"resourceShareArn": _shares(owner)[0]["resourceShareArn"], "principals": [THIRD]}
    assert refused(consumer.ram.associate_resource_share, **who)[0] == "OperationNotPermittedException"
    assert owner.ram.associate_resource_share(**who)["resourceShareAssociations"][0]["external"] is True


def _accept_all_pending(lake: Lake) -> None:
    for invitation in _invitations(lake):
        if invitation["status"] == "PENDING":
            arn = invitation["resourceShareInvitationArn"]
            lake.ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)
