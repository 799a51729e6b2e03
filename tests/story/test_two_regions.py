"""A consumer queries in another region than the home region: all of it is there, and data stay where they are."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler import pipeline
from reconciler.access import evaluate, principal_directory
from reconciler.access.evaluation.grant_paths import links, via
from reconciler.access.explanation.denial_reasons import missing_link
from reconciler.access.state.table_view import TableId
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, REGION, Estate, actions, addresses, mesh_of, wave_of
from tests.until import until

AWAY = "us-east-1"
ORDERS = TableId(CENTRAL, "orders", "line")
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/shop/analyst"
EVERY = {"bucket", "bucket-policy", "grant", "lake-settings", "resource-link", "workgroup"}
OPEN = 'select amount from "rl_orders"."line"'
CLOSED = 'select email from "rl_orders"."line"'
TOP = "apiVersion: meshform/v1\n"
ROLE = "OrganizationAccountAccessRole"
CONSUMER = "consumers/reports/consumer.yaml"
SUBSCRIPTION = "consumers/reports/subscriptions/orders.yaml"
FILES = {
    "mesh.yaml": f"{TOP}kind: Mesh\nname: shop"
    f"\nregion: {REGION}\ncentral: hub\nroles: {{plan: {ROLE}, apply: {ROLE}}}\n",
    "accounts/hub.yaml": f"{TOP}kind: Account\nname: hub\nid: '{CENTRAL}'\nparts: [central]\n",
    "accounts/data.yaml": f"{TOP}kind: Account\nname: data\nid: '{BANKING}'\nparts: [producer]\n",
    "accounts/bi.yaml": f"{TOP}kind: Account\nname: bi\nid: '{ANALYTICS}'\nparts: [consumer]\n",
    "lf-tags/sensitivity.yaml": f"{TOP}kind: LFTag\nname: sensitivity\ndescription: How.\nvalues:\n"
    "  - {value: inner, description: Us.}\n  - {value: secret, description: Few.}\n",
    "domains/sales/domain.yaml": f"{TOP}kind: Domain\nname: sales\ndescription: Sold.\nowner: sales\naccount: data\n",
    "domains/sales/products/orders.yaml": f"{TOP}kind: Product\nname: orders\ndomain: sales\nowner: sales\n"
    "description: Orders.\ndatabase: orders\napproval: {mode: automatic}\ntables:\n  - name: line\n"
    "    tags: {sensitivity: inner}\n    columns:\n      - {name: amount, type: int}\n"
    "      - {name: email, type: string, tags: {sensitivity: secret}}\n",
    CONSUMER: f"{TOP}kind: Consumer\nname: reports\ndescription: Reports.\nowner: bi\naccount: bi\n"
    "principals:\n  - {name: analyst, role: analyst, create: true}\nworkgroup: {bytesCutoff: 10000000}\n",
    SUBSCRIPTION: f"{TOP}kind: Subscription\nname: orders\nconsumer: reports\nproduct: sales/orders\n"
    "clearance: {sensitivity: [inner]}\nprincipals: [analyst]\npurpose: A report.\n",
}


def mesh(*of_account: str, of_consumer: str = "", **more: str) -> Mesh:
    """A small mesh whose consumer's account has regions, and the consumer some of them."""
    files = FILES | {f"{name.replace('__', '/')}.yaml": text for name, text in more.items()}
    if of_account:
        files["accounts/bi.yaml"] += f"regions: [{', '.join(of_account)}]\n"
    if of_consumer:
        files[CONSUMER] += f"regions: [{of_consumer}]\n"
    return mesh_of(files)


def bare(*of_account: str) -> Mesh:
    """The same without anything to read and anybody who reads."""
    files = {path: text for path, text in FILES.items() if path.startswith(("mesh", "accounts"))}
    if of_account:
        files["accounts/bi.yaml"] += f"regions: [{', '.join(of_account)}]\n"
    return mesh_of(files)


HOME, ABROAD, BOTH = mesh(), mesh(AWAY), mesh(REGION, AWAY)


def hand(estate: Estate, service: str, region: str, account: str = ANALYTICS) -> Any:
    return estate.aws.session(account, region=region).client(service)


def linked(estate: Estate, region: str, account: str = ANALYTICS) -> dict[str, tuple[str, str]]:
    """The links of an account in a region: where they lead."""
    rows = hand(estate, "glue", region, account).get_databases(CatalogId=account)["DatabaseList"]
    targets = {row["Name"]: row["TargetDatabase"] for row in rows if "TargetDatabase" in row}
    return {name: (target["CatalogId"], target.get("Region", region)) for name, target in targets.items()}


