"""What changed between two snapshots and no run tells is by hand; what AWS itself does with a run is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reconciler.access import evaluate, principal_directory
from reconciler.audit.changes import Seen, by_hand
from reconciler.history.event import Event
from reconciler.kinds import registry
from reconciler.model.lakeformation import Grant, OnTable
from reconciler.model.last_change import LastChange
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from tests.estate import ANALYTICS, CENTRAL, NOBODY, bank
from tests.grants import atom

BEFORE, AFTER = datetime(2026, 11, 5, 9, tzinfo=UTC), datetime(2026, 11, 9, 9, tzinfo=UTC)
WRITTEN = datetime(2026, 11, 8, 9, tzinfo=UTC)
TABLE = "deal-pipeline.deal"


def seen(taken: datetime, *more: AnyResource) -> Seen:
    wanted = compile_mesh(bank(), registry())
    found = Snapshot((*wanted.values(), *more))
    observation = Observation(found)
    return Seen(taken, observation, evaluate(observation, principal_directory(bank())))


def grant(principal: str = NOBODY) -> AnyResource:
    given = Grant(principal, OnTable(CENTRAL, "deal-pipeline", "deal"), "SELECT")
    changed = LastChange("arn:aws:iam::111111111111:role/eve", WRITTEN)
    return replace(atom(given), changed=changed)


def told(*events: Event, principal: str = NOBODY, made: Any = ()) -> list[Any]:
    rows = by_hand(seen(BEFORE), seen(AFTER, grant(principal)), events, made, bank())
    return [each for each in rows if each["table"] == TABLE and each["principal"] == principal]


def test_a_grant_that_no_run_made_is_by_hand_with_who_and_when() -> None:
    rows = told()
    assert {(each["how"], each["change"], each["by"], each["at"]) for each in rows} == {
        ("by hand", "gained", "arn:aws:iam::111111111111:role/eve", "2026-11-08T09:00:00Z")
    }
    columns = [column for each in rows for column in each["columns"].split(", ")]
    assert sorted(columns) == ["deal_id", "sector", "stage", "target", "value_eur"]


def test_what_a_run_of_the_time_between_tells_is_not() -> None:
    columns = ("deal_id", "sector", "stage", "target")
    run = Event("2026-11-08T09:00:00Z", "gained", principal=NOBODY, table=TABLE, columns=columns, permission="SELECT")
    assert [each["columns"] for each in told(run)] == ["value_eur"], "but what it does not tell is"
    early, late = (replace(run, at=f"2026-11-{day}T09:00:01Z") for day in ("04", "09"))
    assert len(told(early)) == len(told(late)) == len(told())
    assert len(told(replace(run, event="lost"))) == len(told())


def test_a_grant_to_a_person_is_by_hand_even_where_a_run_made_the_database() -> None:
    made = [("2026-11-08T09:00:00Z", "run", "deal-pipeline")]
    assert {each["how"] for each in told(made=made)} == {"by hand"}
    own = f"arn:aws:iam::{ANALYTICS}:role/OrganizationAccountAccessRole"
    assert {(each["how"], each["run"]) for each in told(principal=own, made=made)} == {("by AWS with a run", "run")}
    assert {each["how"] for each in told(principal=own)} == {"by hand"}
