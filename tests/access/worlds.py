"""Random worlds in the sandbox, made by plain boto3 calls from a seed. What is in them: coverage.py."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from reconciler.access import TableId
from tests.access.lake import COLUMNS, CONSUMERS, NAMES, ORGANIZATION, PRINCIPALS, Lake
from tests.estate import CENTRAL

DATABASES = ("credit-card", "fund-prices")
KEYS = {"sensitivity": ("low", "mid", "high"), "team": ("x", "y")}
CONDITIONS = ("a = 1", "b = 2", "c <> 1", "a = 1 OR b = 1", "d IN (0, 2)")
RIGHTS = ("SELECT", "SELECT", "SELECT", "DESCRIBE", "INSERT", "DELETE", "ALTER", "DROP", "ALL")
ON_DATABASES = ("DESCRIBE", "DESCRIBE", "CREATE_TABLE", "ALTER", "DROP", "ALL")
SAVED = ("mine", "yours")
MORE = ("saved", "saved", "database")
EVERYBODY = "IAM_ALLOWED_PRINCIPALS"
HAS, GET = "context.iam.principalTags.hasTag", "context.iam.principalTags.getTag"
ATTRIBUTES = (
    f'{HAS}("team") && {GET}("team") == "red"',
    f'{HAS}("team") && ({GET}("team") == "red" || {GET}("team") == "blue")',
    f'{GET}("lead") == "yes" && {HAS}("team")',
    f'{HAS}("lead")',
    f'{HAS}("lead") || {GET}("team") == "blue"',
)
CSV = {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "Parameters": {"field.delim": ","}}

Resource = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A world that was made.

    tables      with their columns; `views` are those of them that are views
    refused     what AWS refused on the way, in its words
    linked      accounts that have links
    registered  whether the place of the files is registered (in hybrid access mode)
    members     accounts of one organization, within which shares need no acceptance
    """

    tables: dict[TableId, tuple[str, ...]]
    views: frozenset[TableId]
    refused: tuple[str, ...]
    linked: frozenset[str]
    registered: bool
    members: frozenset[str]


def make(lake: Lake, seed: int) -> Made:
    """Make the world of a seed. What the sandbox refuses (as AWS would) is left out of the world."""
    random = Random(seed)
    refused: list[str] = []
    lake.empty()
    members = frozenset(random.choice(((), (), (), (CENTRAL, CONSUMERS[0]), (CENTRAL, *CONSUMERS))))
    lake.organize(members)
    owner = random.choice(("4", "4", "4", "5", "3", "2", "1"))
    for account in NAMES:
        # An owner before version 3 gives nothing by tags to accounts that are at version 3.
        theirs = random.choice(("1", "2", "2", "4")) if owner < "3" else random.choice(("3", "4", "5"))
        settle(lake, account, owner if account == CENTRAL else theirs)
    named = [account for account in CONSUMERS if random.random() < 0.6]
    if owner < "3" or random.random() < 0.1:
        _open_catalog(lake, named)
    registered = random.random() < 0.9
    if registered:
        lake.client("lakeformation", CENTRAL).register_resource(
            ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True, HybridAccessEnabled=True
        )
    tables, views = _tables(lake, random)
    _tags(lake, random, tables)
    filters = _filters(lake, random, {place: names for place, names in tables.items() if place not in views})
    opened = random.choice(list(tables))
    if random.random() < 0.25:
        refused += _grant(lake, CENTRAL, [(EVERYBODY, _table(opened), ["ALL"], False)], random)
    refused += _grant(lake, CENTRAL, list(_owner_grants(random, tables, filters, members)), random)
    linked = set()
    for account in CONSUMERS:
        _accept(lake, account, random, random.choice((1.0, 1.0, 1.0, 0.5, 0.5, 0.0)))
        refused += _grant(lake, account, list(_consumer_grants(random, account, tables, filters)), random)
        if random.random() < 0.7:
            _link(lake, account)
            linked.add(account)
    for _ in range(random.choice((0, 0, 1, 2))):
        refused += _opt_in(lake, random, random.choice((opened, opened, *tables)))
    return Made(tables, views, tuple(refused), frozenset(linked), registered, members)


def settle(lake: Lake, account: str, version: str = "4") -> None:
    """An account with the role of apply as its administrator, closed to IAM, at a cross-account version."""
    admin = f"arn:aws:iam::{account}:role/{lake.mesh.settings.roles.apply}"
    lake.client("lakeformation", account).put_data_lake_settings(
        DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin}],
            "CreateDatabaseDefaultPermissions": [],
            "CreateTableDefaultPermissions": [],
            "Parameters": {"CROSS_ACCOUNT_VERSION": version},
        }
    )


