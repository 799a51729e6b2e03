"""Rules of Glue Data Quality: which there are, and whether a text is one.

https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types.html
"""

from __future__ import annotations

import re

RULE_TYPES = (
    "AggregateMatch",
    "ColumnCorrelation",
    "ColumnCount",
    "ColumnDataType",
    "ColumnExists",
    "ColumnLength",
    "ColumnNamesMatchPattern",
    "ColumnValues",
    "Completeness",
    "CustomSql",
    "DataFreshness",
    "DatasetMatch",
    "DetectAnomalies",
    "DistinctValuesCount",
    "Entropy",
    "FileFreshness",
    "FileMatch",
    "FileSize",
    "FileUniqueness",
    "IsComplete",
    "IsPrimaryKey",
    "IsUnique",
    "Mean",
    "ReferentialIntegrity",
    "RowCount",
    "RowCountMatch",
    "SchemaMatch",
    "StandardDeviation",
    "Sum",
    "UniqueValueRatio",
    "Uniqueness",
)

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', re.DOTALL)
# A rule begins the text, or stands in brackets of a composite rule: (IsComplete "a") and (IsUnique "a").
_HEAD = re.compile(r"(?:^|(?:^|\band|\bor|\()\s*\()\s*(\w+)")
_PAIRS = {")": "(", "]": "["}


class NotARule(ValueError):
    """The text is no rule of DQDL; says why. `word` is the type of rule that does not exist, if it is that."""

    def __init__(self, why: str, word: str = "") -> None:
        super().__init__(why)
        self.word = word


def check(text: str) -> None:
    """NotARule for a text that is no single rule: of an unknown type, or with quotes or brackets that do not match."""
    bare = _QUOTED.sub('""', text.strip())
    if '"' in bare.replace('""', "") or "'" in bare:
        raise NotARule("opens a quote that is not closed")
    opened: list[str] = []
    for sign in bare:
        if sign in "([":
            opened.append(sign)
        elif sign in ")]" and (not opened or opened.pop() != _PAIRS[sign]):
            raise NotARule(f"closes a bracket {sign} that was not opened")
        elif sign == "," and not opened:
            raise NotARule("holds a comma outside of brackets; write each rule as an entry of its own")
    if opened:
        raise NotARule(f"opens a bracket {opened[-1]} that is not closed")
    heads = _HEAD.findall(bare)
    if not heads:
        raise NotARule("begins with no type of rule")
    for word in heads:
        if word not in RULE_TYPES:
            raise NotARule(f"is of no type that Glue knows: {word}", word)


_NAMED = re.compile(r'(\s*\(*\s*\w+)((?:\s+"[^"]*")+)', re.DOTALL)


def columns_of(text: str) -> tuple[str, ...]:
    """The columns that a rule is about: the texts in quotes right behind its type."""
    found = _NAMED.match(text)
    return tuple(_QUOTED_NAME.findall(found[2])) if found and not _SQL.match(text) else ()


def with_column(text: str, old: str, new: str) -> str:
    """A rule with another name for a column that it is about."""
    found = _NAMED.match(text)
    if found is None or old not in columns_of(text):
        return text
    return found[1] + found[2].replace(f'"{old}"', f'"{new}"') + text[found.end() :]


_QUOTED_NAME = re.compile(r'"([^"]*)"')
_SQL = re.compile(r"\s*CustomSql\b")
