"""No expression takes more than its price says: counted, not measured, over expressions that are made here."""

# A table of expressions is read down the page.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.policy.budget import AT_ONCE
from reconciler.policy.cel import Environment, TooManySteps, shared_environment, value
from reconciler.policy.objects import Change
from reconciler.policy.price import Price, Unpriced, cost
from reconciler.policy.size import measure, size_of
from reconciler.policy.syntax import tree

NAMES = tuple(each.name for each in fields(Change))
TICKS: list[None] = []


class Counting(Environment):
    """An environment whose `tick()` counts how often it is asked."""

    def _new(self) -> Any:
        cel = self._cel

        def tick() -> bool:
            TICKS.append(None)
            return True

        functions = [cel.FunctionDecl("tick", [cel.Overload("tick", cel.Type.BOOL, [], False, tick)])]
        variables = {**self._types, **self._variables}
        return cel.NewEnv(self._pool, variables=variables, extensions=self._extensions, functions=functions)


@pytest.fixture(scope="module")
def counting() -> Iterator[Environment]:
    yield Counting("change")
    TICKS.clear()


def price(expression: str, thing: Change) -> int:
    program = shared_environment("change").compile(expression)
    return Price(tree(program, {}), "change").of(NAMES, tuple(measure(getattr(thing, name)) for name in NAMES), {})


texts = st.text(st.sampled_from("ab_ é"), max_size=12)
things = st.builds(
    Change,
    columns=st.lists(texts, max_size=12).map(tuple),
    subscriptions=st.lists(texts, max_size=12).map(tuple),
    name=texts,
    verdict=texts,
)
lists = st.sampled_from(
    ("change.columns", "change.subscriptions", "['a', 'b', 'c']", "change.name.split('')", "change.columns.map(x, x + x)",
     "(change.columns + change.subscriptions)", "change.columns.filter(x, x != '')", "[change.name, 'b'].map(x, x)")
)  # fmt: skip


@st.composite
def loops(draw: st.DrawFn, depth: int = 0) -> str:
    """A quantifier over a list, in it others; whatever is asked of an element counts as TICK."""
    own = f"v{depth}"
    inner = [draw(loops(depth + 1)) for _ in range(draw(st.integers(0, 2 - depth)) if depth < 2 else 0)]
    body = " && ".join(["TICK", *inner, f"{own} != 'zz'"])
    over, macro = draw(lists), draw(st.sampled_from(("all", "exists", "exists_one", "filter", "map", "map3")))
    said = f"{over}.{macro.removesuffix('3')}({own}, {'true, ' if macro == 'map3' else ''}{body})"
    return said if macro in ("all", "exists", "exists_one") else f"{said}.size() >= 0"


@settings(max_examples=80)
@given(loops(), things)
def test_no_loop_is_gone_through_more_often_than_its_price(counting: Environment, loop: str, thing: Change) -> None:
    _, seen = counting.seen(thing, "2026-11-22", NAMES)
    TICKS.clear()
    stopped = False
    try:
        value(counting.compile(loop.replace("TICK", "tick()")), seen)
    except TooManySteps:
        stopped = True
    assert len(TICKS) <= price(loop.replace("TICK", "true"), thing)
    assert not (stopped and price(loop.replace("TICK", "true"), thing) < 10_000)


@st.composite
def growing(draw: st.DrawFn) -> str:
    """A text that is made from others."""
    said = draw(
        st.sampled_from(("change.name", "change.verdict", "'aé'", "change.columns.join('_')", "string(change.rank)"))
    )
    for _ in range(draw(st.integers(0, 4))):
        way = draw(st.sampled_from((
            "{0} + {0}", "{0} + change.verdict", "{0}.replace('a', 'bb')", "{0}.replace('', change.name)", "{0}.split('').join('__')",
            "{0}.split('a').join(change.name)", "{0}.lowerAscii()", "strings.quote({0})", "{0}.substring(0)", "{0}.trim()",
            "(change.gained ? {0} : {0} + 'x')", "[{0}, change.name].map(x, x + x).join()", "string(bytes({0}))", "{0}.reverse()",
            "change.columns.map(x, x + {0}).join(',')", "change.columns.filter(x, x != 'a').join({0})", "{{'k': {0}}}['k']",
        )))  # fmt: skip
        said = f"({way.format(said)})"
    return said


