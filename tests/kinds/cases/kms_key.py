"""Keys: only shown."""

from __future__ import annotations

from tests.kinds.cases import Case

CASE = Case(kept="a key is others'")
