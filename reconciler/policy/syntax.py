"""Syntax: a checked expression as a tree, read from what the library writes of it.

The message is cel.expr.CheckedExpr: https://github.com/google/cel-spec/blob/master/proto/cel/expr/checked.proto.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is written out; `text` where it is one."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name: of the object, a variable, or what a quantifier goes by."""

    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A field of something."""

    operand: Node
    field: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator; what a method is called on stands first."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is written out."""

    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """A map or an object that is written out, as pairs; an object's keys are no expressions."""

    pairs: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """What the macros `all`, `exists`, `exists_one`, `map` and `filter` become."""

    variable: str
    over: Node
    accumulator: str
    start: Node
    condition: Node
    step: Node
    result: Node


Node = Constant | Identifier | Selection | Call | Listing | Entries | Loop


def tree(program: Any, constants: Mapping[str, Constant]) -> Node:
    """The tree of an expression; names of variables that are texts written out are taken for these."""
    wrapped = _message("Any").FromString(program.serialize())
    return _node(_message("CheckedExpr").FromString(wrapped.value).expr, constants)


def _node(raw: bytes, constants: Mapping[str, Constant]) -> Node:
    expr = _message("Expr").FromString(raw)

    def nodes(found: Any) -> tuple[Node, ...]:
        return tuple(_node(each, constants) for each in found)

    if expr.HasField("ident_expr"):
        name = expr.ident_expr.name
        return constants.get(name, Identifier(name))
    if expr.HasField("select_expr"):
        return Selection(_node(expr.select_expr.operand, constants), expr.select_expr.field)
    if expr.HasField("call_expr"):
        call = expr.call_expr
        return _folded(Call(call.function, nodes([*([call.target] if call.target else []), *call.args])))
    if expr.HasField("list_expr"):
        return Listing(nodes(expr.list_expr.elements))
    if expr.HasField("struct_expr"):
        pairs = ((each.map_key, each.value) for each in expr.struct_expr.entries)
        return Entries(tuple((_node(key, constants), _node(value, constants)) for key, value in pairs))
    if expr.HasField("comprehension_expr"):
        loop = expr.comprehension_expr
        inside = {name: text for name, text in constants.items() if name not in (loop.iter_var, loop.accu_var)}
        over, start = nodes((loop.iter_range, loop.accu_init))
        condition, step, result = (_node(each, inside) for each in (loop.loop_condition, loop.loop_step, loop.result))
        return Loop(loop.iter_var, over, loop.accu_var, start, condition, step, result)
    constant = expr.const_expr
    return Constant(constant.string_value) if constant.HasField("string_value") else Constant()


_SHORT = 1_000


def _folded(call: Call) -> Node:
    """Texts written out and put together are a text written out; variables could double it, so only short ones."""
    match call:
        case Call("_+_", (Constant(str() as left), Constant(str() as right))) if len(left + right) <= _SHORT:
            return Constant(left + right)
    return call


_FIELDS: Mapping[str, Mapping[int, tuple[str, str]]] = {
    "Any": {2: ("value", "bytes")},
    "CheckedExpr": {4: ("expr", "bytes")},
    "Expr": {
        3: ("const_expr", "Constant"),
        4: ("ident_expr", "Ident"),
        5: ("select_expr", "Select"),
        6: ("call_expr", "Call"),
        7: ("list_expr", "CreateList"),
        8: ("struct_expr", "CreateStruct"),
        9: ("comprehension_expr", "Comprehension"),
    },
    "Constant": {6: ("string_value", "string")},
    "Ident": {1: ("name", "string")},
    "Select": {1: ("operand", "bytes"), 2: ("field", "string")},
    "Call": {1: ("target", "bytes"), 2: ("function", "string"), 3: ("args", "bytes*")},
    "CreateList": {1: ("elements", "bytes*")},
    "CreateStruct": {2: ("entries", "Entry*")},
    "Entry": {3: ("map_key", "bytes"), 4: ("value", "bytes")},
    "Comprehension": {
        1: ("iter_var", "string"),
        2: ("iter_range", "bytes"),
        3: ("accu_var", "string"),
        4: ("accu_init", "bytes"),
        5: ("loop_condition", "bytes"),
        6: ("loop_step", "bytes"),
        7: ("result", "bytes"),
    },
}
"""What is read of each message. Expressions within one are bytes, since protobuf reads a hundred levels at once."""


@cache
def _messages() -> Mapping[str, Any]:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="tree.proto", package="tree", syntax="proto2")
    for name, each in _FIELDS.items():
        message = file.message_type.add(name=name)
        for number, (field, said) in each.items():
            word = said.removesuffix("*")
            added = message.field.add(name=field, number=number, label=3 if said != word else 1)
            if word in ("bytes", "string"):
                added.type = added.TYPE_BYTES if word == "bytes" else added.TYPE_STRING
            else:
                added.type, added.type_name = added.TYPE_MESSAGE, f".tree.{word}"
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tree.{name}")) for name in _FIELDS}


def _message(name: str) -> Any:
    return _messages()[name]
