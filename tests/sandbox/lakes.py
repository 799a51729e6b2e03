"""An account with a small lake, for the tests of Lake Formation and RAM."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox
from tests.checkpoint import Checkpoint
from tests.sandbox.conftest import OWNER, Http

ACCESS_ROLE = "OrganizationAccountAccessRole"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
COLUMNS = ("id", "name", "country", "amount")


def principal(arn: str) -> dict[str, str]:
    return {"DataLakePrincipalIdentifier": arn}


@dataclass(frozen=True)
class Inside:
    """Serves in process with the face of the one over HTTP, for tests that look into the world."""

    aws: Sandbox

    def client(self, service: str, account: str = OWNER, role: str = ACCESS_ROLE) -> Any:
        once = Config(retries={"total_max_attempts": 1})
        return self.aws.session(account, role).client(service, config=once)

    def role(self, account: str, name: str, *statements: dict[str, Any], trust: Any = None) -> str:
        return Http.role(self, account, name, *statements, trust=trust)  # type: ignore[arg-type]


@dataclass
class Lake:
    """An account whose access role is data lake administrator; new objects are not open to everyone."""

    http: Http | Inside
    account: str = OWNER
    version: str = "4"
    open_defaults: bool = False
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.admin = f"arn:aws:iam::{self.account}:role/{ACCESS_ROLE}"
        everyone = [{"Principal": principal("IAM_ALLOWED_PRINCIPALS"), "Permissions": ["ALL"]}]
        self.settings(
            CreateDatabaseDefaultPermissions=everyone if self.open_defaults else [],
            CreateTableDefaultPermissions=everyone if self.open_defaults else [],
            Parameters={"CROSS_ACCOUNT_VERSION": self.version},
        )

    def again(self, http: Http | Inside) -> Lake:
        """The same lake, in a sandbox that is as it was when this one was made."""
        same = copy(self)
        same.http, same.clients = http, dict(self.clients)
        return same

    def settings(self, **given: Any) -> None:
        self.lf.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [principal(self.admin)], **given})

    def client(self, service: str, role: str = ACCESS_ROLE) -> Any:
        if (service, role) not in self.clients:
            self.clients[service, role] = self.http.client(service, self.account, role)
        return self.clients[service, role]

    @property
    def lf(self) -> Any:
        return self.client("lakeformation")

    @property
    def glue(self) -> Any:
        return self.client("glue")

    @property
    def ram(self) -> Any:
        return self.client("ram")

    def role(self, name: str) -> str:
        """A role with every right of IAM and none of Lake Formation."""
        return self.http.role(self.account, name, EVERYTHING)

    @property
    def inside(self) -> Any:
        """The Lake Formation of the world, for a lake in process."""
        assert isinstance(self.http, Inside)
        return self.http.aws.world.lakeformation

    def reads(self, who: str, table: str = "orders", database: str = "sales") -> Any:
        """What a principal reads of a table here."""
        return self.inside.read_access(who, self.account, database, table)

    def tag(self, key: str, *values: str) -> None:
        self.lf.create_lf_tag(TagKey=key, TagValues=list(values))

    def put(self, resource: dict[str, Any], **tags: str) -> None:
        pairs = [{"TagKey": k, "TagValues": [v]} for k, v in tags.items()]
        assert self.lf.add_lf_tags_to_resource(Resource=resource, LFTags=pairs)["Failures"] == []

    def filter(self, name: str, rows: str | None = None, only: tuple[str, ...] = (), **given: Any) -> None:
        row_filter = {"AllRowsWildcard": {}} if rows is None else {"FilterExpression": rows}
        chosen = {"ColumnNames": list(only)} if only else {"ColumnWildcard": {}}
        data = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "orders", "Name": name}
        self.lf.create_data_cells_filter(TableData=data | {"RowFilter": row_filter} | chosen | given)

    def database(self, name: str = "sales", **given: Any) -> None:
        self.glue.create_database(DatabaseInput={"Name": name, **given})

    def table(self, database: str = "sales", name: str = "orders", keys: tuple[str, ...] = (), **given: Any) -> None:
        columns = [{"Name": c, "Type": "string"} for c in COLUMNS]
        descriptor = {"Columns": columns, "Location": f"s3://lake/{database}/{name}/"}
        partitions = [{"Name": k, "Type": "string"} for k in keys]
        table = {"Name": name, "StorageDescriptor": descriptor, "PartitionKeys": partitions, **given}
        self.glue.create_table(DatabaseName=database, TableInput=table)

    def sales(self) -> Lake:
        """With the database `sales` and its table `orders`."""
        self.database()
        self.table()
        return self

    def grant(self, to: str, resource: dict[str, Any], *permissions: str, option: Any = (), **given: Any) -> None:
        self.lf.grant_permissions(
            Principal=principal(to),
            Resource=resource,
            Permissions=list(permissions),
            PermissionsWithGrantOption=list(option),
            **given,
        )

    def revoke(self, of: str, resource: dict[str, Any], *permissions: str, option: Any = ()) -> None:
        self.lf.revoke_permissions(
            Principal=principal(of),
            Resource=resource,
            Permissions=list(permissions),
            PermissionsWithGrantOption=list(option),
        )

    def rows(self, of: str | None = None, role: str = ACCESS_ROLE, **given: Any) -> list[dict[str, Any]]:
        """All pages of ListPermissions, narrowed to a principal."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.client("lakeformation", role).list_permissions(**given)
            found += page["PrincipalResourcePermissions"]
            if "NextToken" not in page:
                break
            given["NextToken"] = page["NextToken"]
        return [r for r in found if of in (None, r["Principal"]["DataLakePrincipalIdentifier"])]

    def held(self, of: str, **given: Any) -> list[tuple[dict[str, Any], list[str], list[str]]]:
        """The principal's rows as (resource, permissions, grant options)."""
        rows = self.rows(of, **given)
        return [(r["Resource"], r["Permissions"], r["PermissionsWithGrantOption"]) for r in rows]


