"""History: what came into the main branch since it was last applied, and which of it was approved by the right people.

The approved mesh begins as the mesh that was applied last. Each change brings into it the documents that everybody
has approved whom the approved mesh demands; the others stay as they were. So nothing that was not approved decides
about anything: no owner who made himself one, no label that was lowered, no rule that was relaxed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.owners.accepting import Brought
from reconciler.owners.approval import demands, governance
from reconciler.owners.documents import Key, documents, same
from reconciler.owners.given import Given
from reconciler.owners.people import Members, People, people
from reconciler.owners.replaced import replaced
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
    """The mesh without what was not approved (None: nothing fits together without it), and what is missing.

    `brought`: the pull requests by which everything came, each with the mesh as it was approved before it. `base`: the
    mesh that was applied last.
    """

    mesh: Mesh | None
    missing: tuple[Missing, ...] = ()
    brought: tuple[Brought, ...] = ()
    base: Mesh | None = None


def approved(base: Mesh | None, changes: Iterable[Merged], members: Members, organization: str) -> Approved:
    """The approved mesh after all changes. `base`: the mesh that was applied last; None before there was any."""
    now, last, missing, pending = base, base, dict[Key, Missing](), list[Merged]()
    brought: dict[int, Brought] = {}
    for change in changes:
        pending.append(change)
        if change.mesh is None:
            continue  # nobody can say what it changed; who fixes it needs the approvals of both
        for each in pending:
            if each.given is not None:
                brought.setdefault(each.given.number, Brought(each.given, now))
        judge = _Judge(now, change.mesh, tuple(each.given for each in pending), members, organization)
        now, refused = judge.judged(last)
        missing.update(refused)
        last, pending = change.mesh, []
    left = documents(last) if last is not None else {}
    kept = documents(now) if now is not None else {}
    waiting = tuple(
        missing.get(key) or Missing(key, f"{_name(key)} is not as it was approved")
        for key in sorted(left.keys() | kept.keys())
        if not same(left.get(key), kept.get(key))
    )
    return Approved(now, waiting, tuple(brought.values()), base)


@dataclass(frozen=True, slots=True)
class _Judge:
    """One change, seen from the approved mesh `now`."""

    now: Mesh | None
    mesh: Mesh
    given: tuple[Given | None, ...]
    members: Members
    organization: str

    def judged(self, last: Mesh | None) -> tuple[Mesh | None, dict[Key, Missing]]:
        """The approved mesh after the change, and what of it is not let in. `last`: the mesh that was changed, with
        everything that was not approved."""
        if self.now is None:
            return self._first()
        old, new, kept = (documents(last) if last is not None else {}), documents(self.mesh), documents(self.now)
        touched = [key for key in sorted(old.keys() | new.keys()) if not same(old.get(key), new.get(key))]
        asked = {key: new.get(key) for key in touched if not same(new.get(key), kept.get(key))}
        refused = {
            key: Missing(key, f"{_name(key)} has in it what was not approved before; take that back first")
            for key in asked
            if not same(old.get(key), kept.get(key))
        }
        while True:
            taken = {key: each for key, each in asked.items() if key not in refused}
            after = replaced(self.now, taken) if taken else self.now
            fresh = self._unapproved(self.now, after) if after is not None else {}
            if after is None or (fresh and not fresh.keys() & taken.keys()):
                alone = {key: Missing(key, f"{_name(key)} needs what was not approved") for key in taken}
                return self.now, refused | alone
            if not fresh:
                return after, refused
            refused |= fresh  # what is left is judged again without them

    def _first(self) -> tuple[Mesh | None, dict[Key, Missing]]:
        """The first mesh of all: its own governance approves it as a whole."""
        lacks = self._lacks(people(self.mesh, governance(self.mesh), self.organization))
        if lacks is None:
            return self.mesh, {}
        return None, {key: self._missing(key, [lacks]) for key in documents(self.mesh)}

    def _unapproved(self, now: Mesh, after: Mesh) -> dict[Key, Missing]:
        """The documents that lack an approval for becoming as they are in `after`, each with its sentence."""
        found: dict[Key, list[str]] = {}
        for demand in demands(now, after):
            if demand.way != "automatic":
                whose = [people(now, who, self.organization) for who in (demand.who, *demand.instead)]
                lacks = [each for who in whose if (each := self._lacks(who))]
                if len(lacks) == len(whose):
                    key = (demand.document.kind, demand.document.name)
                    found.setdefault(key, []).append(" or ".join(lacks))
        return {key: self._missing(key, lacking) for key, lacking in found.items()}

    def _lacks(self, who: People) -> str | None:
        """Whose approval is not there, and why; None when it is."""
        for given in self.given:
            if given is None:
                return f"{who.owner}: no pull request brought it"
            if given.problem is not None:
                return f"{who.owner}: {given.problem}"
            if not given.approvals:
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
