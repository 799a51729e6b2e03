"""Every place (bucket, path, key) belongs to one document of the mesh; places are compared as places, at each slash."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.model.finding import Finding
from reconciler.spec.data_places import DataPlace, data_place, data_places
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.managed import managed_domains, managed_products
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, domain_location, domain_prefix
from reconciler.spec.results import results_buckets
from reconciler.spec.rule import Rule
from reconciler.spec.table_settings import SCHEMA_URL, places_in
from reconciler.spec.unchecked_mesh import UncheckedMesh

OVERLAP = Rule(
    "location-overlap",
    "error",
    "No two tables, domains or places of a domain have the same files, nor those of query results, journal or lock.",
    "Whoever may read one would read the other through S3's paths, and crawlers would mix them. Move one of them.",
)
SOURCE = Rule(
    "source-of-another-product",
    "error",
    "What a crawler or a curation reads is no table of another product.",
    "It would be read past Lake Formation, and could be written as something less sensitive. Subscribe to the product, "
    "or name raw files that belong to no table.",
)
SETTING = Rule(
    "setting-place",
    "error",
    "A place that a table's properties, or parameters of its serializer, name lies in its domain.",
    "Engines read there what they show as the table: `path`, `storage.location.template`, `avro.schema.url` and the "
    "like. Who reads the table reads what is there, whatever that gives to whom. Leave it out, or name a place of the "
    "domain's own.",
)
SCRIPT = Rule(
    "script-place",
    "error",
    "A script lies in its domain's own place, or in one that mesh.yaml names.",
    "A role is made that may read it. Put it under the domain's prefix, or have governance add its prefix to `scripts` "
    "of the Mesh.",
)
KEY = Rule(
    "kms-key-shared",
    "error",
    "A KMS key belongs to one owner, and a bucket has one key, one account and one region.",
    "Who may use a key may decrypt what it encrypts. Give each domain a key of its own, or the domains one owner.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about places."""
    if unchecked.mesh is None:
        return
    mesh = unchecked.mesh
    yield from _overlaps([*_domains(mesh), *_others(mesh), *_scripts(mesh)])
    tables = _tables(mesh)
    yield from _overlaps(tables)
    taken = _Taken(tables)
    for product in mesh.products.values():
        yield from _sources(mesh, product, taken)
        yield from _script(mesh, product, taken)
    for product in managed_products(mesh):
        yield from _settings(mesh, product, taken)
    yield from _keys(mesh)


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """Where something lies (`bucket/path/`), what it is, whose, and where that was written.

    Places of one owner may lie in each other.
    """

    path: str
    name: str
    owner: str
    document: Document = field(compare=False)
    said: tuple[str | int, ...] = field(compare=False)


def _domains(mesh: Mesh) -> Iterator[_Place]:
    for place in (each for domain in managed_domains(mesh) for each in data_places(mesh, domain)):
        name = f"the place {place.name} of {place.domain.name}" if place.name else f"the domain {place.domain.name}"
        # Two places of one domain must not lie in each other: a registration serves what is nearest.
        yield _Place(f"{place.bucket}/{place.prefix}", name, name, place.domain, (*place.said, "prefix"))


def _others(mesh: Mesh) -> Iterator[_Place]:
    """Where query results, the journal and the lock lie."""
    for consumer in mesh.consumers.values():
        for bucket in dict.fromkeys(bucket for _, bucket in results_buckets(mesh, consumer)):
            said = ("workgroup", "resultsBucket")
            yield _Place(f"{bucket}/", f"the query results of {consumer.name}", f"c {consumer.name}", consumer, said)
    settings = mesh.settings
    if settings.journal.bucket is not None:
        path = f"{settings.journal.bucket}/{_folder(settings.journal.prefix)}"
        yield _Place(path, "the journal", "mesh", settings, ("journal", "bucket"))
    if settings.lock is not None:
        path = f"{settings.lock.bucket}/{_folder(settings.lock.key)}"
        yield _Place(path, "the lock", "mesh", settings, ("lock", "bucket"))


def _scripts(mesh: Mesh) -> Iterator[_Place]:
    """Where governance lets scripts lie: who may write there decides what jobs of every domain do."""
    for index, place in enumerate(mesh.settings.scripts):
        bucket, _, path = place.removeprefix("s3://").partition("/")
        said = ("scripts", index)
        yield _Place(f"{bucket}/{_folder(path)}", "the place of scripts", "mesh", mesh.settings, said)


def _tables(mesh: Mesh) -> list[_Place]:
    found = []
    for product in managed_products(mesh):
        for index, table in enumerate(product.tables):
            place = data_place(mesh, product, table)
            name = f"the table {product.name}.{table.name}"
            said = ("tables", index, "location")
            if table.format != "view" and product.catalog is None:
                found.append(_Place(f"{place.bucket}/{place.prefix}{_folder(table.path)}", name, name, product, said))
            for path, where in _named(product, index):
                if path and where[-1] != SCHEMA_URL:
                    found.append(_Place(path, f"{where[-1]} of {name}", name, product, where))
    return found


