"""Grants across accounts: what may cross, what arrives, what is passed on, and what is read."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.lakeformation.authorization import holds as holds_permission
from reconciler.sandbox.services.lakeformation.resources import Location
from tests.sandbox.conftest import CONSUMER, OWNER, document
from tests.sandbox.lakes import (
    COLUMNS,
    Inside,
    Lake,
    Lakes,
    all_tables,
    but,
    cells,
    columns,
    database,
    policy,
    principal,
    refused,
    table,
    tag,
)

INVALID = "InvalidInputException"
DENIED = "AccessDeniedException"
ALL = dict.fromkeys(COLUMNS)


@dataclass
class Two:
    """Owner and consumer. `reads` is what the consumer's analyst reads of the owner's table."""

    owner: Lake
    consumer: Lake
    analyst: str

    def accept(self) -> None:
        """Accept every pending invitation, and wait until what was shared is associated."""
        for invitation in self.consumer.ram.get_resource_share_invitations()["resourceShareInvitations"]:
            if invitation["status"] == "PENDING":
                arn = invitation["resourceShareInvitationArn"]
                self.consumer.ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)
        for _ in range(3):
            for kind in ("RESOURCE", "PRINCIPAL"):
                self.owner.ram.get_resource_share_associations(associationType=kind)

    def share(self, resource: dict, *permissions: str, option: bool = True) -> None:
        self.owner.grant(CONSUMER, resource, *permissions, option=permissions if option else ())
        self.accept()

    def reads(self, name: str = "orders") -> dict[str, str | None]:
        return self.owner.reads(self.analyst, name).columns


@pytest.fixture
def two(aws: Sandbox, lakes: Lakes) -> Two:
    owner, consumer = lakes.again(Inside(aws), lambda way: (Lake(way).sales(), Lake(way, CONSUMER)))
    return Two(owner, consumer, consumer.role("analyst"))


def test_before_acceptance_nothing_is_visible(two: Two) -> None:
    """dg/accepting-ram-invite"""
    two.owner.grant(CONSUMER, table(), "SELECT", "DESCRIBE", option=["SELECT", "DESCRIBE"])
    admin = Caller(CONSUMER, two.consumer.admin, two.consumer.admin)
    assert not two.owner.inside.sees_database(admin, OWNER, "sales")
    assert refused(two.consumer.grant, two.analyst, table(catalog=OWNER), "SELECT")[0] == DENIED
    two.accept()
    assert two.owner.inside.sees_table(admin, OWNER, "sales", "orders")
    two.consumer.grant(two.analyst, table(catalog=OWNER), "SELECT")
    assert two.reads() == ALL


def test_only_admins_see_what_was_shared_with_the_account(two: Two) -> None:
    """dg/cross-account-prereqs"""
    two.share(table(), "SELECT")
    assert two.reads() == {}
    assert not two.owner.inside.sees_table(Caller(CONSUMER, two.analyst, two.analyst), OWNER, "sales", "orders")


def test_passed_on_select_is_cut_to_the_shared_columns(two: Two) -> None:
    """dg/data-filtering-notes"""
    two.share(columns("id", "country"), "SELECT")
    two.consumer.grant(two.analyst, table(catalog=OWNER), "SELECT")
    assert two.reads() == {"id": None, "country": None}


def test_filters_of_account_and_principal_are_joined_by_and(two: Two) -> None:
    """dg/data-filtering-notes: dept='hr' AND country='us'"""
    two.owner.filter("german", "country = 'de'")
    two.share(cells("german"), "SELECT")
    two.consumer.filter("large", "amount > 100", only=("id",))
    two.consumer.grant(two.analyst, cells("large"), "SELECT")
    access = two.owner.reads(two.analyst)
    assert access.columns == {"id": "(amount > 100) AND (country = 'de')"}
    assert access.row_filter == "(amount > 100) AND (country = 'de')"


def test_direct_grants_and_passed_on_grants_unite(two: Two) -> None:
    """dg/cross-account-permissions"""
    two.share(columns("id"), "SELECT")
    two.consumer.grant(two.analyst, columns("id", catalog=OWNER), "SELECT")
    two.owner.grant(two.analyst, columns("country"), "SELECT")
    two.accept()
    assert two.reads() == {"id": None, "country": None}


def test_a_direct_grant_is_visible_to_its_principal_only(two: Two) -> None:
    """dg/cross-account-notes"""
    two.owner.grant(two.analyst, table(), "SELECT")
    two.accept()
    assert two.reads() == ALL
    assert two.consumer.rows(CatalogId=OWNER) == []
    assert len(two.consumer.rows(role="analyst", CatalogId=OWNER)) == 1
    admin = Caller(CONSUMER, two.consumer.admin, two.consumer.admin)
    assert not two.owner.inside.sees_table(admin, OWNER, "sales", "orders")


def test_revoking_the_accounts_grant_cuts_everything_passed_on(two: Two) -> None:
    """dg/optimize-ram"""
    two.share(table(), "SELECT")
    two.consumer.grant(two.analyst, table(catalog=OWNER), "SELECT")
    two.owner.revoke(CONSUMER, table(), "SELECT")
    assert two.reads() == {}


def test_each_side_lists_its_own_grants(two: Two) -> None:
    """dg/regranting-shared-resources, dg/viewing-permissions; docs/assumptions.md"""
    two.share(table(), "SELECT")
    two.consumer.grant(two.analyst, table(catalog=OWNER), "SELECT")
    owners = [r["Principal"]["DataLakePrincipalIdentifier"] for r in two.owner.rows(ResourceType="TABLE")]
    assert owners.count(CONSUMER) == 1
    assert two.analyst not in owners
    theirs = two.consumer.rows(CatalogId=OWNER)
    assert {r["Principal"]["DataLakePrincipalIdentifier"] for r in theirs} == {CONSUMER, two.analyst}
    assert {r["Resource"]["TableWithColumns"]["CatalogId"] for r in theirs} == {OWNER}
    assert all(r["Resource"].keys() == {"Catalog"} for r in two.consumer.rows())


def test_a_cross_account_row_names_its_share(two: Two) -> None:
    """API DetailsMap"""
    two.owner.grant(CONSUMER, table(), "SELECT")
    row = two.owner.rows(CONSUMER)[0]
    shares = two.owner.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert row["AdditionalDetails"]["ResourceShare"] == [shares[0]["resourceShareArn"]]


@pytest.mark.parametrize(
    ("resource", "permissions", "option"),
    [
        (database(), ["DROP"], []),
        (database(), ["ALL"], []),
        (but("id"), ["SELECT"], []),
        (tag("class", "public"), ["DESCRIBE"], []),
        (tag("class", "public"), ["GRANT_WITH_LF_TAG_EXPRESSION"], ["GRANT_WITH_LF_TAG_EXPRESSION"]),
        ({"Catalog": {}}, ["CREATE_DATABASE"], []),
    ],
)
def test_what_cannot_cross_accounts_is_refused(two: Two, resource: dict, permissions: list, option: list) -> None:
    """dg/cross-account-notes, dg/granting-table-permissions, dg/TBAC-granting-tags"""
    two.owner.tag("class", "public")
    assert refused(two.owner.grant, CONSUMER, resource, *permissions, option=option)[0] == INVALID


def test_external_principals_need_version_three_and_take_no_grant_option(two: Two) -> None:
    """dg/optimize-ram, dg/granting-database-permissions"""
    found = refused(two.owner.grant, two.analyst, table(), "SELECT", option=["SELECT"])
    assert (found[0], "Grant option" in found[1]) == (INVALID, True)
    two.owner.settings(Parameters={"CROSS_ACCOUNT_VERSION": "2"})
    assert refused(two.owner.grant, two.analyst, table(), "SELECT")[0] == INVALID


@pytest.mark.parametrize("to", ["333333333333", "IAM_ALLOWED_PRINCIPALS", CONSUMER])
def test_what_was_shared_is_passed_on_only_to_own_principals(two: Two, to: str) -> None:
    """dg/cross-account-notes"""
    two.share(table(), "SELECT")
    assert refused(two.consumer.grant, to, table(catalog=OWNER), "SELECT")[0] == INVALID


def test_only_what_was_shared_with_grant_option_is_passed_on(two: Two) -> None:
    """dg/regranting-shared-resources"""
    two.share(table(), "SELECT", "INSERT", option=False)
    two.share(table(), "DESCRIBE")
    two.consumer.grant(two.analyst, table(catalog=OWNER), "DESCRIBE")
    assert refused(two.consumer.grant, two.analyst, table(catalog=OWNER), "INSERT")[0] == DENIED
    assert refused(two.consumer.grant, two.analyst, table(catalog=OWNER), "SELECT")[0] == DENIED


def test_all_tables_shared_are_passed_on_one_by_one(two: Two) -> None:
    """dg/regranting-shared-resources"""
    two.share(all_tables(), "SELECT")
    two.consumer.grant(two.analyst, table(catalog=OWNER), "SELECT")
    assert two.reads() == ALL


def test_an_identical_policy_needs_its_grant_option(two: Two) -> None:
    """dg/permission-cascading-rules: rule 1"""
    two.owner.tag("class", "public")
    two.owner.put(database(), **{"class": "public"})
    two.share(policy(**{"class": ["public"]}), "SELECT")
    two.consumer.grant(two.analyst, policy(catalog=OWNER, **{"class": ["public"]}), "SELECT")
    assert two.reads() == ALL


def test_another_policy_needs_describe_on_all_its_pairs(two: Two) -> None:
    """dg/permission-cascading-rules: rule 2"""
    two.owner.tag("class", "public")
    two.owner.tag("domain", "sales")
    two.owner.put(database(), **{"class": "public", "domain": "sales"})
    two.share(policy(**{"class": ["public"], "domain": ["sales"]}), "SELECT")
    broader = policy(catalog=OWNER, **{"class": ["public"]})
    assert refused(two.consumer.grant, two.analyst, broader, "SELECT")[0] == DENIED
    two.share(tag("class", "public"), "DESCRIBE")
    two.consumer.grant(two.analyst, broader, "SELECT")
    assert two.reads() == ALL


def test_a_table_made_in_a_shared_database_belongs_to_its_creator_and_his_account(two: Two) -> None:
    """dg/lf-permissions-reference: CREATE_TABLE in a shared database"""
    two.share(database(), "CREATE_TABLE")
    two.consumer.grant(two.analyst, database(catalog=OWNER), "CREATE_TABLE")
    made = {"Name": "made", "StorageDescriptor": {"Columns": [{"Name": "a", "Type": "int"}]}}
    glue = two.consumer.client("glue", "analyst")
    glue.create_table(CatalogId=OWNER, DatabaseName="sales", TableInput=made)
    assert two.reads("made") == {"a": None}
    other = two.consumer.role("other")
    two.consumer.grant(other, table("made", catalog=OWNER), "SELECT")
    assert two.owner.reads(other, "made").columns == {"a": None}


def test_a_policy_passed_on_reaches_no_further_than_the_share(two: Two) -> None:
    """dg/granting-catalog-perms-TBAC, last example"""
    two.owner.table(name="other")
    two.owner.tag("class", "public")
    two.owner.put(database(), **{"class": "public"})
    two.share(table(), "SELECT")
    two.share(tag("class", "public"), "DESCRIBE")
    two.consumer.grant(two.analyst, policy(catalog=OWNER, **{"class": ["public"]}), "SELECT")
    assert two.reads() == ALL
    assert two.reads("other") == {}


def test_shared_tags_are_listed_as_foreign(two: Two) -> None:
    """API ListLFTags: ResourceShareType"""
    two.owner.tag("class", "public", "secret")
    two.consumer.tag("own", "x")
    two.share(tag("class", "public"), "DESCRIBE")

    def keys(**given: str) -> list[tuple[str, list[str]]]:
        return [(t["TagKey"], t["TagValues"]) for t in two.consumer.lf.list_lf_tags(**given)["LFTags"]]

    assert keys() == [("own", ["x"])]
    assert keys(ResourceShareType="FOREIGN") == [("class", ["public"])]
    assert keys(ResourceShareType="ALL") == [("own", ["x"]), ("class", ["public"])]


def test_before_version_three_tag_policies_need_a_glue_policy(two: Two) -> None:
    """dg/cross-account-share-prerequisites: glue:EvaluatedByLakeFormationTags"""
    for side in (two.owner, two.consumer):
        side.settings(Parameters={"CROSS_ACCOUNT_VERSION": "1"})
    two.owner.tag("class", "public")
    two.owner.put(database(), **{"class": "public"})
    two.share(policy(**{"class": ["public"]}), "SELECT")
    same = policy(catalog=OWNER, **{"class": ["public"]})
    assert two.owner.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"] == []
    assert refused(two.consumer.grant, two.analyst, same, "SELECT")[0] == DENIED
    text = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"' + CONSUMER + '"},'
        '"Action":"glue:*","Resource":"*","Condition":{"Bool":{"glue:EvaluatedByLakeFormationTags":"true"}}}]}'
    )
    two.owner.glue.put_resource_policy(PolicyInJson=text)
    two.consumer.grant(two.analyst, same, "SELECT")
    assert two.reads() == ALL


def test_a_consumer_of_a_newer_version_takes_no_old_policies(two: Two) -> None:
    """dg/optimize-ram: Invalid cross account grant request"""
    two.owner.settings(Parameters={"CROSS_ACCOUNT_VERSION": "2"})
    two.owner.tag("class", "public")
    code, message = refused(two.owner.grant, CONSUMER, policy(**{"class": ["public"]}), "SELECT")
    assert (code, message.startswith("Invalid cross account grant request.")) == (INVALID, True)


@pytest.mark.parametrize(("version", "hybrid", "shares"), [("3", True, False), ("4", False, False), ("4", True, True)])
def test_what_is_open_to_iam_is_shared_only_in_hybrid_mode(
    aws: Sandbox, version: str, *, hybrid: bool, shares: bool
) -> None:
    """dg/cross-account-prereqs, dg/troubleshooting: Illegal combination"""
    lake = Lake(Inside(aws), version=version, open_defaults=True).sales()
    lake.lf.register_resource(ResourceArn="arn:aws:s3:::lake/", UseServiceLinkedRole=True, HybridAccessEnabled=hybrid)
    if shares:
        lake.grant(CONSUMER, table(), "SELECT")
    else:
        code, message = refused(lake.grant, CONSUMER, table(), "SELECT")
        assert (code, "Illegal combination" in message) == (INVALID, True)


def test_abroad_an_open_table_is_read_only_by_the_opted_in(aws: Sandbox) -> None:
    """dg/cross-account-prereqs, dg/notes-hybrid: all tables count only beside the database"""
    way_in = Inside(aws)
    owner, consumer = Lake(way_in, open_defaults=True).sales(), Lake(way_in, CONSUMER)
    two = Two(owner, consumer, consumer.role("analyst"))
    owner.lf.register_resource(ResourceArn="arn:aws:s3:::lake/", UseServiceLinkedRole=True, HybridAccessEnabled=True)
    two.share(table(), "SELECT")
    consumer.grant(two.analyst, table(catalog=OWNER), "SELECT")
    assert two.reads() == {}
    for resource, reads in ((all_tables(catalog=OWNER), {}), (database(catalog=OWNER), ALL)):
        consumer.lf.create_lake_formation_opt_in(Principal=principal(two.analyst), Resource=resource)
        assert two.reads() == reads


def test_effective_listings_miss_filters_of_foreign_principals(two: Two) -> None:
    """terraform-provider-aws#48360: the grant shows without the principal only"""
    two.owner.filter("german", "country = 'de'")
    two.owner.grant(two.analyst, cells("german"), "SELECT")
    assert two.owner.rows(Principal=principal(two.analyst), Resource=cells("german")) == []
    assert len(two.owner.rows(two.analyst, Resource=cells("german"))) == 1


