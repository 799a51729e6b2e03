"""IAM roles that the mesh makes: register roles, roles of consumers. Found again by their path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses, roles
from reconciler.kinds.common.marks import MARK, aws_tags, role_path
from reconciler.kinds.common.owner import UNMARKED, Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.policy_document import canonical
from reconciler.kinds.iam.managed_policies import ManagedPolicies, details
from reconciler.kinds.iam.permissions_due import is_given, role_of, tag_changes
from reconciler.kinds.iam.strange_tags import gone_tags, strange_tag_changes, tags_beside
from reconciler.kinds.iam.trust_policy import told
from reconciler.kinds.iam.used_roles import used_roles
from reconciler.kinds.kind import Kind
from reconciler.kinds.roles.permissions_boundary import boundary_arn
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.json_text import PolicyText
from reconciler.model.plan import Foreign
from reconciler.model.policy import Policy
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition, permission_set_arn

_WORKGROUP = re.compile(r":athena:([^:\"*]+):([^:\"*]+):workgroup/([^\"*]+)\"")
POLICY = "meshform"
"""Name of the inline policy that is ours; other policies on the role are left alone."""


@dataclass(frozen=True, slots=True)
class Role:
    """`trust` and `policy` are canonical JSON; `policy` is empty for a role without ours.

    `boundary` is the ARN of its permissions boundary, empty for none. `added_rights` are what other people put on it,
    in words; `others` their documents, inline and attached.
    """

    path: str
    trust: PolicyText
    policy: PolicyText
    tags: tuple[tuple[str, str], ...] = ()
    boundary: str = ""
    added_rights: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    others: tuple[PolicyText, ...] = field(default=(), compare=False)


class IamRoleKind(Kind[Role]):
    """A role under the path /meshform/<mesh>/ with one inline policy, under the mesh's permissions boundary.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    """

    name = addresses.IAM_ROLE
    is_global = True
    summary = "IAM roles that the mesh makes, each with the least that it needs."
    reads = ("iam:GetAccountAuthorizationDetails",)
    writes = (
        "iam:CreateRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:DeleteRole",
        "iam:TagRole",
        "iam:UntagRole",
    )
    changed_by = (
        "iam:CreateRole",
        "iam:UpdateRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:DeleteRolePermissionsBoundary",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:DeleteRole",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[Role]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        made = set()
        for role in roles.of(mesh):
            where = addresses.iam_role(role.placement, role.name)
            made.add(where)
            yield Resource(
                where,
                Role(
                    role_path(mesh),
                    canonical(role.trust),
                    canonical(role.policy),
                    tags,
                    boundary_arn(mesh, role.placement.account),
                ),
                origin=role.origin,
                handle=f"arn:{partition(mesh.region)}:iam::{role.placement.account}:role{role_path(mesh)}{role.name}",
            )
        used = {addresses.iam_role(each.placement, each.arn): each for each in used_roles(mesh)}
        for where, each in used.items():
            if where not in made:
                yield Resource(where, Role("", "", ""), each.origin, each.arn, "external", note=each.why or None)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Role]]:
        """All roles of the account with their policies and tags in one listing, instead of a request for each.

        Names are unique in an account whatever the path, so a stranger's role of a wanted name is seen too.
        https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
        """
        taken = {where.name.lower(): where for where in self.wanted(mesh, placement)}
        rows = []
        for found in aws.pages(placement, *details("Role"), items="RoleDetailList"):
            name = (permission_set_arn(found["Arn"]) or found["RoleName"]).rpartition("/")[2].lower()
            if found["Path"] == role_path(mesh) or name in taken:
                rows.append((name, found))
        attached = ManagedPolicies.of(aws, placement, any(found.get("AttachedManagedPolicies") for _, found in rows))
        for name, found in rows:
            own = [row["PolicyDocument"] for row in found.get("RolePolicyList", ()) if row["PolicyName"] == POLICY]
            yield Resource(
                taken.get(name, addresses.iam_role(placement, found["RoleName"])),
                Role(
                    found["Path"],
                    canonical(found["AssumeRolePolicyDocument"]),
                    canonical(own[0]) if own else "",
                    tuple(sorted((tag["Key"], tag["Value"]) for tag in found.get("Tags", ()))),
                    found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
                    tuple(_added_rights(found)),
                    tuple(_others(found, attached)),
                ),
                handle=found["Arn"],
            )

    def mentions(self, resource: Resource[Role]) -> tuple[str, ...]:
        return (role_of(resource.address).name,)

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        decided = {each.address: each for each in strange_tag_changes(changes, mesh, found)}
        yield from decided.values()
        rest = (each for each in changes if each.address not in decided)
        yield from tag_changes((*rest, *decided.values()), mesh, found)

    def needs(self, resource: Resource[Role]) -> Iterable[Address]:
        """The workgroups in which a reader may query: there before he is sent to them, gone after he has left."""
        if is_given(resource.address):
            yield role_of(resource.address)
        for region, account, name in _WORKGROUP.findall(resource.spec.policy):
            yield addresses.workgroup(Placement(account, region), name)

    def owner(self, have: Resource[Role], ownership: Ownership) -> Owner:
        """By its tag; under the mesh's path a role without one is shown, since it looks like ours and is not."""
        path = role_path(ownership.mesh)
        if have.spec.path != path:
            return UNMARKED
        owner = owner_by_mark(dict(have.spec.tags).get(MARK), ownership.mesh)
        return owner if owner.is_ours else replace(owner, note=f"under the mesh's path {path}, and {owner.words}")

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        """Nobody else's role is changed or taken over: whoever trusts it would trust the mesh. None goes that has
        policies of others: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
        """
        if isinstance(change, Create):
            return None
        have = change.have.spec
        if isinstance(change, Delete):
            words = "; ".join(words for words, _ in have.added_rights)
            return f"IAM deletes no role while it has {words}" if words else None
        want = change.want.spec
        mesh = dict(have.tags).get(MARK)
        if have.path == want.path and mesh in (None, dict(want.tags)[MARK]):
            return None
        whose = f"tagged as the mesh {mesh}'s" if mesh else "not the mesh's"
        name = f"{have.path}{change.address.name}"
        return f"the name is taken: the role {name} is {whose}; names are unique in an account"

    def shortfalls(self, want: Resource[Role], have: Resource[Role]) -> Iterable[str]:
        """Grants name a role by its path, and whoever trusts it would trust the mesh."""
        if want.mode == "external":
            if want.handle not in (have.handle, permission_set_arn(have.handle or "")):
                yield f"its ARN is {have.handle}: name it with its path"
            return
        yield self.blocked(Update(have, want), ()) or "the name is taken by a role without the mesh's tag"

    def merge_unmanaged(self, want: Resource[Role], have: Resource[Role]) -> Resource[Role]:
        """Other people's tags stay, as far as they decide nothing (see `strange_tags`), and so does a boundary where
        the mesh asks for none: it only takes away."""
        tags = tuple(sorted(tags_beside(dict(want.spec.tags), dict(have.spec.tags)).items()))
        return replace(want, spec=replace(want.spec, tags=tags, boundary=want.spec.boundary or have.spec.boundary))

    def policies(self, resource: Resource[Role]) -> Iterable[Policy]:
        """Its policies, ours and other people's; a role without any is known to be let by none."""
        for text in (resource.spec.policy or "{}", *resource.spec.others) if resource.handle else ():
            yield Policy("principal", resource.handle or "", resource.address.placement.account, json.loads(text))

    def added_rights(self, want: Resource[Role], have: Resource[Role]) -> Iterable[tuple[str, str]]:
        return have.spec.added_rights

    def create(self, want: Resource[Role]) -> tuple[Call, ...]:
        name = want.address.name
        bound = {"PermissionsBoundary": want.spec.boundary} if want.spec.boundary else {}
        return (
            self._call(
                want,
                "CreateRole",
                Path=want.spec.path,
                RoleName=name,
                AssumeRolePolicyDocument=want.spec.trust,
                Description="Made by Meshform",
                Tags=_rows(want.spec.tags),
                **bound,
            ),
            self._call(want, "PutRolePolicy", RoleName=name, PolicyName=POLICY, PolicyDocument=want.spec.policy),
        )

    def update(self, have: Resource[Role], want: Resource[Role]) -> tuple[Call, ...]:
        name, calls = role_of(want.address).name, []
        if want.spec.boundary != have.spec.boundary:
            # First of all: the apply role may change the policies of bounded roles only.
            bound = want.spec.boundary
            calls.append(self._call(want, "PutRolePermissionsBoundary", RoleName=name, PermissionsBoundary=bound))
        if want.spec.trust != have.spec.trust:
            calls.append(self._call(want, "UpdateAssumeRolePolicy", RoleName=name, PolicyDocument=want.spec.trust))
        if want.spec.policy != have.spec.policy:
            calls.append(
                self._call(want, "PutRolePolicy", RoleName=name, PolicyName=POLICY, PolicyDocument=want.spec.policy)
            )
        if set(want.spec.tags) - set(have.spec.tags):
            calls.append(self._call(want, "TagRole", RoleName=name, Tags=_rows(want.spec.tags)))
        if gone := gone_tags(dict(have.spec.tags), dict(want.spec.tags)):
            calls.append(self._call(want, "UntagRole", RoleName=name, TagKeys=gone))
        return tuple(calls)

    def delete(self, have: Resource[Role]) -> tuple[Call, ...]:
        name, gone = have.address.name, frozenset({"NoSuchEntity"})
        return (
            self._call(have, "DeleteRolePolicy", gone, RoleName=name, PolicyName=POLICY),
            self._call(have, "DeleteRole", gone, RoleName=name),
        )

    def describe(self, change: Change) -> str | None:
        name = role_of(change.address).name
        if not is_given(change.address):
            said = "; ".join(filter(None, _told(change))) if isinstance(change, Update) else ""
            return f"iam-role {name}: {said}" if said else None
        return f"iam-role {name}, made anew: the tag that its permissions are due goes, once they are given again"

    def _call(
        self, of: Resource[Role], operation: str, success_errors: frozenset[str] = frozenset(), /, **params: object
    ) -> Call:
        return Call(of.address.placement, "iam", operation, params, success_errors=success_errors)


def _told(change: Update) -> Iterable[str]:
    """What of a role becomes another, where it says who acts as it or what he gets."""
    have, want = change.have.spec, change.want.spec
    yield told(have.trust, want.trust)
    if gone := gone_tags(dict(have.tags), dict(want.tags)):
        yield f"tags of others go, since conditions of permissions ask for them: {', '.join(gone)}"


def _added_rights(found: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Policies that other people put on a role, in words and as requests call them."""
    for row in found.get("RolePolicyList", ()):
        if row["PolicyName"] != POLICY:
            yield f"an inline policy that is not ours: {row['PolicyName']}", row["PolicyName"]
    for row in found.get("AttachedManagedPolicies", ()):
        yield f"an attached policy that is not ours: {row['PolicyArn']}", row["PolicyArn"]


def _others(found: Mapping[str, Any], attached: ManagedPolicies) -> Iterable[PolicyText]:
    """The documents of what other people put on a role."""
    for row in found.get("RolePolicyList", ()):
        if row["PolicyName"] != POLICY:
            yield canonical(row["PolicyDocument"])
    for row in found.get("AttachedManagedPolicies", ()):
        yield attached.document(row["PolicyArn"])


def _rows(tags: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]
