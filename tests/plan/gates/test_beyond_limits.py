"""Limits in people and columns stop a plan that goes beyond them by one, and none that just meets them."""

from __future__ import annotations

import pytest

from reconciler.plan.gates import beyond_limits, mass_delete
from tests.plan.test_gates import limited, review


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({}, []),
        ({"principalsGaining": 1, "principalsLosing": 1, "columnsOpened": "{confidential: 3}"}, []),
        ({"principalsGaining": 0}, ["1 principal would gain access; the mesh allows 0 by one plan"]),
        ({"principalsLosing": 0}, ["1 principal would lose access; the mesh allows 0 by one plan"]),
        ({"columnsOpened": "{confidential: 2}"}, ["3 confidential columns would be opened to somebody"]),
        ({"columnsOpened": "{restricted: 0, internal: 0}"}, []),
    ],
)
def test_what_goes_beyond_a_limit_is_told_with_its_number(limits: dict[str, object], told: list[str]) -> None:
    reviewed = review(limited(**limits))
    found = [each.message for gate in (beyond_limits, mass_delete) for each in gate.findings(reviewed)]
    assert len(found) == len(told)
    assert all(message.startswith(begin) for message, begin in zip(found, told, strict=True)), found
