"""What a run of apply is asked for, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import MeshformError
from reconciler.model.job import LAPTOP, Job
from reconciler.model.outcome import Run
from reconciler.owners.evidence import Evidence
from reconciler.owners.history import Approved
from reconciler.plan.requested_access import RequestedAccess
from reconciler.plan.review import Review
from reconciler.plan.reviewed import Expected


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """What a person has asked for. `expected`: what was reviewed (None: whatever the plan says, after `confirm`), and
    `requested_access` what of access it asked for (None: not known).

    `approved` is what the right people have approved (None: nobody was asked, as on a terminal), by the `evidence`.
    `pull_requests` are where it was reviewed, `job` is what runs us; both for the journal and the lock.
    `may_be_older`: also where a newer commit was applied already.
    """

    expected: Expected | None = None
    requested_access: RequestedAccess | None = None
    accepted: tuple[str, ...] = ()
    approved: Approved | None = None
    evidence: Evidence | None = None
    pull_requests: tuple[int, ...] = ()
    job: Job = LAPTOP
    may_be_older: bool = False


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """How a run ended. `error` is what its command must exit with; None when everything was done.

    `journal` is where the evidence is; None where AWS was not asked, so that there was nothing to keep. `troubles` are
    sentences about the lock and the journal: what went wrong there changes nothing of what was done. `announced` are
    the ids of notices that earlier runs owed.
    """

    reviewed: Review
    run: Run
    journal: str | None
    error: MeshformError | None
    approved: Approved | None = None
    troubles: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()
