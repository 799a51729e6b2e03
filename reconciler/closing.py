"""Closing: take away in AWS at once what a suspension names, and nothing else of the plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from reconciler import pipeline
from reconciler.apply_request import ApplyRequest, ApplyResult
from reconciler.applying import apply
from reconciler.aws.sessions import Sessions
from reconciler.errors import AppliedInPart, MeshformError, NotReviewed
from reconciler.kinds.identitycenter.center_names import with_center_ids
from reconciler.model.address import Address
from reconciler.model.job import Job
from reconciler.model.outcome import Run
from reconciler.model.progress import Progress, silent
from reconciler.plan.build import gaps_in_words
from reconciler.spec.mesh import Mesh
from reconciler.suspending import asked_steps, given_besides


@dataclass(frozen=True, slots=True)
class Closed:
    """How it ended, and the addresses of all that the suspension asks for: what else a plan would do is no news."""

    result: ApplyResult
    asked: Collection[Address]

    @property
    def run(self) -> Run:
        """The run; of what was held back only what was asked for."""
        plan = self.result.run.plan
        return replace(self.result.run, plan=replace(plan, held=tuple(e for e in plan.held if e.address in self.asked)))

    @property
    def error(self) -> MeshformError | None:
        """Why access may be left that was to be taken away, or why not all is well around that."""
        plan, error = self.run.plan, self.result.error
        if self.run.failed:
            return error
        if plan.held or plan.gaps:
            return AppliedInPart(
                "\n".join(("Access may be left that the suspension takes away.", *gaps_in_words(plan.gaps))),
                hints=("run the same command again when that is mended", "`meshform plan` shows what remains"),
            )
        if isinstance(error, NotReviewed | AppliedInPart):
            error = None
        if error is None and self.result.troubles:
            return MeshformError("Access was taken away, but not everything around it went well; see above.")
        return error


def close(mesh: Mesh, named: Mesh, without: Mesh, sessions: Sessions, job: Job, progress: Progress = silent) -> Closed:
    """Carry out what a suspension of the mesh asks for. `named` is the mesh with it alone, `without` has none at all.

    So it does not count what others ask for, nor whether a run before this one has written the same and was killed.
    Raises MeshformError as `apply` does.
    """
    observation = pipeline.look(mesh, sessions, progress)
    named = with_center_ids(named, observation)
    asked = pipeline.review(named, base=with_center_ids(without, observation))
    reviewed = pipeline.review(mesh, observation=observation, requested_access=asked.requested)
    assert reviewed.plan is not None
    assert asked.asked is not None, "there is a base"
    addresses = frozenset(change.address for change in asked.asked) | given_besides(reviewed.plan, named)
    order = ApplyRequest(
        expected=asked_steps(reviewed.plan, addresses), requested_access=asked.requested, job=job, may_be_older=True
    )
    return Closed(apply(mesh, sessions, order, confirm=lambda _: None), addresses)
