"""Signed in: whoever has entered an account of a sandbox is in it again, as long as nothing says that he may not.

After a checkpoint was restored his keys are good again, too. A run signs in to four accounts and says who it is, and a
test has several runs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock
from weakref import WeakSet

import boto3

from reconciler.aws.sessions import Sessions, session_name
from reconciler.model.reader import Unseen
from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.iam.callers import MANAGEMENT
from reconciler.sandbox.services.iam.roles import ORGANIZATION_ROLE, organization_role
from tests.states import states
from tests.writes import Write

REAL = Sessions._enter, Sessions.whoami, Sandbox.session
SOON = timedelta(minutes=30)
"""Before it ends, a session is not given to anybody who comes."""

KEYS_GO_ON = WeakSet[World]()
"""Worlds that hand out no key again that was handed out, whatever becomes of them meanwhile."""

ELSEWHERE = ("athena", "databrew", "events", "glue", "kms", "lakeformation", "ram", "s3", "sns", "sqs")
"""Services that have no say in who may enter an account."""


class SignIns:
    """The credentials with which accounts of a world were entered, by all that decides whether they may be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        KEYS_GO_ON.add(world)
        chance = world.keys
        world.on_reset.append(lambda: setattr(world, "keys", chance))

    def entered(self, account: str, role: str, key: tuple[Any, ...], enters: Callable[[], Any]) -> Any:
        """The credentials that were had, with which the sandbox knows who it is; else new ones."""
        key = (account, role, *key, variables(), deciding(self.world, account, role))
        credentials, session = self.known.get(key, (None, None))
        if session is None or session.expiration - self.world.now() < SOON:
            credentials = enters()
            if not isinstance(credentials, Unseen):
                self.known[key] = credentials, self.world.sessions.of(key_of(credentials))
            return credentials
        if role == ORGANIZATION_ROLE:
            organization_role(account)
        self.world.sessions.add(key_of(credentials), session)
        return credentials


@contextmanager
def signed_in(aws: Sandbox) -> Iterator[None]:
    """Runs and hands in this process sign in as often as they must."""
    enter, whoami, session_of = REAL
    world, sign_ins = aws.world, SignIns(aws.world)
    known = sign_ins.known

    def of_enter(self: Sessions, account: str) -> Any:
        base = self._base.get_credentials()
        if world.faults.as_json() or base is None or not is_static(base.access_key):
            return enter(self, account)
        by_central = deciding(world, self._central, self.role) if self._central else ()
        key = ("run", self._external_id, session_name(self._job), by_central)
        return sign_ins.entered(account, self.role, key, lambda: enter(self, account))

    def of_session(
        self: Sandbox,
        account: str = MANAGEMENT,
        role: str = ORGANIZATION_ROLE,
        region: str = "eu-west-1",
        **assume: Any,
    ) -> boto3.Session:
        def enters() -> boto3.Session:
            return session_of(self, account, role, region, **assume)

        if self is not aws or account == MANAGEMENT or assume or world.faults.as_json():
            return enters()
        found: boto3.Session = sign_ins.entered(account, role, ("hand", region), enters)
        return found

    def of_whoami(self: Sessions) -> str:
        if world.faults.as_json() or not is_static(os.environ.get("AWS_ACCESS_KEY_ID", "")):
            return whoami(self)
        key = (self._region, variables(), deciding(world))
        if key not in known:
            known[key] = whoami(self), self.endpoint
        self._who, self.endpoint = known[key]
        return str(self._who)

    with (
        mock.patch.object(Sessions, "_enter", of_enter),
        mock.patch.object(Sessions, "whoami", of_whoami),
        mock.patch.object(Sandbox, "session", of_session),
    ):
        yield


def key_of(credentials: Any) -> str:
    """The id of the access key by which credentials, or a session of boto3's, are known."""
    if isinstance(credentials, boto3.Session):
        credentials = credentials.get_credentials()
    return str(credentials.get_frozen_credentials().access_key)


def is_static(key_id: str) -> bool:
    """Whether it is the key of the organization's account, which may assume every role that lets it."""
    return key_id == "sandbox"


def variables() -> tuple[tuple[str, str], ...]:
    """Who acts, and on which AWS, as far as a process is told."""
    return tuple(sorted((name, value) for name, value in os.environ.items() if name.startswith("AWS_")))


def deciding(world: World, account: str = "", role: str = "") -> frozenset[int]:
    """The state of all that decides whether somebody may enter an account as a role."""
    return frozenset(number for write, number in states(world).now().items() if decides(write, account, role))


def decides(write: Write, account: str, role: str) -> bool:
    """Whether a write may have changed who may enter an account as a role."""
    if write.service in ELSEWHERE:
        return False
    if write.service == "iam" and write.about:
        return write.account == account and write.about == role.rpartition("/")[2]
    return True
