"""ApiCall: a request to AWS as CloudTrail tells it: who asked for what, when, and whether it was done.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reconciler.model.address import Placement
from reconciler.model.last_change import LastChange
from reconciler.model.moment import moment

_FOR_OTHERS = ("AWSService", "AWSAccount")


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One record. `name` is `glue:DeleteTable`; `via` the AWS service that asked for somebody, empty for none.

    `failed` are the entries of a batch, by their id, that were not done.
    """

    id: str
    name: str
    placement: Placement
    by: str
    at: datetime
    via: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()

    @property
    def last_change(self) -> LastChange:
        """Who, and when, as of a change that AWS itself remembers."""
        return LastChange(f"{self.by} via {self.via}" if self.via and self.via != self.by else self.by, self.at)

    def parts(self) -> Iterator[frozenset[str]]:
        """The names in the request, in lower case; of a batch those of each entry that was done."""
        entries = self.params.get("entries")
        if not isinstance(entries, list):
            yield frozenset(_names(self.params))
            return
        for entry in entries:
            if not isinstance(entry, Mapping) or str(entry.get("id", "")) not in self.failed:
                yield frozenset(_names(entry))


def api_call(record: object) -> ApiCall | None:
    """The call that a record tells; None for what is no record, and for what was refused or failed: nothing happened.

    A record may come from anybody who may send it, so nothing in it is taken for granted.
    """
    if not isinstance(record, Mapping) or record.get("errorCode"):
        return None
    source, event, account = (record.get(name) for name in ("eventSource", "eventName", "recipientAccountId"))
    region, at = record.get("awsRegion"), _time(record.get("eventTime"))
    if not (isinstance(source, str) and isinstance(event, str) and isinstance(account, str) and account.isdigit()):
        return None
    if not isinstance(region, str) or at is None:
        return None
    who = _mapping(record.get("userIdentity"))
    return ApiCall(
        str(record.get("eventID", "")),
        f"{source.removesuffix('.amazonaws.com')}:{event}",
        Placement(account, region),
        _actor(who),
        at,
        str(who.get("invokedBy") or ""),
        _mapping(record.get("requestParameters")),
        _mapping(record.get("additionalEventData")),
        frozenset(_failed(_mapping(record.get("responseElements")))),
    )


def _actor(who: Mapping[str, Any]) -> str:
    """The ARN of a session, user or root; of a service its name; of another account what is told of it."""
    for name in ("arn", "invokedBy", "principalId", "accountId"):
        if who.get(name):
            return str(who[name])
    return ""


def _failed(answer: Mapping[str, Any]) -> Iterator[str]:
    for failure in answer.get("failures") or ():
        entry = _mapping(_mapping(failure).get("requestEntry"))
        if entry.get("id"):
            yield str(entry["id"])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _time(value: object) -> datetime | None:
    try:
        return moment(str(value))
    except ValueError:
        return None


def _names(value: object) -> Iterator[str]:
    """Every text in a request, and the last part of those that are paths or ARNs."""
    match value:
        case Mapping():
            for each in value.values():
                yield from _names(each)
        case list():
            for each in value:
                yield from _names(each)
        case str():
            text = value.lower()
            yield text
            if ":" in text or "/" in text:
                yield text.rpartition(":")[2].rpartition("/")[2]
        case _:
            return
