"""Random small states: two tables, tags, grants by every form of target, filters, opt-ins, acceptances."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import strategies as st

from reconciler.access import TableId
from reconciler.model.lakeformation import (
    IAM_ALLOWED_PRINCIPALS,
    OnCatalog,
    OnDatabase,
    OnLocation,
    OnOther,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.model.resource import AnyResource
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    GROUP,
    OTHER,
    OWNER,
    SALES,
    SAVED,
    WORLD,
    accepted,
    admins,
    by_filter,
    catalog_policy,
    columns,
    give,
    named,
    opted,
    registered,
    role,
    row_filter,
    saved,
    state,
    table,
    tag,
    version,
    where,
)

U = TableId(OWNER, "db", "u")
EVERYBODY = f"{CONSUMER}:IAMPrincipals"
PRINCIPALS = (ANN, BOB, EVE, EVERYBODY, GROUP, IAM_ALLOWED_PRINCIPALS, CONSUMER, OTHER)
TARGETS: tuple[Target, ...] = (
    named(),
    named("u"),
    named("*"),
    columns("a"),
    columns("a", "b"),
    columns("b", excluded=True),
    by_filter("f"),
    by_filter("g"),
    where(level="low"),
    where(level="low high", team="x"),
    where(team="*"),
    SAVED,
    OnOther(OWNER, "{}"),
    OnTable(CONSUMER, "db", "t"),
)
THINGS: tuple[tuple[Target, tuple[str, ...]], ...] = (
    (OnDatabase(OWNER, "db"), ("DESCRIBE", "CREATE_TABLE", "ALL")),
    (OnTagPolicy(OWNER, "DATABASE", expression({"level": ("low",)})), ("DESCRIBE", "ALTER", "ALL")),
    (OnTag(OWNER, "level", "low"), ("DESCRIBE", "ASSOCIATE")),
    (OnTag(OWNER, "level", "high"), ("DESCRIBE", "ASSOCIATE")),
    (OnLocation(OWNER, "arn:aws:s3:::lake/t"), ("DATA_LOCATION_ACCESS",)),
    (OnCatalog(OWNER), ("CREATE_DATABASE",)),
    (OnDatabase(CONSUMER, "db"), ("ALL",)),
)
RIGHTS = ("SELECT", "ALL", "INSERT", "DESCRIBE", "ALTER")
PLACES = ("db", "db.t", "db.u", "db.t.a", "db.t.b", "db.t.day", "db.u.a")

LOCALLY = (BOB, EVERYBODY, GROUP)
CONDITIONS = (None, None, None, None, None, SALES, "context.iam...")
LABELS = (
    *((key, value) for key in ("level", "team") for value in ("low", "high", "x")),
    *(("sensitivity", value) for value in WORLD.sensitivity_order),
)

# One choice each: hypothesis takes longer for five small ones than all that is done with what they choose.
GRANTS = [*product(PRINCIPALS, TARGETS, RIGHTS, (False, True), CONDITIONS)]
ON_THINGS = [
    (principal, target, right, local, grantable)
    for principal, (target, rights), local, grantable in product(PRINCIPALS, THINGS, (False, True), (False, True))
    for right in rights
]
a_grant = st.sampled_from(GRANTS).map(lambda chosen: the_grant(*chosen))
a_right = st.sampled_from(ON_THINGS).map(lambda chosen: the_right(*chosen))
"""On what is no table."""
a_tag = st.sampled_from([*product(PLACES, LABELS)]).map(lambda chosen: tag(chosen[0], **dict([chosen[1]]))[0])


def the_grant(principal: str, target: Target, right: str, local: bool, condition: str | None) -> AnyResource:
    """One of `GRANTS`."""
    return _given(principal, target, right, local, condition=condition)


def the_right(principal: str, target: Target, right: str, local: bool, grantable: bool) -> AnyResource:
    """One of `ON_THINGS`."""
    return _given(principal, target, right, local, grantable=grantable)


def _given(principal: str, target: Target, right: str, local: bool, **how: Any) -> AnyResource:
    """A permission; a local one is given on by the consumer to his own."""
    return give(principal, target, right, by=CONSUMER if local and principal in LOCALLY else OWNER, **how)[0]


EXTRAS: tuple[AnyResource, ...] = (
    accepted(),
    accepted(pending=True),
    accepted(pending=True, arrived=("db", "db/t")),
    accepted(pending=True, arrived=("*", "*/*", "db/*")),
    accepted(pending=True, arrived=("db/*",), waiting=("db/u", "")),
    row_filter("f", "a = 1"),
    row_filter("f", "a = 1", "a"),
    row_filter("g", "", "b"),
    row_filter("g", "a = 2"),
    opted(ANN, named()),
    opted(BOB, named("*"), by=CONSUMER),
    opted(CONSUMER, OnDatabase(OWNER, "db")),
    opted(BOB, OnDatabase(OWNER, "db"), by=CONSUMER),
    opted(ANN, named("*")),
    opted(CONSUMER, named("*")),
    give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")[0],
    saved(level="low"),
    saved(team="x"),
    role(ANN, team="sales"),
    role(ANN, team="hr"),
    role(ANN, "sts:TagSession"),
    version(1),
    version(4),
    catalog_policy(),
    catalog_policy(Principal="*"),
    registered(),
    admins(OWNER, ANN),
    admins(CONSUMER, BOB),
)
an_extra = st.sampled_from(EXTRAS)
a_change = st.one_of(a_grant, a_right, a_tag, an_extra)
"""One thing that comes, or is another one."""
TABLES = [*product(("a b c", "a c b", "a b"), ("a", "a b", ""), ("", "s3://lake/t"))]
the_tables = st.sampled_from(TABLES).map(lambda chosen: both_tables(*chosen))


def both_tables(columns_of_t: str, columns_of_u: str, uri: str) -> list[AnyResource]:
    """One of `TABLES`."""
    return [table("t", columns_of_t, "day", uri=uri), table("u", columns_of_u)]


a_state = st.builds(
    lambda tables, tags, grants, rights, extras: state(tables, tags, grants, rights, extras),
    the_tables,
    st.lists(a_tag, max_size=6),
    st.lists(a_grant, max_size=8),
    st.lists(a_right, max_size=4),
    st.lists(an_extra, max_size=7),
)
