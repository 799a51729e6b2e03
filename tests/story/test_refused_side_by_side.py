"""Columns of a table beside the table itself, which AWS refuses: the change is carried out, whatever else waits."""

from __future__ import annotations

import pytest

from tests.estate import Estate, failures, variant
from tests.kinds.iam.test_permissions_due import delete_role
from tests.story.test_no_gap import INTERNAL, MODEL, REPORT, people, readable

BOTH = (REPORT, "[credit-analyst]", "[credit-analyst, data-scientist]")
WHOLE = (REPORT, INTERNAL, "tables:\n  - {name: credit_card}")
COLUMNS = (REPORT, INTERNAL, "tables:\n  - {name: credit_card, columns: [duration, purpose]}")
MORE = (MODEL, "[internal, confidential]", "[internal, confidential, restricted]")


@pytest.mark.parametrize("ways", [(WHOLE, COLUMNS), (COLUMNS, WHOLE)], ids=["to columns", "to the table"])
@pytest.mark.parametrize("beside", ["its role is made anew", "another subscription of the role is widened"])
def test_a_table_and_its_columns_change_places_in_one_run(built: Estate, ways: tuple[object, ...], beside: str) -> None:
    before, after = ways
    built.aws.world.beliefs.choose({"roles-made-anew": "void"})
    is_made_anew = beside.startswith("its role")
    mesh = variant(BOTH, after, *([] if is_made_anew else [MORE]))
    built.repair(mesh)
    wanted = readable(built, people(built))
    built.repair(variant(BOTH, before))
    if is_made_anew:
        delete_role(built)
    run = built.apply_reviewed(mesh)
    assert not run.failed, failures(run)
    built.fresh_sessions()
    built.repair(mesh)
    assert readable(built, people(built)) == wanted
