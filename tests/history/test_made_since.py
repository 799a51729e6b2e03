"""A table is younger than what was put on it only where the journal shows it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reconciler import journal
from reconciler.access import TableId
from reconciler.aws.evidence_store import EvidenceStore
from reconciler.history.made_since import made_since
from reconciler.history.update import entry
from reconciler.kinds import registry
from reconciler.kinds.glue.table import Table
from reconciler.plan.compile import compile_mesh
from reconciler.plan.remade import Untagged
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, bank, variant
from tests.plan.test_remade import MADE, dated

PLACE, TAG = TableId(CENTRAL, "credit-card", "credit_card"), "tag-assignment 1/eu-west-1 a"
HOUR = timedelta(hours=1)


@pytest.fixture
def mesh(tmp_path: Path) -> Mesh:
    return variant(("mesh.yaml", "limits:", f"journal: {{path: {tmp_path}/journal}}\nlimits:"))


def entered(folder: Path, begun: datetime, address: str, result: str = "done", ended: datetime | None = None) -> None:
    """A run in the journal with one step; killed where it has no end."""
    data = {
        "started": begun.isoformat(),
        "ended": ended.isoformat() if ended is not None else None,
        "outcome": "done" if ended is not None else "running",
        "steps": [{"address": address, "result": result}],
    }
    journal.write(str(folder / "journal"), journal.name(begun), data)


def is_proved(mesh: Mesh, at: object = MADE) -> bool:
    (table,) = (each for each in compile_mesh(bank(), registry()).of(Table) if each.spec.table == "credit_card")
    found = made_since(mesh, None, {PLACE: Untagged(dated(table, at), frozenset({TAG}))})
    assert found <= {PLACE}
    return bool(found)


def test_nothing_is_proved_without_a_run_of_before(mesh: Mesh, tmp_path: Path) -> None:
    assert not is_proved(mesh), "no journal"
    entered(tmp_path, MADE + HOUR, "grant x", ended=MADE + 2 * HOUR)
    assert not is_proved(mesh), "it does not go back to when the table was made"


@pytest.mark.parametrize(
    ("result", "begun", "ended", "proved"),
    [
        ("done", -2, -1, True),  # it tagged the table of before
        ("done", -1, 1, False),
        ("done", -1, 0, False),
        ("done", -1, None, False),  # killed: when it tagged, nobody knows
        ("done", 1, 2, False),
        (journal.SENT, 1, None, False),
        ("failed", 1, 2, True),
        ("skipped", 1, 2, True),
        (journal.NOT_REACHED, 1, None, True),  # killed before it tagged anything
    ],
)
def test_it_is_proved_by_runs_since_then_that_put_nothing_on_it(
    mesh: Mesh, tmp_path: Path, result: str, begun: int, ended: int | None, proved: bool
) -> None:
    entered(tmp_path, MADE - 3 * HOUR, TAG, ended=MADE - 2.5 * HOUR)
    entered(tmp_path, MADE + begun * HOUR, TAG, result, MADE + ended * HOUR if ended is not None else None)
    entered(tmp_path, MADE + 3 * HOUR, "tag-assignment 1/eu-west-1 of-another", ended=MADE + 4 * HOUR)
    assert is_proved(mesh) is proved


def test_what_aws_or_the_journal_does_not_tell_proves_nothing(mesh: Mesh, tmp_path: Path) -> None:
    entered(tmp_path, MADE - HOUR, "grant x", ended=MADE - HOUR / 2)
    assert is_proved(mesh)
    assert not is_proved(mesh, None)
    (file,) = (tmp_path / "journal").glob("*.json")
    for text in ("{", "[]", json.dumps({"started": "yesterday", "ended": None, "outcome": "done", "steps": []})):
        file.write_text(text)
        assert not is_proved(mesh), text


def test_a_journal_is_read_back_to_the_table_and_no_further(
    mesh: Mesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(-5, 3):
        entered(tmp_path, MADE + hours * HOUR + HOUR / 2, "grant x", ended=MADE + (hours + 1) * HOUR - HOUR / 4)
    read = list[str]()

    def noted(store: EvidenceStore, file: str) -> object:
        read.append(file)
        return entry(store, file)

    monkeypatch.setattr("reconciler.history.made_since.entry", noted)
    assert is_proved(mesh)
    assert len(read) == 4, "the three since then, and the last one before"
