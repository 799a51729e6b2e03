"""Shares are Lake Formation's own: nobody asks for one, and none is changed."""

from __future__ import annotations

from tests.kinds.cases import Case

CASE = Case(kept="shares are only shown")
