"""Assumed: what somebody comes to have, or has no more, since the trust policy of a role lets him act as it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from reconciler.access.algebra.effective_grant import NOTHING
from reconciler.access.differences.access_entry import AccessEntry, Assumed
from reconciler.access.differences.compare import Seen, surplus
from reconciler.access.differences.paths import paths_surplus
from reconciler.access.differences.rights import links_of, rights_beyond
from reconciler.access.evaluation.candidates import reached
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.other_paths import paths_by_key, paths_of_serving, serving_roles
from reconciler.access.evaluation.rights import RightsIndex
from reconciler.access.state.iam_policies import IamPolicies, iam_policies
from reconciler.access.state.principal_directory import account_of
from reconciler.kinds.glue.glue_job import GlueJob
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.iam.trust_policy import Trust, is_outside, trust_of
from reconciler.spec.memo import memo

Admin = tuple[str, str]


class LetIn:
    """Who may act as which roles by the trust policies of one state (`more`) and not by those of the other (`less`).

    Asked both ways round it gives who was let in and who was shut out. Of a role that only one state has those are told
    who are not of its account: whom that account lets act as it is no more than that the role is there, which is told.

    later  whether `more` is the later state
    """

    def __init__(self, more: Access, less: Access, *, later: bool = True) -> None:
        self._more, self._less, self._later = more, less, later
        self._now, self._then = _trusts(more), _trusts(less)
        self.pairs: dict[tuple[str, str], Assumed] = {}
        for who, each in self._each():
            known = self.pairs.get((who, each.role))
            if known is None or len(each.reasons) < len(known.reasons):
                self.pairs[who, each.role] = each

    def surplus(self, rights: RightsIndex, others: RightsIndex) -> Iterator[AccessEntry]:
        """What each of them has as such a role in the one state, beyond what he has himself in the other.

        `rights` are those of the one state, `others` those of the other.
        """
        links = links_of(self._more) if self.pairs else frozenset()
        for (who, role), assumed in sorted(self.pairs.items(), key=lambda each: each[0]):
            for place in sorted(reached(self._more.state, role)):
                view, old = self._more.tables[place], self._less.tables.get(place)
                had = NOTHING if old is None else self._less.held(who, old)
                seen = Seen(self._more, view, self._more.held(role, view)), Seen(self._less, old, had)
                yield from self._as(who, assumed, surplus(*seen, (role,), later=self._later))
            yield from self._as(
                who, assumed, rights_beyond(role, rights.of(role), others.of(who), self._more, self._less, links)
            )
            yield from self._as(who, assumed, self._paths(who, role))

    def admins(self) -> Iterator[Admin]:
        """Who may act as a data lake administrator (account, ARN)."""
        for account, arns in self._more.state.admins.items():
            yield from ((account, who) for who, role in self.pairs if role in arns)

    def _paths(self, who: str, role: str) -> Iterator[AccessEntry]:
        """Ways of the role past Lake Formation."""
        known = paths_by_key(self._less)
        every = [*paths_by_key(self._more).values()]
        if role in serving_roles(self._more):
            every += paths_of_serving(self._more).values()
        ways = [way for way in every if way.principal == role]
        own = [known[who, way.place, way.name] for way in ways if (who, way.place, way.name) in known]
        return paths_surplus(ways, [replace(way, principal=role) for way in own], self._more, self._less)

    def _as(self, who: str, assumed: Assumed, entries: Iterator[AccessEntry]) -> Iterator[AccessEntry]:
        """What a role has, as had by somebody who acts as it."""
        for entry in entries:
            old, account = self._less.tables.get(entry.place), account_of(who)
            reads = old is not None and account is not None and self._less.account_reads(account, old)
            is_doubt = bool(assumed.reasons) and entry.verdict == "enforced"
            yield replace(
                entry,
                principal=who,
                assumed=assumed,
                new_account=bool(entry.columns) and not reads,
                verdict="unknown" if is_doubt else entry.verdict,
                reasons=tuple(sorted({*entry.reasons, *assumed.reasons})),
            )

    def _each(self) -> Iterator[tuple[str, Assumed]]:
        yield from self._by_policies()
        known, name = _scripts(self._less), self._more.directory.trusted
        for (who, role), (script, certain) in _scripts(self._more).items():
            if (who, role) not in known or (certain and not known[who, role][1]):
                how = f"{name(who)} may put another script where a job that runs as it finds {script}"
                yield who, Assumed(role, () if certain else (f"{how}, as far as conditions let",), how)

    def _by_policies(self) -> Iterator[tuple[str, Assumed]]:
        for role, policy in sorted(self._now.items()):
            old = self._then.get(role)
            for who, reasons in self._by(role, policy, old) if policy != old else ():
                for other, doubts in self._onward(role, reasons).items():
                    yield who, Assumed(other, tuple(sorted(doubts)))

    def _by(self, role: str, policy: str, old: str | None) -> Iterator[tuple[str, frozenset[str]]]:
        """Whom a policy lets act as a role and another one does not, with why that may not be so."""
        new = trust_of(policy)
        if old is None:
            yield from ((who, self._doubts(who, role, new)) for who in new.lets if is_outside(who, role))
            return
        was = trust_of(old)
        for who, conditions in new.lets.items():
            before = was.lets.get(who, frozenset())
            is_fresh = bool(conditions - before) and "" not in before
            if not is_fresh and new.refuses >= was.refuses:
                continue
            doubts = self._doubts(who, role, new)
            if before or was.covers(who, role):
                name, label = self._more.directory.trusted(who), self._more.directory.label(role)
                said = f"{name} may act as {label} already" if self._later else f"{name} may still act as {label}"
                doubts |= {f"{said}, as far as the rest of its trust policy and IAM let"}
            yield who, doubts

    def _doubts(self, who: str, role: str, trust: Trust) -> frozenset[str]:
        """Why it is not certain that a policy lets somebody act as a role."""
        label, name = self._more.directory.label(role), self._more.directory.trusted(who)
        found = set()
        if "" not in trust.lets[who]:
            found.add(f"the trust policy of {label} lets {name} only where {' or '.join(sorted(trust.lets[who]))}")
        if trust.refuses:
            found.add(f"the trust policy of {label} denies it to some")
        return frozenset(found)

    def _onward(self, role: str, reasons: frozenset[str]) -> dict[str, frozenset[str]]:
        """A role, and every other as which it may act in turn, with what is not certain of each."""
        found, ahead = {role: reasons}, [role]
        while ahead:
            here = ahead.pop()
            for other, policy in self._now.items():
                doubts = None if other in found else self._between(here, other, trust_of(policy))
                if doubts is not None:
                    found[other] = found[here] | doubts
                    ahead.append(other)
        return found

    def _between(self, here: str, other: str, trust: Trust) -> frozenset[str] | None:
        """Why it is not certain that one role may act as another; None where it may not.

        A policy that names a role of its own account lets it; else the role's own policies have to, too.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
        """
        is_named = here in trust.lets
        if not is_named and not trust.covers(here, other):
            return None
        doubts = self._doubts(here, other, trust) if is_named else frozenset[str]()
        if is_named and account_of(here) == account_of(other):
            return doubts
        may = self._policies.role_may(here, "sts:AssumeRole", other)
        if may is False:
            return None
        label = self._more.directory.label
        return doubts if may else doubts | {f"{label(here)} may act as {label(other)} only under a condition"}

    @cached_property
    def _policies(self) -> IamPolicies:
        return iam_policies(self._more.state.snapshot)


@memo
def _scripts(access: Access) -> dict[tuple[str, str], tuple[str, bool]]:
    """Who may put a script in the place of a job's, as which role that runs → the script, and whether it is certain.

    The roles by which Lake Formation serves files, of which scripts are some, are nobody's to use.
    """
    jobs, found = access.state.snapshot.of(GlueJob), dict[tuple[str, str], tuple[str, bool]]()
    policies = iam_policies(access.state.snapshot) if jobs else None
    arns = {(account_of(arn), arn.rpartition("/")[2]): arn for arn in _trusts(access)}
    for job in jobs:
        role = arns.get((job.address.placement.account, job.spec.role), "")
        bucket, _, key = job.spec.script.partition("://")[2].partition("/")
        for name, certain in policies.users("s3:PutObject", bucket, key) if policies and role else ():
            if name not in (role, *serving_roles(access)):
                who = f"arn:aws:iam::{name}:root" if name.isdigit() else name
                found[who, role] = job.spec.script, certain or found.get((who, role), ("", False))[1]
    return found


def outsiders(access: Access, role: str) -> tuple[str, ...]:
    """Who of other accounts may act as a role, as people call them."""
    policy = _trusts(access).get(role)
    names = trust_of(policy).lets if policy is not None else ()
    return tuple(access.directory.trusted(name) for name in names if is_outside(name, role))


@memo
def _trusts(access: Access) -> dict[str, str]:
    """ARN of each role whose trust policy is known → that policy."""
    return {each.handle: each.spec.trust for each in access.state.snapshot.of(Role) if each.handle and each.spec.trust}
