"""Truth: the steps that an entry of the journal tells, held to what reached AWS, request by request.

Requests are compared by their atoms, the least that can be done of them: one permission of one grantee, one tag of one
column. So what travels together with other steps' is found again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.aws.evidence_store import evidence_store
from reconciler.history.update import entry, entry_names
from reconciler.journal import NOT_REACHED, SENT
from reconciler.model.call import Call
from reconciler.model.plan import Step
from reconciler.pipeline import sessions_for
from reconciler.spec.mesh import Mesh
from tests.campaigns.strike import Sent

_GRANTS = ("GrantPermissions", "RevokePermissions")
_TAGS = ("AddLFTagsToResource", "RemoveLFTagsFromResource")


def lies(told: Mapping[str, Any], steps: Iterable[Step], sent: Iterable[Sent]) -> list[str]:
    """What an entry tells of its steps and is not so, in words."""
    results = {each["address"]: each["result"] for each in told["steps"]}
    all_steps = list(steps)
    wanted = {
        str(each.address): {atom for call in each.calls for atom in atoms(call, call.params)} for each in all_steps
    }
    shared = Counter(atom for all_of in wanted.values() for atom in all_of)
    served = list(sent)
    done = {atom for each in served if not each.error or each.error in each.call.success_errors for atom in _of(each)}
    # One request for each of what a lookup finds, which may be nothing.
    loose = {atom for step in all_steps for call in step.calls if call.each for atom in atoms(call, call.params)}
    reached = {atom for each in served for atom in _of(each)}
    wrong = []
    for address, all_of in wanted.items():
        match results[address]:
            case "done" if not all_of <= done | loose:
                wrong.append(f"{address} is told as done, and was not sent: {sorted(all_of - done)[:2]}")
            case "skipped" | "not reached" if own := {atom for atom in all_of & reached if shared[atom] == 1}:
                wrong.append(f"{address} is told as {results[address]}, and was sent: {sorted(own)[:2]}")
            case "done" | "failed" | "skipped":
                pass
            case other if other not in (SENT, NOT_REACHED):
                wrong.append(f"{address} is told as {other}")
    every = {atom for all_of in wanted.values() for atom in all_of}
    # A notice that no step gives is one that an earlier run owed.
    strange = {atom for each in served if each.operation != "PutEvents" for atom in _of(each)} - every
    wrong += [f"nobody tells of {atom}" for atom in sorted(strange)]
    return wrong


def untold(steps: Iterable[Step], sent: Iterable[Sent]) -> list[str]:
    """The notices of steps that nobody was given, each by its bus and product."""
    given = {
        f"{each['EventBusName']}/{json.loads(each['Detail'])['product']}"
        for request in sent
        if request.operation == "PutEvents" and not request.error
        for each in request.params["Entries"]
    }
    return sorted({step.address.name for step in steps if step.address.kind == "notice"} - given)


def newest(mesh: Mesh) -> Any:
    """The newest entry of the journal of a mesh, as readers see it."""
    store = evidence_store(mesh, sessions_for(mesh, writes=True))
    return entry(store, max(entry_names(store), key=lambda file: str(entry(store, file)["started"])))


def atoms(call: Call, params: Mapping[str, Any]) -> Iterator[str]:
    """The least that a request with these parameters does of what a call asks for."""
    if call.operation in _GRANTS:
        row = {name: value for name, value in params.items() if not name.startswith("Permissions") and name != "Id"}
        for name in ("Permissions", "PermissionsWithGrantOption"):
            for permission in params.get(name, ()):
                yield _text(call, row, name, permission)
    elif call.operation in _TAGS:
        table = params["Resource"].get("TableWithColumns", {})
        whole = {name: value for name, value in table.items() if name != "ColumnNames"}
        for column in table.get("ColumnNames", [""]):
            for tag in params["LFTags"]:
                yield _text(call, whole or params["Resource"], column, tag, params.get("CatalogId"))
    elif call.operation == "PutEvents":
        for each in params["Entries"]:
            yield _text(call, json.loads(each["Detail"])["product"])
    elif call.operation:
        # A parameter that a lookup fills is not known before.
        yield _text(call, {name: value for name, value in params.items() if call.each is None or name != call.each[0]})


def _of(sent: Sent) -> Iterator[str]:
    """The atoms of a request, which may be one for many calls."""
    rows = sent.params["Entries"] if sent.operation.startswith("Batch") else [sent.params]
    for row in rows:
        yield from atoms(sent.call, row)


def _text(call: Call, *what: Any) -> str:
    return json.dumps([*call.placement, call.service, call.operation, *what], sort_keys=True, default=str)
