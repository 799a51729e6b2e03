"""Catalogs: that of an account, and those within it (S3 Tables, federated ones), which AWS calls `account:name/name`.

A database of a catalog within is called `name/name/database` here, as in AWS's own ARNs, and belongs to the account:
names of databases have no slash. Only requests and answers tell the catalog apart.
https://docs.aws.amazon.com/lake-formation/latest/dg/s3-tables-grant-permissions.html
"""

from __future__ import annotations

from typing import NamedTuple


class CatalogId(NamedTuple):
    """A catalog as requests name it; `name` is empty for the account's own."""

    account: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.account}:{self.name}" if self.name else self.account

    @classmethod
    def parse(cls, text: str) -> CatalogId:
        """The catalog that prints as `text`. AWS takes names of catalogs in any case."""
        account, _, name = text.partition(":")
        return cls(account, name.lower())

    def holding(self, database: str) -> str:
        """What a database of this catalog is called among all of the account's."""
        return f"{self.name}/{database}" if self.name else database


def catalog_of(account: str, database: str) -> tuple[CatalogId, str]:
    """The catalog of a database of an account, and what the database is called in it."""
    name, _, bare = database.rpartition("/")
    return CatalogId(account, name), bare
