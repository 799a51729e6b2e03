"""History: what came into the main branch since it was last applied, and which of it was approved by the right people.

The approved mesh begins as the mesh that was applied last. Each change brings into it the documents that everybody
has approved whom the approved mesh demands; the others stay as they were. So nothing that was not approved decides
about anything: no owner who made himself one, no label that was lowered, no rule that was relaxed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.owners.approval import GOVERNANCE, demands, governance
from reconciler.owners.documents import Key, documents, same
from reconciler.owners.given import Given
from reconciler.owners.people import Members, People, people
from reconciler.owners.replaced import replaced
from reconciler.spec.documents.base import Document
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Merged:
    """A change of the main branch: the mesh after it (None: not valid), and the pull requests by which it came."""

    commit: str
    mesh: Mesh | None
    given: Given | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A document that waits for somebody's approval, in a sentence."""

    document: Key
    sentence: str


@dataclass(frozen=True, slots=True)
class Approved:
    """The mesh without what was not approved (None: nothing fits together without it), and what is missing."""

    mesh: Mesh | None
    missing: tuple[Missing, ...] = ()


def approved(base: Mesh | None, changes: Iterable[Merged], members: Members, organization: str) -> Approved:
    """The approved mesh after all changes. `base`: the mesh that was applied last; None before there was any."""
    now, last, missing, pending = base, base, dict[Key, Missing](), list[Merged]()
    for change in changes:
        pending.append(change)
        if change.mesh is None:
            continue  # nobody can say what it changed; who fixes it needs the approvals of both
        judge = _Judge(now, change.mesh, tuple(each.given for each in pending), members, organization)
        pending = []
        taken, refused = judge.judged(last)
        missing.update(refused)
        later = change.mesh if now is None else replaced(now, taken)
        if now is None and refused:
            later = None
        elif later is None:
            missing.update({key: Missing(key, f"{_name(key)} needs what was not approved") for key in taken})
            later = now
        now, last = later, change.mesh
    left = documents(last) if last is not None else {}
    kept = documents(now) if now is not None else {}
    waiting = tuple(
        missing.get(key) or Missing(key, f"{_name(key)} is not as it was approved")
        for key in sorted(left.keys() | kept.keys())
        if not same(left.get(key), kept.get(key))
    )
    return Approved(now, waiting)


@dataclass(frozen=True, slots=True)
class _Judge:
    """One change, seen from the approved mesh."""

    now: Mesh | None
    mesh: Mesh
    given: tuple[Given | None, ...]
    members: Members
    organization: str

    def judged(self, last: Mesh | None) -> tuple[dict[Key, Document | None], dict[Key, Missing]]:
        """The documents that it may bring into the approved mesh, and those that it may not. `last`: the mesh that it
        changed, with everything that was not approved."""
        old, new = (documents(last) if last is not None else {}), documents(self.mesh)
        kept = documents(self.now) if self.now is not None else {}
        touched = {key: new.get(key) for key in sorted(old.keys() | new.keys()) if not same(old.get(key), new.get(key))}
        taken = {key: each for key, each in touched.items() if same(each, kept.get(key))}
        asked = {key: each for key, each in touched.items() if key not in taken}
        refused = {
            key: Missing(key, f"{_name(key)} has in it what was not approved before; take that back first")
            for key in asked
            if not same(old.get(key), kept.get(key))
        }
        while fresh := self._unapproved({key: each for key, each in asked.items() if key not in refused}):
            refused |= fresh  # what is left is judged again without them
        return taken | {key: each for key, each in asked.items() if key not in refused}, refused

    def _unapproved(self, asked: Mapping[Key, Document | None]) -> dict[Key, Missing]:
        """Those of the documents that lack an approval, were all of them to come, each with its sentence."""
        if not asked:
            return {}
        if self.now is None:
            lacks = self._lacks(people(self.mesh, governance(self.mesh), self.organization))
            return {key: self._missing(key, [lacks]) for key in asked} if lacks else {}
        after = replaced(self.now, asked)
        if after is None:
            return {key: Missing(key, f"{_name(key)} needs what was not approved") for key in asked}
        found: dict[Key, list[str]] = {}
        for demand in demands(self.now, after):
            if demand.way == "automatic":
                continue
            who = demand.who if demand.who != GOVERNANCE else governance(self.now)
            lacks = self._lacks(people(self.now, who, self.organization))
            if lacks:
                found.setdefault((demand.document.kind, demand.document.name), []).append(lacks)
        return {key: self._missing(key, lacking) for key, lacking in found.items()}

    def _lacks(self, who: People) -> str | None:
        """Whose approval is not there, and why; None when it is."""
        for given in self.given:
            if given is None:
                return f"{who.owner}: no pull request brought it"
            if given.problem is not None:
                return f"{who.owner}: {given.problem}"
            if not given.counted and not given.approvals:
                return who.owner
            logins = who.known(self.members)
            if logins is None:
                return f"{who.owner}: who that is, is not known; {who.why_unknown}"
            if not any(each.by.lower() in logins for each in given.counted):
                refused = given.refused(logins)
                return f"{who.owner} ({refused})" if refused else who.owner
        return None

    def _missing(self, key: Key, lacking: Iterable[str]) -> Missing:
        numbers = [f"#{each.number}" for each in self.given if each is not None]
        where = f" ({', '.join(numbers)})" if numbers else ""
        return Missing(key, f"{_name(key)}{where} waits for the approval of {' and '.join(dict.fromkeys(lacking))}")


def _name(key: Key) -> str:
    return f"{key[0].lower()} {key[1]}"
