"""Consumer: who reads, in which account, and with which tools."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.arns import (
    Arn,
    BucketName,
    CenterName,
    ExternalId,
    IamName,
    IamNameOrArn,
    IdentityCenterId,
    OrganizationArn,
    PermissionSetName,
    Region,
    Trusted,
)
from reconciler.spec.documents.base import Document, Many, Part
from reconciler.spec.documents.notify import Notify
from reconciler.spec.documents.shapes import GlueName, Name
from reconciler.spec.documents.texts import Words


class Principal(Part):
    """One who reads: exactly one of role, user, permissionSet, group, groupName, centerUser, centerUserName, arn,
    wholeAccount says who it is."""

    name: Name = Field(description="Name by which subscriptions speak of the principal.")
    description: Words | None = Field(None, description="Who that is.")
    role: IamName | None = Field(
        None,
        description="Name of an IAM role of the consumer's account; of one that exists, with its path.",
    )
    permission_set: PermissionSetName | None = Field(
        None,
        description="Name of a permission set of IAM Identity Center that is assigned in the consumer's account: its "
        "role AWSReservedSSO_<name>_... is found there.",
    )
    user: IamName | None = Field(None, description="Name of an IAM user of the consumer's account.")
    group: IdentityCenterId | None = Field(None, description="Id of a group of IAM Identity Center.")
    group_name: CenterName | None = Field(
        None,
        description="Instead of its id: display name of a group of IAM Identity Center. It is looked up at every plan.",
    )
    center_user: IdentityCenterId | None = Field(None, description="Id of a user of IAM Identity Center.")
    center_user_name: CenterName | None = Field(
        None,
        description="Instead of the id: name of a user of IAM Identity Center. It is looked up at every plan.",
    )
    whole_account: bool = Field(
        False,
        description="Everybody in the consumer's account: each of its IAM roles and users, of now and later "
        "(<account>:IAMPrincipals).",
    )
    arn: Arn | None = Field(None, description="ARN of anybody else that Lake Formation knows (SAML, QuickSight).")
    members: Many[Arn] = Field(
        (),
        description="Who is in a group, as ARNs: AWS does not tell it of SAML. Nothing is granted by it; questions "
        "about access count for each of them what the group reads.",
    )
    create: bool = Field(False, description="Whether Meshform makes the role.")
    kind: Literal["analyst", "sagemaker"] = Field(
        "analyst", description="What a role that is made is for: it decides what the role may do besides reading."
    )
    trust: Many[Trusted] = Field(
        (),
        description="Who may assume a role that is made: ARNs, or services such as sagemaker.amazonaws.com. "
        "Default: the account for an analyst, SageMaker for sagemaker.",
    )
    external_id: ExternalId | None = Field(
        None, description="What whoever assumes a role that is made must say (sts:ExternalId); for people of others."
    )

    @property
    def center_name(self) -> tuple[Literal["group", "user"], str] | None:
        """By which name IAM Identity Center is asked, and for what; None for whoever is not named so."""
        if self.group_name:
            return "group", self.group_name
        return ("user", self.center_user_name) if self.center_user_name else None

    @property
    def is_of_identity_center(self) -> bool:
        """Whether IAM Identity Center knows who it is, and IAM does not."""
        return bool(self.group or self.center_user or self.center_name) or ":identitystore:" in (self.arn or "")


class Workgroup(Part):
    """Athena workgroups, one for each principal, so that nobody reads the results of somebody else."""

    name: Name | None = Field(
        None,
        description="What the names of the workgroups begin with, before -<principal>. Default: <mesh>-<consumer>.",
    )
    results_bucket: BucketName | None = Field(
        None,
        description="Bucket for query results, with a prefix for each principal. "
        "Default: <mesh>-<consumer>-results-<account id>-<region>.",
    )
    external: Many[Literal["bucket", "bucket-policy", "workgroup"]] = Field(
        (),
        description="What of it exists already and is used as it is: checked, and never written. bucket: that of the "
        "results, in which nothing then expires by the mesh. workgroup: those of all principals.",
    )
    results_retention_days: int = Field(30, ge=1, le=3650, description="Days after which query results are deleted.")
    bytes_cutoff: int | None = Field(
        None,
        ge=10_000_000,
        description="A query that scans more bytes than this is cancelled. Without it a limit that others set stays.",
    )


class Consumer(Document):
    """Who reads: an account (or an organization), its principals and its tools."""

    folder: ClassVar[str] = "consumers/<consumer>/consumer.yaml"
    homes: ClassVar[tuple[str, ...]] = ("consumers/{name}/*",)

    kind: Literal["Consumer"] = Field("Consumer", description="Kind of document.")
    name: Name = Field(description="Name of the consumer.")
    description: Words = Field(description="Who that is and what they do with data.")
    owner: Words = Field(description="Who answers for the consumer: a person or a team.")
    account: Name | None = Field(None, description="Name of the consumer Account.")
    organization: OrganizationArn | None = Field(
        None,
        description="Instead of an account: ARN of an organization or organizational unit that reads as a whole. "
        "Links and principals are then its own affair.",
    )
    admins: Many[IamNameOrArn] = Field(
        (), description="Data lake administrators of the consumer's account, besides those of the Account."
    )
    principals: Many[Principal] = Field((), description="Who reads, by name.")
    regions: Many[Region] = Field(
        (),
        description="Regions in which the consumer queries, of those of its account: links, workgroups and buckets for "
        "results are made in each. Default: all of the account's.",
    )
    workgroup: Workgroup | None = Field(
        None, description="Athena workgroups for the principals. Without it none is made."
    )
    links: Mapping[Name, GlueName] = Field(
        {},
        description="Names of the links by which products are read in the consumer's account, by product. "
        "Default: rl_<database>. For a name that the account has already, or that its queries know.",
    )
    notify: Notify | None = Field(None, description="Where notices go, unless a subscription says otherwise.")

    def principal(self, name: str) -> Principal:
        """The principal of that name; KeyError when there is none."""
        for principal in self.principals:
            if principal.name == name:
                return principal
        raise KeyError(name)
