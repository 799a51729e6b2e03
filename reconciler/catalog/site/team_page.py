"""The page of a team: who it is, what it answers for, what needs its word, and what waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.catalog.requests import Request
from reconciler.catalog.site.addresses import href, tag_page
from reconciler.catalog.site.offers import Offer
from reconciler.owners.approval import governance
from reconciler.owners.documents import documents
from reconciler.spec.mesh import Mesh

MOST = 200
"""So many products, and so many requests, are on one page."""
_PAGES = {"Domain": "domains/{}.html", "Product": "products/{}.html", "Consumer": "consumers/{}.html"}
_OWNED = ("Domain", "Product", "Consumer", "LFTag", "Policy", "Exception")


@dataclass(slots=True)
class Approvals:
    """By team and product: the sensitivities up to which a subscription needs its word. Filled product by product."""

    by_team: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def add(self, product: str, found: Iterable[Offer]) -> None:
        """Take in what can be asked of a product."""
        for offer in found:
            for who in offer.approvers:
                self.by_team.setdefault(who, {}).setdefault(product, []).append(offer.up_to)


def team_pages(
    mesh: Mesh, approvals: Approvals, requests: Iterable[Request] | None
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, template and what it is told. `requests`: None where nobody has looked."""
    owned: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for (kind, name), document in documents(mesh).items():
        who = str(getattr(document, "owner", ""))
        if kind in _OWNED and who in mesh.teams:
            owned.setdefault(who, {}).setdefault(kind, []).append((name, _page(kind, name)))
    waiting: dict[str, list[Request]] = {}
    for request in requests or ():
        owners = {mesh.products[name].owner for name in request.products} if request.state == "asked" else ()
        for who in owners:
            waiting.setdefault(who, []).append(request)
    for team in mesh.teams.values():
        asked = approvals.by_team.get(team.name, {})
        yield (
            f"teams/{team.name}.html",
            "team.html",
            {
                "team": team,
                "owned": {kind: owned.get(team.name, {}).get(kind, []) for kind in _OWNED},
                "approves": dict([*asked.items()][:MOST]),
                "more": max(0, len(asked) - MOST),
                "is_governance": team.name == governance(mesh),
                "waiting": waiting.get(team.name, [])[:MOST],
                "most": MOST,
            },
        )


def _page(kind: str, name: str) -> str:
    """Where a document is told; policies and exceptions are on one page."""
    return href(tag_page(name)) if kind == "LFTag" else _PAGES.get(kind, "policies.html").format(name)
