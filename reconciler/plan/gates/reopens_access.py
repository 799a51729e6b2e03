"""reopens-access: the plan gives access that the change did not ask for, or that a suspension denies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access import AccessEntry
from reconciler.access.facts.attribution import attribution
from reconciler.access.state.principal_directory import account_of
from reconciler.kinds import registry
from reconciler.kinds.giving import grants_in
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.model.change import Create, Update
from reconciler.model.finding import Finding
from reconciler.model.last_change import LastChange
from reconciler.plan.reader_roles import RoleChange, reader_role_changes
from reconciler.plan.remade import PutBack
from reconciler.plan.requested_access import is_new_in_aws
from reconciler.plan.review import Review
from reconciler.plan.table_readers import columns_of
from reconciler.plan.ways import Reopened, reopened
from reconciler.spec.in_force import is_suspended
from reconciler.spec.rule import Rule

REOPENS_ACCESS = Rule(
    "reopens-access",
    "error",
    "Access that AWS does not give and that the change did not ask for is given only when somebody says so.",
    "Somebody revoked it by hand, perhaps in an emergency; or an earlier apply did not finish. So it is where all "
    "permissions are there and somebody has closed a link of the way to the data: a resource link, a registered "
    "location, the policy of a bucket, the role or the workgroup of who reads. To keep it closed, end or narrow the "
    "subscription in the mesh, or suspend whom it is about. Accept by name when it should come back. So is what a "
    "suspended principal would read with a group or a whole account. Rights of Meshform's own roles other than reading "
    "are a warning.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each principal that would get back access. Without a base nothing says what was asked for."""
    if reviewed.access is None:
        return
    yield from _of_suspended(reviewed, reviewed.access.gained)
    if reviewed.requested is None:
        return
    unsure = {(entry.principal, entry.place) for entry in reviewed.access.lost if entry.change == "unknown"}
    by_principal: dict[tuple[str, str, bool], list[AccessEntry]] = {}
    put_back = PutBack(reviewed)
    for entry in reviewed.unrequested_gains:
        if put_back.explains(entry):
            continue  # remade-table speaks of it: nobody took anything away.
        by_principal.setdefault((entry.principal, entry.holder, is_new_in_aws(entry)), []).append(entry)
    for (principal, _, is_new), entries in by_principal.items():
        severity = "warning" if _is_machinery(reviewed, entries) else REOPENS_ACCESS.severity
        if is_new:
            said = (
                f"{entries[0].label} would get {_what(entries)}, which AWS does not have yet and this change does not "
            )
            yield Finding(REOPENS_ACCESS.id, severity, f"{said}ask for. Perhaps an earlier apply did not finish.")
            continue
        assumed = entries[0].assumed
        known = last_change(reviewed, principal, entries) if assumed is None else None
        verb = "may" if all((principal, entry.place) in unsure for entry in entries) else "would"
        yield Finding(
            REOPENS_ACCESS.id,
            severity,
            f"{entries[0].label} {verb} get back {_what(entries)}, which this change does not ask for. "
            f"{_who(known) if assumed is None else _TRUSTED}",
            hints=() if known else (_TRAIL if assumed is None else _TRUST_TRAIL,),
        )
    for each in reader_role_changes(reviewed):
        if each.gives and not each.asked:
            yield _of_role(each)
    yield from _returning_shares(reviewed)
    yield from map(_of_way, reopened(reviewed))
    for account, arn in reviewed.unrequested_admins:
        label = reviewed.access.directory.label
        yield Finding(
            REOPENS_ACCESS.id,
            REOPENS_ACCESS.severity,
            f"{label(arn)} would again be a data lake administrator of {label(account)}, which this change does not "
            f"ask for. {_who(None)}",
            hints=(_TRAIL,),
        )


def _of_suspended(reviewed: Review, gained: Iterable[AccessEntry]) -> Iterator[Finding]:
    """Whoever is suspended gets nothing by name; what he gains all the same comes to all of whom he is one."""
    by_principal: dict[str, list[AccessEntry]] = {}
    for entry in gained:
        if is_suspended(reviewed.mesh, entry.principal):
            by_principal.setdefault(entry.principal, []).append(entry)
    for entries in by_principal.values():
        yield Finding(
            REOPENS_ACCESS.id,
            REOPENS_ACCESS.severity,
            f"{entries[0].label} is suspended and would get {_what(entries)} all the same, as one of many.",
        )


_TRAIL = (
    "who revoked it is in CloudTrail: `aws cloudtrail lookup-events --lookup-attributes "
    "AttributeKey=EventName,AttributeValue=RevokePermissions`"
)
_TRUST_TRAIL = _TRAIL.replace("RevokePermissions", "UpdateAssumeRolePolicy")
_TRUSTED = "Who changed the trust policy of the role, and when, is not known."


