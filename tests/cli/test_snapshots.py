"""One test a command: the whole output, exit code and stderr, at 80 and 140 columns, as people read it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from botocore.exceptions import NoCredentialsError

from reconciler.aws.sign_in import unreachable
from reconciler.cli import cli
from tests.cli.conftest import Run, edit
from tests.cli.snapshot import FOLDER, snapshot
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, Estate

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"

POLICY = """\
apiVersion: meshform/v1
kind: Policy
name: ends
description: Whoever reads confidential data reads for half a year at most.
owner: governance
reason: Access that nobody needs any more is the one that leaks.
object: subscription
matchConditions: [{name: confidential, expression: "'confidential' in subscription.sensitivities"}]
validations:
  - expression: subscription.days >= 0 && subscription.days <= 184
    messageExpression: "'it runs ' + string(subscription.days) + ' days; 184 are allowed'"
tests:
  - {name: a year is too long, given: {sensitivities: [confidential], days: 365}, expect: break, message: 365 days}
  - {name: no end is too long, given: {sensitivities: [confidential], days: -1}, expect: break}
  - {name: half a year, given: {sensitivities: [confidential], days: 180}, expect: allow}
  - {name: what is internal has no such end, given: {sensitivities: [internal], days: -1}, expect: skip}
"""


@pytest.fixture
def git(folder: Path) -> Path:
    """The folder of the example as a commit of a repository."""
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=folder.parent, check=True)
    return folder


def test_every_command_has_a_snapshot() -> None:
    """What it is called with stands in the first line of each file."""
    said = {path.read_text().split()[2] for path in FOLDER.glob("*.txt")}
    assert set(cli.list_commands(click.Context(cli))) <= said


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


def test_snapshot(built: Estate, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("snapshot", run, monkeypatch, "snapshot", "--out", "all.gz", "--accounts", "central,analytics")
    snapshot("snapshot-show", run, monkeypatch, "snapshot", "show", "all.gz")
    (folder / MODEL).unlink()
    snapshot("plan-of-a-snapshot", run, monkeypatch, "plan", "--snapshot", "all.gz")


def test_import(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    role = "OrganizationAccountAccessRole"
    accounts = ("--central", CENTRAL, "--accounts", f"{BANKING},{MARKETS},{ANALYTICS}")
    roles = ("--plan-role", role, "--apply-role", role)
    snapshot("import", run, monkeypatch, "import", "--out", "found", *accounts, *roles, makes="found")


def test_destroy_that_is_declined(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("destroy", run, monkeypatch, "destroy", answer="no\n")


def test_policy(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "policies").mkdir()
    (folder / "policies" / "ends.yaml").write_text(POLICY)
    snapshot("policy-list", run, monkeypatch, "policy", "list")
    snapshot("policy-test", run, monkeypatch, "policy", "test")
    snapshot("policy-explain", run, monkeypatch, "policy", "explain", "ends")
    snapshot("policy-validate", run, monkeypatch, "validate")


def test_adopt(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = built.client("lakeformation")
    who = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"}
    place = {"Database": {"Name": "credit-card"}}
    lake.grant_permissions(Principal=who, Resource=place, Permissions=["DESCRIBE"])
    try:
        snapshot("adopt", run, monkeypatch, "adopt")
    finally:
        lake.revoke_permissions(Principal=who, Resource=place, Permissions=["DESCRIBE"])


def test_catalog(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("list", run, monkeypatch, "list", "subscriptions")
    snapshot("search", run, monkeypatch, "search", "credt", "risk", "--as", "analytics-coe/data-scientist")
    snapshot("search-nothing", run, monkeypatch, "search", "weather")
    snapshot("show", run, monkeypatch, "show", "fund-prices")
    snapshot("show-as", run, monkeypatch, "show", "credit_card.age", "--as", "analytics-coe/data-scientist")


def test_history(git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("history", run, monkeypatch, "history", "subscription", "portfolio-report")


def test_report(git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("report", run, monkeypatch, "report", "subscriptions", "--consumer", "analytics-coe")


def test_fmt(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(
        folder, MODEL, "kind: Subscription\nname: credit-risk-model\n", "name: credit-risk-model\nkind: Subscription\n"
    )
    snapshot("fmt", run, monkeypatch, "fmt", "--check")


def test_expire(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, MODEL, "2027-06-30", "2026-01-01")
    snapshot("expire", run, monkeypatch, "expire")


def test_recertify(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = "recertification: {first: 2026-11-20, every: 180d}\nlimits:"
    edit(folder, "mesh.yaml", "limits:", rounds)
    snapshot("recertify", run, monkeypatch, "recertify")


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


def test_promises(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("promises", run, monkeypatch, "promises")


def test_form_outside_of_a_workflow(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    snapshot("form", run, monkeypatch, "form")


def test_usage(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.aws.use_history.now", lambda: datetime(2026, 11, 22, tzinfo=UTC))
    snapshot("used", run, monkeypatch, "usage")


def test_bootstrap(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, "mesh.yaml", "plan: OrganizationAccountAccessRole", "plan: meshform-plan")
    edit(folder, "mesh.yaml", "apply: OrganizationAccountAccessRole", "apply: meshform-apply")
    snapshot("bootstrap", run, monkeypatch, "bootstrap", "--github", "acme/mesh", "--out", "printed", makes="printed")


def test_bootstrap_as_a_stack_set(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, "mesh.yaml", "plan: OrganizationAccountAccessRole", "plan: meshform-plan")
    edit(folder, "mesh.yaml", "apply: OrganizationAccountAccessRole", "apply: meshform-apply")
    command = ("bootstrap", "--stack-set", "--unit", "ou-ab12-34567890", "--out", "printed")
    snapshot("bootstrap-stack-set", run, monkeypatch, *command, makes="printed")


def test_bootstrap_of_one_role_for_both(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("bootstrap-one-role", run, monkeypatch, "bootstrap", "--account", "central")


def test_init(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("init", run, monkeypatch, "init", "shop", "--organization", "acme", "--yes", makes="shop")


def test_init_over_a_mesh(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("init-again", run, monkeypatch, "init", ".", "--organization", "acme", "--yes")


def test_schema(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("schema", run, monkeypatch, "schema")


def test_schema_of_a_kind_that_is_none(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("schema-unknown", run, monkeypatch, "schema", "Produkt")


def test_kinds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("kinds", run, monkeypatch, "kinds")


def test_rules(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("rules", run, monkeypatch, "rules")


def test_sandbox(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("sandbox", run, monkeypatch, "sandbox", "serve", "--port", "70000")


def test_doctor(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("doctor", run, monkeypatch, "doctor")


def test_reviewed_outside_of_github(git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("reviewed", run, monkeypatch, "reviewed", "--out", "reviewed")


def test_outcome_outside_of_github(git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("outcome", run, monkeypatch, "outcome", "outcome.json")


def test_the_site_of_the_catalog(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    snapshot("catalog", run, monkeypatch, "catalog", "build", "--mesh", "mesh", "--out", "site")


def test_going_on_and_giving_back(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("renew", run, monkeypatch, "renew", "portfolio-report", "--until", "2028-06-30")
    snapshot("return", run, monkeypatch, "return", "portfolio-reprot")


def test_products_in_the_words_of_others(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("export", run, monkeypatch, "export", "odps", "credit-profile")
    snapshot("export-unknown", run, monkeypatch, "export", "odcs", "credit-profil")


def test_what_goes_and_what_is_called_otherwise(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("retire", run, monkeypatch, "retire", "credit-profile", "--until", "2027-06-30", "--why", "It is too old.")
    snapshot(
        "rename-column",
        run,
        monkeypatch,
        "rename-column",
        "fund_price.net_aset_value",
        "value",
        "--until",
        "2027-06-30",
    )


def test_upgrade(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "shop"), "--organization", "acme", "--yes").code == 0
    monkeypatch.chdir(tmp_path / "shop")
    Path("schemas/policy.schema.json").unlink()
    Path(".github/workflows/plan.yml").write_text("mine\n")
    snapshot("upgrade", run, monkeypatch, "upgrade", "--check")


def test_ci(git: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(git, REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")
    snapshot("ci", run, monkeypatch, "ci", "--offline", "--base", "HEAD")


def test_completion_of_a_shell_that_is_not_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/nu")
    snapshot("completion", run, monkeypatch, "completion")
