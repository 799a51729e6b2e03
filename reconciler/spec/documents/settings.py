"""Settings: the document of kind Mesh, which says what holds for the whole mesh."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.arns import (
    ArnOrAccountOrEverybody,
    BucketName,
    ExternalId,
    IamName,
    KeyPath,
    KmsKeyName,
    Region,
    S3Prefix,
)
from reconciler.spec.documents.base import Document, Many, Part
from reconciler.spec.documents.notify import Notifications
from reconciler.spec.documents.shapes import Day, Days, Name
from reconciler.spec.documents.texts import ResourceTagKey, ResourceTagValue, TagText, Words


class Roles(Part):
    """The IAM roles that Meshform assumes in every account of the mesh."""

    plan: IamName = Field(description="Name of the role that reads. A plan never uses another one.")
    apply: IamName = Field(description="Name of the role that writes.")
    keep: IamName | None = Field(
        None,
        description="Name of the role of the central account that keeps snapshots and proves reports, where "
        "`meshform bootstrap` is not to call it as `plan`, with `keep` for `plan` at its end.",
    )
    external_id: ExternalId | None = Field(None, description="External id to send when assuming the roles.")
    boundary: IamName | None = Field(
        None,
        description="Name of the IAM policy that bounds every role that Meshform makes, where it is not "
        "`meshform-<mesh>-boundary`, which `meshform bootstrap` prints with roles of its own.",
    )


class TagKeys(Part):
    """The LF-tag keys that Meshform itself puts on what a product and a domain own."""

    product: TagText = Field("product", description="Key whose value is the name of the product.")
    domain: TagText = Field("domain", description="Key whose value is the name of the domain.")


Undeclared = Literal["revoke", "report"]


class GrantException(Part):
    """What happens to some of the permissions that no document asks for: of a product, a principal or an LF-tag key."""

    product: Name | None = Field(None, description="Permissions on the database and the tables of this Product.")
    principal: ArnOrAccountOrEverybody | None = Field(
        None,
        description="Permissions of this principal: an ARN, an account, or IAM_ALLOWED_PRINCIPALS: whoever IAM "
        "lets. To close what others opened to IAM, say so for its product with `revoke`; apply asks once more.",
    )
    key: TagText | None = Field(None, description="Permissions by or on this LF-tag key.")
    undeclared_grants: Undeclared = Field(description="What happens to them.")


class Territory(Part):
    """What happens to things in AWS that are on the mesh's resources but not in its documents."""

    undeclared_grants: Undeclared = Field(
        "revoke",
        description="Permissions on the mesh's resources that no document asks for. With `report` they are shown and "
        "stay, but for those that Meshform's own apply role gave. A database that no mesh made, and that is not taken "
        "over, is reported on whatever this says; only an exception for its product revokes there.",
    )
    exceptions: Many[GrantException] = Field(
        (),
        description="Where something else than `undeclaredGrants` holds: the first whose product, principal and key "
        "all fit decides.",
    )
    take_over: Mapping[Name, Many[Words]] = Field(
        {},
        description="By kind (`meshform kinds`) the names of things that exist, that this mesh did not make, and that "
        "it is to keep from now on. Whatever else exists is used as it is. Such a plan must be accepted.",
    )
    unseen: Mapping[Name, Many[Name]] = Field(
        {},
        description="By account the kinds (`meshform kinds`) of which an import could not see everything there. What "
        "no document asks for of them is reported and stays, whatever `undeclaredGrants` says. Import again, then "
        "take the entry out.",
    )
    undeclared_admins: Literal["report", "revoke"] = Field(
        "report", description="Data lake administrators that no account document names."
    )
    undeclared_tag_values: Literal["report", "remove"] = Field(
        "report", description="Values of the mesh's LF-tag keys that no LFTag document lists."
    )


class Heal(Part):
    """What `meshform drift --heal` sets back without asking anybody: nothing that is not named here."""

    kinds: Many[Name] = Field(
        (),
        description="Kinds (`meshform kinds`) of which is set back what somebody else has changed. Who it was must "
        "stand in CloudTrail's history; what two owners keep changing is left alone after the third time.",
    )
    accept: Many[Words] = Field(
        (),
        description="Gates that may be passed then, by their ids. Without `reopens-access` nobody gets back what "
        "somebody took away by hand, perhaps in an emergency.",
    )


class Drift(Part):
    """Who notices that AWS is no longer as the mesh says."""

    watched: Literal["plan", "schedule"] = Field(
        "plan",
        description="By whom: by every plan, which reads everything (plan); or by `meshform drift`, which you run on a "
        "schedule (schedule). Then plan and apply may read only what a change touches (--changed-since).",
    )
    heal: Heal = Field(Heal(), description="What is set back without asking. Default: nothing.")