def test_opt_ins_cannot_be_listed_by_a_foreign_principal(two: Two) -> None:
    """terraform-provider-aws#49106"""
    asked = principal(two.analyst)
    two.owner.lf.create_lake_formation_opt_in(Principal=asked, Resource=table())
    assert refused(two.owner.lf.list_lake_formation_opt_ins, Principal=asked)[0] == INVALID
    assert len(two.owner.lf.list_lake_formation_opt_ins(Resource=table())["LakeFormationOptInsInfoList"]) == 1


def test_a_location_is_passed_on_as_far_as_it_was_granted(two: Two) -> None:
    """dg/regranting-shared-resources: the registering account is the catalog"""
    two.owner.lf.register_resource(ResourceArn="arn:aws:s3:::lake/", UseServiceLinkedRole=True)
    here = {"DataLocation": {"ResourceArn": "arn:aws:s3:::lake/sales"}}
    there = {"DataLocation": {"CatalogId": OWNER, "ResourceArn": "arn:aws:s3:::lake/sales/made"}}
    place = Location(OWNER, "arn:aws:s3:::lake/sales/made")
    analyst = Caller(CONSUMER, two.analyst, two.analyst)

    def holds() -> bool:
        return holds_permission(two.owner.inside, analyst, "DATA_LOCATION_ACCESS", place)

    assert refused(two.consumer.grant, two.analyst, there, "DATA_LOCATION_ACCESS")[0] == DENIED
    two.share(here, "DATA_LOCATION_ACCESS")
    two.consumer.grant(two.analyst, there, "DATA_LOCATION_ACCESS")
    assert holds()
    two.owner.revoke(CONSUMER, here, "DATA_LOCATION_ACCESS")
    assert not holds()


