"""ARNs of the Data Catalog, and the ones that IAM must allow for a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request


def catalog_of(request: Request) -> str:
    """The catalog that a request addresses: an account id; the caller's own by default.

    NotImplemented: nested and federated catalogs.
    """
    catalog: str = request.params.get("CatalogId") or request.caller.account
    if len(catalog) == 12 and catalog.isdigit():
        return catalog
    if catalog[:12].isdigit() and catalog[12:13] == ":":
        raise request.not_simulated("with a nested catalog")
    raise AwsError("EntityNotFoundException", f"Catalog {catalog} not found.")


def catalog_arn(region: str, catalog: str) -> str:
    return f"arn:aws:glue:{region}:{catalog}:catalog"


def database_arn(region: str, catalog: str, database: str) -> str:
    return f"arn:aws:glue:{region}:{catalog}:database/{database}"


def table_arn(region: str, catalog: str, database: str, table: str) -> str:
    return f"arn:aws:glue:{region}:{catalog}:table/{database}/{table}"


def arns(region: str, catalog: str, database: str | None = None, table: str | None = None) -> list[str]:
    """The object with everything above it: Glue asks IAM for each (glue-specifying-resource-arns)."""
    found = [catalog_arn(region, catalog)]
    if database is not None:
        found.append(database_arn(region, catalog, database))
        if table is not None:
            found.append(table_arn(region, catalog, database, table))
    return found


def on_catalog(request: Request) -> Sequence[str]:
    """The resources of an operation on the catalog."""
    return arns(request.region, catalog_of(request))


def on_database(*path: str) -> Callable[[Request], Sequence[str]]:
    """The resources of an operation on a database whose name stands at a path of the parameters."""
    return lambda request: arns(request.region, catalog_of(request), _at(request, path))


def on_table(*path: str) -> Callable[[Request], Sequence[str]]:
    """The resources of an operation on a table of `DatabaseName`; no path: on all its tables."""

    def resources(request: Request) -> Sequence[str]:
        table = _at(request, path) if path else "*"
        return arns(request.region, catalog_of(request), request.params["DatabaseName"].lower(), table)

    return resources


def on_named(kind: str, *path: str) -> Callable[[Request], Sequence[str]]:
    """The resource of an operation on something of the caller's own account, such as a crawler."""
    return lambda request: [own_arn(request, kind, _at(request, path, fold=False))]


def own_arn(request: Request, kind: str, name: str) -> str:
    return f"arn:aws:glue:{request.region}:{request.caller.account}:{kind}/{name}"


def _at(request: Request, path: tuple[str, ...], *, fold: bool = True) -> str:
    value = request.params
    for name in path:
        value = value[name]
    return str(value).lower() if fold else str(value)
