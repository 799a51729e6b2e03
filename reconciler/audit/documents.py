"""The reports of documents: subscriptions with what becomes of them, exceptions and suspensions, policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from reconciler.audit.report import NOWHERE, PROVENANCE, Part, Provenance, Report, Row, report
from reconciler.catalog.listing import records
from reconciler.report.usage import when
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.in_force import has_ended, holds, is_suspended
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from reconciler.spec.tags import subscribed_products
from reconciler.usage import NOT_KNOWN, LastRead

SOON = timedelta(days=30)
SUBSCRIPTIONS = (
    "subscription", "consumer", "owner", "domain", "product", "label", "principals", "purpose", "status", "ends",
    "days_left", "approved_by", "ticket", *PROVENANCE, "last_used",
)  # fmt: skip
EXCEPTIONS = ("kind", "name", "of", "domain", "consumer", "reason", "by", "ticket", "until", "status", *PROVENANCE)
POLICIES = ("policy", "description", "owner", "domain", "object", "action", "reason", "link", "exceptions", *PROVENANCE)


def subscriptions_report(
    mesh: Mesh,
    today: date,
    part: Part,
    known: Provenance = NOWHERE,
    last_used: Mapping[str, LastRead] | None = None,
) -> Report:
    """Every subscription as written: active, ending within thirty days, ended, without end, or suspended.

    `last_used`, by subscription: where somebody has looked. Of one that is not in it, it is not known.
    """

    def used(name: str) -> str:
        return when(last_used.get(name, NOT_KNOWN)) if last_used is not None else ""

    labels = {row["name"]: ", ".join(row["sensitivities"]) for row in records(mesh, "subscriptions", today)}
    rows: list[Row] = [
        {**row, "label": labels.get(each.name, ""), "last_used": used(each.name)}
        for each in mesh.written.values()
        for row in _subscription(mesh, each, today, known)
    ]
    about = [f"Subscriptions on {today}."]
    return report("subscriptions", "Subscriptions", about, SUBSCRIPTIONS, rows, part)


def _subscription(mesh: Mesh, each: Subscription, today: date, known: Provenance) -> Iterator[Row]:
    consumer = mesh.consumers[each.consumer]
    names = each.principals or tuple(principal.name for principal in consumer.principals)
    for product in subscribed_products(mesh, each):
        yield {
            "subscription": each.name,
            "consumer": each.consumer,
            "owner": product.owner,
            "domain": product.domain,
            "product": product.name,
            "principals": ", ".join(names),
            "purpose": each.purpose,
            "status": status(mesh, each, today),
            "ends": str(each.expires or "no end"),
            "days_left": str((each.expires - today).days) if each.expires else "",
            "approved_by": f"{each.approval.by} {each.approval.at}" if each.approval else "",
            "ticket": (each.approval.ticket or "") if each.approval else "",
            **known.of("Subscription", each.name),
        }


def status(mesh: Mesh, each: Subscription, today: date) -> str:
    """What is to be said first of a subscription."""
    if has_ended(each, today):
        return "ended"
    given = mesh.subscriptions.get(each.name)
    if given is None:
        return "suspended"
    consumer = mesh.consumers[each.consumer]
    names = each.principals or tuple(principal.name for principal in consumer.principals)
    mine = [principal_arn(mesh, consumer, one) for one in consumer.principals if one.name in names]
    away = [arn for arn in mine if is_suspended(mesh, arn)]
    if away or given != each:
        return "suspended" if len(away) == len(names) else "suspended in part"
    if each.expires is None:
        return "without end"
    return "ending" if each.expires - today <= SOON else "active"


def exceptions_report(mesh: Mesh, today: date, part: Part, known: Provenance = NOWHERE) -> Report:
    """What is excepted from policies, and what is suspended."""
    rows: list[Row] = [
        {
            "kind": "Exception",
            "name": each.name,
            "of": f"policy {each.policy} for {', '.join(f'{key}={value}' for key, value in each.for_.items())}",
            "domain": str(each.for_.get("domain", "")),
            "consumer": str(each.for_.get("consumer", "")),
            "reason": each.reason,
            "by": each.owner,
            "ticket": each.ticket or "",
            "until": str(each.until),
            "status": "in force" if today <= each.until else "over",
            **known.of("Exception", each.name),
        }
        for each in mesh.exceptions.values()
    ]
    for each in mesh.suspensions.values():
        tag = "; ".join(f"{key}={value}" for key, value in (each.tag or {}).items())
        named = (("principal", each.principal), ("product", each.product), ("subscription", each.subscription))
        words = [f"{name} {value}" for name, value in (*named, ("consumer", each.consumer), ("label", tag)) if value]
        rows.append(
            {
                "kind": "Suspension",
                "name": each.name,
                "of": ", ".join(words),
                "domain": (each.product or "").rpartition("/")[0],
                "consumer": each.consumer or "",
                "reason": each.reason,
                "by": each.by,
                "ticket": each.ticket or "",
                "until": str(each.until or "no end"),
                "status": "in force" if holds(each, today) else "over",
                **known.of("Suspension", each.name),
            }
        )
    about = [f"Exceptions from policies, and suspensions, on {today}."]
    return report("exceptions", "Exceptions and suspensions", about, EXCEPTIONS, rows, part)


def policies_report(mesh: Mesh, today: date, part: Part, known: Provenance = NOWHERE) -> Report:
    """The mesh's own rules, who answers for them, and what is excepted from each."""
    rows = [
        {
            "policy": each.name,
            "description": each.description,
            "owner": each.owner,
            "domain": each.domain or "",
            "object": each.object,
            "action": each.action,
            "reason": each.reason or "",
            "link": each.link or "",
            "exceptions": "; ".join(
                f"{one.name} until {one.until}"
                for one in mesh.exceptions.values()
                if one.policy == each.name and today <= one.until
            ),
            **known.of("Policy", each.name),
        }
        for each in mesh.policies.values()
    ]
    return report("policies", "Policies", [f"Policies on {today}."], POLICIES, rows, part)
