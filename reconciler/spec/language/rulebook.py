"""Rules as sections of docs/rules.md."""

from __future__ import annotations

from reconciler.spec.rule import Rule, rules


def page() -> str:
    """A section for each rule of the language, by id: what must hold, and why and what to do."""
    return "\n".join(section(rule) for rule in rules().values())


def section(rule: Rule) -> str:
    """A rule as a section of the page."""
    return f"### {rule.id}\n\n**{rule.severity}** · {rule.sentence}\n\n{rule.advice}\n"
