"""Kind: everything the reconciler knows about one type of AWS resource."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar, cast, get_args, get_origin

from reconciler.kinds.common.owner import Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.model import codec
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change
from reconciler.model.lakeformation import Grant
from reconciler.model.plan import Foreign
from reconciler.model.policy import Policy
from reconciler.model.read_scope import Place
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.memo import remembered
from reconciler.spec.mesh import Mesh

S = TypeVar("S")
Json = Mapping[str, Any]


class Kind(ABC, Generic[S]):
    """One AWS resource kind. A new file in this folder with a subclass is all that a new kind takes.

    Everything but `observe` is pure, and `observe` only reads: kinds never see boto3.
    `name` stands in addresses; `summary` is one sentence for `meshform kinds`; `parts` are the parts that an account
    must play to be read; `reads` and `writes` are the IAM actions that the roles of plan and apply need.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    parts: ClassVar[frozenset[str]] = frozenset({"central", "producer", "consumer"})
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()
    changed_by: ClassVar[tuple[str, ...]] = ()
    """What CloudTrail calls the requests by which anybody changes it (`glue:DeleteTable`), or by which it goes with
    what it is in: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html"""
    written_by: ClassVar[frozenset[str]] = frozenset()
    """The parts of the accounts whose role makes its changes, where they are others than `parts`."""
    indexed_as: ClassVar[str] = ""
    """How the resource tagging API calls it (`glue:crawler`), if the mesh's tag is put on everything that it makes.

    Where the mesh wants none, it is read only if that index shows something with the mesh's tag.
    """
    governed: ClassVar[bool] = False
    """Lake Formation shows such resources to its administrators only, and to others an empty list."""
    decides_access: ClassVar[bool] = False
    """Whether it has a part in who reads what: a gap in it makes every answer about access unsure."""
    lasting: ClassVar[bool] = True
    """Whether it stays in AWS once it is made. What does not last is never missing: it is no drift."""
    confirms_deletes: ClassVar[bool] = False
    """A delete counts as done only when a new reading no longer shows the resource."""

    confirms_failures: ClassVar[bool] = False
    """A step that failed counts as done when a new reading shows what was wanted: its requests depend on what was there
    before, so that one whose answer was lost is refused when it is sent again."""

    takes_only_access: ClassVar[bool] = False
    """Whether a delete takes away only somebody's access, or the news of it: what is lost is written in the mesh."""

    serves_with_more: ClassVar[bool] = False
    """Whether one of somebody's that has more than the mesh would give serves as well as its own, and is not told."""

    is_regional: ClassVar[bool] = False
    """Whether consumers have it in every region in which they query, and not in the home region of the mesh alone."""
    is_global: ClassVar[bool] = False
    """Whether its service has no regions: there is one of a name in an account, told in the home region."""

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        """Where this kind is read: every account that plays one of `parts`, in the regions that it is in."""
        return tuple(
            placement
            for account in mesh.accounts.values()
            if self.parts.intersection(str(part) for part in account.parts)
            for placement in placements.in_account(mesh, account)[: None if self.is_regional else 1]
        )

    def covers(self, placement: Placement, mesh: Mesh) -> Iterable[Placement]:
        """The placements whose resources a reading of `placement` shows: usually its own."""
        return (placement,)

    @property
    def is_listed_by_database(self) -> bool:
        """Whether it is read database by database."""
        return type(self).listed_by is not Kind.listed_by

    def listed_by(self, resource: Resource[S]) -> str | None:
        """The database by which a resource is listed; None where its kind is listed as a whole."""
        return None

    def mentions(self, resource: Resource[S]) -> tuple[str, ...]:
        """The names by which a request that changes it speaks of it; empty where there is one in an account."""
        return (resource.address.name,)

    def read_with(self, resource: Resource[S]) -> Iterable[tuple[Place, str | None]]:
        """What else is read where it changes: places, and the database in each (None: all of the place)."""
        return ()

    @abstractmethod
    def desired(self, mesh: Mesh) -> Iterable[Resource[S]]:
        """What the mesh asks for."""

    def every(self, mesh: Mesh) -> Sequence[Resource[S]]:
        """The same, worked out once for each mesh: it is looked for in AWS, compiled and compared."""
        return remembered(mesh, (Kind.every, self.name), lambda: tuple(self.desired(mesh)))

    def wanted(self, mesh: Mesh, placement: Placement) -> Mapping[Address, Resource[S]]:
        """What the mesh asks for in one placement; worked out once for each mesh."""

        def by_placement() -> Mapping[Placement, Mapping[Address, Resource[S]]]:
            found: dict[Placement, dict[Address, Resource[S]]] = {}
            for resource in self.every(mesh):
                found.setdefault(resource.address.placement, {})[resource.address] = resource
            return found

        return remembered(mesh, self.name, by_placement).get(placement, {})

    @abstractmethod
    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[S]]:
        """What is there, in bulk and in canonical form. Raises Unseen for what says nothing about what is there."""

    def needs(self, resource: Resource[S]) -> Iterable[Address]:
        """What must be there before it, and may go only after it. Addresses that are in no change are ignored.

        What changes is read together with what it needs and with what needs it (`--changed-since`).
        """
        return ()

    @abstractmethod
    def create(self, want: Resource[S]) -> tuple[Call, ...]:
        """The requests that make it."""

    @abstractmethod
    def update(self, have: Resource[S], want: Resource[S]) -> tuple[Call, ...]:
        """The requests that turn one into the other without a gap in between."""

    @abstractmethod
    def delete(self, have: Resource[S]) -> tuple[Call, ...]:
        """The requests that remove it."""

    def sent_in(self, run: str, calls: tuple[Call, ...]) -> tuple[Call, ...]:
        """The requests as they are sent in a run: with its id where a receiver must know what was sent twice."""
        return calls

    @abstractmethod
    def owner(self, have: Resource[S], ownership: Ownership) -> Owner:
        """Whose something found is, by its mark or by what it is on.

        What is ours goes where nothing asks for it; what is somebody's is changed only when a person accepts that.
        """

    def other_owner(self, have: Resource[S], ownership: Ownership) -> Owner | None:
        """Of something that the mesh asks for, whose it is where to change it is to take it over; else None."""
        owner = self.owner(have, ownership)
        return owner if owner.is_somebodys else None

    @classmethod
    def spec_type(cls) -> type[S]:
        """The type of its specs: no other kind has it, so a resource's spec tells its kind."""
        (base,) = (each for each in cls.__orig_bases__ if get_origin(each) is Kind)  # type: ignore[attr-defined]
        return cast("type[S]", get_args(base)[0])

    def encode(self, spec: S) -> Json:
        """A spec as plain JSON, so that what was found can be a file."""
        return cast("Json", codec.encode(spec))

    def decode(self, data: Json) -> S:
        """The spec that `encode` has written so. Raises ValueError for anything else."""
        return cast("S", codec.decode(self.spec_type(), data))

    def merge_unmanaged(self, want: Resource[S], have: Resource[S]) -> Resource[S]:
        """The wanted resource completed by what was found and is not ours to say (other people's part of it)."""
        return want

    def unmanaged_parts(self, want: Resource[S], have: Resource[S]) -> Iterable[str]:
        """What other people have in a document that is ours, in words: it is shown and left alone."""
        return ()

    def added_rights(self, want: Resource[S], have: Resource[S]) -> Iterable[tuple[str, str]]:
        """Rights that other people put on something of ours, in words, with what a request that gives them calls them:
        shown, left alone, and drift."""
        return ()

    def parted(
        self, want: Resource[S] | None, have: Resource[S], ownership: Ownership
    ) -> tuple[Resource[S] | None, Foreign] | None:
        """What is left of something of ours without a part that AWS lets nobody take back, and that part: it is shown
        and left alone. None where all of it can be changed."""
        return None

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        """Why a change is not made: what other people have there would go with it."""
        return None

    def lacks(self, change: Change, changes: Mapping[Address, Change], found: Snapshot) -> str | None:
        """What of other people's the change is about and is not there: the change is held until it is."""
        return None

    def cuts_off(self, change: Change, blind: Mapping[tuple[str, Placement], str]) -> str | None:
        """What the change would make impossible to undo, where that cannot be seen: it is held until it can be.

        `blind` are the kinds that were not seen, where, and why.
        """
        return None

    def shortfalls(self, want: Resource[S], have: Resource[S]) -> Iterable[str]:
        """What the mesh needs of something that it uses as it is, and that is not so: in words, ready to be done there.

        What cannot serve as it is, falls short by each field that differs, unless a document says that it is used.
        """
        if want.mode == "external":
            return ()
        merged = self.merge_unmanaged(want, have).spec
        return tuple(f"the name is taken by one with another {name}" for name in differing(merged, have.spec))

    def has_nothing_managed(self, have: Resource[S]) -> bool:
        """Whether a found document has nothing of ours in it (then there is nothing to delete)."""
        return False

    def implied_by(self, resource: Resource[S]) -> Address | None:
        """The resource whose own creation (or deletion) already makes (or removes) this one."""
        return None

    def goes_with(self, have: Resource[S]) -> Address | None:
        """The resource with which it is gone: where that is deleted it needs no request, and is gone after it."""
        return None

    def marked(self, want: Resource[S]) -> Address | None:
        """What something is the mark of: it is not made where that is somebody else's."""
        return None

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        """Changes of this kind that the other changes make necessary."""
        return ()

    def order(self, changes: Sequence[Change], mesh: Mesh) -> Iterable[tuple[Address, Address]]:
        """Pairs (first, later) that this kind's own changes ask for, beyond what `needs` says."""
        return ()

    def before(self, change: Change) -> Iterable[Address]:
        """Addresses whose own change has to wait for this one, beyond what `needs` says."""
        return ()

    def grants(self, resource: Resource[S]) -> Iterable[Resource[Grant]]:
        """Lake Formation grants that it comes with, though nothing lists them: access is evaluated with them."""
        return ()

    def policies(self, resource: Resource[S]) -> Iterable[Policy]:
        """IAM policies that it puts on a principal or a bucket: access is evaluated with them."""
        return ()

    def describe(self, change: Change) -> str | None:
        """One sentence for people, if the address and the fields do not say it well enough."""
        return None


def differing(one: object, other: object) -> tuple[str, ...]:
    """The names of the compared fields in which two specs of one kind differ."""
    return tuple(
        each.name
        for each in dataclasses.fields(one)  # type: ignore[arg-type]
        if each.compare and getattr(one, each.name) != getattr(other, each.name)
    )
