"""Price: how many steps an expression takes at most, by its tree and the sizes of what it looks at.

As Kubernetes estimates its policies, https://kubernetes.io/docs/reference/using-api/cel/#resource-constraints; here
by the sizes that an object has, not those that a schema allows.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.policy.functions import Cost, cost_of
from reconciler.policy.size import SCALAR, Measure, Size, larger, size_of, size_of_constant
from reconciler.policy.syntax import Call, Constant, Entries, Identifier, Listing, Loop, Node, Selection

Scope = Mapping[str, Size]


class Unpriced(Exception):
    """An expression uses a function of which nobody knows what it takes."""


class Price:
    """The price of one expression. Objects of the same measures have the same."""

    def __init__(self, tree: Node, word: str) -> None:
        self.tree, self._word = tree, word
        self._known: dict[tuple[object, ...], int] = {}

    def of(self, names: tuple[str, ...], measures: tuple[Measure, ...], variables: Mapping[str, Measure]) -> int:
        """Steps for an object with such fields, and such variables. Raises Unpriced."""
        key = (names, measures, *variables.items()) if variables else measures
        found = self._known.get(key)
        if found is None:
            sizes = map(size_of, measures)
            thing = Size(fields=dict(zip(names, sizes, strict=True)))
            scope = {self._word: thing, **{name: size_of(each) for name, each in variables.items()}}
            found = self._known[key] = cost(self.tree, scope)[0]
        return found


def cost(node: Node, scope: Scope) -> Cost:
    match node:
        case Constant(text):
            return 1, SCALAR if text is None else size_of_constant(text)
        case Identifier(name):
            found = scope.get(name, SCALAR)
            return 1 + (0 if found.fields or found.of else found.weight), found
        case Selection(operand, field):
            steps, of = cost(operand, scope)
            found = of.fields.get(field) or of.of or SCALAR
            return steps + 1 + (found.weight if found.of is None else 0), found
        case Call(function, arguments):
            return _called(function, [cost(each, scope) for each in arguments])
        case Listing(elements):
            costs = [cost(each, scope) for each in elements]
            of = larger(size for _, size in costs)
            return 1 + sum(steps + 1 for steps, _ in costs), Size(len(costs), of)
        case Entries(pairs):
            costs = [cost(each, scope) for pair in pairs for each in pair]
            return 1 + sum(steps + 5 for steps, _ in costs), Size(len(pairs), larger(size for _, size in costs))
        case Loop():
            return _looped(node, scope)


def _called(function: str, arguments: list[Cost]) -> Cost:
    found = cost_of(function, [size for _, size in arguments])
    if found is None:
        raise Unpriced(function)
    return sum(steps for steps, _ in arguments) + found[0], found[1]


def _looped(loop: Loop, scope: Scope) -> Cost:
    before, over = cost(loop.over, scope)
    times, element = over.length, over.of or SCALAR
    inside = {**scope, loop.variable: element, loop.accumulator: SCALAR}
    if isinstance(loop.start, Listing):
        # `map` and `filter`: the list so far is copied for each element that comes to it.
        steps, of = _gathered(loop.step, loop.accumulator, inside)
        return before + 2 + times * (steps + 3) + times * times, Size(times, of)
    each = cost(loop.condition, inside)[0] + cost(loop.step, inside)[0]
    return before + 2 + times * (each + element.weight) + cost(loop.result, inside)[0], SCALAR


def _gathered(step: Node, accumulator: str, scope: Scope) -> Cost:
    """What one element costs, and how large what is added is."""
    match step:
        case Call("_?_:_", (condition, added, Identifier(name))) if name == accumulator:
            steps, of = _gathered(added, accumulator, scope)
            return steps + cost(condition, scope)[0], of
        case Call("_+_", (Identifier(name), Listing((element,)))) if name == accumulator:
            return cost(element, scope)
    raise Unpriced("a loop of a kind that is not known")