def last_change(reviewed: Review, principal: str, entries: Iterable[AccessEntry]) -> LastChange | None:
    """Who last changed by hand what is left of a principal's permissions there, the latest one. AWS keeps no record of
    a permission that is gone, but a row that lost one of several names who took it:
    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_PrincipalResourcePermissions.html
    """
    if reviewed.observation is None:
        return None
    databases = {entry.place.database for entry in entries}
    whose = {principal, account_of(principal)}
    changes = [
        resource.changed
        for resource in grants_in(reviewed.observation.found)
        if resource.changed is not None
        and resource.spec.principal in whose
        and getattr(resource.spec.target, "database", None) in {None, *databases}
        and not _is_ours(reviewed, resource.changed)
    ]
    return max(changes, key=lambda each: each.when or "", default=None)


def _is_machinery(reviewed: Review, entries: Iterable[AccessEntry]) -> bool:
    """Whether a role of Meshform itself gets rights other than reading, as a newer version may need them."""
    whose = attribution(reviewed.mesh)
    return all(
        whose.principal_type(each.principal) == "machinery" and not each.columns and each.assumed is None
        for each in entries
    )


def _of_role(found: RoleChange) -> Finding:
    """A role that fewer may assume, or a consumer's that AWS has no more, though the change does not make it so."""
    if isinstance(found.change, Create):
        said = "would be made again, which this change does not ask for. Who deleted it, and when, is not known."
        event = "DeleteRole"
    else:
        said = (
            "could be assumed as the mesh says again, which this change does not ask for. Who changed its trust "
            "policy, and when, is not known."
        )
        event = "UpdateAssumeRolePolicy"
    return Finding(
        REOPENS_ACCESS.id,
        REOPENS_ACCESS.severity,
        f"The role {found.name}{', as which somebody reads,' if found.reads else ''} {said}",
        found.change.origin,
        hints=(_TRAIL.replace("RevokePermissions", event),),
    )


def _of_way(way: Reopened) -> Finding:
    """A link of a way that AWS has no more, or that lets less than the mesh says, with whom it leads to what."""
    change = way.step.change
    event = _event(change.address.kind, gone=isinstance(change, Create))
    return Finding(
        REOPENS_ACCESS.id,
        REOPENS_ACCESS.severity,
        f"{way.sentence}: {way.closed}, and this change does not ask for it. Perhaps somebody closed it by hand, or an "
        "earlier apply did not finish.",
        change.origin,
        hints=(_TRAIL.replace("RevokePermissions", event).replace("revoked", "closed"),),
    )


def _event(kind: str, *, gone: bool) -> str:
    """What CloudTrail calls the request by which somebody takes away what a kind is of, or narrows it."""
    names = [name.partition(":")[2] for name in registry()[kind].changed_by]
    verbs = ("Delete", "Deregister", "BatchRevoke", "Revoke") if gone else ("Put", "Update", "Delete")
    return next(name for verb in verbs for name in names if name.startswith(verb))


def _returning_shares(reviewed: Review) -> Iterator[Finding]:
    """Accounts that refused a share or were taken out of it, and come in again. What expired nobody has ended."""
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Update) or not isinstance(change.have.spec, Acceptance):
            continue
        ended: set[str] = {each.why for each in change.have.spec.outside if each.why not in ("expired", "failed")}
        if change.have.spec.severed:
            ended.add("deleted")
        if ended:
            label = reviewed.access.directory.label(change.address.placement.account) if reviewed.access else ""
            yield Finding(
                REOPENS_ACCESS.id,
                REOPENS_ACCESS.severity,
                f"{label} would get back shares that were {' or '.join(sorted(ended))}, "
                "which this change does not ask for.",
                change.want.origin,
                hints=(_TRAIL.replace("RevokePermissions", "DisassociateResourceShare"),),
            )


def _is_ours(reviewed: Review, change: LastChange) -> bool:
    return change.by is None or f"/{reviewed.mesh.settings.roles.apply}" in change.by


def _who(known: LastChange | None) -> str:
    if known is None:
        return "Who revoked it, and when, is not known: Lake Formation keeps no record of what is gone."
    return f"Its other permissions there were {known}."


def _what(entries: Iterable[AccessEntry]) -> str:
    return "; ".join(_parts(entries))


def _parts(entries: Iterable[AccessEntry]) -> Iterator[str]:
    for entry in entries:
        if entry.change == "rows":
            yield f"rows of {entry.place}"
        elif entry.columns:
            yield columns_of(entry.place, entry.columns)
        elif entry.permissions:
            yield f"{', '.join(entry.permissions)} on {entry.where}"
        else:
            yield f"access to {entry.place} ({'; '.join(entry.reasons) or entry.change})"
