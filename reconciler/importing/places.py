"""Places of a domain that the mesh has made: buckets and prefixes that its role serves, and what of them is whose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, product

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data
from reconciler.kinds import registry
from reconciler.kinds.common.marks import MARK, name_hash
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.spec.names import work_role

_LISTED = re.compile(r"ListTheDomain([A-Z].*)")
_MOST = 4096
_REGION = re.compile(r"-([a-z]{2}(?:-[a-z]+)+-[0-9])$")


@dataclass(frozen=True, slots=True)
class Located:
    """A bucket, or a prefix of one that ends in a slash; `name` is empty for the domain's own place."""

    name: str
    bucket: str
    prefix: str

    @property
    def root(self) -> str:
        """The place as `s3://bucket/prefix/`."""
        return f"s3://{self.bucket}/{self.prefix}"


def located(name: str, root: str) -> Located:
    """A place by `bucket/prefix`, with or without a slash at the end."""
    bucket, _, prefix = root.strip("/").partition("/")
    return Located(name, bucket, f"{prefix}/" if prefix else "")


def own_root(evidence: Evidence, domain: str, uri: str) -> str:
    """The place of a domain in which a database lies: as it is registered, else the location of the database."""
    inside = uri.removeprefix("s3://").rstrip("/")
    return max((each for each in _served(evidence, domain) if f"{inside}/".startswith(f"{each}/")), default=inside)


def further_places(evidence: Evidence, domain: str, own: str, files: Iterable[str]) -> list[Located]:
    """The places beside the own one: what the domain's role serves, and what others have registered around files.

    Places of a mesh lie in no other one, so of what lies around each other only the outermost is one.
    """
    roots = {own, *_served(evidence, domain)}
    others = sorted((_root_of(each.address.name) for each in evidence.found.of(Location)), key=len)
    for file in files:
        path = f"{file.partition('://')[2].rstrip('/')}/"
        if not any(path.startswith(f"{each}/") for each in roots):
            around = (each for each in others if path.startswith(f"{each}/"))
            roots.update([next(around, own)])
    return [
        located(evidence.names.taken(f"location {domain} {root}", _called(evidence, domain, root), within=domain), root)
        for root in sorted(roots - {own}, key=lambda root: (_rank(evidence, domain, root), root))
    ]


def place_fields(evidence: Evidence, domain: str, place: Located) -> dict[str, Data]:
    """What a document says of a place, but for its name; what is not the mesh's is used as it is."""
    bucket = next((each.spec for each in evidence.found.of(Bucket) if each.address.name == place.bucket), None)
    policy = next((each.spec for each in evidence.found.of(BucketPolicy) if each.address.name == place.bucket), None)
    root = f"{place.bucket}/{place.prefix}".rstrip("/")
    kept = bucket is not None and dict(bucket.tags).get(MARK) == evidence.basis.name
    has_statements = policy is not None and bool(policy.statements)
    others: dict[type[object], bool] = {
        Bucket: not kept,
        BucketPolicy: not has_statements,
        Location: root not in _served(evidence, domain),
    }
    names = {kind.spec_type(): kind.name for kind in registry().values()}
    key = bucket.encryption if bucket is not None and bucket.encryption.startswith("arn:") else None
    return {
        "bucket": place.bucket,
        "prefix": place.prefix.rstrip("/") or None,
        "region": _region(evidence, place.bucket, key),
        "external": [names[what] for what, is_others in others.items() if is_others],
        "kmsKey": key,
    }


def _called(evidence: Evidence, domain: str, root: str) -> str:
    """As the mesh called it: capitals and digits of a Sid leave several names open, and a hash tells them apart."""
    bucket, _, prefix = root.partition("/")
    for statement in json.loads(_role_policy(evidence, domain) or "{}").get("Statement", ()):
        under = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix", [""])[0].strip("/")
        said = _LISTED.fullmatch(statement.get("Sid", ""))
        if said is not None and str(statement["Resource"]).endswith(f":::{bucket}") and under == prefix:
            every = list(_names(said[1]))
            policies = (each.spec for each in evidence.found.of(BucketPolicy) if each.address.name == bucket)
            sids = [sid for spec in policies for sid, _ in spec.statements]
            proved = (name for name in every if any(sid.endswith(name_hash(f"{domain}/{name}")) for sid in sids))
            return next(proved, every[0])
    return root.removeprefix(f"{evidence.basis.name}-")


def _names(words: str) -> Iterator[str]:
    """The names that may be written so: a hyphen before a capital, and none or one on either side of digits."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]|[0-9]+", words)
    gaps = [("", "-") if before[-1].isdigit() or after[0].isdigit() else ("-",) for before, after in pairwise(parts)]
    for chosen in islice(product(*gaps), _MOST):
        yield parts[0].lower() + "".join(gap + part.lower() for gap, part in zip(chosen, parts[1:], strict=True))


def _served(evidence: Evidence, domain: str) -> list[str]:
    """What is registered with the role of a domain."""
    role = f"/{work_role(evidence.basis.name, 'register', domain)}"
    found = (each for each in evidence.found.of(Location) if each.spec.role.endswith(role))
    return [_root_of(each.address.name) for each in found]


def _rank(evidence: Evidence, domain: str, root: str) -> int:
    """Where a place stands in the policy of the domain's role, which names all in the order of the document."""
    bucket, _, prefix = root.partition("/")
    listed = [
        (str(each["Resource"]).rpartition(":::")[2], each.get("Condition", {}).get("StringLike", {}).get("s3:prefix"))
        for each in json.loads(_role_policy(evidence, domain) or "{}").get("Statement", ())
    ]
    place = (bucket, [f"{prefix}/", f"{prefix}/*"] if prefix else None)
    return listed.index(place) if place in listed else len(listed)


def _role_policy(evidence: Evidence, domain: str) -> str:
    role = f"/{work_role(evidence.basis.name, 'register', domain)}"
    return next((each.policy for arn, each in evidence.roles.items() if arn.endswith(role)), "")


def _root_of(arn: str) -> str:
    return arn.split(":::", 1)[1].rstrip("/")


def _region(evidence: Evidence, bucket: str, key: str | None) -> str | None:
    """The region of a bucket as its key or its name says; None for the home region."""
    named = _REGION.search(bucket)
    region = key.split(":")[3] if key else named[1] if named is not None else evidence.basis.region
    return None if region == evidence.basis.region else region
