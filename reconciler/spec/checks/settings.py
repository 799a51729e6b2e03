"""A mesh has one document of kind Mesh, and one central account, which that document names."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.settings import Settings
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

NO_SETTINGS = Rule(
    "no-mesh-document",
    "error",
    "A mesh has a document of kind Mesh.",
    "It says where the central catalog is and which roles to use; by custom it is mesh.yaml.",
)
TWO_SETTINGS = Rule(
    "two-mesh-documents",
    "error",
    "A mesh has only one document of kind Mesh.",
    "Two of them would contradict each other. Merge them, or keep the meshes in two folders.",
)
CENTRAL = Rule(
    "central-account",
    "error",
    "The central account is an Account with the part central, and the only one.",
    "All databases and permissions are kept in one catalog. Set `central` of the Mesh and `parts` of the Account.",
)
LIMITED = Rule(
    "limited-label",
    "error",
    "Labels in `limits.columnsOpened` are values of the mesh's sensitivity.",
    "A limit on a misspelt label would never be met. Correct it, or add the value to the LFTag.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about the document of kind Mesh."""
    found = unchecked.all(Settings)
    if not found:
        if not unchecked.doubtful:
            place = (
                Origin(unchecked.entries[0][1].origin.file, 1, 1) if unchecked.entries else Origin("mesh.yaml", 1, 1)
            )
            yield NO_SETTINGS.broken(place, "the mesh has no document of kind Mesh; by custom it is mesh.yaml")
        return
    for other in found[1:]:
        yield TWO_SETTINGS.broken(other.origin, f"{found[0].origin.file} is already a document of kind Mesh")
    yield from _central(unchecked, found[0])
    yield from _limits(unchecked, found[0])


def _limits(unchecked: UncheckedMesh, settings: Settings) -> Iterator[Finding]:
    tag = unchecked.named(LFTag).get(settings.sensitivity_key)
    if tag is None and unchecked.knows(LFTag, settings.sensitivity_key):
        return
    values = tag.value_names if tag is not None else ()
    for label in settings.limits.columns_opened:
        if label not in values:
            place = settings.at("limits", "columnsOpened", label)
            near = unchecked.near(label, values)
            yield LIMITED.broken(place, f"{settings.sensitivity_key} has no value {label}{near}")


def _central(unchecked: UncheckedMesh, settings: Settings) -> Iterator[Finding]:
    accounts = unchecked.named(Account)
    central = accounts.get(settings.central)
    if central is None:
        if not unchecked.knows(Account, settings.central):
            near = unchecked.near_document(Account, settings.central)
            yield CENTRAL.broken(settings.at("central"), f"there is no account {settings.central}{near}")
    elif "central" not in central.parts:
        yield CENTRAL.broken(central.at("parts"), f"{central.name} is the central account; add central to its parts")
    for account in accounts.values():
        if "central" in account.parts and account.name != settings.central:
            yield CENTRAL.broken(
                account.at("parts"),
                f"{account.name} has the part central, but {settings.central} is the central account of the mesh",
            )
