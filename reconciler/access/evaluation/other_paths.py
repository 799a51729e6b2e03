"""Other paths: how somebody comes to values of columns past Lake Formation, each by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.access.algebra.column_rows import mask
from reconciler.access.evaluation.candidates import reached
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.view_paths import shown_by_views
from reconciler.access.evaluation.written_places import WrittenPlace, written_places
from reconciler.access.state.iam_policies import IamPolicies, iam_policies
from reconciler.access.state.table_view import TableId, TableView
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.location import Location
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.memo import memo

OtherPathName = Literal[
    "files-by-policy", "query-results", "copies", "overwriting", "not-registered", "engines-outside", "view"
]
_FETCHING = ("athena:GetQueryResults", "athena:GetQueryResultsStream")
"""What gives rows of a result: https://docs.aws.amazon.com/athena/latest/ug/athena-jdbc-driver.html"""

WRITE_FILES = "WRITE_FILES"
"""As a permission: what others read can be replaced by something else, whatever Lake Formation lets write."""

EVERYTHING = "*"
"""As database and table: every table of the catalog."""


@dataclass(frozen=True, slots=True)
class OtherPath:
    """One way for one principal to the values of columns (bits) of one table.

    columns  none where it is a way to put other values before those who read the table (`overwriting`)
    why      in a sentence
    certain  whether it is surely open; where conditions or what was not seen decide, it may be
    """

    principal: str
    place: TableId
    columns: int
    name: OtherPathName
    why: str
    certain: bool = True

    @property
    def key(self) -> tuple[str, TableId, str]:
        """What identifies it in a state."""
        return self.principal, self.place, self.name


def other_paths(access: Access) -> tuple[OtherPath, ...]:
    """Every such way in a state, as far as roles, buckets, workgroups and settings show it; sorted."""
    return tuple(paths_by_key(access).values())


@memo
def paths_by_key(access: Access) -> dict[tuple[str, TableId, str], OtherPath]:
    """The same by key."""
    policies = iam_policies(access.state.snapshot)
    files = _files(access, policies, serving=False)
    return _joined((*files, *_results(access, policies), *_engines(access), *_views(access)))


@memo
def paths_of_serving(access: Access) -> dict[tuple[str, TableId, str], OtherPath]:
    """The same of the roles by which Lake Formation itself serves the files: nobody acts as them, unless he is let."""
    return _joined(_files(access, iam_policies(access.state.snapshot), serving=True))


@memo
def serving_roles(access: Access) -> frozenset[str]:
    """The roles by which Lake Formation itself serves the files."""
    return frozenset(each.spec.role for each in access.state.snapshot.of(Location))


def _joined(every: Iterable[OtherPath]) -> dict[tuple[str, TableId, str], OtherPath]:
    """By key, those that have one together."""
    found: dict[tuple[str, TableId, str], OtherPath] = {}
    for each in every:
        known = found.get(each.key)
        if known is not None:
            why = known.why if each.why in known.why else f"{known.why}; {each.why}"
            each = OtherPath(*each.key[:2], known.columns | each.columns, each.name, why, known.certain or each.certain)
        found[each.key] = each
    return dict(sorted(found.items()))


def _files(access: Access, policies: IamPolicies, *, serving: bool) -> Iterator[OtherPath]:
    """Raw files by a role's or a bucket's policy: of the roles by which Lake Formation serves them, or of others."""
    roles = serving_roles(access)
    users: dict[str, tuple[tuple[str, bool], ...]] = {}
    putters: dict[str, tuple[tuple[str, bool], ...]] = {}
    for place, view in access.tables.items():
        if not view.files:
            continue
        if not view.registered and not serving:
            why = "the files are at a place that is not registered with Lake Formation, so IAM on S3 decides"
            yield OtherPath(IAM_ALLOWED_PRINCIPALS, place, view.signature.all, "not-registered", why, certain=False)
        if view.files not in users:
            bucket, _, prefix = view.files.partition("://")[2].partition("/")
            where = bucket, prefix.rstrip("/") + "/" if prefix else ""
            users[view.files] = tuple(sorted(policies.readers(*where).items()))
            putters[view.files] = tuple(policies.users("s3:PutObject", *where))
        for name, certain in users[view.files]:
            if (name in roles) is serving and (hidden := view.signature.all & ~read_whole(access, name, view)):
                why = f"a policy lets it get the objects below {view.files}"
                yield OtherPath(name, place, hidden, "files-by-policy", why, certain)
        for name, certain in putters[view.files]:
            if (name in roles) is serving:
                why = f"a policy lets it put objects below {view.files}"
                yield OtherPath(name, place, 0, "overwriting", why, certain)


