"""LF-tag keys: there or not; a key that no document declares."""

from __future__ import annotations

from tests.estate import Estate
from tests.kinds.cases import Case, Neighbour


def make(estate: Estate) -> None:
    estate.client("lakeformation").create_lf_tag(TagKey="theirs", TagValues=["a"])


def survives(estate: Estate) -> bool:
    return bool(estate.client("lakeformation").get_lf_tag(TagKey="theirs")["TagValues"] == ["a"])


CASE = Case(neighbour=Neighbour(make, survives))
