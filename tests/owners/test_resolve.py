"""Whom GitHub asks about a path: judged by the `codeowners` package, and by the examples of GitHub's page."""

from __future__ import annotations

import pytest
from codeowners import CodeOwners
from hypothesis import given
from hypothesis import strategies as st

from reconciler.owners.resolve import resolver

NAMES = st.sampled_from(["a", "b", "ab", "c.d", "x-1", "X"])
PARTS = NAMES | st.sampled_from(["*", "a*", "*.d", "?b", "**"])
PATTERNS = st.builds(
    lambda start, parts, end: f"{start}{'/'.join(parts)}{end}",
    st.sampled_from(["", "/"]),
    st.lists(PARTS, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
).filter(lambda pattern: "**/**" not in pattern and pattern.strip("/") != "**" and "**/ " not in f"{pattern} ")
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@given(st.lists(st.tuples(PATTERNS, st.sampled_from(["", "@a", "@a @b", "@o/t"])), max_size=4), PATHS)
def test_it_agrees_with_the_package(lines: list[tuple[str, str]], path: str) -> None:
    text = "\n".join(f"{pattern} {owners}" for pattern, owners in lines)
    assert list(resolver(text).owners(path)) == [name for _, name in CodeOwners(text).of(path)]


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("*", ["a", "a/b.js"], []),
        ("*.js", ["a.js", "x/y.js"], ["a.ts"]),
        ("/build/logs/", ["build/logs/x", "build/logs/a/b"], ["x/build/logs/y", "build/logs"]),
        ("docs/*", ["docs/a.md"], ["docs/build/a.md", "x/docs/a.md"]),
        ("apps/", ["apps/x", "a/apps/b/c"], ["apps"]),
        ("/docs/", ["docs/a/b"], ["x/docs/a"]),
        ("/scripts/", ["scripts/a"], []),
        ("**/logs", ["build/logs", "scripts/logs/x", "deeply/nested/logs"], ["logs.txt"]),
        ("/apps/**", ["apps/a", "apps/a/b"], ["x/apps/a"]),
        ("/apps/**/github", ["apps/github", "apps/x/github", "apps/x/y/github/z"], ["apps/xgithub", "apps/x"]),
        ("/a?c", ["abc", "a-c/x"], ["a/c", "ac", "abbc"]),
        ("/apps/X/", ["apps/X/a"], ["apps/X", "apps/a"]),
        ("/apps/github", ["apps/github", "apps/github/x"], ["apps/githubs"]),
    ],
)
def test_the_examples_of_githubs_page(pattern: str, fits: list[str], fits_not: list[str]) -> None:
    found = resolver(f"{pattern} @x")
    assert all(found.owners(path) == ("@x",) for path in fits)
    assert not any(found.owners(path) for path in fits_not)


def test_the_last_line_counts_alone_and_what_github_does_not_read_is_skipped() -> None:
    found = resolver("* @a\n/x/ @b\n/x/y\n!/x/y @c\n[ab] @d\n# z @e\n")
    assert found.owners("x/y") == ()
    assert found.owners("x/z") == ("@b",)
    assert found.owners("a") == found.owners("[ab]") == found.owners("!/x/y") == ("@a",)
