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
        """Whether it speaks of an action on a resource."""
        if not self._speaks_of(action):
            return False
        return any(_overlaps(each, arn) for each in self.resources) != self.but_resources

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
    """ARNs and accounts; an account's root stands for the account."""
    principal = statement.get("Principal", "*" if "NotPrincipal" in statement else ())
    for name in listed(principal.get("AWS", ()) if isinstance(principal, Mapping) else principal):
        root = re.fullmatch(r"arn:[^:]*:iam::(\d{12}):root", str(name))
        # A session of a role is its holder's to name.
        session = re.fullmatch(r"arn:([^:]*):sts::(\d{12}):assumed-role/([^/]+)/.*", str(name))
        if session:
            yield f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
        else:
            yield root[1] if root else str(name)


def anything_below(arn: str) -> str:
    """An ARN that stands for all that begin so: that of an object below a prefix; any other stands for itself."""
    return f"{arn}0/0" if arn.endswith("/") or ":s3:::" in arn else arn


def _overlaps(pattern: str, arn: str) -> bool:
    """Whether a pattern of resources reaches anything whose ARN begins so."""
    head, whole = _resources(pattern)
    below = anything_below(arn)
    return (below != arn and head.startswith(arn) and head != arn) or whole.fullmatch(below) is not None


@lru_cache(maxsize=10_000)
def _names(patterns: tuple[str, ...], action: str) -> bool:
    """Whether patterns of actions name one. Few lists of them are different, and each is asked of each place."""
    return any(_pattern(each.lower()).fullmatch(action.lower()) for each in patterns)


@lru_cache(maxsize=10_000)
def _resources(pattern: str) -> tuple[str, re.Pattern[str]]:
    """How ARNs begin that a pattern of resources may match, and all of it; partitions are not told apart."""
    pattern = re.sub(r"^arn:[^:]*:", "arn:aws:", pattern)
    return re.split(r"[*?]|\$\{", pattern)[0], _pattern(pattern)


@lru_cache(maxsize=10_000)
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of IAM; a variable in it may be anything."""
    text = re.sub(r"\$\{[^}]*\}", "*", text)
    parts = (".*" if each == "*" else "." if each == "?" else re.escape(each) for each in re.split(r"([*?])", text))
    return re.compile("".join(parts), re.DOTALL)