def _named(product: Product, index: int) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The places that settings of a table and of its serializer name, and where they are written."""
    table = product.tables[index]
    for key, path in places_in(table.properties.items()):
        yield path, ("tables", index, "properties", key)
    for key, path in places_in(table.storage.parameters.items()) if table.storage is not None else ():
        yield path, ("tables", index, "storage", "parameters", key)


def _folder(path: str) -> str:
    stripped = path.strip("/")
    return f"{stripped}/" if stripped else ""


def _overlaps(places: Iterable[_Place]) -> Iterator[Finding]:
    """Pairs of which one lies in the other. In sorted order all that lie in a place come right after it."""
    above: _Place | None = None
    for place in sorted(places):
        if above is None or not place.path.startswith(above.path):
            above = place
        elif place.owner != above.owner:
            how = "has the same files as" if place.path == above.path else "lies in"
            other = above.document.at(*above.said)
            yield OVERLAP.broken(place.document.at(*place.said), f"{place.name} {how} {above.name} ({other})")


class _Taken:
    """The files of tables, to be asked whose a place is."""

    def __init__(self, tables: Iterable[_Place]) -> None:
        self._sorted = sorted(tables)
        self._paths = [place.path for place in self._sorted]

    def other(self, path: str, product: Product) -> _Place | None:
        """A table of another product that lies in `path` (`bucket/path/`), or in which `path` lies."""
        for index in range(bisect_left(self._paths, path), len(self._paths)):
            if not self._paths[index].startswith(path):
                break
            if self._sorted[index].document is not product:
                return self._sorted[index]
        parts = path.split("/")
        for end in range(1, len(parts)):
            above = "/".join(parts[:end]) + "/"
            index = bisect_left(self._paths, above)
            if index < len(self._paths) and self._paths[index] == above:
                found = self._sorted[index]
                return found if found.document is not product else None
        return None


def _sources(mesh: Mesh, product: Product, taken: _Taken) -> Iterator[Finding]:
    domain = mesh.domain(product)
    base = f"{domain_bucket(mesh, domain)}/{domain_prefix(domain)}"
    for path, said in _read(product):
        other = taken.other(f"{base}{_folder(path)}", product)
        if other is not None:
            shown = path or "the whole domain"
            where = other.document.at(*other.said)
            yield SOURCE.broken(product.at(*said), f"{shown} holds files of {other.name}, another product's ({where})")


def _read(product: Product) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The paths that a product's crawler and curation read besides its own tables, and where they are written."""
    if product.crawler is not None and product.crawler.path is not None:
        yield product.crawler.path, ("crawler", "path")
    if product.curation is not None and product.curation.data_brew is not None:
        yield product.curation.data_brew.source.location, ("curation", "dataBrew", "source", "location")
    if product.curation is not None and product.curation.glue_job is not None:
        for index, source in enumerate(product.curation.glue_job.sources):
            yield source, ("curation", "glueJob", "sources", index)


def _script(mesh: Mesh, product: Product, taken: _Taken) -> Iterator[Finding]:
    job = product.curation.glue_job if product.curation else None
    if job is None:
        return
    own = domain_location(mesh, mesh.domain(product))
    named = tuple(f"{place.rstrip('/')}/" for place in mesh.settings.scripts)
    parts = job.script.split("/")
    origin = product.at("curation", "glueJob", "script")
    if not job.script.startswith((own, *named)) or ".." in parts or "." in parts or "" in parts[3:]:
        yield SCRIPT.broken(origin, f"{job.script} lies neither under {own} nor in a place of `scripts` in mesh.yaml")
        return
    other = taken.other(f"{job.script.removeprefix('s3://')}/", product)
    if other is not None:
        yield SCRIPT.broken(origin, f"{job.script} is a file of {other.name}, another product's")


def _settings(mesh: Mesh, product: Product, taken: _Taken) -> Iterator[Finding]:
    """Places in settings of tables; that other tables lie there is an overlap, but for what is a single file."""
    own = tuple(f"{each.bucket}/{each.prefix}" for each in data_places(mesh, mesh.domain(product)))
    for index, table in enumerate(product.tables):
        for path, said in _named(product, index):
            key = said[-1]
            if not path.startswith(own) or {"", ".", ".."} & {*path.split("/")[:-1]}:
                message = f"{key} of {table.name} names no place of the domain {product.domain}"
                yield SETTING.broken(product.at(*said), message)
            elif key == SCHEMA_URL and (other := taken.other(path, product)) is not None:
                message = f"{key} of {table.name} names a file of {other.name}, another product's"
                yield SETTING.broken(product.at(*said), message)


def _keys(mesh: Mesh) -> Iterator[Finding]:
    seen: dict[str, Domain] = {}
    buckets: dict[str, DataPlace] = {}
    for place in (each for domain in mesh.domains.values() for each in data_places(mesh, domain)):
        domain, first = place.domain, buckets.setdefault(place.bucket, place)
        if first.domain.account != domain.account:
            message = (
                f"the bucket is already {first.domain.name}'s in the account {first.domain.account} ({first.at()})"
            )
            yield KEY.broken(place.at("bucket"), message)
        elif first.placement != place.placement:
            message = f"the bucket is in {first.placement.region} for {first.domain.name} ({first.at()})"
            yield KEY.broken(place.at("region"), message)
        elif first.kms_key != place.kms_key:
            message = f"the bucket has another key, or none, for the domain {first.domain.name} ({first.at()})"
            yield KEY.broken(place.at("kmsKey"), message)
        if place.kms_key is None:
            continue
        if place.kms_key.split(":")[3] != place.placement.region:
            yield KEY.broken(place.at("kmsKey"), f"the key is not in {place.placement.region}, where the bucket is")
        holder = seen.setdefault(place.kms_key, domain)
        if holder.owner != domain.owner:
            message = f"the key is already that of the domain {holder.name}, whose owner is {holder.owner}"
            yield KEY.broken(place.at("kmsKey"), message)
