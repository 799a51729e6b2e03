"""shifted-columns: values of one column would stand under the name of another."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.access import AccessEntry
from reconciler.kinds.glue.compatibility import Judgement, judgements
from reconciler.kinds.glue.table import CONTRACT, Table
from reconciler.model.change import Create, Delete, Update
from reconciler.model.finding import Finding
from reconciler.model.resource import Resource
from reconciler.plan.review import Review
from reconciler.plan.table_readers import listed
from reconciler.spec.rule import Rule

SHIFTED_COLUMNS = Rule(
    "shifted-columns",
    "error",
    "The values of a column stay under its name.",
    "In CSV, and in ORC unless the table says otherwise, a column is its place: files do not change when the "
    "declaration does. A column that is put in before others, taken out of the middle or swapped leaves its values to "
    "its neighbour's name, and so to whoever reads that. Put new columns at the end and leave old ones where they are. "
    "Accept by name only when the files are written anew in the new order.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each table whose values would stand under other names, and who would come to read them."""
    gained: dict[tuple[str, str], list[AccessEntry]] = {}
    for entry in reviewed.access.gained if reviewed.access is not None else ():
        if entry.values_of:
            gained.setdefault((entry.place.catalog, str(entry.place)), []).append(entry)
    for have, want in _successions(reviewed):
        readers = gained.pop((want.address.placement.account, name := want.address.name), [])
        declared_anew = dict(have.spec.parameters).get(CONTRACT) != dict(want.spec.parameters).get(CONTRACT)
        told = [
            each
            for each in judgements(have.spec, want.spec)
            if each.sort == "recut" or (each.sort == "shifted" and (declared_anew or readers))
        ]
        if told or readers:
            after = f" It takes over the files of {have.address.name}." if have.address != want.address else ""
            said = " ".join([*_sentences(told, name), *map(_reader, readers)])
            yield Finding(
                SHIFTED_COLUMNS.id,
                SHIFTED_COLUMNS.severity,
                f"{said}{after}",
                want.origin,
                databases=tuple(dict.fromkeys((have.spec.database, want.spec.database))),
            )
    origins = {(each.address.placement.account, each.address.name): each.origin for each in reviewed.wanted.of(Table)}
    for (account, name), readers in gained.items():
        said = " ".join(map(_reader, readers))
        whose = f"{name} comes to the files of another table. {said}"
        yield Finding(SHIFTED_COLUMNS.id, SHIFTED_COLUMNS.severity, whose, origins.get((account, name)))


def _successions(reviewed: Review) -> Iterable[tuple[Resource[Table], Resource[Table]]]:
    """Tables before and after: those that change, and those that go while another one comes for the same files."""
    gone: dict[str, Resource[Table]] = {}
    come: list[Resource[Table]] = []
    for step in reviewed.steps:
        match step.change:
            case Update(have, want) if isinstance(want.spec, Table):
                yield have, want
            case Delete(have) if isinstance(have.spec, Table) and have.spec.storage.location:
                gone[have.spec.storage.location.rstrip("/")] = have
            case Create(want) if isinstance(want.spec, Table):
                come.append(want)
    for each in come:
        if (before := gone.get(each.spec.storage.location.rstrip("/"))) is not None:
            yield before, each


def _sentences(told: list[Judgement], name: str) -> Iterable[str]:
    columns = [each for each in told if each.sort == "shifted"]
    if columns:
        moved = listed(_moved(each) for each in columns)
        yield f"In {name}, {moved}: the files stay as they are."
    for each in told:
        if each.sort == "recut" and each.old:
            yield f"{name} would find its columns by {each.new} instead of {each.old}; their order or names may differ."
        elif each.sort == "recut":
            yield f"The lines of {name} would be cut into values otherwise, so a column may show the values of others."


def _moved(each: Judgement) -> str:
    return (
        f"{each.column} would show the values of {each.old}" if each.old else f"{each.column} would show other values"
    )


def _reader(entry: AccessEntry) -> str:
    labels = dict(entry.sensitivity)
    values = listed(f"{old}{_label(labels.get(new))} under the name {new}" for new, old in entry.values_of)
    return f"{entry.label} would read the values of {values}."


def _label(value: str | None) -> str:
    return f", {value}," if value else ""
