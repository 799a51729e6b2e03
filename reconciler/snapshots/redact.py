"""Redact: a snapshot whose structure can be studied and whose names, texts and account ids are nobody's.

Each word that is not one of AWS's or of Meshform's own is replaced, the same wherever it stands, so that names made of
other names, grants and tags still fit together. What a word stands for is known to nobody afterwards: the key that
makes the replacements is thrown away.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

from reconciler.kinds import AnyKind
from reconciler.snapshots.file import opened, write_lines
from reconciler.snapshots.format import Header, Json
from reconciler.snapshots.vocabulary import WORDS

_WORD = re.compile(r"[^\W_]+")
_ACCOUNT = re.compile(r"[0-9]{12}")
_FEW_DIGITS = 4
"""Digits of a number that tells nobody anything: a version, a count, a part of a date."""


def redact(source: Path, out: Path, kinds: Mapping[str, AnyKind]) -> int:
    """Write a redacted copy of a snapshot, and say how many resources it holds. Raises BadSnapshot."""
    header, lines = opened(source)
    accounts = sorted({account for part in header.parts for account in part.accounts})
    hidden = Redaction(known_words(kinds), (header.central, *accounts))
    return write_lines(out, hidden.header(header), (hidden.line(line) for _, line in lines))


def known_words(kinds: Mapping[str, AnyKind]) -> frozenset[str]:
    """The words that stay, in lower case: AWS's, those of the actions that kinds name, and those of their fields."""
    words = set(WORDS)
    for kind in kinds.values():
        words.update(word for action in (*kind.reads, *kind.writes) for word in _WORD.findall(action))
        words.update(_WORD.findall(kind.name))
        words.update(_field_words(kind.spec_type(), set()))
    return frozenset(word.casefold() for word in words)


def _field_words(kind: Any, seen: set[Any]) -> Iterator[str]:
    """The names of a type and of its fields, and those of the types of its fields."""
    if kind in seen:
        return
    seen.add(kind)
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")):
        yield kind.__name__
        names = [each.name for each in fields(kind)] if is_dataclass(kind) else getattr(kind, "_fields")  # noqa: B009
        for name in names:
            yield from _WORD.findall(name)
        for hint in get_type_hints(kind).values():
            yield from _field_words(hint, seen)
    for inner in get_args(kind):
        if not isinstance(inner, str):
            yield from _field_words(inner, seen)


class Redaction:
    """What each word and account id of one snapshot, or of other data, becomes.

    `known` are words that stay, in lower case, and `whole` texts that do, if nothing else stands beside them.
    """

    def __init__(
        self, known: frozenset[str], accounts: tuple[str, ...] = (), whole: frozenset[str] = frozenset()
    ) -> None:
        self._known, self._whole = known, whole
        self._key = secrets.token_bytes(32)
        self._accounts: dict[str, str] = {}
        for account in accounts:
            self._account(account)

    def header(self, header: Header) -> Header:
        """The header of the copy."""
        parts = tuple(
            replace(part, by=self.text(part.by), accounts=tuple(map(self.text, part.accounts))) for part in header.parts
        )
        return replace(
            header,
            mesh=self.text(header.mesh),
            central=self.text(header.central),
            wanted="",
            parts=parts,
            redacted=True,
        )

    def line(self, line: Json) -> Json:
        """A line of the copy. Only when something was changed stays as it is."""
        changed = line.get("changed", {})
        kept = {"at": changed["at"]} if "at" in changed else {}
        data: dict[str, Any] = {name: self.value(value) for name, value in line.items()}
        if kept:
            data["changed"] = {**data["changed"], **kept}
        return data

    def text(self, text: str) -> str:
        """A text with each word that is not known replaced."""
        if text in self._whole:
            return text
        return _WORD.sub(lambda match: self._word(match[0]), text)

    def value(self, value: Any) -> Any:
        """Plain data with each text in it replaced, names of fields too."""
        match value:
            case str():
                return self.text(value)
            case {"$time": _}:
                return value
            case Mapping():
                return {self.text(name): self.value(each) for name, each in value.items()}
            case list():
                return [self.value(each) for each in value]
            case _:
                return value

    def _word(self, word: str) -> str:
        if _ACCOUNT.fullmatch(word):
            return self._account(word)
        if word.casefold() in self._known or (word.isdecimal() and len(word) <= _FEW_DIGITS):
            return word
        if word.isdecimal():
            return str(int(self._digest(word), 16))[: len(word)].rjust(len(word), "1")
        return f"x{self._digest(word)[:8]}"

    def _account(self, account: str) -> str:
        return self._accounts.setdefault(account, f"{len(self._accounts) + 1:012}")

    def _digest(self, word: str) -> str:
        return hmac.new(self._key, word.casefold().encode(), "sha256").hexdigest()
