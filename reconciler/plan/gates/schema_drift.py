"""schema-drift: a table no longer has the columns that its product promises, or has more of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.kinds.common.marks import MARK
from reconciler.kinds.common.taken_over import takes_over
from reconciler.kinds.glue.compatibility import Judgement, is_declared_anew, judgements
from reconciler.kinds.glue.table import Table
from reconciler.model.finding import Finding
from reconciler.model.resource import Resource, Snapshot
from reconciler.plan.review import Review
from reconciler.plan.table_readers import TableReaders
from reconciler.spec.rule import Rule

SCHEMA_DRIFT = Rule(
    "schema-drift",
    "warning",
    "A table has the columns that its product declares.",
    "Declared columns are a contract. One that is gone, of a narrower type or in another place breaks who reads it; "
    "apply puts it back. One that turned up breaks nobody, and nobody reads it by a clearance until it is declared "
    "with its sensitivity; `undeclared-column` says who reads it nevertheless.",
)
#: Settings that a document says of a table that its writer keeps; of others it can promise nothing.
_SAID = frozenset({"serializer", "field.delim", "separatorChar", "quoteChar", "escapeChar"})


def findings(reviewed: Review) -> Iterable[Finding]:
    """What was found against what is declared, where the declaration is the one that was applied last."""
    if reviewed.observation is None:
        return
    readers = TableReaders(reviewed, by_documents=True)
    for want, have, external in standing_tables(reviewed, reviewed.observation.found):
        for each in what_became(want, have, external=external):
            if each.sort in ("format", "recut") and not external:
                continue  # No mark tells whether AWS or the declaration changed: the other gates speak of it.
            taken_over = each.sort == "format" and not want.spec.external
            unsaid = each.sort == "recut" and not each.old and not _SAID & {*each.new.split(", ")}
            tells = (each.breaks or each.sort == "renamed") and not taken_over and not unsaid
            severity = SCHEMA_DRIFT.severity if tells else "note"
            said = _sentence(each, want.address.name, external)
            if "readers" in each.breaks and not taken_over and not unsaid:
                said = f"{said} {readers.sentence(want, each.top if each.top in want.spec.types else '')}"
            yield Finding(SCHEMA_DRIFT.id, severity, said, want.origin)


def what_became(want: Resource[Table], have: Resource[Table], *, external: bool) -> Iterator[Judgement]:
    """What became of the declared columns of a table in AWS. `external`: others say which they are."""
    # A writer's own ids of the fields tell what became of a declared column under another name.
    declared = replace(want.spec, rest=have.spec.rest) if external else want.spec
    if want.spec.layout.reading.format == "unknown":
        # A format that no document says is its writer's to say.
        declared = replace(declared, storage=have.spec.storage, parameters=have.spec.parameters)
    return judgements(declared, have.spec.queried)


def standing_tables(reviewed: Review, found: Snapshot) -> Iterator[tuple[Resource[Table], Resource[Table], bool]]:
    """The declared tables that are there, as wanted and as found, whose columns apply does not make others; and whether
    others say which they are: a table's writer, or who made what the mesh uses."""
    for want in reviewed.wanted.of(Table):
        have = found.get(want.address)
        if have is not None:
            external = want.spec.is_written_by_others(have.spec) or is_used(reviewed, have)
            if external or not is_declared_anew(have.spec, want.spec):
                yield want, have, external


def is_used(reviewed: Review, have: Resource[Table]) -> bool:
    """Whether a declared table is used as its maker keeps it: no mesh made it, and none takes it over."""
    return MARK not in dict(have.spec.parameters) and not takes_over(reviewed.mesh, have.address)


def _sentence(each: Judgement, name: str, external: bool) -> str:
    who = "its writer has to put it back, or the declaration follows" if external else "apply puts it back"
    back = f"This breaks who reads it; {who}."
    match each.sort:
        case "format" if each.new in ("iceberg", "delta"):
            return (
                f"{name} is kept by its writer as {each.new} and is not changed any more. Declare it with "
                f"`definition: external` and `format: {each.new if each.new == 'iceberg' else 'other'}`."
            )
        case "gone":
            return f"The column {each.column} of {name} is gone. {back}"
        case "narrowed":
            return f"The column {each.column} of {name} is {each.new}; it is declared {each.old}. {back}"
        case "widened":
            return f"The column {each.column} of {name} is {each.new}, wider than the declared {each.old}."
        case "added" if each.column != each.top:
            return (
                f"The column {each.top} of {name} has a part {each.column} ({each.new}) that is not declared. Whoever "
                f"reads {each.top} reads it, too."
            )
        case "added":
            return (
                f"{name} has a column {each.column} ({each.new}) that is not declared. It breaks nobody. It has no "
                "sensitivity, so nobody reads it by a clearance until it is declared."
            )
        case "shifted":
            shows = f"shows the values of {each.old}" if each.old else "shows other values than the declared ones"
            return f"The column {each.column} of {name} {shows}. {back}"
        case "renamed":
            return f"The column {each.old} of {name} is called {each.column}. Queries that say its name fail."
        case "recut" if not each.old:
            return f"{name} is read by other settings than the declared ones ({each.new}): columns may show any value."
        case "format" | "recut":
            return f"{name} is read otherwise: {each.new}, declared {each.old}. {back}"
        case _:
            return f"The partition keys of {name} are others: {each.new or 'none'} for {each.old or 'none'}. {back}"
