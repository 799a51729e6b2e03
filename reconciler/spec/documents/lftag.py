"""LFTag: a key of the mesh's vocabulary for classifying data, and its values."""

from typing import ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.base import Document, Many, Part
from reconciler.spec.documents.shapes import Day, Days, Name
from reconciler.spec.documents.texts import TagText, Words


class Term(Part):
    """How long subscriptions may run that read what carries a value; of an ordered key also what is above it."""

    longest: Days | None = Field(
        None, description="Latest last day of a subscription, from today: 180d. It must have one then."
    )
    end: Literal["required"] | None = Field(
        None, description="`required`: a subscription has a last day, however far it is."
    )
    from_: Day | None = Field(
        None,
        alias="from",
        description="First day on which this counts. Until then subscriptions that break it are told, and stay.",
    )


class TagValue(Part):
    """One value of a key, with a sentence that says when to use it."""

    value: TagText = Field(description="The value, in lower case.")
    description: Words = Field(description="When to use the value.")
    retired: bool = Field(
        False, description="The value must not be used any more. It is removed from AWS when nothing carries it."
    )
    term: Term | None = Field(None, description="How long subscriptions may run that read what carries the value.")


class LFTag(Document):
    """A Lake Formation tag key, its values and what they mean."""

    folder: ClassVar[str] = "lf-tags/"

    kind: Literal["LFTag"] = Field("LFTag", description="Kind of document.")
    name: TagText = Field(description="The tag key, in lower case.")
    description: Words = Field(description="What the key says about data.")
    values: Many[TagValue] = Field(
        min_length=1, description="The values. For an ordered key from the least to the most."
    )
    owner: Words | None = Field(None, description="Who decides about the key and its values.")
    associators: Many[Name] = Field(
        (), description="Domains whose account may put the key on what the domain owns, besides the central stewards."
    )
    ownership: Literal["mesh", "external"] | None = Field(
        None,
        description="`external` says that the key and its values are there and stay as they are; the mesh only uses "
        "them. `mesh` says that the key is the mesh's alone, whatever else in the account carries it: grants by "
        "it that no document asks for are revoked even where they reach data outside of the mesh. Without it such "
        "grants, and values that others use, are shown and left alone. Whatever is said here, a key that others made "
        "is used as it is and never removed, until mesh.yaml names it (`territory.takeOver: {lf-tag: [...]}`).",
    )
    ordered: bool = Field(False, description="Whether the values go from the least to the most.")
    columns_only: bool = Field(
        False,
        description="Put on declared columns only, never on a table or database: a column that nobody has classified "
        "then cannot inherit it. Always so for the mesh's sensitivityKey.",
    )
    retired: bool = Field(
        False, description="The key must not be used any more. It is removed from AWS when nothing carries it."
    )

    @property
    def value_names(self) -> tuple[str, ...]:
        """All values that are not retired, in their order."""
        return tuple(entry.value for entry in self.values if not entry.retired)

    @property
    def retired_values(self) -> tuple[str, ...]:
        """The values that must not be used any more."""
        return tuple(entry.value for entry in self.values if entry.retired or self.retired)
