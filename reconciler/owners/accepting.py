"""Accepting: who may accept what a gate has found, and whether they have, on the pull request that brought it.

An acceptance counts if whoever said it also approves the pull request at the very commit that was merged, has neither
written nor pushed it, may accept that gate by the mesh as it was approved before the change, and meant this very plan:
its requests, whom they give and take access, and what the gate has found. Several who are named must all accept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from reconciler.model.finding import Finding
from reconciler.owners.acceptance import Acceptance, line
from reconciler.owners.approval import governance
from reconciler.owners.given import Given
from reconciler.owners.people import Members, people
from reconciler.plan.accepting import gate_digest, stopping
from reconciler.plan.review import Review
from reconciler.spec.extents import products_in
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Counted:
    """An acceptance that counts, and the pull request on which it was given."""

    acceptance: Acceptance
    number: int

    def as_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        return {**asdict(self.acceptance), "pull_request": self.number}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What people have accepted: the rules, by whose word; and why others of what they have said counts for nothing."""

    rules: frozenset[str] = frozenset()
    by: tuple[Counted, ...] = ()
    refused: tuple[str, ...] = ()


NOTHING = Accepted()


@dataclass(frozen=True, slots=True)
class Brought:
    """A merged pull request, and the mesh as it was approved before it (None: there was none)."""

    given: Given
    before: Mesh | None


def acceptors(reviewed: Review, rule: str, before: Mesh | None) -> tuple[str, ...]:
    """Who must accept what a rule has found, all of them, by the mesh before the change: the owners of the products
    that its findings name, the owner of a policy, and governance for everything else."""
    known = before if before is not None else reviewed.mesh
    policy = known.policies.get(rule.removeprefix("policy/")) if rule.startswith("policy/") else None
    if policy is not None:
        return (policy.owner,)
    found = (who for each in stopping(reviewed) if each.rule == rule for who in _of(each, reviewed, known))
    return tuple(dict.fromkeys(found))


def _of(found: Finding, reviewed: Review, known: Mesh) -> Iterator[str]:
    if found.by_governance or not found.databases:
        yield governance(known)
    for database in found.databases:
        # Of a database that products share a finding may be about any of them: all of their owners are asked.
        old, new = products_in(known, database), products_in(reviewed.mesh, database)
        yield from (product.owner for product in old)
        for product in new if not old else (each for each in new if each.is_part and each.name not in known.products):
            domain = known.domains.get(product.domain)
            yield domain.owner if domain is not None else governance(known)
        if not old and not new:
            yield governance(known)


def how_to_accept(reviewed: Review, rule: str, head: str, before: Mesh | None) -> str:
    """What those who may accept what a rule has found do to accept it, in a sentence."""
    who = acceptors(reviewed, rule, before)
    verbs = ("approves", "comments") if len(who) == 1 else ("approve", "comment")
    typed = line(rule, gate_digest(reviewed, rule, head), "WHY")
    return f"{' and '.join(who)} {verbs[0]} the pull request and {verbs[1]} there: `{typed}`"


def accepted(reviewed: Review, brought: tuple[Brought, ...], members: Members, organization: str) -> Accepted:
    """What of a plan is accepted by what was said on the pull requests that brought it."""
    rules, counted, refused = set[str](), list[Counted](), list[str]()
    for rule in dict.fromkeys(each.rule for each in stopping(reviewed)):
        for each in brought:
            words = [word for word in each.given.acceptances if word.rule == rule]
            if not words:
                continue
            digest = gate_digest(reviewed, rule, each.given.head)
            problems = {word: _problem(word, each.given, digest) for word in words}
            refused += [
                f"`{rule}` was accepted by {word.by} on #{each.given.number}, which does not count: {why}"
                for word, why in problems.items()
                if why is not None
            ]
            fitting, missing = [word for word, why in problems.items() if why is None], list[str]()
            for who in acceptors(reviewed, rule, each.before):
                whose = people(each.before if each.before is not None else reviewed.mesh, who, organization)
                logins = whose.known(members)
                if logins is None:
                    missing.append(f"{who} (who that is, is not known; {whose.why_unknown})")
                elif not any(word.by.lower() in logins for word in fitting):
                    missing.append(who)
            if fitting and not missing:
                rules.add(rule)
                counted += [Counted(word, each.given.number) for word in fitting]
            elif fitting:
                names = ", ".join(dict.fromkeys(word.by for word in fitting))
                refused.append(f"`{rule}` was accepted by {names} and waits for {' and '.join(missing)}")
    return Accepted(frozenset(rules), tuple(counted), tuple(refused))


def _problem(word: Acceptance, given: Given, digest: str) -> str | None:
    """Why an acceptance counts for nothing; None where it does count, if its giver may give it."""
    by = frozenset({word.by.lower()})
    if given.problem is not None:
        return given.problem
    if word.edited:
        return "the comment was edited; write a new one"
    if not any(each.by.lower() in by for each in given.counted):
        return given.refused(by) or f"{word.by} does not approve the pull request at its last commit"
    if word.digest != digest:
        return "it is about another plan; since then something changed in AWS or in the mesh"
    return None
