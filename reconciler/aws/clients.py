"""Clients: one of each service and region for the whole process, in the hands of every account and role.

To make a session or a client takes botocore some milliseconds of the processor each, most of it for what is the same in
all of them.
"""

from __future__ import annotations

import os
import re
import threading
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore
import botocore.session
from botocore.config import Config
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import create_loader
from botocore.utils import parse_timestamp

from reconciler.aws.answers import refuse_broken
from reconciler.aws.fast_json import use_fast_json
from reconciler.aws.request_log import log_requests
from reconciler.aws.shared_client import SwitchedCredentials, rate_limited

THREADS = 16

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 10},
    # They are made as they are needed: for all who write at the same time.
    max_pool_connections=8 * THREADS,
    connect_timeout=10,
    read_timeout=60,
    # As a whole: botocore would put its own together twice for each request, a third of all that a request takes here.
    user_agent=f"meshform Botocore/{botocore.__version__}",
)
# What is sent again is a matter of Pace.
_PACED = CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))

_Settings = tuple[tuple[str, str], ...]
making = threading.Lock()


@cache
def _shared_parts() -> tuple[HierarchicalEmitter, Any]:
    """botocore's own handlers and AWS's service models: each session would register and parse them again."""
    hooks = HierarchicalEmitter()
    botocore.session.Session(event_hooks=hooks)
    log_requests(hooks)
    refuse_broken(hooks)
    return hooks, create_loader()


@dataclass(frozen=True, slots=True)
class _Known:
    """What botocore asks for credentials, where they are known."""

    credentials: Any

    def load_credentials(self) -> Any:
        return self.credentials


def instant(told: Any) -> datetime:
    """A time as AWS tells it. botocore's own asks the machine for its time zone each time, which makes nearly half of
    what a list of tables takes."""
    if isinstance(told, int | float):
        with suppress(OverflowError, OSError):
            return datetime.fromtimestamp(told, UTC)
    found: datetime = parse_timestamp(told)
    return found


def new_session(region: str, credentials: Any = None) -> Any:
    """A session of these credentials, or of the usual variables and files."""
    hooks, models = _shared_parts()
    core: Any = botocore.session.Session(event_hooks=copy(hooks), include_builtin_handlers=False)
    core.register_component("data_loader", models)
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=instant)
    if credentials is not None:
        core.register_component("credential_provider", _Known(credentials))
    core.set_config_variable("region", region)
    return core


def shared_client(service: str, region: str) -> Any:
    """The client that acts as `shared_client.Actor` says, made once for what the variables say at the time."""
    with making:
        return _shared_client(service, region, _settings())


@cache
def _shared_client(service: str, region: str, settings: _Settings) -> Any:
    client = _acting(region, settings).create_client(service, region_name=region, config=_PACED)
    return use_fast_json(service, rate_limited(client))


@cache
def _acting(region: str, _: _Settings) -> Any:
    return new_session(region, SwitchedCredentials())


def _settings() -> _Settings:
    """The variables of which botocore makes a client: where to, through which proxy, with which files."""
    names = (name for name in os.environ if name == "HOME" or re.match("AWS_|.*_PROXY$", name, re.IGNORECASE))
    return tuple((name, os.environ[name]) for name in sorted(names))
