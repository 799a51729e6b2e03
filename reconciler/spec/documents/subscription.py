"""Subscription: who may read what, what for, and until when."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.base import Document, Many, Part
from reconciler.spec.documents.notify import Notify
from reconciler.spec.documents.shapes import Day, Name
from reconciler.spec.documents.texts import TableName, TagText, Words

Permission = Literal["SELECT", "DESCRIBE", "INSERT", "DELETE", "ALTER", "DROP", "ALL"]
TagValues = Annotated[tuple[TagText, ...], Field(strict=False, min_length=1)]


class SubscribedTable(Part):
    """A table that is shared by its name: all of it, some columns, some rows."""

    name: TableName = Field(description="Name of a table of the product.")
    columns: Many[TableName] = Field(
        (),
        description="Columns to share, or fields of structs (address.zip). Without columns and exclude all of them.",
    )
    exclude: Many[TableName] = Field(
        (), description="Columns not to share. Lake Formation takes this only within the central account."
    )
    filter: Words | None = Field(
        None, description="With rows: name of the data cells filter. Default: <subscription>-<table>."
    )
    rows: Words | None = Field(None, description="Rows to share: a condition such as credit_risk = 1.")


class Approval(Part):
    """Who approved the subscription, and when: for the reader, or where no forge is used (`approvals` of the Mesh)."""

    by: Words = Field(description="Who approved.")
    at: Day = Field(description="On which day, such as 2026-11-22.")
    ticket: Words | None = Field(None, description="Where the decision is recorded.")
    text: Words | None = Field(
        None, description="Digest of the text that was approved, as `meshform validate` names it. For `by: document`."
    )


class Confirmation(Part):
    """Who said last that the subscription is still needed, and when: the answer to a round of recertification."""

    by: Words = Field(description="Who confirmed.")
    at: Day = Field(description="On which day, such as 2026-11-22.")


class Subscription(Document):
    """Who may read what, what for, and until when. Nothing is shared without one."""

    folder: ClassVar[str] = "consumers/<consumer>/subscriptions/"
    homes: ClassVar[tuple[str, ...]] = ("consumers/{consumer}/subscriptions/",)

    kind: Literal["Subscription"] = Field("Subscription", description="Kind of document.")
    name: Name = Field(description="Name of the subscription, unique in the mesh.")
    consumer: Name = Field(description="Name of the Consumer that reads.")
    product: Words | None = Field(None, description="The Product that is read: domain/product, or product.")
    expression: Mapping[TagText, TagValues] | None = Field(
        None,
        description="Instead of one product: LF-tags, each with the values that are wanted. All keys must match.",
    )
    clearance: Mapping[TagText, TagValues] = Field(
        {}, description="Which columns: LF-tags, each with the values that may be read. All keys must match."
    )
    tables: Many[SubscribedTable] = Field(
        (), description="Instead of a clearance: tables by name, with columns and rows."
    )
    principals: Many[Name] = Field((), description="Principals of the consumer that read.")
    permissions: Many[Permission] = Field(
        ("SELECT", "DESCRIBE"), min_length=1, description="What they may do with tables, in Lake Formation's words."
    )
    purpose: Words = Field(description="What the data are used for.")
    expires: Day | None = Field(None, description="Last day of the subscription, such as 2027-06-30.")
    approval: Approval | None = Field(None, description="Who approved the subscription, and when.")
    confirmed: Confirmation | None = Field(
        None, description="Who confirmed last that it is still needed (`recertification` of the Mesh)."
    )
    share: Literal["account", "principals"] = Field(
        "account",
        description="account: the account receives the share and passes it on to the principals. "
        "principals: each principal receives it directly.",
    )
    notify: Notify | None = Field(None, description="Where notices go. Default: what the consumer says.")
