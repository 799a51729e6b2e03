"""Change: what would make the found side equal to the wanted one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reconciler.model.address import Address
from reconciler.model.origin import Origin
from reconciler.model.resource import AnyResource


class _OfResource:
    """What every change says of the resource that it is about."""

    __slots__ = ()

    @property
    def resource(self) -> AnyResource:
        raise NotImplementedError

    @property
    def address(self) -> Address:
        return self.resource.address

    @property
    def origin(self) -> Origin | None:
        return self.resource.origin


@dataclass(frozen=True, slots=True)
class Create(_OfResource):
    """It is wanted and not there."""

    want: AnyResource
    action: ClassVar[str] = "create"

    @property
    def resource(self) -> AnyResource:
        return self.want


@dataclass(frozen=True, slots=True)
class Update(_OfResource):
    """It is there and differs."""

    have: AnyResource
    want: AnyResource
    action: ClassVar[str] = "update"

    @property
    def resource(self) -> AnyResource:
        return self.want


@dataclass(frozen=True, slots=True)
class Delete(_OfResource):
    """It is there, it is ours, and nothing asks for it."""

    have: AnyResource
    action: ClassVar[str] = "delete"

    @property
    def resource(self) -> AnyResource:
        return self.have


Change = Create | Update | Delete
"""`resource` is what a change is about: what is wanted, or what goes."""
