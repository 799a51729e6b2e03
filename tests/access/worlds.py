"""Random worlds in the sandbox: made by plain boto3 calls from a seed, observed by the product, asked both ways."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from reconciler.access import Access, TableId, evaluate, world_of
from reconciler.access.evaluate import READ_FROM
from reconciler.access.rows import text
from reconciler.aws.observe import observe
from reconciler.aws.reader import AwsReader
from reconciler.aws.sessions import Sessions
from reconciler.kinds import registry
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, bank

CONSUMERS = (BANKING, ANALYTICS)
NAMES = {CENTRAL: ("ann", "abe"), BANKING: ("bob", "bea"), ANALYTICS: ("cat", "cas")}
PRINCIPALS = tuple(f"arn:aws:iam::{account}:role/{name}" for account, names in NAMES.items() for name in names)
DATABASES = ("credit-card", "fund-prices")
KEYS = {"sensitivity": ("low", "mid", "high"), "domain": ("x", "y")}
COLUMNS = ("a", "b", "c", "d")
CONDITIONS = ("a = 1", "b = 2", "c <> 1", "a = 1 OR b = 1", "d IN (0, 2)")
RIGHTS = ("SELECT", "SELECT", "SELECT", "DESCRIBE", "INSERT", "ALL")
EVERYBODY = "IAM_ALLOWED_PRINCIPALS"

Resource = dict[str, Any]


@dataclass
class Lake:
    """A sandbox with three accounts, their clients and roles, which outlive the worlds in it."""

    aws: Sandbox
    mesh: Mesh = field(default_factory=bank)
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.mesh.settings.roles.plan, self.mesh.region)
        trust = '{"Version": "2012-10-17", "Statement": []}'
        for account, names in NAMES.items():
            for name in names:
                self.client("iam", account).create_role(RoleName=name, AssumeRolePolicyDocument=trust)

    def client(self, service: str, account: str) -> Any:
        """A client of the administrator of an account; it retries nothing."""
        if (service, account) not in self.clients:
            once = Config(retries={"total_max_attempts": 1})
            self.clients[service, account] = self.aws.session(account).client(service, config=once)
        return self.clients[service, account]

    def empty(self) -> None:
        """Empty catalogs and shares. IAM and sessions stay: making them anew takes longer than a world."""
        self.aws.world._furnish()

    def observed(self) -> Access:
        """Effective access as the product sees the accounts."""
        kinds = {name: kind for name, kind in registry().items() if name in READ_FROM}
        found = observe(self.mesh, kinds, AwsReader(self.sessions))
        return evaluate(found, replace(world_of(self.mesh), principals=dict.fromkeys(PRINCIPALS, "")))


@dataclass(frozen=True)
class Made:
    """A world that was made: its tables with their columns, and what AWS refused on the way."""

    tables: dict[TableId, tuple[str, ...]]
    refused: tuple[str, ...]


def make(lake: Lake, seed: int) -> Made:
    """Make the world of a seed. What the sandbox refuses (as AWS would) is left out of the world."""
    random, refused = Random(seed), []
    lake.empty()
    for account in NAMES:
        _settle(lake, account)
    tables = _tables(lake, random)
    _tags(lake, random, tables)
    filters = _filters(lake, random, tables)
    if random.random() < 0.15:
        refused += _grant(lake, CENTRAL, [(EVERYBODY, _table(random.choice(list(tables))), ["ALL"], False)])
    given = list(_owner_grants(random, tables, filters))
    refused += _grant(lake, CENTRAL, given)
    for account in CONSUMERS:
        if random.random() < 0.75:
            _accept(lake, account)
        # Where a filter was not shared, observation does not look for grants on it in the account.
        shared = [each for each in filters if any(to == account and _is_on(what, each) for to, what, _, _ in given)]
        refused += _grant(lake, account, list(_consumer_grants(random, account, tables, shared)))
        if random.random() < 0.7:
            _link(lake, account)
    for _ in range(random.choice((0, 0, 1, 2))):
        _opt_in(lake, random, tables)
    return Made({place: tables[place] for place in tables}, tuple(refused))


def _settle(lake: Lake, account: str) -> None:
    admin = f"arn:aws:iam::{account}:role/{lake.mesh.settings.roles.apply}"
    lake.client("lakeformation", account).put_data_lake_settings(
        DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin}],
            "CreateDatabaseDefaultPermissions": [],
            "CreateTableDefaultPermissions": [],
            "Parameters": {"CROSS_ACCOUNT_VERSION": "4"},
        }
    )


def _tables(lake: Lake, random: Random) -> dict[TableId, tuple[str, ...]]:
    """One or two tables, in one or two databases, with up to four columns and perhaps a partition key."""
    glue, tables = lake.client("glue", CENTRAL), {}
    for name in sorted({DATABASES[0], random.choice(DATABASES)}):
        glue.create_database(DatabaseInput={"Name": name})
        for number in range(random.choice((1, 1, 2))):
            columns = COLUMNS[: random.choice((0, 1, 2, 3, 4, 4, 4))]
            # Of a table that has nothing but partition keys no page says what is read.
            keys = random.choice(((), (), ("day",))) if columns else ()
            table = {
                "Name": f"t{number}",
                "TableType": "EXTERNAL_TABLE",
                "StorageDescriptor": {"Columns": [{"Name": each, "Type": "int"} for each in columns]},
                "PartitionKeys": [{"Name": each, "Type": "int"} for each in keys],
            }
            glue.create_table(DatabaseName=name, TableInput=table)
            tables[TableId(CENTRAL, name, f"t{number}")] = (*columns, *keys)
    return tables


def _tags(lake: Lake, random: Random, tables: dict[TableId, tuple[str, ...]]) -> None:
    """Two keys with values, put at random on databases, tables and columns."""
    lf = lake.client("lakeformation", CENTRAL)
    for key, values in KEYS.items():
        lf.create_lf_tag(TagKey=key, TagValues=list(values))
    for database in {place.database for place in tables}:
        _tag(lf, random, {"Database": {"Name": database}}, 0.6)
    for place, columns in tables.items():
        _tag(lf, random, _table(place), 0.4)
        for column in columns:
            name = {"DatabaseName": place.database, "Name": place.table, "ColumnNames": [column]}
            _tag(lf, random, {"TableWithColumns": name}, 0.35)


def _tag(lf: Any, random: Random, resource: Resource, likely: float) -> None:
    tags = [
        {"TagKey": key, "TagValues": [random.choice(values)]}
        for key, values in KEYS.items()
        if random.random() < likely
    ]
    if tags:
        assert not lf.add_lf_tags_to_resource(Resource=resource, LFTags=tags)["Failures"]


def _filters(lake: Lake, random: Random, tables: dict[TableId, tuple[str, ...]]) -> list[tuple[TableId, str]]:
    """A filter or two on tables that have all columns, for rows, columns or both."""
    found = []
    for place, columns in tables.items():
        data = [name for name in columns if name in COLUMNS]
        for name in ("f", "g")[: random.choice((0, 1, 2)) if len(data) == 4 else 0]:
            chosen = random.sample(data, random.randrange(1, 4))
            which = random.choice(
                ({"ColumnNames": chosen}, {"ColumnWildcard": {"ExcludedColumnNames": chosen}}, {"ColumnWildcard": {}})
            )
            rows = random.choice(({"AllRowsWildcard": {}}, *({"FilterExpression": each} for each in CONDITIONS)))
            lake.client("lakeformation", CENTRAL).create_data_cells_filter(
                TableData={
                    "TableCatalogId": CENTRAL,
                    "DatabaseName": place.database,
                    "TableName": place.table,
                    "Name": name,
                    "RowFilter": rows,
                    **which,
                }
            )
            found.append((place, name))
    return found


Given = tuple[str, Resource, list[str], bool]


def _owner_grants(
    random: Random, tables: dict[TableId, tuple[str, ...]], filters: list[tuple[TableId, str]]
) -> Iterator[Given]:
    """Grants of the owner: to its own principals, to accounts to pass on, straight to principals of others."""
    grantees = (*PRINCIPALS, *CONSUMERS * 3, f"{CENTRAL}:IAMPrincipals")
    for _ in range(random.randrange(2, 9)):
        grantee = random.choice(grantees)
        for resource, permissions in _targets(random, tables, filters, own=grantee.partition(":")[0] not in CONSUMERS):
            yield grantee, resource, permissions, grantee in CONSUMERS
    for account in CONSUMERS:
        tags = [{"LFTag": {"CatalogId": CENTRAL, "TagKey": key, "TagValues": list(KEYS[key])}} for key in KEYS]
        for tag in tags:
            yield account, tag, ["DESCRIBE"], True


def _consumer_grants(
    random: Random, account: str, tables: dict[TableId, tuple[str, ...]], filters: list[tuple[TableId, str]]
) -> Iterator[Given]:
    """What a consumer passes on: anything on the owner's catalog, of which AWS refuses what it did not receive."""
    grantees = [each for each in PRINCIPALS if account in each]
    for _ in range(random.randrange(0, 6)):
        for resource, permissions in _targets(random, tables, filters, own=False):
            yield random.choice(grantees), resource, permissions, False


