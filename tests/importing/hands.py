"""Hands that click an estate together: requests of which AWS takes what it likes, and what there is to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from tests.estate import CENTRAL, Estate

AWAY = "us-east-1"
TABLE_RIGHTS = ("SELECT", "DESCRIBE", "INSERT", "DELETE", "ALTER", "DROP", "ALL")
DATABASE_RIGHTS = ("DESCRIBE", "CREATE_TABLE", "ALTER", "DROP", "ALL")
PLACES = ("lake-one", "lake-two/raw", "lake-two/fine")


class Hands:
    """What was made so far. `built` says how many requests AWS took, `has` of which sorts."""

    def __init__(self, estate: Estate, random: Random) -> None:
        self.estate, self.random = estate, random
        self.built = 0
        self.has: Counter[str] = Counter()
        self.tables: dict[tuple[str, str], list[str]] = {}
        self.tags: dict[str, list[str]] = {}
        self.filters: list[tuple[str, str, str]] = []
        self.principals: dict[str, list[str]] = {}

    def do(self, account: str, service: str, operation: str, /, **params: Any) -> Any:
        """A request; None where AWS refuses it."""
        return self._do(self.estate.client(service, account), operation, params)

    def do_abroad(self, account: str, service: str, operation: str, /, **params: Any) -> Any:
        """The same in another region."""
        return self._do(self.estate.aws.session(account, region=AWAY).client(service), operation, params)

    def _do(self, client: Any, operation: str, params: Mapping[str, Any]) -> Any:
        call: Callable[..., Any] = getattr(client, operation)
        try:
            answer = call(**params)
        except ClientError:
            return None
        self.built += 1
        self.has[operation] += 1
        return answer

    def some(self, rights: tuple[str, ...]) -> list[str]:
        """Some of the permissions that there are."""
        usual: list[str] = [right for right in ("SELECT", "DESCRIBE") if right in rights]
        return (
            usual
            if usual and self.random.random() < 0.5
            else self.random.sample(rights, self.random.randint(1, len(rights)))
        )

    def target(self, random: Random) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Something of the catalog, and what can be given on it."""
        sort = random.choice(
            ("database", "table", "table", "all", "columns", "but", "filter", "tags", "tags", "tag", "place")
        )
        if sort == "place":
            arn = f"arn:aws:s3:::{random.choice(PLACES)}"
            return {"DataLocation": {"CatalogId": CENTRAL, "ResourceArn": arn}}, ("DATA_LOCATION_ACCESS",)
        if sort in ("tag", "tags") and self.tags:
            keys = random.sample(sorted(self.tags), random.randint(1, len(self.tags)))
            terms = [{"TagKey": key, "TagValues": random.sample(self.tags[key], 1)} for key in keys]
            if sort == "tag":
                return {"LFTag": {"CatalogId": CENTRAL, **terms[0]}}, ("DESCRIBE", "ASSOCIATE")
            of = random.choice(("DATABASE", "TABLE", "TABLE"))
            policy = {"CatalogId": CENTRAL, "ResourceType": of, "Expression": terms}
            return {"LFTagPolicy": policy}, TABLE_RIGHTS if of == "TABLE" else DATABASE_RIGHTS
        if not self.tables:
            return {"Database": {"CatalogId": CENTRAL, "Name": "db0"}}, DATABASE_RIGHTS
        (database, table), columns = random.choice(sorted(self.tables.items()))
        place = {"CatalogId": CENTRAL, "DatabaseName": database}
        match sort:
            case "database":
                return {"Database": {"CatalogId": CENTRAL, "Name": database}}, DATABASE_RIGHTS
            case "all":
                return {"Table": {**place, "TableWildcard": {}}}, TABLE_RIGHTS
            case "columns":
                return {"TableWithColumns": {**place, "Name": table, "ColumnNames": columns[:1]}}, ("SELECT",)
            case "but":
                less = {"ColumnWildcard": {"ExcludedColumnNames": columns[:1]}}
                return {"TableWithColumns": {**place, "Name": table, **less}}, ("SELECT",)
            case "filter" if self.filters:
                of, on, name = random.choice(self.filters)
                where = {"TableCatalogId": CENTRAL, "DatabaseName": of, "TableName": on, "Name": name}
                return {"DataCellsFilter": where}, ("SELECT",)
            case _:
                return {"Table": {**place, "Name": table}}, TABLE_RIGHTS