def workgroups(estate: Estate, region: str) -> set[str]:
    return {row["Name"] for row in hand(estate, "athena", region).list_work_groups()["WorkGroups"]} - {"primary"}


def answer(
    estate: Estate, sql: str, region: str = AWAY, reader: str = READER, workgroup: str = "shop-reports-analyst"
) -> tuple[str, str]:
    """The state of a query of a reader in a region, and why."""
    own = estate.aws.session(ANALYTICS, region=region)
    keys = own.client("sts").assume_role(RoleArn=reader, RoleSessionName="reader")["Credentials"]
    session = type(own)(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=region)
    athena = session.client("athena")
    query = athena.start_query_execution(QueryString=sql, WorkGroup=workgroup)["QueryExecutionId"]

    def status() -> Any:
        return athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]

    until(lambda: status()["State"] not in ("QUEUED", "RUNNING"))
    return status()["State"], str(status().get("StateChangeReason", ""))


def test_a_consumer_abroad_queries_there_what_it_may_read_and_nothing_else(estate: Estate) -> None:
    estate.carried_out(ABROAD)
    assert linked(estate, AWAY) == {"rl_orders": (CENTRAL, REGION)}
    assert linked(estate, REGION) == {}
    assert workgroups(estate, AWAY) == {"shop-reports-analyst"}
    assert workgroups(estate, REGION) == set()
    assert answer(estate, OPEN)[0] == "SUCCEEDED"
    state, why = answer(estate, CLOSED)
    assert (state, "COLUMN_NOT_FOUND" in why) == ("FAILED", True), why


def test_roles_shares_and_what_they_give_are_of_the_account_and_not_of_a_region(estate: Estate) -> None:
    estate.carried_out(BOTH)
    wanted = [address for kind in registry().values() for address in (each.address for each in kind.desired(BOTH))]
    assert {each.kind for each in wanted if each.placement.region == AWAY} == set(EVERY)
    passed_on = [each for each in wanted if each.kind == "grant" and each.placement == (ANALYTICS, AWAY)]
    assert passed_on
    assert all("rl_" in each.name for each in passed_on)
    assert linked(estate, AWAY) == linked(estate, REGION) == {"rl_orders": (CENTRAL, REGION)}
    for region in (REGION, AWAY):
        assert answer(estate, OPEN, region)[0] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HOME, ABROAD),
        (BOTH, mesh(REGION, AWAY, of_consumer=AWAY)),
    ],
    ids=["home-to-abroad", "both-to-abroad"],
)
def test_a_consumer_that_moves_leaves_nothing_behind_but_its_bucket(estate: Estate, before: Mesh, after: Mesh) -> None:
    estate.carried_out(before)
    review = estate.review(after)
    assert {"moved-queries", "workgroup-loss"} <= {finding.rule for finding in review.findings}
    assert review.plan is not None
    gone = {str(each) for each in addresses(review.plan) if each.placement == (ANALYTICS, REGION)}
    assert any(each.startswith("resource-link") for each in gone)
    estate.repair(after)
    assert linked(estate, REGION) == {}
    assert workgroups(estate, REGION) == set()
    assert answer(estate, OPEN)[0] == "SUCCEEDED"
    buckets = {row["Name"] for row in hand(estate, "s3", REGION).list_buckets()["Buckets"]}
    assert {f"shop-reports-results-{ANALYTICS}-{region}" for region in (REGION, AWAY)} <= buckets


def test_who_comes_home_again_leaves_nothing_abroad_while_the_account_names_the_region(estate: Estate) -> None:
    home = mesh(REGION, AWAY, of_consumer=REGION)
    estate.carried_out(ABROAD)
    estate.repair(home)
    assert linked(estate, AWAY) == {}
    assert workgroups(estate, AWAY) == set()
    assert answer(estate, OPEN, REGION)[0] == "SUCCEEDED"


