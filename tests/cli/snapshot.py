"""What a command leaves at 80 and 140 columns, held to a file that people review.

`SNAPSHOTS=refresh pytest tests/cli/test_snapshots.py tests/cli/test_demo.py` writes them anew.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.cli.conftest import Run

FOLDER = Path(__file__).parent / "snapshots"
WIDTHS = (80, 140)
#: What differs from run to run: times, ids, digests, and where a test has its files.
VOLATILE = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( UTC)?", "<time>"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
    (r"\b[0-9a-f]{40}\b", "<commit>"),
    (r"commit [0-9a-f]{12}", "commit <commit>"),
    (r"Digest of the plan: [0-9a-f]+", "Digest of the plan: <digest>"),
    (r"The story took [0-9.]+ s", "The story took <time>"),
    (r"(Journal:)\s+\S+", r"\1 <journal>"),
)


def snapshot(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch, *arguments: str, answer: str = "", makes: str = ""
) -> None:
    """Run a command at each width and compare everything that it left with the file of that name.

    `makes` is a folder or file that it makes, and that is not there when it begins.
    """
    parts = []
    for width in WIDTHS:
        shutil.rmtree(makes, ignore_errors=True)
        if Path(makes).is_file():
            Path(makes).unlink()
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        ran = run(*arguments)
        parts.append(f"$ meshform {' '.join(arguments)}   # {width} columns, exit code {ran.code}\n")
        parts.append(f"{ran.out}--- stderr\n{ran.err}")
    text = "\n".join(parts)
    for pattern, word in VOLATILE:
        text = re.sub(pattern, word, text)
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    path = FOLDER / f"{name}.txt"
    if os.environ.get("SNAPSHOTS") == "refresh":
        path.write_text(text, encoding="utf-8")
    kept = path.read_text(encoding="utf-8")
    changes = "\n".join(unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", lineterm=""))
    assert kept == text, f"{name} differs; SNAPSHOTS=refresh if people should see that\n{changes}"
