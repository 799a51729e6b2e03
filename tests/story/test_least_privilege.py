"""The IAM actions that kinds name are enough for the roles of plan and apply; the role of plans cannot write."""

from __future__ import annotations

import json

import pytest

from reconciler import pipeline
from reconciler.aws.sessions import Sessions
from reconciler.kinds import registry
from reconciler.kinds.roles.permissions_boundary import boundary, boundary_name
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, REGION, Estate, actions, every_rule, failures, variant

READS = sorted({action for kind in registry().values() for action in kind.reads})
WRITES = sorted({action for kind in registry().values() for action in kind.writes})
MESH: Mesh = variant(
    ("mesh.yaml", "plan: OrganizationAccountAccessRole", "plan: looks"),
    ("mesh.yaml", "apply: OrganizationAccountAccessRole", "apply: writes"),
)


@pytest.fixture
def narrow(estate: Estate) -> Estate:
    """Accounts whose roles may do what the kinds name and nothing else."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000001:root"}, "Action": "sts:AssumeRole"}
    for account in (CENTRAL, BANKING, MARKETS, ANALYTICS):
        iam = estate.client("iam", account)
        owner = MESH.account_by_id(account)
        assert owner is not None
        bound = json.dumps(dict(boundary(MESH, owner)))
        iam.create_policy(PolicyName=boundary_name(MESH), PolicyDocument=bound)
        for role, allowed in (("looks", READS), ("writes", [*READS, *WRITES])):
            iam.create_role(RoleName=role, AssumeRolePolicyDocument=document(trust))
            policy = {"Effect": "Allow", "Action": allowed, "Resource": "*"}
            iam.put_role_policy(RoleName=role, PolicyName="narrow", PolicyDocument=document(policy))
    return estate


def document(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_the_actions_that_kinds_name_are_enough_for_the_whole_story(narrow: Estate) -> None:
    looks, writes = Sessions("looks", REGION), Sessions("writes", REGION)
    first = pipeline.review(MESH, observation=pipeline.look(MESH, looks)).plan
    assert first is not None
    assert first.gaps == ()
    review = pipeline.review(MESH, observation=pipeline.look(MESH, writes))
    run = pipeline.apply_reviewed(review, writes, accepted=every_rule())
    assert not run.failed, failures(run)
    again = pipeline.review(MESH, observation=pipeline.look(MESH, looks)).plan
    assert again is not None
    assert again.is_complete, again.gaps[:3]
    assert actions(again) == set()
    assert again.is_empty


def test_the_role_of_plans_can_carry_out_nothing(narrow: Estate) -> None:
    looks = Sessions("looks", REGION)
    review = pipeline.review(MESH, observation=pipeline.look(MESH, looks))
    before = narrow.writes()
    run = pipeline.apply_reviewed(review, looks, accepted=every_rule())
    assert {outcome.result for outcome in run.outcomes if outcome.step.calls} <= {"failed", "skipped"}
    refused = [
        call for call in narrow.aws.calls if (call.service, call.operation) in set(narrow.writes()) - set(before)
    ]
    assert refused
    assert all(call.error for call in refused)
