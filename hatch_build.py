"""Build hooks: what is built tells of which commit it was made, and its README leads somewhere on other pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

FILE = "meshform/commit"
ARCHIVED = ".git_archival.txt"
"""Filled in by `git archive`; GitHub hands out actions and downloads so."""


_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|mailto:|#)([^)\s]+)\)")


class Readme(MetadataHookInterface):
    """README.md as an index shows it, away from the repository: its links lead to the files of this version."""

    def update(self, metadata: dict[str, Any]) -> None:
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        repository = str(self.config.get("repository", "")).rstrip("/")
        base = f"{repository}/blob/v{metadata['version']}" if repository else None
        metadata["readme"] = {"content-type": "text/markdown", "text": away_from_home(text, base)}
        metadata["urls"] = {"Repository": repository} if repository else {}


def away_from_home(text: str, base: str | None) -> str:
    """A page whose links are below `base`; without one they are the words alone, since they would lead nowhere."""
    return _LINK.sub(r"\1" if base is None else rf"[\1]({base}/\2)", text)


class Commit(BuildHookInterface):  # type: ignore[type-arg]
    """Writes `meshform/commit` into what is built; in the archive it stands for the repository that is not there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        written = Path(self.root) / FILE
        if written.is_file():  # in a source archive
            build_data["force_include"][str(written)] = FILE
            return
        commit = _commit(self.root)
        if commit:
            self._made.parent.mkdir(parents=True, exist_ok=True)
            self._made.write_text(commit + "\n", encoding="utf-8")
            build_data["force_include"][str(self._made)] = FILE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self._made.unlink(missing_ok=True)

    @property
    def _made(self) -> Path:
        return Path(self.directory) / ".commit"


def _commit(root: str) -> str | None:
    """The commit of the repository or archive at `root`, with a + where something in it is not committed."""
    if not (Path(root) / ".git").exists():
        said = Path(root) / ARCHIVED
        commit = said.read_text(encoding="utf-8").removeprefix("node: ").strip() if said.is_file() else ""
        return commit if commit.isalnum() else None
    commit = _git(root, "rev-parse", "HEAD")
    return f"{commit}+" if _git(root, "status", "--porcelain") else commit


def _git(root: str, *words: str) -> str:
    return subprocess.run(["git", "-C", root, *words], capture_output=True, check=True, text=True).stdout.strip()
