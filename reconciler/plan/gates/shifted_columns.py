"""shifted-columns: values of one column would stand under the name of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.access import ChangedFact, TableView
from reconciler.kinds.glue.compatibility import Judgement, is_declared_anew, judgements
from reconciler.kinds.glue.table import Table
from reconciler.model.change import Create, Delete, Update
from reconciler.model.finding import Finding
from reconciler.model.resource import Resource
from reconciler.plan.refilled import moves, refilled
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
    "Accept by name only when the files are written anew in the new order. Settings of a table or its serializer move "
    "values, too, and so does a recipe that fills a table: of that governance is asked beside the owner.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each table whose values would stand under other names, and who would come to read them."""
    readers: dict[_Place, list[ChangedFact]] = {}
    for each in reviewed.gained_facts(shifted=True):
        readers.setdefault((each.fact.catalog, each.fact.where), []).append(each)
    successions = {_place(want): (have, want) for have, want in _successions(reviewed)}
    origins = {_place(want): want.origin for want in reviewed.wanted.of(Table)}
    anew = {(view.id.catalog, str(view.id)): (old, view) for old, view in refilled(reviewed)}
    databases = _databases(reviewed) if readers else {}
    for place in dict.fromkeys((*successions, *anew, *readers)):
        have, want = successions.get(place, (None, None))
        shown, name = readers.get(place, []), place[1]
        told = list(_told(have.spec, want.spec, bool(shown))) if have is not None and want is not None else []
        filled = list(_of_recipe(*anew[place])) if place in anew else []
        if not told and not filled and not shown:
            continue
        said = " ".join([*_sentences(told, name), *filled, *_read(shown)])
        own = dict.fromkeys(each.spec.database for each in (have, want) if each is not None)
        own |= dict.fromkeys(view.id.database for view in anew.get(place, ()))
        others = dict.fromkeys(_others(databases, shown))
        if (have is None or want is None) and not filled:
            said = f"{name} comes to the files of another table. {said}"
        elif have is not None and want is not None and have.address != want.address:
            said = f"{said} It takes over the files of {have.address.name}."
        yield Finding(
            SHIFTED_COLUMNS.id,
            SHIFTED_COLUMNS.severity,
            said,
            origins.get(place),
            databases=tuple(own | dict.fromkeys(each.fact.database for each in shown) | others),
            # Whoever has both tables, or says which values a column gets, could lower labels by it: he is not alone.
            by_governance=bool(others or filled),
        )


_Place = tuple[str, str]
"""The account of a table's catalog, and its name with its database."""


def _place(table: Resource[Table]) -> _Place:
    return table.address.placement.account, table.address.name


def _told(have: Table, want: Table, is_read: bool) -> Iterable[Judgement]:
    """What becomes of columns; that columns are shifted where a contract says so, or where somebody reads them."""
    declared_anew = is_declared_anew(have, want)
    for each in judgements(have, want):
        if each.sort == "recut" or (each.sort == "shifted" and (declared_anew or is_read)):
            yield each


def _databases(reviewed: Review) -> Mapping[str, str]:
    """The databases of the tables that were there, by what facts call a table."""
    return {str(each): each.database for each in reviewed.access.before.tables} if reviewed.access is not None else {}


def _of_recipe(old: TableView, view: TableView) -> Iterable[str]:
    """What another recipe makes of the columns of the table that it fills."""
    moved = [f"{new} would show {f'the values of {was}' if was else 'other values'}" for new, was in moves(old, view)]
    if moved:
        yield f"When its recipe runs next, in {view.id}, {listed(dict.fromkeys(moved))}."
    otherwise = {*old.layout.reading.filled} ^ {*view.layout.reading.filled}
    if otherwise:
        what = ", ".join(sorted({key for key, _ in otherwise}))
        yield f"When its recipe runs next, a column of {view.id} may show any value: {what} would be otherwise."


def _others(tables: Mapping[str, str], shown: Iterable[ChangedFact]) -> Iterable[str]:
    """The databases of other tables whose values are shown."""
    for each in shown:
        other = ".".join(each.values_of.split(".")[:2])
        if other in tables:
            yield tables[other]


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
            yield f"The files of {name} would be read by other settings ({each.new}): a column may show any value."


def _moved(each: Judgement) -> str:
    return (
        f"{each.column} would show the values of {each.old}" if each.old else f"{each.column} would show other values"
    )


def _read(shown: Iterable[ChangedFact]) -> Iterable[str]:
    """A sentence for each who would read other values than the names say, or pass them on: an account reads nothing."""
    by_name: dict[tuple[str, str], list[str]] = {}
    for each in shown:
        label = f", {each.fact.sensitivity}," if each.fact.sensitivity else ""
        verb = "pass on" if each.fact.principal_type in ("account", "organization") else "read"
        by_name.setdefault((each.fact.name, verb), []).append(
            f"{each.values_of}{label} under the name {each.fact.column}"
        )
    for (name, verb), values in sorted(by_name.items(), key=lambda item: item[0][1] == "pass on"):
        yield f"{name} would {verb} the values of {listed(dict.fromkeys(values))}."
