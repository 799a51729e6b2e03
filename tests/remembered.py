"""Remembered: what AWS answered to a read is told again as long as nothing was written that can change it.

Also after a checkpoint was restored: then AWS is in a state in which it was before. Tests that count reads, or look at
what happens while one goes on, do without.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from unittest import mock
from weakref import WeakKeyDictionary

from botocore.exceptions import ClientError

from reconciler.aws.asking import Asking, Reply
from reconciler.aws.reader import AwsReader
from reconciler.model.reader import Unseen
from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.changes import READS
from reconciler.sandbox.core.world import World

KNOWN = re.compile(
    r"(iam|kms|sns|events|lakeformation|resourcegroupstaggingapi|service-quotas|organizations)\..*"
    r"|glue\.(?!.*(Run|Crawl)).*"
    r"|s3\.(ListBuckets|HeadBucket|GetBucket.*|GetPublicAccessBlock)"
)
"""Reads that tell nothing but what was written: not of the time, of what is under way, of other reads."""
REAL = AwsReader._send, Asking._reply
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
    """Whoever reads in this process asks a sandbox only what it cannot know; with a proof it asks that again."""
    send, reply = REAL
    world = aws.world
    answers = dict[tuple[Any, ...], Any]()

    def of_reader(self: AwsReader, placement: Any, service: str, operation: str, params: Any) -> dict[str, Any]:
        def asked() -> Any:
            try:
                return send(self, placement, service, operation, params)
            except ClientError as error:
                return error

        if not may_be_remembered(service, operation):
            return send(self, placement, service, operation, params)
        # Whether the account can be entered is seen each time.
        self._sessions.client(placement, service)
        return given(known(("reader", self.role), placement, service, operation, params, asked))

    def of_asking(self: Asking, placement: Any, service: str, operation: str, params: Any) -> Reply:
        def asked() -> Reply:
            return reply(self, placement, service, operation, params)

        if not may_be_remembered(service, operation):
            return asked()
        try:
            self._sessions.client(placement, service)
        except Unseen:
            return asked()
        found: Reply = known(("asking", self.role), placement, service, operation, params, asked)
        return found

    def may_be_remembered(service: str, operation: str) -> bool:
        changing = world.faults.as_json() or world.settings.propagation_ms
        return not changing and operation.startswith(READS) and KNOWN.fullmatch(f"{service}.{operation}") is not None

    def known(who: Any, placement: Any, service: str, operation: str, params: Any, asked: Callable[[], Any]) -> Any:
        request = json.dumps([str(placement), service, operation, params], sort_keys=True, default=str)
        read = ReadRequest.of(who[1], str(placement), service, operation, params)
        state = reaching(states(world).now(), read)
        key = (who, request, str(vars(world.beliefs)), state)
        if key not in answers:
            answer = asked()
            if state == reaching(states(world).now(), read):
                answers[key] = answer
            return answer
        if proof is not None:
            proof.again.append(service)
            if (now := plain(asked())) != plain(answers[key]):
                proof.wrong.append((request, plain(answers[key]), now))
        return answers[key]

    with mock.patch.object(AwsReader, "_send", of_reader), mock.patch.object(Asking, "_reply", of_asking):
        yield


def given(answer: Any) -> dict[str, Any]:
    """An answer, or raises what was raised; a copy, since what raises it writes into its trace."""
    if isinstance(answer, Exception):
        raise copy(answer)
    found: dict[str, Any] = answer
    return found


def plain(answer: Any) -> Any:
    """What an answer says, without the number of the request."""
    if isinstance(answer, Reply):
        return answer
    if isinstance(answer, ClientError):
        return answer.response["Error"]
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


class ReadRequest(NamedTuple):
    """Which role asks a service in which account; of S3 about which bucket, and whether about that alone, not about
    objects in it."""

    role: str
    account: str
    service: str
    bucket: str = ""
    is_of_bucket: bool = False

    @classmethod
    def of(cls, role: str, place: str, service: str, operation: str, params: Mapping[str, Any]) -> ReadRequest:
        """Of a request, in a placement as text."""
        account = place.partition("/")[0]
        if service != "s3":
            return cls(role, account, service)
        is_of_bucket = KNOWN.fullmatch(f"s3.{operation}") is not None
        return cls(role, account, service, str(params.get("Bucket", "")), is_of_bucket)


def reaching(states: Mapping[str, int], read: ReadRequest) -> tuple[tuple[str, int], ...]:
    """The states on which an answer may depend."""
    return tuple(sorted((each, state) for each, state in states.items() if reaches(each, read)))


def reaches(written: str, read: ReadRequest) -> bool:
    """Whether a write, as the sandbox counts it, can change what is answered to a read."""
    lake = ("glue", "lakeformation", "ram")
    match written.split():
        case ["iam", account]:
            return read.account == account
        case ["iam", account, role]:
            of_iam = read.service in ("iam", "resourcegroupstaggingapi")
            return read.account == account and (of_iam or read.role.rpartition("/")[2] == role)
        case ["s3", bucket, "objects"]:
            return read.service == "s3" and not read.is_of_bucket and read.bucket in ("", bucket)
        case ["s3", bucket]:
            return (read.service == "s3" and read.bucket in ("", bucket)) or read.service == "resourcegroupstaggingapi"
        case ["s3" | "sns" | "events" | "kms" as service]:
            return read.service in (service, "resourcegroupstaggingapi")
        case ["glue" | "lakeformation" | "ram"]:
            return read.service in (*lake, "resourcegroupstaggingapi")
        case _:
            return True
