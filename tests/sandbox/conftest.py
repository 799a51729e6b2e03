"""Two ways into one sandbox: `http`, for plain boto3 over HTTP, and `aws`, in process."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config

from reconciler.sandbox import Sandbox, sandbox
from reconciler.sandbox.http.server import Server
from reconciler.sandbox.inprocess import session_of

MANAGEMENT = "000000000001"
OWNER = "111111111111"
CONSUMER = "222222222222"
ORGANIZATION_ROLE = "OrganizationAccountAccessRole"


@dataclass(frozen=True)
class Http:
    """A sandbox over HTTP, seen by a client that knows only its address."""

    endpoint: str
    aws: Server
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Those of the role that is never taken away, which a test asks for again and again."""

    def session(
        self,
        account: str = OWNER,
        role: str = "OrganizationAccountAccessRole",
        region: str = "eu-west-1",
        **assume: Any,
    ) -> boto3.Session:
        """A session of a role, assumed by the management account."""
        own = _sts(self.endpoint, region)
        arn = f"arn:aws:iam::{account}:role/{role}"
        keys = own.assume_role(**{"RoleArn": arn, "RoleSessionName": "test", **assume})["Credentials"]
        return session_of(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region)

    def client(self, service: str, account: str = OWNER, role: str = ORGANIZATION_ROLE) -> Any:
        """A client of an account's role that retries nothing, so that every error is seen."""
        once = Config(retries={"total_max_attempts": 1})
        if role != ORGANIZATION_ROLE:
            return self.session(account, role).client(service, config=once)
        if (service, account) not in self._clients:
            self._clients[service, account] = self.session(account, role).client(service, config=once)
        return self._clients[service, account]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A call of `/_sandbox/<path>`."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_sandbox/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.loads(answer.read())

    def role(self, account: str, name: str, *statements: dict[str, Any], trust: Any = None) -> str:
        """Create a role that the management account may assume, with these policy statements; its ARN."""
        iam = self.client("iam", account)
        principal = trust or {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}
        trusted = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trusted))["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="policy", PolicyDocument=document(*statements))
        return arn


@cache
def _sts(endpoint: str, region: str) -> Any:
    """The management account's own client, with keys that are always good."""
    return session_of("static", "static", None, region).client("sts", endpoint_url=endpoint)


def document(*statements: dict[str, Any]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture(scope="session")
def _server() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def http(_server: Server, monkeypatch: pytest.MonkeyPatch) -> Http:
    """An empty sandbox over HTTP; every boto3 client of the test goes to it."""
    _server.world.beliefs.clear()
    _server.world.reset()
    monkeypatch.setenv("AWS_ENDPOINT_URL", _server.endpoint)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return Http(_server.endpoint, _server)


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    """An empty sandbox in process."""
    with sandbox() as opened:
        yield opened