def _open_catalog(lake: Lake, accounts: list[str]) -> None:
    """The policy of the owner's catalog that accounts need before version 3, and RAM always.

    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
    """
    start = f"arn:aws:glue:{lake.mesh.region}:{CENTRAL}"
    where = [f"{start}:catalog", f"{start}:database/*", f"{start}:table/*/*"]
    ram = {"Principal": {"Service": "ram.amazonaws.com"}, "Action": "glue:ShareResource"}
    tags = {
        "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in accounts]},
        "Action": "glue:*",
        "Condition": {"Bool": {"glue:EvaluatedByLakeFormationTags": "true"}},
    }
    statements = [{"Effect": "Allow", "Resource": where, **each} for each in ((ram, tags) if accounts else (ram,))]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    lake.client("glue", CENTRAL).put_resource_policy(PolicyInJson=policy, EnableHybrid="TRUE")


def _tables(lake: Lake, random: Random) -> tuple[dict[TableId, tuple[str, ...]], frozenset[TableId]]:
    """One or two tables, in one or two databases, with up to four columns and perhaps a partition key; the views."""
    glue, tables, views = lake.client("glue", CENTRAL), {}, set()
    for name in sorted({DATABASES[0], random.choice(DATABASES)}):
        glue.create_database(DatabaseInput={"Name": name})
        for number in range(random.choice((1, 1, 2))):
            place = TableId(CENTRAL, name, f"t{number}")
            columns = COLUMNS[: random.choice((0, 1, 2, 3, 4, 4, 4))]
            is_view = bool(columns) and random.random() < 0.15
            # Of a table that has nothing but partition keys no page says what is read.
            keys = random.choice(((), (), ("day",))) if columns and not is_view else ()
            given = [{"Name": each, "Type": "int"} for each in columns]
            files = {"Location": f"s3://lake/w{len(columns)}/", "SerdeInfo": CSV}
            table: Resource = {
                "Name": place.table,
                "TableType": "VIRTUAL_VIEW" if is_view else "EXTERNAL_TABLE",
                "StorageDescriptor": {"Columns": given, **({} if is_view else files)},
                "PartitionKeys": [{"Name": each, "Type": "int"} for each in keys],
                **({"ViewOriginalText": "SELECT 1"} if is_view else {}),
            }
            glue.create_table(DatabaseName=name, TableInput=table)
            tables[place] = (*columns, *keys)
            views |= {place} if is_view else set()
    return tables, frozenset(views)


def _tags(lake: Lake, random: Random, tables: dict[TableId, tuple[str, ...]]) -> None:
    """Two keys with values, put at random on databases, tables and columns."""
    lf = lake.client("lakeformation", CENTRAL)
    for key, values in KEYS.items():
        lf.create_lf_tag(TagKey=key, TagValues=list(values))
    for name in SAVED:
        body = [{"TagKey": key, "TagValues": _values(random, key, wide=False)} for key in random.sample(list(KEYS), 1)]
        lf.create_lf_tag_expression(Name=name, Expression=body)
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
        for name in ("f", "g")[: random.choice((0, 1, 2, 2)) if len(data) == 4 else 0]:
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
    random: Random,
    tables: dict[TableId, tuple[str, ...]],
    filters: list[tuple[TableId, str]],
    members: Collection[str],
) -> Iterator[Given]:
    """Grants of the owner: to its own principals, to accounts (and their organization) to pass on, straight abroad."""
    wholes = (*CONSUMERS, ORGANIZATION) if members else CONSUMERS
    grantees = (*PRINCIPALS, *CONSUMERS * 3, *wholes, f"{CENTRAL}:IAMPrincipals")
    for _ in range(random.randrange(2, 9)):
        grantee = random.choice(grantees)
        for resource, permissions in _targets(random, tables, filters, own=grantee not in wholes):
            yield grantee, resource, permissions, grantee in wholes
    for account in CONSUMERS:
        tags = [{"LFTag": {"CatalogId": CENTRAL, "TagKey": key, "TagValues": list(KEYS[key])}} for key in KEYS]
        for tag in tags:
            yield account, tag, ["DESCRIBE"], True


