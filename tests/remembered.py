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
from typing import Any
from unittest import mock

from botocore.exceptions import ClientError

from reconciler.aws.asking import Asking, Reply
from reconciler.aws.reader import AwsReader
from reconciler.model.reader import Unseen
from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.changes import READS
from tests.reaching import OF_BUCKET, ReadRequest, reaches
from tests.signed_in import signed_in
from tests.states import states
from tests.writes import Write

KNOWN = re.compile(
    r"(iam|kms|sns|events|lakeformation|resourcegroupstaggingapi|service-quotas|organizations)\..*"
    r"|glue\.(?!.*(Run|Crawl)).*"
    rf"|s3\.({OF_BUCKET.pattern})"
)
"""Reads that tell nothing but what was written: not of the time, of what is under way, of other reads."""
REAL = AwsReader._send, Asking._reply


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

    told = mock.patch.object(AwsReader, "_send", of_reader), mock.patch.object(Asking, "_reply", of_asking)
    with signed_in(aws), told[0], told[1]:
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


def reaching(states: Mapping[Write, int], read: ReadRequest) -> frozenset[int]:
    """The states on which an answer may depend."""
    return frozenset(number for each, number in states.items() if reaches(each, read))
