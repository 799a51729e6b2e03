"""Whom IAM Identity Center knows: only looked up."""

from __future__ import annotations

from tests.kinds.cases import Case

CASE = Case(kept="people are others'")
