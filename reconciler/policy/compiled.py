"""A policy with its expressions checked: what it says of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_type_hints

from reconciler.policy.asked import Asked, Asking, GaveUp
from reconciler.policy.budget import Budget
from reconciler.policy.cel import (
    BadExpression,
    Environment,
    Failed,
    Mistake,
    Seen,
    TooManySteps,
    shared_environment,
    variable,
)
from reconciler.policy.objects import TYPES, Counts
from reconciler.policy.price import Price, Unpriced
from reconciler.policy.reading import expressions, fields_read
from reconciler.policy.size import measure
from reconciler.policy.syntax import Constant, tree
from reconciler.policy.values import unknown_values
from reconciler.spec.documents.policy import Policy
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.suggest import did_you_mean
from reconciler.spec.yaml.source_map import Key

Outcome = Literal["allow", "break", "skip"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake in an expression of a policy: at which field of the document, and where in the text there."""

    path: tuple[Key, ...]
    mistake: Mistake


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a policy says of one object; `messages` where it is broken, each said once.

    `gave_up`: it would take too long; the expression that would, by its path in the document.
    """

    outcome: Outcome
    messages: tuple[str, ...] = ()
    gave_up: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy that can be asked."""

    policy: Policy
    environment: Environment
    conditions: tuple[Asked, ...]
    variables: tuple[tuple[str, Asked], ...]
    validations: tuple[tuple[Asked, Asked | None, str], ...]
    """Expression, expression of the message (or None), and what is said otherwise."""
    reads: frozenset[str]
    """The fields of its object that it can read."""
    sized: tuple[str, ...]
    """Those of them that can be large."""
    has_patterns: bool

    def judge(self, thing: Any, today: str, shared: Seen | None = None, budget: Budget | None = None) -> Judgement:
        """What it says of an object. An expression without a value breaks it: what cannot be judged does not pass.

        `shared` is the object as other policies of the same object have seen it; `budget` what is left of the steps
        that the policy may take. What would take more is not begun.
        """
        message, seen = shared or shared_environment(self.policy.object).seen(thing, today, self.reads)
        measures = tuple([measure(getattr(thing, name), as_pattern=self.has_patterns) for name in self.sized])
        budget = budget or Budget()
        budget.begin()
        asking = Asking(self.policy.object, self.sized, measures, budget)
        try:
            known: dict[str, Any] = {}
            if self.variables:
                seen = self.environment.activation(message, today)
            if not all(asking.value(each, seen) is True for each in self.conditions):
                return Judgement("skip")
            for name, each in self.variables:
                known[name] = asking.variable(name, each, self.environment.activation(message, today, known))
            if known:
                seen = self.environment.activation(message, today, known)
            said = tuple(dict.fromkeys(self._broken(asking, seen)))
        except GaveUp as error:
            return Judgement("break", (f"it cannot be judged: {error}",), error.path)
        except Failed as error:
            return Judgement("break", (f"it cannot be judged: {error}",))
        return Judgement("break" if said else "allow", said)

    def _broken(self, asking: Asking, seen: Any) -> Iterator[str]:
        for expression, words, message in self.validations:
            if asking.value(expression, seen) is not True:
                yield str(asking.value(words, seen)) if words is not None else message


@memo
def all_compiled(mesh: Mesh) -> Mapping[str, tuple[Compiled | None, tuple[Wrong, ...]]]:
    """Each policy of a mesh by its name: see `compiled`."""
    return {policy.name: compiled(policy, mesh) for policy in mesh.policies.values()}


