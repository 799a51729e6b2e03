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
ASKED = st.frozensets(LOGINS, max_size=2)
GIVEN = st.builds(Given, st.integers(1, 99), COMMITS, LOGINS, PUSHED, st.booleans(), APPROVALS, ACCEPTANCES, ASKED)
CHANGES = st.lists(st.builds(Change, COMMITS, st.none() | GIVEN), max_size=3).map(tuple)
MEMBERS = st.dictionaries(st.sampled_from(["acme/a", "acme/b"]), st.none() | st.frozensets(LOGINS, max_size=2))


@given(st.builds(Evidence, st.none() | COMMITS, CHANGES, st.just("acme"), MEMBERS))
def test_it_comes_back_as_it_was_written(evidence: Evidence) -> None:
    assert evidence_of(json.loads(json.dumps(evidence.as_json()))) == evidence


@pytest.mark.parametrize("data", [[], {}, {"version": 2}, {"version": 1, "base": None, "changes": 5}, None])
def test_something_else_is_refused(data: object) -> None:
    with pytest.raises(MeshformError):
        evidence_of(data)


def test_evidence_of_before_somebody_could_ask_or_accept_is_read_and_another_version_is_not() -> None:
    given_ = Given(1, "a" * 40, "ada", None, True, ())
    data = json.loads(json.dumps(Evidence(None, (Change("a" * 40, given_),), "acme").as_json()))
    for name in ("asked_by", "acceptances"):
        del data["changes"][0]["pull_request"][name]
    assert evidence_of(data).changes[0].given == given_
    with pytest.raises(MeshformError, match="is of version 2; this meshform reads version 1"):
        evidence_of({**data, "version": 2})


@given(GIVEN)
def test_only_others_count_and_only_for_what_was_merged(given_: Given) -> None:
    """Each approval is judged once more, in other words."""
    for each in given_.approvals:
        makers = {given_.author.lower(), *map(str.lower, given_.pushed_by or ()), *map(str.lower, given_.asked_by)}
        good = given_.as_approved and given_.pushed_by is not None and each.commit == given_.head
        assert (each in given_.counted) == (good and each.by.lower() not in makers)
        told = given_.refused(frozenset({each.by.lower()}))
        mine = [one for one in given_.approvals if one.by.lower() == each.by.lower()]
        assert (told is None) == (all(one.commit == given_.head for one in mine) and each.by.lower() not in makers)
    assert given_.refused(frozenset({"nobody"})) is None
