"""Everything has one name, and every name is given once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.language.registry import kind_of
from reconciler.spec.names import work_role
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

T = TypeVar("T")
Path = tuple[str | int, ...]

DOCUMENT = Rule(
    "duplicate-document",
    "error",
    "No two documents of one kind have the same name.",
    "Rename one of them, or delete it.",
)
ENTRY = Rule(
    "duplicate-entry",
    "error",
    "Tables, columns, principals, places and tag values are declared once.",
    "Delete or rename the second one.",
)
ACCOUNT_ID = Rule(
    "duplicate-account-id",
    "error",
    "Every AWS account has one document.",
    "An account may play several parts: list them in `parts` of one document.",
)
ROLE = Rule(
    "duplicate-role",
    "error",
    "A role is made for one principal.",
    "Leave out `create` at the second one to use the role of the first, or give it another role.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about what is declared twice."""
    for kind in {type(document): None for _, document in unchecked.entries}:
        if kind is not Settings:
            yield from _documents(unchecked, kind)
    for first, second in _pairs(unchecked.all(Account), lambda account: account.id):
        if first.name != second.name:
            yield ACCOUNT_ID.broken(
                second.at("id"), f"{second.id} is already the account {first.name} ({first.origin})"
            )
    yield from _entries(unchecked)
    yield from _roles(unchecked)


def _documents(unchecked: UncheckedMesh, kind: type[Document]) -> Iterator[Finding]:
    for first, second in _pairs(unchecked.all(kind), lambda document: document.name):
        yield DOCUMENT.broken(
            second.at("name"), f"there is already a {kind_of(kind)} of the name {second.name} ({first.origin})"
        )


def _entries(unchecked: UncheckedMesh) -> Iterator[Finding]:
    for product in unchecked.all(Product):
        yield from _twice(product, "table", [(each.name, ("tables", i)) for i, each in enumerate(product.tables)])
        for index, table in enumerate(product.tables):
            names = [*[each.name for each in table.columns], *[each.name for each in table.partition_keys]]
            if len({*names}) == len(names):
                continue
            here = ("tables", index)
            columns: list[tuple[str, Path]] = [
                *((each.name, (*here, "columns", at)) for at, each in enumerate(table.columns)),
                *((each.name, (*here, "partitionKeys", at)) for at, each in enumerate(table.partition_keys)),
            ]
            yield from _twice(product, "column", columns)
    for domain in unchecked.all(Domain):
        yield from _twice(domain, "place", [(each.name, ("places", i)) for i, each in enumerate(domain.places)])
    for consumer in unchecked.all(Consumer):
        principals = [(each.name, ("principals", i)) for i, each in enumerate(consumer.principals)]
        yield from _twice(consumer, "principal", principals)
    for tag in unchecked.all(LFTag):
        yield from _twice(tag, "value", [(each.value, ("values", i)) for i, each in enumerate(tag.values)], "value")


def _roles(unchecked: UncheckedMesh) -> Iterator[Finding]:
    # IAM tells no two names apart that differ in case only.
    made = [
        ((consumer.account, principal.role.lower()), consumer.at("principals", index, "role"))
        for consumer in unchecked.all(Consumer)
        for index, principal in enumerate(consumer.principals)
        if principal.create and principal.role is not None
    ]
    staff = {(account, name.lower()): origin for account, name, origin in _staff(unchecked)}
    for (account, role), origin in made:
        if (account, role) in staff:
            yield ROLE.broken(origin, f"the role {role} is already made in {account} ({staff[account, role]})")
    for (_, first), ((account, role), second) in _pairs(made, lambda each: each[0]):
        yield ROLE.broken(second, f"the role {role} is already made in {account} ({first})")
    own = _own_roles(unchecked)
    for (_, role), origin in (*made, *staff.items()):
        if role in own:
            yield ROLE.broken(origin, f"Meshform makes a role {role} for its own work; take another name")


def _staff(unchecked: UncheckedMesh) -> Iterator[tuple[str | None, str, Origin]]:
    """The roles of administrators and stewards that are made: account, name, and where it is first written."""
    seen: set[tuple[str | None, str]] = set()
    for account in unchecked.named(Account).values():
        if not account.manage_roles:
            continue
        named: list[tuple[Document, str, tuple[str, ...]]] = [
            (account, "admins", account.admins),
            (account, "stewards", account.stewards),
            *((each, "stewards", each.stewards) for each in unchecked.all(Domain) if each.account == account.name),
            *((each, "admins", each.admins) for each in unchecked.all(Consumer) if each.account == account.name),
        ]
        for document, field, names in named:
            for index, name in enumerate(names):
                if not name.startswith("arn:") and (account.name, name) not in seen:
                    seen.add((account.name, name))
                    yield account.name, name, document.at(field, index)


def _own_roles(unchecked: UncheckedMesh) -> frozenset[str]:
    """The names of the roles that Meshform makes for its own work, in any account, and as it called them before."""
    work = [("register", domain.name) for domain in unchecked.all(Domain)]
    work += [(of, each.name) for of in ("crawl", "curate", "quality") for each in unchecked.all(Product)]
    work += [("events-from", account.name) for account in unchecked.all(Account)]
    names = {f"{of}-{name}" for of, name in work}
    return frozenset(names | {work_role(mesh.name, *each) for mesh in unchecked.all(Settings)[:1] for each in work})


def _twice(document: Document, what: str, names: Sequence[tuple[str, Path]], field: str = "name") -> Iterator[Finding]:
    for first, second in _pairs(names, lambda name: name[0]):
        line = document.at(*first[1], field).line
        yield ENTRY.broken(document.at(*second[1], field), f"the {what} {second[0]} is already declared on line {line}")


def _pairs(things: Iterable[T], key: Callable[[T], Hashable]) -> Iterator[tuple[T, T]]:
    """The first thing with a key and each later one with the same."""
    seen: dict[Hashable, T] = {}
    for thing in things:
        first = seen.setdefault(key(thing), thing)
        if first is not thing:
            yield first, thing
