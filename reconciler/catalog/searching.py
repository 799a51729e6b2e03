"""Search: products, tables, columns and all else that has a name, by words, also misspelt ones; the best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from reconciler.catalog.others import others
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing
from reconciler.spec.tags import effective_tags

_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.8
"""How much of two words has to be the same for one to be the other misspelt."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: what it is, its address (`product.table.column` as far as it goes), and its meaning."""

    kind: str
    name: str
    product: str
    description: str
    labels: tuple[str, ...]
    score: int
    retires: str = ""
    """The last day on which it is there; empty where no end is announced."""
    going: str = ""
    """How it goes, where that is no day."""


def search(mesh: Mesh, words: Sequence[str]) -> list[Hit]:
    """What fits all words, the best first. A word in a name counts more than one in a description."""
    asked = [word.casefold() for text in words for word in _WORD.findall(text)]
    scored = (_scored(each, asked) for each in _everything(mesh)) if asked else ()
    return sorted((hit for hit in scored if hit.score), key=lambda hit: (-hit.score, _ORDER.index(hit.kind), hit.name))


_ORDER = ("product", "table", "column", "domain", "tag", "value", "consumer", "subscription", "team")


def _everything(mesh: Mesh) -> Iterator[Hit]:
    for product in mesh.products.values():
        own = (product.domain, *product.tags.values(), product.classification or "")
        yield Hit("product", product.name, product.name, product.description, own, 0, _last_day(Thing(product)))
        for table in product.tables:
            name = f"{product.name}.{table.name}"
            own, day = tuple(table.tags.values()), _last_day(Thing(product, table))
            yield Hit("table", name, product.name, table.description or "", own, 0, day)
            for column in table.columns:
                own = tuple(effective_tags(mesh, product, table, column).values())
                day, said = _last_day(Thing(product, table, column)), column.description or ""
                yield Hit("column", f"{name}.{column.name}", product.name, said, own, 0, day)
            day = _last_day(Thing(product, table))
            for key in table.partition_keys:
                yield Hit("column", f"{name}.{key.name}", product.name, key.description or "", (), 0, day)
    for each in others(mesh):
        last = str(each.until or "")
        yield Hit(each.kind, each.name, "", each.description, (each.within,), 0, last, "" if last else each.going)


def _last_day(thing: Thing) -> str:
    return str(thing.first.until) if thing.first else ""


def _scored(hit: Hit, asked: Sequence[str]) -> Hit:
    """The hit with how well it fits; 0 where a word fits nowhere."""
    own = _words(hit.name.rpartition(".")[2] if hit.product else hit.name)
    around, meaning, labels = _words(hit.name), _words(hit.description), _words(" ".join(hit.labels))
    total = 0
    for word in asked:
        best = max(
            _fits(word, own) * 8,
            _fits(word, around) * 2 if hit.kind != "product" else 0,
            _fits(word, meaning) * 3,
            _fits(word, labels) * 2,
        )
        if not best:
            return hit
        total += best
    return replace(hit, score=total)


def _fits(word: str, words: frozenset[str]) -> int:
    """3 for the word itself, 2 for its beginning, 1 for a word that is nearly it."""
    if word in words:
        return 3
    if any(each.startswith(word) for each in words):
        return 2
    return int(any(_alike(word, each) for each in words))


@lru_cache(maxsize=65_536)
def _alike(word: str, other: str) -> bool:
    if min(len(word), len(other)) < 4 or abs(len(word) - len(other)) > 2:
        return False
    return SequenceMatcher(None, word, other).ratio() >= _ALIKE


@lru_cache(maxsize=65_536)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
