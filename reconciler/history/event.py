"""Event: one row of a history, flat: something was asked for, applied, gained or lost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

What = Literal["asked", "applied", "gained", "lost"]


@dataclass(frozen=True, slots=True)
class Event:
    """One row. Times are UTC, in ISO 8601.

    at            when it came into the main branch, or when the run began
    document      kind and name of what was asked for, and its file; `change` is added, changed, removed or moved
    pull_request  by which it came, `commit` and `author`; `approved_by` whose approval of it counted
    run           of the journal, begun by `by`; `accepted` the gates whose findings he accepted, `outcome` how it ended
    applied       of what was asked: when the run began that carried it out
    who           who gained or lost, `principal_type` what he is to the mesh (see AccessFact), `consumer` whose
                  principal that is; `table`, `columns`, `label`, `rows`, by which `subscriptions`
    """

    at: str
    event: What
    document: str = ""
    file: str = ""
    change: str = ""
    pull_request: int | None = None
    commit: str = ""
    author: str = ""
    approved_by: tuple[str, ...] = ()
    run: str = ""
    by: str = ""
    accepted: str = ""
    applied: str = ""
    outcome: str = ""
    who: str = ""
    principal: str = ""
    principal_type: str = ""
    consumer: str = ""
    product: str = ""
    table: str = ""
    columns: tuple[str, ...] = ()
    label: str = ""
    rows: str = ""
    permission: str = ""
    subscriptions: tuple[str, ...] = ()
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """As one flat object."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