def _consumer_grants(
    random: Random, account: str, tables: dict[TableId, tuple[str, ...]], filters: list[tuple[TableId, str]]
) -> Iterator[Given]:
    """What a consumer passes on: anything on the owner's catalog, of which AWS refuses what it did not receive."""
    grantees = (*(each for each in PRINCIPALS if account in each), f"{account}:IAMPrincipals")
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
    sort = random.choice(
        ("table", "all", "columns", "but", "filter", "filter", "policy", "policy", "policy", "wide", *MORE)
    )
    if sort == "table":
        yield _table(place), rights
    elif sort == "all":
        yield {"Table": {**where, "TableWildcard": {}}}, rights
    elif sort == "columns" and columns:
        chosen = random.sample(columns, random.randrange(1, len(columns) + 1))
        yield {"TableWithColumns": {**where, "Name": place.table, "ColumnNames": chosen}}, ["SELECT"]
    elif sort == "but" and len(columns) > 1 and own:
        wildcard = {"ExcludedColumnNames": random.sample(columns, 1)}
        yield {"TableWithColumns": {**where, "Name": place.table, "ColumnWildcard": wildcard}}, ["SELECT"]
    elif sort == "filter" and filters:
        place, name = random.choice(filters)
        named = {"TableCatalogId": CENTRAL, "DatabaseName": place.database, "TableName": place.table, "Name": name}
        yield {"DataCellsFilter": named}, ["SELECT"]
    elif sort == "saved":
        named = {"CatalogId": CENTRAL, "ExpressionName": random.choice(SAVED)}
        yield {"LFTagPolicy": {**named, "ResourceType": "TABLE"}}, rights
        yield {"LFTagPolicy": {**named, "ResourceType": "DATABASE"}}, [random.choice(ON_DATABASES)]
    elif sort == "database":
        yield {"Database": {"CatalogId": CENTRAL, "Name": place.database}}, [random.choice(ON_DATABASES)]
    elif sort in ("policy", "wide"):
        keys = random.sample(list(KEYS), 1 if sort == "wide" else random.choice((1, 2)))
        body = [{"TagKey": key, "TagValues": _values(random, key, wide=sort == "wide")} for key in keys]
        yield {"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": "TABLE", "Expression": body}}, rights
        yield (
            {"LFTagPolicy": {"CatalogId": CENTRAL, "ResourceType": "DATABASE", "Expression": body}},
            [random.choice(ON_DATABASES)],
        )


def _values(random: Random, key: str, *, wide: bool) -> list[str]:
    if wide:
        return random.choice(([*KEYS[key]], ["*"]))
    return random.sample(KEYS[key], random.randrange(1, len(KEYS[key]) + 1))


def _table(place: TableId) -> Resource:
    return {"Table": {"CatalogId": CENTRAL, "DatabaseName": place.database, "Name": place.table}}


def _condition(random: Random, principal: str, resource: Resource) -> Resource:
    """Perhaps a condition, where AWS takes one."""
    if not principal.endswith(":IAMPrincipals") or random.random() < 0.4:
        return {}
    if "LFTagPolicy" in resource and random.random() < 0.9:
        return {}
    return {"Condition": {"Expression": random.choice(ATTRIBUTES)}}


def _grant(lake: Lake, account: str, given: list[Given], random: Random) -> Iterator[str]:
    """Give grants, those to one principal after each other; the words of what is refused."""
    entries = [
        {
            "Id": str(number),
            "Principal": {"DataLakePrincipalIdentifier": principal},
            "Resource": resource,
            "Permissions": permissions,
            "PermissionsWithGrantOption": permissions if option else [],
            **_condition(random, principal, resource),
        }
        for number, (principal, resource, permissions, option) in enumerate(given)
    ]
    for start in range(0, len(entries), 20):
        answer = lake.client("lakeformation", account).batch_grant_permissions(Entries=entries[start : start + 20])
        yield from (str(failure["Error"]) for failure in answer.get("Failures", ()))


def _accept(lake: Lake, account: str, random: Random, likely: float) -> None:
    """Accept each of what waits or not, and look until every association is settled."""
    ram = lake.client("ram", account)
    for invitation in ram.get_resource_share_invitations()["resourceShareInvitations"]:
        if invitation["status"] == "PENDING" and random.random() < likely:
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
        _grant(
            lake,
            account,
            [(bob, {"Database": {"Name": f"rl_{name}"}}, ["DESCRIBE"], False) for name in DATABASES],
            Random(0),
        )
    )


def _opt_in(lake: Lake, random: Random, place: TableId) -> Iterator[str]:
    """Opt somebody in for a table or its database: a principal by the owner, or by his account after the owner did
    so with that account. The words of what is refused."""
    resource = random.choice((_table(place), {"Database": {"CatalogId": CENTRAL, "Name": place.database}}))
    who = random.choice(PRINCIPALS)
    home = who.split(":")[4]
    steps = random.choice((((CENTRAL, who),), ((CENTRAL, home), (home, who)))) if home != CENTRAL else ((CENTRAL, who),)
    for by, principal in steps:
        try:
            lake.client("lakeformation", by).create_lake_formation_opt_in(
                Principal={"DataLakePrincipalIdentifier": principal}, Resource=resource
            )
        except ClientError as error:
            yield str(error)
