"""--changed-since: a plan from what a change can touch is the plan from everything, for fewer calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from reconciler import pipeline
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.model.address import Placement
from reconciler.model.plan import Plan
from reconciler.plan.review import Review
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import (
    ANALYTICS,
    BANKING,
    CENTRAL,
    MARKETS,
    Edit,
    Estate,
    actions,
    every_rule,
    example,
    failures,
    variant,
)
from tests.remembered import remembered

WATCHED: Edit = ("mesh.yaml", "limits:", "drift: {watched: schedule}\nlimits:")
PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"
ANALYTICS_ACCOUNT = "accounts/analytics.yaml"
FUNDS_DOMAIN = "domains/asset-management/domain.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
CONSUMER = "consumers/analytics-coe/consumer.yaml"
STEWARD = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"
BY_TAGS = "clearance: {sensitivity: [internal, confidential]}"
SUBJECT = "lf-tags/subject.yaml"
DURATION = "- name: duration\n        type: int"
ASSOCIATORS = (SUBJECT, "[consumer-banking, asset-management, investment-banking]", "[consumer-banking]")
NEW_ACCOUNT = "apiVersion: meshform/v1\nkind: Account\nname: more\nid: '555555555555'\nparts: [consumer]\n"
NEW_KEY = (
    "apiVersion: meshform/v1\nkind: LFTag\nname: region\ndescription: Where from.\n"
    "values:\n  - {value: eu, description: Europe.}\n"
)
NEW_SUBSCRIPTION = (
    example()[REPORT]
    .replace("name: portfolio-report", "name: fund-report")
    .replace("consumer-banking/credit-profile", "asset-management/fund-prices")
)


def change(*edits: Edit, without: tuple[str, ...] = (), **more: str) -> dict[str, Any]:
    files = {f"{name.replace('__', '/').replace('_', '-')}.yaml": text for name, text in more.items()}
    return {"edits": edits, "without": without, "more": files}


CHANGES: dict[str, dict[str, Any]] = {
    "a wider clearance": change((REPORT, "[internal]", "[internal, public]")),
    "a narrower clearance": change((MODEL, "[internal, confidential]", "[confidential]")),
    "another clearance for the same reader": change((MODEL, "[internal, confidential]", "[public]")),
    "a new subscription": change(consumers__analytics_coe__subscriptions__fund_report=NEW_SUBSCRIPTION),
    "a subscription that ends": change(without=(MODEL,)),
    "all subscriptions that end": change(without=("consumers/analytics-coe/subscriptions",)),
    "shared with principals": change((MODEL, "purpose:", "share: principals\npurpose:")),
    "columns by name": change((MODEL, BY_TAGS, "tables:\n  - {name: credit_card, columns: [amount, purpose]}")),
    "rows": change((MODEL, BY_TAGS, "tables:\n  - {name: credit_card, columns: [amount], rows: 'amount > 1000'}")),
    "a product that retires": change(without=(FUNDS,)),
    "a domain that retires": change(ASSOCIATORS, without=("domains/asset-management",)),
    "a database with another name": change((FUNDS, "database: fund-prices", "database: fund-quotes")),
    "a column with a wider type": change((PRODUCT, DURATION, DURATION.replace("int", "bigint"))),
    "a description": change((FUNDS, "description: ", "description: More about it. ")),
    "columns of another sensitivity": change((FUNDS, "{sensitivity: confidential}", "{sensitivity: internal}")),
    "columns of another sensitivity and their reader": change(
        (PRODUCT, "{sensitivity: confidential}", "{sensitivity: public}"),
        (MODEL, "[internal, confidential]", "[internal, public]"),
    ),
    "a value of a tag": change(
        (SUBJECT, "  - {value: deals,", "  - {value: loans, description: New.}\n  - {value: deals,")
    ),
    "a new key": change(lf_tags__region=NEW_KEY),
    "hybrid access": change(("domains/consumer-banking/domain.yaml", "account:", "hybrid: true\naccount:")),
    "another steward": change(
        ("domains/asset-management/domain.yaml", "[asset-management-steward]", "[fund-librarian]")
    ),
    "another administrator": change(("accounts/central.yaml", "[data-mesh-owner]", "[data-mesh-boss]")),
    "a new account": change(accounts__more=NEW_ACCOUNT),
    "an account and all of its consumers that leave": change(without=("consumers/", "accounts/analytics.yaml")),
    "a region more": change(
        (ANALYTICS_ACCOUNT, "parts: [consumer]", "parts: [consumer]\nregions: [eu-west-1, us-east-1]")
    ),
    "another region": change((ANALYTICS_ACCOUNT, "parts: [consumer]", "parts: [consumer]\nregions: [us-east-1]")),
    "another place": change(
        (FUNDS_DOMAIN, "account:", "places: [{name: far, bucket: bank-far}]\naccount:"),
        (FUNDS, "- name: fund_price\n", "- name: fund_price\n    place: far\n"),
    ),
    "no workgroup": change((CONSUMER, "workgroup:\n  resultsRetentionDays: 30\n  bytesCutoff: 10737418240\n", "")),
}


def meant(name: str) -> Mesh:
    """The mesh after a change."""
    chosen = CHANGES[name]
    return variant(WATCHED, *chosen["edits"], without=chosen["without"], more=chosen["more"])


ASKED: list[tuple[str, str]] = []
"""Account and operation of what readers have asked since the last review began, told by AWS or remembered."""


@pytest.fixture(scope="module", autouse=True)
def answers(world: Sandbox) -> Iterator[None]:
    """Of what is as it was when it was first asked the answer is remembered; it is asked, and counts, all the same."""
    with remembered(world):
        answer = AwsReader._send

        def send(self: AwsReader, placement: Placement, *request: Any) -> dict[str, Any]:
            ASKED.append((placement.account, request[1]))
            return answer(self, placement, *request)

        with mock.patch.object(AwsReader, "_send", send):
            yield


@pytest.fixture(scope="module")
def base() -> Mesh:
    """The example, whose drift is watched by a schedule."""
    return variant(WATCHED)


def plan_of(review: Review) -> Plan:
    assert review.plan is not None
    return review.plan


def calls(estate: Estate) -> int:
    """What was asked, and the sign-ins for it."""
    return len(ASKED) + sum(call.service == "sts" for call in estate.aws.calls)


def partly(estate: Estate, base: Mesh, mesh: Mesh) -> tuple[Review, int]:
    """A review of what the change can touch, as a new run makes it; and its calls."""
    read_scope = pipeline.changed_since("main", base, mesh)
    ASKED.clear()
    estate.aws.calls.clear()
    sessions: Sessions | None = None
    if read_scope is None or not read_scope.is_empty:
        sessions = pipeline.sessions_for(mesh, writes=False)
    review = pipeline.review(mesh, observation=pipeline.look(mesh, sessions, read_scope=read_scope), base=base)
    return review, calls(estate)


def wholly(estate: Estate, base: Mesh, mesh: Mesh) -> tuple[Review, int]:
    """A review of everything, and its calls."""
    ASKED.clear()
    estate.aws.calls.clear()
    sessions = pipeline.sessions_for(mesh, writes=False)
    review = pipeline.review(mesh, observation=pipeline.look(mesh, sessions), base=base)
    return review, calls(estate)


def told(plan: Plan) -> list[list[tuple[str, str, tuple[object, ...]]]]:
    """Wave by wave: who, with which requests, after whom."""
    return [[(str(step.address), step.digest, step.waits_for) for step in wave] for wave in plan.waves]


@pytest.mark.parametrize("name", CHANGES)
def test_the_plan_of_what_a_change_touches_is_the_plan_of_everything(built: Estate, base: Mesh, name: str) -> None:
    mesh = meant(name)
    whole, every = wholly(built, base, mesh)
    part, some = partly(built, base, mesh)
    assert told(plan_of(part)) == told(plan_of(whole))
    assert told(plan_of(whole)), "a change that changes nothing shows nothing"
    assert some < every
    assert part.asked_access is not None
    assert whole.asked_access is not None
    assert part.asked_access.as_json() == whole.asked_access.as_json()
    assert part.access is not None
    assert whole.access is not None
    assert part.access.as_json() == whole.access.as_json()


@pytest.mark.parametrize(
    "name",
    [
        "a new subscription",
        "rows",
        "a product that retires",
        "a new key",
        "hybrid access",
        "an account and all of its consumers that leave",
    ],
)
def test_what_is_carried_out_of_a_portion_leaves_nothing_to_do_there_and_back(
    built: Estate, base: Mesh, name: str
) -> None:
    for before, after in ((base, meant(name)), (meant(name), base)):
        part, _ = partly(built, before, after)
        whole, _ = wholly(built, before, after)
        assert told(plan_of(part)) == told(plan_of(whole))
        run = pipeline.apply_reviewed(part, pipeline.sessions_for(after, writes=True), accepted=every_rule())
        assert not run.failed, failures(run)
        left, _ = wholly(built, before, after)
        assert told(plan_of(left)) == []


def test_a_changed_clearance_asks_a_fifth_of_the_calls(built: Estate, base: Mesh) -> None:
    _, every = wholly(built, base, meant("a wider clearance"))
    _, some = partly(built, base, meant("a wider clearance"))
    assert 5 * some < every


def test_a_change_of_words_asks_no_account(built: Estate, base: Mesh) -> None:
    review, calls = partly(built, base, variant(WATCHED, (MODEL, "purpose: ", "purpose: More of it. ")))
    assert calls == 0
    assert plan_of(review).is_empty
    assert not plan_of(review).is_complete, "nobody looked"


def test_a_change_of_what_holds_for_the_whole_mesh_reads_everything(base: Mesh) -> None:
    for old, new in (("undeclaredGrants: revoke", "undeclaredGrants: report"), ("deletes: 10", "deletes: 11")):
        assert pipeline.changed_since("main", base, variant(WATCHED, ("mesh.yaml", old, new))) is None


def test_drift_is_seen_where_something_changes_and_not_elsewhere(built: Estate, base: Mesh) -> None:
    lake = built.client("lakeformation")
    place = {"Database": {"CatalogId": CENTRAL, "Name": "credit-card"}}
    lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": STEWARD}, Resource=place, Permissions=["DESCRIBE"])
    by_hand = f"delete grant DESCRIBE on database {CENTRAL}:credit-card to {STEWARD}"
    near, _ = partly(built, base, meant("a subscription that ends"))
    far, _ = partly(built, base, meant("no workgroup"))
    whole, _ = wholly(built, base, meant("no workgroup"))
    assert by_hand in actions(plan_of(near))
    assert by_hand not in actions(plan_of(far))
    assert by_hand in actions(plan_of(whole))
    built.repair()


def test_what_others_own_is_judged_anew_where_a_tag_retires(built: Estate, base: Mesh) -> None:
    """Nothing that is wanted differs: a value that somebody made by hand becomes the mesh's to remove."""
    built.client("lakeformation").update_lf_tag(TagKey="subject", TagValuesToAdd=["loans"])
    old = "  - {value: loans, description: Old., retired: true}\n  - {value: deals,"
    retired = variant(WATCHED, (SUBJECT, "  - {value: deals,", old))
    part, _ = partly(built, base, retired)
    whole, _ = wholly(built, base, retired)
    assert actions(plan_of(part)) == actions(plan_of(whole)) == {"delete lf-tag-value subject=loans"}
    built.repair(retired)


