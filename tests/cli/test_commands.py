"""What the commands answer: exit codes, what goes to stdout and what to stderr, and what is never done unasked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit
from tests.estate import ANALYTICS, CENTRAL, EXAMPLE, Estate

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"


def test_the_whole_story_by_the_commands(estate: Estate, run: Run) -> None:
    assert run("validate").code == 0
    planned = run("plan", "--detailed-exitcode")
    assert planned.code == 2
    assert "to create" in planned.out
    applied = run("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    assert "Done: " in applied.out
    again = run("plan", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes. AWS is as the mesh says." in again.out
    assert run("drift").code == 0


def test_a_plan_changes_nothing(estate: Estate, run: Run) -> None:
    assert run("plan").code == 0
    assert estate.writes() == []


def test_pending_changes_are_exit_0_unless_asked_for(estate: Estate, run: Run) -> None:
    assert run("plan").code == 0
    assert run("plan", "--detailed-exitcode").code == 2


def test_drift_is_exit_2_and_says_what(built: Estate, run: Run) -> None:
    built.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    ran = run("drift")
    assert ran.code == 2
    assert "missing: resource-link rl_credit-card" in ran.out
    assert run("apply", "--auto-approve", "-q").code == 0
    assert run("drift").code == 0


def test_apply_asks_and_does_nothing_without_a_yes(estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    for answer in ("n\n", "", "no\n"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
        ran = run("apply")
        assert ran.code == (0 if answer else 1)
        assert "Carry this out (" in ran.err
        assert "nothing was changed" in ran.err
        assert estate.writes() == []


def test_apply_with_nothing_to_do_asks_nothing(built: Estate, run: Run) -> None:
    ran = run("apply")
    assert ran.code == 0
    assert "Carry this out" not in ran.err
    assert built.writes() == []


def test_a_gate_refuses_with_exit_3_and_says_which_word_accepts_it(built: Estate, folder: Path, run: Run) -> None:
    (folder / FUNDS).unlink()
    refused = run("apply", "--auto-approve")
    assert refused.code == 3
    assert "nothing was changed" in refused.err
    assert "--accept catalog-loss" in refused.err
    assert built.writes() == []
    half = run("apply", "--auto-approve", "--accept", "catalog-loss")
    assert half.code == 3
    assert "--accept mass-delete" in half.err
    assert "--accept catalog-loss" not in half.err
    rules = re.findall(r"--accept ([a-z-]+)", refused.err)
    done = run("apply", "--auto-approve", *(word for rule in rules for word in ("--accept", rule)))
    assert done.code == 0, done.err
    assert run("plan", "--detailed-exitcode").code == 0


def test_accepting_another_rule_accepts_nothing(built: Estate, folder: Path, run: Run) -> None:
    (folder / FUNDS).unlink()
    assert run("apply", "--auto-approve", "--accept", "one-way").code == 3
    assert built.writes() == []


def test_only_what_was_reviewed_is_carried_out(built: Estate, folder: Path, run: Run, tmp_path: Path) -> None:
    (folder / MODEL).unlink()
    reviewed = tmp_path / "reviewed.json"
    reviewed.write_text(run("plan", "--format", "json").out)
    built.client("glue", ANALYTICS).delete_database(Name="rl_credit-card")
    ran = run("apply", "--expect", str(reviewed))
    assert ran.code == 4, ran.err
    assert "held back: resource-link" in ran.out or "rl_credit-card: not in the reviewed plan" in ran.out
    left = run("plan", "--format", "json").json
    assert any("rl_credit-card" in step["address"] for step in left["steps"])
    assert not any("sensitivity in (confidential, internal)" in step["address"] for step in left["steps"])


def test_a_reviewed_plan_that_still_holds_is_carried_out_without_a_question(
    built: Estate, folder: Path, run: Run, tmp_path: Path
) -> None:
    (folder / MODEL).unlink()
    reviewed = tmp_path / "reviewed.json"
    reviewed.write_text(run("plan", "--format", "json").out)
    ran = run("apply", "--expect", str(reviewed))
    assert ran.code == 0, ran.err
    assert run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 2, "steps": []}', '{"version": 1, "steps": [3]}', None]
)
def test_what_is_no_reviewed_plan_is_refused_before_aws_is_called(
    estate: Estate, run: Run, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "reviewed.json"
    if content is not None:
        path.write_text(content)
    ran = run("apply", "--expect", str(path))
    assert ran.code in (1, 4)
    assert "reviewed plan" in ran.err
    assert "Traceback" not in ran.err
    assert len(estate.aws.calls) == 0


def test_a_failed_step_is_exit_5_and_the_rerun_converges(estate: Estate, run: Run) -> None:
    words = {"error": "AccessDeniedException", "message": "not today", "times": None}
    estate.aws.faults({"service": "glue", "operation": "CreateTable", **words})
    ran = run("apply", "--auto-approve")
    assert ran.code == 5
    assert "not today" in ran.out
    assert "skipped" in ran.out
    assert "plan" in ran.err
    estate.aws.world.faults.clear()
    assert run("apply", "--auto-approve", "-q").code == 0
    assert run("plan", "--detailed-exitcode").code == 0


def test_a_run_is_written_to_the_journal(built: Estate, folder: Path, run: Run) -> None:
    (folder / MODEL).unlink()
    ran = run("apply", "--auto-approve", "--format", "json")
    assert ran.code == 0, ran.err
    entry = json.loads(Path(ran.json["journal"]).read_text())
    assert entry["version"] == 1
    assert entry["mesh"] == "bank"
    assert entry["by"] == "arn:aws:iam::000000000001:root"
    assert {step["result"] for step in entry["steps"]} == {"done"}
    operations = {call["operation"] for step in entry["steps"] for call in step["calls"]}
    assert "RevokePermissions" in operations
    assert [step["digest"] for step in entry["steps"]] == [step["digest"] for step in ran.json["steps"]]


def test_a_failed_run_is_in_the_journal_too(estate: Estate, folder: Path, run: Run) -> None:
    estate.aws.faults({"service": "glue", "operation": "CreateTable", "error": "AccessDeniedException", "times": None})
    run("apply", "--auto-approve")
    (path,) = (folder.parent / ".meshform/journal").glob("*.json")
    results = {step["result"] for step in json.loads(path.read_text())["steps"]}
    assert results == {"done", "failed", "skipped"}


def test_a_journal_that_cannot_be_written_is_a_sentence(built: Estate, folder: Path, run: Run) -> None:
    (folder / MODEL).unlink()
    (folder.parent / ".meshform").write_text("a file where a folder should be")
    ran = run("apply", "--auto-approve")
    assert ran.code != 0
    assert "journal" in ran.err.lower()
    assert "Traceback" not in ran.err


def test_json_goes_to_stdout_and_remarks_to_stderr(estate: Estate, folder: Path, run: Run) -> None:
    edit(folder, REPORT, "expires: 2027-12-31\n", "")
    ran = run("plan", "--format", "json")
    assert ran.json["version"] == 1
    assert ran.json["complete"] is True
    assert not ran.out.startswith("warning")


@pytest.mark.parametrize("command", [("plan",), ("drift",)], ids=lambda words: words[0])
def test_the_json_of_a_plan_has_every_field_of_version_1(estate: Estate, run: Run, command: tuple[str, ...]) -> None:
    data = run(*command, "--format", "json").json
    assert {"version", "digest", "complete", "steps", "held", "gaps", "foreign", "findings", "access"} <= set(data)
    for step in data["steps"]:
        assert {"address", "action", "digest", "origin", "calls", "waits_for", "diff"} <= set(step)
        for call in step["calls"]:
            assert {"account", "region", "service", "operation", "params"} <= set(call)


@pytest.mark.parametrize("command", ["kinds", "rules", "validate"])
def test_lists_are_text_or_json(run: Run, command: str) -> None:
    assert run(command).out.strip()
    assert run(command, "--format", "json").json
    assert len(run(command, "-v").out) >= len(run(command).out)


def test_quiet_means_results_only(estate: Estate, run: Run) -> None:
    assert run("validate", "-q") == type(run("validate", "-q"))(0, "", "")
    ran = run("plan", "-q")
    assert ran.err == ""
    assert ran.out


def test_verbose_shows_the_literal_requests(estate: Estate, run: Run) -> None:
    assert "lakeformation.CreateLFTag" not in run("plan").out
    assert "lakeformation.CreateLFTag" in run("plan", "-v").out


@pytest.mark.parametrize("command", ["plan", "drift", "validate", "kinds", "rules"])
def test_without_a_terminal_and_with_no_color_there_are_no_colours(estate: Estate, run: Run, command: str) -> None:
    for ran in (run(command), run(command, "--no-color")):
        assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("plan", "--nonsense"),
        ("plan", "--offline"),
        ("plan", "--format", "xml"),
        ("plan", "extra"),
        ("kinds", "--mesh"),
        ("sandbox", "serve", "--port", "many"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_64_and_says_what_is_right(estate: Estate, run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.code == 64
    assert "Usage: meshform" in ran.err
    assert ran.out == ""
    assert len(estate.aws.calls) == 0


def test_every_command_has_help_with_an_example(run: Run) -> None:
    listed = re.findall(r"^  ([a-z]+)\s", run("--help").out, re.MULTILINE)
    assert {"plan", "apply", "drift", "validate", "schema", "kinds", "rules", "sandbox", "demo"} <= set(listed)
    for command in listed:
        ran = run(command, "--help")
        assert ran.code == 0
        assert "Example: " in ran.out, command


def test_help_imports_no_aws(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['meshform', '--help']\n"
        "try:\n from reconciler.cli import main; main()\nexcept SystemExit: pass\n"
        "print([name for name in ('boto3', 'pydantic', 'moto') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_missing_credentials_are_one_paragraph(estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    for command in ("plan", "apply", "drift"):
        ran = run(command)
        assert ran.code == 1
        assert "No AWS credentials were found." in ran.err
        said = ran.err.strip().splitlines()
        assert [line for line in said if line and not line.startswith("hint: ")] == said[:1]
        assert ran.out == ""


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("AWS_PROFILE", "nobody", "There is no AWS profile nobody, which AWS_PROFILE names."),
        ("AWS_ENDPOINT_URL", "not a url", "AWS_ENDPOINT_URL is no address of a service: not a url"),
    ],
)
def test_a_wrong_aws_configuration_is_one_paragraph(
    estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    ran = run("plan")
    assert ran.code == 1
    assert words in ran.err
    said = ran.err.strip().splitlines()
    assert [line for line in said if line and not line.startswith("hint: ")] == said[:1]


def test_a_role_that_cannot_be_assumed_is_named_with_what_to_do(estate: Estate, folder: Path, run: Run) -> None:
    edit(folder, "mesh.yaml", "plan: OrganizationAccountAccessRole", "plan: no-such-role")
    ran = run("plan")
    assert ran.code == 0
    assert f"arn:aws:iam::{CENTRAL}:role/no-such-role cannot be assumed" in ran.out
    assert "incomplete" in ran.out
    assert "Traceback" not in ran.err
    assert run("plan", "--detailed-exitcode").code == 1
    assert run("drift").code == 1


def test_what_a_change_asks_for_needs_no_aws(estate: Estate, folder: Path, run: Run) -> None:
    git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", "-C", str(folder.parent)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "mesh"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "base"], check=True)
    edit(folder, MODEL, "[internal, confidential]", "[internal]")
    ran = run("plan", "--offline", "--base", "HEAD", "--detailed-exitcode")
    assert ran.code == 2
    assert "Since HEAD" in ran.out
    assert len(estate.aws.calls) == 0
    data = run("plan", "--offline", "--base", "HEAD", "--format", "json").json
    assert data["steps"] == []
    assert any("sensitivity in (confidential, internal)" in change["address"] for change in data["asked"])
    unknown = run("plan", "--offline", "--base", "no-such-ref")
    assert unknown.code == 1
    assert "no-such-ref" in unknown.err
    assert "Traceback" not in unknown.err


def test_outside_of_a_repository_there_is_no_base(estate: Estate, run: Run) -> None:
    ran = run("plan", "--offline", "--base", "HEAD")
    assert ran.code == 1
    assert "not in a git repository" in ran.err


def test_the_served_sandbox_is_an_aws_for_the_command_line(tmp_path: Path) -> None:
    """`sandbox serve` in one process, plan, apply and plan in others, by AWS_ENDPOINT_URL alone."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    meshform = str(Path(sys.executable).parent / "meshform")
    server = subprocess.Popen(
        [meshform, "sandbox", "serve", "--port", str(port)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
    }
    try:
        assert server.stderr is not None
        assert b"A simulated AWS is at" in server.stderr.readline()

        def call(*arguments: str) -> subprocess.CompletedProcess[str]:
            mesh = ("--mesh", str(EXAMPLE))
            return subprocess.run(
                [meshform, *arguments, *mesh], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
            )

        applied = call("apply", "--auto-approve", "-q")
        assert applied.returncode == 0, applied.stderr
        again = call("plan", "--detailed-exitcode")
        assert again.returncode == 0, again.stdout
        assert "No changes" in again.stdout
    finally:
        server.terminate()
        server.communicate()
