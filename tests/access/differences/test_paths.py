"""Ways past Lake Formation that come and go: each is told with its columns, its certainty, and what that does."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import Access, AccessEntry, difference
from reconciler.access.evaluation.other_paths import WRITE_FILES, OtherPath, other_paths
from reconciler.model.resource import AnyResource
from tests.access.building import BOB, CONSUMER, OWNER, accepted, access, columns, give, named, registered, table, tag
from tests.access.evaluation.test_other_paths import ANYWHERE, EVA, QUERY, RESULTS, allow, policy, role, workgroup
from tests.access.evaluation.test_view_paths import of_glue, view

PLACE = table(uri="s3://lake/t/")
PARTS: tuple[AnyResource | list[AnyResource], ...] = (
    registered(),
    workgroup(),
    role(BOB, QUERY, RESULTS),
    role(EVA, QUERY, RESULTS, ANYWHERE),
    give(EVA, columns("a"), by=CONSUMER),
    give(EVA, columns("b"), by=CONSUMER),
    policy("lake", OWNER, allow(CONSUMER)),
    policy("lake", OWNER, allow(CONSUMER, Condition={"Bool": {"aws:SecureTransport": "true"}})),
    view(of_glue("SELECT a FROM t WHERE b > 1")),
    give(EVA, named("v"), by=CONSUMER),
    tag("db.t.a", sensitivity="restricted"),
)
ALWAYS = [PLACE, accepted(), *give(CONSUMER, named()), *give(CONSUMER, named("v")), *give(BOB, named(), by=CONSUMER)]
SOME = st.sets(st.integers(0, len(PARTS) - 1)).map(lambda chosen: access(*ALWAYS, *(PARTS[n] for n in sorted(chosen))))
WHOLE = ("files-by-policy", "not-registered", "engines-outside", "overwriting")


def expected(more: Access, less: Access) -> dict[tuple[str, str, str], tuple[set[str], bool]]:
    """By who, where and which way: the columns that are new, and whether it is certain."""
    found = {}
    for path in other_paths(more):
        key = (path.principal, str(path.place), path.name)
        mine = set(more.tables[path.place].names(path.columns))
        old = next((each for each in other_paths(less) if each.key == path.key), None)
        if old is not None and (old.certain or not path.certain):
            mine -= _columns(less, old)
            if path.name in WHOLE or not mine:
                continue
        found[key] = (mine, path.certain)
    return found


def _columns(state: Access, path: OtherPath) -> set[str]:
    return set(state.tables[path.place].names(path.columns))


def _said(entry: AccessEntry) -> tuple[set[str], bool]:
    return {*entry.columns}, entry.verdict == "enforced"


def told(entries: tuple[AccessEntry, ...]) -> list[AccessEntry]:
    return [each for each in entries if each.change == "path"]


@settings(max_examples=25, deadline=None)
@given(SOME, SOME)
def test_each_way_that_is_new_surer_or_wider_is_told_with_what_it_shows(one: Access, other: Access) -> None:
    found = difference(one, other)
    for entries, more, less in ((found.gained + found.shared, other, one), (found.lost + found.unshared, one, other)):
        ways = told(entries)
        new = {(each.principal, str(each.place), each.path): _said(each) for each in ways}
        assert new == expected(more, less)
        assert len(ways) == len(new)
        for each in ways:
            assert each.verdict in ("enforced", "unknown")
            assert each.reasons == (() if each.verdict == "enforced" else (each.why,))
            assert each.permissions == ((WRITE_FILES,) if each.path == "overwriting" else ())
            assert (each.readable, each.width) == (len(each.columns), len(more.tables[each.place].columns))
            assert each.via == (each.why,)
            labels = {"a": "restricted"} if any(at.spec.key == "sensitivity" for at in _tags(more)) else {}
            assert dict(each.sensitivity) == {name: labels[name] for name in each.columns if name in labels}
            assert each.rank == (0 if not each.columns else 3 if {*each.columns} <= labels.keys() else 4)


def _tags(state: Access) -> list[AnyResource]:
    return [each for each in state.state.snapshot.values() if each.address.kind == "tag-assignment"]
