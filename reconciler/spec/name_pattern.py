"""Patterns of names, in which * stands for any signs or none: whether one fits a name, or two fit one name."""

from __future__ import annotations


def both_fit(one: str, other: str) -> bool:
    """Whether some name fits both patterns; a name without * is the pattern of itself."""
    # Row by row from the end: whether what is left of one and of the other fit some name.
    below = [True, *(False for _ in other)]
    for at in range(len(other) - 1, -1, -1):
        below[len(other) - at] = other[at] == "*" and below[len(other) - at - 1]
    for sign in reversed(one):
        row = [sign == "*" and below[0]]
        for at in range(len(other) - 1, -1, -1):
            left, up, both = row[-1], below[len(other) - at], below[len(other) - at - 1]
            row.append(left or up if "*" in (sign, other[at]) else sign == other[at] and both)
        below = row
    return below[-1]
