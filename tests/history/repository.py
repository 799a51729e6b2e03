"""A repository of documents with dates of its own, and a journal beside it, without any AWS."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reconciler.aws.evidence_store import FolderStore
from reconciler.history.event import Event
from reconciler.history.matter import Matter
from reconciler.history.recorded import line_of, recorded


@dataclass
class Repository:
    """`folder` holds the mesh in `mesh/` and the journal in `.meshform/journal/`."""

    folder: Path
    runs: int = field(default=0)

    def git(self, *arguments: str, at: str = "2026-11-01T10:00:00Z", by: str = "ada") -> str:
        person = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", by), ("EMAIL", f"{by}@example.com"), ("DATE", at))
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments], env={**os.environ, **person}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, at: str, title: str, files: Mapping[str, str | None], by: str = "ada") -> str:
        """Commit files (None: deleted) on the main branch; the commit."""
        if not (self.folder / ".git").exists():
            self.git("init", "--quiet", "--initial-branch=main")
        for path, text in files.items():
            file = self.folder / "mesh" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_text(text, encoding="utf-8")
        self.git("add", "--all", "mesh")
        self.git("commit", "--quiet", "--allow-empty", "--message", title, at=at, by=by)
        return self.git("rev-parse", "HEAD")

    def ran(self, at: str, commit: str, outcome: str = "done", **more: Any) -> str:
        """Put the entry of a run into the journal; its id."""
        self.runs += 1
        name = f"{datetime.fromisoformat(at):%Y-%m-%dT%H%M%SZ}-{self.runs:06x}"
        data = {
            "version": 1,
            "mesh": "m",
            "by": "arn:aws:iam::1:role/apply",
            "actor": "bot",
            "started": at,
            "ended": at,
            "outcome": outcome,
            "commit": commit,
            "steps": [],
            **more,
        }
        path = self.folder / ".meshform" / "journal" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data))
        return name

    def note(self, run: str, number: int, sent: list[str], ended: Mapping[str, list[str]]) -> None:
        """Put a note of a run that goes on, or was killed, beside its entry."""
        path = self.folder / ".meshform" / "journal" / "under-way" / run / f"{number:06}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"sent": sent, "ended": ended}))

    def ask(self, kind: Any = "", name: str = "", **days: Any) -> list[Event]:
        """The history of a matter."""
        store = FolderStore(str(self.folder / ".meshform"), "journal/")
        with recorded(line_of(str(self.folder / "mesh")), "mesh", store, str(self.folder / "index")) as known:
            assert not known.troubles
            return known.history(Matter(kind, name), **days)


def subscription(name: str, product: str = "sales/orders", consumer: str = "bi", more: str = "") -> str:
    return (
        f"apiVersion: meshform/v1\nkind: Subscription\nname: {name}\nconsumer: {consumer}\nproduct: {product}\n{more}"
    )


def step(document: str, result: str = "done", action: str = "create", name: str = "x") -> dict[str, Any]:
    return {"address": f"grant 1/eu {name}", "action": action, "origin": f"mesh/{document}:1:1", "result": result}


def opened(subscription: str, *columns: str, gained: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "gained": gained,
        "principal": "arn:aws:iam::2:role/ann",
        "name": "bi/ann",
        "consumer": "bi",
        "product": "orders",
        "table": "orders.line",
        "columns": list(columns),
        "sensitivity": "internal",
        "permission": "SELECT",
        "path": "lake-formation",
        "subscriptions": [subscription] if subscription else [],
        **more,
    }
