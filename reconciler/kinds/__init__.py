"""One file per kind of AWS resource, in the folder of its service. Kinds are found there; nothing lists them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change
from reconciler.model.resource import AnyResource
from reconciler.spec.mesh import Mesh

AnyKind = Kind[Any]


def needs_of(resource: AnyResource, kinds: Mapping[str, AnyKind], mesh: Mesh) -> Iterator[Address]:
    """What must be there before a resource."""
    return _at_home(kinds[resource.address.kind].needs(resource), kinds, mesh)


def before_of(change: Change, kinds: Mapping[str, AnyKind], mesh: Mesh) -> Iterator[Address]:
    """Whose own change has to wait for this one, beyond what needs it."""
    return _at_home(kinds[change.address.kind].before(change), kinds, mesh)


def _at_home(every: Iterable[Address], kinds: Mapping[str, AnyKind], mesh: Mesh) -> Iterator[Address]:
    """What has no region is told in the home region, whoever speaks of it."""
    for address in every:
        account, region = address.placement
        if region != mesh.region and address.kind in kinds and kinds[address.kind].is_global:
            yield address._replace(placement=Placement(account, mesh.region))
        else:
            yield address


@cache
def registry() -> Mapping[str, AnyKind]:
    """Every kind by name: one instance of each Kind subclass that a module of this folder defines."""
    found: dict[str, AnyKind] = {}
    for module_info in pkgutil.walk_packages(__path__, f"{__name__}."):
        module = importlib.import_module(module_info.name)
        for _, member in inspect.getmembers(module, inspect.isclass):
            if issubclass(member, Kind) and member is not Kind and member.__module__ == module.__name__:
                missing = ", ".join(sorted(member.__abstractmethods__))
                if missing:
                    raise TypeError(f"{module.__name__}: the kind {member.__name__} lacks {missing}")
                kind = member()
                if kind.name in found:
                    raise TypeError(f"two kinds are named {kind.name}")
                found[kind.name] = kind
    return MappingProxyType(dict(sorted(found.items())))
