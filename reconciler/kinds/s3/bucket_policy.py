"""Our statements in a bucket's policy, by Sid, beside other people's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.kinds.common.deleted_principals import closed_by_deleted
from reconciler.kinds.common.marks import sid, sid_mark
from reconciler.kinds.common.owner import OURS, Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.policy_coverage import Coverage, coverage, of_organization
from reconciler.kinds.common.policy_document import OWN_FRAME, Frame, canonical, frame, literal, merged, parted
from reconciler.kinds.kind import Kind
from reconciler.kinds.roles.location_role import register_role_arn, register_role_name
from reconciler.kinds.s3.own_buckets import mark_on, own_buckets, with_buckets_abroad
from reconciler.kinds.s3.principal_switch import BEFORE, with_both
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Update
from reconciler.model.json_text import StatementText
from reconciler.model.policy import Policy
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.data_places import DataPlace, data_places
from reconciler.spec.managed import managed_domains
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition
from reconciler.spec.results import results_buckets


@dataclass(frozen=True, slots=True)
class BucketPolicy:
    """`statements` are ours, those whose Sid has the mesh's mark, by Sid, sorted; `others` as AWS has them.

    `needs` are the roles that ours name; `around` is what the policy says beside its statements; `mark` the mesh that
    the bucket belongs to, where nothing in the policy is ours; `known` what requests of these roles bring.
    """

    statements: tuple[tuple[str, StatementText], ...]
    others: tuple[StatementText, ...] = ()
    around: Frame = field(default=OWN_FRAME, compare=False)
    mark: str = field(default="", compare=False)
    needs: tuple[Address, ...] = field(default=(), compare=False)
    known: tuple[tuple[str, str | None], ...] = field(default=(), compare=False)


class BucketPolicyKind(Kind[BucketPolicy]):
    """PutBucketPolicy replaces the whole policy, so other statements are read and put back.

    https://docs.aws.amazon.com/lake-formation/latest/dg/register-cross-account.html
    """

    name = addresses.BUCKET_POLICY
    summary = "Our statements in bucket policies, merged by Sid beside other people's."
    parts = frozenset({"producer", "consumer"})
    is_regional = True
    indexed_as = "s3"
    reads = ("s3:GetBucketPolicy", "s3:ListAllMyBuckets")
    writes = ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
    changed_by = ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:DeleteBucket")

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        return with_buckets_abroad(super().placements(mesh), mesh)

    def desired(self, mesh: Mesh) -> Iterable[Resource[BucketPolicy]]:
        shared: dict[tuple[Placement, str], list[DataPlace]] = {}
        for place in (each for domain in managed_domains(mesh) for each in data_places(mesh, domain)):
            shared.setdefault((place.placement, place.bucket), []).append(place)
        for (placement, name), places in shared.items():
            registered = [place for place in places if place.mode_of(addresses.LOCATION) == "managed"]
            own = [
                _tls_only(mesh, name),
                *(each for place in registered for each in _for_register_role(mesh, place)),
            ]
            needs = tuple(
                addresses.iam_role(placements.of_location(mesh, place.domain), register_role_name(mesh, place.domain))
                for place in registered
            )
            modes = {place.mode_of(self.name) for place in places}
            yield Resource(
                addresses.bucket_policy(placement, name),
                _spec(own, needs, mesh),
                origin=places[0].at(),
                mode="external" if "external" in modes else "managed",
            )
        for consumer in mesh.consumers.values():
            for placement, name in results_buckets(mesh, consumer):
                yield Resource(
                    addresses.bucket_policy(placement, name),
                    _spec([_tls_only(mesh, name)], (), mesh),
                    origin=consumer.at("workgroup"),
                    mode=consumer.workgroup.mode_of(self.name) if consumer.workgroup else "managed",
                )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[BucketPolicy]]:
        """The policies; a bucket of others that has none has an empty one: the first statement asks whose it is."""
        wanted = {where.name for where in self.wanted(mesh, placement)}
        names = list(own_buckets(aws, placement, mesh, wanted))
        for name, found in zip(names, concurrent_map(partial(_read, aws, placement), names), strict=True):
            spec = _found(mesh, json.loads(found["Policy"]) if found else {})
            if not spec.statements:
                spec = replace(spec, mark=mark_on(aws, placement, name))
            if found is None and spec.mark == mesh.name:
                continue
            yield Resource(addresses.bucket_policy(placement, name), spec)

    def needs(self, resource: Resource[BucketPolicy]) -> Iterable[Address]:
        yield addresses.bucket(resource.address.placement, resource.address.name)
        yield from resource.spec.needs

    def owner(self, have: Resource[BucketPolicy], ownership: Ownership) -> Owner:
        """Ours as far as statements of ours are in it; the first one opens a bucket, and it asks whose that is."""
        return OURS if have.spec.statements else owner_by_mark(have.spec.mark, ownership.mesh)

    def merge_unmanaged(self, want: Resource[BucketPolicy], have: Resource[BucketPolicy]) -> Resource[BucketPolicy]:
        statements = with_both(want.spec.statements, have.spec.statements)
        spec = replace(want.spec, statements=statements, others=have.spec.others, around=have.spec.around)
        return replace(want, spec=spec)

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        """Where a role got another name, a second step takes the old one out, once nothing is read with it."""
        for change in changes:
            if change.address.kind != self.name or not isinstance(change, Update):
                continue
            wanted = self.wanted(mesh, change.address.placement).get(change.address)
            if wanted is None or wanted.spec.statements == change.want.spec.statements:
                continue
            have = replace(change.want, address=_later(change.address))
            yield Update(have, replace(have, spec=replace(have.spec, statements=wanted.spec.statements)))

    def before(self, change: Change) -> Iterable[Address]:
        yield _later(change.address)

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        return closed_by_deleted(change)

    def policies(self, resource: Resource[BucketPolicy]) -> Iterable[Policy]:
        texts = (*resource.spec.others, *(text for _, text in resource.spec.statements))
        document = {"Statement": [json.loads(text) for text in texts]}
        yield Policy("bucket", resource.address.name, resource.address.placement.account, document)

    def unmanaged_parts(self, want: Resource[BucketPolicy], have: Resource[BucketPolicy]) -> Iterable[str]:
        for text in have.spec.others:
            if json.loads(text).get("Effect") != "Allow":
                found = _covered(want, [text])
                told = "; it denies what the mesh needs" if found.denies else ""
                told = "; whether it denies what the mesh needs is not known" if found.unsure else told
                yield f"{_words(json.loads(text))}{told}"

    def added_rights(self, want: Resource[BucketPolicy], have: Resource[BucketPolicy]) -> Iterable[tuple[str, str]]:
        for text in have.spec.others:
            if json.loads(text).get("Effect") == "Allow":
                yield _words(json.loads(text)), json.loads(text).get("Sid", "")

    def has_nothing_managed(self, have: Resource[BucketPolicy]) -> bool:
        return not have.spec.statements

    def shortfalls(self, want: Resource[BucketPolicy], have: Resource[BucketPolicy]) -> Iterable[str]:
        there = (*have.spec.others, *(text for _, text in have.spec.statements))
        yield from _covered(want, there).shortfalls(f"the policy of {want.address.name}")

    def create(self, want: Resource[BucketPolicy]) -> tuple[Call, ...]:
        return (_put(want, want.spec, want.spec.statements),)

    def update(self, have: Resource[BucketPolicy], want: Resource[BucketPolicy]) -> tuple[Call, ...]:
        return (_put(want, have.spec, want.spec.statements),)

    def delete(self, have: Resource[BucketPolicy]) -> tuple[Call, ...]:
        if have.spec.others:
            return (_put(have, have.spec, ()),)
        params = {"Bucket": have.address.name}
        return (
            Call(
                have.address.placement, "s3", "DeleteBucketPolicy", params, success_errors=frozenset({"NoSuchBucket"})
            ),
        )


def _covered(want: Resource[BucketPolicy], there: Iterable[str]) -> Coverage:
    return coverage((text for _, text in want.spec.statements), there, dict(want.spec.known))


def _spec(own: Iterable[Mapping[str, Any]], needs: tuple[Address, ...], mesh: Mesh) -> BucketPolicy:
    own_texts = tuple(sorted((str(each["Sid"]), canonical(each)) for each in own))
    return BucketPolicy(own_texts, needs=needs, known=tuple(of_organization(mesh).items()))


def _read(aws: Reader, placement: Placement, bucket: str) -> dict[str, Any] | None:
    return aws.read(placement, "s3", "GetBucketPolicy", {"Bucket": bucket}, absent=("NoSuchBucketPolicy",))


def _found(mesh: Mesh, document: Mapping[str, Any]) -> BucketPolicy:
    ours, others = parted(document, sid_mark(mesh))
    return BucketPolicy(ours, others, frame(document) or OWN_FRAME)


def _put(of: Resource[BucketPolicy], there: BucketPolicy, ours: Iterable[tuple[str, str]]) -> Call:
    policy = merged(there.around, there.others, ours)
    bucket = of.address.name.removesuffix(BEFORE)
    return Call(of.address.placement, "s3", "PutBucketPolicy", {"Bucket": bucket, "Policy": policy})


def _later(where: Address) -> Address:
    return addresses.bucket_policy(where.placement, f"{where.name.removesuffix(BEFORE)}{BEFORE}")


def _words(statement: Mapping[str, Any]) -> str:
    words = canonical({name: statement.get(name, "") for name in ("Effect", "Principal", "Action")})
    return f"a statement that is not ours: {statement.get('Sid', 'without Sid')} {words}"


def _tls_only(mesh: Mesh, name: str) -> dict[str, Any]:
    """Nobody reaches the bucket without TLS."""
    arn = f"arn:{partition(mesh.region)}:s3:::{literal(name)}"
    return {
        "Sid": sid(mesh, "DenyPlainHttp"),
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _for_register_role(mesh: Mesh, place: DataPlace) -> Iterable[dict[str, Any]]:
    """The central account's register role may list the place's prefix and use the objects under it."""
    arn = f"arn:{partition(mesh.region)}:s3:::{literal(place.bucket)}"
    prefix = literal(place.prefix)
    who = {"AWS": register_role_arn(mesh, place.domain)}
    listing: dict[str, Any] = {
        "Sid": sid(mesh, "List", place.label),
        "Effect": "Allow",
        "Principal": who,
        "Action": "s3:ListBucket",
        "Resource": arn,
    }
    if prefix:
        listing["Condition"] = {"StringLike": {"s3:prefix": [prefix, f"{prefix}*"]}}
    yield listing
    yield {
        "Sid": sid(mesh, "Objects", place.label),
        "Effect": "Allow",
        "Principal": who,
        "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        "Resource": f"{arn}/{prefix}*",
    }
