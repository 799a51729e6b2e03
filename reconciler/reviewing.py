"""Reviewing: what came into the main branch since it was last applied, and who approved it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler import pipeline
from reconciler.errors import NotReviewed
from reconciler.forge import git
from reconciler.forge.git import Commit
from reconciler.forge.protocol import Forge, PullRequest
from reconciler.owners.approval import governance
from reconciler.owners.evidence import Change, Evidence
from reconciler.owners.given import Given
from reconciler.owners.history import Approved, Merged, approved
from reconciler.owners.people import Members, people
from reconciler.spec.load import Loaded

MACHINERY = (".github/workflows", ".gitlab-ci.yml", "Makefile", "requirements.txt", "requirements.lock")
"""What decides which program applies."""
FARTHEST = 1000
"""Commits that are looked back for the last one that was applied."""


@dataclass(frozen=True, slots=True)
class Since:
    """The commits since the last apply, newest first, each with the merged pull requests by which it came."""

    base: str | None
    commits: tuple[tuple[Commit, tuple[PullRequest, ...]], ...]

    @property
    def pulls(self) -> tuple[PullRequest, ...]:
        """The pull requests, by number."""
        found = {pull.number: pull for _, pulls in self.commits for pull in pulls}
        return tuple(found[number] for number in sorted(found))


def since_last_apply(forge: Forge, ref: str, branch: str) -> Since:
    """What came into `branch` up to `ref` since the last commit that was applied as a whole.

    Where none was, what came before the first pull request is where everything begins. Raises NotReviewed where too
    much has come in to look for that.
    """
    line = git.main_line(ref, FARTHEST)
    base = _base(forge.applied([commit.sha for commit in line[1:]], branch), line[0].sha)
    if base is None and line[-1].parent is not None:
        raise NotReviewed(
            f"None of the last {FARTHEST} commits of {branch} was applied, so nobody can say what was approved since. "
            "Nothing was carried out."
        )
    shas = [commit.sha for commit in line]
    new = line[: shas.index(base)] if base is not None else line
    found = [(commit, tuple(pull for pull in forge.merged_by(commit.sha) if pull.base == branch)) for commit in new]
    if base is None:
        while found and not found[-1][1]:
            base = found.pop()[0].sha
    return Since(base, tuple(found))


def _base(applied: Sequence[str], head: str) -> str | None:
    """The newest commit that was applied by what applies now: a success of a workflow that somebody had put in its
    place shows nothing. Where what applies has just been changed, the newest one."""
    same = (commit for commit in applied if not git.differ(commit, head, MACHINERY))
    return next(same, applied[0] if applied else None)


def evidence(forge: Forge, folder: str, since: Since, organization: str) -> Evidence:
    """Who approved what of everything that changed the documents in `folder`."""
    changes = [
        Change(commits[0].sha, _given(forge, commits, pulls))
        for commits, pulls in _together(since)
        if any(git.touches(commit, folder) for commit in commits)
    ]
    return Evidence(since.base, tuple(changes), organization)


def judged(folder: str, found: Evidence, members: Members, like: Loaded | None = None) -> Approved:
    """The approved mesh in a folder, by the evidence and the members of teams. `like`: the mesh that is there now."""
    base = pipeline.load_commit(folder, found.base, like).mesh if found.base is not None else None
    merged = [
        Merged(each.commit, pipeline.load_commit(folder, each.commit, like).mesh, each.given) for each in found.changes
    ]
    if like is not None and like.mesh is not None:
        # What is in the folder but in no commit came by no pull request.
        merged.append(Merged("", like.mesh, None))
    return approved(base, merged, members, found.organization)


@dataclass(slots=True)
class Asked:
    """The members of teams, each team asked about once."""

    ask: Callable[[str], frozenset[str] | None]
    known: dict[str, frozenset[str] | None] = field(default_factory=dict)

    def __call__(self, team: str) -> frozenset[str] | None:
        if team not in self.known:
            self.known[team] = self.ask(team)
        return self.known[team]


def with_members(
    forge: Forge, folder: str, found: Evidence, plans: Iterable[Mapping[str, Any]] = ()
) -> tuple[Evidence, Approved]:
    """The evidence with the members of the teams that it takes to judge it, and the judgement. `plans` are the reviewed
    ones; they name who may accept what gates have found."""
    asked = Asked(forge.members)
    verdict = judged(folder, found, asked)
    gates = [gate for plan in plans for gate in (plan.get("verdict") or {}).get("gates") or ()]
    for each in verdict.brought:
        mesh = each.before or verdict.mesh
        if each.given.acceptances and mesh is not None:
            for owner in {governance(mesh), *(str(who) for gate in gates for who in gate["acceptors"])}:
                people(mesh, owner, found.organization).known(asked)
    return replace(found, members=asked.known), verdict


def _together(since: Since) -> list[tuple[list[Commit], tuple[PullRequest, ...]]]:
    """Commits that came one after the other by the same pull request, the newest first; the oldest group first."""
    groups: list[tuple[list[Commit], tuple[PullRequest, ...]]] = []
    for commit, pulls in since.commits:
        if groups and pulls and groups[-1][1] == pulls:
            groups[-1][0].append(commit)
        else:
            groups.append(([commit], pulls))
    return groups[::-1]


def _given(forge: Forge, commits: Sequence[Commit], pulls: Sequence[PullRequest]) -> Given | None:
    """What the forge says of the pull request of these commits: the one that makes them, where there are several."""
    parent, commit = commits[-1].parent, commits[0].sha
    if not pulls or parent is None:
        return None
    for pull in pulls:
        if not git.is_here(pull.head):
            forge.fetch(git.top(), pull)
        if git.is_merge_of(parent, pull.head, commit):
            approvals = forge.approvals(pull)
            by_others = any(each.commit == pull.head and each.by != pull.author for each in approvals)
            # Who pushed matters only where somebody's approval might count.
            pushed = forge.pushed_by(pull, git.brought(parent, pull.head)) if by_others else frozenset[str]()
            # Whoever accepts what a gate has found approves the pull request, too.
            said = forge.acceptances(pull) if by_others else ()
            asked = git.asked_by(parent, pull.head) if by_others else frozenset[str]()
            return Given(pull.number, pull.head, pull.author, pushed, True, approvals, said, asked)
    return Given(pulls[0].number, pulls[0].head, pulls[0].author, frozenset(), False, ())
