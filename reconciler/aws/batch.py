"""Batch: neighbouring calls of one operation, folded into as few requests as the API takes.

| operation                       | folded by                     | one request takes            |
|---------------------------------|-------------------------------|------------------------------|
| Grant-, RevokePermissions       | principal and resource        | 20 entries, each can fail    |
| AddLFTagsTo-, RemoveLFTagsFrom- | table and tag, then resource  | many columns, 50 tags        |
| PutEvents                       | account                       | 10 entries, each can fail    |

https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reconciler.model.call import Call

ENTRIES = 20
TAGS = 50
EVENTS = 10
COLUMNS = 50
"""How many columns one request may take is not documented; this many are."""

GRANTS = {"GrantPermissions": "BatchGrantPermissions", "RevokePermissions": "BatchRevokePermissions"}
PUT_EVENTS = "PutEvents"
TAGGING = frozenset({"AddLFTagsToResource", "RemoveLFTagsFromResource"})
FOLDED = TAGGING | {PUT_EVENTS, *GRANTS}


@dataclass(frozen=True, slots=True)
class Entry:
    """Parameters that do the work of several calls."""

    params: Mapping[str, Any]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """Calls that travel together, with their positions in what is sent, and the requests for them; no request has a
    part of a call that is in another load. None for a call that goes alone."""

    calls: tuple[tuple[int, Call], ...]
    requests: tuple[Sequence[Entry], ...] = ()


def loads(calls: Iterable[Call]) -> Iterator[Load]:
    """Calls as they travel: neighbours of one operation and account together, where the API takes several."""
    numbered = list(enumerate(calls))
    for (_, operation), run in groupby(numbered, key=lambda item: (item[1].placement, item[1].operation)):
        group = list(run)
        if len(group) > 1 and operation in FOLDED:
            yield from _folded(group)
        else:
            yield from (Load((each,)) for each in group)


def _folded(group: Sequence[tuple[int, Call]]) -> Iterator[Load]:
    numbers: dict[int, list[tuple[int, Call]]] = {}
    for number, call in group:
        numbers.setdefault(id(call), []).append((number, call))
    inside: dict[int, None] = {}
    requests: list[Sequence[Entry]] = []

    def load() -> Load:
        return Load(tuple(each for call in inside for each in numbers[call]), tuple(requests))

    for request_ in _requests([call for _, call in group]):
        these = dict.fromkeys(id(call) for entry in request_ for call in entry.calls)
        if requests and inside.keys().isdisjoint(these):
            yield load()
            inside, requests = {}, []
        inside |= these
        requests.append(request_)
    yield load()


def _requests(calls: Sequence[Call]) -> Iterable[Sequence[Entry]]:
    """The entries of calls of one operation, by the request in which they travel."""
    operation = calls[0].operation
    if operation in GRANTS:
        return batches(calls)
    return events(calls) if operation == PUT_EVENTS else ((each,) for each in taggings(calls))


def batches(calls: Sequence[Call]) -> Iterator[list[Entry]]:
    """Grants (or revokes) as entries, twenty a batch; no principal and resource is twice among all of them."""
    every = [Entry(_joined(group), tuple(group)) for group in _groups(calls, _row)]
    for start in range(0, len(every), ENTRIES):
        yield every[start : start + ENTRIES]


def request(batch: Sequence[Entry]) -> dict[str, Any]:
    """The parameters of a batch call; the position of an entry is its Id."""
    return {"Entries": [{"Id": str(number), **entry.params} for number, entry in enumerate(batch)]}


def failures(answer: Mapping[str, Any], entries: int) -> dict[int, Mapping[str, Any]] | None:
    """The entries that failed, by position, with AWS's words. None where one cannot be told from the others: the model
    needs neither the entry nor the error, and an entry that fails unseen would count as done.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchPermissionsFailureEntry.html
    """
    known = {str(number): number for number in range(entries)}
    found: dict[int, Mapping[str, Any]] = {}
    for each in answer.get("Failures", ()):
        number = known.get(each.get("RequestEntry", {}).get("Id"))
        if number is None:
            return None
        found[number] = each.get("Error", {})
    return found


def events(calls: Sequence[Call]) -> Iterator[list[Entry]]:
    """Events, ten a batch; an entry is one event of a call."""
    every = [Entry(event, (call,)) for call in calls for event in call.params["Entries"]]
    for start in range(0, len(every), EVENTS):
        yield every[start : start + EVENTS]


def taggings(calls: Sequence[Call]) -> Iterator[Entry]:
    """Tag calls as few requests: first columns that get the same tag together, then tags of the same resource."""
    for group in _groups(calls, lambda call: json.dumps([_without_columns(call), call.params["LFTags"]])):
        columns = sorted({name for call in group for name in _columns(call)})
        if not columns:
            continue
        for start in range(0, len(columns), COLUMNS):
            chosen = columns[start : start + COLUMNS]
            params = {**group[0].params, "Resource": _with_columns(group[0], chosen)}
            yield Entry(params, tuple(call for call in group if not set(_columns(call)).isdisjoint(chosen)))
    whole = [call for call in calls if not _columns(call)]
    for group in _groups(whole, lambda call: json.dumps(call.params["Resource"], sort_keys=True)):
        for start in range(0, len(group), TAGS):
            part = group[start : start + TAGS]
            tags = [tag for call in part for tag in call.params["LFTags"]]
            yield Entry({**part[0].params, "LFTags": tags}, tuple(part))


def _groups(calls: Iterable[Call], key: Any) -> Iterable[list[Call]]:
    grouped: dict[str, list[Call]] = {}
    for call in calls:
        grouped.setdefault(key(call), []).append(call)
    return grouped.values()


def _row(call: Call) -> str:
    """What is one row for Lake Formation: two writers of one row would collide."""
    row = {name: value for name, value in call.params.items() if not name.startswith("Permissions")}
    return json.dumps(row, sort_keys=True)


def _joined(group: Sequence[Call]) -> dict[str, Any]:
    """The parameters of grants that differ in their permissions only."""
    joined = dict(group[0].params)
    for name in ("Permissions", "PermissionsWithGrantOption"):
        values = sorted({value for call in group for value in call.params.get(name, ())})
        if values or name == "Permissions":
            joined[name] = values
        else:
            joined.pop(name, None)
    return joined


def _columns(call: Call) -> list[str]:
    columns: list[str] = call.params["Resource"].get("TableWithColumns", {}).get("ColumnNames", [])
    return columns


def _without_columns(call: Call) -> Any:
    table = call.params["Resource"].get("TableWithColumns")
    if table is None:
        return call.params["Resource"]
    return {name: value for name, value in sorted(table.items()) if name != "ColumnNames"}


def _with_columns(call: Call, columns: list[str]) -> dict[str, Any]:
    return {"TableWithColumns": {**call.params["Resource"]["TableWithColumns"], "ColumnNames": columns}}
