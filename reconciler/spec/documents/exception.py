"""Exception: something that a policy forbids and that is allowed for a while."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.base import Document
from reconciler.spec.documents.policy import Identifier
from reconciler.spec.documents.shapes import Day, Name
from reconciler.spec.documents.texts import Words


class PolicyException(Document):
    """What a policy forbids and is allowed for a while, for exactly what it names."""

    folder: ClassVar[str] = "exceptions/"

    kind: Literal["Exception"] = Field("Exception", description="Kind of document.")
    name: Name = Field(description="Name of the exception.")
    policy: Name = Field(description="Name of the Policy that does not count.")
    for_: Mapping[Identifier, Words] = Field(
        alias="for",
        min_length=1,
        description="For what: fields of the policy's object with their values, such as {name: credit-risk-model}. All "
        "of them must be equal.",
    )
    reason: Words = Field(description="Why.")
    owner: Words = Field(description="Who answers for the exception: a person or a team.")
    ticket: Words | None = Field(None, description="Where the decision is recorded.")
    until: Day = Field(description="Last day on which it counts.")
