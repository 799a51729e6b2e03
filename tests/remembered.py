"""Remembered: what AWS answered to a read is told again as long as nothing was written that can change it.

Also after a checkpoint was restored: then AWS is in a state in which it was before. Tests that count reads, or look at
what happens while one goes on, do without.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest import mock
from weakref import WeakKeyDictionary

from botocore.exceptions import ClientError

from reconciler.aws.reader import AwsReader
from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.changes import Changes
from reconciler.sandbox.core.world import World

KNOWN = re.compile(
    r"(iam|kms|sns|events|lakeformation|resourcegroupstaggingapi)\..*"
    r"|glue\.(?!.*(Run|Crawl)).*"
    r"|s3\.(ListBuckets|HeadBucket|GetBucket.*|GetPublicAccessBlock)"
)
"""Reads that tell nothing but what was written: not of the time, of what is under way, of other reads."""
OBJECTS = ("PutObject", "DeleteObject")
"""Writes of S3 that leave every bucket as it was: locks, journals."""
_SERIAL = count()


class States:
    """Which state each service of a world is in, as a number: the same number is the same state."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._counts = world.changes.counts()
        self._now = {"*": next(_SERIAL)}

    def now(self) -> Mapping[str, int]:
        """The state of every service that was ever written to; of the others it is that of `*`."""
        counts = self._world.changes.counts()
        if counts != self._counts:
            self._now = {**self._now, **{service: next(_SERIAL) for service in counts - self._counts}}
            self._counts = counts
        return self._now

    def back(self, to: Mapping[str, int]) -> None:
        """The services are again in these states."""
        self._now, self._counts = dict(to), self._world.changes.counts()


_STATES: WeakKeyDictionary[World, States] = WeakKeyDictionary()


def states(world: World) -> States:
    """The states of a world."""
    return _STATES.setdefault(world, States(world))


@dataclass
class Proof:
    """What was remembered and asked again all the same: how often by service, and what was no longer so."""

    again: list[str] = field(default_factory=list)
    wrong: list[tuple[str, Any, Any]] = field(default_factory=list)


@contextmanager
def remembered(aws: Sandbox, proof: Proof | None = None) -> Iterator[None]:
    """Every reader of this process asks a sandbox only what it cannot know; with a proof it asks that again."""
    real, world, served = AwsReader._send, aws.world, Changes.served
    answers = dict[tuple[Any, ...], Any]()

    def send(self: AwsReader, placement: Any, service: str, operation: str, params: Any) -> dict[str, Any]:
        changing = world.faults.as_json() or world.settings.propagation_ms
        if changing or not KNOWN.fullmatch(f"{service}.{operation}"):
            return real(self, placement, service, operation, params)
        # Whether the account can be entered is seen each time.
        self._sessions.client(placement, service)
        request = json.dumps([str(placement), service, operation, params], sort_keys=True, default=str)
        state = reaching(states(world).now(), service)
        key = (self.role, request, str(vars(world.beliefs)), state)
        if key in answers:
            if proof is not None:
                proof.again.append(service)
                if (now := told(self, placement, service, operation, params)) != plain(answers[key]):
                    proof.wrong.append((request, plain(answers[key]), now))
            return given(answers[key])
        answer = asked(self, placement, service, operation, params)
        if state == reaching(states(world).now(), service):
            answers[key] = answer
        return given(answer)

    def asked(*request: Any) -> Any:
        try:
            return real(*request)
        except ClientError as error:
            return error

    def told(*request: Any) -> Any:
        return plain(asked(*request))

    def noted(self: Changes, service: str, operation: str) -> None:
        served(self, "s3 objects" if service == "s3" and operation in OBJECTS else service, operation)

    with mock.patch.object(AwsReader, "_send", send), mock.patch.object(Changes, "served", noted):
        yield


def given(answer: Any) -> dict[str, Any]:
    """An answer, or raises what was raised; a copy, since what raises it writes into its trace."""
    if isinstance(answer, Exception):
        raise copy(answer)
    found: dict[str, Any] = answer
    return found


def plain(answer: Any) -> Any:
    """What an answer says, without the number of the request."""
    if isinstance(answer, ClientError):
        return answer.response["Error"]
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def reaching(states: Mapping[str, int], read: str) -> tuple[tuple[str, int], ...]:
    """The states on which the answer of a service to what is `KNOWN` may depend."""
    return tuple(
        sorted((each, state) for each, state in states.items() if each != "s3 objects" and reaches(each, read))
    )


def reaches(written: str, read: str) -> bool:
    """Whether a write to one service can change what another one answers to a read."""
    lake = ("glue", "lakeformation", "ram")
    match written:
        case "s3 objects":
            return read == "s3"
        case "s3" | "sns" | "events":
            return read in (written, "resourcegroupstaggingapi")
        case "glue" | "lakeformation" | "ram":
            return read in (*lake, "resourcegroupstaggingapi")
        case _:
            return True
