"""What is rare in estates: nested columns, catalogs within, saved expressions, all sorts of principals, odd links."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.estate import ANALYTICS, CENTRAL, MARKETS, REGION
from tests.importing.hands import Hands

ELSEWHERE = "555555555555"
"""An account that the import does not know."""
_WITHIN = f"{CENTRAL}:s3tablescatalog/lake"
_NESTED = "struct<city:string,geo:struct<lat:double,lon:double>>"
_GROUP = "arn:aws:identitystore:::group/906769f4-1061-7024-a12b-abcdef123456"
_PERSON = "arn:aws:identitystore:::user/906769f4-2061-7024-a12b-abcdef123456"
_TRUST = '{"Version": "2012-10-17", "Statement": []}'


class RareShapes:
    """What one estate has of it, by the same seed, without changing what else is in it."""

    def __init__(self, of: Hands, seed: int) -> None:
        self.of, self.random = of, Random(f"rare {seed}")
        self.expressions: list[str] = []
        self.places: list[tuple[Mapping[str, Any], tuple[str, ...]]] = []

    def before_grants(self) -> None:
        """Data and words by which something can be given."""
        for make in (self._nested, self._within, self._expression, self._other_mesh, self._permission_set):
            if self.random.random() < 0.4:
                make()

    def after_links(self) -> None:
        """Permissions of rare sorts, links with odd names, opt-ins."""
        for _ in range(self.random.randint(3, 10)):
            self._grant()
        for make in (self._abroad, self._link_to_a_table, self._odd_link, self._opt_in_abroad, self._opt_in_on_a_table):
            if self.random.random() < 0.4:
                make()

    def _nested(self) -> None:
        columns = [{"Name": "id", "Type": "string"}, {"Name": "address", "Type": _NESTED}]
        table = {"Name": "nested", "StorageDescriptor": {"Columns": columns, "Location": "s3://lake-one/nested/"}}
        if self.of.do(CENTRAL, "glue", "create_table", DatabaseName="db0", TableInput=table):
            filtered = {
                "TableCatalogId": CENTRAL,
                "DatabaseName": "db0",
                "TableName": "nested",
                "Name": "city",
                "RowFilter": {"FilterExpression": "address.city = 'Berlin'"},
                "ColumnNames": ["id", "address.city"],
            }
            if self.of.do(CENTRAL, "lakeformation", "create_data_cells_filter", TableData=filtered):
                where = {"TableCatalogId": CENTRAL, "DatabaseName": "db0", "TableName": "nested", "Name": "city"}
                self.places.append(({"DataCellsFilter": where}, ("SELECT",)))

    def _within(self) -> None:
        self.of.do(CENTRAL, "glue", "create_database", CatalogId=_WITHIN, DatabaseInput={"Name": "ns"})
        columns = [{"Name": "a", "Type": "int"}, {"Name": "b", "Type": "string"}]
        storage = {"Columns": columns, "Location": "s3://b--table-s3/"}
        table = {"Name": "t", "StorageDescriptor": storage, "Parameters": {"table_type": "ICEBERG"}}
        if self.of.do(CENTRAL, "glue", "create_table", CatalogId=_WITHIN, DatabaseName="ns", TableInput=table):
            place = {"CatalogId": _WITHIN, "DatabaseName": "ns", "Name": "t"}
            self.places.append(({"Table": place}, ("SELECT", "DESCRIBE")))
            self.places.append(({"TableWithColumns": {**place, "ColumnNames": ["a"]}}, ("SELECT",)))
            self.places.append(({"Database": {"CatalogId": _WITHIN, "Name": "ns"}}, ("DESCRIBE",)))

    def _expression(self) -> None:
        if self.of.tags:
            key = self.random.choice(sorted(self.of.tags))
            terms = [{"TagKey": key, "TagValues": self.of.tags[key][:1]}]
            for name in ("Mine", "team/one"):
                if self.of.do(CENTRAL, "lakeformation", "create_lf_tag_expression", Name=name, Expression=terms):
                    policy = {"CatalogId": CENTRAL, "ResourceType": "TABLE", "ExpressionName": name}
                    self.places.append(({"LFTagPolicy": policy}, ("SELECT", "DESCRIBE")))

    def _other_mesh(self) -> None:
        """What another mesh works with: a database with tables, a key with its mark."""
        about = {"Name": "theirs", "Parameters": {"meshform:mesh": "another", "meshform:product": "theirs"}}
        self.of.do(CENTRAL, "glue", "create_database", DatabaseInput=about)
        columns = [{"Name": "x", "Type": "string"}]
        table = {"Name": "t", "StorageDescriptor": {"Columns": columns, "Location": "s3://lake-two/theirs/"}}
        self.of.do(CENTRAL, "glue", "create_table", DatabaseName="theirs", TableInput=table)
        self.of.do(CENTRAL, "lakeformation", "create_lf_tag", TagKey="theirs", TagValues=["x"])
        tag = {"TagKey": "theirs", "TagValues": ["x"]}
        place = {"Database": {"Name": "theirs"}}
        self.of.do(CENTRAL, "lakeformation", "add_lf_tags_to_resource", Resource=place, LFTags=[tag])
        mark = {"Name": "meshform.another.theirs", "Description": "meshform:mesh=another", "Expression": [tag]}
        self.of.do(CENTRAL, "lakeformation", "create_lf_tag_expression", **mark)
        self.places.append(({"Table": {"CatalogId": CENTRAL, "DatabaseName": "theirs", "Name": "t"}}, ("SELECT",)))
        policy = {"CatalogId": CENTRAL, "ResourceType": "TABLE", "Expression": [tag]}
        self.places.append(({"LFTagPolicy": policy}, ("SELECT", "DESCRIBE")))

    def _permission_set(self) -> None:
        for account in (CENTRAL, ANALYTICS):
            name = f"AWSReservedSSO_Analysts_{self.random.getrandbits(64):016x}"
            path = "/aws-reserved/sso.amazonaws.com/eu-west-1/"
            made = self.of.do(account, "iam", "create_role", RoleName=name, Path=path, AssumeRolePolicyDocument=_TRUST)
            if made:
                self.of.principals[account].append(made["Role"]["Arn"])

    def _grant(self) -> None:
        own = [arn for account in (CENTRAL, ANALYTICS) for arn in self.of.principals[account]]
        rare = (
            _GROUP,
            _PERSON,
            f"{CENTRAL}:IAMPrincipals",
            f"{ANALYTICS}:IAMPrincipals",
            ELSEWHERE,
            f"arn:aws:iam::{ELSEWHERE}:role/Stranger",
            f"arn:aws:iam::{CENTRAL}:saml-provider/okta:group/analysts",
            "arn:aws:organizations::111111111111:organization/o-abcdef1234",
            "arn:aws:organizations::111111111111:ou/o-abcdef1234/ou-ab12-abcdefgh",
            MARKETS,
        )
        who = self.random.choice((*rare, *own))
        resource, rights = (
            self.random.choice(self.places) if self.places and self.random.random() < 0.6 else self._any()
        )
        chosen = self.of.some(rights)
        more = {"PermissionsWithGrantOption": chosen} if who in (ELSEWHERE, MARKETS) or ":ou/" in who else {}
        grantee = {"DataLakePrincipalIdentifier": who}
        self.of.do(
            CENTRAL,
            "lakeformation",
            "grant_permissions",
            Principal=grantee,
            Resource=resource,
            Permissions=chosen,
            **more,
        )

    def _any(self) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        return self.of.target(self.random)

    def _link_to_a_table(self) -> None:
        if self.of.tables:
            database, table = self.random.choice(sorted(self.of.tables))
            self.of.do(ANALYTICS, "glue", "create_database", DatabaseInput={"Name": "mine"})
            target = {"CatalogId": CENTRAL, "DatabaseName": database, "Name": table}
            link = {"Name": f"link_{table}", "TargetTable": target}
            self.of.do(ANALYTICS, "glue", "create_table", DatabaseName="mine", TableInput=link)

    def _abroad(self) -> None:
        """Links in another region, of the same names or others, and what is that region's own."""
        for account in (ANALYTICS, MARKETS, CENTRAL):
            admin = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"}
            settings = {"DataLakeAdmins": [admin]}
            self.of.do_abroad(account, "lakeformation", "put_data_lake_settings", DataLakeSettings=settings)
            for database in sorted({database for database, _ in self.of.tables}):
                name = self.random.choice((f"rl_{database}", f"rl_{database}", f"my_{database}", None))
                target = {"CatalogId": CENTRAL, "DatabaseName": database, "Region": REGION}
                link = {"Name": name, "TargetDatabase": target} if name else {"Name": f"own_{database}"}
                self.of.do_abroad(account, "glue", "create_database", DatabaseInput=link)
                for who in self.random.sample(self.of.principals[account], 2):
                    self.of.do_abroad(
                        account,
                        "lakeformation",
                        "grant_permissions",
                        Principal={"DataLakePrincipalIdentifier": who},
                        Resource={"Database": {"Name": link["Name"]}},
                        Permissions=["DESCRIBE"],
                    )

    def _odd_link(self) -> None:
        target = {"CatalogId": CENTRAL, "DatabaseName": "db0"}
        for name in ("rl_db1", "my lake", "größe", "x" * 200):
            self.of.do(ANALYTICS, "glue", "create_database", DatabaseInput={"Name": name, "TargetDatabase": target})

    def _opt_in_abroad(self) -> None:
        who = self.random.choice(self.of.principals[ANALYTICS])
        self._opt_in(ANALYTICS, who, {"Database": {"CatalogId": CENTRAL, "Name": "db0"}})

    def _opt_in_on_a_table(self) -> None:
        if self.of.tables:
            database, table = self.random.choice(sorted(self.of.tables))
            place = {"Table": {"CatalogId": CENTRAL, "DatabaseName": database, "Name": table}}
            self._opt_in(CENTRAL, self.random.choice(self.of.principals[CENTRAL]), place)

    def _opt_in(self, account: str, who: str, place: Mapping[str, Any]) -> None:
        principal = {"DataLakePrincipalIdentifier": who}
        self.of.do(account, "lakeformation", "create_lake_formation_opt_in", Principal=principal, Resource=place)
