"""Does Athena answer what is granted through a link, and refuse what is not? Asked as a role of the consumer's.

Athena keeps the results of the trial's workgroup itself, so there is no bucket to make or to empty.
https://docs.aws.amazon.com/athena/latest/ug/managed-results.html
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.aws.asking import Asking
from reconciler.doctor.assumption import Answer, Assumption
from reconciler.doctor.trials.bench import LINK, NAME, READER, Bench, Request, Told
from reconciler.model.address import Placement

ID = "hidden-columns-fail"
ASSUMPTIONS = (
    Assumption(ID, "A query of a granted column answers, and one of a column that is not granted fails.", blocker=True),
)


def answers(bench: Bench) -> Iterator[Answer]:
    """One, once the link stands and the reader is granted the column that carries the shared LF-tag."""
    there = bench.consumer
    assert there is not None
    account = bench.mesh.account_by_id(there.account)
    where = account.name if account else there.account
    if not bench.notes["location"]:
        why = "no place of the mesh is registered yet: try again after the first apply"
        yield Answer(ID, "unknown", f"not tried: {why}", where)
        return
    settings = {"ManagedQueryResultsConfiguration": {"Enabled": True}, "EnforceWorkGroupConfiguration": True}
    made = bench.do(there, "athena", "CreateWorkGroup", Name=workgroup(bench), Configuration=settings)
    if made.answer is None:
        yield Answer(ID, "unknown", f"no workgroup: {made}", where)
        return
    yield Answer(ID, *_told(bench, there), where)


def leavings(bench: Bench) -> Iterator[Request]:
    """The workgroup with its history."""
    if bench.consumer:
        gone = {"WorkGroup": workgroup(bench), "RecursiveDeleteOption": True}
        yield bench.consumer, "athena", "DeleteWorkGroup", gone


def workgroup(bench: Bench) -> str:
    """Its name, one that the role of apply may make."""
    return f"{bench.mesh.name}-{NAME}"


def _told(bench: Bench, there: Placement) -> Told:
    asking = bench.apply.beyond(there, bench.role_arn(there, READER).partition(":role/")[2])
    allowed = ("", "")

    def answered() -> bool:
        nonlocal allowed
        allowed = _run(bench, asking, there, "a")
        return allowed[0] == "SUCCEEDED"

    if bench.until(answered) is None:
        return "refuted", f"the granted column: {' '.join(allowed)}"
    hidden = _run(bench, asking, there, "b")
    told = f"the granted column: {allowed[0]}; the other one: {' '.join(hidden)}"
    return ("confirmed" if hidden[0] == "FAILED" else "refuted"), told


def _run(bench: Bench, asking: Asking, there: Placement, column: str) -> tuple[str, str]:
    """State and reason at the end of a query."""
    text = f'SELECT "{column}" FROM "{LINK}"."{NAME}"'  # noqa: S608 - our own names
    started = asking.do(there, "athena", "StartQueryExecution", QueryString=text, WorkGroup=workgroup(bench))
    if started.answer is None:
        return "REFUSED", str(started)
    status: dict[str, str] = {}

    def ended() -> bool:
        nonlocal status
        reply = asking.ask(there, "athena", "GetQueryExecution", **started.answer or {})
        status = (reply.answer or {}).get("QueryExecution", {}).get("Status", {})
        return status.get("State") in ("SUCCEEDED", "FAILED", "CANCELLED")

    bench.until(ended)
    return status.get("State", ""), status.get("StateChangeReason", "")
