"""Policy: a rule of governance over documents, access and changes, in CEL."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.base import Document, Many, Part
from reconciler.spec.documents.shapes import Days, Name, shape
from reconciler.spec.documents.texts import Words
from reconciler.spec.rule import Rule

PolicyObject = Literal[
    "account",
    "domain",
    "product",
    "table",
    "column",
    "tag",
    "consumer",
    "subscription",
    "team",
    "access",
    "change",
    "plan",
]
"""What a policy looks at, one after another: documents and parts of them; who reads what; who gains or loses what; the
plan as a whole."""

BAD_IDENTIFIER = Rule(
    "cel-identifier",
    "error",
    "Fields and variables of policies have names that CEL reads as one.",
    "Letters, digits and _, not beginning with a digit, such as `days` or `is_personal`.",
)
Identifier = Annotated[
    str,
    shape(BAD_IDENTIFIER, r"^[A-Za-z_][A-Za-z0-9_]{0,62}$", "is no name for CEL: letters, digits and _ only"),
]
Given = str | int | bool | Annotated[tuple[Words, ...], Field(strict=False)] | Mapping[Words | Literal[""], Words | int]


class MatchCondition(Part):
    """Which of the objects a policy is about."""

    name: Words = Field(description="Name of the condition, for people.")
    expression: Words = Field(description="CEL: true for the objects that are meant.")


class PolicyVariable(Part):
    """Something that several expressions of a policy use."""

    name: Identifier = Field(description="Its name; expressions write `variables.<name>`.")
    expression: Words = Field(description="CEL: its value. It may use the variables above it.")


class Validation(Part):
    """What must hold."""

    expression: Words = Field(description="CEL: true where all is well.")
    message: Words | None = Field(None, description="What people read where it is not.")
    message_expression: Words | None = Field(
        None, description="CEL: the same as a text that is made from the object. It goes before `message`."
    )


class PolicyTest(Part):
    """An example of what a policy says, run by `meshform policy test` and by `meshform validate`."""

    name: Words = Field(description="What the example shows.")
    given: Mapping[Identifier, Given] = Field(description="Fields of the object; others are empty.")
    expect: Literal["allow", "break", "skip"] = Field(
        description="allow: it holds; break: it does not; skip: the object is not meant (matchConditions)."
    )
    message: Words | None = Field(None, description="With break: a part of the message.")


class Policy(Document):
    """A rule of governance, in CEL, in the words of Kubernetes' ValidatingAdmissionPolicy."""

    folder: ClassVar[str] = "policies/"
    homes: ClassVar[tuple[str, ...]] = ("", "domains/{domain}/policies/")

    kind: Literal["Policy"] = Field("Policy", description="Kind of document.")
    name: Name = Field(description="Name of the policy. A plan that it stops is accepted by `policy/<name>`.")
    description: Words = Field(description="What must hold, in a sentence.")
    owner: Words = Field(description="Who answers for the policy: a person or a team.")
    reason: Words | None = Field(None, description="Why.")
    link: Words | None = Field(None, description="Where it is explained: a law, a handbook.")
    domain: Name | None = Field(
        None, description="The Domain whose data it is about; needed below domains/. Default: the whole mesh."
    )
    object: PolicyObject = Field(
        description="What it looks at. Expressions call it by this name: `subscription.purpose`."
    )
    match_conditions: Many[MatchCondition] = Field((), description="Which objects are meant: all of them must hold.")
    variables: Many[PolicyVariable] = Field((), description="What several expressions use.")
    validations: Many[Validation] = Field(min_length=1, description="What must hold for each object.")
    action: Literal["deny", "warn", "audit"] = Field(
        "deny",
        description="deny: what breaks it is an error (of documents), stops apply (of a change) or is drift (of "
        "access). warn: it is told. audit: it stands in the JSON only.",
    )
    longest_exception: Days | None = Field(
        None, description="Latest last day of an exception from it, from today: 90d. Default: any."
    )
    tests: Many[PolicyTest] = Field((), description="Examples of what it says.")
