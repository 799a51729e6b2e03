"""more-than-reading: somebody may change or drop tables, or pass rights on, only when somebody says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from reconciler.access import AccessDifference, principal_directory
from reconciler.access.differences.rights import OPTION
from reconciler.access.facts.of_entry import facts_of_entry
from reconciler.kinds.iam.trust_policy import is_outside
from reconciler.model.change import Create, Update
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import Grant, OnColumns
from reconciler.plan.passing_on import founds, passing_on, who
from reconciler.plan.review import Review
from reconciler.spec.approval import beyond_reading
from reconciler.spec.extents import product_at
from reconciler.spec.names import domain_steward_arns, writer_arn
from reconciler.spec.rule import Rule
from reconciler.spec.tags import subscribed_products

MORE_THAN_READING = Rule(
    "more-than-reading",
    "error",
    "Rights beyond reading are given only when somebody says so.",
    "INSERT, DELETE, ALTER, DROP and ALL let consumers change the producer's tables for everybody, and a product's "
    "`writers` are who is to. The owner of the product approves them whatever the sensitivity. Who may pass rights on "
    "(`grantable` of an Adopted document; an account or an organization as a whole, as far as nobody named there has "
    "the same) decides himself who reads, and a data lake administrator grants himself everything. "
    "Whoever comes to act as a role that has such rights (`trust`) has them, too. Leave `permissions` of a "
    "subscription out to read, name its `principals`, or accept by name.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each subscription, each writer and each adopted grant by which the plan gives such rights."""
    yield from _writers(reviewed)
    yield from _stewards(reviewed)
    yield from _adopted(reviewed)
    yield from _subscriptions(reviewed)
    yield from _assumed(reviewed)
    if reviewed.access is not None:
        yield from _passing(reviewed, reviewed.access)
        yield from _administrators(reviewed, reviewed.access)


def _passing(reviewed: Review, access: AccessDifference) -> Iterable[Finding]:
    """One for each principal, and each account that nobody named has it of, and what it may let others read or do.

    What the account of the data may pass on of them is no news to anybody.
    """
    adopted = {change.want.spec.principal for change in _passed_on_by_adopted(reviewed)}
    for entries in passing_on(access, reviewed.mesh).by_principal():
        if entries[0].principal in adopted:
            continue
        told, databases, by = list[str](), dict[str, None](), dict[str, None]()
        for entry in entries:
            product = product_at(reviewed.mesh, entry.place.database, entry.place.table)
            if product is None or reviewed.mesh.producer(reviewed.mesh.domain(product)).id != entry.principal:
                rights = ", ".join(each.removesuffix(OPTION) for each in entry.permissions)
                what = ", ".join(entry.columns) or rights or "what is not certain"
                told.append(f"{what} of {entry.where}" if entry.columns else f"{what} on {entry.where}")
                databases |= {entry.place.database: None} if product is not None else {}
                by |= {name: None for fact in facts_of_entry(entry, reviewed.mesh) for name in fact.subscriptions}
        if told:
            known = reviewed.mesh.subscriptions
            yield Finding(
                MORE_THAN_READING.id,
                MORE_THAN_READING.severity,
                f"{_capital(who(entries[0]))} could let anybody have {'; '.join(told)}{_by(by)}.",
                next((known[name].at("consumer") for name in by if name in known), None),
                databases=tuple(databases),
            )


def _capital(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}" if name.startswith("the ") else name


def _by(subscriptions: Collection[str]) -> str:
    word = "subscription" if len(subscriptions) == 1 else "subscriptions"
    return f", by the {word} {', '.join(subscriptions)}" if subscriptions else ""


def _administrators(reviewed: Review, access: AccessDifference) -> Iterable[Finding]:
    """Who may grant himself everything of an account; not those with whom the mesh begins."""
    if founds(access, reviewed.mesh):
        return
    accounts = {each.id: each for each in reviewed.mesh.accounts.values()}
    for account, arn in passing_on(access, reviewed.mesh).administrators:
        label, document = access.directory.label, accounts.get(account)
        message = f"{label(arn)} could grant everything in {label(account)} to anybody, itself included."
        origin = document.at("admins") if document is not None else None
        yield Finding(MORE_THAN_READING.id, MORE_THAN_READING.severity, message, origin)


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
    for (name, outside), said in rights.items():
        yield Finding(
            MORE_THAN_READING.id,
            MORE_THAN_READING.severity,
            f"{name} could {'; '.join(said)}, since {hows[name, outside]}.",
            databases=tuple(sorted(databases[name, outside])),
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


def _stewards(reviewed: Review) -> Iterable[Finding]:
    """Whoever comes to a domain that was there before keeps all of its data: he reads and writes them."""
    mesh, before = reviewed.mesh, reviewed.known_before
    if before is None:
        return
    given = {each.want.spec.principal for each in _grants(reviewed) if isinstance(each, Create)}
    for domain in mesh.domains.values():
        old = before.domains.get(domain.name)
        come = {*domain_steward_arns(mesh, domain)} - {*domain_steward_arns(before, old)} if old is not None else set()
        for arn in sorted(come & given):
            name = principal_directory(mesh).label(arn)
            message = f"{name} could read, INSERT and DELETE all of {domain.name} as its steward."
            yield MORE_THAN_READING.broken(domain.at("stewards"), message)


def _adopted(reviewed: Review) -> Iterable[Finding]:
    """Grants that a document takes over as they are, where they are not there, or may not all be passed on yet."""
    directory = principal_directory(reviewed.mesh)
    for change in _of_adopted(reviewed):
        new, passes_on = change.want.spec, _passes_on(change)
        if passes_on or (isinstance(change, Create) and new.permission not in ("SELECT", "DESCRIBE")):
            name, option = directory.label(new.principal), " and let others do so" if passes_on else ""
            message = f"{name} could {new.permission}{option} on {new.target}, as an Adopted document says."
            yield Finding(MORE_THAN_READING.id, MORE_THAN_READING.severity, message, change.origin)


def _of_adopted(reviewed: Review) -> Iterator[Create | Update]:
    files = {each.origin.file for each in reviewed.mesh.adopted.values()}
    return (each for each in _grants(reviewed) if each.origin is not None and each.origin.file in files)


def _passed_on_by_adopted(reviewed: Review) -> Iterator[Create | Update]:
    return filter(_passes_on, _of_adopted(reviewed))


def _passes_on(change: Create | Update) -> bool:
    """Whether somebody may pass on by it what he could not before."""
    new, old = change.want.spec, change.have.spec if isinstance(change, Update) else None
    return new.grantable and not (old is not None and old.grantable and _opens_no_more(new, old))


def _opens_no_more(new: Grant, old: Grant) -> bool:
    """Whether each column of the one grant is one of the other, which is on the same table if both are on columns."""
    match new.target, old.target:
        case OnColumns(excluded=False) as wanted, OnColumns(excluded=False) as held:
            return set(wanted.columns) <= set(held.columns)
        case OnColumns(excluded=True) as wanted, OnColumns(excluded=True) as held:
            return set(wanted.columns) >= set(held.columns)
        case wanted, held:
            return wanted == held
