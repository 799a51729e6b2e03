"""How many calls each operation of the comparable scenario may make: a call more for each grant or table fails here."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from bench import floor
from bench.counting import Calls, of_reads, of_writes
from reconciler.aws.clients import CONFIG
from reconciler.aws.crew import Alone
from reconciler.model.lakeformation import OnTable
from reconciler.plan.review import Review
from tests.budget.conftest import TENTH, Scenario, larger
from tests.rounds import Rounds

RATIO = 1.25
ROUNDS = 4


@pytest.fixture(scope="module")
def unchanged(built: Scenario) -> tuple[Review, Calls]:
    """A plan without changes; every test leaves AWS as that."""
    return built.plan(built.mesh(TENTH))


def difference(calls: Calls, unavoidable: Calls) -> str:
    """Where calls and floor differ, for the message of a failure."""
    rows = (f"{name}: {calls[name]} against {unavoidable[name]}" for name in sorted(calls | unavoidable))
    return "\n".join(
        row for row, name in zip(rows, sorted(calls | unavoidable), strict=True) if calls[name] != unavoidable[name]
    )


def test_the_first_apply_writes_hardly_more_than_it_must(scenario: Scenario) -> None:
    mesh = scenario.mesh(TENTH)
    review, _ = scenario.plan(mesh)
    assert review.plan is not None
    unavoidable = floor.writes(review.plan)
    calls = of_writes(scenario.apply_reviewed(mesh, review))
    assert calls.total() <= RATIO * unavoidable.total(), difference(calls, unavoidable)
    left, _ = scenario.plan(mesh)
    assert list(left.steps) == [], "something was left undone to get there"


def test_a_plan_without_changes_reads_hardly_more_than_it_must(
    built: Scenario, unchanged: tuple[Review, Calls]
) -> None:
    review, calls = unchanged
    assert list(review.steps) == []
    assert review.observation is not None
    unavoidable = floor.reads(built.mesh(TENTH), review.observation.found)
    assert calls.total() <= RATIO * unavoidable.total(), difference(calls, unavoidable)


def test_a_plan_writes_nothing(unchanged: tuple[Review, Calls]) -> None:
    assert of_writes(unchanged[1]) == Counter()


def test_nothing_is_read_twice_in_a_run(unchanged: tuple[Review, Calls]) -> None:
    """Each account is entered once, and each of its lists is asked for as often as it has pages."""
    _, calls = unchanged
    accounts = 1 + TENTH.producers + TENTH.consumers
    for name in ("sts.AssumeRole", "lakeformation.GetDataLakeSettings", "glue.GetDatabases", "tagging.GetResources"):
        assert calls[name] == accounts, name
    assert calls["lakeformation.ListPermissions"] == 2 * accounts - 1
    assert calls["glue.GetTables"] == TENTH.products


def test_a_plan_waits_for_few_answers_one_after_the_other(built: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entering an account, its settings, what its tags are, what carries them, and no more behind each other."""
    rounds = Rounds(monkeypatch)
    built.plan(built.mesh(TENTH))
    assert rounds.longest <= ROUNDS


@pytest.mark.parametrize(
    "more",
    [
        {"tables": 2 * TENTH.tables},
        {"principals": 5},
        {"subscriptions": 16},
    ],
    ids=["tables", "principals", "subscriptions"],
)
def test_more_tables_columns_and_grants_are_no_more_calls_of_a_plan(
    built: Scenario, unchanged: tuple[Review, Calls], more: dict[str, int]
) -> None:
    """A plan of a mesh twice as large, over AWS as it is, reads what it read before: pages, not things."""
    _, before = unchanged
    review, calls = built.plan(built.mesh(larger(**more)))
    assert len(list(review.steps)) > 0
    added = calls - before
    # New tables are looked for by their tags once, all in one search.
    assert added.total() <= 1, added


def test_an_account_more_costs_no_more_than_its_own_lists(
    built: Scenario, unchanged: tuple[Review, Calls], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine calls: entering it, its settings, three lists of grants, links, roles, buses, and what was left behind.

    Nobody waits for a connection, and none is thrown away: there are no more threads than a client keeps of them.
    """
    _, before = unchanged
    alive: list[int] = []
    start = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        start(thread)
        alive.append(threading.active_count())

    monkeypatch.setattr(threading.Thread, "start", noted)
    _, calls = built.plan(built.mesh(larger(consumers=TENTH.consumers + 1)))
    added = calls - before
    # The subscriptions are dealt out anew, and of each tag expression that goes it is asked once what it reaches.
    asked = {added.pop(f"lakeformation.Search{what}ByLFTags", 0) for what in ("Databases", "Tables")}
    assert asked == {4}
    assert added.total() <= 9, added
    assert set(added.values()) <= {1, 2}, added
    assert 1 < max(alive) <= CONFIG.max_pool_connections


@pytest.fixture
def changed_back(built: Scenario) -> Iterator[Scenario]:
    """AWS is as the tenth wants it afterwards, also where a test fails."""
    yield built
    mesh = built.mesh(TENTH)
    back, _ = built.plan(mesh)
    built.apply_reviewed(mesh, back)


@pytest.fixture
def one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts are written to in their order. What waits for several fills its batches by which of them ends first."""
    monkeypatch.setattr("reconciler.aws.apply.writing_pools", lambda: nullcontext((Alone(), Alone())))


@pytest.mark.usefixtures("one_after_the_other")
def test_a_changed_grant_costs_its_share_of_a_batch(changed_back: Scenario) -> None:
    """Every clearance changes: grants and revokes go twenty a call, and are read again to confirm the revokes."""
    built = changed_back
    mesh = built.mesh(TENTH, ("internal", "public"))
    review, _ = built.plan(mesh)
    assert review.plan is not None
    unavoidable = floor.writes(review.plan)
    calls = built.apply_reviewed(mesh, review)
    assert of_writes(calls).total() <= RATIO * unavoidable.total(), difference(of_writes(calls), unavoidable)
    accounts = 1 + TENTH.producers + TENTH.consumers
    confirming = of_reads(calls)["lakeformation.ListPermissions"]
    assert confirming <= 2 * 2 * accounts, "revokes are confirmed by one reading a wave of an account"
    assert list(built.plan(mesh)[0].steps) == []


def test_tables_whose_tags_shall_change_are_read_alone_and_no_others(
    built: Scenario, unchanged: tuple[Review, Calls]
) -> None:
    """What the search answers differs from what is wanted, and its sense is not documented: a call for each."""
    _, before = unchanged
    _, calls = built.plan(built.mesh(larger(columns=TENTH.columns + 1)))
    assert calls - before == Counter({"lakeformation.GetResourceLFTags": TENTH.products * TENTH.tables})


def test_only_suspects_are_asked_for_their_tags(built: Scenario) -> None:
    """A table whose tags somebody changed by hand is one call more, not a call for each table."""
    lake = built.aws.session(built.mesh(TENTH).central.id).client("lakeformation")
    target = OnTable(built.mesh(TENTH).central.id, "database_0", "p0_table_0")
    resource: Any = {
        "TableWithColumns": {
            "CatalogId": target.catalog,
            "DatabaseName": target.database,
            "Name": target.table,
            "ColumnNames": ["column_0"],
        }
    }
    tag: Any = {"TagKey": "sensitivity", "TagValues": ["restricted"]}
    lake.add_lf_tags_to_resource(Resource=resource, LFTags=[tag])
    review, calls = built.plan(built.mesh(TENTH))
    assert calls["lakeformation.GetResourceLFTags"] == 1
    assert len(list(review.steps)) == 1
    built.apply_reviewed(built.mesh(TENTH), review)
