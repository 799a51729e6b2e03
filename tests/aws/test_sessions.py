"""Sessions: who CloudTrail says that it was."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.aws.sessions import session_name
from reconciler.model.job import LAPTOP, Job


def test_a_session_tells_run_and_commit() -> None:
    job = Job(run="17", commit="3a24bae00112233445566778899aabbccddeeff0")
    assert session_name(job) == "meshform-17-3a24bae00112"
    assert session_name(LAPTOP) == "meshform"


@given(st.text(), st.text())
def test_whatever_the_job_says_it_is_a_name_that_sts_takes(run: str, commit: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_+=,.@-]{2,64}", session_name(Job(run=run, commit=commit)))
