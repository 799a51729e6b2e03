"""What a file says that should be a reviewed plan, and whose pull request it was."""

from __future__ import annotations

import json

import pytest

from reconciler.errors import MeshformError
from reconciler.plan.reviewed import pull_requests, reviewed_digests, reviewed_plan


def test_a_plan_is_read_as_it_was_written() -> None:
    document = {"version": 1, "steps": []}
    assert reviewed_plan(json.dumps(document).encode(), "p.json") == document


@pytest.mark.parametrize("content", [b"[]", b"3", b'"plan"', b"null", b"{", b"\xff"])
def test_anything_else_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(MeshformError, match=r"The reviewed plan p\.json (is not a plan|cannot be read)"):
        reviewed_plan(content, "p.json")


@pytest.mark.parametrize("document", [{}, {"version": 1}, {"version": 1, "steps": [{}]}, {"version": 1, "steps": 3}])
def test_what_has_no_steps_is_no_plan(document: dict[str, object]) -> None:
    with pytest.raises(MeshformError, match="is not a plan made by"):
        reviewed_digests(document)


def test_pull_requests_have_numbers_from_one_on() -> None:
    said = (7, 0, -3, None, "9", True, 2, 7)
    assert pull_requests([*({"pull_request": each} for each in said), {}]) == {2, 7}
