"""Disguise: the raw answers without the account ids and names of those who send them to somebody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from reconciler.spec.mesh import Mesh

_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+")
_SECRET = re.compile(r"(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}")


def disguised(raw: Iterable[Any], mesh: Mesh) -> Any:
    """The same data; each account, name and address is another one, the same wherever it stands."""
    text = json.dumps(list(raw), default=str)
    text = _MAIL.sub("somebody@example.com", _SECRET.sub(lambda match: f"{match[1]}EXAMPLE", text))
    for number, name in enumerate(sorted(_names(mesh), key=len, reverse=True), 1):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", f"name-{number}", text)
    accounts: dict[str, str] = {}
    text = _ACCOUNT.sub(lambda match: accounts.setdefault(match[0], f"{len(accounts) + 1:012}"), text)
    return json.loads(text)


def _names(mesh: Mesh) -> set[str]:
    """What people called their things; roles, tables and columns included."""
    names = {mesh.name, *mesh.accounts, *mesh.domains, *mesh.products, *mesh.consumers, *mesh.subscriptions}
    for product in mesh.products.values():
        names |= {*product.databases, *(table.name for table in product.tables)}
        names |= {column.name for table in product.tables for column in table.columns}
    for consumer in mesh.consumers.values():
        names |= {principal.name for principal in consumer.principals}
        names |= {principal.role for principal in consumer.principals if principal.role}
    names |= {value for tag in mesh.tags.values() for value in (tag.name, *tag.value_names)}
    return {name for name in names if len(name) > 2}
