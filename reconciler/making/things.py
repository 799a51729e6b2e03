"""Which product, table or column somebody means, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.errors import MeshformError
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.language.row_filter import comparisons
from reconciler.spec.mesh import Mesh
from reconciler.spec.nested_fields import top
from reconciler.spec.retiring import Thing, reads
from reconciler.spec.suggest import did_you_mean


def thing_of(mesh: Mesh, said: str) -> Thing:
    """A thing by its name: product, domain/product, [product.]table, [product.]table.column. Raises MeshformError."""
    match named_things(mesh, said):
        case [thing]:
            return thing
        case []:
            known = all_names(mesh)
            raise MeshformError(
                f"There is no product, table or column {said}{did_you_mean(said, known)}.",
                hints=("`meshform search WORDS` finds data by what they are about",),
            )
        case several:
            raise MeshformError(
                f"{said} is the name of several things. Write one of {', '.join(each.name for each in several[:5])}."
            )


def named_things(mesh: Mesh, said: str) -> list[Thing]:
    """Everything that is called so. A product goes before a table of its name: the table has a longer one."""
    found = [thing for thing in _things(mesh) if said in _names(thing)]
    return [thing for thing in found if thing.kind == "product"] or found


def all_names(mesh: Mesh) -> list[str]:
    """Every name by which a product, table or column can be meant."""
    return [name for thing in _things(mesh) for name in _names(thing)]


def column_of(mesh: Mesh, said: str) -> Thing:
    """A column by its name. Raises MeshformError."""
    found = thing_of(mesh, said)
    if found.column is None:
        raise MeshformError(f"{found.name} is a {found.kind}. Only columns are renamed: write table.column.")
    return found


def readers(mesh: Mesh, thing: Thing) -> Iterator[str]:
    """Who reads a thing, a line for each subscription, and whether it says the column's name."""
    for each in mesh.subscriptions.values():
        if reads(mesh, each, thing):
            whom = ", ".join(f"{each.consumer}/{name}" for name in each.principals) or each.consumer
            how = " by the name of the column" if named(each, thing) else ""
            yield f"{whom}{how}: {each.name}, owner {mesh.consumers[each.consumer].owner}"


def named(subscription: Subscription, thing: Thing) -> bool:
    """Whether a subscription says the name of a column: in a list, or in a condition on rows."""
    if thing.table is None or thing.column is None:
        return False
    for part in subscription.tables:
        if part.name != thing.table.name or not _is_of(subscription, thing.product):
            continue
        listed = {top(thing.table, name) for name in (*part.columns, *part.exclude)}
        if thing.column.name in listed | {each.column[0] for each in (comparisons(part.rows) if part.rows else ())}:
            return True
    return False


def _is_of(subscription: Subscription, product: Product) -> bool:
    return (subscription.product or "").rpartition("/")[2] == product.name


def _things(mesh: Mesh) -> Iterator[Thing]:
    for product in mesh.products.values():
        yield Thing(product)
        for table in product.tables:
            yield Thing(product, table)
            yield from (Thing(product, table, column) for column in table.columns)


def _names(thing: Thing) -> tuple[str, ...]:
    """What a thing may be called, in full first."""
    short = thing.name.partition(".")[2]
    return (thing.name, f"{thing.product.domain}/{thing.name}", *((short,) if short else ()))
