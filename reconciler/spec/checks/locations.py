"""Buckets have names that S3 takes, and paths stay below the place that they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.data_places import data_places
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh
from reconciler.spec.results import results_buckets
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

BUCKET = Rule(
    "bucket-rules",
    "error",
    "Buckets have names that S3 takes, whether they are given or derived.",
    "3 to 63 lower-case letters, digits, dots and hyphens, not like an IP address, no reserved beginning or end. A "
    "derived name that is too long is replaced by `bucket` of the domain or `resultsBucket` of the workgroup.",
)
ESCAPE = Rule(
    "location-escapes",
    "error",
    "Locations stay under the place that they belong to.",
    "Leave out `..`, `.` and empty parts; a location is relative to the domain's prefix.",
)

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_RESERVED = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about buckets and paths."""
    for domain in unchecked.all(Domain):
        yield from _inside(domain, domain.prefix, "prefix")
        for index, place in enumerate(domain.places):
            yield from _inside(domain, place.prefix, "places", index, "prefix")
    for product in unchecked.all(Product):
        domain_of = unchecked.named(Domain).get(product.domain)
        managed = domain_of is None or is_managed(domain_of)
        for index, table in enumerate(product.tables):
            if not managed and table.path.startswith("s3://"):
                continue
            if not table.path:
                yield ESCAPE.broken(product.at("tables", index, "location"), f"{table.name} needs a path of its own")
            yield from _inside(product, table.path, "tables", index, "location")
        if product.crawler is not None and product.crawler.path is not None:
            yield from _inside(product, product.crawler.path, "crawler", "path")
        curation = product.curation
        if curation is not None and curation.data_brew is not None:
            yield from _raw(product, curation.data_brew.source.location, "curation", "dataBrew", "source", "location")
        if curation is not None and curation.glue_job is not None:
            for index, source in enumerate(curation.glue_job.sources):
                yield from _raw(product, source, "curation", "glueJob", "sources", index)
    if unchecked.mesh is not None:
        yield from _buckets(unchecked.mesh)


def _inside(document: Document, path: str, *said: str | int) -> Iterator[Finding]:
    parts = path.strip("/").split("/")
    if path.startswith("/") or ".." in parts or "." in parts or ("" in parts and parts != [""]):
        yield ESCAPE.broken(document.at(*said), f"{path} is not a path below the domain's prefix; leave out . and ..")


def _raw(document: Document, path: str, *said: str | int) -> Iterator[Finding]:
    if not path.strip("/"):
        yield ESCAPE.broken(document.at(*said), "raw files lie in a path below the domain's prefix; name it")
    else:
        yield from _inside(document, path, *said)


def _buckets(mesh: Mesh) -> Iterator[Finding]:
    for domain in mesh.domains.values():
        for place in data_places(mesh, domain):
            if place.name or domain.bucket is not None or is_managed(domain):
                yield from _bucket(place.bucket, place.at("bucket"), "bucket")
    for consumer in mesh.consumers.values():
        for name in dict.fromkeys(name for _, name in results_buckets(mesh, consumer)):
            yield from _bucket(name, consumer.at("workgroup", "resultsBucket"), "resultsBucket")


def _bucket(name: str, origin: Origin, word: str) -> Iterator[Finding]:
    if len(name) > 63:
        yield BUCKET.broken(origin, f"the bucket {name} would have {len(name)} characters, at most 63; set {word}")
    elif (
        not _BUCKET.fullmatch(name)
        or ".." in name
        or _ADDRESS.fullmatch(name)
        or name.startswith(_RESERVED)
        or name.endswith(_RESERVED_ENDS)
    ):
        yield BUCKET.broken(origin, f"S3 takes no bucket of the name {name}; set another {word}")
