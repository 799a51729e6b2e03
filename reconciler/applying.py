"""One run of apply from its beginning to its end: lock, look, hold to what was reviewed, carry out, journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from reconciler import journal, pipeline
from reconciler.announcing import Notices
from reconciler.apply_request import ApplyRequest, ApplyResult
from reconciler.aws.evidence_store import evidence_store
from reconciler.aws.journal_store import Record
from reconciler.aws.lock import locked
from reconciler.aws.sessions import Sessions
from reconciler.errors import AppliedInPart, MeshformError, NotReviewed, Refused, Stopped
from reconciler.history.made_since import made_since
from reconciler.interruption import interruptible
from reconciler.journal import SENT, results
from reconciler.model.bugs import told
from reconciler.model.outcome import Outcome, Run
from reconciler.model.progress import Progress, silent
from reconciler.model.read_scope import ReadScope
from reconciler.model.resource import Observation
from reconciler.overtaken import require_newest
from reconciler.owners.accepting import NOTHING, Accepted, accepted, how_to_accept
from reconciler.owners.history import Approved
from reconciler.plan.accepting import stopping
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh


def apply(
    mesh: Mesh,
    sessions: Sessions,
    order: ApplyRequest,
    *,
    confirm: Callable[[Review], None],
    reading: Progress = silent,
    writing: Callable[[Outcome], None] = lambda _: None,
    renewing: float = 60.0,
    read_scope: ReadScope | None = None,
    planned: Callable[[Observation], Review] | None = None,
) -> ApplyResult:
    """Carry out the mesh, or a portion of it; or what `planned` says of what was found.

    `confirm` sees what would be done and may raise. Raises Locked, and MeshformError when AWS or the journal cannot be
    used, and NotReviewed when a newer commit was applied. The lock is renewed every `renewing` seconds.

    The journal is begun before the first write: where no evidence can be kept, nothing is done.
    """
    troubles: list[str] = []
    try:
        with (
            interruptible() as interruption,
            locked(mesh, sessions, order.job.url, renewing, troubles.append) as held,
        ):
            if not order.may_be_older:
                require_newest(evidence_store(mesh, sessions), order.job.commit, troubles.append)
            observation = pipeline.look(mesh, sessions, reading, read_scope)
            whole = (
                pipeline.review(
                    mesh,
                    observation=observation,
                    requested_access=order.requested_access,
                    applied=order.approved.base if order.approved is not None else None,
                    made_since=partial(made_since, mesh, sessions),
                )
                if planned is None
                else planned(observation)
            )
            reviewed = whole if order.expected is None else pipeline.restrict_to_reviewed(whole, order.expected)
            if order.approved is not None and order.approved.missing:
                reviewed = pipeline.restrict_to_approved(reviewed, order.approved, observation)
            assert whole.plan is not None
            assert reviewed.plan is not None
            confirm(reviewed)
            is_held = reviewed.plan.held != whole.plan.held
            error: MeshformError | None
            on_pull_requests = _accepted(order, reviewed)
            interruption.defer()
            notices = Notices(mesh, sessions, observation, troubles.append)
            record = _record(mesh, sessions, order, reviewed, on_pull_requests, notices, troubles.append)
            notices.begin(record.run, record.file)
            record.begin()

            def stop() -> str | None:
                return interruption.reason() or (held.lost() if held is not None else None)

            def close(ending: journal.Ending) -> str | None:
                """Write the last entry; where it is. A signal that comes meanwhile waits for nothing."""
                try:
                    return record.close(ending, troubles.append)
                except KeyboardInterrupt:
                    troubles.append("The last entry of the journal may be missing.")
                    raise interruption.stopped(_broken_off(record, None)) from None

            def end(run: Run) -> tuple[MeshformError | None, str | None]:
                """What to exit with, and where the journal is, once every step has ended."""
                if reason := stop():
                    notices.put_off(reason)
                error = _error(run, order.approved, is_held=is_held)
                if run.outcomes and interruption.reason() and all(each.result == "skipped" for each in run.outcomes):
                    error = interruption.stopped("before anything was changed.")
                return error, close(_ENDINGS[type(error)])

            try:
                run = pipeline.apply_reviewed(
                    reviewed,
                    sessions,
                    accepted={*order.accepted, *on_pull_requests.rules},
                    progress=_both(record.add, writing),
                    stop=stop,
                    beginning=record.under_way,
                    run=record.id,
                )
                if stop() is None:
                    notices.announce()
            except Refused as refusal:
                where, run = record.close("refused", troubles.append), record.run
                told = "\n".join((str(refusal), *(f"  {each}." for each in on_pull_requests.refused)))
                error = Refused(told, hints=(*refusal.hints, *_lines_to_accept(order, reviewed, on_pull_requests)))
            except KeyboardInterrupt:
                ended = record.ended()
                if ended is None:
                    if held is not None and _may_be_under_way(record):
                        held.leave(
                            "a request may still be under way; wait some minutes for what nobody has seen the end of"
                        )
                    where = close("broken off")
                    raise interruption.stopped(_broken_off(record, where)) from None
                # It has stopped no step.
                run = ended
                error, where = end(run)
            except BaseException:
                record.close("broken off", troubles.append)
                raise
            else:
                error, where = end(run)
            notices.end(record.run, record.begun)
    except MeshformError as failure:
        failure.hints = (*failure.hints, *troubles)
        raise
    if error is None and troubles:
        error = MeshformError("Everything was carried out, but not everything around it went well; see above.")
    return ApplyResult(reviewed, run, where, error, order.approved, tuple(troubles), notices.announced)


def untouched(mesh: Mesh, read_scope: ReadScope, order: ApplyRequest, confirm: Callable[[Review], None]) -> ApplyResult:
    """A run that has nothing to carry out, since no account has anything to do with what changed: none is called."""
    reviewed = pipeline.review(mesh, observation=pipeline.look(mesh, None, read_scope=read_scope))
    assert reviewed.plan is not None
    confirm(reviewed)
    run = Run(datetime.now(UTC), reviewed.plan, reviewed.findings, ())
    return ApplyResult(reviewed, run, None, _error(run, order.approved, is_held=False), order.approved)


_ENDINGS: dict[type[object], journal.Ending] = {
    type(None): "done",
    AppliedInPart: "done in part",
    Stopped: "broken off",
    NotReviewed: "held back",
}


def _accepted(order: ApplyRequest, reviewed: Review) -> Accepted:
    """What people have accepted on the pull requests that brought this plan."""
    if order.approved is None or order.evidence is None:
        return NOTHING
    found = order.evidence
    return accepted(reviewed, order.approved.brought, found.members.get, found.organization)


def _lines_to_accept(order: ApplyRequest, reviewed: Review, on_pull_requests: Accepted) -> Iterator[str]:
    """What to write on the newest pull request to accept what stops this plan, though it is merged."""
    brought = order.approved.brought if order.approved is not None else ()
    for each in brought[-1:]:
        for rule in dict.fromkeys(found.rule for found in stopping(reviewed)):
            if rule in order.accepted or rule in on_pull_requests.rules:
                continue
            yield f"or on #{each.given.number}: {how_to_accept(reviewed, rule, each.given.head, each.before)}"


def _record(
    mesh: Mesh,
    sessions: Sessions,
    order: ApplyRequest,
    reviewed: Review,
    on_pull_requests: Accepted,
    notices: Notices,
    tell: Callable[[str], None],
) -> Record:
    """The entry of this run in the journal."""
    assert reviewed.plan is not None
    approvals = order.evidence.as_json() if order.evidence is not None else None
    missing = [each.sentence for each in order.approved.missing] if order.approved is not None else []
    who = sessions.whoami()

    def entry(run: Run, ending: journal.Ending) -> dict[str, Any]:
        return journal.entry(
            mesh.name,
            who,
            run,
            ending,
            order.job,
            sorted({*order.accepted, *on_pull_requests.rules}),
            order.pull_requests,
            approvals,
            missing,
            () if ending == "refused" else _access(reviewed, run, ending, tell),
            record.begun,
            [each.as_json() for each in on_pull_requests.by],
            notices.owed(run, record.begun, ending),
            notices.announced,
        )

    record = Record(mesh, sessions, Run(datetime.now(UTC), reviewed.plan, reviewed.findings, ()), entry, tell)
    return record


def _access(
    reviewed: Review, run: Run, ending: journal.Ending, tell: Callable[[str], None]
) -> list[dict[str, Any]] | None:
    """Who gained and lost what: would, while the run goes on. None where that is not known."""
    try:
        # A run that was broken off has not told what became of every step.
        is_told = ending != "running" and len(run.outcomes) == len(list(run.plan.steps))
        return journal.access_rows(pipeline.access_by(reviewed, run) if is_told else reviewed.access, reviewed.mesh)
    except Exception as error:
        # It must not cost the evidence of what was done.
        if ending != "running":
            tell(f"Who gained and lost what is not in the journal, by a bug; please report it: {told(error)}")
        return None


def _may_be_under_way(record: Record) -> bool:
    return any(result == SENT for result, _ in results(record.run, record.begun).values())


def _broken_off(record: Record, where: str | None) -> str:
    """What is known of a run that a second signal has ended."""
    ended = results(record.run, record.begun)
    done, sent = (sum(result == sort for result, _ in ended.values()) for sort in ("done", SENT))
    kept = f" Journal: {where}." if where is not None else ""
    return f"at once: {done} of {len(ended)} steps are done, of {sent} nobody has seen the answer.{kept}"


def _both(*each: Callable[[Outcome], None]) -> Callable[[Outcome], None]:
    def tell(outcome: Outcome) -> None:
        for one in each:
            one(outcome)

    return tell


def _error(run: Run, approved: Approved | None, *, is_held: bool) -> MeshformError | None:
    if run.failed:
        return AppliedInPart(
            "Some steps were not done; what was done stays.", hints=("`meshform plan` shows what remains",)
        )
    if approved is not None and approved.missing:
        lines = "\n".join(f"  {each.sentence}" for each in approved.missing)
        return NotReviewed(
            f"What was not approved was not carried out.\n{lines}",
            hints=("approve the pull request at its last commit and run apply again, or take the change back",),
        )
    if is_held:
        return NotReviewed(
            "Steps that were not in the reviewed plan were not carried out.",
            hints=("the plan of the next pull request has them; or review them here: `meshform apply`",),
        )
    if run.plan.held:
        said = "since not everything was seen" if run.plan.gaps else "for the reasons above"
        return AppliedInPart(f"Some steps were held back, {said}.", hints=("apply again when that is mended",))
    return None
