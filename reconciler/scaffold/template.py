"""Templates of documents, filled so that every YAML reads as text what is one: a product may be called `1e5`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Template

from reconciler.spec.yaml.flow import flow

_WHOLE = re.compile(r"^(?P<key> *[\w$-]+: )(?P<value>[^\s\"'#{\[$]*\$[^\s\"'#{\[]*)$", re.MULTILINE)
"""A value of its own on its line, with words to be filled in and no quotes."""


def filled(template: str, words: Mapping[str, object]) -> str:
    """The text with its `$words`; a word that stands alone as a value keeps its type (a date), others are text."""

    def whole(found: re.Match[str]) -> str:
        alone = words.get(found["value"].removeprefix("$"))
        value = alone if alone is not None else Template(found["value"]).substitute(words)
        return found["key"] + flow(value).replace("$", "$$")

    return Template(_WHOLE.sub(whole, template)).substitute(words)
