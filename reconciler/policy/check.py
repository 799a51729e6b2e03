"""Policies as documents: their expressions fit the objects, and their examples hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from reconciler.model.finding import Finding
from reconciler.policy.compiled import Compiled, Wrong, all_compiled, example
from reconciler.policy.objects import TYPES
from reconciler.policy.place import placed
from reconciler.spec.checks.policies import POLICY
from reconciler.spec.documents.policy import Policy, PolicyTest
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.suggest import did_you_mean

EXPRESSION = Rule(
    "policy-expression",
    "error",
    "The expressions of a policy are CEL, and fit what they look at.",
    "docs/policies.md lists the objects with their fields. A field, a type or a value of an LF-tag that is not there "
    "would make a rule that never holds, or always.",
)
EXAMPLE = Rule(
    "policy-example",
    "error",
    "A policy says of its examples what they expect.",
    "Correct the expressions, or the example. `meshform policy test` says what came of each.",
)

Text = Callable[[str], str]
"""The text of a file, by its name for people; empty where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An example of a policy, and what came of it; `trouble` says how that differs from what it expects."""

    policy: Policy
    test: PolicyTest
    number: int
    outcome: str
    messages: tuple[str, ...]
    trouble: str | None


def checked(mesh: Mesh, text: Text, today: date) -> tuple[tuple[Compiled, ...], tuple[Finding, ...]]:
    """The policies of a mesh that can be asked, and everything that is wrong with policies. Raises NoCel."""
    good: list[Compiled] = []
    findings: list[Finding] = []
    for policy in mesh.policies.values():
        made, wrong = all_compiled(mesh)[policy.name]
        findings.extend(_finding(policy, each, text) for each in wrong)
        if made is not None:
            good.append(made)
            findings.extend(
                EXAMPLE.broken(policy.at("tests", each.number), f"{policy.name}, {each.test.name}: {each.trouble}")
                for each in tried(made, today)
                if each.trouble
            )
    for exception in mesh.exceptions.values():
        excepted = mesh.policies.get(exception.policy)
        empty = TYPES[excepted.object]() if excepted else None
        texts = [each for each in empty.__slots__ if isinstance(getattr(empty, each), str)] if empty else []
        findings.extend(
            POLICY.broken(exception.at("for", name), f"{excepted.object} has no text {name}{did_you_mean(name, texts)}")
            for name in exception.for_
            if excepted is not None and name not in texts
        )
    return tuple(good), tuple(findings)


def tried(made: Compiled, today: date) -> Iterator[Tried]:
    """Each example of a policy with what it says of it."""
    for number, test in enumerate(made.policy.tests):
        try:
            thing = example(made.policy, dict(test.given))
        except ValueError as error:
            yield Tried(made.policy, test, number, "", (), str(error))
            continue
        said = made.judge(thing, today.isoformat())
        trouble = None
        if said.outcome != test.expect:
            more = f" ({'; '.join(said.messages)})" if said.messages else ""
            trouble = f"{test.expect} is expected, and it is {said.outcome}{more}"
        elif test.message and not any(test.message in message for message in said.messages):
            trouble = f"the message has to say {test.message!r}, and it says {'; '.join(said.messages)!r}"
        yield Tried(made.policy, test, number, said.outcome, said.messages, trouble)


def _finding(policy: Policy, wrong: Wrong, text: Text) -> Finding:
    origin = policy.at(*wrong.path)
    place = placed(text(origin.file), origin, wrong.mistake.line, wrong.mistake.column)
    return EXPRESSION.broken(place, f"{policy.name}: {wrong.mistake.text}")
