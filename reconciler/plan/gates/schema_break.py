"""schema-break: the product now declares a table that those who read it, or write it, cannot go on with."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.compatibility import Judgement, is_declared_anew, judgements
from reconciler.kinds.glue.table import Table
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.plan.table_readers import TableReaders
from reconciler.spec.rule import Rule

SCHEMA_BREAK = Rule(
    "schema-break",
    "error",
    "A column is taken away, narrowed or laid out otherwise only when somebody says so.",
    "Queries that read the column fail, or give other values; jobs that write it write what does not fit. Which change "
    "breaks whom depends on the format of the files. Add a new column or a new product beside the old one, tell the "
    "readers, and accept by name when they have moved.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """What breaks because the declaration changed. Repairing drift is no such change."""
    readers = TableReaders(reviewed)
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Update) or not isinstance(change.want.spec, Table):
            continue
        have, want = change.have.spec, change.want.spec
        declared_anew = is_declared_anew(have, want)
        for each in judgements(have, want):
            said = _sentence(each, change.address.name)
            if not said or not (declared_anew or each.sort == "format"):
                continue
            severity = SCHEMA_BREAK.severity if each.breaks else "warning"
            held = "" if each.sort in ("format", "partition") else each.top if each.top in have.types else each.old
            whom = readers.sentence(change.have, held)
            yield Finding(SCHEMA_BREAK.id, severity, f"{said} {whom}", change.origin, databases=(want.database,))


def _sentence(each: Judgement, name: str) -> str:
    """What becomes of a column and whom it breaks; nothing where another gate speaks, or nobody has to know."""
    breaks = f"This breaks who {' and who '.join(verb for verb in _verbs(each))} it."
    match each.sort:
        case "gone":
            return f"The column {each.column} of {name} would be taken away. {breaks}"
        case "narrowed":
            return f"The column {each.column} of {name} would become {each.new} ({each.old} now). {breaks}"
        case "partition":
            became = f"would become {each.new}" if each.new else "would be taken away"
            was = f" ({each.old} now)" if each.old else ", which is new"
            return f"The partition key {each.column} of {name} {became}{was}. {breaks}"
        case "format":
            return (
                f"{name} would be read as {each.new}; its files are {each.old}. Queries fail until the files are "
                "written anew, and jobs go on writing the old format."
            )
        case "renamed":
            return (
                f"The column {each.old} of {name} would be called {each.column}. Its values stay, since they are found "
                "by place; queries that say the old name fail."
            )
        case _:
            return ""


def _verbs(each: Judgement) -> Iterable[str]:
    if "readers" in each.breaks:
        yield "reads"
    if "writers" in each.breaks:
        yield "writes"