def test_what_changes_abroad_is_drift_and_is_repaired(estate: Estate) -> None:
    estate.carried_out(ABROAD)
    lake, glue = hand(estate, "lakeformation", AWAY), hand(estate, "glue", AWAY)
    hand(estate, "iam", AWAY).create_role(RoleName="somebody", AssumeRolePolicyDocument="{}")
    estate.people_come()
    link = {"Database": {"CatalogId": ANALYTICS, "Name": "rl_orders"}}
    somebody = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{ANALYTICS}:role/somebody"}
    lake.grant_permissions(Principal=somebody, Resource=link, Permissions=["DESCRIBE"])
    hand(estate, "athena", AWAY).update_work_group(
        WorkGroup="shop-reports-analyst", ConfigurationUpdates={"EnforceWorkGroupConfiguration": False}
    )
    plan = estate.plan(ABROAD)
    assert {(step.change.action, step.address.kind) for step in plan.steps} == {
        ("delete", "grant"),
        ("update", "workgroup"),
    }
    glue.delete_database(CatalogId=ANALYTICS, Name="rl_orders")
    estate.repair(ABROAD)
    assert answer(estate, OPEN)[0] == "SUCCEEDED"


def test_what_others_have_abroad_under_the_names_of_the_mesh_is_theirs(estate: Estate) -> None:
    """The central account may have a database of the same name in another region, and grants on it."""
    at_hub = {
        "accounts__hub": f"{TOP}kind: Account\nname: hub\nid: '{CENTRAL}'\nparts: [central, consumer]\n"
        f"regions: [{AWAY}]\n",
        "consumers__reports__consumer": FILES[CONSUMER].replace("account: bi", "account: hub"),
    }
    lake, glue, iam = (hand(estate, service, AWAY, CENTRAL) for service in ("lakeformation", "glue", "iam"))
    admin = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/{ROLE}"}
    closed = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
    lake.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [admin], **closed})
    glue.create_database(DatabaseInput={"Name": "orders"})
    iam.create_role(RoleName="somebody", AssumeRolePolicyDocument="{}")
    estate.people_come()
    theirs = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/somebody"}
    database = {"Database": {"CatalogId": CENTRAL, "Name": "orders"}}
    lake.grant_permissions(Principal=theirs, Resource=database, Permissions=["DESCRIBE", "ALTER"])

    def given() -> Any:
        return lake.list_permissions(Resource=database)["PrincipalResourcePermissions"]

    before = given()
    assert len(before) > 1
    estate.repair(mesh(**at_hub))
    assert linked(estate, AWAY, CENTRAL) == {"rl_orders": (CENTRAL, REGION)}
    assert given() == before
    estate.repair(bare())
    assert given() == before


def test_a_name_that_is_taken_abroad_is_held(estate: Estate) -> None:
    estate.carried_out(HOME)
    hand(estate, "glue", AWAY).create_database(DatabaseInput={"Name": "rl_orders"})
    plan = estate.plan(BOTH)
    held = {str(each.address): each.reason for each in plan.held}
    assert "the name is taken" in held[f"resource-link {ANALYTICS}/{AWAY} rl_orders"]


def test_a_bucket_for_results_in_another_region_is_held(estate: Estate) -> None:
    """S3 knows each name once, wherever its bucket is."""
    named = {"consumers__reports__consumer": FILES[CONSUMER].replace("{bytes", "{resultsBucket: shop-results, bytes")}
    estate.repair(mesh(**named))
    plan = estate.plan(mesh(AWAY, **named))
    held = {str(each.address): each.reason for each in plan.held}
    assert "is in eu-west-1" in held[f"bucket {ANALYTICS}/{AWAY} shop-results"]
    assert any(each.startswith("workgroup") for each in held)


def test_athena_takes_no_bucket_of_another_region(estate: Estate) -> None:
    """What the sandbox refuses, AWS refuses in these words."""
    estate.carried_out(BOTH)
    athena, other = hand(estate, "athena", AWAY), f"s3://shop-reports-results-{ANALYTICS}-{REGION}/x/"
    with pytest.raises(ClientError, match="is in the same region and try again"):
        athena.start_query_execution(QueryString="select 1", ResultConfiguration={"OutputLocation": other})


