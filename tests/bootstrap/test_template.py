"""The roles that bootstrap prints are enough for what Meshform does, and for nothing more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from botocore import xform_name
from botocore.exceptions import ClientError
from click.testing import CliRunner

from reconciler import pipeline
from reconciler.aws.measuring import measured
from reconciler.bootstrap.actions import CHECK, EXAMINATION, HISTORY, MEASURE, actions
from reconciler.bootstrap.events_template import events_template, queue_template
from reconciler.bootstrap.policies import LARGEST, size
from reconciler.bootstrap.template import template
from reconciler.bootstrap.trust import Trusted
from reconciler.cli import cli
from reconciler.kinds import on_demand_jobs, registry
from reconciler.kinds.lakeformation.rights_of_grantors import CROSS_ACCOUNT, NAMED
from reconciler.model.resource import Observation, Snapshot
from reconciler.sandbox import Sandbox
from reconciler.sandbox.services.iam.s3 import _ACTIONS as S3_ACTIONS
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import PEOPLE, ROLES, listed, of_type, statements_of
from tests.bootstrap.test_stack_set import made_for, producers
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, every_rule, mesh_of, write
from tests.kinds.cases import case
from tests.kinds.full import CONSUMER, full

# What IAM calls otherwise than the API, besides S3.
NAMES = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "sts:AssumeRole": "",
    "sts:GetCallerIdentity": "",
    "tagging:GetResources": "tag:GetResources",
}


@pytest.fixture(scope="module")
def applied(aws: Sandbox, mesh: Mesh) -> Sandbox:
    """The full mesh, carried out under the apply role."""
    aws.calls.clear()
    sessions = pipeline.sessions_for(mesh, writes=True)
    reviewed = pipeline.review(mesh, observation=pipeline.look(mesh, sessions))
    assert reviewed.plan is not None
    assert reviewed.plan.is_complete, reviewed.plan.gaps
    run = pipeline.apply_reviewed(reviewed, sessions, accepted=every_rule())
    assert [(str(outcome.step.address), outcome.message) for outcome in run.failed] == []
    return aws


def test_the_whole_mesh_is_made_under_the_apply_role(applied: Sandbox, mesh: Mesh) -> None:
    sessions = pipeline.sessions_for(mesh, writes=True)
    plan = pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).plan
    assert plan is not None
    assert plan.is_empty
    assert plan.is_complete


def test_the_plan_role_sees_all_of_it(applied: Sandbox, mesh: Mesh) -> None:
    sessions = pipeline.sessions_for(mesh, writes=False)
    plan = pipeline.review(mesh, observation=pipeline.look(mesh, sessions)).plan
    assert plan is not None
    assert plan.gaps == ()
    assert plan.is_empty


def test_the_plan_role_measures(applied: Sandbox, mesh: Mesh) -> None:
    measures, gaps = measured(mesh, pipeline.sessions_for(mesh, writes=False))
    assert {each.unseen for each in measures.values()} == {()}
    assert (len(measures) > 2, gaps) == (True, ())


@pytest.mark.parametrize("account", [CENTRAL, BANKING, MARKETS, ANALYTICS])
def test_every_write_is_refused_to_the_plan_role(applied: Sandbox, mesh: Mesh, account: str) -> None:
    """Every request by which the mesh was made, sent once more by the role that may only read."""
    empty = pipeline.plan_for(mesh, pipeline.review(mesh).wanted, _nothing())
    calls = [
        call for step in empty.steps for call in step.calls if call.placement.account == account and call.operation
    ]
    session = applied.session(account, "meshform-plan")
    refused = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "403"}
    seen = set()
    for call in calls:
        if call.each or (call.service, call.operation) in seen:
            continue
        seen.add((call.service, call.operation))
        with pytest.raises(ClientError) as error:
            getattr(session.client(call.service, region_name=mesh.region), xform_name(call.operation))(**call.params)
        assert error.value.response["Error"]["Code"] in refused, (call.operation, error.value)
    assert len(seen) > 5


def _nothing() -> Observation:
    return Observation(Snapshot())


def test_reads_are_declared_exactly(applied: Sandbox, mesh: Mesh) -> None:
    """What a plan asks AWS for, in all accounts, is what the kinds declare as reads."""
    applied.calls.clear()
    pipeline.look(mesh, pipeline.sessions_for(mesh, writes=False))
    asked = {_action(call.service, call.operation) for call in applied.calls} - {""}
    declared = {action for account in mesh.accounts.values() for action in actions(mesh, account, "plan", registry())}
    # What is read on request is not read by a plan, nor what doctor and `bootstrap --check` read; the tags of a bus
    # only where none of its policy is ours.
    on_request = {*CHECK, *EXAMINATION, *MEASURE.reads} - asked
    unasked = {*HISTORY, *on_demand_jobs.READS, *on_request, "events:ListTagsForResource"}
    assert declared - asked == unasked
    assert asked <= declared


# What AWS asks the caller for besides the action itself: tags given at creation, roles passed on, shares that
# Lake Formation makes in the caller's name.
_IMPLIED = {
    *CROSS_ACCOUNT,
    *NAMED,
    "iam:PassRole",
    "iam:TagRole",
    "athena:TagResource",
    "databrew:TagResource",
    "events:TagResource",
    "glue:TagResource",
    "s3:TagResource",
}
# When the last producer's data move into the central account nobody else may put events on its bus; a key with more
# than 50 values takes more than one request; a boundary is put on roles that were made without one.
# A tag is taken off roles that somebody deleted: tests/kinds/iam/test_permissions_due.py.
# What a used mark sends follows from databases that others made: tests/kinds/lakeformation/test_used_mark.py.
# Tags go with what the same plan deletes; by themselves only where it stays: tests/kinds/lakeformation/.
_RARE = {
    "events:RemovePermission",
    "iam:PutRolePermissionsBoundary",
    "iam:UntagRole",
    "lakeformation:RemoveLFTagsFromResource",
    "lakeformation:UpdateLFTag",
}


def test_writes_are_declared_exactly(mesh: Mesh) -> None:
    """Every operation that a kind can ask for, while the mesh is made, changed in every way, and taken away."""
    kinds = registry()
    sent: dict[str, set[str]] = {name: set() for name in kinds}
    wanted = pipeline.review(mesh).wanted
    plans = [pipeline.plan_for(mesh, wanted, _nothing())]
    bare = mesh_of(full(ROLES, without=("consumers/", "domains/", "lf-tags/")))
    plans.append(pipeline.plan_for(bare, pipeline.review(bare).wanted, Observation(wanted)))
    elsewhere = mesh_of(full(ROLES, (CONSUMER, "analytics-coe@example.com", "others@example.com")))
    plans.append(pipeline.plan_for(elsewhere, pipeline.review(elsewhere).wanted, Observation(wanted)))
    for name in kinds:
        for edits in case(name).edits.values() if name != "notice" else ():
            other = mesh_of(full(ROLES, *edits))
            plans.append(pipeline.plan_for(other, pipeline.review(other).wanted, Observation(wanted)))
    for plan in plans:
        for step in plan.steps:
            for call in step.calls:
                looked = [lookup for lookup in (call.until, call.each[1] if call.each else None) if lookup]
                sent[step.address.kind] |= {_action(call.service, call.operation)} if call.operation else set()
                sent[step.address.kind] |= {_action(each.service, each.operation) for each in looked}
    for name, kind in kinds.items():
        folded = [each for each in sent[name] if each.endswith(("GrantPermissions", "RevokePermissions"))]
        batches = {f"lakeformation:Batch{each.partition(':')[2]}" for each in folded}
        rare = _RARE | (set(kind.writes) if name == "used-mark" else set())
        assert set(kind.writes) - _IMPLIED - rare <= sent[name] | batches, name
        assert sent[name] | batches <= set(kind.writes) | set(kind.reads), name


def _action(service: str, operation: str) -> str:
    name = f"{service}:{operation}"
    if service == "s3" and operation in S3_ACTIONS:
        return f"s3:{S3_ACTIONS[operation]}"
    return NAMES.get(name, name)


def test_the_template_allows_what_the_kinds_declare_and_nothing_else(mesh: Mesh) -> None:
    for account in mesh.accounts.values():
        for role in ("PlanRole", "ApplyRole"):
            made = template(mesh, account, PEOPLE, registry())
            allowed = {action for statement in statements_of(made, role) for action in listed(statement["Action"])}
            duty = "plan" if role == "PlanRole" else "apply"
            assert allowed - {"sts:AssumeRole"} == set(actions(mesh, account, duty, registry()))  # type: ignore[arg-type]
            assert not any("*" in action for action in allowed)


def test_templates_pass_the_linter_and_fit_into_iam(tmp_path: Path, mesh: Mesh) -> None:
    folder = tmp_path / "mesh"
    write(full(ROLES), folder)
    out = tmp_path / "out"
    arguments = ["bootstrap", "--mesh", str(folder), "--github", "bank/mesh", "--out", str(out)]
    answer = CliRunner().invoke(cli, arguments)
    assert answer.exit_code == 0, answer.output
    files = sorted(out.glob("*.yaml"))
    assert [file.stem for file in files] == ["analytics", "banking-data", "central", "markets-data"]
    linted = subprocess.run(
        [str(Path(sys.executable).parent / "cfn-lint"), *map(str, files)], capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout
    for file in files:
        for _, policy in of_type(yaml.safe_load(file.read_text()), "ManagedPolicy"):
            assert size(policy["PolicyDocument"]) <= LARGEST, file.stem


def test_templates_of_events_and_stack_sets_pass_the_linter_and_patterns_are_as_short_as_aws_takes_them(
    tmp_path: Path, mesh: Mesh
) -> None:
    """eb-quota: 2,048 characters of a pattern."""
    made = {"queue": queue_template(mesh)}
    made |= {name: events_template(mesh, account, registry()) for name, account in mesh.accounts.items()}
    made |= {f"stack-set-{buckets}": made_for(producers(2, buckets))[0].template for buckets in (0, 72)}
    for name, each in made.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(each))
        rules = [one["Properties"] for one in each["Resources"].values() if one["Type"] == "AWS::Events::Rule"]
        assert all(len(json.dumps(rule["EventPattern"])) < 2_048 for rule in rules)
    linted = subprocess.run(
        [str(Path(sys.executable).parent / "cfn-lint"), *map(str, tmp_path.glob("*.yaml"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


def test_only_the_central_account_lets_anybody_in(mesh: Mesh) -> None:
    outside = Trusted(("arn:aws:iam::999999999999:role/dev",), "bank/mesh")
    for account in mesh.accounts.values():
        made = template(mesh, account, outside, registry())["Resources"]["ApplyRole"]["Properties"]
        statements = made["AssumeRolePolicyDocument"]["Statement"]
        assert len(statements) == (3 if account == mesh.central else 1)
        own = statements[0]["Condition"]["ArnEquals"]["aws:PrincipalArn"]
        assert own == f"arn:aws:iam::{CENTRAL}:role/meshform-apply"


def test_one_role_for_both_duties_is_refused() -> None:
    answer = CliRunner().invoke(cli, ["bootstrap"])
    assert "one role for both" in str(answer.exception)
