"""Adopted: permissions that were there before the mesh and that no subscription can say, word for word."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, WithJsonSchema

from reconciler.spec import limits
from reconciler.spec.documents.arns import Region
from reconciler.spec.documents.base import Document, Many, Part
from reconciler.spec.documents.shapes import Day, Name, shape
from reconciler.spec.documents.texts import Words
from reconciler.spec.rule import Rule

AS_STORED = Rule(
    "adopted-text",
    "error",
    "What is adopted is written as AWS stores it.",
    "Names are one line of at most 255 characters; permissions are Lake Formation's words in capitals, such as SELECT; "
    "keys of LF-tags have at most 128 characters, values 256. `meshform import` writes them so.",
)


def _plainly(longest: int) -> WithJsonSchema:
    """What editors are told of a pattern that only Rust's regex reads."""
    return WithJsonSchema({"type": "string", "maxLength": longest})


Stored = Annotated[
    str, shape(AS_STORED, r"^[^\x00-\x1F\x7F]+$", "must be one line of at most 255 characters", limits.GLUE_NAME)
]
Who = Annotated[
    str,
    shape(
        AS_STORED, r"^[^\x00-\x1F\x7F*?$]+$", "must be one name of at most 255 characters, no pattern", limits.PRINCIPAL
    ),
]
Right = Annotated[str, shape(AS_STORED, r"^[A-Z][A-Z_]{1,63}$", "must be a permission in capitals, such as SELECT")]
_TAG = r"^[A-Za-z0-9 _.:/=+@%\x{80}-\x{10FFFF}-]+$"
StoredKey = Annotated[
    str, shape(AS_STORED, _TAG, "must be the key of an LF-tag", limits.TAG_KEY), _plainly(limits.TAG_KEY)
]
StoredValue = Annotated[
    str,
    shape(AS_STORED, r"^[A-Za-z0-9 _.:/=+@%\x{80}-\x{10FFFF}*-]*$", "must be a value of an LF-tag", limits.TAG_VALUE),
    _plainly(limits.TAG_VALUE),
]
Condition = Annotated[
    str, shape(AS_STORED, r"^[^\x00]+$", "must be a condition of at most 3,000 characters", limits.CONDITION)
]
Rows = Annotated[
    str, shape(AS_STORED, r"^[^\x00\r\n]+$", "must be one line, as long as a row filter", limits.ROW_FILTER)
]
TagValues = Annotated[tuple[StoredValue, ...], Field(strict=False, min_length=1)]
Rights = Annotated[tuple[Right, ...], Field(strict=False, min_length=1)]


class AdoptedResource(Part):
    """What a permission is on. The fields that are written say which: a database, a table, columns of it, and so on."""

    catalog: Stored | None = Field(
        None, description="Catalog in which it is; alone: the catalog itself. Default: the central account's."
    )
    database: Stored | None = Field(None, description="A database, or a link to one.")
    table: Stored | None = Field(None, description='With database: a table, a view or a link; "*" for all of them.')
    columns: Many[Stored] = Field((), description="With table: only these columns.")
    exclude: Many[Stored] = Field((), description="With table: all columns but these.")
    filter: Stored | None = Field(None, description="With table: a data cells filter of it.")
    location: Who | None = Field(None, description="ARN of an S3 location.")
    of: Literal["DATABASE", "TABLE", "TAG"] | None = Field(
        None, description="With tags or expression: databases or tables that carry them, or the LF-tag values as such."
    )
    tags: Mapping[StoredKey, TagValues] = Field({}, description="With of: LF-tags and values. All keys must match.")
    expression: Stored | None = Field(None, description="With of: name of a saved LF-tag expression.")
    other: Words | None = Field(None, description="A resource of a newer sort, as AWS lists it (JSON).")


class AdoptedGrant(Part):
    """A permission as AWS lists it, and who made it."""

    account: Name = Field(description="Name of the Account that gives it.")
    region: Region | None = Field(
        None, description="Region in which it is given, one of the account's `regions`. Default: the home region."
    )
    principal: Who = Field(description="Who has it, as AWS writes it: an ARN, an account, IAM_ALLOWED_PRINCIPALS.")
    resource: AdoptedResource = Field(description="What it is on.")
    permissions: Rights = Field(description="Permissions in Lake Formation's words.")
    grantable: Many[Right] = Field((), description="Those of them that may be passed on.")
    condition: Condition | None = Field(None, description="Text of an attribute condition.")
    by: Words | None = Field(None, description="Who changed it last, as AWS tells it.")
    at: Words | None = Field(None, description="When that was.")


class AdoptedFilter(Part):
    """A data cells filter that no subscription makes."""

    database: Stored = Field(description="Database of the table.")
    table: Stored = Field(description="The table.")
    name: Stored = Field(description="Name of the filter.")
    columns: Many[Stored] = Field((), description="The columns that it shows.")
    exclude: Many[Stored] = Field((), description="Instead: the columns that it leaves out; none for all columns.")
    rows: Rows | None = Field(None, description="The rows that it shows. Without it all of them.")


class AdoptedOptIn(Part):
    """An opt-in of hybrid access mode that follows from no subscription."""

    account: Name = Field(description="Name of the Account that made it.")
    principal: Who = Field(description="Who is opted in.")
    resource: AdoptedResource = Field(description="A database, or a table of it.")
    condition: Condition | None = Field(None, description="Text of an attribute condition.")


class AdoptedTag(Part):
    """An LF-tag on something that no product declares, such as a partition key or a column that it does not list."""

    database: Stored = Field(description="Database that carries it, or holds what does.")
    table: Stored | None = Field(None, description="The table.")
    column: Stored | None = Field(None, description="The column.")
    key: StoredKey = Field(description="Key of the LF-tag.")
    value: StoredValue = Field(description="Its value.")


class AdoptedExpression(Part):
    """A saved LF-tag expression by which something is granted: another body would let other people read."""

    name: Stored = Field(description="Its name.")
    tags: Mapping[StoredKey, TagValues] = Field(description="LF-tags and values. All keys must match.")


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
    expressions: Many[AdoptedExpression] = Field((), description="Saved LF-tag expressions that permissions name.")
    policies: Many[AdoptedPolicy] = Field((), description="Statements of the central catalog's resource policy.")

    @property
    def accounts(self) -> frozenset[str]:
        """Names of the accounts that give what is here."""
        return frozenset((*(each.account for each in self.grants), *(each.account for each in self.opt_ins)))
