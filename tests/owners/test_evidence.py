"""Evidence comes back from a file as it was written, and whose approval of a pull request counts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import MeshformError
from reconciler.owners.acceptance import Acceptance
from reconciler.owners.evidence import Change, Evidence, evidence_of
from reconciler.owners.given import Approval, Given

LOGINS = st.sampled_from(["ada", "Ines", "bot[bot]", ""])
COMMITS = st.sampled_from(["a" * 40, "b" * 40])
APPROVALS = st.lists(st.builds(Approval, LOGINS, COMMITS, st.just("2026-11-22T10:00:00Z")), max_size=3).map(tuple)
ACCEPTANCE = st.builds(
    Acceptance, st.just("mass-delete"), st.just("0" * 24), st.text(), LOGINS, st.just("t"), st.just("u"), st.booleans()
)
ACCEPTANCES = st.lists(ACCEPTANCE, max_size=2).map(tuple)
PUSHED = st.none() | st.frozensets(LOGINS, max_size=2)
GIVEN = st.builds(Given, st.integers(1, 99), COMMITS, LOGINS, PUSHED, st.booleans(), APPROVALS, ACCEPTANCES)
CHANGES = st.lists(st.builds(Change, COMMITS, st.none() | GIVEN), max_size=3).map(tuple)
MEMBERS = st.dictionaries(st.sampled_from(["acme/a", "acme/b"]), st.none() | st.frozensets(LOGINS, max_size=2))


@given(st.builds(Evidence, st.none() | COMMITS, CHANGES, st.just("acme"), MEMBERS))
def test_it_comes_back_as_it_was_written(evidence: Evidence) -> None:
    assert evidence_of(json.loads(json.dumps(evidence.as_json()))) == evidence


@pytest.mark.parametrize("data", [[], {}, {"version": 2}, {"version": 1, "base": None, "changes": 5}, None])
def test_something_else_is_refused(data: object) -> None:
    with pytest.raises(MeshformError):
        evidence_of(data)


@given(GIVEN)
def test_only_others_count_and_only_for_what_was_merged(given_: Given) -> None:
    for each in given_.counted:
        assert each.commit == given_.head
        assert each.by.lower() != given_.author.lower()
        assert given_.pushed_by is not None
        assert each.by.lower() not in {login.lower() for login in given_.pushed_by}
        assert given_.as_approved
