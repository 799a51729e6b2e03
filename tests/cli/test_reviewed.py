"""Killed at any file, `reviewed` leaves no plan without who approved it, and none of an earlier run."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from reconciler import reviewing, whole_file
from reconciler.forge import here
from reconciler.owners.evidence import FILE
from tests.cli.conftest import Run


@pytest.mark.parametrize("last", range(4))
def test_plans_never_lie_without_approvals(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    """Pull requests 7 and 8 have a plan each; the run dies before it writes file number `last`."""
    place = tmp_path / "reviewed"
    place.mkdir()
    (place / "plan-3.json").write_text("{}")
    pulls = tuple(SimpleNamespace(number=number) for number in (7, 8))
    forge = SimpleNamespace(reviewed_plan=lambda pull: {"of": pull.number}, organization="")
    collected, verdict = SimpleNamespace(as_json=lambda: {"approved": True}), SimpleNamespace(missing=())
    monkeypatch.setattr(here, "forge", lambda: forge)
    monkeypatch.setattr(reviewing, "since_last_apply", lambda *_: SimpleNamespace(pulls=pulls))
    monkeypatch.setattr(reviewing, "evidence", lambda *_: collected)
    monkeypatch.setattr(reviewing, "with_members", lambda *_: (collected, verdict))
    written: list[Path] = []
    replace_file = whole_file.replace_file

    def dying(path: Path, content: bytes) -> None:
        if len(written) == last:
            raise OSError(5, "killed", str(path))
        written.append(path)
        replace_file(path, content)

    monkeypatch.setattr(whole_file, "replace_file", dying)
    run("reviewed", "--out", str(place))
    names = {file.name for file in place.iterdir()}
    assert len(names) == last
    assert FILE in names or not names
    assert "plan-3.json" not in names
    assert all(json.loads((place / name).read_text()) for name in names)
