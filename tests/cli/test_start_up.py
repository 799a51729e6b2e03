"""Starting up is quick: a command imports what it needs, and no more."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.sandbox.http.server import Server
from tests.estate import EXAMPLE, ROOT

AWS = {"boto3", "botocore", "moto", "urllib3", "jmespath"}
HEAVY = {"deepdiff", "rich", "jsonschema", "duckdb", "sqlglot"}
CLIENTS = {"reconciler.forge.github.client", "reconciler.forge.gitlab.client"}
METADATA = {"csv", "email", "importlib.metadata", "socket", "tempfile", "zipfile"}
MACHINERY = {f"reconciler.{room}" for room in ("access", "aws", "demo", "kinds", "owners", "plan", "sandbox")}


def imported(*arguments: str, where: Path = ROOT, **variables: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    code = (
        f"import sys; sys.argv = ['meshform', *{arguments!r}]\n"
        "try:\n from reconciler.cli import main; main()\nexcept SystemExit as end: assert not end.code\n"
        "print(sorted(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=where,
        env={**os.environ, **variables},
    )
    return set(ast.literal_eval(ran.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)], ids=" ".join)
def test_help_pays_for_nothing(arguments: tuple[str, ...]) -> None:
    assert imported(*arguments).isdisjoint(AWS | HEAVY | MACHINERY | {"pydantic", "yaml", "reconciler.spec"})


def test_validate_pays_for_neither_aws_nor_access() -> None:
    modules = imported("validate")
    assert modules.isdisjoint(AWS | HEAVY | MACHINERY)
    assert modules.isdisjoint(METADATA), "pydantic looks for plugins, or something else that few need is imported"
    assert "reconciler.spec" in modules, "it has read the mesh"


def test_whoever_needs_the_metadata_of_packages_has_them() -> None:
    """Beside the mesh language, and by the name that pydantic's own finder of plugins goes by."""
    code = (
        "import sys, reconciler.spec.documents.base\n"
        "assert 'importlib.metadata' not in sys.modules\n"
        "from pydantic.plugin import _loader\n"
        "from importlib import metadata\n"
        "assert list(_loader.entry_points(group='pytest11')) == list(metadata.entry_points(group='pytest11')) != []\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_plan_without_aws_does_not_pay_for_it(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "mesh")
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "mesh"), ("commit", "-qm", "Base")):
        subprocess.run((*git, *words), check=True)
    modules = imported("plan", "--offline", "--base", "HEAD", where=tmp_path)
    assert modules.isdisjoint(AWS | CLIENTS | {"reconciler.aws", "reconciler.policy", "reconciler.sandbox"})
    assert modules.isdisjoint({"concurrent.futures", "logging", "reconciler.owners.history"})
    assert "reconciler.spec.language.format" not in modules, "every rule is looked for, though none was broken"
    assert "reconciler.access" in modules, "it has planned"


def test_a_plan_pays_for_no_more_than_reading_aws() -> None:
    """No forge is asked, the example has no policies, and botocore alone speaks to AWS."""
    server = Server()
    server.start()
    try:
        keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_ENDPOINT_URL": server.endpoint}
        modules = imported("plan", "--quiet", **keys)
    finally:
        server.stop()
    others = {f"reconciler.{room}" for room in ("catalog", "demo", "history", "importing", "policy", "sandbox")}
    assert modules.isdisjoint({"boto3", "moto", "multiprocessing", "s3transfer"} | HEAVY | CLIENTS | others)
    assert "reconciler.aws.observe" in modules, "it has read AWS"
