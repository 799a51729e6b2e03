"""A trial before the first apply: in accounts as AWS makes them, with the roles of bootstrap and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.doctor import examine, trial_run
from reconciler.doctor.assumption import Answer
from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.beliefs import BELIEFS
from reconciler.spec.mesh import Mesh
from tests.doctor.leftovers import leftovers
from tests.doctor.test_trial_run import FIRST, judge, tried
from tests.estate import CENTRAL, REGION


@pytest.mark.parametrize(
    ("id_", "answer"), [(each.id, a) for each in BELIEFS if each.id in FIRST for a in each.answers]
)
def test_a_belief_about_first_shares_is_told_rightly(bare: Sandbox, mesh: Mesh, id_: str, answer: str) -> None:
    bare.world.beliefs.choose({id_: answer})
    judge(tried(mesh), id_, answer)
    assert leftovers(bare) == []


def test_a_trial_before_the_first_apply_leaves_nothing(bare: Sandbox, mesh: Mesh) -> None:
    """It makes the role of apply an administrator, and puts the settings back."""
    client = bare.session(CENTRAL, "meshform-plan").client("lakeformation", region_name=REGION)
    before = client.get_data_lake_settings()["DataLakeSettings"]
    found = tried(mesh)
    assert [each for each in found if each.verdict == "refuted"] == []
    assert {each.id for each in found if each.verdict == "unknown"} == {"crawlers-of-tables", "hidden-columns-fail"}
    assert client.get_data_lake_settings()["DataLakeSettings"] == before
    assert leftovers(bare) == []


def test_what_a_broken_trial_left_is_taken_away(bare: Sandbox, mesh: Mesh, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as breaking:
        breaking.setattr(trial_run, "_take_away", lambda _: [])
        breaking.setattr("reconciler.doctor.trials.sharing.queries.answers", _stops)
        with pytest.raises(KeyboardInterrupt):
            tried(mesh)
    assert {"role", "database", "link", "crawler", "share"} & {each.partition(" ")[0] for each in leftovers(bare)}
    assert f"DeleteDatabase in {CENTRAL}" in list(trial_run.undo(examine.patient_of(mesh, [])))
    assert leftovers(bare) == []


def _stops(*_: Any) -> Iterator[Answer]:
    raise KeyboardInterrupt
