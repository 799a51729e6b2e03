"""Search: the databases, and the tables with their columns, that carry LF-tags in the catalog of an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.address import Placement
from reconciler.model.reader import Reader

PAGE = 100
DATABASES = ("SearchDatabasesByLFTags", "DatabaseList")
TABLES = ("SearchTablesByLFTags", "TableList")
READS = tuple(f"lakeformation:{operation}" for operation, _ in (DATABASES, TABLES))
_UNKNOWN = ("EntityNotFoundException", "InvalidInputException")
"""A key or value that the catalog does not know, or not yet: nothing carries it."""


def carriers(
    aws: Reader, catalog: Placement, search: tuple[str, str], terms: Iterable[tuple[str, Iterable[str]]]
) -> Iterable[Mapping[str, Any]]:
    """The rows of one search for what carries all of these keys, each with one of its values.

    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_SearchTablesByLFTags.html
    """
    operation, items = search
    request = {
        "CatalogId": catalog.account,
        "Expression": [{"TagKey": key, "TagValues": sorted(values)} for key, values in terms],
        "MaxResults": PAGE,
    }
    if aws.read(catalog, "lakeformation", operation, request, absent=_UNKNOWN) is None:
        return ()
    return aws.pages(catalog, "lakeformation", operation, request, items=items)
