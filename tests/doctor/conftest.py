"""The full mesh under the roles of bootstrap, with what the doctor needs for his trial: carried out, and not yet."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from reconciler import pipeline
from reconciler.bootstrap.template import template
from reconciler.doctor.trials import bench, catalog
from reconciler.kinds import registry
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import PEOPLE, ROLES, deploy
from tests.checkpoint import Checkpoint
from tests.estate import CENTRAL, REGION, every_rule, mesh_of
from tests.kinds.full import full
from tests.remembered import remembered


class Clock:
    """Time that passes only by waiting, so that a trial that waits for what never comes does not."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    passing = Clock()
    for module in (bench, catalog):
        monkeypatch.setattr(module, "time", passing)
    return passing


@pytest.fixture(scope="package")
def mesh() -> Mesh:
    return mesh_of(full(ROLES))


def deployed(aws: Sandbox, mesh: Mesh) -> Sandbox:
    """What bootstrap prints, in every account: the roles, and the key of the notices under its alias."""
    for account in mesh.accounts.values():
        made = template(mesh, account, PEOPLE, registry(), trial=True)
        deploy(aws, account.id, made)
        if key := made["Resources"].get("NoticeKey"):
            kms = aws.session(CENTRAL).client("kms", region_name=REGION)
            policy = json.dumps(key["Properties"]["KeyPolicy"])
            made_key = kms.create_key(Policy=policy)["KeyMetadata"]["KeyId"]
            kms.create_alias(AliasName=str(mesh.settings.notification_key), TargetKeyId=made_key)
    return aws


KEPT: dict[str, Checkpoint] = {}
"""The accounts of `roles` and of `applied`, which are the same in each module."""


@pytest.fixture(scope="module")
def roles(mesh: Mesh) -> Iterator[Sandbox]:
    """Accounts as AWS makes them, with the roles and nothing else, for all tests of a module."""
    with sandbox() as aws, remembered(aws):
        yield with_roles(aws, mesh)


@pytest.fixture(scope="module")
def applied(mesh: Mesh) -> Iterator[Sandbox]:
    """The full mesh, carried out under the roles of bootstrap, for all tests of a module."""
    with sandbox() as aws, remembered(aws):
        if "applied" not in KEPT:
            with_roles(aws, mesh)
            carry_out(mesh)
            KEPT["applied"] = Checkpoint(aws)
        KEPT["applied"].restore(aws)
        yield aws


def with_roles(aws: Sandbox, mesh: Mesh) -> Sandbox:
    """What bootstrap prints is printed and deployed once."""
    if "roles" not in KEPT:
        KEPT["roles"] = Checkpoint(deployed(aws, mesh))
    KEPT["roles"].restore(aws)
    return aws


def carry_out(mesh: Mesh) -> None:
    """Of accounts in which nothing is but the roles."""
    sessions = pipeline.sessions_for(mesh, writes=True)
    reviewed = pipeline.review(mesh, observation=pipeline.look(mesh, sessions))
    run = pipeline.apply_reviewed(reviewed, sessions, accepted=every_rule())
    assert run.failed == ()


@pytest.fixture
def bare(roles: Sandbox) -> Iterator[Sandbox]:
    """The roles and nothing else. What a test leaves behind, and what it believes, is not seen by the next one."""
    KEPT["roles"].restore(roles)
    yield roles
    roles.world.beliefs.clear()


@pytest.fixture
def aws(applied: Sandbox) -> Iterator[Sandbox]:
    """The mesh, carried out. What a test leaves behind, and what it believes, is not seen by the next one."""
    KEPT["applied"].restore(applied)
    yield applied
    applied.world.beliefs.clear()
