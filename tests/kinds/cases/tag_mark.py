"""Marks of keys: a saved expression each; somebody else's saved expression."""

from __future__ import annotations

from tests.estate import Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import SENSITIVITY


def make(estate: Estate) -> None:
    lake = estate.client("lakeformation")
    lake.create_lf_tag(TagKey="their-saved", TagValues=["a"])
    lake.create_lf_tag_expression(Name="theirs", Expression=[{"TagKey": "their-saved", "TagValues": ["a"]}])


def survives(estate: Estate) -> bool:
    found = estate.client("lakeformation").list_lf_tag_expressions()["LFTagExpressions"]
    return [each["Name"] for each in found] == ["theirs"]


CASE = Case(
    edits={"body": ((SENSITIVITY, "values:\n", "values:\n  - {value: a-first, description: Comes first.}\n"),)},
    fixed={"mark": "ours"},
    ours_too={"body": "AWS takes no expression of a value that is not there"},
    kept="a key whose mark was erased is somebody's, until a document takes it over",
    neighbour=Neighbour(make, survives),
)