def _targets(
    random: Random, tables: dict[TableId, tuple[str, ...]], filters: list[tuple[TableId, str]], *, own: bool
) -> Iterator[tuple[Resource, list[str]]]:
    """A target of a random sort, with permissions that it takes."""
    place = random.choice(list(tables))
    columns = [name for name in tables[place] if name in COLUMNS]
    rights = sorted({random.choice(RIGHTS) for _ in range(random.choice((1, 1, 2)))})
    where = {"CatalogId": CENTRAL, "DatabaseName": place.database}
    sort = random.choice(("table", "all", "columns", "but", "filter", "policy", "policy", "policy", "wide"))
    if sort == "table":
        yield _table(place), rights
    elif sort == "all":
        yield {"Table": {**where, "TableWildcard": {}}}, rights
    elif sort == "columns" and columns:
        chosen = random.sample(columns, random.randrange(1, len(columns) + 1))
        yield {"TableWithColumns": {**where, "Name": place.table, "ColumnNames": chosen}}, ["SELECT"]
    elif sort == "but" and columns and own:
        wildcard = {"ExcludedColumnNames": random.sample(columns, 1)}
        yield {"TableWithColumns": {**where, "Name": place.table, "ColumnWildcard": wildcard}}, ["SELECT"]
    elif sort == "filter" and filters:
        place, name = random.choice(filters)
        named = {"TableCatalogId": CENTRAL, "DatabaseName": place.database, "TableName": place.table, "Name": name}
        yield {"DataCellsFilter": named}, ["SELECT"]
    elif sort in ("policy", "wide"):
        keys = random.sample(list(KEYS), 1 if sort == "wide" else random.choice((1, 2)))
        body = [{"TagKey": key, "TagValues": _values(random, key, wide=sort == "wide")} for key in keys]
        yield {"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": "TABLE", "Expression": body}}, rights
        yield {"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": "DATABASE", "Expression": body}}, ["DESCRIBE"]


