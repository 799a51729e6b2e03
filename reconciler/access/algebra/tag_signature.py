"""TagSignature: a table as tag policies see it. Tables with the same tags in the same places share one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.model.lakeformation import Expression

Tags = Mapping[str, str]
ANY = "*"
"""As a value in an expression: the key is there, with whatever value."""

Key = tuple[tuple[tuple[str, str], ...], tuple[tuple[tuple[str, str], ...], ...], int, bool]


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
    carriers: Mapping[tuple[str, str], int]
    words: tuple[tuple[str, str], ...]
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
            found = self._values[key] = tuple(dict((*inherited, *own)).get(key) for own in columns)
        return found

    def tags(self, number: int) -> tuple[tuple[str, str], ...]:
        """The effective tags of a column by its number, sorted by key."""
        inherited, columns, _, _ = self.key
        return tuple(sorted({**dict(inherited), **dict(columns[number])}.items()))

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


def signature_key(inherited: Tags, columns: Iterable[Tags | None], partitions: int, is_view: bool) -> Key:
    """What identifies a signature: the table's tags, what each column says itself, how many are partition keys.

    A column that says what it inherits anyway is the same as one that says nothing.
    """
    return (
        tuple(sorted(inherited.items())),
        tuple(
            tuple(sorted((key, value) for key, value in own.items() if inherited.get(key) != value)) if own else ()
            for own in columns
        ),
        partitions,
        is_view,
    )


def signature_of(key: Key) -> TagSignature:
    """The signature of a key.

    Inheritance is key by key: tables inherit from databases, columns from tables, what is written below prevails.
    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
    """
    inherited, columns, partitions, is_view = key
    count = len(columns)
    everything = (1 << count) - 1
    own = dict(inherited)
    carriers: dict[tuple[str, str], int] = {}
    for name, value in inherited:
        carriers[name, value] = carriers[name, ANY] = everything
    for number, overrides in enumerate(columns):
        bit = 1 << number
        for name, value in overrides:
            if name in own:
                carriers[name, own[name]] &= ~bit
            carriers[name, value] = carriers.get((name, value), 0) | bit
            carriers[name, ANY] = carriers.get((name, ANY), 0) | bit
    data = (1 << (count - partitions)) - 1
    words = carriers.keys() | own.items() | {(name, ANY) for name in own}
    return TagSignature(key, data, everything & ~data, is_view, own, carriers, tuple(sorted(words)))
