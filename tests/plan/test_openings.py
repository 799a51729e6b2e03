"""A change lets what it newly lets: never what it only writes otherwise, and never what it takes away."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.common.policy_document import policy
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.address import Address
from reconciler.model.change import Create, Delete, Update
from reconciler.model.lakeformation import Grant, OnDatabase, OnTable
from reconciler.model.resource import AnyResource, Resource
from reconciler.plan.compile import compile_mesh
from reconciler.plan.openings import openings
from tests.estate import bank, placement

EVERY = tuple(compile_mesh(bank(), registry()).values())
LINKS = (ResourceLink, Location, Role, BucketPolicy, Workgroup, Bucket)
KEY = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}


def of(spec: Any) -> AnyResource:
    return Resource(Address("any", placement("111111111111"), "x"), spec)


def let(have: Any, want: Any) -> frozenset[str]:
    return openings(Create(of(want)) if have is None else Update(of(have), of(want)))


def may(*statements: dict[str, Any]) -> Role:
    return Role("/", "", policy(statements))


def says(action: Any, resource: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def test_what_stays_or_goes_lets_nothing() -> None:
    for each in EVERY:
        assert not openings(Update(each, each))
        assert not openings(Delete(each))


def test_each_link_lets_something_by_being_there() -> None:
    for each in EVERY:
        if isinstance(each.spec, LINKS) and not (
            isinstance(each.spec, BucketPolicy) and "results" in each.address.name
        ):
            assert openings(Create(each)), each.address


def test_permissions_and_tags_are_judged_as_access() -> None:
    assert not let(None, Grant("a", OnTable("c", "d", "t"), "SELECT"))
    assert let(None, Grant("a", OnDatabase("c", "d"), "DESCRIBE")), "it may be on a link"


WORDS = st.lists(
    st.builds(
        says,
        st.lists(st.sampled_from(["s3:GetObject", "s3:PutObject", "athena:GetWorkGroup"]), min_size=1, max_size=3),
        st.lists(st.sampled_from(["arn:aws:s3:::a/*", "arn:aws:s3:::b/x", "*"]), min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=3,
)


def pairs(statements: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(action, resource) for each in statements for action in each["Action"] for resource in each["Resource"]}


@given(WORDS, WORDS)
def test_of_policies_it_is_the_requests_that_nothing_lets_before(had: list[Any], has: list[Any]) -> None:
    """However they are written: together or apart, twice, in any order; a star lets what is below it."""
    before = pairs(had)
    fresh = {(a, r) for a, r in pairs(has) if (a, r) not in before and (a, "*") not in before}
    told = {(each["Action"], each["Resource"]) for text in let(may(*had), may(*has)) for each in [json.loads(text[5:])]}
    assert told == fresh


@given(WORDS)
def test_a_policy_that_somebody_widened_is_narrowed_without_a_question(has: list[Any]) -> None:
    assert not let(may(*has, says("*", "*")), may(*has))
    assert not let(may(*({**each, "Action": "*"} for each in has)), may(*has))


def test_a_denial_or_a_condition_that_goes_lets_what_it_kept_away() -> None:
    read = says("s3:GetObject", "arn:aws:s3:::a/*")
    assert let(may(read, says("s3:*", "*", "Deny")), may(read))
    assert not let(may(read, says("kms:*", "*", "Deny")), may(read)), "it kept nothing away"
    assert let(may({**read, "Condition": KEY}), may(read))
    assert not let(may(read), may({**read, "Condition": KEY})), "it is let on fewer conditions"
    assert not let(may(read, says("s3:*", "*", "Deny")), may(read, says("s3:*", "*", "Deny")))


def test_a_role_may_be_assumed_or_is_bounded_by_less() -> None:
    trust = policy([{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}])
    denied = trust.replace("Allow", "Deny")
    assert let(Role("/", denied, ""), Role("/", trust, ""))
    assert let(Role("/", "", ""), Role("/", trust, ""))
    assert not let(Role("/", trust, ""), Role("/", denied, ""))
    assert let(Role("/", trust, "", boundary="narrow"), Role("/", trust, "", boundary="own"))
    assert not let(Role("/", trust, ""), Role("/", trust, "", boundary="own")), "a boundary only takes away"
    assert not let(Role("/", trust, ""), Role("/", trust, "", (("mesh", "bank"),)))


def test_a_bucket_lets_again_what_its_policy_denied() -> None:
    (want,) = (each.spec for each in EVERY if isinstance(each.spec, BucketPolicy) and "consumer" in each.address.name)
    one, *rest = want.statements
    deny = {**json.loads(one[1]), "Action": "s3:*", "Condition": {}}
    assert not let(replace(want, statements=tuple(rest)), want), "without TLS nobody gains anything"
    assert let(replace(want, statements=((one[0], json.dumps(deny)), *rest)), want)
    for number in range(len(rest)):
        assert let(replace(want, statements=(one, *rest[:number], *rest[number + 1 :])), want)


def test_the_catalog_lets_again_only_what_its_policy_denied() -> None:
    """What it allows, RAM needs to make a share; those that are made go on."""
    allowed = ("a", json.dumps({"Effect": "Allow", "Action": "glue:ShareResource", "Resource": "*"}))
    denied = ("a", allowed[1].replace("Allow", "Deny"))
    assert let(CatalogPolicy((denied,)), CatalogPolicy((allowed,)))
    assert not let(CatalogPolicy(()), CatalogPolicy((allowed,)))
    assert not let(None, CatalogPolicy((allowed,)))


QUERIES = Workgroup("s3://results/a/", True, "SSE_S3", 1000)


@pytest.mark.parametrize(
    ("have", "opens"),
    [
        (None, True),
        (replace(QUERIES, state="DISABLED"), True),
        (replace(QUERIES, output="s3://elsewhere/"), True),
        (replace(QUERIES, cutoff=10), True),
        (replace(QUERIES, cutoff=0), False),
        (replace(QUERIES, cutoff=2000), False),
        (replace(QUERIES, enforced=False), False),
        (replace(QUERIES, encryption=""), False),
    ],
)
def test_a_workgroup_takes_queries_again(have: Workgroup | None, opens: bool) -> None:
    assert bool(let(have, QUERIES)) is opens


def test_a_link_leads_there_again_and_a_place_is_read_with_its_role() -> None:
    assert let(ResourceLink("c", "other"), ResourceLink("c", "d"))
    assert let(Location("theirs", hybrid=False), Location("ours", hybrid=False))
    assert not let(Location("ours", hybrid=True), Location("ours", hybrid=False))
