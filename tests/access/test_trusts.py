"""Whoever comes to act as a role has what it holds: said by name before, and held to roles that are really assumed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.access import AccessDifference, AccessEntry
from reconciler.kinds import registry
from reconciler.kinds.iam.iam_role import Role
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox.inprocess import session_of
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, REGION, Estate, access_of, variant

STRANGER = "999999999999"
ACCOUNTS = (BANKING, ANALYTICS, STRANGER)
LOADER = f"arn:aws:iam::{BANKING}:role/meshform/bank/loader"
ANALYST = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/credit-analyst"
ROLES = (LOADER, ANALYST)
PRICES = "domains/asset-management/products/fund-prices.yaml"
COE = "consumers/analytics-coe/consumer.yaml"
NAMED, OTHERS = ("boss", "clerk"), ("chief", "hand")
"""Roles that trust policies name, and like ones that they never do; the first of each may act as any role by IAM."""
SAID = (None, "first-word", "other-word")


def arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:{'root' if name == 'root' else f'role/{name}'}"


CALLERS = tuple(arn(account, name) for account in ACCOUNTS for name in (*NAMED, *OTHERS))
WHO = tuple(arn(account, name) for account in ACCOUNTS for name in ("root", *NAMED))
Can = frozenset[tuple[str, str, str | None]]
"""Who has acted as which role, with which external id."""

names = st.lists(st.sampled_from((*WHO, "glue.amazonaws.com")), unique=True, max_size=4).map(sorted)
words = st.sampled_from(SAID)
conditions = st.sampled_from(
    (
        {},
        {"StringEquals": {"sts:ExternalId": "first-word"}},
        {"StringNotEquals": {"sts:ExternalId": "first-word"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{STRANGER}:role/*"}},
    )
)
statements = st.builds(
    lambda effect, who, tests: {
        "Effect": effect,
        "Principal": {"AWS": who},
        "Action": "sts:AssumeRole",
        **({"Condition": tests} if tests else {}),
    },
    st.sampled_from(("Allow", "Allow", "Allow", "Deny")),
    st.one_of(st.just("*"), st.lists(st.sampled_from(WHO), unique=True, min_size=1, max_size=3)),
    conditions,
)


def meant(loader: Iterable[str], analyst: Iterable[str], word: str | None) -> Mesh:
    """The example, whose writer and one of whose readers let these act as them."""
    of = [json.dumps([*each]) for each in (loader, analyst)]
    said = f"\n    externalId: {word}" if word else ""
    writer = f"{{name: loader, role: loader, create: true, trust: {of[0]}}}"
    return variant(
        (PRICES, "\ntables:\n", f"\nwriters:\n  - {writer}\ntables:\n"),
        (COE, "    kind: analyst\n", f"    kind: analyst\n    trust: {of[1]}{said}\n"),
    )


meshes = st.builds(meant, names, names, words)


@memo
def trusts(mesh: Mesh) -> Mapping[str, Any]:
    """The trust policies that a mesh asks for."""
    wanted = compile_mesh(mesh, registry())
    return {each.handle: json.loads(each.spec.trust) for each in wanted.of(Role) if each.handle in ROLES}


def shown(role: str, trust: Any, estate: Estate) -> None:
    """A role with this trust policy, by hand."""
    iam = estate.client("iam", role.split(":")[4])
    iam.update_assume_role_policy(RoleName=role.rpartition("/")[2], PolicyDocument=json.dumps(trust))


@pytest.fixture(scope="module")
def peopled(world: Any) -> tuple[Estate, Mapping[str, Any]]:
    """The accounts as the mesh wants them, with people who may come, and who each of them is to STS."""
    estate = Estate(world)
    estate.carried_out(meant([], [], None))
    clients = {}
    for caller in CALLERS:
        account, name = caller.split(":")[4], caller.rpartition("/")[2]
        iam, trust = estate.client("iam", account), {"Principal": {"AWS": arn(account, "root")}, "Effect": "Allow"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [{**trust, "Action": "sts:AssumeRole"}]})
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
        if name in (NAMED[0], OTHERS[0]):
            every = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
            document = json.dumps({"Version": "2012-10-17", "Statement": [every]})
            iam.put_role_policy(RoleName=name, PolicyName="every", PolicyDocument=document)
        keys = estate.client("sts", account).assume_role(RoleArn=caller, RoleSessionName="run")["Credentials"]
        own = session_of(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], REGION)
        clients[caller] = own.client("sts")
    return estate, clients


def who_can(clients: Mapping[str, Any]) -> Can:
    """Everybody who is let act as a role, each tried with every word."""
    return frozenset(each for each in product(CALLERS, ROLES, SAID) if _may(clients[each[0]], each[1], each[2]))


def _may(sts: Any, role: str, word: str | None) -> bool:
    said = {"ExternalId": word} if word else {}
    try:
        sts.assume_role(RoleArn=role, RoleSessionName="run", **said)
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


def is_named(principal: str, caller: str) -> bool:
    return principal in ("*", caller, arn(caller.split(":")[4], "root"))


def as_role(entries: Iterable[AccessEntry], role: str) -> list[AccessEntry]:
    return [each for each in entries if each.assumed is not None and each.assumed.role == role]


def holds(found: AccessDifference, before: Can, after: Can, mesh: Mesh) -> None:
    """Who comes to act as a role is named with each column that it reads, or may; and who is certain, really does."""
    for entries, come in ((found.gained, after - before), (found.lost, before - after)):
        for caller, role, _ in come:
            told = [each for each in as_role(entries, role) if is_named(each.principal, caller)]
            for each in access_of(mesh).of(role):
                of_table = [one for one in told if one.place == each.table_view.id]
                assert {*each.columns} <= {name for one in of_table for name in one.columns}, (caller, role)
                assert {*each.permissions} - {"DESCRIBE"} <= {one for those in of_table for one in those.permissions}
        for role, entry in ((one, entry) for one in ROLES for entry in as_role(entries, one)):
            if entry.verdict != "unknown" and ".amazonaws.com" not in entry.principal:
                assert any(is_named(entry.principal, caller) and to == role for caller, to, _ in come) or (
                    entry.principal.endswith(NAMED[1]) and entry.principal.split(":")[4] != role.split(":")[4]
                ), "another account's IAM has to let it, too"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(before=meshes, after=meshes)
def test_who_comes_to_act_as_a_role_is_told_with_what_it_holds(
    peopled: tuple[Estate, Mapping[str, Any]], before: Mesh, after: Mesh
) -> None:
    estate, clients = peopled
    assume(trusts(before) != trusts(after))
    could = []
    for mesh in (after, before):
        for role in ROLES:
            shown(role, trusts(mesh)[role], estate)
        could.append(who_can(clients))
    asked = pipeline.review(after, base=before)
    live = pipeline.review(after, base=before, observation=estate.look(after))
    for found in (asked.asked_access, live.asked_access, live.access):
        assert found is not None
        holds(found, could[1], could[0], after)
    assert live.access is not None
    assert not live.unrequested_gains, "all of it is what the documents ask for"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(by_hand=st.lists(statements, min_size=1, max_size=3), mesh=meshes)
def test_whatever_a_hand_wrote_into_a_trust_policy_what_apply_makes_of_it_is_told(
    peopled: tuple[Estate, Mapping[str, Any]], by_hand: list[Any], mesh: Mesh
) -> None:
    estate, clients = peopled
    could = []
    for trust in (trusts(mesh), {role: {"Version": "2012-10-17", "Statement": by_hand} for role in ROLES}):
        for role in ROLES:
            shown(role, trust[role], estate)
        could.append(who_can(clients))
    live = pipeline.review(mesh, base=mesh, observation=estate.look(mesh))
    assert live.access is not None
    holds(live.access, could[1], could[0], mesh)
