"""Suspensions: each says whom or what it suspends, once, and that is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from reconciler.model.finding import Finding
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.suspension import Suspension
from reconciler.spec.in_force import holds, suspended_principals
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn, principal_identity
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

SUBJECT = Rule(
    "suspension-of-what",
    "error",
    "A suspension says exactly one of principal, consumer, product, subscription and tag.",
    "Two suspensions are two documents, so that each can be lifted by itself.",
)
UNKNOWN = Rule(
    "suspension-of-nothing",
    "error",
    "What is suspended is in the mesh.",
    "A misspelt suspension would take away nothing. Correct the name; a principal outside of the mesh is an ARN.",
)
OVER = Rule(
    "suspension-over",
    "warning",
    "A suspension that is over is removed.",
    "It takes nothing away any more: whoever was suspended reads again. Remove the document, or set a later `until`.",
)
ENDS = Rule(
    "suspension-ends",
    "warning",
    "Nobody is surprised by the end of a suspension.",
    "With the day after `until` the access is given back by the next apply. Set a later day where that is too early.",
)
GROUP = Rule(
    "suspension-by-group",
    "warning",
    "Whoever is suspended reads by no group either.",
    "Lake Formation grants to a group, or to a whole account, and to its members by that. Suspend the group or the "
    "whole account, or take him out of it.",
)
_SOON = timedelta(days=7)
_KINDS: dict[str, type[Document]] = {"consumer": Consumer, "subscription": Subscription, "product": Product}


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about suspensions."""
    for suspension in unchecked.all(Suspension):
        if len(suspension.subjects) != 1:
            said = " and ".join(suspension.subjects) or "nothing"
            yield SUBJECT.broken(
                suspension.origin,
                f"{suspension.name} suspends {said}; write one of principal, consumer, product, subscription, tag",
            )
            continue
        yield from _unknown(unchecked, suspension)
        if suspension.principal is not None and unchecked.mesh is not None:
            yield from _groups(unchecked.mesh, suspension, suspension.principal)
        if suspension.until is not None:
            at = suspension.at("until")
            if not holds(suspension, unchecked.today):
                yield OVER.broken(at, f"{suspension.name} was over on {suspension.until}; it takes nothing away")
            elif not holds(suspension, unchecked.today + _SOON):
                yield ENDS.broken(at, f"{suspension.name} ends on {suspension.until}; then the access is given back")


def _unknown(unchecked: UncheckedMesh, suspension: Suspension) -> Iterator[Finding]:
    (subject,) = suspension.subjects
    match subject:
        case "consumer" | "subscription" | "product":
            kind: type[Document] = _KINDS[subject]
            said = str(getattr(suspension, subject))
            domain, _, name = said.rpartition("/")
            product = unchecked.named(Product).get(name) if kind is Product else None
            if not unchecked.knows(kind, name) or (product and domain and domain != product.domain):
                near = unchecked.near_document(kind, name)
                yield UNKNOWN.broken(suspension.at(subject), f"there is no {subject} {said}{near}")
        case "principal":
            yield from _principal(unchecked, suspension)
        case _:
            ((key, value),) = (suspension.tag or {}).items()
            tag = unchecked.named(LFTag).get(key)
            if not unchecked.knows(LFTag, key):
                yield UNKNOWN.broken(
                    suspension.at("tag", key), f"there is no LF-tag {key}{unchecked.near_document(LFTag, key)}"
                )
            elif tag is not None and value not in tag.value_names:
                near = unchecked.near(value, tag.value_names)
                yield UNKNOWN.broken(suspension.at("tag", key), f"{key} has no value {value}{near}")


def _principal(unchecked: UncheckedMesh, suspension: Suspension) -> Iterator[Finding]:
    said = str(suspension.principal)
    if said.startswith("arn:"):
        if "*" in said or "?" in said or said.count(":") < 5:
            yield UNKNOWN.broken(suspension.at("principal"), f"{said} is not the ARN of one principal")
        return
    known = [
        f"{consumer.name}/{principal.name}"
        for consumer in unchecked.named(Consumer).values()
        for principal in consumer.principals
    ]
    consumer = said.partition("/")[0]
    if said not in known and (consumer in unchecked.named(Consumer) or not unchecked.knows(Consumer, consumer)):
        near = unchecked.near(said, known)
        yield UNKNOWN.broken(
            suspension.at("principal"), f"there is no principal {said}{near}; write consumer/principal, or an ARN"
        )


def _groups(mesh: Mesh, suspension: Suspension, principal: str) -> Iterator[Finding]:
    """The groups that give a suspended principal what they read."""
    mine = suspended_principals(mesh, [suspension])
    every = suspended_principals(mesh, mesh.suspensions.values())
    for consumer in mesh.consumers.values():
        for group in consumer.principals:
            account = mesh.reader_account(consumer) if group.whole_account else None
            is_member = any(principal_identity(each) in mine for each in group.members) or (
                account is not None and any(each.startswith(f"{account.id}:") for each in mine)
            )
            if is_member and principal_identity(principal_arn(mesh, consumer, group)) not in every:
                what = "account that reads as a whole, by" if group.whole_account else "group"
                words = f"{principal} is also in the {what} {consumer.name}/{group.name}, and reads what it reads"
                yield GROUP.broken(suspension.at("principal"), words)
