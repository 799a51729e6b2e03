"""Parts of a sentence about access: who gains, loses or may pass on how much of what, in few words."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.access import AccessEntry, counts
from reconciler.access.differences.rights import OPTION
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.plan.passing_on import PassingOn, who
from reconciler.report.names import listed

Entries = tuple[AccessEntry, ...]
LEFT_TO_IAM = "as far as IAM lets, Lake Formation does not decide"
_NAMED = 2
"""So many principals the headline calls by name."""


def parts(entries: Entries, verb: str, after: str = "", end: str = "", *, past: bool = False) -> Iterator[str]:
    """`ml/scientist gains 14 columns of cards.card (up to restricted)`, and apart from it what is not certain."""
    left = tuple(entry for entry in entries if entry.is_left_to_iam)
    entries = tuple(entry for entry in entries if not entry.is_left_to_iam)
    sure = tuple(entry for entry in entries if entry.verdict != "unknown" and entry.change != "rights")
    count = counts(sure)
    if count.principals:
        what = number(count.columns, "column") if count.columns else "rights other than reading"
        if {entry.change for entry in sure} == {"rows"}:
            what = f"rows of {what}"
        elif {entry.change for entry in sure} == {"opened"}:
            what = "access" if verb != "lose" else "access by IAM"
        ends = "s" if count.principals == 1 and not past else ""
        where = f"of {sure[0].where}" if count.tables == 1 else f"in {number(count.tables, 'table')}"
        worst = "" if verb in ("lose", "lost") else _up_to(sure)
        yield f"{_who(sure)} {verb}{ends}{after} {what} {where}{worst}{end}"
    others = tuple(entry for entry in entries if entry.verdict != "unknown" and entry.change == "rights")
    if others:
        ends = "s" if len({entry.principal for entry in others}) == 1 and not past else ""
        yield f"{_who(others)} {verb}{ends}{after} rights on databases, locations or LF-tags{end}"
    if left:
        ends = "s" if len({entry.principal for entry in left}) == 1 and not past else ""
        where = " and ".join(sorted({entry.where for entry in left}))
        where = where if where.count(" and ") < _NAMED else number(len({entry.where for entry in left}), "table")
        yield f"{_who(left)} {verb}{ends}{after} grants on {where} ({LEFT_TO_IAM}){end}"
    doubtful = tuple(entry for entry in entries if entry.verdict == "unknown")
    if doubtful:
        verb = f"have {verb}" if past else verb
        yield f"{_who(doubtful)} may {verb}{after} access{end}, which is not certain"


def passing_parts(found: PassingOn) -> Iterator[str]:
    """Who may let others read, with what; and who may grant himself everything. All of them are named."""
    alike: dict[tuple[object, ...], list[Entries]] = {}
    for entries in found.by_principal():
        key = tuple((each.place, each.thing, each.columns, each.permissions) for each in entries)
        alike.setdefault(key, []).append(entries)
    for those in alike.values():
        yield f"{listed(who(each[0]) for each in those)} may pass on {_passed(those[0])}"
    label = found.directory.label
    for account, arn in found.administrators:
        yield f"{label(arn)} can grant itself everything in {label(account)} as its data lake administrator"


def _passed(entries: Entries) -> str:
    """`21 columns of cards.card (up to restricted) and INSERT`, and that it is not certain."""
    of_tables = tuple(each for each in entries if each.columns)
    tables = sorted({each.where for each in of_tables})
    columns = len({(each.place, column) for each in of_tables for column in each.columns})
    where = f"of {tables[0]}" if len(tables) == 1 else f"in {number(len(tables), 'table')}"
    said = [f"{number(columns, 'column')} {where}{_up_to(of_tables)}"] if of_tables else []
    rights: dict[str, set[str]] = {}
    for each in entries:
        for right in each.permissions:
            if right not in ("SELECT", "DESCRIBE") or not each.columns:
                rights.setdefault(right.removesuffix(OPTION), set()).add(each.where)
    if rights:
        places = set[str]().union(*rights.values())
        said.append(f"{', '.join(sorted(rights))} on {listed(sorted(places))}")
    doubt = ", which is not certain" if any(each.verdict == "unknown" for each in entries) else ""
    return f"{' and '.join(said) or 'what is not known'}{doubt}"


def _who(entries: Entries) -> str:
    """One or two by name; more are counted, and the table below names them."""
    everybody = "everybody with IAM rights"
    names = {everybody if entry.principal == IAM_ALLOWED_PRINCIPALS else entry.label for entry in entries}
    if len(names) <= _NAMED:
        return " and ".join(sorted(names))
    return number(len({entry.principal for entry in entries}), "principal")


def _up_to(entries: Entries) -> str:
    """The most sensitive label of the columns; columns without a label are more than any."""
    top = max(entries, key=lambda entry: entry.rank)
    order = top.source.directory.sensitivity_order
    if not (order and top.rank and top.columns):
        return ""
    return f" (up to {order[top.rank - 1]})" if top.rank <= len(order) else " (some not classified)"


def number(count: int, word: str) -> str:
    """A count with its word: `1 column`, `1,000 columns`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
