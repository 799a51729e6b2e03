"""A policy with its expressions checked: what it says of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_type_hints

from reconciler.policy.cel import (
    BadExpression,
    Environment,
    Failed,
    Mistake,
    Seen,
    TooManySteps,
    shared_environment,
    value,
)
from reconciler.policy.growth import growing
from reconciler.policy.objects import TYPES, Counts
from reconciler.policy.reading import fields_read
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
    """What a policy says of one object; `messages` where it is broken, each said once."""

    outcome: Outcome
    messages: tuple[str, ...] = ()
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy that can be asked."""

    policy: Policy
    environment: Environment
    conditions: tuple[Any, ...]
    variables: tuple[tuple[str, Any], ...]
    validations: tuple[tuple[Any, Any, str], ...]
    """Expression, expression of the message (or None), and what is said otherwise."""
    reads: frozenset[str]
    """The fields of its object that it can read."""

    def judge(self, thing: Any, today: str, shared: Seen | None = None) -> Judgement:
        """What it says of an object. An expression without a value breaks it: what cannot be judged does not pass.

        `shared` is the object as other policies of the same object have seen it.
        """
        message, seen = shared or shared_environment(self.policy.object).seen(thing, today, self.reads)
        try:
            known: dict[str, Any] = {}
            if self.variables:
                seen = self.environment.activation(message, today)
            if not all(value(each, seen) is True for each in self.conditions):
                return Judgement("skip")
            for name, program in self.variables:
                known[name] = _small(value(program, self.environment.activation(message, today, known)))
            if known:
                seen = self.environment.activation(message, today, known)
            said = tuple(dict.fromkeys(self._broken(seen)))
        except Failed as error:
            return Judgement("break", (f"it cannot be judged: {error}",), isinstance(error, TooManySteps))
        return Judgement("break" if said else "allow", said)

    def _broken(self, seen: Any) -> Iterator[str]:
        for expression, words, message in self.validations:
            if value(expression, seen) is not True:
                yield str(value(words, seen)) if words is not None else message


@memo
def all_compiled(mesh: Mesh) -> Mapping[str, tuple[Compiled | None, tuple[Wrong, ...]]]:
    """Each policy of a mesh by its name: see `compiled`."""
    return {policy.name: compiled(policy, mesh) for policy in mesh.policies.values()}


def compiled(policy: Policy, mesh: Mesh) -> tuple[Compiled | None, tuple[Wrong, ...]]:
    """A policy ready to be asked, or everything that is wrong with its expressions."""
    wrong: list[Wrong] = []
    environment = Environment(policy.object) if policy.variables else shared_environment(policy.object)

    def program(expression: str, *wanted: str, path: tuple[Key, ...]) -> Any:
        try:
            made = environment.compile(expression, *wanted)
        except BadExpression as error:
            wrong.extend(Wrong(path, _helpful(each, policy.object)) for each in error.mistakes)
            return None
        wrong.extend(Wrong(path, each) for each in (*growing(expression), *unknown_values(expression, mesh)))
        return made

    variables = []
    for number, each in enumerate(policy.variables):
        made = program(each.expression, path=("variables", number, "expression"))
        if made is not None:
            if _NESTED.search(made.return_type().name()):
                words = "a variable holds a text, a number, or a list or map of those"
                wrong.append(Wrong(("variables", number, "expression"), Mistake(1, 1, words)))
            environment.declare(each.name, made)
            variables.append((each.name, made))
    conditions = tuple(
        program(each.expression, "BOOL", path=("matchConditions", number, "expression"))
        for number, each in enumerate(policy.match_conditions)
    )
    validations = tuple(
        (
            program(each.expression, "BOOL", path=("validations", number, "expression")),
            program(each.message_expression, "STRING", path=("validations", number, "messageExpression"))
            if each.message_expression
            else None,
            each.message or policy.description,
        )
        for number, each in enumerate(policy.validations)
    )
    if wrong:
        return None, tuple(wrong)
    return Compiled(policy, environment, conditions, tuple(variables), validations, fields_read(policy)), ()


MOST = 10_000
"""How long a text or a list may be that a variable holds, texts in it counted by their length."""


_NESTED = re.compile(r"<.*<|DYN")


def _small(said: Any) -> Any:
    """The value of a variable. Variables may use each other, so that each could double the one before."""
    size = len(said) if isinstance(said, str | list | tuple | Mapping) else 0
    if isinstance(said, list | tuple):
        size += sum(len(each) for each in said if isinstance(each, str))
    if size > MOST:
        raise TooManySteps(f"a variable holds more than {MOST:,} signs or values")
    return said


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
