"""Who is suspended under one name is so under all of them: documents call one group, user or role in many ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

import pytest

from reconciler.kinds import registry
from reconciler.kinds.identitycenter.center_identity import CenterIdentity
from reconciler.kinds.identitycenter.center_names import with_center_ids
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.spec.in_force import is_suspended
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import center_arn, principal_identity
from tests.estate import ANALYTICS, CENTRAL, edited, mesh_of

IDS = {
    ("group", "risk-team"): "9067a3b1-0000-4000-8000-00000000000a",
    ("group", "others"): "9067a3b1-0000-4000-8000-00000000000b",
    ("user", "jane"): "9067a3b1-0000-4000-8000-00000000000c",
}
RISK, JANE = IDS["group", "risk-team"], IDS["user", "jane"]
ROLE = f"arn:aws:iam::{CENTRAL}:role"
#: The ways in which documents may call one and the same, and his ARN.
SAME: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "group": (
        f"arn:aws:identitystore:::group/{RISK}",
        (
            "groupName: risk-team",
            f"group: {RISK}",
            f"group: {RISK.upper()}",
            f"arn: 'arn:aws:identitystore:::group/{RISK}'",
        ),
    ),
    "user": (
        f"arn:aws:identitystore:::user/{JANE}",
        ("centerUserName: jane", f"centerUser: {JANE}", f"arn: 'arn:aws:identitystore:::user/{JANE}'"),
    ),
    "role": (f"{ROLE}/risk", ("role: risk", f"arn: '{ROLE}/risk'", f"arn: '{ROLE}/some/path/risk'", "role: Risk")),
}
OTHER = "groupName: others"


def consumer(name: str, principals: Iterable[str]) -> Mapping[str, str]:
    """A consumer of the central account, and what all of its principals may read, each by a subscription of his own."""
    lines = [f"  - {{name: p{number}, {each}}}\n" for number, each in enumerate(principals)]
    files = {
        f"consumers/{name}/consumer.yaml": f"apiVersion: meshform/v1\nkind: Consumer\nname: {name}\n"
        f"description: Head office.\nowner: analytics-coe-leads\naccount: central\nprincipals:\n{''.join(lines)}"
    }
    for number in range(len(lines)):
        files[f"consumers/{name}/subscriptions/s{number}.yaml"] = (
            f"apiVersion: meshform/v1\nkind: Subscription\nname: {name}-{number}\nconsumer: {name}\n"
            "product: consumer-banking/credit-profile\nclearance: {sensitivity: [internal]}\n"
            f"principals: [p{number}]\npurpose: Look.\nexpires: 2027-06-30\n"
            "approval: {by: consumer-banking-stewards, at: 2026-11-16}\n"
        )
    return files


def known(mesh: Mesh) -> Mesh:
    """The mesh once AWS has told whom it calls by name."""
    named = compile_mesh(mesh, registry()).of(CenterIdentity)
    found = [
        Resource(each.address, each.spec, handle=center_arn(mesh, each.spec.sort, IDS[each.spec.sort, each.spec.name]))
        for each in named
    ]
    return with_center_ids(mesh, Observation(Snapshot(found)))


def given(mesh: Mesh) -> set[str]:
    """Everybody to whom a permission is given, as one text for each."""
    return {principal_identity(each.spec.principal) for each in compile_mesh(mesh, registry()).of(Grant)}


@pytest.mark.parametrize("seed", range(24))
def test_a_suspension_takes_from_the_one_whom_it_names_whatever_he_is_called(seed: int) -> None:
    random = Random(seed)
    sort = ("group", "user", "role")[seed % 3]
    arn, ways = SAME[sort]
    calls = {name: [*random.sample(ways, random.randint(1, len(ways))), OTHER] for name in ("hq", "desk")}
    if len({*calls["hq"], *calls["desk"]}) < 3:
        calls["desk"] = [ways[0], ways[1], OTHER]
    name = random.choice(("hq", "desk"))
    number = random.randrange(len(calls[name]) - 1)
    subject = random.choice((f"principal: {name}/p{number}", f"principal: '{arn}'"))
    files = edited(
        ("accounts/central.yaml", "parts: [central]", "parts: [central, consumer]"),
        more={**consumer("hq", calls["hq"]), **consumer("desk", calls["desk"])},
    )
    document = "apiVersion: meshform/v1\nkind: Suspension\nname: now\nreason: Incident.\nby: ciso\n"
    away = known(mesh_of({**files, "suspensions/now.yaml": f"{document}{subject}\n"}))
    before = known(mesh_of(files))
    assert principal_identity(arn) in given(before)
    assert given(before) - given(away) == {principal_identity(arn)}, (calls, subject)
    assert is_suspended(away, arn)
    assert all(not each.endswith("credit-analyst") or ANALYTICS in each for each in given(away))