def _results(access: Access, policies: IamPolicies) -> Iterator[OtherPath]:
    """What others' queries and jobs have written: read by somebody else, or written over, so that the answer is his."""
    for writer, places in written_places(access.state.snapshot, policies).items():
        read: dict[TableId, int] = {}
        for written in places:
            readers, others = _readers(policies, written), dict(policies.users("s3:PutObject", *written.parts))
            for users in (readers, others):
                users.pop(writer, None)
            read = read or (_all_that(access, writer) if readers or others else {})
            for reader, certain in readers.items():
                for place, columns in read.items():
                    beyond = columns & ~read_whole(access, reader, access.tables[place])
                    if beyond:
                        why = f"it may read what {access.directory.label(writer)} writes to {written}"
                        yield OtherPath(reader, place, beyond, written.name, why, certain and written.certain)
            for other, certain in others.items():
                for place in read:
                    why = f"it may put objects where {access.directory.label(writer)} finds its own: {written}"
                    yield OtherPath(other, place, 0, "overwriting", why, certain and written.certain)


def _readers(policies: IamPolicies, written: WrittenPlace) -> dict[str, bool]:
    """Who may read what is in a place, and whether that is certain: by S3, or by Athena from whatever workgroup.

    https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
    """
    found = policies.readers(*written.parts)
    for action in _FETCHING if written.workgroup else ():
        for role in sorted(policies.able(action, written.workgroup)):
            if role.split(":")[4] == written.workgroup.split(":")[4]:
                may = policies.role_may(role, action, written.workgroup)
                found[role] = found.get(role, False) or may is True
    return found


def _engines(access: Access) -> Iterator[OtherPath]:
    """Engines outside of AWS that get the files, and filter rows and columns themselves or not at all.

    https://docs.aws.amazon.com/lake-formation/latest/dg/credential-vending-how-it-works.html
    """
    for settings in access.state.snapshot.of(LakeSettings):
        account, document = settings.address.placement.account, settings.spec.document
        place = TableId(account, EVERYTHING, EVERYTHING)
        if document.get("AllowFullTableExternalDataAccess"):
            why = "engines outside get the files of every table that their caller may read as a whole, without filters"
            yield OtherPath(account, place, 0, "engines-outside", why, certain=False)
        for row in document.get("ExternalDataFilteringAllowList") or ():
            if document.get("AllowExternalDataFiltering"):
                who = row["DataLakePrincipalIdentifier"]
                why = "its engines get the files of tables, and filter columns and rows themselves"
                yield OtherPath(who, place, 0, "engines-outside", why, certain=False)


def _views(access: Access) -> Iterator[OtherPath]:
    """What readers of a view see of the tables behind it, with its definer's rights."""
    for principal, place, columns, why, certain in shown_by_views(access):
        view = access.tables[place]
        beyond = view.mask(columns) & ~read_whole(access, principal, view)
        if beyond:
            yield OtherPath(principal, place, beyond, "view", why, certain)


def read_whole(access: Access, principal: str, view: TableView) -> int:
    """The columns (bits) that a principal reads by Lake Formation, all their rows."""
    if ":" not in principal:
        return 0
    held = access.held(principal, view).column_rows
    return mask(tuple(part for part in held if part[0] == frozenset({frozenset()})))


def _all_that(access: Access, principal: str) -> dict[TableId, int]:
    """Every table that a principal reads anything of, with the columns (bits)."""
    views = (access.tables[place] for place in reached(access.state, principal))
    return {view.id: columns for view in views if (columns := mask(access.held(principal, view).column_rows))}
