"""IAM policies of a state: whom the index of roles finds is whom a look at every role finds, object by object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from reconciler.access.state.iam_policies import IamPolicies, iam_policies
from reconciler.access.state.iam_statement import statements_of
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
    "arn:aws:s3:::lake/*/c",
    "arn:aws:s3:::lake/a*",
    "arn:aws:s3:::lake/a/b/?",
)
SESSION = f"arn:aws:sts::{OWNER}:assumed-role/ann/monday"
NAMES = (*ROLES, STRANGER, "*", CONSUMER, f"arn:aws:iam::{OWNER}:root", SESSION)


WHOLE = ("*", "arn:aws:s3:::*", "arn:aws:s3:::l*", "arn:aws:s3:::lake/*", "arn:aws:s3:::lake")
"""Patterns that are about every object of a bucket, or about none."""


def up_to_two(some: Sequence[str], least: int = 0) -> list[tuple[str, ...]]:
    """Every list of at most two of these."""
    return [each for length in range(least, 3) for each in product(some, repeat=length)]


DONE = [*product(("Allow", "Allow", "Allow", "Deny"), ("Action", "Action", "NotAction"), up_to_two(ACTIONS))]
WHO = up_to_two(NAMES, 1)


def a_statement(*, of_bucket: bool, resources: tuple[str, ...] = RESOURCES) -> st.SearchStrategy[dict[str, Any]]:
    """A statement of a role's or a bucket's policy, with anything that may stand in one; hypothesis chooses little."""
    where = [*product(("Resource", "Resource", "NotResource"), up_to_two(resources))]

    def statement(
        done: tuple[str, str, tuple[str, ...]], where: tuple[str, tuple[str, ...]], who: tuple[str, ...], quarter: int
    ) -> dict[str, Any]:
        said: dict[str, Any] = {"Effect": done[0], done[1]: [*done[2]], where[0]: [*where[1]]}
        if who:
            said["Principal"] = {"AWS": [*who]}
        if quarter == 0:
            said["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
        return said

    who = st.sampled_from(WHO if of_bucket else [()])
    return st.builds(statement, st.sampled_from(DONE), st.sampled_from(where), who, st.integers(0, 3))


Documents = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Said:
    """The statements of roles by ARN, and of buckets, which are all the owner's, by name."""

    roles: Documents
    buckets: Documents

    @property
    def policies(self) -> IamPolicies:
        roles = [
            Resource(
                addresses.iam_role(placement(arn.split(":")[4]), arn.rpartition("/")[2]),
                Role("/", "{}", json.dumps({"Statement": own})),
                handle=arn,
            )
            for arn, own in self.roles.items()
        ]
        buckets = [
            Resource(
                Address(addresses.BUCKET_POLICY, placement(OWNER), bucket),
                BucketPolicy((), tuple(map(json.dumps, its))),
            )
            for bucket, its in self.buckets.items()
        ]
        return iam_policies(Snapshot([*roles, *buckets]))


def documents(resources: tuple[str, ...]) -> st.SearchStrategy[Said]:
    """Roles of two accounts with policies, and buckets that one of them owns, with and without a policy."""
    own, its = (st.lists(a_statement(of_bucket=each, resources=resources), max_size=2) for each in (False, True))
    return st.builds(
        Said, st.fixed_dictionaries(dict.fromkeys(ROLES, own)), st.dictionaries(st.sampled_from(BUCKETS), its)
    )


some_documents = documents(RESOURCES)
some_policies = some_documents.map(lambda said: said.policies)


@settings(max_examples=100, deadline=None)
@given(some_policies, st.sampled_from(BUCKETS), st.sampled_from(PREFIXES))
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
@given(some_policies, st.sampled_from(("arn:aws:athena:eu-west-1:1:workgroup/a", "arn:aws:s3:::lake")))
def test_the_index_finds_roles_by_any_arn(policies: IamPolicies, arn: str) -> None:
    for action in ("athena:GetQueryResults", "s3:ListBucket"):
        assert policies.able(action, arn) == {
            role for role in ROLES if policies.role_may(role, action, arn) is not False
        }


