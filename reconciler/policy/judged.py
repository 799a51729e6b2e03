"""What policies say of a mesh, of effective access, and of a change; what an exception covers is not said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin
from reconciler.policy.cel import shared_environment
from reconciler.policy.compiled import Compiled
from reconciler.policy.describe import described
from reconciler.policy.judge import Judge
from reconciler.policy.objects import OF_DOCUMENTS
from reconciler.spec.documents.exception import PolicyException
from reconciler.spec.documents.policy import Policy
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source_map import Key

_SEVERITIES: dict[str, Severity] = {"deny": "error", "warn": "warning", "audit": "note"}
PREFIX = "policy/"
"""The id of what a policy says is `policy/<name>`."""


@dataclass(frozen=True, slots=True)
class Breach:
    """An object that breaks a policy: what is said of it, and the document in which it stands (None: access).

    `gave_up`: judging it would take too long, and the policy was asked of no further object; the expression that would,
    by its path.
    """

    policy: Policy
    thing: Any
    messages: tuple[str, ...]
    origin: Origin | None = None
    gave_up: tuple[Key, ...] = ()

    @property
    def finding(self) -> Finding:
        """What people read of it."""
        said = "; ".join(self.messages)
        if self.gave_up:
            said = f"{said}; nothing further was asked"
        place = self.policy.at(*self.gave_up) if self.gave_up else self.origin
        return Finding(
            f"{PREFIX}{self.policy.name}", _SEVERITIES[self.policy.action], f"{_named(self.thing)}: {said}", place
        )


def of_documents(policies: Iterable[Compiled], mesh: Mesh, today: date) -> Iterator[Breach]:
    """What policies say of the documents."""
    by_object: dict[str, list[Compiled]] = {}
    for each in policies:
        if each.policy.object in OF_DOCUMENTS:
            by_object.setdefault(each.policy.object, []).append(each)
    for word, asked in by_object.items():
        judges = _Judges(asked, mesh, today)
        for thing, document in described(mesh, word, today):
            yield from judges.broken(thing, document.origin)


def of_access(
    policies: Iterable[Compiled], word: str, things: Iterable[Any], mesh: Mesh, today: date
) -> Iterator[Breach]:
    """What policies over `access`, `change` or `plan` say of such objects."""
    asked = [each for each in policies if each.policy.object == word]
    if asked:
        judges = _Judges(asked, mesh, today)
        for thing in things:
            yield from judges.broken(thing, None)


class _Judges:
    """Policies over one kind of object."""

    def __init__(self, policies: Iterable[Compiled], mesh: Mesh, today: date) -> None:
        self._mesh, self._today, self._day = mesh, today, today.isoformat()
        self._judges = [Judge(each) for each in policies]
        self._reads = frozenset().union(*(each.made.reads for each in self._judges))

    def broken(self, thing: Any, origin: Origin | None) -> Iterator[Breach]:
        """What the policies say of one object."""
        seen, given_up = None, []
        for judge in self._judges:
            policy = judge.made.policy
            if policy.domain is not None and not _is_about(policy, thing):
                continue
            alike = judge.key(thing)
            said = judge.known.get(alike)
            if said is None:
                if seen is None:
                    seen = shared_environment(policy.object).seen(thing, self._day, self._reads)
                said = judge.judgement(thing, self._day, seen, alike)
            if said.outcome == "break" and not self._excepted(policy, thing):
                if said.gave_up:
                    given_up.append(judge)
                yield Breach(policy, thing, said.messages, origin, said.gave_up)
        if given_up:
            # It would take as long for every object, and has stopped already what it can stop.
            self._judges = [judge for judge in self._judges if judge not in given_up]

    def _excepted(self, policy: Policy, thing: Any) -> bool:
        return any(covers(each, policy, thing, self._today) for each in self._mesh.exceptions.values())


def _is_about(policy: Policy, thing: Any) -> bool:
    """Whether an object is of the domain of a policy: a domain's policy can only be stricter, and only at home."""
    if policy.domain is None:
        return True
    if policy.object == "domain":
        return bool(thing.name == policy.domain)
    domains = getattr(thing, "domains", ())
    return getattr(thing, "domain", None) == policy.domain or policy.domain in domains


def covers(exception: PolicyException, policy: Policy, thing: Any, today: date) -> bool:
    """Whether an exception is about a policy and an object, and its last day is not over."""
    if exception.policy != policy.name or today > exception.until:
        return False
    if "name" in exception.for_ and getattr(thing, "principal_type", None) == "other":
        return False  # nobody's name in the mesh: a hand may make a role that people call like one of the mesh's
    return all(_said(thing, name) == wanted for name, wanted in exception.for_.items())


def _said(thing: Any, name: str) -> str | None:
    value = getattr(thing, name, None)
    return value if isinstance(value, str) else None


def _named(thing: Any) -> str:
    """What an object is called in a sentence."""
    word = type(thing).__name__.lower()
    if word == "plan":
        return "the plan"
    if word in ("access", "change"):
        where = f"{thing.database}.{thing.table}" if thing.database else thing.table
        verb = "reads" if word == "access" else "would gain" if thing.gained else "would lose"
        return f"{thing.name} {verb} {where}"
    if word == "column":
        return f"column {thing.table}.{thing.name} of {thing.product}"
    if word == "table":
        return f"table {thing.name} of {thing.product}"
    return f"{word} {thing.name}"
