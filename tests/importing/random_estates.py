"""Random estates: whatever people may have clicked, by plain boto3. What AWS refuses is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from reconciler.importing.importing import Done
from reconciler.importing.looking import Looking
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, REGION, Estate
from tests.importing.hands import AWAY, PLACES, Hands
from tests.importing.laws import ROLE, basis_of, hold_the_laws, import_again, import_of, same_access, waiting_accounts
from tests.importing.rare_shapes import RareShapes

OTHERS = (BANKING, MARKETS, ANALYTICS)
_LOOKS = 3
"""After so many looks everything that was accepted has arrived in the sandbox."""
_IAM = "IAM_ALLOWED_PRINCIPALS"


class RandomEstate(Hands):
    """An estate by its seed."""

    def __init__(self, estate: Estate, seed: int) -> None:
        super().__init__(estate, Random(seed))
        self.seed = seed
        self.apply_role = ROLE if seed % 2 else "meshform-apply"
        """Of every other estate the hands that built it are those that will apply."""

    def build(self) -> None:
        """Everything, in an order in which most of it is taken."""
        self._settings()
        for account in (CENTRAL, *OTHERS):
            self._principals(account)
        self._places()
        for number in range(self.random.randint(2, 4)):
            self._database(f"db{number}")
        self._vocabulary()
        for _ in range(self.random.randint(4, 12)):
            self._put_tag()
        for _ in range(self.random.randint(1, 4)):
            self._filter()
        rare = RareShapes(self, self.seed)
        rare.before_grants()
        for _ in range(self.random.randint(15, 45)):
            self._grant()
        self._accept()
        for account in OTHERS:
            for database in sorted({name for name, _ in self.tables}):
                self._link(account, database)
        rare.after_links()
        for _ in range(self.random.randint(10, 30)):
            self._pass_on()
        for _ in range(self.random.randint(0, 3)):
            self._opt_in()
        if self.random.random() < 0.4:
            self._delete_a_role()

    def _settings(self) -> None:
        version = self.random.choice(("1", "2", "3", "4", "4", "5"))
        for account in (CENTRAL, *OTHERS):
            admin = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            closed: list[Any] = []
            iam = [{"Principal": {"DataLakePrincipalIdentifier": _IAM}, "Permissions": ["ALL"]}]
            defaults = closed if account == CENTRAL and self.random.random() < 0.7 else iam
            settings = {
                "DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin}],
                "CreateDatabaseDefaultPermissions": defaults,
                "CreateTableDefaultPermissions": defaults,
                "Parameters": {"CROSS_ACCOUNT_VERSION": version},
            }
            self.do(account, "lakeformation", "put_data_lake_settings", DataLakeSettings=settings)

    def _principals(self, account: str) -> None:
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        found = []
        hints = Random(f"hints {self.seed} {account}")
        sort = hints.choice(("", "", "tags", "paths"))
        for name in ("Analyst", "etl_job", "BI.Reader"):
            more: dict[str, Any] = {}
            if sort == "tags" and hints.random() < 0.8:
                more["Tags"] = [{"Key": "Team", "Value": hints.choice(("Sales", "Risk & Co", "sales"))}]
            if sort == "paths":
                more["Path"] = hints.choice(("/", "/sales/", "/teams/risk/"))
            role = self.do(account, "iam", "create_role", RoleName=name, AssumeRolePolicyDocument=document, **more)
            found.append(role["Role"]["Arn"])
        found.append(self.do(account, "iam", "create_user", UserName="ada")["User"]["Arn"])
        self.principals[account] = found

    def _places(self) -> None:
        for bucket in ("lake-one", "lake-two"):
            where = {"LocationConstraint": REGION}
            self.do(CENTRAL, "s3", "create_bucket", Bucket=bucket, CreateBucketConfiguration=where)
        for place in self.random.sample(PLACES, 2):
            self.do(
                CENTRAL,
                "lakeformation",
                "register_resource",
                ResourceArn=f"arn:aws:s3:::{place}",
                UseServiceLinkedRole=True,
                HybridAccessEnabled=self.random.random() < 0.3,
            )

    def _database(self, name: str) -> None:
        place = self.random.choice(PLACES)
        given: dict[str, Any] = {"Name": name, "Description": self.random.choice(("", "Clicked together."))}
        if self.random.random() < 0.6:
            given["LocationUri"] = f"s3://{place}/{name}"
        if self.random.random() < 0.15:
            given["Parameters"] = {"meshform:mesh": "another"}
        self.do(CENTRAL, "glue", "create_database", DatabaseInput=given)
        hints = Random(f"owners {self.seed} {name}")
        key = hints.choice(("owner", "Team", "data_owner", "", "", ""))
        for number in range(self.random.randint(0, 3)):
            columns = [f"c{at}" for at in range(self.random.randint(1, 4))]
            types = ("string", "int", "decimal(10, 2)", "struct<firstName:string>", "uniontype<int,string>")
            kinds = [self.random.choice(types) for _ in columns]
            rows = [{"Name": column, "Type": kind} for column, kind in zip(columns, kinds, strict=True)]
            keys = [{"Name": "day", "Type": "date"}] if self.random.random() < 0.4 else []
            storage = {"Columns": rows, "Location": f"s3://{place}/{name}/t{number}/"}
            table = {"Name": f"t{number}", "StorageDescriptor": storage, "PartitionKeys": keys}
            if key and hints.random() < 0.9:
                table["Parameters"] = {key: hints.choice(("sales@example.com", "Risk & Co", "sales"))}
            if self.do(CENTRAL, "glue", "create_table", DatabaseName=name, TableInput=table):
                self.tables[name, f"t{number}"] = [*columns, *(key["Name"] for key in keys)]

    def _vocabulary(self) -> None:
        for key in self.random.sample(("level", "sensitivity", "product", "team"), self.random.randint(1, 3)):
            values = self.random.sample(("a", "b", "c"), self.random.randint(1, 3))
            if self.do(CENTRAL, "lakeformation", "create_lf_tag", TagKey=key, TagValues=values):
                self.tags[key] = values

    def _put_tag(self) -> None:
        if self.tables and self.tags:
            (database, table), columns = self.random.choice(sorted(self.tables.items()))
            place: Mapping[str, Any] = self.random.choice(
                (
                    {"Database": {"Name": database}},
                    {"Table": {"DatabaseName": database, "Name": table}},
                    {"TableWithColumns": {"DatabaseName": database, "Name": table, "ColumnNames": [columns[-1]]}},
                    {"TableWithColumns": {"DatabaseName": database, "Name": table, "ColumnNames": [columns[0]]}},
                )
            )
            key = self.random.choice(sorted(self.tags))
            tag = {"TagKey": key, "TagValues": [self.random.choice(self.tags[key])]}
            self.do(CENTRAL, "lakeformation", "add_lf_tags_to_resource", Resource=place, LFTags=[tag])

    def _filter(self) -> None:
        if self.tables:
            (database, table), columns = self.random.choice(sorted(self.tables.items()))
            data: dict[str, Any] = {
                "TableCatalogId": CENTRAL,
                "DatabaseName": database,
                "TableName": table,
                "Name": self.random.choice(("rows", "My filter", "all_of_it")),
                "RowFilter": self.random.choice(({"AllRowsWildcard": {}}, {"FilterExpression": f"{columns[0]} = 'x'"})),
            }
            chosen: Mapping[str, Any] = self.random.choice(
                (
                    {"ColumnNames": columns[:1]},
                    {"ColumnWildcard": {}},
                    {"ColumnWildcard": {"ExcludedColumnNames": columns[:1]}},
                )
            )
            if self.do(CENTRAL, "lakeformation", "create_data_cells_filter", TableData={**data, **chosen}):
                self.filters.append((database, table, str(data["Name"])))

    def _grant(self) -> None:
        """A permission that the central account gives: to its own people, to accounts, to people abroad, to IAM."""
        own = self.principals[CENTRAL]
        abroad = [arn for account in OTHERS for arn in self.principals[account]]
        who = self.random.choice([*own, *own, *OTHERS, *OTHERS, *OTHERS, self.random.choice(abroad), _IAM])
        resource, rights = self.target(self.random)
        chosen = self.some(rights)
        again = who.isdigit() or self.random.random() < 0.15
        more = {"PermissionsWithGrantOption": chosen} if again else {}
        grantee = {"DataLakePrincipalIdentifier": who}
        self.do(
            CENTRAL,
            "lakeformation",
            "grant_permissions",
            Principal=grantee,
            Resource=resource,
            Permissions=chosen,
            **more,
        )

    def accept_everything(self) -> None:
        """Accept every invitation that waits."""
        self._accept(1.0)

    def _accept(self, share: float = 0.9) -> None:
        for account in OTHERS:
            found = self.do(account, "ram", "get_resource_share_invitations") or {}
            for each in found.get("resourceShareInvitations", ()):
                if each["status"] == "PENDING" and self.random.random() < share:
                    arn = each["resourceShareInvitationArn"]
                    self.do(account, "ram", "accept_resource_share_invitation", resourceShareInvitationArn=arn)

    def _link(self, account: str, database: str) -> None:
        name = self.random.choice((f"rl_{database}", f"rl_{database}", f"my_{database}", None))
        if name is not None:
            target = {"CatalogId": CENTRAL, "DatabaseName": database}
            self.do(account, "glue", "create_database", DatabaseInput={"Name": name, "TargetDatabase": target})
            for who in self.random.sample(self.principals[account], 2):
                self.do(
                    account,
                    "lakeformation",
                    "grant_permissions",
                    Principal={"DataLakePrincipalIdentifier": who},
                    Resource={"Database": {"Name": name}},
                    Permissions=["DESCRIBE"],
                )

    def _pass_on(self) -> None:
        account = self.random.choice(OTHERS)
        resource, rights = self.target(self.random)
        self.do(
            account,
            "lakeformation",
            "grant_permissions",
            Principal={"DataLakePrincipalIdentifier": self.random.choice(self.principals[account])},
            Resource=resource,
            Permissions=self.some(rights),
        )

    def _opt_in(self) -> None:
        if self.tables:
            database, _ = self.random.choice(sorted(self.tables))
            who = {"DataLakePrincipalIdentifier": self.random.choice(self.principals[CENTRAL])}
            place = {"Database": {"CatalogId": CENTRAL, "Name": database}}
            self.do(CENTRAL, "lakeformation", "create_lake_formation_opt_in", Principal=who, Resource=place)

    def _delete_a_role(self) -> None:
        self.do(self.random.choice((CENTRAL, *OTHERS)), "iam", "delete_role", RoleName="Analyst")


def hold_on(random: RandomEstate) -> Done:
    """The import of an estate that was built: every law, and once more when all that waits has been accepted."""
    estate = random.estate
    basis = replace(basis_of(*OTHERS, apply_role=random.apply_role), regions=(AWAY,))
    done, seen = import_of(estate, basis, named=True)
    hold_the_laws(done, seen)
    same_access(done, seen)
    for _ in range(_LOOKS) if waiting_accounts(seen) else ():
        random.accept_everything()
        estate.fresh_sessions()
        assert done.mesh is not None
        seen = Looking(estate.sessions).of(done.mesh)
    assert waiting_accounts(seen) == set(), waiting_accounts(seen)
    same_access(done, seen)
    if random.seed % 5 == 0:
        estate.fresh_sessions()
        again = import_again(estate, done, basis)
        assert [page.path for page in again.pages] == []
        assert again.reckoning is not None
        assert again.reckoning.steps == ()
    return done
