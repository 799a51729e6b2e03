"""How long a step of a policy is: every function of CEL on large values, as the library takes it and as estimated.

    python -m bench.policy_steps

Prints what takes longest for its steps. What takes more than fifty nanoseconds a step is to be priced higher
(reconciler/policy/functions.py).
"""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from random import choices
from time import process_time

from reconciler.policy.cel import Failed, shared_environment, value
from reconciler.policy.objects import Change
from reconciler.policy.price import Price
from reconciler.policy.size import measure
from reconciler.policy.syntax import tree

FEW = 2_000
"""Steps below which looking at the object and the clock itself take longer."""
NAMES = tuple(each.name for each in fields(Change))
L, N, V = "change.columns", "change.name", "change.verdict"
PATTERNS = (
    "a", "(a+)+$b", "(?i)(email|iban|phone|birth)", "((a{0,30}){0,30})c", "\\\\pL{10}", "(a?){300}", "(a|b)*a(a|b){12}c", "(a|b)*a(a|b){100}c", "(a|ab|ba|b|aa|bb)*(a{1,9}b{1,9}){1,9}c",
    ".{0,100}x", "[^x]{0,100}y", "(?i)\\\\pL", "(.*)(.*)(.*)(.*)(.*)x", "\\\\w+@\\\\w+", "(a|aa|aaa|aaaa)*b", "[[:alpha:]]{9}",
    "(?i)(social.?security|passport|national.?id|tax.?id|drivers?.?licen[cs]e|account.?number|card.?number|email|phone)",
)  # fmt: skip
ON_TEXT = (
    f"{N} == {N}", f"{N} + {N} != ''", f"{N}.contains('b')", f"{N}.contains({V} + 'b')", f"{N}.indexOf({V} + 'b') == 1",
    f"{N}.lastIndexOf('b' + {V}) == 1", f"{N}.replace('a', 'bb') == ''", f"{N}.replace('', 'bb') == ''", f"{N}.split('') == []",
    f"{N}.split('a') == []", f"{N}.split('').join('xx') == ''", f"{N}.lowerAscii() == ''", f"{N}.reverse() == ''",
    f"{N}.trim() == ''", f"strings.quote({N}) == ''", f"{N}.size() == 1", f"{N}.charAt({N}.size() - 1) == ''",
    f"{N}.substring(1) == ''", f"bytes({N}) == b''", f"string(bytes({N})) == ''", f"{N}.startsWith({N})", f"{N} < {N}",
    f"{N}.endsWith({N})", f"'x' in {L}", f"{N} in {L}", f"[{N}, {N}, {N}].size() == 1", f"{{{N}: {N}}}.size() == 1",
    f"{L} == {L}", f"{L} + {L} != []", f"{L}.size() == 1", f"{L}.join() == ''", f"{L}[0] == ''", "change == change",
    f"{L}.all(b, b != '')", f"{L}.exists(b, b == 'x')", f"{L}.exists_one(b, b == 'x')", f"{L}.map(b, b).size() == 1",
    f"{L}.filter(b, b != '').size() == 1", f"{L}.map(b, b != '', b + b).size() == 1", "has(change.name)",
    f"{L}.map(b, {L}).size() == 1", f"{L}.map(b, {L}.map(c, c)).size() == 1", f"[{L}, {L}] == [{L}, {L}]",
    "int('12') > 1", "string(12) != ''", "timestamp('2020-01-01T00:00:00Z').getFullYear('Europe/Berlin') == 1",
    "duration('1h3m2s') == duration('2s')", "dyn(change) == dyn(change)", "type(change) == type(1)", "1 + 2 - 3 * 4 == 5",
    "1.5 / 2.5 == 3.0", "true && false || true", "change.rank == 0 ? 'a' == 'b' : 'c' == 'd'", "{'x': 1}['x'] == 1",
    "meshform.Change{name: 'x'} == change", "[1, 2, 3, 4, 5, 6, 7, 8, 9].size() == 1", "'é'.replace('', 'é') == ''",
)  # fmt: skip


def expressions() -> Iterator[str]:
    for said in (*ON_TEXT, *(f"{N}.matches('{pattern}')" for pattern in PATTERNS)):
        yield said
        yield f"{L}.exists(a, {said} && a == 'x')"
        yield f"{L}.exists(a, {L}.exists(z, {said} && z == 'x'))"


def things() -> Iterator[Change]:
    for many in (1, 20, 300, 1_500):
        for long in (5, 60, 1_000, 100_000):
            names = tuple(f"{number:0{min(long, 2_000)}d}" for number in range(many))
            yield Change(columns=names, name="".join(choices("ab", k=long)), verdict="a" * (long // 2))
        yield Change(columns=("x",) * many, name="a" * 900, verdict="ab")
    yield Change(columns=("x",) * 20, name="é" * 500, verdict="b")


def measured(said: str, thing: Change) -> tuple[float, int] | None:
    """Seconds of processor time, and the steps that were estimated; None for what would be refused."""
    environment = shared_environment("change")
    program = environment.compile(said)
    steps = Price(tree(program, {}), "change").of(NAMES, tuple(measure(getattr(thing, name)) for name in NAMES), {})
    if steps > 2_000_000:
        return None
    _, seen = environment.seen(thing, "2026-11-22", NAMES)
    best = 9.0
    for _ in range(3):
        began = process_time()
        with suppress(Failed):
            value(program, seen)
        best = min(best, process_time() - began)
    return best, steps


def main() -> None:
    found = []
    for said in expressions():
        for thing in things():
            one = measured(said, thing)
            if one is not None:
                found.append((1e9 * (one[0] - 6e-6) / one[1], *one, said, len(thing.columns), len(thing.name)))
    found = sorted((each for each in found if each[2] >= FEW), reverse=True)
    for each, seconds, steps, said, many, long in found[:25]:
        print(
            f"{each:7.1f} ns a step  {1000 * seconds:8.2f} ms  {steps:9,} steps  {many} columns, text {long}: {said[:90]}"
        )
    longest = max(found, key=lambda each: each[1])
    print(f"longest: {1000 * longest[1]:.1f} ms, {longest[2]:,} steps: {longest[3][:90]}")


if __name__ == "__main__":
    main()
