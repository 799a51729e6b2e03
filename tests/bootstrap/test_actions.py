"""Who may read CloudTrail's history: the role of plan, and that of apply only where the mesh heals."""

from __future__ import annotations

import pytest

from reconciler.bootstrap.actions import HISTORY, Duty, actions
from reconciler.kinds import registry
from tests.estate import Edit, variant

HEALS: Edit = ("mesh.yaml", "limits:", "drift: {heal: {kinds: [grant]}}\nlimits:")


@pytest.mark.parametrize(("edits", "duties"), [((), {"plan"}), ((HEALS,), {"plan", "apply"})], ids=["never", "heals"])
def test_the_role_of_apply_reads_the_history_only_where_it_heals(edits: tuple[Edit, ...], duties: set[Duty]) -> None:
    mesh = variant(*edits)
    both: tuple[Duty, ...] = ("plan", "apply")
    for account in mesh.accounts.values():
        assert {duty for duty in both if set(HISTORY) <= {*actions(mesh, account, duty, registry())}} == duties
