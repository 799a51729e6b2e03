"""S3 buckets of domains and of query results. A bucket is never deleted: it holds people's data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from reconciler.errors import InvalidMesh
from reconciler.kinds import addresses
from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.kinds.common.marks import MARK, aws_tags
from reconciler.kinds.common.owner import Owner, kept, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.s3.bucket_settings import BLOCK, Bucket, encryption_rule, lifecycle, settings
from reconciler.kinds.s3.own_buckets import abroad, own_buckets, region_of, with_buckets_abroad
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Update
from reconciler.model.plan import Foreign
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.data_places import data_places
from reconciler.spec.managed import managed_domains
from reconciler.spec.mesh import Mesh
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
        "s3:TagResource",
    )
    changed_by = (
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:PutBucketEncryption",
        "s3:DeleteBucketEncryption",
        "s3:PutBucketPublicAccessBlock",
        "s3:DeleteBucketPublicAccessBlock",
        "s3:PutPublicAccessBlock",
        "s3:DeletePublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutBucketLifecycle",
        "s3:PutBucketLifecycleConfiguration",
        "s3:DeleteBucketLifecycle",
        "s3:PutBucketTagging",
        "s3:DeleteBucketTagging",
    )

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        return with_buckets_abroad(super().placements(mesh), mesh)

    def desired(self, mesh: Mesh) -> Iterable[Resource[Bucket]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        shared: dict[Address, Resource[Bucket]] = {}
        for place in (each for domain in managed_domains(mesh) for each in data_places(mesh, domain)):
            where = addresses.bucket(place.placement, place.bucket)
            spec = Bucket(
                place.kms_key or "AES256",
                blocked=True,
                versioned=True,
                expires=(),
                tags=tags,
                region=abroad(mesh, place.placement),
                of_data=True,
            )
            if place.mode_of(self.name) == "external":
                shared.setdefault(where, Resource(where, spec, origin=place.at(), mode="external"))
                continue
            known = shared.get(where)
            if known is None or known.mode == "external":
                shared[where] = Resource(where, spec, origin=place.at())
            elif known.spec != spec:
                raise InvalidMesh(
                    f"{place.at()}: the bucket {where.name} is asked for with another kmsKey in {known.origin}. "
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
                        region=abroad(mesh, placement),
                    ),
                    origin=consumer.at("workgroup"),
                    mode=consumer.workgroup.mode_of(self.name),
                )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Bucket]]:
        wanted = {where.name for where in self.wanted(mesh, placement)}
        names = list(own_buckets(aws, placement, mesh, wanted))
        for name, spec in zip(names, concurrent_map(partial(settings, aws, placement), names), strict=True):
            if abroad(mesh, placement):
                spec = replace(spec, region=region_of(aws, placement, name))
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
        """The key with which data are encrypted has to be known: who is to read them must be let use it.

        So has the region, since a bucket cannot move.
        """
        if have.spec.region != want.spec.region:
            yield _elsewhere(want, have)
        key, known = have.spec.encryption, want.spec.encryption
        if want.spec.of_data and key not in ("", "AES256", "aws:kms", "aws:kms:dsse", known):
            said = "no kmsKey" if known == "AES256" else f"kmsKey: {known}"
            yield f"it is encrypted with {key}, and the domain says {said}. Write kmsKey: {key}"

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        """A bucket cannot move, and Athena keeps results in its own region only.

        https://docs.aws.amazon.com/athena/latest/ug/query-results-specify-location.html
        """
        if isinstance(change, Update) and change.have.spec.region != change.want.spec.region:
            return _elsewhere(change.want, change.have)
        return None

    def create(self, want: Resource[Bucket]) -> tuple[Call, ...]:
        """Made with its mark: a bucket without it, left by a run that was killed, would be somebody else's.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
        """
        region, spec = want.address.placement.region, want.spec
        how: dict[str, Any] = {} if region == "us-east-1" else {"LocationConstraint": region}
        how["Tags"] = _as_sent(spec.tags)
        made = self._call(want, "CreateBucket", frozenset({"BucketAlreadyOwnedByYou"}), CreateBucketConfiguration=how)
        # S3 encrypts a new bucket and refuses with it what it refuses by default; closing it again costs nothing.
        nothing = Bucket("AES256", blocked=False, versioned=False, expires=(), tags=spec.tags)
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
            calls.append(self._call(want, "PutBucketTagging", Tagging={"TagSet": _as_sent(spec.tags)}))
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


def _elsewhere(want: Resource[Bucket], have: Resource[Bucket]) -> str:
    return f"the bucket {want.address.name} is in {have.spec.region}, not in {want.spec.region}"


def _as_sent(tags: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]
