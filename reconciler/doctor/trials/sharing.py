"""What is tried between the central account and a consumer's: a share, its invitation, a link, and passing on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption
from reconciler.doctor.trials import queries
from reconciler.doctor.trials.bench import LINK, NAME, READER, TAG, Bench, Request, Told
from reconciler.doctor.trials.invitations import accept_all, associations, pending, reject
from reconciler.model.address import Placement

ACCEPTED, REJECTED, AGAIN, LINKS, UNDER, ABROAD, KEPT, UNSHARED = (
    "acceptance-from-the-association",
    "rejected-invitations",
    "invitations-sent-again",
    "defaults-on-links",
    "passed-on-under-which-catalog",
    "listing-abroad",
    "passed-on-after-revoke",
    "shares-go-with-grants",
)
ASSUMPTIONS = (
    *queries.ASSUMPTIONS,
    Assumption(ACCEPTED, "Until an invitation is accepted, its association is not ASSOCIATED."),
    Assumption(REJECTED, "An account that has rejected an invitation is not associated with its share any more."),
    Assumption(AGAIN, "A grant into a share whose invitation was rejected sends no other one."),
    Assumption(LINKS, "A resource link gets the account's default permissions."),
    Assumption(UNDER, "What an account passed on of the central catalog is listed under that one."),
    Assumption(ABROAD, "An account sees the grants to it under the central catalog's id.", blocker=True),
    Assumption(KEPT, "What an account passed on stays listed when its share is revoked."),
    Assumption(UNSHARED, "With the last grant to an account its share is gone, or its association is."),
)
_EVERYONE = "IAM_ALLOWED_PRINCIPALS"


def policies(bench: Bench) -> list[tuple[Any, tuple[str, ...]]]:
    """What is shared by the trial's LF-tag: the column that carries its other value is not."""
    return [
        ({"LFTagPolicy": {"CatalogId": bench.central.account, "ResourceType": kind, "Expression": [TAG]}}, permissions)
        for kind, permissions in (("DATABASE", ("DESCRIBE",)), ("TABLE", ("DESCRIBE", "SELECT")))
    ]


def answers(bench: Bench) -> Iterator[Answer]:
    """Share, reject, share anew, accept, link, pass on, list; then revoke, and look what is left."""
    there, refused = bench.consumer, bench.notes["refused"]
    if there is None or refused:
        why = refused or "the mesh has no consumer in another account"
        yield from (Answer(each.id, "unknown", f"not tried: {why}") for each in ASSUMPTIONS)
        return
    account = bench.mesh.account_by_id(there.account)
    where = account.name if account else there.account
    had = bool(associations(bench, there))
    _share(bench, there)
    for id_, told in _invitation(bench, there, had=had):
        yield Answer(id_, *told, where)
    accept_all(bench, there)
    yield Answer(LINKS, *_link(bench, there), where)
    reader = bench.role_arn(there, READER)
    bench.make_role(there, READER, {"AWS": bench.applies_as(there)}, *_reading())
    link = {"Database": {"CatalogId": there.account, "Name": LINK}}
    for on, permissions in ((link, ("DESCRIBE",)), *policies(bench)):
        bench.until(partial(_granted, bench, there, reader, on, permissions))
    yield Answer(UNDER, *_under(bench, there), where)
    yield Answer(ABROAD, *_abroad(bench, there), where)
    yield from queries.answers(bench)
    _unshare(bench, there)
    left = _passed_on(bench, there, bench.central) or _passed_on(bench, there, there)
    yield Answer(KEPT, *(("confirmed", "kept") if left else ("refuted", "gone")), where)
    yield Answer(UNSHARED, *_unshared(bench, there, had=had), where)
    if left:
        _take_back(bench, there)


def leavings(bench: Bench) -> Iterator[Request]:
    """In the consumer's account first."""
    there = bench.consumer
    if there is None:
        return
    reader = {"DataLakePrincipalIdentifier": bench.role_arn(there, READER)}
    link = {"Database": {"CatalogId": there.account, "Name": LINK}}
    for on, permissions in ((link, ("DESCRIBE",)), *policies(bench)):
        row = {"Principal": reader, "Resource": on, "Permissions": list(permissions)}
        yield there, "lakeformation", "RevokePermissions", row
    yield there, "glue", "DeleteDatabase", {"Name": LINK}
    yield from queries.leavings(bench)
    yield from bench.without_role(there, READER)
    for on, permissions in policies(bench):
        row = {"Principal": {"DataLakePrincipalIdentifier": there.account}, "Resource": on}
        taken = {"Permissions": list(permissions), "PermissionsWithGrantOption": list(permissions)}
        yield bench.central, "lakeformation", "RevokePermissions", row | taken


def _share(bench: Bench, there: Placement) -> None:
    for on, permissions in policies(bench):
        bench.grant(bench.central, there.account, on, *permissions, option=permissions)


