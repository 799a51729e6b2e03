"""Disguise: the raw answers without the account ids, names and addresses of those who send them to somebody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.aws.model_words import model_words
from reconciler.kinds import registry
from reconciler.snapshots.redact import Redaction, known_words

_OWN = ("role", "account", "region", "request", "params", "answer", "code", "message")
"""The fields of what was asked."""


def disguised(raw: Iterable[Mapping[str, Any]]) -> Any:
    """The same data, redacted as a snapshot is: what is not a word of AWS's or Meshform's is another one everywhere."""
    asked = json.loads(json.dumps(list(raw), default=str))
    services = (str(each.get("request", "")).partition(".")[0] for each in asked)
    hidden = Redaction(known_words(registry()), whole=frozenset({*_OWN, *model_words(services)}))
    return hidden.value(asked)
