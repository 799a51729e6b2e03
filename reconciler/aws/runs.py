"""Start work that is not reconciled, and see what became of it; and the latest results of quality runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jmespath
from botocore.exceptions import ClientError

from reconciler.aws.reader import AwsReader
from reconciler.aws.retry import error_parts
from reconciler.aws.sender import Sender
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.kinds.on_demand_jobs import Work
from reconciler.model.call import Lookup
from reconciler.model.reader import Unseen

Answer = dict[str, Any]
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule's outcome in the latest run over a table: PASS, FAIL or ERROR, and why."""

    table: str
    rule: str
    result: str
    message: str
    at: datetime
    score: float


def start(sessions: Sessions, work: Work) -> frozenset[str]:
    """Start it; the ids of the runs that there were before, for `state` to leave out.

    Raises MeshformError in AWS's words where it cannot be started.
    """
    before = frozenset(each["id"] for each in _runs(sessions, work) if each.get("id"))
    failed = Sender(sessions, AwsReader(sessions)).send([work.start])
    for words in failed.values():
        raise MeshformError(f"The {work.sort} {work.name} was not started: {words}. Has the mesh been applied?")
    return before


def state(sessions: Sessions, work: Work, before: frozenset[str] | None = None) -> Answer:
    """The newest run besides those `before`: {"state", "at", "message"}.

    The state is NONE where there was none yet, and STARTING where the one after those is not listed yet.
    """
    found = [each for each in _runs(sessions, work) if each.get("id") not in (before or ())]
    if not found:
        return {"state": "NONE" if before is None else "STARTING"}
    # A run that has not begun to run has no time, and is the newest.
    newest = max(found, key=lambda run: (run.get("at") is None, run.get("at") or _NEVER))
    return {name: newest[name] for name in ("state", "at", "message") if name in newest}


def results(sessions: Sessions, work: Work) -> Iterator[RuleResult]:
    """The outcome of each rule in the newest result of a quality run; nothing before the first."""
    placement, source = work.start.placement, work.start.params["DataSource"]
    listing = Lookup(placement, "glue", "ListDataQualityResults", {"Filter": {"DataSource": source}}, "Results")
    found = _look(sessions, listing, work) or []
    if not found:
        return
    newest = max(found, key=lambda row: row["StartedOn"])
    whole = Lookup(placement, "glue", "GetDataQualityResult", {"ResultId": newest["ResultId"]}, "@")
    result: Answer = _look(sessions, whole, work)
    for row in result.get("RuleResults", ()):
        yield RuleResult(
            source["GlueTable"]["TableName"],
            row.get("Description") or row.get("Name", ""),
            row.get("Result", ""),
            row.get("EvaluationMessage", ""),
            result["StartedOn"],
            result.get("Score", 0.0),
        )


def _runs(sessions: Sessions, work: Work) -> list[Answer]:
    return [each for each in _look(sessions, work.state, work) or [] if each.get("state")]


def _look(sessions: Sessions, lookup: Lookup, work: Work) -> Any:
    try:
        return jmespath.search(lookup.path, AwsReader(sessions).now(lookup))
    except (ClientError, Unseen) as error:
        words = ": ".join(error_parts(error)) if isinstance(error, ClientError) else str(error)
        raise MeshformError(
            f"The {work.sort} {work.name} cannot be seen: {words}. Has the mesh been applied?"
        ) from error