@settings(max_examples=80)
@given(growing(), things)
def test_no_text_becomes_longer_than_its_size_says(said: str, thing: Change) -> None:
    environment = shared_environment("change")
    program = environment.compile(said)
    scope = {"change": price_size(thing)}
    steps, size = cost(tree(program, {}), scope)
    if steps <= AT_ONCE:
        _, seen = environment.seen(thing, "2026-11-22", NAMES)
        made = value(program, seen).encode()
        assert len(made) <= size.length
        assert len(made) <= 16 * steps


def price_size(thing: Change) -> Any:
    from reconciler.policy.size import Size

    return Size(fields={name: size_of(measure(getattr(thing, name))) for name in NAMES})


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to nest something in itself: {0} is what stands within."""

    name: str
    said: str


NESTS = [
    Shape("all", "change.columns.all({v}, {0})"),
    Shape("exists_one", "change.columns.exists_one({v}, {0})"),
    Shape("filter", "change.columns.filter({v}, {0}).size() > 0"),
    Shape("map", "change.columns.map({v}, {0}).size() > 0"),
    Shape("written out", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all({v}, {0})"),
    Shape("split", "change.name.split('').all({v}, {0})"),
    Shape("mixed", "change.columns.exists({v}, change.name.split('').filter({v}w, {0}).size() > 0)"),
]


@pytest.mark.parametrize("shape", NESTS, ids=lambda each: each.name)
def test_each_level_multiplies_the_price(shape: Shape) -> None:
    """With ten elements a level, seven levels are more than any policy may take, and each is ten times the last."""
    thing = Change(columns=tuple("abcdefghij"), name="abcdefghij")
    said, before = "change.gained", 1
    for level in range(3 if shape.name == "mixed" else 7):
        said = shape.said.format(said, v=f"v{level}")
        now = price(said, thing)
        assert now >= 10 * before
        before = now
    assert before > AT_ONCE


@pytest.mark.parametrize("said", ["'%s'.format([change.name]) == ''"])
def test_a_function_without_a_price_is_told(said: str) -> None:
    with pytest.raises(Unpriced, match="format"):
        price(said, Change())


D, T = "duration('1h')", "timestamp('2020-01-01T00:00:00Z')"
SCALARS = (
    "1 - 2",
    "2 * 3",
    "4 / 2",
    "5 % 2",
    "-change.rank",
    "!change.gained",
    "int('1')",
    "uint('1')",
    "double('1')",
)
TIMES = (f"{T} - {T}", f"{T} + {D}", f"{D} + {D}", f"{T} < {T}", f"{D} == {D}", f"int({T})", f"string({D})")
GETTERS = (
    "FullYear",
    "Month",
    "Date",
    "DayOfMonth",
    "DayOfWeek",
    "DayOfYear",
    "Hours",
    "Minutes",
    "Seconds",
    "Milliseconds",
)
ON_TEXT = (
    *(
        "contains('a')",
        "startsWith('a')",
        "endsWith('a')",
        "matches('a')",
        "indexOf('a')",
        "lastIndexOf('a')",
        "charAt(0)",
    ),
    *(
        "lowerAscii()",
        "upperAscii()",
        "replace('a', 'b')",
        "replace('a', 'b', 1)",
        "split('a')",
        "split('a', 2)",
        "trim()",
    ),
    *("substring(0)", "substring(0, 1)", "reverse()", "size()", "indexOf('a', 1)", "lastIndexOf('a', 1)"),
)
OTHERS = (
    *(
        "type(change)",
        "dyn(change)",
        "bytes('a')",
        "string(b'a')",
        "b'a' + b'b'",
        "bool('true')",
        "[1] + [2]",
        "[1][0]",
    ),
    *(
        "{'a': 1}['a']",
        "'a' in change.columns",
        "'a' in {'a': 1}",
        "has(change.name)",
        "strings.quote('a')",
        "['a'].join()",
    ),
    *(
        "{'a': 1}.a",
        "change.gained ? 1 : 2",
        "meshform.Change{name: 'a'}",
        "meshform.Change{name: 'a'}.name",
        "1 <= 2",
    ),
    *(
        "1 > 2 || 1 >= 2 && 1 != 2",
        "null",
        "1.5",
        "2u",
        "change.columns.all(x, x != '')",
        "{'a': 1}.all(k, k != '')",
    ),
)
KNOWN = (
    *SCALARS,
    *TIMES,
    *(f"{T}.get{each}('UTC')" for each in GETTERS),
    *(f"change.name.{each}" for each in ON_TEXT),
    *OTHERS,
)


def test_everything_that_the_library_knows_has_a_price() -> None:
    """Each function of the standard, and of the extension for texts."""
    assert all(price(each, Change()) > 0 for each in KNOWN)
