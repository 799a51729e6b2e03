"""Remembered: which accounts the doctor has seen from this machine, so that apply says once where he was never."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from reconciler.model.plain_json import MISSHAPEN, plain_json
from reconciler.spec.mesh import Mesh

_FILE = Path(".meshform/doctor.json")


def remember(mesh: Mesh) -> None:
    """Note that the accounts of a mesh were examined."""
    _write({*_seen(), *(account.id for account in mesh.accounts.values())})


def never_examined(mesh: Mesh) -> list[str]:
    """The names of accounts that were never examined. They are told once: asked again, there are none."""
    seen = _seen()
    left = [account for account in mesh.accounts.values() if account.id not in seen]
    if left:
        _write({*seen, *(account.id for account in left)})
    return sorted(account.name for account in left)


def _seen() -> set[str]:
    try:
        found = plain_json(_FILE.read_bytes())
        return {str(each) for each in found["accounts"]}
    except (OSError, *MISSHAPEN):
        return set()


def _write(accounts: Iterable[str]) -> None:
    try:
        _FILE.parent.mkdir(parents=True, exist_ok=True)
        _FILE.write_text(json.dumps({"accounts": sorted(accounts)}) + "\n", encoding="utf-8")
    except OSError:
        return  # it is told again next time
