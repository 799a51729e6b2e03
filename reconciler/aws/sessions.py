"""Sessions: one assumed role per account, one client per region and service, in the hands of each account."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Mapping
from getpass import GetPassWarning
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.clients import CONFIG, new_session, shared_client
from reconciler.aws.entrance import Denied, Entrance
from reconciler.aws.rate_limit import RateLimit
from reconciler.aws.shared_client import Actor, SharedClient
from reconciler.aws.sign_in import unreachable
from reconciler.errors import Unreachable
from reconciler.model.address import Placement
from reconciler.model.job import LAPTOP, Job
from reconciler.model.reader import Unseen

# Where nobody answers at all, whoever waits is told soon.
_FIRST = CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5))


def session_name(job: Job) -> str:
    """The name by which CloudTrail tells a session: with the run and the commit of the job, where there are.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    parts = ("meshform", job.run, (job.commit or "")[:12])
    return re.sub(r"[^\w+=,.@-]", "-", "-".join(part for part in parts if part), flags=re.ASCII)[:64]


class Sessions:
    """Clients that act as `role` in every account of the mesh.

    The base credentials come from the usual AWS variables and files; `AWS_ENDPOINT_URL` is honoured. An account whose
    role does not trust them is entered by that of the account `central`, as the roles of `meshform bootstrap` have it.
    Raises Unreachable where no credentials are to be found, and Unseen where one account cannot be entered.
    """

    def __init__(
        self,
        role: str,
        region: str,
        external_id: str | None = None,
        job: Job = LAPTOP,
        central: str | None = None,
        base: Any = None,
    ) -> None:
        self.role = role
        self._region = region
        self._external_id = external_id
        self._job = job
        self._central = central
        self._base: Any = base or new_session(region)
        self._directly = self._entrance(self._base)
        self._by_central: Entrance | None = None
        self._is_chained = False
        self._who: str | None = None
        self.endpoint = ""
        self._lock = threading.Lock()
        self._accounts: dict[str, Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._clients: dict[tuple[Placement, str], SharedClient] = {}
        self._paces: dict[tuple[Placement, str], RateLimit] = {}

    @property
    def paces(self) -> Mapping[tuple[Placement, str], RateLimit]:
        """How fast each account was asked, by service: who was throttled, and how often."""
        return dict(self._paces)

    def pace(self, placement: Placement, service: str) -> RateLimit:
        """How fast an account is asked by a service."""
        with self._lock:
            return self._paces.setdefault((placement, service), RateLimit())

    def room(self, desk: tuple[Placement, str]) -> int:
        """How many writes of an account a service may be sent at the same time, just now."""
        return self.pace(*desk).in_flight.room

    def whoami(self) -> str:
        """The ARN behind the base credentials, asked for once. Raises Unreachable with what to do."""
        if self._who is not None:
            return self._who
        try:
            with warnings.catch_warnings():
                # A code of an MFA device is asked for on the terminal, or not at all.
                warnings.simplefilter("error", GetPassWarning)
                first = self._base.create_client("sts", region_name=self._region, config=_FIRST)
                self.endpoint = str(first.meta.endpoint_url)
                self._who = str(first.get_caller_identity()["Arn"])
            return self._who
        except (BotoCoreError, ClientError, ValueError, OSError, EOFError, GetPassWarning) as error:
            # botocore tells an AWS_ENDPOINT_URL that is no URL by a ValueError, a missing token by an OSError.
            raise unreachable(error, self._region) from error

    def beyond(self, account: str, role: str) -> Sessions:
        """Clients that act as a role which trusts this one. Raises Unseen if this one cannot be assumed there."""
        return Sessions(role, self._region, job=self._job, base=new_session(self._region, self._credentials(account)))

    def refusal(self, account: str) -> str:
        """Why the role of an account cannot be assumed; empty where it can. An account is entered once."""
        try:
            self._credentials(account)
        except Unseen as error:
            return str(error)
        return ""

    def client(self, placement: Placement, service: str) -> Any:
        """A client of `service` in `placement`. Raises Unseen if the account's role cannot be assumed."""
        key = (placement, service)
        with self._lock:
            client = self._clients.get(key)
        if client is not None:
            return client
        credentials = self._credentials(placement.account)
        shared, pace = shared_client(service, placement.region), self.pace(placement, service)
        with self._lock:
            return self._clients.setdefault(key, SharedClient(shared, Actor(credentials, pace, placement)))

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

    def _locked(self, name: str) -> threading.Lock:
        """A lock of its own for everything that is made once."""
        with self._lock:
            return self._locks.setdefault(name, threading.Lock())

    def _enter(self, account: str) -> Any:
        """The credentials of an account, or why they cannot be had (kept, so that it is asked for once)."""
        ways = [self._directly.credentials, self._from_central]
        if self._is_chained:
            # As it went with another account: each request that is denied stands in a log that somebody watches.
            ways.reverse()
        said: list[str] = []
        try:
            for way in ways:
                try:
                    found = way(account)
                except Denied as error:
                    said.append(str(error))
                else:
                    self._is_chained = self._is_chained or way == self._from_central
                    return found
        except Unseen as error:
            return Unseen(*error.args)
        return Unseen(
            f"{'; '.join(each for each in said if each)}. Check that the account exists, that the role is there "
            "(`meshform bootstrap`) and that it trusts these credentials"
        )

    def _from_central(self, account: str) -> Any:
        """The credentials of an account whose role trusts the central account's. Raises Denied where that is no way."""
        if self._central in (None, account) or self._is_central_role():
            raise Denied("")
        assert self._central is not None
        if said := self.refusal(self._central):
            raise Denied(f"nor in the central account, whose role could go on: {said.partition('. ')[0]}")
        with self._locked("central"):
            if self._by_central is None:
                base = new_session(self._region, self._credentials(self._central))
                self._by_central = self._entrance(base)
        try:
            return self._by_central.credentials(account)
        except Denied as error:
            raise Denied(f"nor from the central account's role: {error}") from error

    def _entrance(self, base: Any) -> Entrance:
        return Entrance(base, self._region, self.role, session_name(self._job), self._external_id)

    def _is_central_role(self) -> bool:
        """Whether the base credentials are the central account's role already, as a job's are: then that was tried."""
        try:
            who = self.whoami()
        except Unreachable:
            return False
        return f":sts::{self._central}:assumed-role/{self.role.rpartition('/')[2]}/" in who
