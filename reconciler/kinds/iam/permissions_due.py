"""Permissions that are due: a role that is made anew bears a tag until it has its permissions again.

AWS lists what a deleted role was granted, and may give a new role of its name nothing by that (docs/assumptions.md:
roles-made-anew). CreateRole puts the tag on, so a run that ends before they are given again leaves nothing unseen.
Where AWS lists none of them the tag is not needed: what is missing is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.kinds import addresses, roles
from reconciler.kinds.common.marks import MARK, PERMISSIONS_DUE, role_path
from reconciler.kinds.sharing import wanted_grants
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import account_of
from reconciler.model.plan import Step
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.spec.mesh import Mesh

_TAG = (PERMISSIONS_DUE, "to be given again")
_GIVEN = " (permissions given again)"


def given_to(role: Address) -> Address:
    """The step in which the tag is taken off a role."""
    return role._replace(name=f"{role.name}{_GIVEN}")


def role_of(address: Address) -> Address:
    """The role of such a step; of another address itself."""
    return address._replace(name=address.name.removesuffix(_GIVEN))


def is_given(address: Address) -> bool:
    """Whether it is the address of such a step."""
    return address.name.endswith(_GIVEN)


def role_named(principal: str, placement: Placement) -> Address | None:
    """A role by its ARN, for somebody of a placement; None for who is no role."""
    if ":iam::" not in principal or ":role/" not in principal:
        return None
    account = account_of(principal) or placement.account
    return addresses.iam_role(Placement(account, placement.region), principal)


def roles_made_anew(changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Mapping[Address, AnyResource]:
    """Roles that are made now, and those of the mesh that bear the tag: whoever put it there, it does no harm."""
    of_roles = {each.address: each for each in changes if each.address.kind == addresses.IAM_ROLE}
    bearing = [each for each in found.of_kind(addresses.IAM_ROLE) if PERMISSIONS_DUE in dict(each.spec.tags)]
    own = {addresses.iam_role(each.placement, each.name) for each in roles.of(mesh)} if bearing else set[Address]()
    made = {where: each.want for where, each in of_roles.items() if isinstance(each, Create)}
    for each in bearing:
        is_ours = each.spec.path == role_path(mesh) and dict(each.spec.tags).get(MARK) == mesh.name
        change = of_roles.get(each.address)
        if is_ours and each.address in own and not isinstance(change, Delete):
            made[each.address] = change.want if change is not None else each
    return made


def tag_changes(changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterator[Change]:
    """Roles that are made with the tag, and the tag that goes as soon as all that the mesh asks for is given again."""
    made = roles_made_anew(changes, mesh, found)
    if not made:
        return
    known = {each.address: each for each in changes}
    asked: dict[Address, set[Address]] = {where: set() for where in made}
    for each in wanted_grants(mesh):
        role = role_named(each.spec.principal, Placement("", mesh.region))
        if role in asked:
            asked[role].add(each.address)
    losing = {
        role_named(each.have.spec.principal, Placement("", mesh.region))
        for each in changes
        if each.address.kind == addresses.GRANT and isinstance(each, Delete)
    }
    for where, want in made.items():
        is_made = isinstance(known.get(where), Create)
        if is_made and where not in losing and all(isinstance(known.get(each), Create) for each in asked[where]):
            continue
        bearing = _with_tags(want, {**dict(want.spec.tags), **dict([_TAG])}.items())
        if is_made:
            yield Create(bearing)
        if all(_is_given(known.get(each), each in found) for each in asked[where]):
            bare = _with_tags(want, (tag for tag in want.spec.tags if tag[0] != PERMISSIONS_DUE))
            yield Update(replace(bearing, address=given_to(where)), replace(bare, address=given_to(where)))


def _is_given(change: Change | None, is_listed: bool) -> bool:
    """Whether a permission is given by the plan: what is not listed and not given was not seen, and may be listed."""
    match change:
        case None:
            return is_listed
        case Update(have, want):
            # One that only takes the grant option gives nothing.
            return bool(have.spec.target != want.spec.target or want.spec.grantable)
        case _:
            return isinstance(change, Create)


def unfinished(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The last steps of roles that are there already: a run before has made them, and not given them everything."""
    every = tuple(steps)
    made = {step.address for step in every if isinstance(step.change, Create)}
    return tuple(step for step in every if is_given(step.address) and role_of(step.address) not in made)


def _with_tags(role: AnyResource, tags: Iterable[tuple[str, str]]) -> AnyResource:
    return replace(role, spec=replace(role.spec, tags=tuple(sorted(tags))))
