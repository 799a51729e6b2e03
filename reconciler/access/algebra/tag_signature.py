"""TagSignature: a table as tag policies see it. Tables with the same tags in the same places share one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from reconciler.model.lakeformation import Expression

Tags = Mapping[str, str]
ANY = "*"
"""As a value in an expression: the key is there, with whatever value."""

Word = tuple[str, str]
TagSet = tuple[Word, ...]
"""Keys with their values, sorted by key. A mesh has few different ones for many columns: equal ones are one object."""

Key = tuple[TagSet, tuple[TagSet, ...], int, bool]


@dataclass(frozen=True, slots=True)
class Match:
    """What an expression finds in a signature: the columns that match, and whether the table's own tags do."""

    columns: int
    table: bool


@dataclass(slots=True, eq=False)
class TagSignature:
    """Effective tags by column, inverted: each (key, value) with the columns (as bits) that carry it.

    key    what two signatures have in common exactly if they are the same, in whatever state
    data   the columns, without partition keys
    words  every (key, value) that an expression may find here, (key, `*`) included
    keys   the columns that are partition keys: whoever reads a column reads them
    """

    key: Key
    data: int
    keys: int
    is_view: bool
    own: Tags
    carriers: Mapping[Word, int]
    words: tuple[Word, ...]
    _matches: dict[Expression, Match] = field(default_factory=dict)
    _values: dict[str, tuple[str | None, ...]] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """Every column, partition keys included."""
        return self.data | self.keys

    def values(self, key: str) -> tuple[str | None, ...]:
        """The value of a tag key on every column, None where it has none."""
        found = self._values.get(key)
        if found is None:
            inherited, columns, _, _ = self.key
            by_own = {own: dict((*inherited, *own)).get(key) for own in {*columns}}
            found = self._values[key] = tuple(by_own[own] for own in columns)
        return found

    def tags(self, number: int) -> TagSet:
        """The effective tags of a column by its number, sorted by key."""
        inherited, columns, _, _ = self.key
        return overridden(inherited, columns[number])

    def match(self, terms: Expression) -> Match:
        """The columns whose effective tags have every key of the expression with one of its values.

        https://docs.aws.amazon.com/lake-formation/latest/dg/managing-dl-tutorial.html
        """
        found = self._matches.get(terms)
        if found is None:
            columns = self.all if terms else 0
            for key, values in terms:
                carrying = 0
                for value in values:
                    carrying |= self.carriers.get((key, value), 0)
                columns &= carrying
            table = bool(terms) and all(
                key in self.own and (ANY in values or self.own[key] in values) for key, values in terms
            )
            found = self._matches[terms] = Match(columns, table)
        return found


@lru_cache(maxsize=100_000)
def with_tag(tags: TagSet, key: str, value: str) -> TagSet:
    """Tags with one more, or with another value of one."""
    return tuple(sorted((_word(key, value), *(word for word in tags if word[0] != key))))


@lru_cache(maxsize=100_000)
def overridden(inherited: TagSet, own: TagSet) -> TagSet:
    """What is inherited, but where something else is said below: key by key.

    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
    """
    for key, value in own:
        inherited = with_tag(inherited, key, value)
    return inherited


def signature_key(inherited: TagSet, columns: Iterable[TagSet], partitions: int, is_view: bool) -> Key:
    """What identifies a signature: the table's tags, what each column says itself, how many are partition keys.

    A column that says what it inherits anyway is the same as one that says nothing.
    """
    return (inherited, tuple(_beyond(inherited, tags) for tags in columns), partitions, is_view)


def signature_of(key: Key) -> TagSignature:
    """The signature of a key."""
    inherited, columns, partitions, is_view = key
    count = len(columns)
    everything = (1 << count) - 1
    own = dict(inherited)
    carriers: dict[Word, int] = {}
    for word in inherited:
        carriers[word] = carriers[_word(word[0], ANY)] = everything
    saying: dict[TagSet, int] = {}
    for number, overrides in enumerate(columns):
        saying[overrides] = saying.get(overrides, 0) | 1 << number
    for overrides, those in saying.items():
        for word in overrides:
            name = word[0]
            if name in own:
                carriers[name, own[name]] &= ~those
            carriers[word] = carriers.get(word, 0) | those
            anything = _word(name, ANY)
            carriers[anything] = carriers.get(anything, 0) | those
    data = (1 << (count - partitions)) - 1
    return TagSignature(key, data, everything & ~data, is_view, own, carriers, tuple(sorted(carriers)))


@lru_cache(maxsize=100_000)
def _beyond(inherited: TagSet, tags: TagSet) -> TagSet:
    """Without what is inherited anyway."""
    return tuple(word for word in tags if word not in inherited)


@lru_cache(maxsize=100_000)
def _word(key: str, value: str) -> Word:
    """A key with a value: one object for all tables that carry it."""
    return key, value
