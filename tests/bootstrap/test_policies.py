"""Policies fit into IAM, however large the mesh is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.bootstrap.policies import LARGEST, MOST, policies, size
from reconciler.bootstrap.template import template
from reconciler.bootstrap.trust import Trusted
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.kinds.roles.permissions_boundary import boundary
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import PEOPLE, ROLES, listed, of_type, statements_of
from tests.estate import mesh_of
from tests.kinds.full import SETTINGS, full

ACCOUNT = """\
apiVersion: meshform/v1
kind: Account
name: reader-{0}
id: "{1}"
parts: [consumer]
"""
CONSUMER = """\
apiVersion: meshform/v1
kind: Consumer
name: reader-{0}
account: reader-{0}
description: Somebody who reads.
owner: readers
workgroup: {{resultsBucket: the-results-of-reader-number-{0}}}
principals: [{{name: analyst-{0}, kind: analyst, role: analyst-{0}, create: true}}]
"""


def large(accounts: int) -> Mesh:
    """The full mesh with so many consumers' accounts more, each with a results bucket of a name of its own."""
    files = full(ROLES)
    more = {}
    for number in range(accounts):
        more[f"accounts/reader-{number}.yaml"] = ACCOUNT.format(number, 500000000000 + number)
        more[f"consumers/reader-{number}/consumer.yaml"] = CONSUMER.format(number)
    return mesh_of({**files, **more})


def test_a_mesh_of_400_accounts_fits_into_iam_and_cloudformation() -> None:
    mesh = large(400)
    made = template(mesh, mesh.central, PEOPLE, registry())
    for name, policy in of_type(made, "ManagedPolicy"):
        assert size(policy["PolicyDocument"]) <= LARGEST, name
    for _, role in of_type(made, "Role"):
        assert len(role["ManagedPolicyArns"]) <= MOST
    # What CloudFormation takes by S3.
    assert len(json.dumps(made)) < 1_000_000
    reached = {
        arn
        for statement in statements_of(made, "ApplyRole")
        if statement["Action"] == "sts:AssumeRole"
        for arn in listed(statement["Resource"])
    }
    assert reached == {f"arn:aws:iam::{account.id}:role/meshform-apply" for account in mesh.accounts.values()}


def test_a_boundary_that_buckets_make_too_large_names_none() -> None:
    mesh = large(0)
    domain = next(iter(mesh.domains.values()))
    buckets = {f"{number:02}-{'x' * 50}" for number in range(60)}
    domains = {name: domain.model_copy(update={"name": name, "bucket": name}) for name in buckets}
    document = dict(boundary(replace(mesh, domains={**mesh.domains, **domains}), mesh.central))
    assert size(document) <= LARGEST
    (objects,) = [each for each in document["Statement"] if each["Sid"] == "UseFiles"]
    assert objects["Resource"] == ["arn:aws:s3:::*"]


statement = st.builds(
    lambda number, resources: {
        "Sid": f"S{number}",
        "Effect": "Allow",
        "Action": ["sts:AssumeRole", "s3:GetObject"],
        "Resource": resources if len(resources) > 1 else resources[0],
    },
    st.integers(0, 10**6),
    st.lists(st.text("abc:/-", min_size=1, max_size=300), min_size=1, max_size=120, unique=True),
)


@given(st.lists(statement, max_size=6, unique_by=lambda each: each["Sid"]))
def test_packing_loses_nothing_and_keeps_to_the_size(statements: list[dict[str, Any]]) -> None:
    try:
        made = policies(statements)
    except MeshformError:
        assert sum(size(each) for each in statements) > LARGEST * MOST / 2
        return
    assert all(size(each) <= LARGEST for each in made)
    whole = {
        (action, resource) for each in statements for action in each["Action"] for resource in listed(each["Resource"])
    }
    pieces = [piece for document in made for piece in document["Statement"]]
    assert {
        (action, resource) for each in pieces for action in each["Action"] for resource in listed(each["Resource"])
    } == whole
    for document in made:
        sids = [piece["Sid"] for piece in document["Statement"]]
        assert len(sids) == len(set(sids))


def given_by(statements: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(act, where) for each in statements for act in each["Action"] for where in listed(each["Resource"])}


def test_a_role_among_those_that_apply_may_change_is_refused() -> None:
    mesh = mesh_of(full(ROLES, (SETTINGS, "apply: meshform-apply", "apply: meshform/bank/apply")))
    with pytest.raises(MeshformError, match=r"mesh\.yaml:.*may change"):
        template(mesh, mesh.central, Trusted(), registry())


def test_a_path_of_a_role_is_kept() -> None:
    mesh = mesh_of(full(ROLES, (SETTINGS, "apply: meshform-apply", "apply: ops/apply")))
    made = template(mesh, mesh.central, Trusted(), registry())["Resources"]["ApplyRole"]["Properties"]
    assert (made["Path"], made["RoleName"]) == ("/ops/", "apply")
    trusted = made["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    assert trusted == f"arn:aws:iam::{mesh.central.id}:role/ops/apply"
