"""The heading of a document: its kind, its name and whom it names, without reading the rest of it.

A history has tens of thousands of texts; most were valid once and many are not any more, so none is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIELD = re.compile(r"^(kind|name|consumer|product|subscription|principal|policy|domain):[ \t]*(.*?)[ \t]*\r?$", re.M)
_QUOTED = re.compile(r"""^(?:"([^"]*)"|'([^']*)')(?:\s+#.*)?$""")
NAMES = ("consumer", "product", "subscription", "principal", "policy", "domain")


@dataclass(frozen=True, slots=True)
class Heading:
    """`names` are the things of the mesh that it speaks of, as (kind, name)."""

    kind: str
    name: str
    names: tuple[tuple[str, str], ...]


def heading(text: str) -> Heading:
    """The heading of a text; empty where it is no document."""
    said: dict[str, str] = {}
    for field, value in _FIELD.findall(text):
        quoted = _QUOTED.match(value)
        plain = (quoted[1] or quoted[2] or "") if quoted else value.split(" #", 1)[0].strip()
        said.setdefault(field, plain)
    # `domain/product` names the product.
    names = ((key, said[key].rpartition("/")[2] if key == "product" else said[key]) for key in NAMES if said.get(key))
    return Heading(said.get("kind", ""), said.get("name", ""), tuple(names))
