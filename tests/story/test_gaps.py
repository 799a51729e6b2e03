"""What was not seen is neither created again nor deleted; what waits for it is held, and the rest is planned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reconciler import pipeline
from reconciler.model.plan import Plan
from reconciler.report.text import plan_text
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, Estate, actions, placement, variant

DENIED = {"error": "AccessDeniedException", "message": "not for you", "times": None}
FUNDS = "domains/asset-management/products/fund-prices.yaml"


def touched(plan: Plan) -> set[tuple[str, str]]:
    """Kind and account of every step."""
    return {(step.address.kind, step.address.placement.account) for step in plan.steps}


@pytest.fixture
def unseen_bucket(built: Estate) -> Iterator[Estate]:
    """S3 of the producer cannot be listed."""
    built.aws.faults({"service": "s3", "operation": "ListBuckets", "account": BANKING, **DENIED})
    built.sign_in_again()
    yield built
    built.sign_in_again()


def test_blindness_is_not_absence(unseen_bucket: Estate) -> None:
    plan = unseen_bucket.plan()
    assert plan.is_empty
    assert not plan.is_complete
    assert {(gap.kind, gap.placement) for gap in plan.gaps} == {
        ("bucket", placement(BANKING)),
        ("bucket-policy", placement(BANKING)),
    }
    assert all("AccessDenied" in gap.reason for gap in plan.gaps)


def test_blindness_deletes_nothing(unseen_bucket: Estate) -> None:
    without = variant(
        ("lf-tags/subject.yaml", "[consumer-banking, asset-management, investment-banking]", "[consumer-banking]"),
        without=["domains/asset-management"],
    )
    plan = unseen_bucket.plan(without)
    assert not {("bucket-policy", BANKING), ("bucket", BANKING)} & touched(plan)
    assert ("database", CENTRAL) in touched(plan)


def test_what_waits_for_something_unseen_is_held_and_says_for_what(estate: Estate) -> None:
    estate.aws.faults({"service": "s3", "operation": "ListBuckets", "account": BANKING, **DENIED})
    plan = estate.plan()
    held = {held.address.kind + " " + held.address.name: held.reason for held in plan.held}
    assert "not seen" in held[f"bucket bank-consumer-banking-{BANKING}-eu-west-1"]
    assert "waits for" in held["database credit-card"]
    assert "waits for" in held["table credit-card.credit_card"]
    done = {f"{step.address.kind} {step.address.name}" for step in plan.steps}
    assert {"database deal-pipeline", "lf-tag sensitivity"} <= done
    assert not any("credit-card" in name for name in done)


def test_what_can_be_done_in_spite_of_a_gap_is_done_and_the_rest_follows_later(estate: Estate) -> None:
    estate.aws.faults({"service": "s3", "operation": "ListBuckets", "account": BANKING, **DENIED})
    run = estate.apply_reviewed()
    assert not run.failed
    assert estate.client("glue").get_database(Name="deal-pipeline")
    estate.aws.world.faults.clear()
    estate.sign_in_again()
    estate.repair()


@contextmanager
def closed(estate: Estate, account: str) -> Iterator[None]:
    """An account whose role trusts nobody any more."""
    iam, role = estate.client("iam", account), "OrganizationAccountAccessRole"
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    nobody = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=document(nobody))
    estate.sign_in_again()
    yield
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    estate.sign_in_again()


@pytest.mark.parametrize("account", [BANKING, MARKETS])
def test_an_account_that_cannot_be_entered_is_a_gap_and_the_others_are_planned(built: Estate, account: str) -> None:
    built.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    with closed(built, account):
        plan = built.plan()
        assert {gap.placement.account for gap in plan.gaps} == {account}
        assert all(f"{account}:role/OrganizationAccountAccessRole cannot be assumed" in gap.reason for gap in plan.gaps)
        assert actions(plan) >= {"create resource-link rl_credit-card"}
        assert account not in {step.address.placement.account for step in plan.steps}
        run = built.apply_reviewed()
        assert not run.failed
    built.repair()


def test_without_the_central_account_nothing_of_it_is_planned_and_nothing_anywhere_deleted(built: Estate) -> None:
    with closed(built, CENTRAL):
        plan = built.plan(variant(without=[FUNDS]))
        assert CENTRAL in {gap.placement.account for gap in plan.gaps}
        assert not {step for step in plan.steps if step.address.placement.account == CENTRAL}
        assert not {line for line in actions(plan) if line.startswith("delete") and "credit" in line}


def test_the_text_of_an_incomplete_plan_says_so_and_where(unseen_bucket: Estate) -> None:
    text = "\n".join(plan_text(unseen_bucket.review()))
    assert "incomplete" in text
    assert BANKING in text
    assert "No changes. AWS is as the mesh says." not in text


def test_a_region_that_is_not_enabled_is_told_with_what_it_may_be(built: Estate) -> None:
    error = {"error": "UnrecognizedClientException", "message": "The security token is invalid", "times": None}
    built.aws.faults({"service": "glue", "account": ANALYTICS, "status": 403, **error})
    built.sign_in_again()
    plan = built.plan()
    built.sign_in_again()
    assert {gap.placement.account for gap in plan.gaps} == {ANALYTICS}
    assert all("region may not be enabled" in gap.reason for gap in plan.gaps)


def test_what_lake_formation_hides_from_the_reader_is_not_made_again(built: Estate) -> None:
    """A role that is no administrator gets an empty list of databases, not an error."""
    reader = "looks-only"
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000001:root"}, "Action": "sts:AssumeRole"}
    every = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for account in (CENTRAL, BANKING, MARKETS, ANALYTICS):
        iam = built.client("iam", account)
        iam.create_role(RoleName=reader, AssumeRolePolicyDocument=document(trust))
        iam.put_role_policy(RoleName=reader, PolicyName="all", PolicyDocument=document(every))
    mesh = variant(("mesh.yaml", "plan: OrganizationAccountAccessRole", f"plan: {reader}"))
    sessions = pipeline.sessions_for(mesh, writes=False)
    plan = pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).plan
    assert plan is not None
    assert actions(plan) == {"update lake-settings settings"}
    assert ("database", placement(CENTRAL)) in {(gap.kind, gap.placement) for gap in plan.gaps}
    built.repair(mesh)
    plan = pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).plan
    assert plan is not None
    assert plan.is_empty
    assert plan.is_complete


def document(statement: dict[str, object]) -> str:
    """A policy document with one statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
