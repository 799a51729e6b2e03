"""By which LF-tags something is granted, also where an expression was saved under a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.used_databases import saved_expressions
from reconciler.model.address import Address, Placement
from reconciler.model.lakeformation import Expression, Grant, OnSavedExpression, OnTag, OnTagPolicy, Target
from reconciler.model.reader import Reader, Unseen
from reconciler.model.resource import Resource


def saved_bodies(aws: Reader, placement: Placement, targets: Iterable[Target]) -> Mapping[str, Expression]:
    """What the saved expressions of a catalog stand for, if anything is granted by one; none if they are not seen."""
    if not any(isinstance(target, OnSavedExpression) for target in targets):
        return {}
    try:
        return {name: body for name, _, body in saved_expressions(aws, placement)}
    except Unseen:
        return {}


def plain(target: Target, saved: Mapping[str, Expression]) -> Target:
    """A saved expression as what it stands for, where that is known."""
    if isinstance(target, OnSavedExpression) and target.name in saved:
        return OnTagPolicy(target.catalog, target.of, saved[target.name])
    return target


def terms_of(target: Target) -> Expression:
    """The LF-tags that a grant is by, or on."""
    match target:
        case OnTagPolicy(terms=terms):
            return terms
        case OnTag(key=key, value=value):
            return ((key, (value,)),)
        case _:
            return ()


def descriptions(have: Resource[Grant]) -> Iterable[Address]:
    """That an account may describe the LF-tags by which it passed something on."""
    account, region = have.address.placement
    catalog = have.spec.target.catalog
    for key, values in terms_of(have.spec.target):
        for value in values:
            yield addresses.grant(Placement(catalog, region), Grant(account, OnTag(catalog, key, value), "DESCRIBE"))
