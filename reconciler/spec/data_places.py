"""Where a domain keeps files: its own bucket or prefix, and further ones, each in its region and with its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from reconciler.model.address import Placement
from reconciler.model.origin import Origin
from reconciler.spec.documents.base import Mode
from reconciler.spec.documents.domain import Domain, DomainPlace
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, partition, path_of
from reconciler.spec.tags import subscribed_products


@dataclass(frozen=True, slots=True)
class DataPlace:
    """A bucket, or a prefix of one, with files of a domain; `name` is empty for the domain's own.

    `prefix` ends in a slash, or is empty for the whole bucket. `placement` is the bucket's account and region.
    """

    domain: Domain
    name: str
    placement: Placement
    bucket: str
    prefix: str
    kms_key: str | None
    written: Domain | DomainPlace
    said: tuple[str | int, ...]

    @property
    def location(self) -> str:
        """The place as `s3://bucket/prefix/`."""
        return f"s3://{self.bucket}/{self.prefix}"

    @property
    def arn(self) -> str:
        """The S3 ARN of the place, as it is registered (no slash at the end)."""
        return f"arn:{partition(self.placement.region)}:s3:::{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def label(self) -> str:
        """What the place is called in names: the domain, and of a further place its name too."""
        return f"{self.domain.name}/{self.name}" if self.name else self.domain.name

    def mode_of(self, kind: str) -> Mode:
        """Whether Meshform makes what belongs to the place of a kind of resource."""
        return "external" if self.domain.resources == "external" else self.written.mode_of(kind)

    def at(self, *path: str) -> Origin:
        """Where a field of the place is written."""
        return self.domain.at(*self.said, *path)


def data_places(mesh: Mesh, domain: Domain) -> tuple[DataPlace, ...]:
    """Where a domain keeps files: its own place first, then the further ones in the order written."""
    return _data_places(mesh)[domain.name]


def data_place(mesh: Mesh, product: Product, table: Table) -> DataPlace:
    """Where the files of a table are. A check refuses a name that no place has."""
    own, *more = data_places(mesh, mesh.domain(product))
    return next((each for each in more if each.name == table.place), own)


def places_of_product(mesh: Mesh, product: Product) -> tuple[DataPlace, ...]:
    """The domain's own place, and the further ones in which the product has tables."""
    own, *more = data_places(mesh, mesh.domain(product))
    named = {table.place for table in product.tables}
    return (own, *(each for each in more if each.name in named))


def table_location(mesh: Mesh, product: Product, table: Table) -> str:
    """The files of a table as `s3://bucket/prefix/location/`."""
    if table.path.startswith("s3://"):
        return f"{table.path}/"
    return f"{data_place(mesh, product, table).location}{table.path}/"


def database_location(mesh: Mesh, product: Product, database: str) -> str:
    """Where tables of a database lie by default: in the domain's place; where others make them, not above them.

    Whoever may make tables in a database may point them anywhere below its location, whatever else he is granted. The
    pages disagree on who may alter one: https://docs.aws.amazon.com/lake-formation/latest/dg/creating-database.html,
    https://docs.aws.amazon.com/lake-formation/latest/dg/regranting-locations.html. So he counts, too.
    """
    above = data_places(mesh, mesh.domain(product))[0].location
    if product.name not in _pointed_by_others(mesh):
        return above
    own = [table_location(mesh, product, table).split("/") for table in product.tables_in(database) or product.tables]
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip(*own, strict=False))
    folder = "/".join(parts[0] for parts in shared).rstrip("/") + "/"
    return folder if folder.startswith(above) and folder != above else "/".join(own[0])


@memo
def _pointed_by_others(mesh: Mesh) -> frozenset[str]:
    """The products of which somebody else may make or alter tables: a writer, or readers who are given more."""
    changing = {"ALL", "ALTER", "CREATE_TABLE"}
    writing = {each.name for each in mesh.products.values() for its in each.writers if changing & {*its.permissions}}
    altering = (each for each in mesh.subscriptions.values() if changing & {*each.permissions})
    return frozenset(writing | {found.name for each in altering for found in subscribed_products(mesh, each)})


@memo
def _data_places(mesh: Mesh) -> Mapping[str, tuple[DataPlace, ...]]:
    return {name: tuple(_places(mesh, domain)) for name, domain in mesh.domains.items()}


def _places(mesh: Mesh, domain: Domain) -> list[DataPlace]:
    account = mesh.producer(domain).id

    def at(region: str | None) -> Placement:
        return Placement(account, region or mesh.region)

    own = DataPlace(
        domain, "", at(domain.region), domain_bucket(mesh, domain), path_of(domain.prefix), domain.kms_key, domain, ()
    )
    more = (
        DataPlace(
            domain,
            each.name,
            at(each.region),
            each.bucket,
            path_of(each.prefix),
            each.kms_key,
            each,
            ("places", number),
        )
        for number, each in enumerate(domain.places)
    )
    return [own, *more]
