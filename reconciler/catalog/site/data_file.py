"""The data file: what the pages search and filter, column by column, as a script that works from a file, too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from reconciler.catalog.others import Other, others
from reconciler.catalog.site.addresses import columns_file
from reconciler.catalog.site.leaving import goes, last_days, other_page
from reconciler.catalog.site.readers import center_people
from reconciler.policy.describe import described
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh

NAME = "data.js"
FACETS = ("domain", "highest", "owner", "freshness", "promises", "going")
_LONGEST = 160
_GOING = {"goes": "all of it goes", "parts": "parts of it go"}
NONE: Mapping[str, str] = MappingProxyType({})


def data_file(mesh: Mesh, today: date, states: Mapping[str, str] = NONE, *, public: bool) -> str:
    """`meshformData`: products with their columns, each field a list; and who can be asked for, if not public.

    `states` say of products whether their promises are kept.
    A value of a facet is a number into its list of words, so that ten thousand products are small.
    """
    products = [each for each, _ in described(mesh, "product", today)]
    told = {"promises": states, "going": {name: _GOING[said.partition(" ")[0]] for name, said in goes(mesh).items()}}
    facets = {
        field: [told[field].get(each.name, "") if field in told else str(getattr(each, field)) for each in products]
        for field in FACETS
    }
    words = {field: sorted(set(values), key=_order) for field, values in facets.items()}
    words["subject"] = sorted({f"{key}={value}" for each in products for key, value in each.labels.items()})
    numbers = {field: {word: number for number, word in enumerate(known)} for field, known in words.items()}
    data: dict[str, Any] = {
        "words": words,
        "name": [each.name for each in products],
        "description": [_short(each.description) for each in products],
        **{field: [numbers[field][value] for value in values] for field, values in facets.items()},
        "subject": [[numbers["subject"][f"{key}={value}"] for key, value in each.labels.items()] for each in products],
        "columns": [_columns(product) for product in mesh.products.values()],
        "files": _files(mesh),
        "until": last_days(mesh),
        "readers": [] if public else _readers(mesh),
        "others": [_other(each) for each in others(mesh) if each.is_public or not public],
        "center": {} if public else center_people(mesh),
        "taken": [] if public else list(mesh.written),
    }
    return f"var meshformData={json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _short(text: str) -> str:
    """The first words of a description: the page has all of it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rpartition(' ')[0] or line[:_LONGEST]} …"


def _columns(product: Product) -> str:
    """Tables, each with its columns; none of their names has a slash or a semicolon."""
    return ";".join(
        "/".join((table.name, *(each.name for each in table.columns), *(key.name for key in table.partition_keys)))
        for table in product.tables
    )


def _other(other: Other) -> list[str]:
    """What it is, its name, its page, how it goes, and what it is about."""
    return [other.kind, other.name, other_page(other), other.going, _short(other.description)]


def _files(mesh: Mesh) -> dict[str, str]:
    """The pages of columns whose file is not called as the table is."""
    names = (
        (f"{product.name}.{table.name}", columns_file(product.name, table.name))
        for product in mesh.products.values()
        for table in product.tables
    )
    return {name: file for name, file in names if name != file}


def _order(word: str) -> tuple[int, str]:
    """Ages by how long they are, other words by the alphabet."""
    units = {"m": 1, "h": 60, "d": 1440}
    is_age = word[:-1].isdecimal() and word[-1:] in units
    return int(word[:-1]) * units[word[-1]] if is_age else 0, word


def _readers(mesh: Mesh) -> list[list[Any]]:
    """Consumers with their principals."""
    rows: Iterable[Any] = mesh.consumers.values()
    return [[each.name, [principal.name for principal in each.principals]] for each in rows if each.principals]
