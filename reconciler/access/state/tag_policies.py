"""TagPolicies: tag policies that somebody has together. Whoever has the same ones shares what they come to."""

from __future__ import annotations

from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant, on_match, plus
from reconciler.access.algebra.tag_signature import TagSignature
from reconciler.model.lakeformation import Expression

Policies = frozenset[tuple[Expression, int]]
"""Expressions, each with the permissions (bits) that it gives on tables."""


class TagPolicies:
    """Answers what its policies contribute on tables of a signature; each answer is worked out once."""

    __slots__ = ("_on", "_policies")

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self._on: dict[TagSignature, EffectiveGrant] = {}

    def on(self, signature: TagSignature) -> EffectiveGrant:
        """What the policies give together."""
        held = self._on.get(signature)
        if held is None:
            held = NOTHING
            for terms, permissions in self._policies:
                held = plus(held, on_match(permissions, signature.match(terms), signature))
            self._on[signature] = held
        return held


class TagPolicyPool:
    """All different tag policies of a state, each once. Most readers of a consumer have what their account has."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Policies, TagPolicies] = {}

    def shared(self, policies: Policies) -> TagPolicies:
        """The one that stands for these policies."""
        found = self._known.get(policies)
        if found is None:
            found = self._known[policies] = TagPolicies(policies)
        return found
