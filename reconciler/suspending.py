"""Suspending somebody or something: the document that says so, and the steps of a plan that it asks for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reconciler.access import principal_directory
from reconciler.errors import MeshformError
from reconciler.kinds.events.subscription_notice import Notice
from reconciler.model.address import Address
from reconciler.model.change import Change, Delete
from reconciler.model.lakeformation import Grant
from reconciler.model.plan import Plan
from reconciler.owners.documents import path_in_mesh
from reconciler.plan.reviewed import Expected
from reconciler.spec.in_force import is_suspended
from reconciler.spec.language.format import canonical
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import admin_arns, principal_identity
from reconciler.spec.suggest import closest, did_you_mean
from reconciler.spec.yaml.flow import page

SUBJECTS = ("principal", "consumer", "product", "subscription", "tag")


@dataclass(frozen=True, slots=True)
class Suspended:
    """The document of a suspension: where it goes in the mesh, and its text."""

    name: str
    path: str
    text: str


def suspended(
    mesh: Mesh, who: str, reason: str, by: str, today: date, until: date | None = None, ticket: str | None = None
) -> Suspended:
    """The document that suspends `who`: consumer/principal, an ARN, a consumer, a product, a subscription, TAG=VALUE;
    or any of them after what it is, as `product:credit-profile`. Raises MeshformError for what is not one thing, and
    for an ARN that no document names, unless it is written `principal:arn:...`.

    Where a document says the same already, since this is a second try, it is that one.
    """
    subject, value = _subject(mesh, who)
    said = re.sub(r"[^a-z0-9]+", "-", f"{value}".rpartition("role/")[2].lower()).strip("-")
    fields: dict[str, object] = {subject: dict([value.split("=", 1)]) if subject == "tag" else value}
    fields |= {"reason": reason, "by": by, "ticket": ticket or None, "until": until}
    same = (each for each in mesh.suspensions.values() if all(getattr(each, key) == fields[key] for key in fields))
    if (known := next(same, None)) is not None:
        name, path = known.name, path_in_mesh(mesh, known)
    else:
        name = _free(mesh, f"{today.isoformat()}-{said}"[:50].strip("-"))
        path = f"suspensions/{_folder(mesh, subject, value)}{name}.yaml"
    document: dict[str, object] = {"apiVersion": "meshform/v1", "kind": "Suspension", "name": name}
    document |= {key: value for key, value in fields.items() if value is not None}
    return Suspended(name, path, canonical(path, page(document)))


def _folder(mesh: Mesh, subject: str, value: str) -> str:
    """The folder of the domain whose data it is about, whose owner may approve it; none where it is about several."""
    product = mesh.products.get(value.rpartition("/")[2]) if subject == "product" else None
    if subject == "subscription" and (written := mesh.written.get(value)) is not None and written.product:
        product = mesh.products.get(written.product.rpartition("/")[2])
    return f"{product.domain}/" if product is not None else ""


def _subject(mesh: Mesh, who: str) -> tuple[str, str]:
    """What it is that is named, and how the document calls it."""
    kind, colon, rest = who.partition(":")
    if colon and kind in SUBJECTS:
        return kind, rest
    if who.startswith("arn:"):
        _must_know(mesh, who)
        return "principal", who
    found = {each for each in SUBJECTS if who in _names(mesh)[each]}
    if len(found) == 1:
        return found.pop(), who
    if found:
        forms = " or ".join(f"`{each}:{who}`" for each in sorted(found))
        raise MeshformError(f"{who} is the name of several things. Write {forms}.")
    known = [name for names in _names(mesh).values() for name in names]
    raise MeshformError(
        f"There is nothing called {who} in the mesh{did_you_mean(who, known)}.",
        hints=("write consumer/principal, an ARN, a consumer, a product, a subscription, or TAG=VALUE",),
    )


def _must_know(mesh: Mesh, arn: str) -> None:
    """Raises MeshformError for an ARN that no document names: a slip of the pen would take nothing away, in silence."""
    every = {principal_identity(each): each for each in _principals(mesh)}
    if principal_identity(arn) in every:
        return
    by_name = {each.rpartition("/")[2]: each for each in sorted(every.values(), reverse=True)}
    near = closest(arn.rpartition("/")[2], by_name)
    meant = f" (did you mean {by_name[near]}?)" if near else ""
    raise MeshformError(
        f"The mesh knows no principal {arn}{meant}: no document gives it anything.",
        hints=(f"write principal:{arn} to take away what AWS alone gives it, and whatever it would be given",),
    )


def _principals(mesh: Mesh) -> Iterator[str]:
    """Whom documents name, as AWS writes them."""
    directory = principal_directory(mesh)
    yield from (*directory.principals, *directory.groups)
    for account in mesh.accounts.values():
        yield from admin_arns(mesh, account)
    for adopted in mesh.adopted.values():
        yield from (each.principal for each in adopted.grants)
        yield from (each.principal for each in adopted.opt_ins)
    yield from (each.principal for each in mesh.suspensions.values() if each.principal)


def _names(mesh: Mesh) -> Mapping[str, frozenset[str]]:
    products = mesh.products.values()
    return {
        "principal": frozenset(
            f"{each.name}/{principal.name}" for each in mesh.consumers.values() for principal in each.principals
        ),
        "consumer": frozenset(mesh.consumers),
        "product": frozenset(mesh.products) | {f"{each.domain}/{each.name}" for each in products},
        "subscription": frozenset(mesh.written),
        "tag": frozenset(f"{tag.name}={value}" for tag in mesh.tags.values() for value in tag.value_names),
    }


def _free(mesh: Mesh, name: str) -> str:
    number, free = 1, name
    while free in mesh.suspensions:
        number += 1
        free = f"{name}-{number}"
    return free


def given_besides(plan: Plan, named: Mesh) -> frozenset[Address]:
    """What of a plan takes permissions from who is suspended, whoever gave them: by hand, too, which nothing asks for.

    `named` is a mesh with the suspension alone.
    """
    changes = (*(step.change for step in plan.steps), *(each.change for each in plan.held))
    return frozenset(
        change.address
        for change in changes
        if isinstance(change, Delete)
        and isinstance(change.have.spec, Grant)
        and is_suspended(named, change.have.spec.principal)
    )


def asked_steps(plan: Plan, asked: Collection[Address]) -> Expected:
    """The steps of a plan for what is asked for, as if reviewed, and their notices: no others."""
    return {
        str(step.address): frozenset({step.digest})
        for step in plan.steps
        if step.address in asked or any(told in asked for told in _told(step.change))
    }


def _told(change: Change) -> tuple[Address, ...]:
    """Of what a notice tells: it follows from what is done, so no document asks for it."""
    return change.want.spec.tells if not isinstance(change, Delete) and isinstance(change.want.spec, Notice) else ()
