"""Limits in people and columns stop a plan that goes beyond them by one, and none that just meets them."""

from __future__ import annotations

import pytest

from reconciler.plan.gates.beyond_limits import findings
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
    found = [each.message for each in findings(review(limited(**limits)))]
    assert len(found) == len(told)
    assert all(message.startswith(begin) for message, begin in zip(found, told, strict=True)), found
