"""The rules of the mesh language as sections of docs/rules.md."""

from __future__ import annotations

from reconciler.spec.rule import Rule, rules


def page() -> str:
    """A section for each rule, by id: what must hold, and why and what to do."""
    return "\n".join(_section(rule) for rule in rules().values())


def _section(rule: Rule) -> str:
    return f"### {rule.id}\n\n**{rule.severity}** · {rule.sentence}\n\n{rule.advice}\n"
