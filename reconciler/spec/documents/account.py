"""Account: an AWS account and the parts that it plays."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.arns import AccountId, IamNameOrArn, OrganizationId, Region
from reconciler.spec.documents.base import Document, Many
from reconciler.spec.documents.shapes import Name
from reconciler.spec.documents.texts import Words

AccountPart = Literal["central", "producer", "consumer"]


class Account(Document):
    """An AWS account and the parts that it plays in the mesh."""

    folder: ClassVar[str] = "accounts/"

    kind: Literal["Account"] = Field("Account", description="Kind of document.")
    name: Name = Field(description="Name by which other documents speak of the account.")
    description: Words | None = Field(None, description="What the account is for.")
    id: AccountId = Field(description="The 12 digits of the account, in quotes.")
    parts: Many[AccountPart] = Field(
        min_length=1, description="What the account does: central (the catalog), producer, consumer."
    )
    admins: Many[IamNameOrArn] = Field(
        (), description="Data lake administrators: role names of this account, or ARNs. Others are left alone."
    )
    stewards: Many[IamNameOrArn] = Field(
        (), description="Roles of this account that may put the mesh's LF-tags on what the mesh owns."
    )
    manage_roles: bool = Field(
        False,
        description="Whether Meshform makes the roles that are named here and by the account's domains and consumers "
        "as admins and stewards, each with the least it needs. Roles given as ARNs must exist.",
    )
    resources: Literal["managed", "external"] = Field(
        "managed",
        description="managed: Meshform keeps the account's data lake settings and accepts its shares. external: they "
        "were there before and stay as they are.",
    )
    organization: OrganizationId | None = Field(
        None,
        description="Id of the AWS organization, if sharing within it is switched on in RAM. "
        "Accounts of one organization need no invitations.",
    )
    regions: Many[Region] = Field(
        (),
        description="Regions in which consumers of this account query, such as [eu-west-1, us-east-1]. Meshform looks "
        "into each of them. Default: the mesh's home region.",
    )
    quotas: Mapping[Name, Annotated[int, Field(gt=0)]] = Field(
        {},
        description="What AWS allows this account where that is not the default, by name of a quota "
        "([rules.md](rules.md#quota)): {event-rules: 500}.",
    )
