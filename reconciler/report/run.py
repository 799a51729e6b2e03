"""What became of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.model.outcome import Outcome, Run
from reconciler.report.held import held_lines
from reconciler.report.lines import MARKS
from reconciler.report.not_done import NotDone, not_done_lines
from reconciler.report.outline import counted_done


def run_text(
    run: Run, journal: str | None, troubles: Iterable[str] = (), announced: Iterable[str] = ()
) -> Iterator[str]:
    """The end of an apply, for the terminal; `troubles` are about the lock and the journal, `announced` are ids of
    notices that earlier runs owed."""
    done = [outcome for outcome in run.outcomes if outcome.result == "done"]
    yield ""
    yield f"Done: {counted_done(outcome.step.change for outcome in done)}."
    yield from (f"  ! {line}" for line in not_done_lines(map(_not_done, run.failed)))
    yield from (f"  ! held back: {line.text}" for line in held_lines(run.plan))
    yield from (f"  ! {trouble}" for trouble in troubles)
    yield from (f"  Announced, owed by an earlier run: {each}" for each in announced)
    if journal is not None:
        yield f"Journal: {journal}"


def _not_done(outcome: Outcome) -> NotDone:
    step = f"{MARKS[outcome.step.change.action]} {outcome.step.address}"
    return NotDone(outcome.result, step, outcome.message)


def run_json(run: Run) -> dict[str, Any]:
    """The end of an apply, as data."""
    return {
        "started": run.started.isoformat(),
        "outcomes": [
            {"address": str(outcome.step.address), "result": outcome.result, "message": outcome.message}
            for outcome in run.outcomes
        ],
        "held": [{"address": str(held.address), "reason": held.reason} for held in run.plan.held],
    }