class Limits(Part):
    """How much a plan may take away, or give, before its gate asks for a word."""

    deletes: int = Field(10, ge=0, description="A plan that deletes more than so many resources must be accepted.")
    delete_share: float = Field(
        0.3,
        ge=0,
        le=1,
        description="A plan that deletes more than this share of what it manages (0 to 1) must be accepted.",
    )
    principals_gaining: int | None = Field(
        None, ge=0, description="A plan by which more than so many principals gain access must be accepted."
    )
    principals_losing: int | None = Field(
        None, ge=0, description="A plan by which more than so many principals lose access must be accepted."
    )
    columns_opened: Mapping[TagText, Annotated[int, Field(ge=0)]] = Field(
        {},
        description="By value of the sensitivity how many columns of it may be opened to somebody by one plan; a plan "
        "that opens more must be accepted.",
    )


class Journal(Part):
    """Where the evidence of every run is written: a folder, or a bucket in the central account."""

    path: Words = Field(".meshform/journal", description="Folder for the journal, when no bucket is given.")
    bucket: BucketName | None = Field(None, description="Bucket in the central account for the journal.")
    prefix: KeyPath = Field("journal/", description="Path in the bucket.")
    signing_key: KmsKeyName | None = Field(
        None,
        description="KMS key (ARN or alias/name) of the central account, ECC_NIST_P256 for signing: it signs what the "
        "journal says of reports, and `meshform report verify` takes nothing that it has not signed.",
    )


class Lock(Part):
    """The lock that keeps two runs of apply apart: an object in a bucket in the central account."""

    bucket: BucketName = Field(description="Bucket in the central account for the lock.")
    key: KeyPath = Field("meshform.lock", description="Key of the lock object.")


class Approvals(Part):
    """How it is known that the owners have approved."""

    by: Literal["review", "document"] = Field(
        "review",
        description="review: their reviews of the pull request, which `meshform reviewed` collects and apply checks. "
        "document: where no forge is used, `approval` in each subscription.",
    )


class Recertification(Part):
    """Rounds in which the owners of data are asked whether subscriptions are still needed."""

    first: Day = Field(description="First day of the first round.")
    every: Days = Field(description="From one round to the next, such as 180d.")
    answer: Days = Field(
        "30d", description="How long owners have to answer. What nobody has confirmed then is proposed to be removed."
    )
    sensitivity: TagText | None = Field(
        None, description="Only subscriptions that reach this value of the sensitivity key, or above. Default: all."
    )


class Audit(Part):
    """What CloudTrail tells of who read the data."""

    principals: bool = Field(
        False,
        description="Whether the accounts of consumers let the central account see the ARN of who read "
        "(Lake Formation's TrustedResourceOwners).",
    )
    source_identity: bool = Field(
        False, description="Whether the reader's identity also stands in the log of S3 data events."
    )


class Settings(Document):
    """What holds for the whole mesh: where it lives, which roles work in it, what is its territory."""

    folder: ClassVar[str] = "mesh.yaml"

    kind: Literal["Mesh"] = Field("Mesh", description="Kind of document.")
    name: Name = Field(description="Name of the mesh. It begins the names of buckets, roles and workgroups.")
    description: Words | None = Field(None, description="What the mesh is for.")
    region: Region = Field(description="Home region: the catalog, its permissions and the shares are here.")
    regions: Many[Region] = Field(
        (),
        description="The regions that accounts and domains may name besides the home region. Default: any.",
    )
    central: Name = Field(description="Name of the Account that holds the central catalog.")
    roles: Roles = Field(description="Roles to assume in every account.")
    cross_account_version: int = Field(
        4,
        ge=1,
        le=5,
        description="Lake Formation's cross-account version (3 to 5). AWS allows no way back from 5. 1 and 2 only "
        "where the central account's resources are external.",
    )
    tag_keys: TagKeys = Field(TagKeys(), description="LF-tag keys that Meshform puts on products and domains.")
    sensitivity_key: TagText = Field(
        "sensitivity",
        description="LF-tag key that says how sensitive a column is. It is put on declared columns only.",
    )
    territory: Territory = Field(Territory(), description="What happens to what no document asks for.")
    drift: Drift = Field(Drift(), description="Who notices that AWS is no longer as the mesh says.")
    limits: Limits = Field(Limits(), description="How much a plan may delete before a gate asks.")
    journal: Journal = Field(Journal(), description="Where the evidence of every run is written.")
    lock: Lock | None = Field(None, description="Where the lock of apply lives. Without it nothing is locked.")
    notifications: Notifications = Field(
        Notifications(), description="What subscribers are told, unless a product says otherwise."
    )
    notification_key: KmsKeyName | None = Field(
        None,
        description="KMS key (ARN or alias/name) of the central account that encrypts notices. Its policy must let "
        "events.amazonaws.com use it; `meshform bootstrap` makes such a key.",
    )
    scripts: Many[S3Prefix] = Field(
        (),
        description="Where scripts of Glue jobs may lie besides their domain's own place, such as s3://bucket/prefix/.",
    )
    approvals: Approvals = Field(Approvals(), description="How it is known that the owners have approved.")
    recertification: Recertification | None = Field(
        None, description="Rounds in which owners are asked whether subscriptions are still needed. Default: none."
    )
    audit: Audit = Field(Audit(), description="What CloudTrail tells of who read the data.")
    tags: Mapping[ResourceTagKey, ResourceTagValue] = Field(
        {}, description="AWS resource tags for everything that can carry them."
    )
