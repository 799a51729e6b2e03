"""S3 buckets of domains and of query results. A bucket is never deleted: it holds people's data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from reconciler.errors import InvalidMesh
from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK, aws_tags
from reconciler.kinds.common.owner import Owner, kept, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.s3.bucket_settings import BLOCK, Bucket, encryption_rule, lifecycle, settings
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Update
from reconciler.model.plan import Foreign
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.managed import managed_domains
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket
from reconciler.spec.results import results_buckets, workgroups_of


class BucketKind(Kind[Bucket]):
    """A private, encrypted bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    """

    name = addresses.BUCKET
    summary = "S3 buckets of domains and of query results: private, encrypted, never deleted."
    parts = frozenset({"producer", "consumer"})
    is_regional = True
    indexed_as = "s3"
    reads = (
        "s3:ListAllMyBuckets",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketVersioning",
        "s3:GetLifecycleConfiguration",
        "s3:GetBucketTagging",
        "s3:GetBucketLocation",
    )
    writes = (
        "s3:CreateBucket",
        "s3:PutEncryptionConfiguration",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutLifecycleConfiguration",
        "s3:PutBucketTagging",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[Bucket]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        shared: dict[Address, Resource[Bucket]] = {}
        for domain in managed_domains(mesh):
            where = addresses.bucket(placements.of_domain(mesh, domain), domain_bucket(mesh, domain))
            spec = Bucket(domain.kms_key or "AES256", blocked=True, versioned=True, expires=(), tags=tags, of_data=True)
            if domain.mode_of(self.name) == "external":
                shared.setdefault(where, Resource(where, spec, origin=domain.origin, mode="external"))
                continue
            known = shared.get(where)
            if known is None or known.mode == "external":
                shared[where] = Resource(where, spec, origin=domain.origin)
            elif known.spec != spec:
                raise InvalidMesh(
                    f"{domain.origin}: the bucket {where.name} is asked for with another kmsKey in {known.origin}. "
                    "Domains that share a bucket share its key."
                )
        yield from shared.values()
        for consumer in mesh.consumers.values():
            for placement, bucket in results_buckets(mesh, consumer):
                assert consumer.workgroup is not None, "results belong to a workgroup"
                days = consumer.workgroup.results_retention_days
                prefixes = {each.prefix for each in workgroups_of(mesh, consumer) if each.placement == placement}
                expires = tuple((prefix, days) for prefix in sorted(prefixes))
                yield Resource(
                    addresses.bucket(placement, bucket),
                    Bucket(
                        "AES256",
                        blocked=True,
                        versioned=False,
                        expires=expires,
                        tags=tags,
                        region=_abroad(mesh, placement),
                    ),
                    origin=consumer.at("workgroup"),
                    mode=consumer.workgroup.mode_of(self.name),
                )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Bucket]]:
        wanted = {where.name for where in self.wanted(mesh, placement)}
        for name in own_buckets(aws, placement, mesh, wanted):
            spec = settings(aws, placement, name)
            if _abroad(mesh, placement):
                spec = replace(spec, region=_region(aws, placement, name))
            yield Resource(addresses.bucket(placement, name), spec)

    def owner(self, have: Resource[Bucket], ownership: Ownership) -> Owner:
        owner = owner_by_mark(dict(have.spec.tags).get(MARK), ownership.mesh)
        return kept("kept: a bucket and the data in it are never deleted") if owner.is_ours else owner

    def merge_unmanaged(self, want: Resource[Bucket], have: Resource[Bucket]) -> Resource[Bucket]:
        """Other people's tags and lifecycle rules stay; versioning is not switched off, no key is given up.

        Where the mesh names no key, a bucket that is encrypted with one keeps it.
        """
        tags = tuple(sorted({**dict(have.spec.tags), **dict(want.spec.tags)}.items()))
        versioned = want.spec.versioned or have.spec.versioned
        encryption = (
            have.spec.encryption or want.spec.encryption if want.spec.encryption == "AES256" else want.spec.encryption
        )
        return replace(
            want,
            spec=replace(want.spec, tags=tags, rules=have.spec.rules, versioned=versioned, encryption=encryption),
        )

    def shortfalls(self, want: Resource[Bucket], have: Resource[Bucket]) -> Iterable[str]:
        """The key with which data are encrypted has to be known: who is to read them must be let use it."""
        key, known = have.spec.encryption, want.spec.encryption
        if want.spec.of_data and key not in ("", "AES256", "aws:kms", "aws:kms:dsse", known):
            said = "no kmsKey" if known == "AES256" else f"kmsKey: {known}"
            yield f"it is encrypted with {key}, and the domain says {said}. Write kmsKey: {key}"

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        """A bucket cannot move, and Athena keeps results in its own region only.

        https://docs.aws.amazon.com/athena/latest/ug/query-results-specify-location.html
        """
        if isinstance(change, Update) and change.have.spec.region != change.want.spec.region:
            return f"the bucket {change.address.name} is in {change.have.spec.region}, not in {change.want.spec.region}"
        return None

    def create(self, want: Resource[Bucket]) -> tuple[Call, ...]:
        region = want.address.placement.region
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        made = self._call(want, "CreateBucket", frozenset({"BucketAlreadyOwnedByYou"}), **place)
        nothing = Bucket("", blocked=False, versioned=False, expires=(), tags=())
        return (made, *self._settings(nothing, want))

    def update(self, have: Resource[Bucket], want: Resource[Bucket]) -> tuple[Call, ...]:
        return self._settings(have.spec, want)

    def delete(self, have: Resource[Bucket]) -> tuple[Call, ...]:
        raise AssertionError(f"buckets are never deleted: {have.address}")

    def _settings(self, have: Bucket, want: Resource[Bucket]) -> tuple[Call, ...]:
        """The requests for the settings that differ. Public access is closed first, then it says whose it is."""
        spec, calls = want.spec, []
        if spec.blocked != have.blocked:
            block = dict.fromkeys(BLOCK, True)
            calls.append(self._call(want, "PutPublicAccessBlock", PublicAccessBlockConfiguration=block))
        if spec.tags != have.tags:
            tags = [{"Key": key, "Value": value} for key, value in spec.tags]
            calls.append(self._call(want, "PutBucketTagging", Tagging={"TagSet": tags}))
        if spec.encryption != have.encryption:
            rule = encryption_rule(spec, have.rest)
            calls.append(self._call(want, "PutBucketEncryption", ServerSideEncryptionConfiguration={"Rules": [rule]}))
        if spec.versioned and not have.versioned:
            calls.append(self._call(want, "PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"}))
        if spec.expires != have.expires:
            calls.append(self._call(want, "PutBucketLifecycleConfiguration", **lifecycle(spec, have.rest)))
        return tuple(calls)

    def _call(
        self, of: Resource[Bucket], operation: str, success_errors: frozenset[str] = frozenset(), /, **params: object
    ) -> Call:
        return Call(
            of.address.placement, "s3", operation, {"Bucket": of.address.name, **params}, success_errors=success_errors
        )


def own_buckets(aws: Reader, placement: Placement, mesh: Mesh, wanted: Collection[str]) -> Iterator[str]:
    """Those buckets of an account that are wanted, and those that look like the mesh's own and carry its mark.

    Another mesh's bucket may begin with the same name, and whoever owns it may keep us from reading its tags. S3 lists
    the buckets of all regions at once: what nothing asks for is told in the home region.
    """
    elsewhere = {
        name
        for consumer in mesh.consumers.values()
        for where, name in results_buckets(mesh, consumer)
        if where.account == placement.account and where != placement
    }
    answer = aws.read(placement, "s3", "ListBuckets")
    assert answer is not None
    for row in answer.get("Buckets", ()):
        name = row["Name"]
        alike = name.startswith(f"{mesh.name}-") and name not in elsewhere and not _abroad(mesh, placement)
        if name in wanted or (alike and mark_on(aws, placement, name) == mesh.name):
            yield name


def mark_on(aws: Reader, placement: Placement, bucket: str) -> str:
    """The name of the mesh that a bucket belongs to; empty where it carries none, or its tags may not be read."""
    tagging = aws.read(placement, "s3", "GetBucketTagging", {"Bucket": bucket}, absent=("NoSuchTagSet", "AccessDenied"))
    tags = {tag["Key"]: tag["Value"] for tag in (tagging or {}).get("TagSet", ())}
    return str(tags.get(MARK, ""))


def _abroad(mesh: Mesh, placement: Placement) -> str:
    """The region of a placement, where it is not the home region."""
    return placement.region if placement.region != mesh.region else ""


def _region(aws: Reader, placement: Placement, bucket: str) -> str:
    """Where a bucket is. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html"""
    found = aws.read(placement, "s3", "GetBucketLocation", {"Bucket": bucket}) or {}
    where = found.get("LocationConstraint") or "us-east-1"
    return "eu-west-1" if where == "EU" else where
