"""What `new product` is made from: a file of data, a data contract, or a table of Glue; and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from reconciler.cli import show
from reconciler.cli.answer import answer
from reconciler.cli.signed_in import signed_in
from reconciler.errors import MeshformError
from reconciler.spec.suggest import did_you_mean

if TYPE_CHECKING:
    from reconciler.making.answers import Value
    from reconciler.making.found import FoundProduct
    from reconciler.spec.documents.product import Product
    from reconciler.spec.mesh import Mesh

_GLUE = "glue:"


def source_of(mesh: Mesh, given: str | None, encoding: str) -> FoundProduct:
    """What is told of a product by what `--from` names, or by what somebody answers."""
    from reconciler.making.sources import found_in

    def look(said: str) -> FoundProduct:
        if said.startswith(_GLUE):
            return _in_glue(mesh, said.removeprefix(_GLUE))
        return found_in(said, encoding, mesh)

    return answer(given, "File with its data (CSV, Parquet, JSON), or its data contract", "--from", look)


def told_by(found: FoundProduct | None, field: str, read: Callable[[str], object]) -> str | None:
    """What the source of a product answers to a question, where the mesh takes that; else that is said."""
    told = found.answers.get(field) if found is not None else None
    if told is None:
        return None
    try:
        read(told)
    except MeshformError as error:
        show.note(f"The source says {field} {told!r}, which is not taken: {error}")
        return None
    return told


def text_of_product(mesh: Mesh, answers: Mapping[str, Value], found: FoundProduct) -> str:
    """The document, with labels guessed for what has none."""
    from reconciler.making.document import free_location, product_text
    from reconciler.making.labels import at_least, guesses

    domain, labels = str(answers["domain"]), {}
    for table in found.tables:
        bare = [each for each in table.columns if not each.label]
        labels[table.name] = at_least(mesh, guesses(mesh, domain, [each.name for each in bare]), bare)
    places = {table.name: free_location(mesh, answers, table.name) for table in found.tables}
    key = mesh.settings.sensitivity_key
    return product_text(answers, found, key, labels, {name: place for name, place in places.items() if place})


def tell(found: FoundProduct, product: Product, mesh: Mesh, guessed: int) -> None:
    """What a person should know of a product that was made from something, and do about it."""
    from reconciler.spec.data_places import table_location

    count = sum(len(table.columns) for table in found.tables)
    bare = count - guessed - sum(1 for table in found.tables for each in table.columns if each.label)
    lines = [*found.told, *(line for table in found.tables for line in table.told)]
    lines.append(f"{_columns(count)}; {guessed} with a label guessed by names: confirm or correct each.")
    lines.append(f"{_columns(bare)} without a label, which no clearance opens." if bare else "")
    for table in product.tables:
        which = "The files" if len(product.tables) == 1 else f"The files of {table.name}"
        lines.append(f"{which} belong into {table_location(mesh, product, table)}.")
    show.lines([line for line in lines if line], err=True)


def _columns(count: int) -> str:
    return f"{count} column{'s' if count != 1 else ''}"


def _in_glue(mesh: Mesh, said: str) -> FoundProduct:
    """A table by `[account/]database.table`, of the central account where none is named. Nothing is written."""
    from reconciler.aws.reader import AwsReader
    from reconciler.making.glue_table import glue_table
    from reconciler.spec import placements

    where, _, name = said.rpartition("/")
    database, _, table = name.partition(".")
    if not database or not table:
        raise MeshformError(f"{said} names no table: write glue:database.table, or glue:account/database.table.")
    account = (mesh.accounts.get(where) or mesh.account_by_id(where)) if where else mesh.central
    if account is None:
        raise MeshformError(f"There is no account {where}{did_you_mean(where, mesh.accounts)}.")
    place = placements.of_account(mesh, account)
    return glue_table(AwsReader(signed_in(mesh, writes=False)), place, database, table)
