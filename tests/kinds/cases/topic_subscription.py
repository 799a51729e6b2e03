"""Listeners: which notices they hear."""

from __future__ import annotations

from tests.kinds.cases import Case
from tests.kinds.full import CONSUMER

CASE = Case(
    edits={"filter": ((CONSUMER, "notify: {emails:", "notify: {dataChanges: false, emails:"),)},
    fixed={"topic": "part of its address", "protocol": "part of its address", "endpoint": "part of its address"},
)
