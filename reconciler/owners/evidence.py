"""Evidence: what git and the forge say of everything that came into the main branch since it was last applied.

`meshform reviewed` collects it, `meshform apply` judges by it, the journal keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from reconciler.errors import MeshformError
from reconciler.model.plain_json import MISSHAPEN
from reconciler.owners.acceptance import Acceptance
from reconciler.owners.given import Approval, Given

FILE = "approvals.json"


@dataclass(frozen=True, slots=True)
class Change:
    """A commit of the main branch that changed documents, and the pull request by which it came."""

    commit: str
    given: Given | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """`base`: the commit that was applied last (None: there was no mesh before). `changes` come oldest first.

    `members` of each team that was asked about (None: nobody may know them); a plain owner is a team of `organization`.
    """

    base: str | None
    changes: tuple[Change, ...]
    organization: str
    members: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        changes = [{"commit": each.commit, "pull_request": _given_json(each.given)} for each in self.changes]
        teams = {team: None if known is None else sorted(known) for team, known in sorted(self.members.items())}
        return {
            "version": 1,
            "base": self.base,
            "organization": self.organization,
            "changes": changes,
            "members": teams,
        }


def evidence_of(data: Any) -> Evidence:
    """Evidence from plain data. Raises MeshformError for anything else."""
    try:
        if data["version"] != 1:
            raise MeshformError(f"{FILE} is of version {data['version']}; this meshform reads version 1.")
        changes = tuple(Change(str(each["commit"]), _given(each["pull_request"])) for each in data["changes"])
        members = {str(team): _names(known) for team, known in data["members"].items()}
        base = None if data["base"] is None else str(data["base"])
        return Evidence(base, changes, str(data["organization"]), members)
    except MISSHAPEN as error:
        raise MeshformError(f"{FILE} was not written by `meshform reviewed`.") from error


def _given_json(given: Given | None) -> dict[str, Any] | None:
    if given is None:
        return None
    pushed = None if given.pushed_by is None else sorted(given.pushed_by)
    return {
        **asdict(given),
        "pushed_by": pushed,
        "asked_by": sorted(given.asked_by),
        "approvals": [asdict(each) for each in given.approvals],
        "acceptances": [asdict(each) for each in given.acceptances],
    }


def _names(data: Iterable[object] | None) -> frozenset[str] | None:
    return None if data is None else frozenset(map(str, data))


def _given(data: Mapping[str, Any] | None) -> Given | None:
    if data is None:
        return None
    pushed = data["pushed_by"]
    return Given(
        number=int(data["number"]),
        head=str(data["head"]),
        author=str(data["author"]),
        pushed_by=_names(pushed),
        asked_by=_names(data.get("asked_by", ())) or frozenset(),
        as_approved=data["as_approved"] is True,
        approvals=tuple(Approval(str(each["by"]), str(each["commit"]), str(each["at"])) for each in data["approvals"]),
        acceptances=tuple(
            Acceptance(
                rule=str(each["rule"]),
                digest=str(each["digest"]),
                reason=str(each["reason"]),
                by=str(each["by"]),
                at=str(each["at"]),
                url=str(each["url"]),
                edited=each["edited"] is not False,
            )
            for each in data.get("acceptances", ())
        ),
    )
