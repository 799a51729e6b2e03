"""Row filters: the small part of PartiQL that Lake Formation takes as a condition on rows.

    filter    all, or several joined by OR; all: tests joined by AND; test: NOT test, (filter), or a comparison
    compared  column = < > <= >= <> != constant; column [NOT] BETWEEN constant AND constant;
              column [NOT] IN (constant, ...); column [NOT] LIKE text; column IS [NOT] NULL

A column may be a field of a struct: address.city. https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.spec.limits import ROW_FILTER

_MAX_DEPTH = 50

_SIGN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<sign><>|!=|>=|<=|[=<>(),])
    | (?P<name>(?:"[^"]+"|[A-Za-z_][A-Za-z0-9_]*)(?:\.(?:"[^"]+"|[A-Za-z_][A-Za-z0-9_]*))*)
    )""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PART = re.compile(r'"([^"]+)"|([^."]+)')
_COMPARISONS = frozenset({"=", ">", "<", ">=", "<=", "<>", "!="})
_WORDS = frozenset({"and", "or", "not", "in", "like", "between", "is", "null", "true", "false"})

Constant = Literal["text", "number", "boolean"]


class NotAFilter(ValueError):
    """The text is no condition that Lake Formation takes; says why."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column (or a field of a struct, from the outside in, in lower case) and what it is compared with.

    `constants` are the kinds of what it is compared with: none where only NULL is asked for.
    """

    column: tuple[str, ...]
    operator: str
    constants: tuple[Constant, ...]

    @property
    def name(self) -> str:
        """The column as it is written."""
        return ".".join(self.column)


def comparisons(text: str) -> tuple[Comparison, ...]:
    """The comparisons of a condition, in their order; NotAFilter for what is none."""
    if len(text) > ROW_FILTER:
        raise NotAFilter(f"has {len(text):,} characters; Lake Formation takes at most {ROW_FILTER:,}")
    reader = _Reader(text)
    reader.filter(0)
    reader.end()
    return tuple(reader.found)


def with_column(text: str, old: str, new: str) -> str:
    """A condition with another name for a column (or for the struct whose fields it compares)."""

    def put(sign: re.Match[str]) -> str:
        first = _PART.match(sign["name"] or "")
        if first is None or (first[1] or first[2]).lower() != old:
            return sign[0]
        written = new if _PLAIN.fullmatch(new) and new not in _WORDS else f'"{new}"'
        return sign[0].replace(sign["name"], written + sign["name"][first.end() :])

    return _SIGN.sub(put, text)


class _Reader:
    """A descent over the signs, one ahead: `kind` and `value` are the next one."""

    def __init__(self, text: str) -> None:
        self.found: list[Comparison] = []
        self._signs = _signs(text)
        self._next()

    def _next(self) -> str:
        taken = getattr(self, "value", "")
        self.kind, self.value = next(self._signs)
        return taken

    def _takes(self, *values: str) -> bool:
        if self.kind in ("sign", "word") and self.value in values:
            self._next()
            return True
        return False

    def end(self) -> None:
        if self.kind != "end":
            closes = self.value == ")"
            raise NotAFilter(
                "closes a bracket that was not opened" if closes else f"cannot be read from `{self.value}`"
            )

    def filter(self, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise NotAFilter(f"has more than {_MAX_DEPTH} brackets or NOT in each other")
        self._test(depth)
        while self._takes("and", "or"):
            self._test(depth)

    def _test(self, depth: int) -> None:
        if self._takes("not"):
            if depth > _MAX_DEPTH:
                raise NotAFilter(f"has more than {_MAX_DEPTH} brackets or NOT in each other")
            self._test(depth + 1)
        elif self._takes("("):
            self.filter(depth + 1)
            if not self._takes(")"):
                raise NotAFilter("opens a bracket that is not closed")
        else:
            self._comparison()

    def _comparison(self) -> None:
        if self.kind != "name":
            what = "ends" if self.kind == "end" else f"has `{self.value}`"
            raise NotAFilter(
                f"{what} where a column is expected; a comparison begins with a column, such as amount > 10"
            )
        column = tuple((quoted or plain).lower() for quoted, plain in _PART.findall(self._next()))
        name = ".".join(column)
        if self._takes("("):
            raise NotAFilter(f"calls the function {name}; row filters have no functions")
        if self.kind == "sign" and self.value in _COMPARISONS:
            operator = self._next()
            if self.value == "=":
                raise NotAFilter("compares with ==; write =")
            self.found.append(Comparison(column, operator, (self._constant(name),)))
        elif self._takes("is"):
            operator = "is not null" if self._takes("not") else "is null"
            if not self._takes("null"):
                raise NotAFilter(f"says {name} IS without NULL; compare with = instead")
            self.found.append(Comparison(column, operator, ()))
        else:
            self._takes("not")
            self._listed(column, name)

    def _listed(self, column: tuple[str, ...], name: str) -> None:
        if self._takes("between"):
            first = self._constant(name)
            if not self._takes("and"):
                raise NotAFilter(f"says {name} BETWEEN without AND")
            self.found.append(Comparison(column, "between", (first, self._constant(name))))
        elif self._takes("in"):
            if not self._takes("("):
                raise NotAFilter(f"says {name} IN without a list in brackets")
            constants = [self._constant(name)]
            while self._takes(","):
                constants.append(self._constant(name))
            if not self._takes(")"):
                raise NotAFilter("opens a bracket that is not closed")
            self.found.append(Comparison(column, "in", tuple(constants)))
        elif self._takes("like"):
            self.found.append(Comparison(column, "like", (self._constant(name),)))
        else:
            raise NotAFilter(f"compares {name} with nothing; write a comparison, such as {name} = 'x'")

    def _constant(self, name: str) -> Constant:
        kind, value = self.kind, self.value
        match kind:
            case "text" | "number":
                self._next()
                return kind
            case "word" if value in ("true", "false"):
                self._next()
                return "boolean"
            case "name":
                raise NotAFilter(
                    f"compares {name} with {value}, which is no constant; text stands in single quotes, and columns "
                    "are not compared with each other"
                )
            case _:
                raise NotAFilter(f"compares {name} with no constant")


def _signs(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while text[position:].strip():
        found = _SIGN.match(text, position)
        if found is None:
            rest = text[position:].lstrip()[:12]
            raise NotAFilter(f"cannot be read from `{rest}` on" + ("; close the quote" if rest[0] in "'\"" else ""))
        position = found.end()
        kind = found.lastgroup or ""
        value = found[kind]
        yield ("word", value.lower()) if kind == "name" and value.lower() in _WORDS else (kind, value)
    while True:
        yield "end", ""
