"""Entrance: from one identity into the accounts, by a role of the same name in each."""

from __future__ import annotations

import threading
from typing import Any

from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, RefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.clients import CONFIG
from reconciler.aws.retry import error_parts
from reconciler.model.reader import Unseen
from reconciler.spec.names import partition

_ENTERING = CONFIG.merge(Config(read_timeout=10))
"""To assume a role takes less than a second, and who waits for it does so for each account."""


class Denied(Unseen):
    """AWS was asked, and said no: the role is not there, or does not trust this identity. Which, AWS does not tell."""


class Entrance:
    """`base` is a session of the identity. A role is assumed for an hour, and again before that is over.

    AWS gives no more to whoever is a role already.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
    """

    def __init__(self, base: Any, region: str, role: str, session_name: str, external_id: str | None) -> None:
        self._base = base
        self._region = region
        self._role = role
        self._extra = {"RoleSessionName": session_name, **({"ExternalId": external_id} if external_id else {})}
        self._lock = threading.Lock()
        self._client: Any = None

    def credentials(self, account: str) -> Any:
        """The credentials of the role in an account. Raises Unseen where they cannot be had."""
        source = self._base.get_credentials()
        if source is None:
            raise Unseen("no AWS credentials were found")
        arn = f"arn:{partition(self._region)}:iam::{account}:role/{self._role}"
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=self._sts, source_credentials=source, role_arn=arn, extra_args=self._extra
        )
        try:
            first = fetcher.fetch_credentials()
        except ClientError as error:
            code, message = error_parts(error)
            said = f"the role {arn} cannot be assumed ({message})"
            raise (Denied if code == "AccessDenied" else Unseen)(said) from error
        except BotoCoreError as error:
            raise Unseen(f"the role {arn} cannot be assumed ({error})") from error
        return RefreshableCredentials.create_from_metadata(first, fetcher.fetch_credentials, "assume-role")

    def _sts(self, service: str, **_: Any) -> Any:
        """The client that assumes roles, by the base credentials: one for all accounts."""
        with self._lock:
            if self._client is None:
                self._client = self._base.create_client(service, region_name=self._region, config=_ENTERING)
            return self._client