def _is_on(resource: Resource, which: tuple[TableId, str]) -> bool:
    named = resource.get("DataCellsFilter", {})
    place, name = which
    return (named.get("DatabaseName"), named.get("TableName"), named.get("Name")) == (place.database, place.table, name)


def _values(random: Random, key: str, *, wide: bool) -> list[str]:
    if wide:
        return random.choice(([*KEYS[key]], ["*"]))
    return random.sample(KEYS[key], random.randrange(1, len(KEYS[key]) + 1))


def _table(place: TableId) -> Resource:
    return {"Table": {"CatalogId": CENTRAL, "DatabaseName": place.database, "Name": place.table}}


def _grant(lake: Lake, account: str, given: list[Given]) -> Iterator[str]:
    """Give grants, those to one principal after each other; the words of what is refused."""
    entries = [
        {
            "Id": str(number),
            "Principal": {"DataLakePrincipalIdentifier": principal},
            "Resource": resource,
            "Permissions": permissions,
            "PermissionsWithGrantOption": permissions if option else [],
        }
        for number, (principal, resource, permissions, option) in enumerate(given)
    ]
    for start in range(0, len(entries), 20):
        answer = lake.client("lakeformation", account).batch_grant_permissions(Entries=entries[start : start + 20])
        yield from (str(failure["Error"]) for failure in answer.get("Failures", ()))


