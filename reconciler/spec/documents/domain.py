"""Domain: a part of the business that owns data, and where it keeps them."""

from typing import ClassVar, Literal

from pydantic import Field

from reconciler.spec.documents.arns import BucketName, IamNameOrArn, KeyPath, KmsKeyArn, Region
from reconciler.spec.documents.base import Document, Many, Mode, Part
from reconciler.spec.documents.shapes import Name
from reconciler.spec.documents.texts import Words


class DomainPlace(Part):
    """A further bucket, or prefix of one, in which tables of the domain's products lie."""

    name: Name = Field(description="Name by which tables of the domain speak of the place.")
    bucket: BucketName = Field(description="Bucket of the domain's producer account.")
    prefix: KeyPath = Field("", description="Path in the bucket under which files of the domain lie.")
    region: Region | None = Field(None, description="Region of the bucket. Default: the mesh's home region.")
    external: Many[Literal["bucket", "bucket-policy", "location"]] = Field(
        (), description="What of the place exists already and is used as it is, as `external` of the Domain says."
    )
    kms_key: KmsKeyArn | None = Field(None, description="ARN of the KMS key that encrypts the bucket.")


class Domain(Document):
    """A part of the business that owns data products, with its account and its bucket."""

    folder: ClassVar[str] = "domains/<domain>/domain.yaml"
    homes: ClassVar[tuple[str, ...]] = ("domains/{name}/*",)

    kind: Literal["Domain"] = Field("Domain", description="Kind of document.")
    name: Name = Field(description="Name of the domain. It is also the value of the domain's LF-tag.")
    description: Words = Field(description="What the domain is responsible for.")
    owner: Words = Field(description="Who answers for the domain: a person or a team.")
    account: Name = Field(description="Name of the producer Account in which the domain keeps its data.")
    stewards: Many[IamNameOrArn] = Field(
        (), description="Roles in the producer account that look after the domain's data."
    )
    bucket: BucketName | None = Field(
        None, description="Bucket with the domain's data. Default: <mesh>-<domain>-<account id>-<region>."
    )
    prefix: KeyPath = Field("", description="Path in the bucket under which all products of the domain lie.")
    region: Region | None = Field(
        None,
        description="Region of the bucket. Default: the mesh's home region. In another one files are only read and "
        "written: crawls, quality runs and curation are in the home region.",
    )
    places: Many[DomainPlace] = Field(
        (), description="Further buckets or prefixes for tables of the domain, which name them as their `place`."
    )
    external: Many[Literal["bucket", "bucket-policy", "location"]] = Field(
        (),
        description="What of the domain exists already and is used as it is: checked, and never written. bucket: the "
        "bucket and its settings. bucket-policy: what the mesh needs in it is printed, ready to be pasted. location: "
        "the place is registered with Lake Formation by others, with a role of theirs.",
    )
    manage_bucket: bool = Field(
        True, description="`false` is another way to write `external: [bucket]`: Meshform does not make the bucket."
    )
    kms_key: KmsKeyArn | None = Field(None, description="ARN of the KMS key that encrypts the bucket.")
    resources: Literal["managed", "external"] = Field(
        "managed",
        description="managed: Meshform makes and keeps the bucket's settings, location, databases, tables, links and "
        "LF-tags of the domain's products. external: all that was there before and stays as it is; Meshform shares it, "
        "and puts on it only the LF-tags that its products write.",
    )
    hybrid: bool = Field(
        False,
        description="Hybrid access mode: Lake Formation decides only for those who were opted in, IAM for the others.",
    )

    def mode_of(self, kind: str) -> Mode:
        return "external" if kind == "bucket" and not self.manage_bucket else super().mode_of(kind)