def _invitation(bench: Bench, there: Placement, *, had: bool) -> Iterator[tuple[str, Told]]:
    """Where an invitation is sent at all: not within an organization, nor into a share that is accepted."""
    if had or bench.until(lambda: bool(pending(bench, there)), seconds=30) is None:
        why = "the account has a share already" if had else "no invitation is sent (one organization)"
        for id_ in (ACCEPTED, REJECTED, AGAIN):
            yield id_, ("unknown", why)
        return
    states = associations(bench, there)
    yield ACCEPTED, ("refuted" if "ASSOCIATED" in states else "confirmed", f"before: {', '.join(sorted(states))}")
    reply = reject(bench, there)
    if reply.answer is None:
        for id_ in (REJECTED, AGAIN):
            yield (
                id_,
                ("unknown", f"it could not be rejected: {reply} (`meshform bootstrap --trial` prints this right)"),
            )
        return
    states = associations(bench, there)
    yield REJECTED, ("refuted", f"{', '.join(states)}".lower()) if states else ("confirmed", "disassociated")
    known = {row["resourceShareInvitationArn"] for row in pending(bench, there)}
    _share(bench, there)
    sent = {row["resourceShareInvitationArn"] for row in pending(bench, there)} - known
    yield AGAIN, ("refuted", "sent") if sent else ("confirmed", "not-sent")
    if not sent:
        for arn in bench.notes.pop("rejected", ()):
            bench.do(bench.central, "ram", "DeleteResourceShare", resourceShareArn=arn)
        _unshare(bench, there)
        _share(bench, there)


def _granted(bench: Bench, there: Placement, to: str, on: Any, permissions: tuple[str, ...]) -> bool:
    return bench.grant(there, to, on, *permissions).answer is not None


def _unshare(bench: Bench, there: Placement) -> None:
    for on, permissions in policies(bench):
        bench.revoke(bench.central, there.account, on, *permissions, option=permissions)


def _revoked(bench: Bench, there: Placement, on: Any, permissions: tuple[str, ...]) -> bool:
    reply = bench.revoke(there, bench.role_arn(there, READER), on, *permissions)
    return reply.answer is not None or reply.code == "InvalidInputException"


def _take_back(bench: Bench, there: Placement) -> None:
    """What the account passed on can be revoked only while it is shared with it: it is, once more."""
    _share(bench, there)
    accept_all(bench, there)
    for on, permissions in policies(bench):
        bench.until(partial(_revoked, bench, there, on, permissions), seconds=30)
    _unshare(bench, there)


def _link(bench: Bench, there: Placement) -> Told:
    target = {"CatalogId": bench.central.account, "DatabaseName": NAME}
    made = {"Name": LINK, "TargetDatabase": target}
    bench.until(lambda: bench.do(there, "glue", "CreateDatabase", DatabaseInput=made).answer is not None, seconds=30)
    settings = bench.apply.ask(there, "lakeformation", "GetDataLakeSettings").answer or {}
    if not settings.get("DataLakeSettings", {}).get("CreateDatabaseDefaultPermissions"):
        return "unknown", "the account gives no default permissions"
    rows = bench.rows(there, _EVERYONE, Resource={"Database": {"CatalogId": there.account, "Name": LINK}})
    return ("confirmed", "given") if rows else ("refuted", "not-given")


def _reading() -> list[dict[str, Any]]:
    actions = [
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:GetWorkGroup",
        "athena:StartQueryExecution",
        "glue:GetDatabase",
        "glue:GetPartitions",
        "glue:GetTable",
        "lakeformation:GetDataAccess",
    ]
    return [{"Effect": "Allow", "Action": actions, "Resource": "*"}]


def _passed_on(bench: Bench, there: Placement, catalog: Placement) -> bool:
    rows = bench.rows(there, bench.role_arn(there, READER), CatalogId=catalog.account)
    return any("LFTagPolicy" in row["Resource"] for row in rows)


def _under(bench: Bench, there: Placement) -> Told:
    if _passed_on(bench, there, bench.central):
        return "confirmed", "central"
    return ("refuted", "own") if _passed_on(bench, there, there) else ("unknown", "listed under neither")


def _abroad(bench: Bench, there: Placement) -> Told:
    asked = {"CatalogId": bench.central.account, "MaxResults": 100}
    reply = bench.apply.ask(there, "lakeformation", "ListPermissions", **asked)
    if reply.answer is None:
        return "refuted", f"denied: {reply}"
    rows = reply.answer.get("PrincipalResourcePermissions") or reply.answer.get("NextToken")
    return ("confirmed", "rows") if rows else ("refuted", "nothing, though the account was granted something")


def _unshared(bench: Bench, there: Placement, *, had: bool) -> Told:
    if had:
        return "unknown", "the account has other shares"
    after = bench.until(lambda: "ASSOCIATED" not in associations(bench, there))
    if after is None:
        return "refuted", f"still {', '.join(sorted(associations(bench, there)))}"
    return "confirmed", f"after {after:.0f} s"
