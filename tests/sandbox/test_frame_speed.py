"""The sandbox is quick enough to be the ground of a test suite."""

from __future__ import annotations

import time

from reconciler.sandbox import Sandbox
from tests.sandbox.conftest import OWNER
from tests.sandbox.lakes import Inside, Lake, table


def test_500_reads_a_second_in_process_on_a_thousand_tables_and_grants(aws: Sandbox) -> None:
    """Reads that Lake Formation decides: GetTable on 1,000 tables with 1,000 grants, in the processor's time.

    bench/sandbox_calls.py measures by the clock; here other tests run at the same time.
    """
    lake = Lake(Inside(aws), OWNER)
    lake.database()
    reader = lake.role("reader")
    for number in range(1000):
        lake.table(name=f"t{number:04}")
        lake.grant(reader, table(f"t{number:04}"), "SELECT")
    glue = lake.client("glue", "reader")
    best = 0.0
    for start in range(0, 900, 300):
        began = time.process_time()
        for number in range(start, start + 300):
            glue.get_table(DatabaseName="sales", Name=f"t{number:04}")
        best = max(best, 300 / (time.process_time() - began))
    assert best >= 500
