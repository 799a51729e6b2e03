"""Every request that any kind can produce is one that AWS's own model takes, and every policy is sound."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from parliament import analyze_policy_string

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.call import Call, Lookup
from reconciler.model.plan import Plan
from reconciler.model.resource import Observation, Snapshot
from tests.estate import mesh_of
from tests.kinds.cases import case
from tests.kinds.full import full

_SESSION = botocore.session.get_session()
# What each service's policy documents are called in its requests.
_IDENTITY = {("iam", "PutRolePolicy"): "PolicyDocument"}
_RESOURCE = {
    ("s3", "PutBucketPolicy"): "Policy",
    ("glue", "PutResourcePolicy"): "PolicyInJson",
    ("events", "PutPermission"): "Policy",
}


#: They follow from what is found, so no plan of the full mesh has one; tests/kinds/lakeformation/test_used_mark.py
#: sends their requests by boto3, which holds them to the same models.
_FOUND = {"used-mark"}


@cache
def plans() -> tuple[Plan, ...]:
    """The full mesh made, changed in every way that the cases know, and taken away; AWS is not asked."""
    full_mesh = mesh_of(full())
    wanted = pipeline.review(full_mesh).wanted
    found = [pipeline.plan_for(full_mesh, wanted, Observation(Snapshot()))]
    bare = mesh_of(full(without=("consumers/", "domains/", "lf-tags/")))
    found.append(pipeline.plan_for(bare, pipeline.review(bare).wanted, Observation(wanted)))
    for kind in registry():
        if kind == "notice":
            continue
        for edits in case(kind).edits.values():
            other = mesh_of(full(*edits))
            found.append(pipeline.plan_for(other, pipeline.review(other).wanted, Observation(wanted)))
            found.append(pipeline.plan_for(full_mesh, wanted, Observation(pipeline.review(other).wanted)))
    return tuple(found)


def calls(kind: str) -> Iterator[Call]:
    for plan in plans():
        for step in plan.steps:
            if step.address.kind == kind:
                yield from step.calls


@pytest.mark.parametrize("kind", sorted({kind.name for kind in registry().values() if kind.writes} - _FOUND))
def test_requests_are_valid_by_botocores_model(kind: str) -> None:
    count = 0
    for call in calls(kind):
        requests: list[Call | Lookup] = [call] if call.operation else []
        requests += [lookup for lookup in (call.until, call.each[1] if call.each else None) if lookup]
        for request in requests:
            params: dict[str, Any] = dict(request.params)
            if isinstance(request, Call) and request.each:
                params[request.each[0]] = "found-at-the-time"
            model = _SESSION.get_service_model(request.service).operation_model(request.operation)
            # The ARN of a thing that was never made is not known here.
            params = {name: "arn:aws:sns:::x" if value is None else value for name, value in params.items()}
            report = ParamValidator().validate(params, model.input_shape)
            assert not report.has_errors(), (str(request.operation), report.generate_report())
            count += 1
    assert count, f"no plan has a request of {kind}"


def _documents(names: dict[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    for kind in registry():
        for call in calls(kind):
            field = names.get((call.service, call.operation))
            if field:
                yield f"{kind} {call.params.get('RoleName', '')}", str(call.params[field])


def test_policies_of_roles_pass_the_linter() -> None:
    """No finding at all, but for actions that take no resource, which parliament cannot tell from careless ones."""
    seen = {}
    for name, text in _documents(_IDENTITY):
        findings = [str(each) for each in analyze_policy_string(text, ignore_private_auditors=True).findings]
        if findings:
            seen[name] = findings
    assert seen == {}


def test_roles_are_never_given_every_action_or_every_name() -> None:
    """`*` stands only where the action takes no resource."""
    unbound = {"lakeformation:", "ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"}
    for name, text in _documents(_IDENTITY):
        for statement in json.loads(text)["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not any("*" in action for action in actions), name
            if statement["Resource"] == "*":
                assert all(action.startswith(tuple(unbound)) for action in actions), (name, actions)


def test_policies_of_resources_are_sound() -> None:
    """They name whom they let in; what they refuse they refuse to everybody."""
    found = list(_documents(_RESOURCE))
    assert found
    for name, text in found:
        for statement in json.loads(text)["Statement"]:
            assert statement["Sid"].startswith("Meshform"), name
            if statement["Effect"] == "Allow":
                assert statement["Principal"] != "*", name
                assert statement["Action"] != "*", name