def _accept(lake: Lake, account: str) -> None:
    """Accept what waits, and look until every association is settled."""
    ram = lake.client("ram", account)
    for invitation in ram.get_resource_share_invitations()["resourceShareInvitations"]:
        if invitation["status"] == "PENDING":
            ram.accept_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    owner = lake.client("ram", CENTRAL)
    for sort in ("PRINCIPAL", "RESOURCE"):
        for _ in range(4):
            found = owner.get_resource_share_associations(associationType=sort)["resourceShareAssociations"]
            if all(each["status"] != "ASSOCIATING" for each in found if each.get("associatedEntity") != account):
                break


def _link(lake: Lake, account: str) -> None:
    """Links to the owner's databases, visible to the first principal of the account."""
    for name in DATABASES:
        target = {"CatalogId": CENTRAL, "DatabaseName": name}
        lake.client("glue", account).create_database(DatabaseInput={"Name": f"rl_{name}", "TargetDatabase": target})
    bob = next(each for each in PRINCIPALS if account in each)
    list(
        _grant(lake, account, [(bob, {"Database": {"Name": f"rl_{name}"}}, ["DESCRIBE"], False) for name in DATABASES])
    )


def _opt_in(lake: Lake, random: Random, tables: dict[TableId, tuple[str, ...]]) -> None:
    place = random.choice(list(tables))
    resource = random.choice((_table(place), {"Database": {"CatalogId": CENTRAL, "Name": place.database}}))
    who = {"DataLakePrincipalIdentifier": random.choice([each for each in PRINCIPALS if CENTRAL in each])}
    try:
        lake.client("lakeformation", CENTRAL).create_lake_formation_opt_in(Principal=who, Resource=resource)
    except ClientError as error:
        raise AssertionError(f"an opt-in was refused: {error}") from error


@cache
def rows_of(condition: str | None) -> frozenset[int]:
    """Which rows of a table with every combination of small values a condition shows; None shows all."""
    base = _every_row()
    if condition is None:
        return frozenset(row for (row,) in base.execute("SELECT rowid FROM t"))
    return frozenset(row for (row,) in base.execute(f"SELECT rowid FROM t WHERE {condition}"))


@cache
def _every_row() -> sqlite3.Connection:
    base = sqlite3.connect(":memory:", check_same_thread=False)
    values = "(SELECT 0 AS v UNION SELECT 1 UNION SELECT 2)"
    every = ", ".join(f"{name}.v AS {name}" for name in COLUMNS)
    base.execute(f"CREATE TABLE t AS SELECT {every} FROM {', '.join(f'{values} {name}' for name in COLUMNS)}")
    return base


def disagreements(lake: Lake, made: Made) -> Iterator[str]:
    """Where the evaluator and the sandbox's own enforcement differ, for every principal and table."""
    access = lake.observed()
    if access.gaps:
        yield f"gaps: {access.gaps}"
    for place in made.tables:
        if place not in access.tables:
            yield f"{place} was not observed"
            continue
        for principal in PRINCIPALS:
            ours = access.on(principal, place)
            theirs = lake.aws.world.lakeformation.read_access(principal, CENTRAL, place.database, place.table)
            mine = {name: rows_of(text(rows)) for name, rows in ours.columns.items()}
            other = (
                {name: rows_of(rows) for name, rows in theirs.columns.items()} if theirs.verdict == "enforced" else {}
            )
            shown = {name: text(rows) for name, rows in ours.columns.items()}
            told = f"{principal} on {place}: {ours.verdict} {shown}, sandbox {theirs.verdict} {theirs.columns}"
            if ours.verdict == "open":
                # Other accounts meet IAM's decision as a refusal; for us it is IAM's business all the same.
                if theirs.verdict != ("open" if CENTRAL in principal and made.tables[place] else "denied"):
                    yield told
            elif ours.verdict == "unknown":
                # At most what we count: that an invitation waits hides more or less of it.
                if any(not rows <= mine.get(name, frozenset()) for name, rows in other.items()):
                    yield f"{told} ({'; '.join(ours.reasons)})"
            elif mine != other or theirs.verdict == "open":
                yield told
            elif mine and frozenset().union(*mine.values()) != rows_of(theirs.row_filter):
                yield f"{told}, rows {theirs.row_filter}"
