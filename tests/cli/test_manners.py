"""Manners of a tool that people trust: as whom and where, before anything; a no is an answer; found from below."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

import reconciler
from reconciler.cli.signed_in import identity_text
from tests.cli.conftest import Run, edit
from tests.cli.snapshot import FOLDER
from tests.estate import Estate

CODE = Path(reconciler.__file__).parent
CLI = CODE / "cli"
DOCUMENTS = {"ci", "comment", "export", "history"}
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


def test_as_whom_in_which_aws_and_in_how_many_accounts_is_said_first(built: Estate, run: Run) -> None:
    ran = run("plan")
    first = ran.err.splitlines()[0]
    assert first == (
        "As arn:aws:iam::000000000001:root in eu-west-1, 4 accounts (analytics, banking-data, central, markets-data) "
        "by the role OrganizationAccountAccessRole"
    )
    assert run("plan", "-q").err == ""


def test_many_accounts_are_told_by_some_names_and_their_number() -> None:
    accounts = tuple(f"a{number}" for number in range(1, 31))
    said = identity_text("arn:x", "plan", "eu-west-1", accounts, ())
    assert said == "As arn:x in eu-west-1, 30 accounts (a1, a2, a3, a4, a5, a6, a7, a8 and 22 more) by the role plan"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_GLUE"])
def test_what_is_not_aws_is_told_whichever_variable_says_so(
    built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(type(built.sessions), "whoami", lambda _: "arn:aws:iam::000000000001:root")
    monkeypatch.setenv(name, "http://127.0.0.1:5566")
    monkeypatch.setattr("reconciler.pipeline.look", lambda *_: built.look())
    assert run("plan").err.splitlines()[0].endswith(f"; not AWS itself, but {name}: http://127.0.0.1:5566")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert "not AWS itself, but AWS_" not in run("plan").err


def test_every_command_that_signs_in_says_so() -> None:
    """No command takes sessions but by `signed_in`, which tells; where there is no mesh yet, it tells by itself."""
    takes = {path.stem for path in CLI.glob("*.py") if re.search(r"sessions_for\(|\bSessions\(", path.read_text())}
    assert takes == {"signed_in", "import_", "snapshot"}
    assert all("tell_identity(sessions, " in (CLI / f"{name}.py").read_text() for name in takes - {"signed_in"})


def test_hints_are_written_in_one_place() -> None:
    """A hint is data until report/hints.py writes it."""
    writes = {
        path.relative_to(CODE).as_posix()
        for path in CODE.rglob("*.py")
        if re.search(r"""["'] *hint: """, path.read_text(encoding="utf-8"))
    }
    assert writes == {"report/hints.py", "cli/__init__.py"}, "the second one asks only whether a line is one"


def test_plus_tilde_and_minus_are_what_comes_changes_and_goes_everywhere() -> None:
    """No other use of these marks at the beginning of a line, in anything that a command has ever shown a test."""
    shown = {
        path.stem
        for path in FOLDER.glob("*.txt")
        if path.stem not in DOCUMENTS and re.search(r"^ *[+~-] ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    by_a_plan = {"plan", "plan-offline", "plan-of-a-snapshot", "apply-declined", "apply-refused", "demo", "destroy"}
    by_documents = {"request", "new-product", "suspend", "upgrade", "expire"}
    assert shown <= {*by_a_plan, *by_documents, "drift"}
    drift = (FOLDER / "drift.txt").read_text(encoding="utf-8")
    assert "`meshform apply` repairs: + made again, ~ set back, - taken away." in drift


def test_a_no_is_an_answer_and_no_error(estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    ran = run("apply")
    assert ran.code == 0
    assert "It was not confirmed, so nothing was changed." in ran.err
    assert estate.writes() == []


def test_where_nobody_answers_that_is_an_error(estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ran = run("apply")
    assert ran.code == 1
    assert "Nobody answered, so nothing was changed." in ran.err
    assert "hint: where nobody is asked: `meshform apply --expect plan.json`" in ran.err
    assert estate.writes() == []


@pytest.mark.parametrize("below", ["mesh", "mesh/domains/consumer-banking", "notes/of/mine"])
def test_the_mesh_is_found_from_below(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, below: str) -> None:
    place = folder.parent / below
    place.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(place)
    ran = run("validate")
    assert ran.code == 0, ran.err
    assert "is valid: 3 domains" in ran.out


def test_a_folder_that_is_given_is_taken_as_given(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "domains")
    assert run("validate", "--mesh", "mesh").code == 1


def test_quiet_hides_notes_and_progress_and_never_warnings(folder: Path, run: Run) -> None:
    edit(folder, MODEL, "2027-06-30", "2026-01-01")
    loud, quiet = run("validate"), run("validate", "-q")
    warnings = [line for line in loud.err.splitlines() if line.startswith("warning:")]
    assert warnings
    assert [line for line in quiet.err.splitlines() if line.startswith("warning:")] == warnings


def test_what_stood_before_is_a_count_with_its_command(built: Estate, folder: Path, run: Run) -> None:
    edit(folder, MODEL, "2027-06-30", "2026-01-01")
    assert "The mesh has 1 warning; `meshform validate` shows it." in run("plan", "-q").err


def test_progress_tells_how_much_of_how_much(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    class Line:
        """What stands on the terminal now."""

        def __enter__(self) -> Line:
            return self

        def __exit__(self, *_: object) -> None:
            """As rich's own."""

        def update(self, text: object) -> None:
            told.append(str(text))

    monkeypatch.setattr("reconciler.cli.show.is_terminal", lambda: True)
    monkeypatch.setattr("rich.console.Console.status", lambda *_: Line())
    assert run("plan").code == 0
    found = [re.match(r"Reading AWS: (\d+) of (\d+)(, about \d+ (?:s|min) left)?  \S", text) for text in told]
    numbers = [(int(each[1]), int(each[2])) for each in found if each]
    total = len(told)
    assert sorted(numbers) == [(number, total) for number in range(1, total + 1)]
    assert found[-1] is None or not found[-1][3], "nothing is left at the end"
    told.clear()
    assert run("plan", "-q").code == 0
    assert told == []
