"""Overtaken: whether a newer commit was applied already, as when an old job is run again or a clone is behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import groupby

from reconciler.aws.evidence_store import EvidenceStore
from reconciler.errors import MeshformError, NotReviewed
from reconciler.forge import git
from reconciler.history.update import entry_names
from reconciler.model.plain_json import MISSHAPEN, plain_json

_LATELY = 20
"""Runs that are looked at for one that carried something out."""


def require_newest(store: EvidenceStore, commit: str | None, tell: Callable[[str], None]) -> None:
    """Raises NotReviewed where a commit that came after this one was applied. `tell` hears where that is not known.

    What a newer commit has taken away on purpose the older one would give again, and by steps that were reviewed once.
    """
    if commit is None:
        return
    try:
        last = _last_applied(store)
    except MeshformError as error:
        tell(f"Whether a newer commit was applied already is not known. {error}")
        return
    if last is not None and git.is_before(commit, last):
        raise NotReviewed(
            f"Commit {last[:12]} was applied already, and this is {commit[:12]}, an older one: it would take back what "
            "came in between. Nothing was carried out.",
            hints=(
                "apply the newest commit; to go back, revert in a new one",
                "or `meshform apply --allow-older`, where an older one is meant",
            ),
        )


def _last_applied(store: EvidenceStore) -> str | None:
    """The commit of the newest run that was not refused, by the journal. Raises MeshformError."""
    newest_first = reversed(deque(entry_names(store), _LATELY))
    # Names tell whole seconds; which of those that began in one was the last one their entries tell.
    for _, files in groupby(newest_first, lambda file: file.rpartition("-")[0]):
        try:
            entries = [plain_json(store.read(f"{store.journal}{file}")) for file in files]
            for told in sorted(entries, key=lambda each: str(each["started"]), reverse=True):
                if told["outcome"] != "refused" and told["commit"] is not None:
                    return str(told["commit"])
        except MISSHAPEN as error:
            raise MeshformError(f"What is in the journal at {store.place} is no entry of it: {error}.") from error
    return None