def test_direct_principals_of_one_account_share_its_shares(two: Two) -> None:
    """docs/assumptions.md"""
    other = two.consumer.role("other")
    for who in (two.analyst, other):
        two.owner.grant(who, table(), "SELECT")
    assert len(two.consumer.ram.get_resource_share_invitations()["resourceShareInvitations"]) == 1
    two.accept()
    assert two.reads() == ALL
    assert two.owner.reads(other).columns == ALL


def test_a_failed_association_is_tried_again_by_the_next_grant_only(two: Two) -> None:
    """dg/hybrid-cross-account: a grant can succeed and be blocked in RAM"""
    arn = f"arn:aws:glue:eu-west-1:{OWNER}:catalog"
    other = {"Effect": "Allow", "Principal": {"AWS": CONSUMER}, "Action": "glue:GetTable", "Resource": arn}
    two.owner.glue.put_resource_policy(PolicyInJson=document(other))
    two.share(table(), "SELECT")
    admin = Caller(CONSUMER, two.consumer.admin, two.consumer.admin)
    assert not two.owner.inside.sees_table(admin, OWNER, "sales", "orders")
    two.owner.glue.delete_resource_policy()
    assert not two.owner.inside.sees_table(admin, OWNER, "sales", "orders")
    two.share(table(), "SELECT")
    assert two.owner.inside.sees_table(admin, OWNER, "sales", "orders")