def table(name: str = "orders", database: str = "sales", catalog: str | None = None) -> dict[str, Any]:
    return {"Table": _in(catalog) | {"DatabaseName": database, "Name": name}}


def all_tables(database: str = "sales", catalog: str | None = None) -> dict[str, Any]:
    return {"Table": _in(catalog) | {"DatabaseName": database, "TableWildcard": {}}}


def columns(*names: str, name: str = "orders", database: str = "sales", catalog: str | None = None) -> dict[str, Any]:
    where = _in(catalog) | {"DatabaseName": database, "Name": name}
    return {"TableWithColumns": where | {"ColumnNames": list(names)}}


def but(*excluded: str, name: str = "orders", database: str = "sales") -> dict[str, Any]:
    wildcard = {"ExcludedColumnNames": list(excluded)} if excluded else {}
    return {"TableWithColumns": {"DatabaseName": database, "Name": name, "ColumnWildcard": wildcard}}


def database(name: str = "sales", catalog: str | None = None) -> dict[str, Any]:
    return {"Database": _in(catalog) | {"Name": name}}


def policy(kind: str = "TABLE", catalog: str | None = None, **pairs: list[str]) -> dict[str, Any]:
    body = [{"TagKey": k, "TagValues": v} for k, v in pairs.items()]
    return {"LFTagPolicy": _in(catalog) | {"ResourceType": kind, "Expression": body}}


def tag(key: str, *values: str, catalog: str | None = None) -> dict[str, Any]:
    return {"LFTag": _in(catalog) | {"TagKey": key, "TagValues": list(values)}}


def cells(name: str, catalog: str = OWNER, table: str = "orders", database: str = "sales") -> dict[str, Any]:
    where = {"TableCatalogId": catalog, "DatabaseName": database, "TableName": table}
    return {"DataCellsFilter": where | {"Name": name}}


def _in(catalog: str | None) -> dict[str, str]:
    return {} if catalog is None else {"CatalogId": catalog}


def refused(call: Any, *args: Any, **kwargs: Any) -> tuple[str, str]:
    """The code and the message with which a call is refused."""
    try:
        call(*args, **kwargs)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError("it was not refused")


class Lakes:
    """Lakes for the tests of a module: made once, and afterwards brought back as they were made."""

    def __init__(self) -> None:
        self._made: tuple[Lake, ...] = ()
        self._kept: Checkpoint | None = None

    def again(self, http: Http | Inside, make: Callable[[Http | Inside], tuple[Lake, ...]]) -> tuple[Lake, ...]:
        """The lakes that `make` makes in an empty sandbox; the same maker each time."""
        if self._kept is None:
            self._made = make(http)
            self._kept = Checkpoint(http.aws)
        self._kept.restore(http.aws)
        return tuple(lake.again(http) for lake in self._made)

    def sales(self, http: Http | Inside) -> Lake:
        """A lake with the database `sales` and its table `orders`."""
        (lake,) = self.again(http, lambda way: (Lake(way).sales(),))
        return lake
