"""Policies and exceptions: what they name is there, and no exception is left after its last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from reconciler.model.finding import Finding
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.exception import PolicyException
from reconciler.spec.documents.policy import Policy
from reconciler.spec.rule import Rule
from reconciler.spec.terms import days
from reconciler.spec.unchecked_mesh import UncheckedMesh

DOMAIN = Rule(
    "policy-domain",
    "error",
    "A policy of a domain names a Domain of the mesh, and looks at what domains have.",
    "Accounts, LF-tags, teams, consumers and plans are of no domain; policies about them are governance's.",
)
POLICY = Rule(
    "exception-of-nothing",
    "error",
    "An exception names a Policy of the mesh, and fields that its object has.",
    "Correct the name; an exception from something that is not there covers nothing.",
)
OVER = Rule(
    "exception-over",
    "warning",
    "An exception whose last day is over is removed.",
    "It covers nothing any more: the policy counts again. Remove the document, or have `until` extended.",
)
ENDS = Rule(
    "exception-ends",
    "warning",
    "Nobody is surprised by the end of an exception.",
    "With the day after `until` the policy counts again. Mend what it covers, or have it extended.",
)
LONG = Rule(
    "exception-too-long",
    "error",
    "An exception runs no longer than its policy allows.",
    "`longestException` of the Policy says how long. Give `until` a day within it, and have it extended when needed.",
)
_SOON = timedelta(days=14)
_OF_NO_DOMAIN = frozenset({"account", "tag", "team", "consumer", "plan"})


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about what policies and exceptions name."""
    for policy in unchecked.all(Policy):
        if policy.domain is None:
            continue
        if not unchecked.knows(Domain, policy.domain):
            near = unchecked.near_document(Domain, policy.domain)
            yield DOMAIN.broken(policy.at("domain"), f"there is no domain {policy.domain}{near}")
        elif policy.object in _OF_NO_DOMAIN:
            yield DOMAIN.broken(policy.at("object"), f"{policy.object} is of no domain; leave `domain` out")
    for exception in unchecked.all(PolicyException):
        if not unchecked.knows(Policy, exception.policy):
            near = unchecked.near_document(Policy, exception.policy)
            yield POLICY.broken(exception.at("policy"), f"there is no policy {exception.policy}{near}")
        policy_of = unchecked.named(Policy).get(exception.policy)
        if policy_of is not None and policy_of.longest_exception:
            last = unchecked.today + days(policy_of.longest_exception)
            if exception.until > last:
                yield LONG.broken(
                    exception.at("until"),
                    f"exceptions from {policy_of.name} run {policy_of.longest_exception} at most; "
                    f"the last day allowed is {last}",
                )
        if exception.until < unchecked.today:
            yield OVER.broken(exception.at("until"), f"{exception.name} was over on {exception.until}")
        elif exception.until < unchecked.today + _SOON:
            yield ENDS.broken(exception.at("until"), f"{exception.name} ends on {exception.until}")