def like(pattern: str, text: str) -> bool:
    """Whether a pattern of IAM matches: `*` anything, `?` one character."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(like(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and like(pattern[1:], text[1:])


def speaks(statement: Mapping[str, Any], action: str, arn: str, variable: str) -> bool:
    """Whether a statement is about one action on one object; `variable`: what is in the place of each variable."""
    patterns = {}
    for name in ("Action", "Resource"):
        key = name if name in statement else f"Not{name}"
        patterns[key] = [each.replace("arn:aws-cn:", "arn:aws:") for each in statement[key]]
    found = True
    for key, those in patterns.items():
        if key.endswith("Action"):
            matches = any(like(each.lower(), action.lower()) for each in those)
        else:
            matches = any(like(each.replace("${aws:userid}", variable), arn) for each in those)
        found = found and matches != key.startswith("Not")
    return found


KEYS = ("a/b/c", "a/b/x", "a/0/0", "a/0/1", "a/x", "a/x/a/b/c", "ab/x", "ab/c", "x", "x/c", "zz/a/b/y")


def naively(said: Said, role: str, action: str, bucket: str, key: str, *, sure: bool) -> bool:
    """Whether a role may do something with one object; what conditions ask for holds unless it must be `sure`.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
    """
    account, arn = role.split(":")[4], f"arn:aws:s3:::{bucket}/{key}"
    own, its = said.roles.get(role), said.buckets.get(bucket)
    anybody = {role, account, f"arn:aws:iam::{account}:root", "*"}

    def lets(those: Iterable[Mapping[str, Any]], names: set[str]) -> bool:
        return any(
            speaks(each, action, arn, "*")
            for each in those
            if each["Effect"] == "Allow" and not (sure and "Condition" in each) and names & {*_who(each, role)}
        )

    denials = [each for each in (*(own or ()), *(its or ())) if each["Effect"] == "Deny" and "Condition" not in each]
    denials = [each for each in denials if "Principal" not in each or anybody & {*each["Principal"]["AWS"]}]
    if any(speaks(each, action, arn, "of nobody") for each in denials):
        return False
    mine = lets(own, anybody) if own is not None else not sure
    if account == OWNER or its is None:
        return (mine or lets(its or (), {role, "*"})) and not (sure and its is None)
    return mine and lets(its, anybody)


def _who(statement: Mapping[str, Any], role: str) -> list[str]:
    """Whom a statement names; a session is its role."""
    return [ROLES[0] if each == SESSION else each for each in statement.get("Principal", {"AWS": [role]})["AWS"]]


@settings(max_examples=60, deadline=None)
@given(some_documents, st.sampled_from(BUCKETS), st.sampled_from(("", "a/", "a/b/")), st.sampled_from(("Get", "Put")))
def test_who_may_reach_any_object_below_a_place_is_told(said: Said, bucket: str, prefix: str, verb: str) -> None:
    """Object by object. More is told only where one policy lets somebody reach one object, and another one another."""
    action, policies = f"s3:{verb}Object", said.policies
    below = [key for key in KEYS if key.startswith(prefix)]
    told = dict(policies.users(action, bucket, prefix))
    for role in (*ROLES, STRANGER):
        may, must = ([naively(said, role, action, bucket, key, sure=sure) for key in below] for sure in (False, True))
        known = role in said.roles or any(role in each["Principal"]["AWS"] for each in said.buckets.get(bucket, ()))
        if any(may) and known:
            assert role in told
        if any(must):
            assert told[role] is True
        event(f"{role in told} {any(may)}")


def who_may(said: Said, bucket: str, action: str) -> dict[str, bool]:
    """Who may do something with the objects of a bucket, by policies about all or none, and whether surely."""
    its = [each for each in said.buckets.get(bucket, ()) if each["Effect"] == "Allow"]
    named = {name for each in its for name in each["Principal"]["AWS"]}
    found: dict[str, bool] = {}
    for role in (*ROLES, *({STRANGER} & named)):
        may, must = (naively(said, role, action, bucket, "x", sure=sure) for sure in (False, True))
        if may:
            found[role] = must
    for name in {"*", CONSUMER} & named:
        mine = [each for each in its if name in each["Principal"]["AWS"]]
        mine = [each for each in mine if speaks(each, action, f"arn:aws:s3:::{bucket}/x", "*")]
        if mine:
            found[name] = any("Condition" not in each for each in mine)
    return found


@settings(max_examples=40, deadline=None)
@given(documents(WHOLE), st.sampled_from(BUCKETS))
def test_of_whole_buckets_exactly_those_are_told_who_may(said: Said, bucket: str) -> None:
    """And who may though nobody has seen him: everybody, and an account as a whole."""
    for action in ("s3:GetObject", "s3:PutObject"):
        assert dict(said.policies.users(action, bucket, "")) == who_may(said, bucket, action)


def some_ways(**more: Any) -> list[list[dict[str, Any]]]:
    """Nothing, or one statement: that allows, perhaps allows, denies, perhaps denies."""
    done = {"Action": "s3:*", "Resource": ["*"], **more}
    effects = product(("Allow", "Deny"), ({}, {"Condition": {"Bool": {"x": "y"}}}))
    return [[], *([{"Effect": effect, **done, **condition, "Action": ["s3:*"]}] for effect, condition in effects)]


@pytest.mark.parametrize("name", [ROLES[0], ROLES[2], STRANGER, "*", OWNER, CONSUMER])
def test_of_each_pair_of_statements_exactly_those_are_told_who_may(name: str) -> None:
    """A statement of every role's policy and one of the bucket's; and a bucket that has none, or was not seen."""
    for own in some_ways():
        for its in (None, *some_ways(Principal={"AWS": [name]})):
            said = Said(dict.fromkeys(ROLES, own), {} if its is None else {"lake": its})
            assert dict(said.policies.users("s3:GetObject", "lake", "")) == who_may(said, "lake", "s3:GetObject")


@pytest.mark.parametrize(
    "pattern", [*RESOURCES, "arn:aws:s3:::lake/a/", "arn:aws:s3:::lake/?/*", "arn:aws:s3:::lake/a"]
)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_pattern_is_about_a_place_by_the_objects_below_it(pattern: str, prefix: str) -> None:
    """Exactly where a star stands at its end or nowhere; in the middle one may stand for what is needed."""
    place, names = f"arn:aws:s3:::lake/{prefix}", [*KEYS, "2/a", "0", "/x", "b", "b/c", "c", "/0/0"]
    filled = pattern.replace("*", "z").replace("?", "q").replace("${aws:userid}", "*").replace("aws-cn", "aws")
    below = [*(f"{place}{name}" for name in names), *([filled] if filled.startswith(place) else [])]
    below = [each for each in below if each != place or not place.endswith("/")]
    for key in ("Resource", "NotResource"):
        said: dict[str, Any] = {"Action": ["*"], key: [pattern]}
        (statement,) = statements_of({"Statement": [{"Effect": "Allow", **said}]})
        some = [speaks(said, "s3:GetObject", each, "of nobody") for each in below]
        perhaps = [speaks(said, "s3:GetObject", each, "*") for each in below]
        if key == "Resource" and "*" not in pattern[:-1]:
            assert statement.is_about("s3:GetObject", place) == any(perhaps)
        if any(some):
            assert statement.is_about("s3:GetObject", place)
        if statement.is_about_all("s3:GetObject", place):
            assert all(some)
        elif all(some) and pattern.endswith("*") and key == "Resource":
            assert "${" in pattern


@pytest.mark.parametrize("own", some_ways())
@pytest.mark.parametrize("more", some_ways())
def test_who_gets_objects_or_versions_of_them_reads(own: list[dict[str, Any]], more: list[dict[str, Any]]) -> None:
    """Surely if he surely gets either."""
    said = [{**each, "Action": ["s3:GetObject"]} for each in own]
    said += [{**each, "Action": ["s3:GetObjectVersion"]} for each in more]
    policies = Said({ROLES[0]: said}, {"lake": []}).policies
    each = [policies.use(ROLES[0], f"s3:{done}", "lake", "") for done in ("GetObject", "GetObjectVersion")]
    told = [certain for certain in each if certain is not None]
    assert policies.readers("lake", "") == ({ROLES[0]: any(told)} if told else {})


def test_every_inline_policy_of_a_role_counts() -> None:
    first, second = (
        json.dumps({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
        for action in ("s3:GetObject", "s3:PutObject")
    )
    spec = Role("/", "{}", first, others=(second,))
    role = Resource(addresses.iam_role(placement(OWNER), "ann"), spec, handle=ROLES[0])
    found = iam_policies(Snapshot([role]))
    assert all(found.role_may(ROLES[0], action, "arn:aws:s3:::lake/a") for action in ("s3:GetObject", "s3:PutObject"))
