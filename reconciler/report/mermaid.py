"""A small picture, product → consumer, of the subscriptions that a pull request changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.owners.documents import Changed, changed
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products

MOST = 30
"""Arrows that one picture can bear."""
_ARROWS = {"create": "==>", "update": "-->", "delete": "-.->"}
_MARKS = {"create": "new", "update": "changed", "delete": "ends"}
# What Mermaid could take for syntax is written by its number, in Mermaid's own way.
_SYNTAX = re.compile(r"[^A-Za-z0-9 ,./-]")


def picture(before: Mesh, after: Mesh) -> list[str]:
    """The lines of a Mermaid flowchart; none when no subscription changes. A thick arrow is new, a dotted one ends."""
    arrows = sorted(set(_arrows(before, after)))
    if not arrows:
        return []
    shown = arrows[:MOST]
    ids: dict[tuple[str, str], str] = {}
    for product, consumer, _, _ in shown:
        ids.setdefault(("product", product), f"p{len(ids)}")
        ids.setdefault(("consumer", consumer), f"c{len(ids)}")
    lines = ["flowchart LR"]
    for (sort, name), number in ids.items():
        left, right = ("[(", ")]") if sort == "product" else ("([", "])")
        lines.append(f'  {number}{left}"{_label(name)}"{right}')
    for product, consumer, action, text in shown:
        line = f'  {ids["product", product]} {_ARROWS[action]}|"{_label(text)}"| {ids["consumer", consumer]}'
        lines.append(line)
    if len(arrows) > len(shown):
        lines.append(f'  more["and {len(arrows) - len(shown)} more"]')
    return lines


def _arrows(before: Mesh, after: Mesh) -> Iterator[tuple[str, str, str, str]]:
    for change in changed(before, after):
        subscription = change.document
        if isinstance(subscription, Subscription):
            for product in subscribed_products(_where(change, before, after), subscription):
                text = f"{_MARKS[change.action]}: {subscription.name}"
                yield f"{product.domain}/{product.name}", subscription.consumer, change.action, text


def _where(change: Changed, before: Mesh, after: Mesh) -> Mesh:
    return before if change.after is None else after


def _label(text: str) -> str:
    return _SYNTAX.sub(lambda found: f"#{ord(found.group())};", text[:80])
