"""Who must approve, in words; and the sentence that a report of a pull request begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from reconciler.owners.approval import Demand
from reconciler.owners.documents import changed
from reconciler.report.lines import Line
from reconciler.report.plain import plain
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh

_REASONS = 5
"""So many reasons are told for each who must approve."""


def approval_lines(demands: Sequence[Demand], unasked: frozenset[str] = frozenset()) -> Iterator[Line]:
    """For everybody who must approve a line of what and why; at the end what nobody needs to.

    `unasked` are those whom the forge does not ask by itself.
    """
    for (way, who, others), group in groupby(demands, key=lambda each: (each.way, each.who, each.instead)):
        every = [_reason(demand) for demand in group]
        instead = "".join(f" or {plain(other)}" for other in others)
        more = f"; and {len(every) - _REASONS} more" if len(every) > _REASONS else ""
        by_hand = ". GitHub does not ask them by itself: request their review" if who in unasked else ""
        reasons = f"{'; '.join(every[:_REASONS])}{more}{by_hand}"
        match way:
            case "automatic":
                yield Line(" ", f"nobody: {reasons}")
            case "governance":
                yield Line("!", f"{plain(who)}{instead}, for governance: {reasons}")
            case "owner":
                yield Line("!", f"{plain(who)}: {reasons}")


def _reason(demand: Demand) -> str:
    document = demand.document
    given = ""
    if isinstance(document, Subscription) and document.approval is not None and demand.way != "automatic":
        approval = document.approval
        ticket = f", {plain(approval.ticket)}" if approval.ticket else ""
        given = f" (the document says: approved by {plain(approval.by)} on {approval.at}{ticket})"
    return f"{document.kind.lower()} {document.name}, since {demand.why}{given}"


def summary(before: Mesh, after: Mesh, demands: Sequence[Demand]) -> str:
    """What changes, and who must approve it, in a sentence or two."""
    every = list(changed(before, after))
    if not every:
        return "No document of the mesh changes."
    kinds = sorted({change.document.kind for change in every})
    counts = [(sum(change.document.kind == kind for change in every), kind.lower()) for kind in kinds]
    what = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for count, kind in counts)
    asked = [demand for demand in demands if demand.way != "automatic"]
    who = list(dict.fromkeys(" or ".join(map(plain, (each.who, *each.instead))) for each in asked))
    verb = "changes" if len(every) == 1 else "change"
    return f"{what} {verb}. {_approvers(who)}"


def _approvers(who: Sequence[str]) -> str:
    if not who:
        return "Nobody needs to approve that."
    listed = f"{', '.join(who[:-1])} and {who[-1]}" if len(who) > 1 else who[0]
    return f"{listed} must approve that."
