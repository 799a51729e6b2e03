"""IAM policies of a state: whom the index of roles finds is whom a look at every role finds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from reconciler.access.state.iam_policies import IamPolicies, iam_policies
from reconciler.kinds import addresses
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.model.address import Address
from reconciler.model.resource import Resource, Snapshot
from tests.access.building import CONSUMER, OWNER, placement

ROLES = tuple(f"arn:aws:iam::{account}:role/{name}" for account in (OWNER, CONSUMER) for name in ("ann", "bob"))
STRANGER = f"arn:aws:iam::{CONSUMER}:role/unseen"
BUCKETS, PREFIXES = ("lake", "lake-2", "l"), ("", "a/", "a/b/", "a", "ab/", "a/0/0")
ACTIONS = ("s3:GetObject", "s3:getobject", "s3:Get*", "s3:*", "*", "s3:PutObject", "s3:GetObjec?")
RESOURCES = (
    "*",
    "arn:*",
    "arn:aws-cn:s3:::lake/a/*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::l*",
    "arn:aws:s3:::lake/*",
    "arn:aws:s3:::lake",
    "arn:aws:s3:::lake/a/b/c",
    "arn:aws:s3:::lake/${aws:userid}/*",
    "arn:aws:s3:::lake?2/a*",
    "arn:aws:s3:::*/a/b/*",
    "arn:aws:s3:::lake/a/0/0",
)
NAMES = (*ROLES, STRANGER, "*", CONSUMER, f"arn:aws:iam::{OWNER}:root")


@st.composite
def a_statement(draw: st.DrawFn, *, of_bucket: bool) -> dict[str, Any]:
    """A statement of a role's or a bucket's policy, with anything that may stand in one."""
    some = st.lists
    statement = {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "Action", "NotAction"))): draw(some(st.sampled_from(ACTIONS), max_size=2)),
        draw(st.sampled_from(("Resource", "Resource", "NotResource"))): draw(
            some(st.sampled_from(RESOURCES), max_size=2)
        ),
    }
    if of_bucket:
        statement["Principal"] = {"AWS": draw(some(st.sampled_from(NAMES), min_size=1, max_size=2))}
    if draw(st.integers(0, 3)) == 0:
        statement["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
    return statement


@st.composite
def some_policies(draw: st.DrawFn) -> IamPolicies:
    """Roles of two accounts with policies, and buckets that one of them owns, with and without a policy."""
    of_role, of_bucket = (st.lists(a_statement(of_bucket=each), max_size=2) for each in (False, True))
    roles = [
        Resource(
            addresses.iam_role(placement(arn.split(":")[4]), arn.rpartition("/")[2]),
            Role("/", "{}", json.dumps({"Statement": draw(of_role)})),
            handle=arn,
        )
        for arn in ROLES
    ]
    buckets = [
        Resource(
            Address(addresses.BUCKET_POLICY, placement(OWNER), bucket),
            BucketPolicy((), tuple(map(json.dumps, draw(of_bucket)))),
        )
        for bucket in draw(st.sets(st.sampled_from(BUCKETS)))
    ]
    return iam_policies(Snapshot([*roles, *buckets]))


@settings(max_examples=100, deadline=None)
@given(some_policies(), st.sampled_from(BUCKETS), st.sampled_from(PREFIXES))
def test_the_index_finds_whom_a_look_at_every_role_finds(policies: IamPolicies, bucket: str, prefix: str) -> None:
    for action in ("s3:GetObject", "s3:PutObject"):
        arn = f"arn:aws:s3:::{bucket}/{prefix}"
        able = {role for role in ROLES if policies.role_may(role, action, arn) is not False}
        assert policies.able(action, arn) == able
        each = {role: policies.use(role, action, bucket, prefix) for role in ROLES}
        found = dict(policies.users(action, bucket, prefix))
        assert {role: found.get(role) for role in ROLES} == each
        event(f"{sum(certain is not None for certain in each.values())} of four roles")


@settings(max_examples=40, deadline=None)
@given(some_policies(), st.sampled_from(("arn:aws:athena:eu-west-1:1:workgroup/a", "arn:aws:s3:::lake")))
def test_the_index_finds_roles_by_any_arn(policies: IamPolicies, arn: str) -> None:
    for action in ("athena:GetQueryResults", "s3:ListBucket"):
        assert policies.able(action, arn) == {
            role for role in ROLES if policies.role_may(role, action, arn) is not False
        }


def test_every_inline_policy_of_a_role_counts() -> None:
    first, second = (
        json.dumps({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
        for action in ("s3:GetObject", "s3:PutObject")
    )
    spec = Role("/", "{}", first, others=(second,))
    role = Resource(addresses.iam_role(placement(OWNER), "ann"), spec, handle=ROLES[0])
    found = iam_policies(Snapshot([role]))
    assert all(found.role_may(ROLES[0], action, "arn:aws:s3:::lake/a") for action in ("s3:GetObject", "s3:PutObject"))
