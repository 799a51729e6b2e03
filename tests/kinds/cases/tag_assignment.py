"""Tags on databases, tables and columns: their values; somebody else's key on our database."""

from __future__ import annotations

from tests.estate import CENTRAL, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import FUNDS


def make(estate: Estate) -> None:
    lake = estate.client("lakeformation")
    lake.create_lf_tag(TagKey="their-key", TagValues=["a"])
    lake.add_lf_tags_to_resource(
        Resource={"Database": {"CatalogId": CENTRAL, "Name": "credit-card"}},
        LFTags=[{"TagKey": "their-key", "TagValues": ["a"]}],
    )


def survives(estate: Estate) -> bool:
    """The database itself is gone in the end; the key is still theirs."""
    return bool(estate.client("lakeformation").get_lf_tag(TagKey="their-key")["TagValues"] == ["a"])


CASE = Case(
    edits={"value": ((FUNDS, "tags: {sensitivity: confidential}", "tags: {sensitivity: restricted}"),)},
    fixed={"place": "part of its address", "key": "part of its address"},
    neighbour=Neighbour(make, survives),
)
