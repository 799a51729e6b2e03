"""Did you mean ...? The name that somebody probably wanted to write."""

from __future__ import annotations

from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known name nearest to a word; None when none is near. The same for every order of `known`."""
    from difflib import get_close_matches

    by_folded: dict[str, str] = {}
    for each in sorted(known, reverse=True):
        by_folded[each.lower()] = each
    near = get_close_matches(word[:200].lower(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean x?)` to end a sentence with, or nothing."""
    near = closest(word, known)
    return f" (did you mean {near}?)" if near else ""
