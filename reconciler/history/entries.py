"""Entries of the journal, read: what one run was, typed. What an older Meshform did not write is empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.errors import MeshformError
from reconciler.model.plain_json import MISSHAPEN


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One step: `document` is the file in the mesh that asks for it."""

    address: str
    action: str
    document: str
    result: str
    message: str


@dataclass(frozen=True, slots=True)
class ApprovalEntry:
    """Who approved a pull request (nobody: empty), by which a commit came."""

    commit: str
    pull: int
    author: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run. `accepted` are gates, each with who accepted it where that was not who began the run.

    `access` are rows of who gained and lost what; see `journal.access_rows`.
    """

    id: str
    started: str
    ended: str
    by: str
    actor: str
    commit: str
    outcome: str
    accepted: tuple[str, ...]
    pulls: tuple[int, ...]
    uncommitted: tuple[str, ...]
    not_approved: tuple[str, ...]
    findings: tuple[str, ...]
    steps: tuple[StepEntry, ...]
    approvals: tuple[ApprovalEntry, ...]
    access: tuple[Mapping[str, Any], ...]

    @property
    def who(self) -> str:
        """Who set it off: the person that a forge or git knows, else the identity in AWS."""
        return self.actor or self.by


def run_entry(name: str, data: Any, folder: str) -> RunEntry:
    """A run from the text of its entry. `folder` is the mesh's, by which steps name their documents.

    Raises MeshformError for what is no entry.
    """
    try:
        return RunEntry(
            id=name.removesuffix(".json"),
            started=str(data["started"]),
            ended=str(data["ended"] or ""),
            by=str(data["by"]),
            actor=str(data.get("actor") or ""),
            commit=str(data.get("commit") or ""),
            outcome=str(data["outcome"]),
            accepted=tuple(_accepted(data)),
            pulls=tuple(map(_number, data.get("pull_requests", ()))),
            uncommitted=tuple(map(str, data.get("uncommitted", ()))),
            not_approved=tuple(map(str, data.get("not_approved", ()))),
            findings=tuple(map(str, data.get("findings", ()))),
            steps=tuple(_step(each, folder) for each in data["steps"]),
            approvals=tuple(_approvals(data.get("approvals") or {})),
            access=tuple(dict(row) for row in data.get("access", ())),
        )
    except MISSHAPEN as error:
        raise MeshformError(f"{name} is no entry of a journal: {error}.") from error


def _number(said: Any) -> int:
    """Of a pull request. ValueError for one that no index takes."""
    number = int(said)
    if abs(number) >= 1 << 63:
        raise ValueError("a pull request has a number that no forge counts to")
    return number


def _step(data: Mapping[str, Any], folder: str) -> StepEntry:
    file = str(data.get("origin") or "").rsplit(":", 2)[0]
    document = file.removeprefix(f"{folder.rstrip('/')}/") if folder else file
    return StepEntry(
        str(data["address"]), str(data["action"]), document, str(data["result"]), str(data.get("message") or "")
    )


def _accepted(data: Mapping[str, Any]) -> Iterator[str]:
    """The gates that were accepted, with whose word that was where it was said on a pull request."""
    said = {each["rule"]: f" (by {each['by']} on #{each['pull_request']})" for each in data.get("acceptances", ())}
    yield from (f"{rule}{said.get(rule, '')}" for rule in data.get("accepted", ()))


def _approvals(data: Mapping[str, Any]) -> Iterator[ApprovalEntry]:
    """By whom each change was approved: of the very commit that was merged, by others than its author."""
    for change in data.get("changes", ()):
        pull = change["pull_request"]
        if pull is None:
            continue
        commit, number, author = str(change["commit"]), _number(pull["number"]), str(pull["author"])
        made = {str(each).lower() for each in (author, *(pull["pushed_by"] or ()), *pull.get("asked_by", ()))}
        counted = [
            each for each in pull["approvals"] if each["commit"] == pull["head"] and each["by"].lower() not in made
        ]
        for each in counted if pull["as_approved"] else ():
            yield ApprovalEntry(commit, number, author, str(each["by"]), str(each["at"]))
        if not counted or not pull["as_approved"]:
            yield ApprovalEntry(commit, number, author, "", "")
