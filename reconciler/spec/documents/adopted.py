"""Adopted: permissions that were there before the mesh and that no subscription can say, word for word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.base import Document, Many, Part
from reconciler.spec.documents.shapes import Day, Name
from reconciler.spec.documents.texts import Words

Values = Annotated[tuple[Words, ...], Field(strict=False, min_length=1)]


class AdoptedResource(Part):
    """What a permission is on. The fields that are written say which: a database, a table, columns of it, and so on."""

    catalog: Words | None = Field(
        None, description="Catalog in which it is; alone: the catalog itself. Default: the central account's."
    )
    database: Words | None = Field(None, description="A database, or a link to one.")
    table: Words | None = Field(None, description='With database: a table, a view or a link; "*" for all of them.')
    columns: Many[Words] = Field((), description="With table: only these columns.")
    exclude: Many[Words] = Field((), description="With table: all columns but these.")
    filter: Words | None = Field(None, description="With table: a data cells filter of it.")
    location: Words | None = Field(None, description="ARN of an S3 location.")
    of: Literal["DATABASE", "TABLE", "TAG"] | None = Field(
        None, description="With tags or expression: databases or tables that carry them, or the LF-tag values as such."
    )
    tags: Mapping[Words, Values] = Field({}, description="With of: LF-tags and values. All keys must match.")
    expression: Words | None = Field(None, description="With of: name of a saved LF-tag expression.")
    other: Words | None = Field(None, description="A resource of a newer sort, as AWS lists it (JSON).")


class AdoptedGrant(Part):
    """A permission as AWS lists it, and who made it."""

    account: Name = Field(description="Name of the Account that gives it.")
    principal: Words = Field(description="Who has it, as AWS writes it: an ARN, an account id, IAM_ALLOWED_PRINCIPALS.")
    resource: AdoptedResource = Field(description="What it is on.")
    permissions: Values = Field(description="Permissions in Lake Formation's words.")
    grantable: Many[Words] = Field((), description="Those of them that may be passed on.")
    condition: Words | None = Field(None, description="Text of an attribute condition.")
    by: Words | None = Field(None, description="Who changed it last, as AWS tells it.")
    at: Words | None = Field(None, description="When that was.")


class AdoptedFilter(Part):
    """A data cells filter that no subscription makes."""

    database: Words = Field(description="Database of the table.")
    table: Words = Field(description="The table.")
    name: Words = Field(description="Name of the filter.")
    columns: Many[Words] = Field((), description="The columns that it shows.")
    exclude: Many[Words] = Field((), description="Instead: the columns that it leaves out; none for all columns.")
    rows: Words | None = Field(None, description="The rows that it shows. Without it all of them.")


class AdoptedOptIn(Part):
    """An opt-in of hybrid access mode that follows from no subscription."""

    account: Name = Field(description="Name of the Account that made it.")
    principal: Words = Field(description="Who is opted in.")
    resource: AdoptedResource = Field(description="A database, or a table of it.")
    condition: Words | None = Field(None, description="Text of an attribute condition.")


class AdoptedTag(Part):
    """An LF-tag on something that no product declares, such as a partition key or a column that it does not list."""

    database: Words = Field(description="Database that carries it, or holds what does.")
    table: Words | None = Field(None, description="The table.")
    column: Words | None = Field(None, description="The column.")
    key: Words = Field(description="Key of the LF-tag.")
    value: Words = Field(description="Its value.")


class AdoptedPolicy(Part):
    """A statement of the central catalog's resource policy: LF-tags are shared by it before cross-account version 3."""

    statement: Words = Field(description="The statement, as JSON.")


class Adopted(Document):
    """Permissions that were there before the mesh, word for word: wanted like any other, until somebody has looked."""

    folder: ClassVar[str] = "adopted/"

    kind: Literal["Adopted"] = Field("Adopted", description="Kind of document.")
    name: Name = Field(
        description="Name of the document: by custom the consumer or account whose permissions these are."
    )
    description: Words = Field(description="Whose permissions these are and where they come from.")
    reason: Words | None = Field(None, description="Why they are needed: for whoever answers for them to fill in.")
    review_by: Day = Field(description="Day by which somebody decides: a subscription instead, or away with them.")
    grants: Many[AdoptedGrant] = Field((), description="Permissions.")
    filters: Many[AdoptedFilter] = Field((), description="Data cells filters.")
    opt_ins: Many[AdoptedOptIn] = Field((), description="Opt-ins of hybrid access mode.")
    tags: Many[AdoptedTag] = Field((), description="LF-tags on what no product declares.")
    policies: Many[AdoptedPolicy] = Field((), description="Statements of the central catalog's resource policy.")

    @property
    def accounts(self) -> frozenset[str]:
        """Names of the accounts that give what is here."""
        return frozenset((*(each.account for each in self.grants), *(each.account for each in self.opt_ins)))
