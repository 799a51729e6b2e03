"""Statements of IAM policies: which actions on which resources each speaks of, and by which name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reconciler.kinds.common.policy_document import listed, statements


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: patterns of actions and resources (`but`: all others), whom it names, whether on a condition."""

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    but_actions: bool = False
    but_resources: bool = False
    principals: tuple[str, ...] = ()
    conditional: bool = False

    def is_about(self, action: str, arn: str) -> bool:
        """Whether it speaks of an action on a resource, or on anything whose ARN begins so."""
        if self.but_resources:
            return self._speaks_of(action) and not any(_covers(each, arn) for each in self.resources)
        return self._speaks_of(action) and any(_overlaps(each, arn) for each in self.resources)

    def is_about_all(self, action: str, arn: str) -> bool:
        """Whether it surely speaks of an action on everything whose ARN begins so."""
        if self.but_resources:
            return self._speaks_of(action) and not any(_overlaps(each, arn) for each in self.resources)
        return self._speaks_of(action) and any(_covers(each, arn) for each in self.resources)

    def reaches(self, action: str) -> tuple[str, ...]:
        """How ARNs begin on which it speaks of an action; an empty beginning is that of every ARN."""
        if not self._speaks_of(action):
            return ()
        return ("",) if self.but_resources else tuple(_resources(each)[0] for each in self.resources)

    def _speaks_of(self, action: str) -> bool:
        return _names(self.actions, action) != self.but_actions


def statements_of(document: Mapping[str, Any]) -> Iterator[Statement]:
    """The statements of a policy's document."""
    for each in statements(document):
        if isinstance(each.get("Principal"), Mapping) and "CanonicalUser" in each["Principal"]:
            # Which account a canonical id stands for is told to its owner only: it may be any.
            condition = {"said": {"by": "a canonical id"}}
            yield from statements_of({"Statement": {**each, "Principal": "*", "Condition": condition}})
        named = tuple(_principals(each))
        if "Principal" in each and not named:
            continue  # It is about services or federations, and says nothing of roles, users and accounts.
        yield Statement(
            each.get("Effect") == "Allow",
            tuple(map(str, listed(each.get("Action", each.get("NotAction", ()))))),
            tuple(map(str, listed(each.get("Resource", each.get("NotResource", "*"))))),
            "NotAction" in each,
            "NotResource" in each,
            named,
            bool(each.get("Condition")) or "NotPrincipal" in each,
        )


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    """ARNs and accounts; an account's root stands for the account, and a session that is allowed for its role."""
    principal = statement.get("Principal", "*" if "NotPrincipal" in statement else ())
    for name in listed(principal.get("AWS", ()) if isinstance(principal, Mapping) else principal):
        root = re.fullmatch(r"arn:[^:]*:iam::(\d{12}):root", str(name))
        session = re.fullmatch(r"arn:([^:]*):sts::(\d{12}):assumed-role/([^/]+)/.*", str(name))
        # A session of a role is its holder's to name: he takes one that is allowed, and none that is denied.
        if session and statement.get("Effect") == "Allow":
            yield f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
        else:
            yield root[1] if root else str(name)


def _overlaps(pattern: str, arn: str) -> bool:
    """Whether a pattern of resources reaches an ARN, or anything below one of objects: a star may end as it must."""
    _, text, whole = _resources(pattern)
    if not _is_beginning(arn):
        return whole.fullmatch(arn) is not None
    start, star, _ = text.partition("*")
    if not star and len(start) < len(arn) + arn.endswith("/"):
        return False
    if "?" not in start:
        return start.startswith(arn) or arn.startswith(start)
    return all(mine in ("?", theirs) for mine, theirs in zip(start, arn, strict=False))


def _covers(pattern: str, arn: str) -> bool:
    """Whether a pattern of resources surely reaches everything whose ARN begins so; its variables may be anything."""
    is_open = pattern.endswith("*") or not _is_beginning(arn)
    return is_open and "${" not in pattern and _resources(pattern)[2].fullmatch(arn) is not None


def _is_beginning(arn: str) -> bool:
    """Whether an ARN stands for all that begin so: that of objects below a prefix. Any other stands for itself."""
    return ":s3:::" in arn


@lru_cache(maxsize=10_000)
def _names(patterns: tuple[str, ...], action: str) -> bool:
    """Whether patterns of actions name one. Few lists of them are different, and each is asked of each place."""
    return any(_matches(each.lower(), action.lower()) for each in patterns)


def _matches(pattern: str, text: str) -> bool:
    """Most patterns of actions are their names, for which none has to be compiled."""
    if "*" in pattern or "?" in pattern:
        return _pattern(pattern).fullmatch(text) is not None
    return pattern == text


@lru_cache(maxsize=10_000)
def _resources(pattern: str) -> tuple[str, str, re.Pattern[str]]:
    """How ARNs begin that a pattern of resources may match, and all of it; partitions are not told apart, and a
    variable may be anything.
    """
    text = re.sub(r"\$\{[^}]*\}", "*", re.sub(r"^arn:[^:]*:", "arn:aws:", pattern))
    return re.split(r"[*?]", text)[0], text, _pattern(text)


@lru_cache(maxsize=10_000)
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of IAM."""
    parts = (".*" if each == "*" else "." if each == "?" else re.escape(each) for each in re.split(r"([*?])", text))
    return re.compile("".join(parts), re.DOTALL)