def test_a_database_with_other_peoples_tables_is_held_as_ever(built: Estate, base: Mesh) -> None:
    glue = built.client("glue")
    glue.create_table(DatabaseName="fund-prices", TableInput={"Name": "theirs"})
    mesh = meant("a product that retires")
    part, _ = partly(built, base, mesh)
    whole, _ = wholly(built, base, mesh)
    held = {str(each.address) for each in plan_of(part).held}
    assert f"database {CENTRAL}/eu-west-1 fund-prices" in held
    assert held == {str(each.address) for each in plan_of(whole).held}
    glue.delete_table(DatabaseName="fund-prices", Name="theirs")


def test_what_could_not_be_seen_of_a_portion_is_held(built: Estate, base: Mesh) -> None:
    denied = {"error": "AccessDeniedException", "times": None}
    built.aws.faults({"service": "lakeformation", "operation": "ListPermissions", "account": ANALYTICS, **denied})
    review, _ = partly(built, base, meant("a subscription that ends"))
    assert {gap.kind for gap in plan_of(review).gaps} == {"grant"}
    assert plan_of(review).held
    assert {gap.placement.account for gap in plan_of(review).gaps} == {ANALYTICS}


def test_accounts_that_have_nothing_to_do_with_a_change_are_not_entered(built: Estate, base: Mesh) -> None:
    partly(built, base, meant("a subscription that ends"))
    assert {account for account, _ in ASKED} == {CENTRAL, ANALYTICS}
    partly(built, base, meant("no workgroup"))
    assert {account for account, _ in ASKED} & {MARKETS, BANKING} == set()


