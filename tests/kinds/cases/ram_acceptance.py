"""Acceptance of shares: they come and go with their grants."""

from __future__ import annotations

from tests.kinds.cases import Case

CASE = Case(
    fixed={
        "sender": "the central account",
        "pending": "whether something waits to be accepted",
        "outside": "what was lost by hand",
        "severed": "what was lost by hand",
    },
    kept="a share goes with its grants",
)
