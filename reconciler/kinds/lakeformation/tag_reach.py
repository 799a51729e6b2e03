"""Reach: which databases of the central catalog LF-tags lead to, for tags that the mesh does not ask for.

Keys of LF-tags are one for a whole account, and other teams may use ours: a grant by them may be theirs. What a grant,
a value or a key reaches is asked only where the mesh wants none of it, so an ordinary plan asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.lakeformation.tag_search import DATABASES, TABLES, carriers
from reconciler.model.address import Placement
from reconciler.model.reader import Reader, Unseen

UNSEEN = frozenset({"?"})
"""What is reached where that could not be seen: something that is no database of anybody's."""


def reach(aws: Reader, catalog: Placement, terms: Iterable[tuple[str, Iterable[str]]]) -> frozenset[str]:
    """The databases that carry such tags, or that have a table or column with them, in the catalog of an account."""
    terms = tuple(terms)
    try:
        databases = {row["Database"]["Name"].lower() for row in carriers(aws, catalog, DATABASES, terms)}
        tables = {row["Table"]["DatabaseName"].lower() for row in carriers(aws, catalog, TABLES, terms)}
    except Unseen:
        return UNSEEN
    return frozenset(databases | tables)


def beyond(reached: frozenset[str] | None, keys: Iterable[str], ownership: Ownership) -> str:
    """That tags lead out of the mesh, in words; empty where they do not, nobody asked, or a key is the mesh's own."""
    keys = tuple(keys)
    if reached is None or any(
        tag.ownership == "mesh" for key in keys if (tag := ownership.mesh.tags.get(key)) is not None
    ):
        return ""
    if reached == UNSEEN:
        return "whether it reaches data outside of the mesh could not be seen"
    outside = sorted(name for name in reached if not ownership.holds_database(ownership.place, name))
    if outside:
        others = f" and {len(outside) - 1} more" if len(outside) > 1 else ""
        return f"it also reaches the database {outside[0]}{others}, which is not the mesh's"
    foreign = sorted(key for key in keys if key not in ownership.made_keys)
    if foreign and not reached:
        return f"it asks for the LF-tag {foreign[0]}, which is not the mesh's, and reaches nothing now"
    return ""
