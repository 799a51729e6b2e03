"""CEL: expressions checked against the objects' types, and evaluated. The only module that knows the library.

Strings, lists and time as in https://github.com/google/cel-spec/blob/master/doc/langdef.md, strings with its extension.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, get_type_hints

from reconciler.errors import MeshformError
from reconciler.policy.objects import TYPES, Counts, Labels, Texts

_PACKAGE = "meshform"
_PLACE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


class NoCel(MeshformError):
    """The library that evaluates policies is not installed."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an expression, and where in it: line and column from 1."""

    line: int
    column: int
    text: str


def mistake_at(expression: str, offset: int, text: str) -> Mistake:
    """What is wrong at a sign of an expression, counted from 0."""
    before = expression[:offset]
    return Mistake(before.count("\n") + 1, offset - before.rfind("\n"), text)


class BadExpression(Exception):
    """An expression that is no CEL, or does not fit the objects."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(mistakes[0].text)
        self.mistakes = mistakes


class Failed(Exception):
    """An expression has no value for an object: a key that is not there."""


class TooManySteps(Failed):
    """The same, since evaluating it was given up."""


def _library() -> Any:
    try:
        from cel_expr_python import cel
    except ImportError as error:
        raise NoCel(
            "The mesh has policies, and what evaluates them is not installed.",
            hints=("install it: `pip install 'meshform[policy]'`",),
        ) from error
    return cel


@cache
def _messages() -> tuple[Any, Mapping[str, Any]]:
    """A pool with a message for each type of object, and its class."""
    _library()
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="meshform.proto", package=_PACKAGE, syntax="proto3")
    for word, of in TYPES.items():
        message = file.message_type.add(name=of.__name__)
        hints = get_type_hints(of)
        for number, each in enumerate(fields(of), 1):
            _field(message, number, each.name, hints[each.name], word)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    names = {word: f"{_PACKAGE}.{of.__name__}" for word, of in TYPES.items()}
    return pool, {
        word: message_factory.GetMessageClass(pool.FindMessageTypeByName(name)) for word, name in names.items()
    }


def _field(message: Any, number: int, name: str, hint: Any, word: str) -> None:
    of = type(message.field.add())
    scalar = {str: of.TYPE_STRING, int: of.TYPE_INT64, bool: of.TYPE_BOOL}
    entry = message.field[-1]
    entry.name, entry.number = name, number
    if hint in scalar:
        entry.type, entry.label = scalar[hint], of.LABEL_OPTIONAL
    elif hint == Texts:
        entry.type, entry.label = of.TYPE_STRING, of.LABEL_REPEATED
    else:
        assert hint in (Labels, Counts), f"{word}.{name} has a type that policies do not know"
        pair = message.nested_type.add(name=f"{name.title().replace('_', '')}Entry")
        pair.options.map_entry = True
        for position, (key, held) in enumerate((("key", str), ("value", str if hint == Labels else int)), 1):
            pair.field.add(name=key, number=position, type=scalar[held], label=of.LABEL_OPTIONAL)
        entry.type, entry.label = of.TYPE_MESSAGE, of.LABEL_REPEATED
        entry.type_name = f".{_PACKAGE}.{message.name}.{pair.name}"


Seen = tuple[Any, Any]
"""An object as a message, and an activation of it."""


class Environment:
    """Expressions over one kind of object, with variables of a policy that come before them."""

    def __init__(self, word: str) -> None:
        cel = _library()
        pool, messages = _messages()
        from cel_expr_python.ext import ext_strings

        self.word = word
        self.message = messages[word]
        self._cel, self._pool, self._extensions = cel, pool, [ext_strings.ExtStrings()]
        self._variables: dict[str, Any] = {}
        self._types = {word: cel.Type(f"{_PACKAGE}.{TYPES[word].__name__}"), "today": cel.Type.STRING}
        self._env = self._new()

    def _new(self) -> Any:
        return self._cel.NewEnv(self._pool, variables={**self._types, **self._variables}, extensions=self._extensions)

    def compile(self, expression: str, *wanted: str) -> Any:
        """A checked expression of one of the types wanted (`BOOL`, `STRING`; none: any). Raises BadExpression."""
        try:
            program = self._env.compile(_with_variables(expression))
        except RuntimeError as error:
            raise BadExpression(tuple(_mistakes(str(error)))) from error
        name = program.return_type().name()
        if wanted and name not in (*wanted, "DYN"):
            expected = {"BOOL": "true or false", "STRING": "a text"}[wanted[0]]
            raise BadExpression((Mistake(1, 1, f"it gives {name.lower()}; {expected} is needed"),))
        return program

    def declare(self, name: str, program: Any) -> None:
        """Let the expressions that follow use a variable."""
        self._variables[variable(name)] = program.return_type()
        self._env = self._new()

    def activation(self, thing: Any, today: str, variables: Mapping[str, Any] | None = None) -> Any:
        """An object as expressions see it."""
        more = {variable(name): value for name, value in (variables or {}).items()}
        return self._env.Activation({self.word: thing, "today": today, **more})

    def seen(self, thing: Any, today: str, names: Iterable[str]) -> Seen:
        """An object as the library takes it, with these fields, and as expressions without variables see it."""
        message = self.message(**{name: getattr(thing, name) for name in names})
        return message, self.activation(message, today)


@cache
def shared_environment(word: str) -> Environment:
    """The one of all policies over an object that declare nothing of their own."""
    return Environment(word)


def value(program: Any, activation: Any) -> Any:
    """The value of an expression. Raises Failed where it has none."""
    try:
        found = program.eval(activation)
    except RuntimeError as error:
        if "budget" in str(error):
            raise TooManySteps("it takes too many steps; look at one object, not at pairs of lists") from error
        raise Failed(str(error)) from error
    if found.type().name() == "ERROR":
        raise Failed(str(found.value()).partition(": ")[2] or str(found.value()))
    return found.plain_value()


def variable(name: str) -> str:
    """What the library calls a variable."""
    return f"variables_{name}"


def _with_variables(expression: str) -> str:
    """`variables.x` of an expression as the library's variable: as long as before, so that places stay."""
    return re.sub(r"\bvariables\.(?=[A-Za-z_])", "variables_", expression)


def _mistakes(text: str) -> list[Mistake]:
    found = [Mistake(int(line), int(column), said) for line, column, said in _PLACE.findall(text)]
    return [
        Mistake(each.line, each.column, each.text.removesuffix(" [INVALID_ARGUMENT]").replace(f"{_PACKAGE}.", ""))
        for each in found
    ] or [Mistake(1, 1, text.splitlines()[0])]
