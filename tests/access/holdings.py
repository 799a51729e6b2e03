"""Ways to have something on a table, alone and together: each pair of them is a change, and none is left to chance."""

from __future__ import annotations

from functools import cache
from itertools import permutations

from reconciler.access import AccessDifference, difference, evaluate
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, OnOther
from reconciler.model.resource import AnyResource, Snapshot
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    WORLD,
    Parts,
    accepted,
    by_filter,
    columns,
    give,
    named,
    opted,
    registered,
    row_filter,
    state,
    table,
    tag,
)

UNSURE = "context.iam..."
"""A condition of which nobody knows whether it holds."""
PLACE: Parts = [
    tag("db.t.a", sensitivity="restricted"),
    tag("db.t.b", sensitivity="internal"),
    row_filter("f", "a = 1"),
    row_filter("g", "a = 2", "a", "b"),
]
TO_ANN: dict[str, Parts] = {
    "no table": [],
    "no table yet, but everything": [give(ANN, named(), "ALL")],
    "no table yet, but writing, perhaps a": [give(ANN, named(), "INSERT"), give(ANN, columns("a"), condition=UNSURE)],
    "nothing": [],
    "a": [give(ANN, columns("a"))],
    "every column": [give(ANN, named())],
    "a perhaps": [give(ANN, columns("a"), condition=UNSURE)],
    "every column perhaps": [give(ANN, named(), condition=UNSURE)],
    "some rows": [give(ANN, by_filter("f"))],
    "some rows perhaps": [give(ANN, by_filter("f"), condition=UNSURE)],
    "some rows or others": [give(ANN, by_filter("f")), give(ANN, by_filter("g"))],
    "some rows, perhaps others": [give(ANN, by_filter("f")), give(ANN, by_filter("g"), condition=UNSURE)],
    "b and some rows": [give(ANN, columns("b")), give(ANN, by_filter("f"))],
    "some rows, perhaps all": [give(ANN, by_filter("f")), give(ANN, named(), condition=UNSURE)],
    "all rows of b, perhaps of a": [give(ANN, columns("b")), give(ANN, columns("a"), condition=UNSURE)],
    "by a filter that was not seen": [give(ANN, by_filter("unseen"))],
    "writing": [give(ANN, named(), "INSERT")],
    "writing perhaps": [give(ANN, named(), "INSERT", condition=UNSURE)],
    "writing and a": [give(ANN, named(), "DELETE"), give(ANN, columns("a"))],
    "writing and every column": [give(ANN, named(), "DELETE", "SELECT")],
    "writing, perhaps every column": [give(ANN, named(), "INSERT"), give(ANN, named(), condition=UNSURE)],
    "everything": [give(ANN, named(), "ALL")],
    "changing": [give(ANN, named(), "ALTER")],
    "changing perhaps": [give(ANN, named(), "ALTER", condition=UNSURE)],
    "changing, perhaps a": [give(ANN, named(), "ALTER"), give(ANN, columns("a"), condition=UNSURE)],
    "who knows": [give(ANN, OnOther(OWNER, "{}"))],
    "who knows, and a": [give(ANN, OnOther(OWNER, "{}")), give(ANN, columns("a"))],
}
B = give(ANN, columns("b"))
PERHAPS_B = give(ANN, columns("b"), condition=UNSURE)
OPEN = give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")
"""The table is left to IAM."""
TO_BOB: dict[str, Parts] = {
    "no table": [],
    "no table yet, but open": [OPEN, opted(ANN, named()), accepted()],
    "nothing": [],
    "given to his account": [give(CONSUMER, columns("a", "b"))],
    "given, waiting": [give(CONSUMER, columns("a", "b")), accepted(pending=True)],
    "given, there": [give(CONSUMER, columns("a", "b")), accepted()],
    "given in part, there": [give(CONSUMER, by_filter("f")), accepted()],
    "straight": [give(BOB, columns("a"))],
    "straight, there": [give(BOB, columns("a")), accepted()],
    "open": [OPEN],
    "ann in": [opted(ANN, named())],
    "open, ann in": [OPEN, opted(ANN, named())],
    "open, all of his account in": [OPEN, opted(CONSUMER, named()), opted(BOB, named(), by=CONSUMER)],
    "open, half of his account in": [OPEN, opted(CONSUMER, named()), give(CONSUMER, columns("a")), accepted()],
}
FILES = table(keys="day", uri="s3://lake/t/")
POLICY = table(keys="day", rest={"RLSProperties": "x"})
AT_PLACES: dict[str, Parts] = {
    "registered": [FILES, registered(), give(ANN, columns("a"))],
    "not registered": [FILES, give(ANN, columns("a"))],
    "not registered, changing": [FILES, give(ANN, columns("a")), give(ANN, named(), "ALTER")],
    "not registered, writing": [FILES, give(ANN, columns("a")), give(ANN, named(), "INSERT")],
    "not registered, only writing": [FILES, give(ANN, named(), "INSERT")],
    "not registered, perhaps b": [FILES, give(ANN, columns("a")), give(ANN, columns("b"), condition=UNSURE)],
    "not registered, nothing": [FILES],
    "some rows by a policy": [POLICY, give(ANN, columns("a"))],
    "some rows by a policy, changing": [POLICY, give(ANN, columns("a")), give(ANN, named(), "ALTER")],
    "some rows by a policy, writing": [POLICY, give(ANN, columns("a")), give(ANN, named(), "DELETE")],
    "every row": [table(keys="day"), give(ANN, columns("a"))],
}
DOUBT = give(ANN, OnOther(OWNER, "{}"))
WITH_DOUBTS: dict[str, Parts] = {
    "no table": [DOUBT],
    "as it was": [DOUBT, table(keys="day")],
    "as it was, nobody doubts": [table(keys="day")],
    "another doubt": [give(ANN, OnOther(OWNER, '{"x": 1}')), table(keys="day"), tag("db.t.a", team="y")],
    "a column more": [DOUBT, table(columns="a b c d", keys="day")],
    "another tag": [DOUBT, table(keys="day"), tag("db.t.b", team="x")],
    "another tag, nobody doubts": [table(keys="day"), tag("db.t.b", team="x")],
    "other tags, and b": [DOUBT, table(keys="day"), tag("db.t.b", team="y"), tag("db.t.c", team="x"), B],
    "another tag, perhaps b": [DOUBT, table(keys="day"), tag("db.t.c", team="x"), PERHAPS_B],
    "perhaps b": [DOUBT, table(keys="day"), PERHAPS_B],
    "another name": [DOUBT, table(columns="a b x", keys="day")],
    "another filter": [DOUBT, table(keys="day"), row_filter("h", "c = 1")],
}
PASSED: Parts = [give(BOB, named(), by=CONSUMER), give(ANN, columns("b"))]
"""What stays in each of those: Bob's account passes on what it has."""


def on_the_table(ways: dict[str, Parts], *more: AnyResource | list[AnyResource]) -> dict[str, Parts]:
    """Each with the table, unless its name says that there is none."""
    return {name: [*its, *more, *([] if "no table" in name else [table(keys="day")])] for name, its in ways.items()}


WAYS = (on_the_table(TO_ANN), on_the_table(TO_BOB, *PASSED), AT_PLACES, WITH_DOUBTS)


@cache
def changes() -> tuple[tuple[Snapshot, Snapshot, AccessDifference], ...]:
    """Each pair of ways, both ways round."""
    found = []
    for ways in WAYS:
        states = [state(*PLACE, *its) for its in ways.values()]
        every = [(each, evaluate(each, WORLD)) for each in states]
        for (less, before), (more, after) in permutations(every, 2):
            found.append((less, more, difference(before, after)))
    return tuple(found)
