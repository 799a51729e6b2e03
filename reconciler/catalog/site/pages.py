"""Pages: which there are, which template makes each, and what it is told. Templates decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reconciler.catalog.breaches import breaches
from reconciler.catalog.others import others
from reconciler.catalog.site.addresses import tag_page
from reconciler.catalog.site.carried import Carried
from reconciler.catalog.site.choices import Choices, Past
from reconciler.catalog.site.column_page import column_pages
from reconciler.catalog.site.leaving import MOST, goes, leaving
from reconciler.catalog.site.offers import labels_of, offers
from reconciler.catalog.site.private_pages import private_pages
from reconciler.catalog.site.product_page import about_products, product_page
from reconciler.catalog.site.readers import Reading, readings
from reconciler.catalog.site.team_page import Approvals, team_pages
from reconciler.history.event import Event
from reconciler.policy.describe import described
from reconciler.spec.mesh import Mesh

FIRST = 50
"""So many products are on the first page without JavaScript."""
WEEK = timedelta(days=7)
_TOLD_TO_ALL = ("Product", "Domain", "LFTag", "Policy")
"""Kinds of documents whose changes the public hears of: they name no reader."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it lies in the site, its template, and what the template is told."""

    path: str
    template: str
    told: Mapping[str, Any]


def pages(mesh: Mesh, choices: Choices) -> Iterator[Page]:
    """Every page of the site."""
    by_product = {} if choices.public else readings(mesh)
    every = [each for each, _ in described(mesh, "product", choices.today)]
    marks = {"states": worst_states(choices), "leaving": goes(mesh)}
    going = {(each.kind, each.name): each.going for each in others(mesh) if each.going}
    about = about_products(mesh, choices)
    yield Page(
        "index.html",
        "index.html",
        {
            "products": every[:FIRST],
            **marks,
            "count": len(every),
            "first": FIRST,
            "domains": [each for each, _ in described(mesh, "domain", choices.today)],
            "tags": tuple(mesh.tags.values()),
            "going": going,
        },
    )
    carried, approvals = Carried(mesh), Approvals()
    for shown, product in zip(every, mesh.products.values(), strict=True):
        read, labels = by_product.get(product.name, ()), labels_of(mesh, product)
        carried.add(product, labels)
        offered = tuple(offers(mesh, product, labels))
        approvals.add(product.name, offered)
        told = product_page(mesh, product, labels, offered, read, choices, about)
        yield Page(f"products/{product.name}.html", "product.html", {"product": shown, **told})
        for path, of_columns in column_pages(mesh, product, labels, read, about):
            yield Page(path, "columns.html", of_columns)
    for domain in mesh.domains.values():
        of_domain = [each for each in every if each.domain == domain.name]
        told = {"domain": domain, "products": of_domain, "going": going.get(("domain", domain.name), ""), **marks}
        yield Page(f"domains/{domain.name}.html", "domain.html", told)
    for tag in mesh.tags.values():
        yield Page(tag_page(tag.name), "tag.html", {"tag": tag, "carried": carried.by_key[tag.name]})
    yield Page("policies.html", "policies.html", _policies(mesh, choices))
    yield Page("changes.html", "changes.html", {**_changes(choices), **_leaving(mesh, by_product, choices)})
    if not choices.public:
        yield from (Page(*each) for each in private_pages(mesh, by_product, choices))
        known = choices.requests.rows if choices.requests is not None else None
        yield from (Page(*each) for each in team_pages(mesh, approvals, known))


def _leaving(mesh: Mesh, by_product: Mapping[str, Sequence[Reading]], choices: Choices) -> dict[str, Any]:
    found = leaving(mesh, by_product, public=choices.public)
    return {"leaving": found[:MOST], "more": max(0, len(found) - MOST)}


def worst_states(choices: Choices) -> Mapping[str, str]:
    """By product: broken where a promise is, else not seen where one is, else kept; nothing of who promises nothing."""
    found: dict[str, str] = {}
    order = ("kept", "not seen", "broken")
    for each in choices.live.promises if choices.live is not None else ():
        found[each.product] = max(found.get(each.product, "kept"), each.state, key=order.index)
    return found


def _policies(mesh: Mesh, choices: Choices) -> dict[str, Any]:
    """Policies with what breaks them and what is excepted. Both name readers, so the public sees neither."""
    shown = not choices.public
    exceptions: dict[str, list[Any]] = {}
    for each in mesh.exceptions.values() if shown else ():
        exceptions.setdefault(each.policy, []).append(each)
    return {
        "policies": tuple(mesh.policies.values()),
        "breaches": breaches(mesh, mesh.policies.values(), choices.today) if shown else {},
        "exceptions": exceptions,
        "today_day": choices.today,
    }


def _changes(choices: Choices) -> dict[str, Any]:
    """What was asked for in the last week, the newest day first."""
    past = choices.past
    days: dict[str, list[Event]] = {}
    for each in reversed(_of_week(past, choices)) if past is not None else ():
        days.setdefault(each.at[:10], []).append(each)
    return {"days": days, "has_past": past is not None, "since": choices.today - WEEK}


def _of_week(past: Past, choices: Choices) -> Sequence[Event]:
    begin = str(choices.today - WEEK)
    asked = [each for each in past.events if each.event == "asked" and each.at[:10] >= begin]
    return [each for each in asked if not choices.public or each.document.partition(" ")[0] in _TOLD_TO_ALL]
