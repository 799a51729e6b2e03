"""Suspension: access that is taken away, whatever else gives it, until it is lifted."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.base import Document
from reconciler.spec.documents.shapes import Day, Name
from reconciler.spec.documents.texts import TagText, Words


class Suspension(Document):
    """Access that is taken away at once, whatever else gives it. It says exactly one of: principal, consumer, product,
    subscription, tag."""

    folder: ClassVar[str] = "suspensions/"

    kind: Literal["Suspension"] = Field("Suspension", description="Kind of document.")
    name: Name = Field(description="Name of the suspension.")
    principal: Words | None = Field(
        None, description="Who reads nothing: consumer/principal, or the ARN of a role or user."
    )
    consumer: Name | None = Field(None, description="A Consumer of whom nobody reads anything.")
    product: Words | None = Field(None, description="A Product that no consumer reads: domain/product, or product.")
    subscription: Name | None = Field(None, description="A Subscription that gives nothing.")
    tag: Mapping[TagText, TagText] | None = Field(
        None, min_length=1, max_length=1, description="An LF-tag with a value: no consumer reads columns that carry it."
    )
    reason: Words = Field(description="Why.")
    by: Words = Field(description="Who suspends.")
    ticket: Words | None = Field(None, description="Where the incident is recorded.")
    until: Day | None = Field(
        None, description="Last day of the suspension. Without it, until the document is removed."
    )

    @property
    def subjects(self) -> tuple[str, ...]:
        """The fields that say whom or what it suspends; one, where the document is right."""
        names = ("principal", "consumer", "product", "subscription", "tag")
        return tuple(name for name in names if getattr(self, name) is not None)
