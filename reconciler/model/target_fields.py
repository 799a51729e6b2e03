"""What a permission is on, as fields of plain data and back: the one place that knows the shape of each target so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from reconciler.model.lakeformation import (
    Expression,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)

Fields = dict[str, "str | list[str] | dict[str, list[str]]"]


def target_fields(target: Target, home: str, values: Iterable[str] = ()) -> Fields:
    """The fields of a target: its catalog, unless that is `home`, and what it is. `values` are more of an LF-tag's."""
    fields: Fields = {"catalog": target.catalog} if target.catalog != home else {}
    match target:
        case OnCatalog(catalog=catalog):
            fields = {"catalog": catalog}
        case OnDatabase(database=database):
            fields["database"] = database
        case OnTable(database=database, table=table):
            fields |= {"database": database, "table": table}
        case OnColumns(database=database, table=table, columns=columns, excluded=excluded):
            fields |= {"database": database, "table": table, "exclude" if excluded else "columns": list(columns)}
        case OnFilter(database=database, table=table, name=name):
            fields |= {"database": database, "table": table, "filter": name}
        case OnLocation(arn=arn):
            fields["location"] = arn
        case OnTag(key=key, value=value):
            fields |= {"of": "TAG", "tags": {key: sorted({value, *values})}}
        case OnTagPolicy(of=of, terms=terms):
            fields |= {"of": of, "tags": terms_fields(terms)}
        case OnSavedExpression(of=of, name=name):
            fields |= {"of": of, "expression": name}
        case OnOther(text=text):
            fields["other"] = text
        case _:
            assert_never(target)
    return fields


def terms_fields(terms: Expression) -> dict[str, list[str]]:
    """An expression as keys with their values."""
    return {key: list(values) for key, values in terms}


def targets_of(fields: Mapping[str, Any], home: str) -> Iterator[Target]:
    """The targets that fields say: one, but one for each value of an LF-tag. Empty fields count as left out."""
    catalog = fields.get("catalog") or home
    match {name: value for name, value in fields.items() if value and name != "catalog"}:
        case {"other": str(text)}:
            yield OnOther(catalog, text)
        case {"location": str(arn)}:
            yield OnLocation(catalog, arn)
        case {"of": "DATABASE" | "TABLE" as of, "expression": str(name)}:
            yield OnSavedExpression(catalog, of, name)
        case {"of": "DATABASE" | "TABLE" as of, "tags": tags}:
            yield OnTagPolicy(catalog, of, expression(tags))
        case {"of": "TAG", "tags": tags}:
            yield from (OnTag(catalog, key, value) for key, values in tags.items() for value in values)
        case {"database": str(database), "table": str(table), "filter": str(name)}:
            yield OnFilter(catalog, database, table, name)
        case {"database": str(database), "table": str(table), "columns": columns}:
            yield OnColumns(catalog, database, table, tuple(sorted(columns)))
        case {"database": str(database), "table": str(table), "exclude": columns}:
            yield OnColumns(catalog, database, table, tuple(sorted(columns)), excluded=True)
        case {"database": str(database), "table": str(table)}:
            yield OnTable(catalog, database, table)
        case {"database": str(database)}:
            yield OnDatabase(catalog, database)
        case _:
            yield OnCatalog(catalog)
