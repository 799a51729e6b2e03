"""Sessions: one assumed role per account, one client per region and service, in the hands of each account."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import create_loader

from reconciler.aws.fast_json import use_fast_json
from reconciler.aws.rate_limit import RateLimit
from reconciler.aws.shared_client import Actor, SharedClient, SwitchedCredentials, rate_limited
from reconciler.aws.sign_in import unreachable
from reconciler.model.address import Placement
from reconciler.model.job import LAPTOP, Job
from reconciler.model.reader import Unseen
from reconciler.spec.names import partition

THREADS = 16

_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 10},
    max_pool_connections=2 * THREADS,
    connect_timeout=10,
    read_timeout=60,
    user_agent_extra="meshform",
)
# Where nobody answers at all, whoever waits is told soon.
_FIRST = _CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5))
# What is sent again is a matter of Pace.
_PACED = _CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))


@cache
def _service_models() -> Any:
    """AWS's service models, read once: each session would parse them again."""
    return create_loader()


@dataclass(frozen=True, slots=True)
class _Known:
    """What botocore asks for credentials, where they are known."""

    credentials: Any

    def load_credentials(self) -> Any:
        return self.credentials


def _session(region: str, credentials: Any = None) -> Any:
    """A session of these credentials, or of the usual variables and files."""
    core: Any = botocore.session.get_session()
    core.register_component("data_loader", _service_models())
    if credentials is not None:
        core.register_component("credential_provider", _Known(credentials))
    return boto3.Session(botocore_session=core, region_name=region)


def session_name(job: Job) -> str:
    """The name by which CloudTrail tells a session: with the run and the commit of the job, where there are.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    parts = ("meshform", job.run, (job.commit or "")[:12])
    return re.sub(r"[^\w+=,.@-]", "-", "-".join(part for part in parts if part), flags=re.ASCII)[:64]


class Sessions:
    """Clients that act as `role` in every account of the mesh.

    The base credentials come from the usual AWS variables and files; `AWS_ENDPOINT_URL` is honoured.
    Raises Unreachable where no credentials are to be found, and Unseen where one account cannot be entered.
    """

    def __init__(self, role: str, region: str, external_id: str | None = None, job: Job = LAPTOP) -> None:
        self.role = role
        self._region = region
        self._external_id = external_id
        self._job = job
        self._base: Any = _session(region)
        self._acting: Any = _session(region, SwitchedCredentials())
        self._who: str | None = None
        self._lock = threading.Lock()
        self._accounts: dict[str, Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._shared: dict[tuple[str, str], Any] = {}
        self._clients: dict[tuple[Placement, str], SharedClient] = {}
        self._paces: dict[tuple[Placement, str], RateLimit] = {}

    @property
    def paces(self) -> Mapping[tuple[Placement, str], RateLimit]:
        """How fast each account was asked, by service: who was throttled, and how often."""
        return dict(self._paces)

    def whoami(self) -> str:
        """The ARN behind the base credentials, asked for once. Raises Unreachable with what to do."""
        if self._who is not None:
            return self._who
        try:
            first = self._base.client("sts", region_name=self._region, config=_FIRST)
            self._who = str(first.get_caller_identity()["Arn"])
            return self._who
        except (BotoCoreError, ClientError, ValueError) as error:
            # botocore tells an AWS_ENDPOINT_URL that is no URL by a ValueError.
            raise unreachable(error, self._region) from error

    def beyond(self, account: str, role: str) -> Sessions:
        """Clients that act as a role which trusts this one. Raises Unseen if this one cannot be assumed there."""
        onward = Sessions(role, self._region, job=self._job)
        onward._base = _session(self._region, self._credentials(account))
        return onward

    def client(self, placement: Placement, service: str) -> Any:
        """A client of `service` in `placement`. Raises Unseen if the account's role cannot be assumed."""
        key = (placement, service)
        with self._lock:
            client = self._clients.get(key)
        if client is not None:
            return client
        credentials = self._credentials(placement.account)
        shared = self._shared_client(service, placement.region)
        with self._lock:
            pace = self._paces.setdefault(key, RateLimit())
            return self._clients.setdefault(key, SharedClient(shared, Actor(credentials, pace)))

    def _credentials(self, account: str) -> Any:
        """The credentials of the role in an account. Raises Unseen if it cannot be assumed."""
        with self._locked(account):
            credentials = self._accounts.get(account)
            if credentials is None:
                credentials = self._accounts[account] = self._enter(account)
        if isinstance(credentials, Unseen):
            # A new one each time: threads that raise one exception write into each other's trace.
            raise Unseen(*credentials.args)
        return credentials

    def _shared_client(self, service: str, region: str) -> Any:
        """The client of a service, made once for all accounts."""
        with self._locked(f"{service} {region}"):
            client = self._shared.get((service, region))
            if client is None:
                client = self._acting.client(service, region_name=region, config=_PACED)
                self._shared[service, region] = client = use_fast_json(service, rate_limited(client))
        return client

    def _locked(self, name: str) -> threading.Lock:
        """A lock of its own for everything that is made once."""
        with self._lock:
            return self._locks.setdefault(name, threading.Lock())

    def _enter(self, account: str) -> Any:
        """The credentials of an account, or why they cannot be had (kept, so that it is asked for once)."""
        arn = f"arn:{partition(self._region)}:iam::{account}:role/{self.role}"
        extra: dict[str, Any] = {"RoleSessionName": session_name(self._job)}
        if self._external_id:
            extra["ExternalId"] = self._external_id
        source = self._base.get_credentials()
        if source is None:
            return Unseen("no AWS credentials were found")
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=self._sts, source_credentials=source, role_arn=arn, extra_args=extra
        )
        credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        try:
            credentials.get_frozen_credentials()
        except ClientError as error:
            why = error.response.get("Error", {}).get("Message", str(error))
            return Unseen(
                f"the role {arn} cannot be assumed ({why}). Check that the account exists, that the role is there "
                "(`meshform bootstrap`) and that it trusts these credentials"
            )
        except BotoCoreError as error:
            return Unseen(f"the role {arn} cannot be assumed ({error})")
        return credentials

    def _sts(self, service: str, **_: Any) -> Any:
        """The client that assumes roles, by the base credentials: one for all accounts."""
        with self._locked("base"):
            client = self._shared.get((service, ""))
            if client is None:
                client = self._shared[service, ""] = self._base.client(
                    service, region_name=self._region, config=_CONFIG
                )
        return client
