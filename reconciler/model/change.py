"""Change: what would make the found side equal to the wanted one."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.resource import AnyResource, Origin


@dataclass(frozen=True, slots=True)
class Create:
    """It is wanted and not there."""

    want: AnyResource

    @property
    def resource(self) -> AnyResource:
        return self.want

    @property
    def address(self) -> Address:
        return self.want.address

    @property
    def origin(self) -> Origin | None:
        return self.want.origin

    @property
    def action(self) -> str:
        return "create"


@dataclass(frozen=True, slots=True)
class Update:
    """It is there and differs."""

    have: AnyResource
    want: AnyResource

    @property
    def resource(self) -> AnyResource:
        return self.want

    @property
    def address(self) -> Address:
        return self.want.address

    @property
    def origin(self) -> Origin | None:
        return self.want.origin

    @property
    def action(self) -> str:
        return "update"


@dataclass(frozen=True, slots=True)
class Delete:
    """It is there, it is ours, and nothing asks for it."""

    have: AnyResource

    @property
    def resource(self) -> AnyResource:
        return self.have

    @property
    def address(self) -> Address:
        return self.have.address

    @property
    def origin(self) -> Origin | None:
        return self.have.origin

    @property
    def action(self) -> str:
        return "delete"


Change = Create | Update | Delete
"""`resource` is what a change is about: what is wanted, or what goes."""