def test_a_changed_column_is_read_with_its_database_and_no_other(built: Estate, base: Mesh) -> None:
    read_scope = pipeline.changed_since("main", base, meant("a column with a wider type"))
    assert read_scope is not None
    inside = {databases for databases in read_scope.places.values() if databases is not None}
    assert inside == {frozenset({"credit-card"})}
    partly(built, base, meant("a column with a wider type"))
    operations = Counter(operation for _, operation in ASKED)
    assert operations["GetTables"] == 1
    assert operations["SearchTablesByLFTags"] == 1


def test_the_portion_does_not_depend_on_the_order_of_files(base: Mesh) -> None:
    one = pipeline.changed_since("main", base, meant("a product that retires"))
    assert one is not None
    assert list(one.places) == sorted(one.places)


def test_tags_that_change_bring_the_grants_that_follow_them(base: Mesh) -> None:
    """No grant is wanted otherwise; but who reads by that key decides in which order to go on."""
    read_scope = pipeline.changed_since("main", base, meant("columns of another sensitivity"))
    assert read_scope is not None
    assert "grant" not in {kind for kind, _ in read_scope.places}, "nobody reads funds by their sensitivity"
    read = variant(WATCHED, (PRODUCT, "{sensitivity: restricted}", "{sensitivity: confidential}"))
    read_scope = pipeline.changed_since("main", base, read)
    assert read_scope is not None
    assert {placement.account for kind, placement in read_scope.places if kind == "grant"} == {CENTRAL, ANALYTICS}


@pytest.mark.soak
@pytest.mark.parametrize("one", CHANGES)
def test_two_changes_at_once_are_planned_like_one(built: Estate, base: Mesh, one: str) -> None:
    """Each change with every other one that does not edit the same line."""
    for other in [*CHANGES][: [*CHANGES].index(one)]:
        both = [CHANGES[one], CHANGES[other]]
        try:
            mesh = variant(
                WATCHED,
                *(edit for each in both for edit in each["edits"]),
                without=[path for each in both for path in each["without"]],
                more={path: text for each in both for path, text in each["more"].items()},
            )
        except AssertionError:
            continue
        part, _ = partly(built, base, mesh)
        whole, _ = wholly(built, base, mesh)
        assert told(plan_of(part)) == told(plan_of(whole)), other
