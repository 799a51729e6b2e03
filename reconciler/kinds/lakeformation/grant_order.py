"""In which order grants and revokes go: nobody loses meanwhile what he has before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.kinds.lakeformation import grant_targets
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import (
    IAM_ALLOWED_PRINCIPALS,
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
)
from reconciler.spec.mesh import Mesh

Subject = tuple[str, ...]
"""What a target is about: a database of a catalog, a location, a value of a tag."""
MOST_PAIRS = 1000
"""Of one principal: beyond that revokes which may be about anything wait for the grants by way of the first of them."""


@dataclass(slots=True)
class _Revokes:
    """What is taken from one principal in one account: by subject, and what may be about anything."""

    by_subject: dict[Subject, list[Delete]] = field(default_factory=dict)
    of_anything: list[Delete] = field(default_factory=list)

    def add(self, change: Delete, subjects: frozenset[Subject] | None) -> None:
        for subject in subjects or ():
            self.by_subject.setdefault(subject, []).append(change)
        if subjects is None:
            self.of_anything.append(change)

    def near(self, subjects: frozenset[Subject] | None) -> Iterator[Delete]:
        """Those that may be about the same as a grant; some more than once."""
        yield from self.of_anything
        for subject in self.by_subject if subjects is None else subjects:
            yield from self.by_subject.get(subject, ())


def ordered(changes: Sequence[Change], mesh: Mesh) -> Iterable[tuple[Address, Address]]:
    """Pairs (first, later): grant before revoke, where both may be about the same.

    The other way round where AWS refuses the two side by side: columns of a table beside the table itself, and a
    share to another account while the table is open to IAM_ALLOWED_PRINCIPALS.
    https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html
    """
    revoked: dict[tuple[Placement, str], _Revokes] = {}
    for change in changes:
        if isinstance(change, Delete):
            spec: Grant = change.have.spec
            of_principal = revoked.setdefault((change.address.placement, spec.principal), _Revokes())
            of_principal.add(change, subjects_of(spec.target, mesh))
    if not revoked:
        return
    given = Counter(
        (each.address.placement, each.want.spec.principal) for each in changes if not isinstance(each, Delete)
    )
    for who, of_principal in revoked.items():
        if who[1] != IAM_ALLOWED_PRINCIPALS and given[who] * len(of_principal.of_anything) > MOST_PAIRS:
            # None of them is refused beside a grant, so each waits for all grants, and the first is enough for that.
            first, *others = of_principal.of_anything
            of_principal.of_anything = [first]
            yield from ((first.address, other.address) for other in others)
    for change in changes:
        if not isinstance(change, Delete):
            yield from _around(change, revoked, mesh)


def _around(
    change: Create | Update, revoked: Mapping[tuple[Placement, str], _Revokes], mesh: Mesh
) -> Iterator[tuple[Address, Address]]:
    grant: Grant = change.want.spec
    own = revoked.get((change.address.placement, grant.principal))
    # Its own grants stand to each other like anybody's.
    is_of_iam = grant.principal == IAM_ALLOWED_PRINCIPALS
    of_iam = None if is_of_iam else revoked.get((change.address.placement, IAM_ALLOWED_PRINCIPALS))
    if own is None and of_iam is None:
        return
    subjects = subjects_of(grant.target, mesh)
    for old in own.near(subjects) if own else ():
        if grant_targets.collide(old.have.spec.target, grant.target):
            yield old.address, change.address
        else:
            yield change.address, old.address
    for old in of_iam.near(subjects) if of_iam else ():
        if grant.principal.isdigit() or ":organizations:" in grant.principal:
            yield old.address, change.address
        else:
            yield change.address, old.address


def subjects_of(target: Target, mesh: Mesh) -> frozenset[Subject] | None:
    """What a target is about; None where it may be about anything."""
    match target:
        case OnDatabase(catalog, name) | OnTable(catalog, name) | OnColumns(catalog, name) | OnFilter(catalog, name):
            return frozenset({(catalog, name)})
        case OnLocation(_, arn):
            return frozenset({(arn,)})
        case OnTag(catalog, key, value):
            of_product = _databases(catalog, key, (value,), mesh)
            return of_product if of_product is not None else frozenset({(catalog, key, value)})
        case OnTagPolicy(catalog, _, terms):
            key = mesh.settings.tag_keys.product.lower()
            return _databases(catalog, key, dict(terms).get(key, ()), mesh)
        case _:
            return None


def _databases(catalog: str, key: str, values: Sequence[str], mesh: Mesh) -> frozenset[Subject] | None:
    """The databases of the products that a tag names; None where it names none, or one that is not in the mesh."""
    if key != mesh.settings.tag_keys.product.lower() or not values or not mesh.products.keys() >= set(values):
        return None
    return frozenset((catalog, database) for value in values for database in mesh.products[value].databases)
