"""Opt-ins: there or not."""

from __future__ import annotations

from tests.kinds.cases import Case

CASE = Case(
    fixed={"principal": "part of its address", "target": "part of its address", "condition": "part of its address"}
)
