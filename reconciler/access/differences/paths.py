"""Other paths that one state has and another has not: results, copies, raw files, engines outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access.algebra.rows import ALL_ROWS
from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.sensitivity import rank_of, sensitivities
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.other_paths import WRITE_FILES, OtherPath
from reconciler.access.state.principal_directory import account_of

IN_WORDS = {
    "files-by-policy": "the files",
    "query-results": "query results of others",
    "copies": "copies that others write",
    "not-registered": "the files by IAM alone",
    "engines-outside": "the files through engines outside",
    "view": "a view with somebody else's rights",
}
"""Each path as a thing in a sentence: somebody reads columns `in ...`."""


WHOLE = ("files-by-policy", "not-registered", "engines-outside", "overwriting")
"""Paths to a table as a whole, whatever its columns are called: they are open, or they are not."""


def paths_surplus(
    more: Iterable[OtherPath], less: Iterable[OtherPath], of: Access, other: Access
) -> Iterator[AccessEntry]:
    """The paths, or columns on them, that are open in one state and not in the other."""
    known = {each.key: each for each in less}
    for path in more:
        old = known.get(path.key)
        columns = path.columns
        if old is not None and (old.certain or not path.certain):
            if path.name in WHOLE:
                continue
            before = other.tables.get(path.place)
            view = of.tables.get(path.place)
            if view is None or before is None:
                continue
            columns &= ~view.mask(before.names(old.columns))
            if not columns:
                continue
        yield _entry(path, columns, of, other)


def _entry(path: OtherPath, columns: int, of: Access, other: Access) -> AccessEntry:
    view = of.tables.get(path.place)
    values = sensitivities(of.directory, view, columns) if view is not None else ()
    account = account_of(path.principal)
    before = other.tables.get(path.place)
    return AccessEntry(
        path.principal,
        path.place,
        "path",
        view.names(columns) if view is not None else (),
        ALL_ROWS,
        (WRITE_FILES,) if path.name == "overwriting" else (),
        "enforced" if path.certain else "unknown",
        () if path.certain else (path.why,),
        None,
        values,
        rank=rank_of(of.directory, view, columns, values) if view is not None else 0,
        new_account=bool(columns) and not (account and before is not None and other.account_reads(account, before)),
        readable=columns.bit_count(),
        width=len(view.columns) if view is not None else 0,
        path=path.name,
        why=path.why,
        source=of,
        other=other,
    )
