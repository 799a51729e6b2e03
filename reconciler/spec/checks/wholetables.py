"""One reader, one table: a whole table and some of its columns do not go together, over all subscriptions."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.limits import FILTERS_OF_PRINCIPAL
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arns, reader
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

MIXED = Rule(
    "table-and-columns",
    "error",
    "No reader receives a whole table by its name in one subscription and a list of its columns in another.",
    "Lake Formation refuses both for one principal and table, and an account receives what its principals do. Keep the "
    "whole table, list columns in both, or ask by a clearance.",
)
FILTERS = Rule(
    "too-many-filters",
    "error",
    f"A reader has at most {FILTERS_OF_PRINCIPAL} row filters on one table.",
    "Lake Formation takes no more. Join conditions by OR in one subscription.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about tables that a reader receives in more than one way."""
    if unchecked.mesh is None:
        return
    mesh = unchecked.mesh
    first: dict[tuple[str, str, str], tuple[bool, Subscription, Origin]] = {}
    filters: dict[tuple[str, str, str], int] = {}
    said: set[tuple[Origin, Origin]] = set()
    for subscription in mesh.subscriptions.values():
        for index, shared in enumerate(subscription.tables):
            origin = subscription.at("tables", index)
            for grantee in _grantees(mesh, subscription):
                here = (grantee, subscription.product.rpartition("/")[2] if subscription.product else "", shared.name)
                if shared.rows is not None:
                    filters[here] = filters.get(here, 0) + 1
                    if filters[here] == FILTERS_OF_PRINCIPAL + 1:
                        yield FILTERS.broken(origin, f"{grantee} has more than {FILTERS_OF_PRINCIPAL} row filters")
                    continue
                is_whole = not shared.columns and not shared.exclude
                known = first.setdefault(here, (is_whole, subscription, origin))
                if known[0] != is_whole and known[1] is not subscription and (known[2], origin) not in said:
                    said.add((known[2], origin))
                    whole, part = ("whole", "in columns") if is_whole else ("in columns", "whole")
                    yield MIXED.broken(
                        origin,
                        f"{shared.name} is shared {whole} here, and {part} with the same reader by {known[1].name} "
                        f"({known[2]})",
                    )


def _grantees(mesh: Mesh, subscription: Subscription) -> Iterator[str]:
    """Who is granted something by a subscription: its principals, and the account unless they receive it directly."""
    yield from principal_arns(mesh, subscription)
    consumer = mesh.consumer(subscription)
    if subscription.share == "account" and consumer.account != mesh.settings.central:
        yield reader(mesh, consumer)