def test_one_account_in_two_regions_by_two_consumers_and_two_accounts_in_one(estate: Estate) -> None:
    def also(name: str, account: str, region: str) -> dict[str, str]:
        consumer = (
            FILES[CONSUMER].replace("name: reports", f"name: {name}").replace("account: bi", f"account: {account}")
        )
        subscription = FILES[SUBSCRIPTION].replace("name: orders", f"name: {name}").replace("reports", name)
        return {
            f"consumers__{name}__consumer": f"{consumer}regions: [{region}]\n".replace(
                "role: analyst", f"role: {name}"
            ),
            f"consumers__{name}__subscriptions__{name}": subscription,
        }

    both = f"{TOP}kind: Account\nname: data\nid: '{BANKING}'\nparts: [producer, consumer]\nregions: [{AWAY}]\n"
    wanted = mesh(
        REGION,
        AWAY,
        of_consumer=REGION,
        accounts__data=both,
        **also("second", "bi", AWAY),
        **also("third", "data", AWAY),
    )
    estate.repair(wanted)
    there = {"rl_orders": (CENTRAL, REGION)}
    assert linked(estate, REGION) == linked(estate, AWAY) == linked(estate, AWAY, BANKING) == there
    assert workgroups(estate, REGION) == {"shop-reports-analyst"}
    assert workgroups(estate, AWAY) == {"shop-second-analyst"}
    assert answer(estate, OPEN, REGION)[0] == "SUCCEEDED"
    lake = hand(estate, "lakeformation", AWAY)
    link = {"Database": {"CatalogId": ANALYTICS, "Name": "rl_orders"}}
    rows = lake.list_permissions(Resource=link)["PrincipalResourcePermissions"]
    readers = {row["Principal"]["DataLakePrincipalIdentifier"].rpartition("/")[2] for row in rows}
    assert readers - {ROLE, "IAM_ALLOWED_PRINCIPALS"} == {"second"}


def test_everything_goes_with_the_consumer(estate: Estate) -> None:
    estate.carried_out(ABROAD)
    estate.repair(bare(AWAY))
    assert linked(estate, AWAY) == {}
    assert workgroups(estate, AWAY) == set()
    lake = hand(estate, "lakeformation", AWAY)
    rows = lake.list_permissions()["PrincipalResourcePermissions"]
    assert [row for row in rows if "Database" in row["Resource"]] == []


def test_access_follows_the_link_of_the_other_region(estate: Estate) -> None:
    estate.carried_out(ABROAD)
    observation = estate.look(ABROAD)
    access = evaluate(observation, principal_directory(ABROAD))
    assert {link.region for link in links(access, READER, ORDERS)} == {AWAY}
    assert any(
        f"the link rl_orders in bi in {AWAY} shows it" in said for said in via(access, READER, ORDERS, ["amount"])
    )
    assert missing_link(access, READER, access.tables[ORDERS]) is None
    home = evaluate(compile_mesh(HOME, registry()), principal_directory(HOME))
    assert access.held(READER, access.tables[ORDERS]) == home.held(READER, home.tables[ORDERS])


def test_what_is_asked_for_is_what_comes_about(estate: Estate) -> None:
    """The evaluator says the same of what is wanted and of what was made."""
    estate.carried_out(BOTH)
    review = pipeline.review(BOTH, observation=estate.look(BOTH), base=HOME)
    assert review.access is not None
    assert (review.access.gained, review.access.lost) == ((), ())
    assert review.asked_access is not None
    assert (review.asked_access.gained, review.asked_access.lost) == ((), ())
    assert actions(estate.plan(BOTH)) == set()


def test_who_is_opted_in_has_his_link_abroad_before(estate: Estate) -> None:
    hybrid = mesh(AWAY, domains__sales__domain=f"{FILES['domains/sales/domain.yaml']}hybrid: true\n")
    waves = wave_of(estate.plan(hybrid))
    (link,) = [each for each in waves if each.kind == "resource-link" and each.placement == (ANALYTICS, AWAY)]
    opted = [each for each in waves if each.kind == "opt-in" and READER in each.name]
    assert opted
    assert all(waves[link] < waves[each] and each.placement == (ANALYTICS, REGION) for each in opted)
    estate.repair(hybrid)
    assert answer(estate, OPEN)[0] == "SUCCEEDED"
    estate.repair(mesh(AWAY))


REGIONAL = ("athena", "events", "glue", "lakeformation", "ram", "s3", "sns", "tagging")


def test_a_region_that_cannot_be_read_is_a_gap_and_the_rest_is_planned(estate: Estate) -> None:
    """One that has to be enabled first answers that it does not know the credentials."""
    estate.carried_out(HOME)
    # IAM, which has no regions, is signed for this one, too.
    fault = {"region": AWAY, "error": "UnrecognizedClientException", "times": None}
    estate.aws.faults(*({**fault, "service": service} for service in REGIONAL))
    plan = estate.plan(BOTH)
    estate.aws.world.faults.clear()
    gaps = {(gap.kind, gap.placement.region) for gap in plan.gaps}
    assert ("resource-link", AWAY) in gaps
    assert {region for _, region in gaps} == {AWAY}
    assert not [each for each in addresses(plan) if each.placement.region == AWAY]
