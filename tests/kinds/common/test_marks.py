"""Marks tell meshes apart, also where a policy has statements of several."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.common.marks import sid, sid_mark
from reconciler.spec.mesh import Mesh
from tests.estate import BANKING, Estate, bank

NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,49}", fullmatch=True)


def named(name: str) -> Mesh:
    return replace(bank(), settings=bank().settings.model_copy(update={"name": name}))


@given(one=NAMES, other=NAMES, domain=NAMES)
def test_no_statement_of_a_mesh_is_taken_for_another_meshs(one: str, other: str, domain: str) -> None:
    ours = sid(named(one), "List", domain)
    assert ours.isascii()
    assert ours.isalnum()
    assert ours.startswith(sid_mark(named(other))) == (one == other)


@given(one=NAMES, other=NAMES)
def test_domains_whose_names_differ_by_a_hyphen_have_statements_of_their_own(one: str, other: str) -> None:
    assert (sid(bank(), "List", one) == sid(bank(), "List", other)) == (one == other)


def test_two_meshes_on_one_bucket_and_one_catalog_leave_each_other_alone(built: Estate) -> None:
    """What another mesh has said in a policy is shown as somebody else's, and written back as it is."""
    for kind in map(registry().__getitem__, ("bucket-policy", "catalog-policy")):
        sids = [
            {name for want in kind.desired(mesh) for name, _ in want.spec.statements} for mesh in (bank(), named("two"))
        ]
        assert sids[0]
        assert sids[0].isdisjoint(sids[1])
    s3, bucket = built.client("s3", BANKING), f"bank-consumer-banking-{BANKING}-eu-west-1"
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl", "Resource": f"arn:aws:s3:::{bucket}"}
    policy["Statement"].append({"Sid": sid(named("two"), "Deny"), **statement})
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    plan = built.plan()
    assert plan.is_empty
    assert any(sid_mark(named("two")) in foreign.reason for foreign in plan.foreign)
