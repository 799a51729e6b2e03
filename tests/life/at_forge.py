"""A mesh repository on disk at some forge, and the simulated AWS that its commands change."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

from reconciler.cli import main
from reconciler.forge.git import proposal_message
from reconciler.sandbox import Sandbox
from tests.estate import CENTRAL, EXAMPLE
from tests.forge.served import StandIn

F = TypeVar("F", bound=StandIn[Any])
BUCKET = "bank-governance"
SETTINGS = f"lock: {{bucket: {BUCKET}}}\njournal: {{bucket: {BUCKET}, prefix: journal/}}\nlimits:"


def make_bucket(aws: Sandbox) -> None:
    """The bucket of lock and journal."""
    place = {"LocationConstraint": "eu-west-1"}
    aws.session(CENTRAL).client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)


@dataclass
class AtForge(ABC, Generic[F]):
    """`upstream` is what the forge holds."""

    folder: Path
    forge: F
    aws: Sandbox
    monkeypatch: pytest.MonkeyPatch
    runs: int = field(default=0)

    @property
    def upstream(self) -> Path:
        return self.folder / "upstream"

    def begin(self) -> None:
        """A repository with the example mesh, and the bucket of lock and journal."""
        shutil.copytree(EXAMPLE, self.upstream / "mesh")
        self.at_the_forge()
        settings = self.upstream / "mesh" / "mesh.yaml"
        text = settings.read_text(encoding="utf-8")
        assert "limits:" in text
        settings.write_text(text.replace("limits:", SETTINGS), encoding="utf-8")
        self.git("init", "--quiet", "--initial-branch=main")
        self.monkeypatch.chdir(self.upstream)
        assert self.meshform("owners", "--organization", "acme") == 0
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "The mesh")
        make_bucket(self.aws)

    @abstractmethod
    def at_the_forge(self) -> None:
        """Who is in which team; the token may read them."""

    @abstractmethod
    def head(self, number: int) -> str:
        """The last commit of a pull request."""

    @abstractmethod
    def pushed(self, branch: str, sha: str, by: str, *, is_new: bool) -> None:
        """The forge sees what was pushed to a branch."""

    def git(self, *arguments: str, where: Path | None = None) -> str:
        who = ["-c", "user.name=ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(where or self.upstream), *who, *arguments], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(
        self, branch: str, files: Mapping[str, str | None], start: str = "main", by: str = "ada", asked_by: str = ""
    ) -> str:
        """Commit files (None: deleted) on a branch, which is made at `start` when it is not there; the commit, which
        says for whom it was made."""
        known = self.git("branch", "--list", branch)
        self.git("switch", "--quiet", *((branch,) if known else ("--create", branch, start)))
        for path, text in files.items():
            file = self.upstream / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        self.monkeypatch.chdir(self.upstream)
        self.meshform("owners")
        self.git("add", "--all")
        message = proposal_message(f"Change {', '.join(files)}", [asked_by] if asked_by else [])
        self.git("commit", "--quiet", "--message", message)
        sha = self.git("rev-parse", "HEAD")
        self.git("switch", "--quiet", "main")
        self.pushed(branch, sha, by, is_new=not known)
        return sha

    def merge(self, number: int, how: str = "merge") -> str:
        """Merge a pull request (or squash, or rebase it) and delete its branch; the commit on main."""
        start = self.git("rev-parse", "HEAD")
        match how:
            case "squash":
                self.git("merge", "--quiet", "--squash", self.head(number))
                self.git("commit", "--quiet", "--message", f"Squash {number}")
            case "rebase":
                self.git("cherry-pick", f"{start}..{self.head(number)}")
            case _:
                self.git("merge", "--quiet", "--no-ff", "--message", f"Merge {number}", self.head(number))
        sha = self.git("rev-parse", "HEAD")
        for commit in self.git("rev-list", "--first-parent", f"{start}..{sha}").split():
            self.forge.records.merge(number, commit)
        return sha

    def clone(self) -> Path:
        """The main branch as somebody has it at his desk."""
        self.runs += 1
        place = self.folder / f"run-{self.runs}"
        self.git("clone", "--quiet", str(self.upstream), str(place))
        return place

    def checked_out(self, commit: str) -> Path:
        """What a job begins with: a fresh clone at a commit."""
        place = self.clone()
        self.git("fetch", "--quiet", "origin", commit, where=place)
        self.git("checkout", "--quiet", "--detach", commit, where=place)
        return place

    def meshform(self, *words: str) -> int:
        """Run a command as from the shell; its exit code."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["meshform", *words])
            try:
                main()
            except SystemExit as end:
                return int(end.code or 0)
        return 0

    def granted(self) -> frozenset[str]:
        """Every permission of the central catalog, as text."""
        lake = self.aws.session(CENTRAL).client("lakeformation")
        rows, more = [], {}
        while True:
            page = lake.list_permissions(**more)
            rows += page["PrincipalResourcePermissions"]
            if not page.get("NextToken"):
                break
            more = {"NextToken": page["NextToken"]}
        return frozenset(json.dumps({**row, "LastUpdated": None}, sort_keys=True, default=str) for row in rows)
