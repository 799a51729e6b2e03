"""What is changed in a mutant: mutmut's operators that a type checker lets pass, and those that decide who is in a set.

Left out of mutmut's are those whose mutants mypy refuses or that any test kills (None for a value, an argument less,
text for people); taken in is what this code is made of: conditions of comprehensions, `any` and `all`, unions, what is
yielded.
"""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from mutmut.mutation import mutators

OPPOSITE = {"any": "all", "all": "any"}


def negated(node: cst.If | cst.CompIf) -> Iterable[cst.CSTNode]:
    """The other way round. Comparisons and `not` have operators of their own."""
    if not isinstance(node.test, cst.Comparison | cst.UnaryOperation):
        test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


def one_side(node: cst.BooleanOperation | cst.BinaryOperation) -> Iterable[cst.CSTNode]:
    """Without the other one: of `a and b` each, of `a | b` each, of `a - b` the first."""
    sides = [node.left] if isinstance(node.operator, cst.Subtract | cst.Modulo) else [node.left, node.right]
    for side in sides:
        yield side.with_changes(lpar=[*node.lpar, *side.lpar], rpar=[*side.rpar, *node.rpar])


def any_or_all(node: cst.Call) -> Iterable[cst.CSTNode]:
    if isinstance(node.func, cst.Name) and node.func.value in OPPOSITE:
        yield node.with_changes(func=cst.Name(OPPOSITE[node.func.value]))


def without_part(node: cst.Tuple | cst.List | cst.Set) -> Iterable[cst.CSTNode]:
    """A collection without one of the others that are put in with a star."""
    for place, element in enumerate(node.elements):
        if isinstance(element, cst.StarredElement) and len(node.elements) > 1:
            rest = [*node.elements[:place], *node.elements[place + 1 :]]
            yield node.with_changes(elements=[each.with_changes(comma=cst.Comma()) for each in rest])


def nothing_given(node: cst.Yield) -> Iterable[cst.CSTNode]:
    yield node.with_changes(value=cst.From(cst.Tuple([])), lpar=node.lpar, rpar=node.rpar)


def word(node: cst.SimpleString) -> Iterable[cst.CSTNode]:
    """Another one. Text for people is left as it is."""
    if " " not in node.value:
        yield from list(mutators.operator_string(node))[:1]


OPERATORS: mutators.OPERATORS_TYPE = [
    (cst.BaseNumber, mutators.operator_number),
    (cst.SimpleString, word),
    (cst.Name, mutators.operator_name),
    (cst.UnaryOperation, mutators.operator_remove_unary_ops),
    (cst.CSTNode, mutators.operator_keywords),
    (cst.ComparisonTarget, mutators.operator_swap_op),
    (cst.AugAssign, mutators.operator_augmented_assignment),
    (cst.Match, mutators.operator_match),
    (cst.IfExp, mutators.operator_if_exp),
    (cst.If, negated),
    (cst.CompIf, negated),
    (cst.BooleanOperation, one_side),
    (cst.BinaryOperation, one_side),
    (cst.Call, any_or_all),
    (cst.Tuple, without_part),
    (cst.List, without_part),
    (cst.Set, without_part),
    (cst.Yield, nothing_given),
]
