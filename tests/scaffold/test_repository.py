"""init: an empty folder becomes a mesh repository that validates and plans at once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from reconciler import pipeline
from reconciler.bootstrap.rehearsal import rehearsal
from reconciler.catalog.form import form_answers
from reconciler.cli import main
from reconciler.errors import MeshformError
from reconciler.forge.gitlab.issues import FORM
from reconciler.kinds import registry
from reconciler.sandbox import sandbox
from reconciler.sandbox.shared.seed_buckets import GivenBucket
from reconciler.sandbox.shared.seed_roles import GivenRole
from reconciler.scaffold.answers import Answers
from reconciler.scaffold.repository import repository
from reconciler.scaffold.source import requirement
from reconciler.scaffold.upgrade import upgrade
from tests.estate import ROOT

TODAY = date(2026, 11, 22)
#: Documents that a new mesh does not begin with; the editor knows them all the same.
LATER = {f"mesh/{folder}/*.yaml" for folder in ("adopted", "policies", "exceptions", "suspensions")}
ANSWERS = Answers(name="shop", organization="acme")


def meshform(*words: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["meshform", *words])
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert meshform("init", str(tmp_path / "shop"), "--organization", "acme", "--yes") == 0
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def test_it_validates_plans_applies_and_plans_to_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert meshform("validate") == 0
    assert meshform("fmt", "--check") == 0
    assert meshform("owners", "--check") == 0
    bucket = GivenBucket("111111111111", "eu-west-1", "shop-evidence-111111111111")
    with sandbox(roles=bootstrapped(), buckets=[bucket]):
        assert meshform("plan", "--detailed-exitcode") == 2
        assert meshform("apply", "--auto-approve") == 0
        capsys.readouterr()
        assert meshform("plan", "--detailed-exitcode") == 0
    assert "No changes. AWS is as the mesh says." in capsys.readouterr().out


def test_with_policies_it_is_held_by_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them has an example that it allows and one that breaks it, and one wrong document breaks the mesh."""
    assert meshform("init", str(tmp_path / "shop"), "--organization", "acme", "--policies", "--yes") == 0
    monkeypatch.chdir(tmp_path / "shop")
    assert meshform("validate") == meshform("fmt", "--check") == meshform("owners", "--check") == 0
    assert meshform("policy", "test") == 0
    mesh = pipeline.load_folder("mesh").mesh
    assert mesh is not None
    assert len(mesh.policies) == 6
    for policy in mesh.policies.values():
        assert {"allow", "break"} <= {test.expect for test in policy.tests}, policy.name
    (subscription,) = Path("mesh").glob("consumers/*/subscriptions/**/*.yaml")
    right = subscription.read_text()
    for old, new in (
        ("principals:", "permissions: [SELECT, INSERT]\nprincipals:"),
        ("Why analytics needs to read it.", "x"),
    ):
        assert old in right
        subscription.write_text(right.replace(old, new))
        assert meshform("validate") == 1
    subscription.write_text(right.replace("[internal]", "[restricted]").replace("expires:", "# expires:"))
    assert any(each.rule == "beyond-term" for each in pipeline.load_folder("mesh").findings)


