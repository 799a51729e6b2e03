"""more-than-reading: somebody may change or drop tables, or pass rights on, only when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access import principal_directory
from reconciler.kinds.iam.trust_policy import is_outside
from reconciler.model.change import Create, Update
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import Grant, OnColumns
from reconciler.plan.review import Review
from reconciler.spec.approval import beyond_reading
from reconciler.spec.names import writer_arn
from reconciler.spec.rule import Rule
from reconciler.spec.tags import subscribed_products

MORE_THAN_READING = Rule(
    "more-than-reading",
    "error",
    "Rights beyond reading are given only when somebody says so.",
    "INSERT, DELETE, ALTER, DROP and ALL let consumers change the producer's tables for everybody, and a product's "
    "`writers` are who is to. The owner of the product approves them whatever the sensitivity. Who may pass rights on "
    "(`grantable` of an Adopted document) decides himself who reads. Whoever comes to act as a role that has such "
    "rights (`trust`) has them, too. Leave `permissions` of a subscription out to "
    "read, or accept by name.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each subscription, each writer and each adopted grant by which the plan gives such rights."""
    yield from _writers(reviewed)
    yield from _adopted(reviewed)
    yield from _subscriptions(reviewed)
    yield from _assumed(reviewed)


def _assumed(reviewed: Review) -> Iterable[Finding]:
    """Whoever comes to act as a role that has such rights; what the role itself comes to have is told above."""
    rights: dict[tuple[str, bool], dict[str, None]] = {}
    hows: dict[tuple[str, bool], str] = {}
    databases: dict[tuple[str, bool], set[str]] = {}
    for entry in reviewed.access.gained if reviewed.access is not None else ():
        fresh = [each for each in entry.permissions if each not in ("SELECT", "DESCRIBE")]
        if entry.assumed is not None and fresh:
            key = entry.label, is_outside(entry.principal, entry.assumed.role)
            hows.setdefault(key, entry.via[0])
            rights.setdefault(key, {})[f"{', '.join(fresh)} on {entry.where}"] = None
            databases.setdefault(key, set()).update({entry.place.database} - {""})
    for (who, outside), said in rights.items():
        yield Finding(
            MORE_THAN_READING.id,
            MORE_THAN_READING.severity,
            f"{who} could {'; '.join(said)}, since {hows[who, outside]}.",
            databases=tuple(sorted(databases[who, outside])),
            by_governance=outside,
        )


def _grants(reviewed: Review) -> Iterator[Create | Update]:
    """The changes of the plan after which somebody has a permission."""
    for step in reviewed.steps:
        if isinstance(step.change, Create | Update) and isinstance(step.change.want.spec, Grant):
            yield step.change


def _subscriptions(reviewed: Review) -> Iterable[Finding]:
    given: dict[str, set[str]] = {}
    for change in _grants(reviewed):
        if change.origin is not None:
            given.setdefault(change.origin.file, set()).add(change.want.spec.permission)
    for subscription in reviewed.mesh.subscriptions.values():
        rights = [each for each in beyond_reading(subscription) if each in given.get(subscription.origin.file, ())]
        if rights:
            reached = subscribed_products(reviewed.mesh, subscription)
            products = ", ".join(product.name for product in reached)
            yield Finding(
                MORE_THAN_READING.id,
                MORE_THAN_READING.severity,
                f"{subscription.consumer} could {', '.join(rights)} in tables of {products or 'products to come'} by "
                f"the subscription {subscription.name}.",
                subscription.at("permissions"),
                databases=tuple(name for product in reached for name in product.databases),
            )


def _writers(reviewed: Review) -> Iterable[Finding]:
    given: dict[str, set[str]] = {}
    for change in _grants(reviewed):
        if isinstance(change, Create):
            given.setdefault(change.want.spec.principal, set()).add(change.want.spec.permission)
    for product in reviewed.mesh.products.values():
        for number, writer in enumerate(product.writers):
            new = given.get(writer_arn(reviewed.mesh, product, writer), set())
            rights = [each for each in writer.permissions if each in new and each != "SELECT"]
            if rights:
                yield Finding(
                    MORE_THAN_READING.id,
                    MORE_THAN_READING.severity,
                    f"{writer.name} ({writer.role}) could {', '.join(rights)} in {product.name} as its writer.",
                    product.at("writers", number),
                    databases=product.databases,
                )


def _adopted(reviewed: Review) -> Iterable[Finding]:
    """Grants that a document takes over as they are, where they are not there, or may not all be passed on yet."""
    mesh, directory = reviewed.mesh, principal_directory(reviewed.mesh)
    files = {each.origin.file for each in mesh.adopted.values()}
    for change in _grants(reviewed):
        if change.origin is None or change.origin.file not in files:
            continue
        new, old = change.want.spec, change.have.spec if isinstance(change, Update) else None
        passes_on = new.grantable and not (old is not None and old.grantable and _opens_no_more(new, old))
        if passes_on or (old is None and new.permission not in ("SELECT", "DESCRIBE")):
            name, option = directory.label(new.principal), " and let others do so" if passes_on else ""
            message = f"{name} could {new.permission}{option} on {new.target}, as an Adopted document says."
            yield MORE_THAN_READING.broken(change.origin, message)


def _opens_no_more(new: Grant, old: Grant) -> bool:
    """Whether each column of the one grant is one of the other, which is on the same table if both are on columns."""
    match new.target, old.target:
        case OnColumns(excluded=False) as wanted, OnColumns(excluded=False) as held:
            return set(wanted.columns) <= set(held.columns)
        case OnColumns(excluded=True) as wanted, OnColumns(excluded=True) as held:
            return set(wanted.columns) >= set(held.columns)
        case wanted, held:
            return wanted == held
