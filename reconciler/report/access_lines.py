"""Gained and lost access as sentences, the worst first; the same for every voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reconciler.access import AccessDifference, AccessEntry, counts
from reconciler.access.algebra.rows import text
from reconciler.access.differences.compare import OTHER_VALUES
from reconciler.access.differences.paths import IN_WORDS
from reconciler.access.differences.rights import OPTION
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.report.access_parts import LEFT_TO_IAM
from reconciler.report.access_parts import number as _number
from reconciler.report.names import listed

Naming = Callable[[AccessEntry], str]
Told = tuple[str, list[AccessEntry]]


def headline(difference: AccessDifference) -> str:
    """One sentence: how many gain and lose how much."""
    if difference.is_empty:
        return f"Nobody gains or loses access{' in what was seen' if difference.gaps else ''}."
    parts = []
    other = _other_rows(difference)
    for entries, verb in ((difference.gained, "gain"), ([*_without(difference.lost, other)], "lose")):
        count = counts(each for each in entries if not each.is_left_to_iam)
        if count.principals:
            who = f"{_number(count.principals, 'principal')} {verb}{'s' if count.principals == 1 else ''}"
            only_rows = {entry.change for entry in entries} <= {"rows", "unknown"}
            what = f"{'rows of ' if only_rows else ''}{_number(count.columns, 'column')}"
            what = what if count.columns else "permissions"
            where = f" in {_number(count.tables, 'table')}" if count.tables else ""
            parts.append(f"{who} {what}{where}")
    if not parts:
        if difference.gained or difference.lost:
            left = all(each.is_left_to_iam for each in (*difference.gained, *difference.lost))
            what = "grants on what IAM decides change" if left else "what is not certain changes"
            return f"No reader surely gains or loses access; {what}."
        passed = difference.shared or difference.unshared
        return (
            f"No reader gains or loses access; {'what may be passed on' if passed else 'who administers it'} changes."
        )
    return f"Access: {'; '.join(parts)}."


def gained(difference: AccessDifference, name_all: Naming | None = None) -> Iterator[str]:
    """What readers gain, then what accounts may pass on that nobody there reads yet, then new administrators.

    `name_all` says of an entry all of its columns, where they are wanted.
    """
    yield from (sentence for sentence, _ in gained_by(difference, name_all))
    for account, arn in (map(difference.directory.label, admin) for admin in difference.admins_gained):
        yield f"{arn} becomes a data lake administrator of {account} and may grant itself what is there"


def lost(difference: AccessDifference, name_all: Naming | None = None) -> Iterator[str]:
    """The same of what is lost; doubts that are gone are the least of it. Other rows are told with what is gained."""
    yield from (sentence for sentence, _ in lost_by(difference, name_all))
    for account, arn in (map(difference.directory.label, admin) for admin in difference.admins_lost):
        yield f"{arn} is no longer a data lake administrator of {account}"


def gained_by(difference: AccessDifference, name_all: Naming | None = None) -> Iterator[tuple[str, list[AccessEntry]]]:
    """What readers gain, and what accounts may pass on, each sentence with the entries that it tells."""
    other = _other_rows(difference)
    for group in _alike(difference.gained, other):
        said = _gain(group, _key(group[0]) in other, in_full=name_all is not None) + _all(group, name_all)
        yield said + _left(group[0]) + _doubt(group[0]), group
    for group in _alike(_beyond(difference.shared, difference.gained)):
        yield _whole(group, "may pass on"), group


def lost_by(difference: AccessDifference, name_all: Naming | None = None) -> Iterator[Told]:
    """The same of what is lost."""
    every = _without(difference.lost, _other_rows(difference))
    for group in _alike(sorted(every, key=lambda entry: entry.change == "unknown")):
        yield _loss(group, in_full=name_all is not None) + _all(group, name_all) + _left(group[0]), group
    for group in _alike(_beyond(difference.unshared, difference.lost)):
        yield _whole(group, "may no longer pass on"), group


def _other_rows(difference: AccessDifference) -> frozenset[object]:
    """Who gets other rows for those he had, by `_key`: conditions are not compared, so it is both gained and lost."""
    lost = {_key(entry) for entry in difference.lost if entry.change == "rows"}
    return frozenset(_key(entry) for entry in difference.gained if entry.change == "rows") & lost


def _without(entries: Iterable[AccessEntry], other: frozenset[object]) -> Iterator[AccessEntry]:
    return (entry for entry in entries if entry.change != "rows" or _key(entry) not in other)


def _key(entry: AccessEntry) -> object:
    """The same for an entry and for the one that takes back what it gives."""
    return entry.principal, entry.place, entry.columns, frozenset({entry.rows, entry.rows_before})


def _alike(entries: Iterable[AccessEntry], other: frozenset[object] = frozenset()) -> list[list[AccessEntry]]:
    """Entries that differ in the principal only, together; in the order of the first of each."""
    groups: dict[object, list[AccessEntry]] = {}
    for entry in entries:
        all_told = entry.change in ("permissions", "raw-read", "opened", "rights")
        rights = entry.permissions if all_told else _beside_reading(entry)
        alike = (
            entry.place,
            entry.change,
            entry.columns,
            entry.rows,
            entry.rows_before,
            rights,
            entry.new_account,
            entry.values_of,
            entry.thing,
            entry.path,
            entry.why,
            entry.is_left_to_iam,
        )
        groups.setdefault(
            (*alike, entry.readable, entry.reasons, entry.principal == IAM_ALLOWED_PRINCIPALS, _key(entry) in other), []
        ).append(entry)
    return list(groups.values())


def _all(group: list[AccessEntry], name_all: Naming | None) -> str:
    """All columns of what is read newly, or no more; values of other columns are named in the sentence."""
    entry = group[0]
    if name_all is None or not entry.columns or entry.change not in ("columns", "rows") or entry.values_of:
        return ""
    return f": {name_all(entry)}"


def _gain(group: list[AccessEntry], other: bool, *, in_full: bool) -> str:
    entry, who = group[0], _who(group)
    table = str(entry.place)
    match entry.change:
        case "opened" if entry.principal == IAM_ALLOWED_PRINCIPALS:
            return f"everybody with IAM rights may read all of {table}: it is open to IAM"
        case "opened" if entry.verdict == "unknown":
            return f"Lake Formation may no longer decide for {who} on {table}: half of the opt-in is gone"
        case "opened":
            return f"Lake Formation no longer decides for {who} on {table}: IAM does"
        case "columns" if entry.values_of:
            return f"{who} would read {_values(entry)} in {table}{_rows(entry)}{_also(entry)}"
        case "columns" if entry.readable == len(entry.columns):
            new = ", as the first in the account" if entry.new_account else ""
            what = f"{len(entry.columns)} of {entry.width} columns of {table}"
            worst = "" if in_full else _worst(entry)
            return f"{who} may read {what}{_rows(entry)}{worst}{new}{_also(entry)}"
        case "columns":
            some = "" if in_full else f" ({listed(entry.columns)})"
            worst = "" if in_full else _worst(entry)
            more = f"{_number(len(entry.columns), 'more column')} of {table}{some}"
            told = f"{who} may read {more}{_rows(entry)}{worst}; {entry.readable} of {entry.width} in all"
            return f"{told}{_also(entry)}"
        case "rows":
            before = text(entry.rows_before) if entry.rows_before is not None else None
            which = "other" if other else "more"
            return (
                f"{who} may read {which} rows of {table}{_rows(entry) or ', all of them'}; before only where {before}"
            )
        case "raw-read":
            return f"{who} may read the files of {table} past columns and rows, by {_rights(entry)}"
        case "permissions":
            return f"{who} may {_rights(entry)} {table}"
        case "rights":
            return f"{who} may {_rights(entry)} on {entry.where}"
        case "path":
            return f"{who} may {_by_path(entry)}: {entry.why}"
        case "unknown" if entry.columns or entry.permissions:
            what = f"read {listed(entry.columns)}" if entry.columns else _rights(entry)
            return f"{who} may gain on {table}, which is not certain: {what}; {'; '.join(entry.reasons)}"
        case "unknown":
            return f"what {who} may do with {table} is not certain: {'; '.join(entry.reasons)}"


def _loss(group: list[AccessEntry], *, in_full: bool) -> str:
    entry, who = group[0], _who(group)
    table = str(entry.place)
    match entry.change:
        case "opened" if entry.principal == IAM_ALLOWED_PRINCIPALS:
            return f"{table} is no longer open to everybody with IAM rights"
        case "opened":
            return f"Lake Formation decides again for {who} on {table}"
        case "columns" if entry.values_of:
            return f"{who} would no longer read the values of {listed(entry.columns)} of {table}"
        case "columns" if entry.readable == len(entry.columns):
            was = f"was {len(entry.columns)} of {entry.width} columns"
            return f"{who} may no longer read {table} ({was}){_also(entry).replace('; may also', ', nor')}"
        case "columns":
            some = "" if in_full else f" ({listed(entry.columns)})"
            gone = f"{_number(len(entry.columns), 'column')} of {table}{some}"
            return f"{who} may no longer read {gone}; {entry.readable - len(entry.columns)} of {entry.width} left"
        case "rows":
            now = text(entry.rows_before) if entry.rows_before is not None else None
            return f"{who} may read fewer rows of {table}: only where {now}"
        case "raw-read":
            return f"{who} may no longer read the files of {table} past columns and rows"
        case "permissions":
            return f"{who} may no longer {_rights(entry)} {table}"
        case "rights":
            return f"{who} may no longer {_rights(entry)} on {entry.where}"
        case "path":
            return f"{who} may no longer {_by_path(entry)}"
        case "unknown" if entry.columns or entry.permissions:
            what = f"read {listed(entry.columns)}" if entry.columns else _rights(entry)
            return f"{who} may lose on {table}, which is not certain: {what}; {'; '.join(entry.reasons)}"
        case "unknown":
            told = "; ".join(entry.reasons)
            if OTHER_VALUES in told:
                return f"what {who} reads of {table} may be other values: {told}"
            return f"a doubt about {who} on {table} is gone: {told}"


def _whole(group: list[AccessEntry], verb: str) -> str:
    entry = group[0]
    what = f"{len(entry.columns)} of {entry.width} columns of " if entry.columns else f"{_rights(entry)} on "
    return f"{_who(group)} as a whole {verb} {what}{entry.where}{_rows(entry)}{_worst(entry)}"


def _beyond(wholes: Iterable[AccessEntry], readers: Iterable[AccessEntry]) -> Iterator[AccessEntry]:
    """What accounts and organizations gained or lost that no entry about a reader of theirs says already."""
    said: dict[tuple[str, object], set[str]] = {}
    for entry in readers:
        said.setdefault((entry.account, entry.where), set()).update((*entry.columns, *entry.permissions))
    for entry in wholes:
        rights = {right.removesuffix(OPTION) for right in entry.permissions}
        if not {*entry.columns, *rights} <= said.get((entry.principal, entry.where), set()):
            yield entry


def _left(entry: AccessEntry) -> str:
    return f"; {LEFT_TO_IAM}" if entry.is_left_to_iam else ""


def _doubt(entry: AccessEntry) -> str:
    """Why it is not certain, where the sentence has not said so."""
    return (
        f"; not certain: {'; '.join(entry.reasons)}"
        if entry.reasons and entry.change not in ("unknown", "path")
        else ""
    )


def _who(group: list[AccessEntry]) -> str:
    everybody = "whoever has IAM rights"
    return listed(everybody if entry.principal == IAM_ALLOWED_PRINCIPALS else entry.label for entry in group)


def _by_path(entry: AccessEntry) -> str:
    """The columns that are read past Lake Formation, and where."""
    if entry.path == "overwriting":
        return f"put other values before those who read {entry.where}"
    if entry.principal == IAM_ALLOWED_PRINCIPALS:
        return f"read {entry.where} in {IN_WORDS[entry.path]}"
    what = f"{listed(entry.columns)} of {entry.where}" if entry.columns else "every table"
    return f"read {what} in {IN_WORDS[entry.path]}"


def _values(entry: AccessEntry) -> str:
    """The values of other columns, each with its label and the name under which they would stand."""
    labels = dict(entry.sensitivity)
    told = (
        f"{old}, {labels[new]}, under the name {new}" if new in labels else f"{old} under the name {new}"
        for new, old in entry.values_of
    )
    return f"the values of {listed(told)}"


def _rows(entry: AccessEntry) -> str:
    rows = text(entry.rows)
    return f", rows where {rows}" if rows is not None else ""


def _beside_reading(entry: AccessEntry) -> tuple[str, ...]:
    return tuple(right for right in entry.permissions if right not in ("SELECT", "DESCRIBE"))


def _also(entry: AccessEntry) -> str:
    """What comes with the columns and is more than reading them."""
    rights = _beside_reading(entry)
    return f"; may also {', '.join(rights)}" if rights else ""


def _rights(entry: AccessEntry) -> str:
    return ", ".join(entry.permissions)


def _worst(entry: AccessEntry) -> str:
    """The most sensitive of the columns; that some are not classified is said as well."""
    order = entry.source.directory.sensitivity_order
    if not order or not entry.rank:
        return ""
    if entry.rank <= len(order):
        return f", up to {order[entry.rank - 1]}"
    return ", some of them not classified" if len(entry.columns) > 1 else ", not classified"