def test_with_policies_it_applies_in_the_sandbox_that_is_served_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Roles and the bucket of journal and lock are what `sandbox serve --mesh` makes, and nothing else is there."""
    from reconciler.cli.sandbox import _buckets, _roles

    assert meshform("init", str(tmp_path / "shop"), "--organization", "acme", "--policies", "--yes") == 0
    monkeypatch.chdir(tmp_path / "shop")
    mesh = pipeline.load_folder("mesh").mesh
    with sandbox(
        roles=[GivenRole(*role) for role in _roles(mesh)], buckets=[GivenBucket(*each) for each in _buckets(mesh)]
    ):
        assert meshform("plan", "--detailed-exitcode") == 2
        assert meshform("apply", "--auto-approve") == 0
        capsys.readouterr()
        assert meshform("plan", "--detailed-exitcode") == 0
    said = capsys.readouterr().out
    assert "No changes. AWS is as the mesh says." in said
    assert "policy/" not in said


def bootstrapped() -> list[GivenRole]:
    """The roles that bootstrap prints for the mesh in this folder."""
    mesh = pipeline.load_folder("mesh").mesh
    assert mesh is not None
    return [GivenRole(*role) for role in rehearsal(mesh, registry())]


def test_bootstrap_takes_the_roles_that_it_names(made: Path) -> None:
    """One role for both would be refused: who plans must not be able to write."""
    assert meshform("bootstrap", "--github", "acme/shop", "--out", "bootstrap", "-q") == 0
    assert {path.stem for path in (made / "bootstrap").iterdir()} == {"central", "sales-data", "analytics-account"}
    for path in (made / "bootstrap").iterdir():
        assert "RoleName: meshform-shop-plan" in path.read_text()
        assert "RoleName: meshform-shop-apply" in path.read_text()


def test_its_subscription_needs_no_approval_and_a_wider_one_does(made: Path) -> None:
    (document,) = made.glob("mesh/consumers/*/subscriptions/*/*/automatic/*.yaml")
    document.write_text(document.read_text().replace("[internal]", "[internal, confidential]"))
    assert meshform("validate") == 1, "in automatic/ nobody would be asked"
    wider = document.parent.parent / document.name
    document.rename(wider)
    assert meshform("validate") == 0
    assert meshform("owners", "--check") == 0


def test_nothing_is_overwritten(made: Path) -> None:
    (made / "README.md").write_text("mine")
    assert meshform("init", ".", "--organization", "acme", "--yes") == 1
    assert (made / "README.md").read_text() == "mine"


def test_its_workflows_are_those_of_this_repository() -> None:
    files = repository(ANSWERS, TODAY)
    names = {path for path in files if path.startswith(".github/workflows/")}
    assert len(names) == 9
    names.add(".github/ISSUE_TEMPLATE/data-request.yml")
    for path in names:
        assert files[path] == (ROOT / path).read_text(encoding="utf-8")


def test_its_schemas_are_those_of_the_language_and_the_editor_knows_them(made: Path) -> None:
    settings = json.loads((made / ".vscode" / "settings.json").read_text())
    for schema, glob in settings["yaml.schemas"].items():
        assert (made / schema).is_file()
        assert list(made.glob(glob)) or glob in LATER, glob
    for document in made.glob("mesh/**/*.yaml"):
        first = document.read_text().splitlines()[0]
        assert (document.parent / first.partition("$schema=")[2]).resolve().is_file(), document


@pytest.mark.parametrize(
    "answers",
    [
        Answers(name="Shop!", organization="acme"),
        Answers(name="shop", organization="acme", central="12"),
        Answers(name="shop", organization="acme", domain="sales\nowner: mallory"),
        Answers(name="shop", organization="acme", governance="Ada Lovelace"),
    ],
)
def test_answers_that_make_no_mesh_are_refused_with_a_reason(answers: Answers) -> None:
    with pytest.raises(MeshformError):
        repository(answers, TODAY)


COMMIT = "git+https://github.com/acme/meshform@" + "a1" * 20


@pytest.mark.parametrize(
    "source",
    [
        "meshform",
        "meshform==0.1.0",
        "git+https://github.com/acme/meshform@main",
        f"{COMMIT}#egg=x y",
        "missing.whl",
        "https://example.com/meshform-1-py3-none-any.whl",
        "git+ssh://x@" + "a" * 40,
        "acme/meshform@v1",
        "acme/meshform@" + "a" * 39,
        "meshform==0.1.0#sha256=abc",
        "other==0.1.0#sha256=" + "0" * 64,
        "meshform==0.1.0 --pre#sha256=" + "0" * 64,
        f"{COMMIT}\n--index-url https://evil",
    ],
)
def test_what_somebody_else_could_fill_is_no_source(source: str) -> None:
    with pytest.raises(MeshformError, match="does not pin"):
        requirement(source)


def test_a_source_pins_its_content(tmp_path: Path) -> None:
    assert requirement(COMMIT) == f"meshform @ {COMMIT}\n"
    address = "https://example.com/meshform-1-py3-none-any.whl"
    assert requirement("acme/meshform@" + "a1" * 20) == f"meshform @ {COMMIT}\n"
    hashes = f"--hash=sha256:{'0' * 64} --hash=sha256:{'1' * 64}"
    assert requirement(f"meshform==1.2.0#sha256={'0' * 64},{'1' * 64}") == f"meshform==1.2.0 {hashes}\n"
    assert requirement(f"{address}#sha256={'0' * 64}") == f"meshform @ {address} --hash=sha256:{'0' * 64}\n"
    wheel = tmp_path / "meshform-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    assert meshform("init", str(tmp_path / "shop"), "--yes", "-q", "--meshform-source", str(wheel)) == 0
    line = (tmp_path / "shop" / "requirements.txt").read_text()
    assert line == f"./wheels/{wheel.name} --hash=sha256:{sha256(b'wheel').hexdigest()}\n"
    assert (tmp_path / "shop" / "wheels" / wheel.name).read_bytes() == b"wheel"


def test_without_a_source_its_jobs_fail_and_say_why(made: Path) -> None:
    done = subprocess.run(["make", "setup"], cwd=made, capture_output=True, text=True)
    assert done.returncode != 0
    assert "Say in requirements.txt where Meshform comes from." in done.stdout
    assert not (made / ".venv").exists()


def locked(file: Path) -> dict[str, str]:
    """The packages of a lock with their versions."""
    lines = [line for line in file.read_text().splitlines() if not line.startswith(" ")]
    assert all(re.match(r"[a-z0-9-]+==\S+.* \\$", line) for line in lines)
    assert file.read_text().count("--hash=sha256:") >= len(lines)
    return dict(line.split(" ")[0].split("==") for line in lines)


def test_every_package_that_its_jobs_install_is_pinned_with_hashes(made: Path) -> None:
    """What carries out a plan has nothing of the simulated AWS beside it; a laptop adds that, in the same versions."""
    jobs, laptop = locked(made / "requirements.lock"), locked(made / "requirements-sandbox.lock")
    assert {"botocore", "cel-expr-python", "jinja2", "hatchling"} <= jobs.keys()
    assert {"boto3", "moto", "duckdb", "flask"}.isdisjoint(jobs)
    assert jobs.items() <= laptop.items()
    assert {"moto", "duckdb"} <= laptop.keys()
    assert (made / "Makefile").read_text().count("--require-hashes") == 2


def test_no_answer_writes_into_codeowners_what_is_no_name() -> None:
    for organization, governance in (("a;touch z", "rulers"), ("acme\n* @mallory", "rulers"), ("acme", "x y")):
        with pytest.raises(MeshformError):
            repository(Answers(name="shop", organization=organization, governance=governance), TODAY)


def test_answers_may_come_from_flags(tmp_path: Path) -> None:
    place = tmp_path / "x"
    flags = ["--name", "bank", "--organization", "acme", "--domain", "loans", "--product", "credits"]
    more = ["--central", "999999999999", "--consumer", "risk", "--governance", "rulers", "--region", "eu-central-1"]
    assert meshform("init", str(place), *flags, *more, "--yes", "-q") == 0
    assert (place / "mesh/domains/loans/products/credits.yaml").is_file()
    assert "999999999999" in (place / "mesh/accounts/central.yaml").read_text()
    assert "* @acme/rulers" in (place / ".github/CODEOWNERS").read_text()


def test_make_knows_the_commands_of_the_workflows(made: Path) -> None:
    done = subprocess.run(["make", "--dry-run", "validate"], cwd=made, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ".venv/bin/meshform validate" in done.stdout


def test_at_gitlab_it_has_a_pipeline_and_nothing_of_github(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also below a group in a group; its owners are groups in that."""
    place = tmp_path / "shop"
    assert meshform("init", str(place), "--forge", "gitlab", "--organization", "acme/data", "--yes") == 0
    monkeypatch.chdir(place)
    subprocess.run(["git", "init", "--quiet"], check=True)
    assert meshform("validate") == meshform("fmt", "--check") == meshform("owners", "--check") == 0
    assert not (place / ".github").exists()
    files = {".gitlab-ci.yml", ".gitlab/CODEOWNERS", ".gitlab/issue_templates/data-request.md"}
    assert files <= {str(path.relative_to(place)) for path in place.rglob("*")}
    assert "* @acme/data/data-governance\n" in (place / ".gitlab/CODEOWNERS").read_text()
    mesh = pipeline.load_folder("mesh").mesh
    assert mesh is not None
    assert mesh.teams["sales-stewards"].gitlab == "acme/data/sales-stewards"
    text = "\n".join(path.read_text() for path in (place / "README.md", place / "Makefile", place / ".gitlab-ci.yml"))
    assert "GitHub" not in text
    assert "pull request" not in text
    assert meshform("bootstrap", "--gitlab", "gitlab.com/acme/data/shop", "--out", "bootstrap", "-q") == 0
    assert "project_path:acme/data/shop:ref_type:branch:ref:main" in (place / "bootstrap/central.yaml").read_text()


def test_an_upgrade_keeps_to_the_forge_that_it_finds(tmp_path: Path) -> None:
    for path, body in repository(replace(ANSWERS, forge="gitlab"), TODAY).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(body)
    (tmp_path / ".gitlab-ci.yml").write_text("mine")
    assert upgrade(tmp_path, "mesh", None).left == (".gitlab-ci.yml",)
    assert set(upgrade(tmp_path, "mesh", None, workflows=True).files) == {".gitlab-ci.yml"}


def test_the_template_of_an_issue_at_gitlab_is_the_form_that_is_read() -> None:
    """Its first line is what tells such an issue; its hints are no answers."""
    text = repository(replace(ANSWERS, forge="gitlab"), TODAY)[".gitlab/issue_templates/data-request.md"]
    assert text.startswith(FORM)
    assert set(form_answers(text).values()) == {""}
    filled = text.replace("### Product\n", "### Product\nsales/orders\n")
    assert form_answers(filled)["product"] == "sales/orders"
