"""Requests: what became of each, by the documents, by git and the journal, and by the forge where it is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Literal

from reconciler.forge.protocol import Proposal, ProposedFile
from reconciler.history.event import Event
from reconciler.owners.documents import path_in_mesh
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.in_force import has_ended
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products

State = Literal["asked", "approved", "applied", "refused", "ends", "ended", "suspended"]
SOON = timedelta(days=30)
"""A subscription whose last day is as near as that ends, whatever else it is."""
_KIND = "Subscription "
_PRODUCT = re.compile(r"^product:[ \t]*[\"']?([a-z0-9/-]+)", re.M)
_FILE = re.compile(r"consumers/([a-z0-9-]+)/subscriptions/(?:.*/)?[^/]+\.ya?ml")
_WHAT = {"added": "asks for it", "removed": "asks to end it"}


@dataclass(frozen=True, slots=True)
class Request:
    """A subscription, or a pull request about one: who asks for what, where it stands and since when.

    `said` is what is known of it in a sentence, `by` who asked, `url` the pull request. What is not known is empty.
    """

    name: str
    consumer: str
    products: tuple[str, ...]
    state: State
    since: str = ""
    by: str = ""
    approved_by: tuple[str, ...] = ()
    until: str = ""
    url: str = ""
    said: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to do something about it."""
        return self.state in ("asked", "approved")


def requests(
    mesh: Mesh, today: date, events: Iterable[Event] | None, proposals: Iterable[Proposal] | None
) -> tuple[Request, ...]:
    """Every request, those that wait first. `events` is the whole history, `proposals` what the forge has; None: not
    known here."""
    last: dict[str, Event] = {}
    known, has_runs = events is not None, False
    for event in events or ():
        has_runs = has_runs or event.event == "applied"
        if event.event == "asked" and event.document.startswith(_KIND):
            last[event.document.removeprefix(_KIND)] = event
    found = [_standing(mesh, each, today, last.get(each.name), has_runs) for each in mesh.written.values()]
    found += [_removed(name, each) for name, each in last.items() if known and name not in mesh.written]
    by_path = {path_in_mesh(mesh, each): each for each in mesh.written.values()} if proposals else {}
    for proposal in proposals or ():
        found += _proposed(mesh, proposal, by_path)
    # In two steps, so that within a state the newest comes first.
    found.sort(key=lambda each: each.name)
    found.sort(key=lambda each: each.since, reverse=True)
    return tuple(sorted(found, key=lambda each: not each.is_open))


def _standing(mesh: Mesh, document: Subscription, today: date, event: Event | None, has_runs: bool) -> Request:
    """A subscription of the main branch."""
    state: State = "approved"
    since, said = "", "it is in the documents; whether it was applied is not known here"
    if document.approval is not None:
        since = str(document.approval.at)
    if event is not None:
        since = event.at[:10]
        if event.outcome == "done":
            state, since, said = "applied", event.applied[:10], f"applied on {event.applied[:10]}"
        elif has_runs:
            said = "it is merged and not applied yet" if event.outcome == "not applied" else f"apply: {event.outcome}"
    if has_ended(document, today):
        state, said = "ended", f"its last day was {document.expires}"
    elif document.name not in mesh.subscriptions:
        state, said = "suspended", "a suspension takes all of it"
    elif document.expires is not None and document.expires <= today + SOON:
        state, said = "ends", f"{said}; its last day is {document.expires}"
    return Request(
        document.name,
        document.consumer,
        tuple(each.name for each in subscribed_products(mesh, document)),
        state,
        since,
        event.author if event is not None else "",
        _approvers(document, event),
        str(document.expires or ""),
        said=said,
    )


def _approvers(document: Subscription, event: Event | None) -> tuple[str, ...]:
    if event is not None and event.approved_by:
        return event.approved_by
    return (document.approval.by,) if document.approval is not None else ()


def _removed(name: str, event: Event) -> Request:
    """A subscription that is no longer in the main branch."""
    consumer = (_FILE.search(event.file) or ("", ""))[1]
    day = event.at[:10]
    return Request(name, consumer, (), "ended", day, event.author, event.approved_by, said=f"given back on {day}")


def _proposed(mesh: Mesh, proposal: Proposal, by_path: Mapping[str, Subscription]) -> Iterator[Request]:
    """The subscriptions that a pull request is about. What it says is not checked: it is shown as text, and linked."""
    state: State = "refused" if proposal.state == "closed" else "approved" if proposal.approved_by else "asked"
    for file in proposal.files:
        found = _FILE.fullmatch(file.path)
        if found is None:
            continue
        document = by_path.get(file.path)
        yield Request(
            document.name if document is not None else PurePosixPath(file.path).stem,
            found[1],
            tuple(_products(mesh, document, file)),
            state,
            proposal.at[:10],
            proposal.author,
            proposal.approved_by,
            url=proposal.url,
            said=f"pull request #{proposal.number} {_WHAT.get(file.status, 'asks to change it')}",
        )


def _products(mesh: Mesh, document: Subscription | None, file: ProposedFile) -> Iterator[str]:
    """The products that it is about, as far as the mesh has them."""
    if document is not None:
        yield from (each.name for each in subscribed_products(mesh, document))
        return
    said = _PRODUCT.search(file.added)
    name = said[1].rpartition("/")[2] if said is not None else ""
    if name in mesh.products:
        yield name
