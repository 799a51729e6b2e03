"""Announcing: what earlier runs did and nobody was told yet, since they were killed, stopped, or AWS took no notice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from reconciler.aws.evidence_store import evidence_store
from reconciler.aws.outbox import Outbox
from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.history.entries import run_entry
from reconciler.history.update import entry
from reconciler.journal import Ending
from reconciler.kinds import addresses, registry
from reconciler.kinds.events.subscription_notice import notice_again
from reconciler.kinds.notifications.notification_names import bus_name
from reconciler.model.address import Address
from reconciler.model.change import Delete
from reconciler.model.outcome import Run
from reconciler.model.resource import Observation
from reconciler.owed import Debt, debts, debts_in, is_due, left
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh


@dataclass(slots=True)
class Notices:
    """The notices of a run: what it may come to owe is noted before it begins, and what earlier ones owe is given.

    `seen` is what AWS had before the run did anything, `tell` hears of what could not be given or noted.
    """

    mesh: Mesh
    sessions: Sessions
    seen: Observation
    tell: Callable[[str], None]
    announced: tuple[str, ...] = ()
    _debts: Sequence[Debt] = ()
    _file: str = ""
    _nobody_hears: bool = False

    def begin(self, run: Run, file: str) -> None:
        """A run of this entry begins. Raises MeshformError where what it may come to owe cannot be noted."""
        self._debts, self._file = debts(run, file.removesuffix(".json"), registry()), file
        self._nobody_hears = _is_without_bus(run, self.seen, self.mesh)
        if self._debts:
            self._outbox.note(file)

    def owed(self, run: Run, begun: Collection[Address], ending: Ending) -> list[Debt]:
        """What the run may come to owe, or owes at its end."""
        return list(self._debts) if ending == "running" else left(self._debts, run, begun)

    def announce(self) -> None:
        """Give what earlier runs owe. What cannot be given now stays owed."""
        outbox = self._outbox
        try:
            for file in outbox.files():
                if self._nobody_hears and file != self._file:
                    outbox.clear(file)
                elif file != self._file:
                    self.announced += tuple(_pay(file, self.mesh, self.sessions, self.seen, outbox, self.tell))
        except MeshformError as error:
            self.tell(f"Whether earlier runs owe notices is not known. {error}")

    def put_off(self, reason: str) -> None:
        """Tell that what earlier runs owe is not given by this one, if anything is."""
        try:
            owing = [] if self._nobody_hears else [file for file in self._outbox.files() if file != self._file]
        except MeshformError as error:
            self.tell(f"Whether earlier runs owe notices is not known. {error}")
        else:
            if owing:
                self.tell(f"Notices that earlier runs may owe are left to the next run: {reason}.")

    def end(self, run: Run, begun: Collection[Address]) -> None:
        """The run has ended, and its entry was written."""
        if self._debts and not left(self._debts, run, begun):
            try:
                self._outbox.clear(self._file)
            except MeshformError as error:
                self.tell(f"That this run owes no notice could not be noted, so the next one looks. {error}")

    @property
    def _outbox(self) -> Outbox:
        return Outbox(evidence_store(self.mesh, self.sessions))


def _is_without_bus(run: Run, seen: Observation, mesh: Mesh) -> bool:
    """Whether the bus goes by this run or is gone for good: a mesh that was taken down tells nobody anything."""
    bus = addresses.event_bus(placements.of_catalog(mesh), bus_name(mesh))
    changes = [*(step.change for step in run.plan.steps), *(held.change for held in run.plan.held)]
    plan = [change for change in changes if change.address == bus]
    if plan:
        return isinstance(plan[0], Delete)
    is_blind = any(gap.kind == bus.kind for gap in seen.gaps) or seen.read_scope is not None
    return bus not in seen.found and not is_blind


def _pay(
    file: str, mesh: Mesh, sessions: Sessions, seen: Observation, outbox: Outbox, tell: Callable[[str], None]
) -> Iterator[str]:
    """Give what one run owes; once all of it is given, it owes nothing."""
    try:
        data = entry(outbox.store, file)
        owed, steps = debts_in(data), run_entry(file, data, "").steps
    except MeshformError as error:
        # Killed before its entry was there: it did nothing. Else the next run may read it.
        if outbox.has_entry(file):
            tell(f"What the run of {file} owes is not known. {error}")
        else:
            outbox.clear(file)
        return
    results, is_left = {step.address: step.result for step in steps}, False
    for debt in owed:
        due = is_due(debt, results, seen, registry())
        trouble = _sent(debt, mesh, sessions) if due else None
        if trouble is not None:
            tell(f"The notice of {debt['product']}, owed since the run of {file}, could not be given: {trouble}.")
        elif due:
            yield str(debt["id"])
        is_left = is_left or due is None or trouble is not None
    if not is_left:
        outbox.clear(file)


def _sent(debt: Debt, mesh: Mesh, sessions: Sessions) -> str | None:
    """Give a notice; AWS's words where it did not take it. Of a product that is gone nobody hears any more."""
    call = notice_again(mesh, str(debt["product"]), str(debt["id"]))
    if call is None:
        return None
    return Sender(sessions, AwsReader(sessions)).send([call]).get(0)
