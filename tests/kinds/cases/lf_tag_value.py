"""LF-tag values: there or not."""

from __future__ import annotations

from tests.kinds.cases import Case

CASE = Case(fixed={"key": "part of its address", "value": "part of its address"})
