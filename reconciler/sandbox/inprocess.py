"""Serves in process: botocore's requests are answered without a socket."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import Any
from unittest import mock
from urllib.parse import unquote, urlsplit

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError
from botocore.hooks import HierarchicalEmitter
from botocore.httpsession import URLLib3Session

from reconciler.sandbox.core.calls import CallLog
from reconciler.sandbox.core.faults import Fault
from reconciler.sandbox.core.world import World
from reconciler.sandbox.http.dispatch import serve
from reconciler.sandbox.http.messages import WireRequest, WireResponse
from reconciler.sandbox.services.iam.callers import MANAGEMENT
from reconciler.sandbox.services.iam.roles import ORGANIZATION_ROLE
from reconciler.sandbox.shared import moto_bridge
from reconciler.sandbox.shared.seed_buckets import GivenBucket, seed_buckets
from reconciler.sandbox.shared.seed_roles import GivenRole, seed_roles

#: Key and secret of the management account; any would do.
_STATIC = ("sandbox", "sandbox")
#: What each session would register anew: the handlers that botocore brings, and what it has loaded of its models.
_HOOKS = HierarchicalEmitter()
_LOADER = botocore.session.Session(event_hooks=_HOOKS).get_component("data_loader")
#: botocore puts its user agent together twice for each request unless it is given as a whole.
_QUICK = Config(user_agent="sandbox")
_REAL = URLLib3Session.send
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Sandbox:
    """A simulated AWS in this process; made by `sandbox()`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sts: dict[str, Any] = {}

    @property
    def calls(self) -> CallLog:
        """Every call served since the last reset."""
        return self.world.calls

    def faults(self, *faults: Mapping[str, Any] | Fault) -> None:
        """Put faults in force; see `faults.Fault` for their fields."""
        self.world.faults.add(faults)

    def reset(self) -> None:
        """Empty the world; sessions handed out before are invalid afterwards."""
        self.world.reset()

    def session(
        self, account: str = MANAGEMENT, role: str = ORGANIZATION_ROLE, region: str = "eu-west-1", **assume: Any
    ) -> boto3.Session:
        """A session that acts as a role of an account; `assume` goes to AssumeRole (ExternalId, Policy...).

        ClientError AccessDenied: the role is not there, or does not trust the management account.
        """
        if account == MANAGEMENT and role == ORGANIZATION_ROLE and not assume:
            return session_of(*_STATIC, None, region)
        if region not in self._sts:
            self._sts[region] = session_of(*_STATIC, None, region).client("sts")
        return _assumed(self._sts[region], account, role, region, **assume)


def assumed(account: str, role: str, region: str, endpoint: str) -> boto3.Session:
    """A session of a role, assumed over HTTP by the management account."""
    own = session_of(*_STATIC, None, region)
    return _assumed(own.client("sts", endpoint_url=endpoint), account, role, region)


def _assumed(sts: Any, account: str, role: str, region: str, **assume: Any) -> boto3.Session:
    arguments = {"RoleSessionName": "sandbox", **assume}
    answer = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", **arguments)
    keys = answer["Credentials"]
    return session_of(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region)


def session_of(key_id: str, secret: str, token: str | None, region: str) -> boto3.Session:
    """A session with these keys. Sessions share what they load of botocore's models, which is most of their cost."""
    core = botocore.session.Session(event_hooks=copy(_HOOKS), include_builtin_handlers=False)
    core.register_component("data_loader", _LOADER)
    core.set_default_client_config(_QUICK)
    return boto3.Session(key_id, secret, token, region_name=region, botocore_session=core)


@contextmanager
def sandbox(
    seed: int = 0,
    start: datetime | None = None,
    latency_ms: float = 0.0,
    roles: Sequence[GivenRole] = (),
    buckets: Sequence[GivenBucket] = (),
    beliefs: Mapping[str, str] | None = None,
    propagation_ms: float = 0.0,
) -> Iterator[Sandbox]:
    """A simulated AWS that answers every boto3 call of this process.

    No call leaves the machine; clients with an endpoint on the loopback go there. Fake credentials and a
    region are set in the environment where there are none. `start` makes the clock logical: it moves a
    second a call. `beliefs` chooses answers of `core/beliefs.py`. RuntimeError: one is open already; moto's
    part is the process's own.
    """
    if URLLib3Session.send is not _REAL:
        raise RuntimeError("a sandbox is open in this process already")
    world = World(seed, start, latency_ms, beliefs=beliefs, propagation_ms=propagation_ms)
    world.on_reset += [lambda: moto_bridge.reset(seed), lambda: seed_roles(roles), lambda: seed_buckets(buckets)]
    world.reset()

    def send(self: URLLib3Session, request: Any) -> Any:
        if urlsplit(request.url).hostname in _LOOPBACK:
            return _REAL(self, request)
        return _answered(world, request)

    with mock.patch.object(URLLib3Session, "send", send), _environment():
        yield Sandbox(world)


@contextmanager
def _environment() -> Iterator[None]:
    """Credentials and a region where there are none, for a while. `mock.patch.dict` would bring all of it back as it
    was, and with it what others have taken away since.
    """
    defaults = {
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    mine = {name: value for name, value in defaults.items() if name not in os.environ}
    os.environ.update(mine)
    try:
        yield
    finally:
        for name in mine:
            os.environ.pop(name, None)


def _answered(world: World, request: Any) -> AWSResponse:
    response = serve(world, _wire_request(request))
    if response.lost:
        raise ConnectionClosedError(endpoint_url=request.url)
    headers: Any = response.headers
    return AWSResponse(request.url, response.status, headers, _Raw(response))


def _wire_request(request: Any) -> WireRequest:
    url = urlsplit(request.url)
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    elif isinstance(body, str):
        body = body.encode()
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    return WireRequest(
        method=request.method,
        host=url.netloc,
        path=unquote(url.path) or "/",
        query=url.query,
        headers=headers,
        body=bytes(body),
        scheme=url.scheme,
    )


class _Raw(io.BytesIO):
    """The body as botocore reads it from urllib3."""

    def __init__(self, response: WireResponse) -> None:
        super().__init__(response.body)
        self.headers = response.headers

    def stream(self, amt: int = 65536, **_: Any) -> Iterator[bytes]:
        while chunk := self.read(amt):
            yield chunk
