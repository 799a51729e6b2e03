"""The PartiQL subset of row filters: read to be checked, not to be evaluated (partiql-support).

filter  := all { OR all }          all := test { AND test }
test    := NOT test | ( filter ) | column compared
compared:= (= > < >= <= <> !=) literal | [NOT] BETWEEN literal AND literal
         | [NOT] IN ( literal, ... ) | [NOT] LIKE string | IS [NOT] NULL
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.sandbox.core.errors import AwsError

MOST_CHARACTERS = 2048
COMPARISONS = frozenset({"=", ">", "<", ">=", "<=", "<>", "!="})
FORBIDDEN = frozenset(
    {"ctid", "oid", "xmin", "cmin", "xmax", "cmax", "tableoid", "insertxid", "deletexid", "importoid"}
) | {"redcatuniqueid"}
TYPES = ("string", "char", "varchar", "int", "long", "bigint", "float", "decimal", "double", "boolean", "struct")
"""The types that row filters may name; integers of all sizes count as int."""

_WORDS = frozenset({"and", "or", "not", "in", "like", "between", "is", "null", "true", "false"})
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^']|'')*')
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<sign><>|!=|>=|<=|=|>|<|\(|\)|,)
    | (?P<name>(?:"[^"]+"|[A-Za-z_][A-Za-z0-9_]*)(?:\.(?:"[^"]+"|[A-Za-z_][A-Za-z0-9_]*))*)
    )""",
    re.VERBOSE,
)


def check(text: str, types: Mapping[str, str], partition_keys: list[str]) -> None:
    """Refuse a filter that Lake Formation does not support.

    types           Glue type of every column, partition keys too, by lower-case name
    InvalidInputException: a function, two columns compared, an unknown column, IS NULL on a partition key,
    a column type that filters cannot compare, 2,048 characters or more.
    """
    if len(text) >= MOST_CHARACTERS:
        raise _refused("it is too long")
    _Reader(_tokens(text), types, partition_keys).read()


def _refused(why: str) -> AwsError:
    return AwsError("InvalidInputException", f"Invalid filter expression: {why}.")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise _refused(f"unexpected text at {text[at:].strip()[:20]!r}")
        kind = match.lastgroup or ""
        value = match[kind]
        word = value.lower()
        found.append(("word", word) if kind == "name" and word in _WORDS else (kind, value))
        at = match.end()
    return found


class _Reader:
    """A recursive descent over the tokens."""

    def __init__(self, tokens: list[tuple[str, str]], types: Mapping[str, str], partition_keys: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._types = types
        self._keys = partition_keys

    def read(self) -> None:
        self._filter()
        if self._at < len(self._tokens):
            raise _refused(f"unexpected {self._tokens[self._at][1]!r}")

    def _filter(self) -> None:
        self._all()
        while self._take("word", "or"):
            self._all()

    def _all(self) -> None:
        self._test()
        while self._take("word", "and"):
            self._test()

    def _test(self) -> None:
        if self._take("word", "not"):
            self._test()
        elif self._take("sign", "("):
            self._filter()
            self._need("sign", ")")
        else:
            self._compared(self._column())

    def _column(self) -> str:
        kind, value = self._next()
        if kind != "name":
            raise _refused(f"a column is expected, not {value!r}")
        if self._peek() == ("sign", "("):
            raise _refused(f"functions such as {value} are not supported")
        name = value.replace('"', "").lower().split(".")[0]
        if name in FORBIDDEN:
            raise _refused(f"the column name {name} is reserved")
        if name not in self._types:
            raise _refused(f"column {name} does not exist")
        plain = re.match(r"[a-z]*", self._types[name].lower())
        family = plain[0] if plain else ""
        if (family.removesuffix("eger").removeprefix("tiny").removeprefix("small") or family) not in TYPES:
            raise _refused(f"columns of type {self._types[name]} cannot be compared")
        return name

    def _compared(self, column: str) -> None:
        kind, value = self._next()
        if kind == "sign" and value in COMPARISONS:
            self._literal()
            return
        if (kind, value) == ("word", "is"):
            self._take("word", "not")
            self._need("word", "null")
            if column in self._keys:
                raise _refused("IS NULL is not supported on partition columns")
            return
        if (kind, value) == ("word", "not"):
            kind, value = self._next()
        match (kind, value):
            case ("word", "between"):
                self._literal()
                self._need("word", "and")
                self._literal()
            case ("word", "in"):
                self._need("sign", "(")
                self._literal()
                while self._take("sign", ","):
                    self._literal()
                self._need("sign", ")")
            case ("word", "like"):
                if self._next()[0] != "string":
                    raise _refused("LIKE needs a string")
            case _:
                raise _refused(f"an operator is expected, not {value!r}")

    def _literal(self) -> None:
        kind, value = self._next()
        if kind == "name":
            raise _refused(f"{value} is no literal; columns are compared to literals only")
        if kind not in ("string", "number") and (kind, value) not in (("word", "true"), ("word", "false")):
            raise _refused(f"a literal is expected, not {value!r}")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "the end")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _take(self, kind: str, value: str) -> bool:
        if self._peek() != (kind, value):
            return False
        self._at += 1
        return True

    def _need(self, kind: str, value: str) -> None:
        if not self._take(kind, value):
            raise _refused(f"{value.upper()} is expected, not {self._peek()[1]!r}")
