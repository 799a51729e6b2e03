"""--version: which commit, which extras."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler import version
from reconciler.version import Version, own_version, version_lines
from tests.estate import ROOT

COMMIT = "1f" * 20


@pytest.mark.parametrize(("written", "is_changed"), [(COMMIT, False), (f"{COMMIT}+", True)])
def test_what_was_built_says_of_which_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, is_changed: bool
) -> None:
    (tmp_path / "commit").write_text(f"{written}\n")
    monkeypatch.setattr(version, "_PACKAGE", tmp_path / "reconciler")
    found = own_version()
    assert (found.commit, found.is_changed) == (COMMIT, is_changed)


def test_a_folder_without_either_does_not_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also below somebody else's repository: its commits say nothing of this program."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.setattr(version, "_PACKAGE", tmp_path / "site-packages" / "reconciler")
    assert own_version().commit is None
    assert version_lines(own_version())[0].endswith("commit not known")


def test_a_checkout_says_its_commit() -> None:
    head = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    assert f"commit {head}" in version_lines(own_version())[0]


def test_an_extra_is_there_with_all_that_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(own_version().extras) == {"policy", "sandbox", "sandbox-formats", "site"}
    assert own_version().missing == ()
    there = version._is_installed
    monkeypatch.setattr(version, "_is_installed", lambda name: name != "duckdb" and there(name))
    assert own_version().missing == ("sandbox",)


def test_it_reads_as_three_lines_at_most() -> None:
    assert version_lines(Version("1.2.3", COMMIT, True, (), ("policy", "site"))) == (
        f"meshform 1.2.3, commit {COMMIT} with changes that are in no commit",
        "Extras: none",
        "Not installed: policy, site",
    )
