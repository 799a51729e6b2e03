"""Made since: which tables their writers made after every run that could have tagged them, by the journal.

AWS says when a table was made, and of its LF-tags nothing but that they are not there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from reconciler.access import TableId
from reconciler.aws.evidence_store import EvidenceStore, evidence_store
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.history.update import entry, entry_names
from reconciler.journal import SENT
from reconciler.model.moment import moment
from reconciler.model.plain_json import MISSHAPEN
from reconciler.plan.remade import Untagged
from reconciler.spec.mesh import Mesh

_LATELY = 200
"""Runs that are looked at, the newest first; of a table that is older nobody looks for the proof."""


def made_since(mesh: Mesh, sessions: Sessions | None, tables: Mapping[TableId, Untagged]) -> frozenset[TableId]:
    """The tables that were made later than the last run in the journal that put anything on them.

    Empty where the journal is not there, cannot be read, or does not go back that far: then nothing is proved.
    """
    try:
        return _made_since(evidence_store(mesh, sessions), tables)
    except (MeshformError, *MISSHAPEN):
        return frozenset()


def _made_since(store: EvidenceStore, tables: Mapping[TableId, Untagged]) -> frozenset[TableId]:
    left = {place: (each.made, each.tags) for place, each in tables.items() if each.made is not None}
    proved = set[TableId]()
    for file in reversed(deque(entry_names(store), _LATELY)):
        if not left:
            break
        told = entry(store, file)
        begun, end = moment(told["started"]), told["ended"]
        ended = moment(end) if end is not None else None
        done = {str(step["address"]) for step in told["steps"] if step["result"] in ("done", SENT)}
        for place, (made, tags) in tuple(left.items()):
            if (ended is None or ended >= made) and not done.isdisjoint(tags):
                del left[place]
            elif begun < made:
                proved.add(place)
                del left[place]
    return frozenset(proved)
