"""One test a command: the whole output, exit code and stderr, at 80 and 140 columns, as people read it.

`SNAPSHOTS=refresh pytest tests/cli/test_snapshots.py` writes them anew; the diff of them is to be reviewed.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError

from reconciler.aws.sign_in import unreachable
from tests.cli.conftest import Run, edit
from tests.estate import CENTRAL, Estate

FOLDER = Path(__file__).parent / "snapshots"
WIDTHS = (80, 140)
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
#: What differs from run to run: times, ids, digests, and where a test has its files.
VOLATILE = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( UTC)?", "<time>"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
    (r"Digest of the plan: [0-9a-f]+", "Digest of the plan: <digest>"),
    (r"(Journal:)\s+\S+", r"\1 <journal>"),
)


@pytest.fixture
def git(folder: Path) -> Path:
    """The folder of the example as a commit of a repository."""
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=folder.parent, check=True)
    return folder


def snapshot(name: str, run: Run, monkeypatch: pytest.MonkeyPatch, *arguments: str, answer: str = "") -> None:
    """Run a command at each width and compare everything that it left with the file of that name."""
    parts = []
    for width in WIDTHS:
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
    assert path.read_text(encoding="utf-8") == text, f"{name} differs; SNAPSHOTS=refresh if people should see that"


def test_help(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("help", run, monkeypatch, "--help")


def test_validate(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, MODEL, "2027-06-30", "2026-01-01")
    snapshot("validate", run, monkeypatch, "validate")


def test_validate_of_a_mesh_with_errors(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, MODEL, "product: consumer-banking/credit-profile", "product: consumer-banking/credit-profil")
    snapshot("validate-errors", run, monkeypatch, "validate")


def test_plan(built: Estate, git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(git, REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")
    snapshot("plan", run, monkeypatch, "plan", "--base", "HEAD")


def test_plan_offline(git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (git / MODEL).unlink()
    snapshot("plan-offline", run, monkeypatch, "plan", "--offline", "--base", "HEAD")


def test_apply_that_is_declined(built: Estate, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / MODEL).unlink()
    snapshot("apply-declined", run, monkeypatch, "apply", answer="n\n")


def test_apply_that_is_refused(built: Estate, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder / "consumers")
    snapshot("apply-refused", run, monkeypatch, "apply", "--auto-approve")


def test_apply_with_nothing_to_do(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("apply-nothing", run, monkeypatch, "apply")


def test_drift(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    built.client("lakeformation").add_lf_tags_to_resource(
        Resource={"TableWithColumns": {"DatabaseName": "credit-card", "Name": "credit_card", "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["internal"]}],
        CatalogId=CENTRAL,
    )
    snapshot("drift", run, monkeypatch, "drift")


def test_access(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("access-who-can", run, monkeypatch, "access", "who-can", "credit-profile")


def test_fmt(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(
        folder, MODEL, "kind: Subscription\nname: credit-risk-model\n", "name: credit-risk-model\nkind: Subscription\n"
    )
    snapshot("fmt", run, monkeypatch, "fmt", "--check")


def test_expire(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, MODEL, "2027-06-30", "2026-01-01")
    snapshot("expire", run, monkeypatch, "expire")


def test_owners(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("owners", run, monkeypatch, "owners", "--check", "--organization", "acme")


def test_unlock(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("unlock", run, monkeypatch, "unlock")


def test_no_credentials(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise unreachable(NoCredentialsError(), "eu-west-1")

    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("reconciler.pipeline.sessions_for", nobody)
    snapshot("no-credentials", run, monkeypatch, "plan")


def test_comment(git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (git / MODEL).unlink()
    snapshot("comment", run, monkeypatch, "comment", "--offline", "--print", "--base", "HEAD")


def test_quality(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("quality", run, monkeypatch, "quality", "credit-profile")


def test_run(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("run", run, monkeypatch, "run", "credit-profile", "--state")


def test_a_misspelt_option(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("usage", run, monkeypatch, "plan", "--offline")
