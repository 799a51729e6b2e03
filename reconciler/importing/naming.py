"""Names for what was found: from the evidence, or from what people say; two alike are numbered in sorted order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LONGEST = 50
_UNFIT = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """A text as a name of the mesh language: lower case, digits and hyphens; `x` where nothing is left."""
    return _UNFIT.sub("-", text.lower()).strip("-")[:_LONGEST].rstrip("-") or "x"


@dataclass(slots=True)
class Names:
    """Names that are given once for each sort of thing; the first word of `what` is the sort.

    `given` are those that people chose, by what they name.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    _taken: set[tuple[str, str]] = field(default_factory=set)
    _known: dict[str, str] = field(default_factory=dict)

    def taken(self, what: str, hint: str) -> str:
        """The name of something: as people say, as before, or after the hint, with a number where that is taken."""
        if what not in self._known:
            sort, wanted = what.partition(" ")[0], self.given.get(what) or slug(hint)
            name, number = wanted, 1
            while (sort, name) in self._taken:
                number += 1
                name = f"{wanted[: _LONGEST - len(str(number)) - 1]}-{number}"
            self._taken.add((sort, name))
            self._known[what] = name
        return self._known[what]