def compiled(policy: Policy, mesh: Mesh) -> tuple[Compiled | None, tuple[Wrong, ...]]:
    """A policy ready to be asked, or everything that is wrong with its expressions."""
    wrong: list[Wrong] = []
    environment = Environment(policy.object) if policy.variables else shared_environment(policy.object)

    constants: dict[str, Constant] = {}

    def asked(expression: str, *wanted: str, path: tuple[Key, ...]) -> Asked:
        program, price = None, Price(Constant(), policy.object)
        try:
            program = environment.compile(expression, *wanted)
            price = Price(tree(program, constants), policy.object)
            wrong.extend(Wrong(path, Mistake(1, 1, each)) for each in _dear(expression, price))
            wrong.extend(Wrong(path, each) for each in unknown_values(expression, mesh))
        except BadExpression as error:
            wrong.extend(Wrong(path, _helpful(each, policy.object)) for each in error.mistakes)
        return Asked(program, price, path)

    variables = []
    for number, each in enumerate(policy.variables):
        path: tuple[Key, ...] = ("variables", number, "expression")
        made = asked(each.expression, path=path)
        if made.program is not None:
            if _NESTED.search(made.program.return_type().name()):
                wrong.append(Wrong(path, Mistake(1, 1, "a variable holds a text, a number, or a list or map of those")))
            environment.declare(each.name, made.program)
            variables.append((each.name, made))
            if isinstance(made.price.tree, Constant) and made.price.tree.text is not None:
                constants[variable(each.name)] = made.price.tree
    conditions = tuple(
        asked(each.expression, "BOOL", path=("matchConditions", number, "expression"))
        for number, each in enumerate(policy.match_conditions)
    )
    validations = tuple(
        (
            asked(each.expression, "BOOL", path=("validations", number, "expression")),
            asked(each.message_expression, "STRING", path=("validations", number, "messageExpression"))
            if each.message_expression
            else None,
            each.message or policy.description,
        )
        for number, each in enumerate(policy.validations)
    )
    if wrong:
        return None, tuple(wrong)
    reads, empty = fields_read(policy), TYPES[policy.object]()
    sized = tuple(sorted(name for name in reads if not isinstance(getattr(empty, name), int)))
    patterns = any("matches" in each for each in expressions(policy))
    return Compiled(policy, environment, conditions, tuple(variables), validations, reads, sized, patterns), ()


LONGEST = 4_000
_NESTED = re.compile(r"<.*<|DYN")


def _dear(expression: str, price: Price) -> Iterator[str]:
    """What is too much whatever it is asked of."""
    if len(expression) > LONGEST:
        yield f"it is longer than {LONGEST:,} signs; write several policies"
    try:
        Budget().spend(price.of((), (), {}))
    except Unpriced as error:
        yield f"{error} is not used in policies"
    except TooManySteps as error:
        yield f"{error}, whatever it looks at"


def example(policy: Policy, given: dict[str, Any]) -> Any:
    """The object of an example. Raises ValueError for fields that it has not, or of another type."""
    of = TYPES[policy.object]
    known = {each.name: each for each in fields(of)}
    empty = of()
    hints = get_type_hints(of)
    for name, said in given.items():
        if name not in known:
            raise ValueError(f"{policy.object} has no field {name}{did_you_mean(name, known)}")
        wanted = type(getattr(empty, name))
        if not isinstance(said, dict if wanted is dict else wanted):
            raise ValueError(f"{name} is {_ARTICLES[wanted]}")
        if isinstance(said, dict):
            held = int if hints[name] == Counts else str
            if not all(type(each) is held for each in said.values()):
                raise ValueError(f"{name} holds {'whole numbers' if held is int else 'texts'}")
    return of(**given)


_ARTICLES = {str: "a text", int: "a whole number", bool: "true or false", tuple: "a list of texts", dict: "a mapping"}


def _field_names(word: str) -> tuple[str, ...]:
    return tuple(each.name for each in fields(TYPES[word]))


def _helpful(mistake: Mistake, word: str) -> Mistake:
    """A mistake with the field that was probably meant."""
    quoted = mistake.text.split("'")
    if "undefined field" in mistake.text and len(quoted) > 1:
        near = did_you_mean(quoted[1], _field_names(word))
        listed = "" if near else f"; it has {', '.join(_field_names(word))}"
        return Mistake(mistake.line, mistake.column, f"{word} has no field {quoted[1]}{near}{listed}")
    if "undeclared reference to 'variables_" in mistake.text:
        return Mistake(mistake.line, mistake.column, f"there is no variable {quoted[1].removeprefix('variables_')}")
    if "undeclared reference" in mistake.text and len(quoted) > 1:
        near = did_you_mean(quoted[1], (word, "today", "variables"))
        return Mistake(mistake.line, mistake.column, f"there is nothing called {quoted[1]} here{near}; it is `{word}`")
    return mistake
