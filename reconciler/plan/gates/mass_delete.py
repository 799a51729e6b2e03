"""mass-delete: a plan that takes away much is a mistake: an emptied folder, a wrong branch, half a checkout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access import AccessEntry
from reconciler.kinds import registry
from reconciler.model.change import Delete
from reconciler.model.finding import Finding
from reconciler.plan.counted import people, principals
from reconciler.plan.review import Review
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.tags import subscribed_products

MASS_DELETE = Rule(
    "mass-delete",
    "error",
    "A plan takes away no more than the limits of the mesh allow.",
    "Look whether folders are missing. Raise `limits` in mesh.yaml, or accept this plan by name. Permissions, filters, "
    "links and notices are not counted as resources: giving back a subscription, ending it or widening it is ordinary. "
    "They are counted by whom they leave without anything: by accounts that read.",
)
_FEW = 10
"""Of fewer resources, or pairs of a reader and a product, no share is taken: one of three is no mass."""
_ACCOUNTS = 2
"""One account that loses everything may have given back its last subscription."""

Pair = tuple[str, str]
"""An account that reads, and a product, or a database that is none's."""


def findings(reviewed: Review) -> Iterable[Finding]:
    """More than the mesh's limits allow: resources, a share of them, or accounts left without anything to read."""
    limits, origin = reviewed.mesh.settings.limits, reviewed.mesh.settings.at("limits")
    said = (*_missing(reviewed), *_resources(reviewed), *_readers(reviewed, limits.deletes), *_principals(reviewed))
    for message in said:
        yield Finding(MASS_DELETE.id, MASS_DELETE.severity, message, origin)


def _missing(reviewed: Review) -> Iterator[str]:
    """A mesh without any document of a kind of which AWS has the work: an emptied folder."""
    taken = any(isinstance(step.change, Delete) for step in reviewed.steps)
    for what, documents in (("consumers", reviewed.mesh.consumers), ("products", reviewed.mesh.products)):
        if taken and not documents:
            yield f"The mesh has no {what}, and what AWS has of them would go. Is a folder missing?"


def _resources(reviewed: Review) -> Iterator[str]:
    """Resources that are more than somebody's access."""
    limits, kinds = reviewed.mesh.settings.limits, registry()
    deletes = sum(
        isinstance(step.change, Delete) and not kinds[step.address.kind].takes_only_access for step in reviewed.steps
    )
    if deletes > limits.deletes:
        yield f"The plan deletes {deletes} resources; the mesh allows {limits.deletes} without asking (limits.deletes)."
    if reviewed.observation is None:
        return
    found = reviewed.observation.found
    kept = sum(address in found and not kinds[address.kind].takes_only_access for address in reviewed.wanted)
    if deletes + kept >= _FEW and deletes > limits.delete_share * (deletes + kept):
        yield (
            f"The plan deletes {deletes} of {deletes + kept} resources; the mesh allows a share of "
            f"{limits.delete_share:g} without asking (limits.deleteShare)."
        )


def _readers(reviewed: Review, most: int) -> Iterator[str]:
    """Accounts that read nothing any more, and products that accounts read no more."""
    if reviewed.access is None:
        return
    share = reviewed.mesh.settings.limits.delete_share
    kept = set(_reading(reviewed.mesh))
    mesh = reviewed.mesh
    lost: set[Pair] = set()
    for entry in reviewed.access.lost:
        product = product_at(mesh, entry.place.database, entry.place.table)
        producer = mesh.producer(mesh.domain(product)).id if product is not None else None
        if _loses_all(entry) and producer != entry.account:
            lost.add((entry.account, product.name if product is not None else entry.place.database))
    lost -= kept
    accounts, left = {account for account, _ in lost}, {account for account, _ in kept}
    gone = accounts - left
    if len(gone) >= _ACCOUNTS and len(gone) > share * len(gone | left):
        yield (
            f"{len(gone)} of {len(gone | left)} accounts that read would have nothing to read any more; the mesh "
            f"allows a share of {share:g} without asking (limits.deleteShare)."
        )
    elif len(lost) > max(most, _FEW) and len(lost) > share * len(lost | kept):
        yield (
            f"{len(lost)} of {len(lost | kept)} products that accounts read would be taken from them; the mesh allows "
            f"{most}, or a share of {share:g}, without asking (limits)."
        )


def _principals(reviewed: Review) -> Iterator[str]:
    """More people who lose something than the mesh wants to hear of afterwards; nobody counts them by default."""
    most = reviewed.mesh.settings.limits.principals_losing
    if most is not None:
        who = principals(people(reviewed.lost_facts()))
        if who > most:
            count = f"{who} principal{'' if who == 1 else 's'}"
            yield f"{count} would lose access; the mesh allows {most} by one plan (limits.principalsLosing)."


def _reading(mesh: Mesh) -> Iterator[Pair]:
    """What accounts still read, by the documents."""
    for subscription in mesh.subscriptions.values():
        account = mesh.reader_account(mesh.consumer(subscription))
        if account is not None:
            yield from ((account.id, product.name) for product in subscribed_products(mesh, subscription))


def _loses_all(entry: AccessEntry) -> bool:
    """Whether somebody loses all that he read of a table."""
    return entry.change == "columns" and entry.readable == len(entry.columns)
