"""Retirement: that a product, a table or a column goes, until when it is there, and what is there instead."""

from pydantic import Field

from reconciler.spec.documents.base import Part
from reconciler.spec.documents.shapes import Day
from reconciler.spec.documents.texts import Words


class Retirement(Part):
    """What its owner announces of a thing that goes. Nothing is taken away by it: after the day that is proposed."""

    until: Day = Field(description="Last day on which it is there. After it `meshform expire` proposes to remove it.")
    instead: Words | None = Field(
        None,
        description="What to read instead: a product (domain/product), a table of the product, a column of the table. "
        "A column that is found by its place or id, and not by its name, is called so after the last day.",
    )
    reason: Words | None = Field(None, description="Why it goes, for those who read it.")
