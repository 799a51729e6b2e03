"""Pages that name readers: consumers, requests, drift and the history. A public site has none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reconciler.catalog.others import others
from reconciler.catalog.requests import Request
from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.readers import Reading
from reconciler.history.event import Event
from reconciler.plan.build import gaps_in_words
from reconciler.report.exposure import Exposure
from reconciler.report.names import Names
from reconciler.spec.mesh import Mesh

MOST = 1_000
"""Rows of the history on its page; `meshform history` has all."""
Told = tuple[str, str, Mapping[str, Any]]


def private_pages(mesh: Mesh, by_product: Mapping[str, Sequence[Reading]], choices: Choices) -> Iterator[Told]:
    """Path, template and what it is told."""
    yield from _consumers(mesh, by_product, choices)
    known, past, live = choices.requests, choices.past, choices.live
    if known is not None:
        waiting, others = list[Request](), list[Request]()
        for request in known.rows:
            (waiting if request.is_open or request.state == "refused" else others).append(request)
        told = {"waiting": waiting[:MOST], "others": others[:MOST], "known": known}
        told["more"] = max(0, len(waiting) - MOST) + max(0, len(others) - MOST)
        yield "requests.html", "requests.html", told
    if past is not None:
        shown = [each for each in past.events if each.event not in ("gained", "lost") or _is_people(each)]
        events = shown[-MOST:][::-1]
        yield "history.html", "history.html", {"events": events, "all": len(shown), "since": past.since}
    if live is not None:
        found = live.drift.exposures
        told = {
            "reads": _said(mesh, found.reads),
            "misses": _said(mesh, found.misses),
            "rights": _said(mesh, found.rights),
            "differences": len(live.drift.deviations),
            "broken": live.drift.broken,
            "gaps": list(gaps_in_words(live.drift.plan.gaps)),
            "is_there": live.drift.is_there,
            "promises": [each for each in live.promises if each.state != "kept"],
        }
        yield "drift.html", "drift.html", told


def _is_people(event: Event) -> bool:
    """Whether somebody gained or lost columns to read, and not one of Meshform's own roles, or a whole account."""
    return bool(event.columns) and event.principal_type not in ("machinery", "account", "organization")


def _said(mesh: Mesh, found: Sequence[Exposure]) -> list[tuple[str, str]]:
    names = Names.of(mesh)
    return [(each.sentence, each.blame(names)) for each in found]


def _consumers(mesh: Mesh, by_product: Mapping[str, Sequence[Reading]], choices: Choices) -> Iterator[Told]:
    by_consumer: dict[str, list[Reading]] = {}
    for read in by_product.values():
        for each in read:
            by_consumer.setdefault(each.subscription.consumer, []).append(each)
    rows: dict[str, list[Request]] = {}
    for request in choices.requests.rows if choices.requests is not None else ():
        if request.is_open or request.state in ("refused", "ends", "suspended"):
            rows.setdefault(request.consumer, []).append(request)
    going = {each.name: each.going for each in others(mesh) if each.kind == "consumer"}
    for consumer in mesh.consumers.values():
        theirs = by_consumer.get(consumer.name, ())
        asked, goes = rows.get(consumer.name, ()), going.get(consumer.name, "")
        told = {"consumer": consumer, "readings": theirs, "requests": asked, "going": goes}
        yield f"consumers/{consumer.name}.html", "consumer.html", told
