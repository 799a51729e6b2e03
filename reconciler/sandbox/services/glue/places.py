"""Where a request ends up: databases and tables found through CatalogId and resource links.

Rules: resource-links-about, resource-links-glue-apis. A link is followed one hop; its reader needs to see the
link, and IAM and Lake Formation rights on the target too.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.glue.arns import arns, catalog_of, database_arn
from reconciler.sandbox.services.glue.state import Record, StoredTable
from reconciler.sandbox.services.iam.authorize import require
from reconciler.sandbox.services.lakeformation.resources import Database


@dataclass(frozen=True, slots=True)
class Place:
    """A database: its region's world, its catalog and its name. `linked` if a link led here."""

    world: World
    catalog: str
    name: str
    linked: bool = False

    @property
    def record(self) -> Record | None:
        """The database as stored."""
        found: Record | None = self.world.glue.database(self.catalog, self.name)
        return found


def database_place(request: Request, name: str) -> Place:
    """The database that a request means by a name, a link followed.

    EntityNotFoundException: there is none. AccessDeniedException: the caller sees nothing of it.
    """
    world, catalog = request.world, catalog_of(request)
    here = Place(world, catalog, name.lower())
    record = here.record
    if record is None or (catalog != request.caller.account and not _sees(request, here)):
        raise missing_database(request, here)
    if "TargetDatabase" not in record:
        return here
    if not _sees(request, here):
        raise insufficient("Describe", here.name)
    target = target_place(world, record)
    resources = arns(target.world.region, target.catalog, target.name)
    require(world, request.caller, f"glue:{request.operation}", resources, request.region)
    if target.record is None or (target.catalog != request.caller.account and not _sees(request, target)):
        raise missing_database(request, target)
    return target


def target_place(world: World, link: Record) -> Place:
    """Where a database link points to, whether or not anything is there."""
    target = link["TargetDatabase"]
    region = target.get("Region") or world.region
    return Place(world.at(region), target.get("CatalogId") or link["CatalogId"], target["DatabaseName"], linked=True)


def table_target(world: World, link: Record) -> tuple[Place, str]:
    """Where a table link points to: the database and the table's name."""
    target = link["TargetTable"]
    region = target.get("Region") or world.region
    catalog = target.get("CatalogId") or link["CatalogId"]
    return Place(world.at(region), catalog, target["DatabaseName"], linked=True), target["Name"]


def stored_table(request: Request, place: Place, name: str) -> StoredTable:
    """The table of a database, a table link not followed.

    EntityNotFoundException, or AccessDeniedException where the caller may not know that it exists: that none is there
    is told to those who may create tables, and to administrators (recorded: ExpediaGroup/waggle-dance#359).
    """
    found: StoredTable | None = place.world.glue.stored(place.catalog, place.name, name.lower())
    if not place.world.lakeformation.sees_table(request.caller, place.catalog, place.name, name.lower()):
        if found is None and place.catalog == request.caller.account and _creates(request, place):
            raise missing_table(name)
        raise insufficient("Describe", name.lower())
    if found is None:
        raise missing_table(name)
    return found


def followed_table(request: Request, place: Place, name: str) -> tuple[Place, str, StoredTable]:
    """The table that is worked on: the target where `name` is a table link. Both links at once fail."""
    found = stored_table(request, place, name)
    if "TargetTable" not in found.current:
        return place, name.lower(), found
    if place.linked:
        raise AwsError("InvalidInputException", "A table link cannot be used through a database link")
    target, table = table_target(place.world, found.current)
    resources = arns(target.world.region, target.catalog, target.name, table)
    require(request.world, request.caller, f"glue:{request.operation}", resources, request.region)
    return target, table, stored_table(request, target, table)


def missing_database(request: Request, place: Place) -> AwsError:
    """What somebody is told who asks for a database that is not there, or not for him."""
    if place.catalog == request.caller.account:
        return AwsError("EntityNotFoundException", f"Database {place.name} not found.")
    action = f"glue:{request.operation}"
    arn = database_arn(place.world.region, place.catalog, place.name)
    return AwsError(
        "AccessDeniedException",
        f"User: {request.caller.arn} is not authorized to perform: {action} on resource: {arn} "
        f"because no resource-based policy allows the {action} action",
    )


def missing_table(name: str) -> AwsError:
    return AwsError("EntityNotFoundException", f"Entity Not Found: Table {name} not found.")


def insufficient(permission: str, name: str) -> AwsError:
    """Lake Formation's refusal, in its own words."""
    return AwsError(
        "AccessDeniedException", f"Insufficient Lake Formation permission(s): Required {permission} on {name}"
    )


def _creates(request: Request, place: Place) -> bool:
    lf = place.world.lakeformation
    return bool(
        lf.reads_all(request.caller) or lf.may(request.caller, "CREATE_TABLE", Database(place.catalog, place.name))
    )


def _sees(request: Request, place: Place) -> bool:
    return bool(place.world.lakeformation.sees_database(request.caller, place.catalog, place.name))
