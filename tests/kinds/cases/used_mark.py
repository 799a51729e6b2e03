"""Marks of used databases follow from what is found: none of the full mesh's are used."""

from __future__ import annotations

from tests.kinds.cases import Case

CASE = Case()
