"""Subscribing: which subscription gives somebody a column, or that none does, and the YAML that would ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.facts.access_fact import AccessFact
from reconciler.access.facts.attribution import attribution
from reconciler.access.facts.of_table import table_facts
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.extents import products_in
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Subscribing:
    """What the documents have to do with it.

    sentences  which subscription gives it or that none does, and whose product it is
    yaml       the lines that would ask for what is not readable; empty where nothing is missing or nobody can tell
    """

    sentences: tuple[str, ...]
    yaml: tuple[str, ...] = ()


def subscribing(access: Access, mesh: Mesh, found: TableAccess, column: str | None) -> Subscribing:
    """For a table, or one column of it."""
    view, principal = found.table_view, found.principal
    known = attribution(mesh)
    product = known.product(view.id.catalog, view.id.database, view.id.table)
    facts = [*table_facts(access, mesh, found, view.mask([column]) if column else None)]
    read = {fact.column for fact in facts if fact.is_reading and fact.certain}
    sentences = [*_given(facts)]
    consumer = known.consumers.get(principal, "")
    missing = [name for name in view.columns if name not in read and column in (None, name)]
    if not sentences and consumer:
        sentences.append(f"no subscription of {consumer} gives it")
    elif not sentences and read:
        sentences.append("no subscription gives it: it is given by something else")
    if product is None:
        shared = products_in(mesh, view.id.database)
        nobodys = f"{view.id} is a table" if shared else f"database {view.id.database} is"
        return Subscribing((*sentences, f"{nobodys} of no product of the mesh"))
    owner = f"{view.id} belongs to the product {product.name} of {product.domain}, owned by {product.owner}"
    if not missing or not consumer:
        return Subscribing((*sentences, owner))
    return Subscribing((*sentences, owner), tuple(_request(access, mesh, found, product, consumer, missing)))


def _given(facts: list[AccessFact]) -> Iterator[str]:
    """Each subscription that gives any of it, with its terms."""
    for terms in dict.fromkeys(fact.terms for fact in facts if fact.is_reading and fact.terms.subscription):
        until = f"until {terms.expires}" if terms.expires else "without an end"
        approved = f", approved by {terms.approved_by} on {terms.approved_at}" if terms.approved_by else ""
        ticket = f" ({terms.ticket})" if terms.ticket else ""
        purpose = terms.purpose.rstrip(".")
        yield f"the subscription {terms.subscription} gives it {until}{approved}{ticket}, for: {purpose}"


def _request(
    access: Access, mesh: Mesh, found: TableAccess, product: Product, consumer: str, missing: list[str]
) -> Iterator[str]:
    """The lines to write: a wider clearance of the subscription that is there, or a new one."""
    key, view = mesh.settings.sensitivity_key, found.table_view
    labels = dict(zip(view.columns, view.signature.values(access.directory.sensitivity_key), strict=True))
    wanted = {value for name in missing if (value := labels[name])}
    who = access.directory.label(found.principal).rpartition("/")[2]
    there, order = _subscription(mesh, product, consumer, who), access.directory.sensitivity_order
    if there is not None and there.clearance.get(key) and wanted:
        clearance = {**there.clearance, key: _ordered({*there.clearance[key], *wanted}, order)}
        yield f"# {there.origin}: instead of its clearance and approval"
    else:
        # A partition key has no label and comes with whatever is read: the least that there is.
        values = _ordered(wanted, order) or _ordered({value for value in labels.values() if value}, order)[:1]
        clearance = {key: values} if values else {}
        yield f"# a new file below consumers/{consumer}/subscriptions/"
        yield "apiVersion: meshform/v1"
        yield "kind: Subscription"
        yield f"name: {consumer}-{product.name}"
        yield f"consumer: {consumer}"
        yield f"product: {product.domain}/{product.name}"
        yield f"principals: [{who}]"
        yield "purpose: ..."
    if clearance:
        terms = ", ".join(f"{name}: [{', '.join(values)}]" for name, values in clearance.items())
        yield f"clearance: {{{terms}}}"
    else:
        data = view.names(view.signature.data)
        names = [name for name in missing if name in data] or data[:1]
        yield f"tables: [{{name: {view.id.table}, columns: [{', '.join(names)}]}}]"


def _ordered(values: Iterable[str], order: tuple[str, ...]) -> tuple[str, ...]:
    """From the least to the most sensitive; what is not in the order last."""
    return tuple(sorted(values, key=lambda each: (order.index(each) if each in order else len(order), each)))


def _subscription(mesh: Mesh, product: Product, consumer: str, who: str) -> Subscription | None:
    """The subscription by which a principal reads the product already."""
    return next(
        (
            each
            for each in mesh.subscriptions.values()
            if each.consumer == consumer and who in each.principals and mesh.product(each) is product
        ),
        None,
    )
