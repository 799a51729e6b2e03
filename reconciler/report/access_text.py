"""Who may read what, for a terminal: differences, readers, what somebody reads, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from reconciler.access import AccessDifference, AccessFact, PrincipalDirectory, TableAccess, TableId
from reconciler.access.algebra.rows import text
from reconciler.access.explanation.explain import Explanation
from reconciler.access.explanation.subscribing import Subscribing
from reconciler.access.state.principal_directory import account_of, is_whole
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import Gap
from reconciler.report.access_lines import gained, headline, lost
from reconciler.report.names import listed
from reconciler.report.plain import plain


def difference_text(difference: AccessDifference, limit: int = 20) -> Iterator[str]:
    """A headline, then at most `limit` lines of what is gained and as many of what is lost, the worst first."""
    yield headline(difference)
    yield from (f"  {line}" for line in _limited("+", gained(difference), limit))
    yield from (f"  {line}" for line in _limited("-", lost(difference), limit))
    yield from gap_lines(difference.gaps, difference.directory)


def gap_lines(gaps: Iterable[Gap], directory: PrincipalDirectory) -> Iterator[str]:
    """What was not seen: somebody may have more, or be missing from a list altogether."""
    for gap in gaps:
        where = f"{directory.label(gap.placement.account)} ({gap.placement})"
        yield plain(f"  ! not certain: {gap.kind} was not seen in {where}: {gap.reason}")


def readers_text(
    places: Iterable[TableId],
    readers: Iterable[TableAccess],
    facts: Iterable[AccessFact],
    directory: PrincipalDirectory,
    admins: Iterable[str],
) -> Iterator[str]:
    """Who can read tables, with how many columns and which rows; and who only past Lake Formation, how."""
    every, past = list(readers), _past_lake_formation(facts)
    for place in places:
        found = [each for each in every if each.table_view.id == place]
        others = past.get(place, {}).keys() - {each.principal for each in found}
        count = len(found) + len(others)
        yield plain(f"{place}: {count} {'principal has' if count == 1 else 'principals have'} access.")
        for each in found:
            yield plain(f"  {_label(each.principal, directory)}  {_what(each)}")
        for principal in sorted(others):
            yield plain(f"  {_label(principal, directory)}  {'; '.join(past[place][principal])}")
    yield from _self_granters(admins, directory)


def column_text(
    column: str,
    readers: Iterable[Explanation],
    facts: Iterable[AccessFact],
    directory: PrincipalDirectory,
    admins: Iterable[str],
) -> Iterator[str]:
    """Who can read a column, and what gives it to each of them: grants, or a way past Lake Formation."""
    every = [fact for fact in facts if fact.is_reading]
    found = {each.access.principal: each for each in readers}
    past = {who: ways for those in _past_lake_formation(every).values() for who, ways in those.items()}
    sure = {name for name, each in found.items() if any(answer.readable for answer in each.answers)}
    sure |= {fact.principal for fact in every if fact.certain}
    unsure = (found.keys() | past.keys()) - sure
    others = f"; of {len(unsure)} more it is not certain" if unsure else ""
    yield f"{column}: {len(sure)} {'principal' if len(sure) == 1 else 'principals'} can read it{others}."
    for name in (*found, *sorted(past.keys() - found.keys())):
        yield plain(f"  {_label(name, directory)}")
        answers, remarks = (found[name].answers, found[name].remarks) if name in found else ((), ())
        readable = [sentence for answer in answers if answer.readable for sentence in answer.because]
        yield from (plain(f"    {number}. {each}.") for number, each in enumerate((*readable, *past.get(name, ())), 1))
        yield from (plain(f"    ! {remark}.") for remark in remarks)
    yield from _self_granters(admins, directory)


def _past_lake_formation(facts: Iterable[AccessFact]) -> dict[TableId, dict[str, list[str]]]:
    """Of tables, who reads by other ways than grants: each way once, with why it is open."""
    found: dict[TableId, dict[str, list[str]]] = {}
    for fact in facts:
        # Who may write is told with his grants.
        if fact.is_reading and fact.path not in ("lake-formation", "iam", "files-by-writing"):
            place = TableId(fact.catalog, fact.database, fact.table)
            ways = found.setdefault(place, {}).setdefault(fact.principal, [])
            doubt = "" if fact.certain else "perhaps "
            ways += [way for why in fact.via if (way := f"{doubt}{fact.path}: {why}") not in ways]
    return found


def reads_text(
    principal: str, tables: Iterable[TableAccess], directory: PrincipalDirectory, home: Iterable[str] = ()
) -> Iterator[str]:
    """What somebody can do, table by table. `home`: the accounts whose data lake administrator he is."""
    found = list(tables)
    count = f"{len(found)} table{'' if len(found) == 1 else 's'}"
    if is_whole(principal):
        yield plain(f"{_label(principal, directory)} as a whole was given {count}, to pass on to its principals.")
    else:
        yield plain(f"{_label(principal, directory)} has access to {count}.")
    for each in found:
        yield plain(f"  {each.table_view.id}  {_what(each)}")
    for account in home:
        yield plain(f"  May grant itself what {directory.label(account)} has, as a data lake administrator of it")


def explanation_text(explained: Explanation, directory: PrincipalDirectory) -> Iterator[str]:
    """The argument: what is readable and why, what is not and what is missing."""
    access = explained.access
    what = _what(access, named=False)
    yield plain(f"{_label(access.principal, directory)} on {access.table_view.id}: {what or 'nothing'}")
    who, asked = directory.label(access.principal), sum(len(answer.columns) for answer in explained.answers)
    for answer in explained.answers:
        every = asked == len(answer.columns) and asked > 1
        names = (
            answer.columns if asked > 1 else tuple(f"{access.table_view.id.table}.{name}" for name in answer.columns)
        )
        columns = "every column" if every and answer.readable else "any column" if every else _names(names)
        yield plain(f"{who} {'reads' if answer.readable else 'does not read'} {columns}, because")
        for number, sentence in enumerate(answer.because or ("nothing that is known gives it",), 1):
            yield plain(f"  {number}. {sentence}.")
    for remark in explained.remarks:
        yield plain(f"! {remark}.")


def tagged_text(tag: str, facts: Iterable[AccessFact], tables: int) -> Iterator[str]:
    """How many read columns with a tag; the table of facts says who."""
    every = list(facts)
    sure = {fact.principal for fact in every if fact.certain and fact.is_reading}
    unsure = {fact.principal for fact in every} - sure
    others = f"; of {len(unsure)} more it is not certain" if unsure else ""
    columns = len({(fact.database, fact.table, fact.column) for fact in every if fact.is_reading})
    where = f"{tables} table{'' if tables == 1 else 's'} carr{'ies' if tables == 1 else 'y'} it"
    can = f"{len(sure)} principal{'' if len(sure) == 1 else 's'} can read {columns} columns of it"
    yield plain(f"{tag}: {can}{others}; {where}.")


def subscribing_text(found: Subscribing) -> Iterator[str]:
    """What the documents have to do with it, and the lines that would ask for what is missing."""
    for sentence in found.sentences:
        yield plain(f"- {sentence}.")
    if found.yaml:
        yield plain(f"This would ask for it: {found.command}")
        yield "Or write these lines:"
        yield from (f"      {plain(line)}" for line in found.yaml)


def _self_granters(admins: Iterable[str], directory: PrincipalDirectory) -> Iterator[str]:
    administrators = list(admins)
    if administrators:
        yield plain(
            f"  May grant themselves: {listed(map(directory.label, administrators))} (data lake administrators)"
        )


def _limited(mark: str, sentences: Iterable[str], limit: int) -> Iterator[str]:
    every = iter(sentences)
    for sentence in islice(every, limit):
        yield plain(f"{mark} {sentence}")
    rest = sum(1 for _ in every)
    if rest:
        yield f"{mark} and {rest} more; --format json has all"


def _label(principal: str, directory: PrincipalDirectory) -> str:
    """The name in the mesh, with the ARN where it is another."""
    if principal == IAM_ALLOWED_PRINCIPALS:
        return "everybody with IAM rights"
    label = directory.label(principal)
    return label if label == principal or account_of(principal) is None else f"{label} ({principal})"


def _names(columns: Sequence[str]) -> str:
    """All of them: which are meant is the answer."""
    return columns[0] if len(columns) == 1 else f"{', '.join(columns[:-1])} and {columns[-1]}"


def _what(access: TableAccess, *, named: bool = True) -> str:
    """Columns (their names, unless they come anyway), rows, permissions and verdict in one line."""
    columns = access.columns
    if access.verdict == "open" and access.principal == IAM_ALLOWED_PRINCIPALS:
        return "reads everything: the table is open to IAM"
    parts = []
    if columns:
        width = len(access.table_view.columns)
        parts.append(
            "all columns"
            if len(columns) == width
            else f"{len(columns)} of {width} columns{': ' if named else ''}{', '.join(columns) if named else ''}"
        )
        conditions = sorted({condition for rows in columns.values() if (condition := text(rows)) is not None})
        parts += [f"rows where {condition}" for condition in conditions]
    parts.append(", ".join(access.permissions))
    if access.raw_read:
        parts.append("may read the files past columns and rows")
    if access.verdict == "open":
        parts.append("open to IAM: not held by Lake Formation")
    # Where the names come anyway, so do the reasons.
    parts += [f"not certain: {reason}" for reason in access.reasons] if named else []
    return "; ".join(part for part in parts if part)
