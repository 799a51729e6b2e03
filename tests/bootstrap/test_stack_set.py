"""bootstrap --stack-set: with the parameters of an account, it makes there what the account's own template makes."""

from __future__ import annotations

import json
import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.bootstrap.stack_set import StackSet, stack_set
from reconciler.bootstrap.template import template
from reconciler.bootstrap.trust import Trusted
from reconciler.cli import cli
from reconciler.kinds import registry
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import ROLES
from tests.bootstrap.resolved import resolved
from tests.estate import Files, mesh_of, write
from tests.kinds.full import full

KINDS = registry()
ABOUT = "apiVersion: meshform/v1\nkind: {}\nname: {}\ndescription: One more.\n"
REGIONS = ("eu-west-1", "us-east-1", "eu-central-1")


def made_for(mesh: Mesh, trial: bool = False) -> tuple[StackSet, dict[str, dict[str, Any]]]:
    plain = {
        name: template(mesh, account, Trusted(), KINDS, trial=trial)
        for name, account in mesh.accounts.items()
        if account != mesh.central
    }
    return stack_set(mesh, plain), plain


def alike(value: Any) -> Any:
    """For IAM, a list of one is the one."""
    match value:
        case dict():
            return {key: alike(each) for key, each in value.items()}
        case list():
            return alike(value[0]) if len(value) == 1 else [alike(each) for each in value]
    return value


def assert_law(mesh: Mesh, trial: bool = False) -> StackSet:
    found, plain = made_for(mesh, trial)
    assert set(found.parameters) == set(plain)
    for name, own in plain.items():
        made = resolved(found.template, found.parameters[name], mesh.accounts[name].id)
        assert alike(made) == alike(own["Resources"]), name
        assert resolved(found.template, {}, mesh.accounts[name].id) == {}, "without parameters nothing is made"
    return found


@st.composite
def more_accounts(draw: st.DrawFn) -> Files:
    """Accounts of any parts, with domains and consumers that name buckets, workgroups and regions of their own."""
    files = dict[str, str]()
    for number in range(draw(st.integers(0, 6))):
        name, parts = f"more-{number}", draw(st.sets(st.sampled_from(("producer", "consumer")), min_size=1))
        identity = f"{number + 5}" * 12 if number < 5 else "012345678901"
        regions = draw(st.lists(st.sampled_from(REGIONS), unique=True))
        words = f'id: "{identity}"\nparts: [{", ".join(sorted(parts))}]\nmanageRoles: true\n'
        words += f"regions: [{', '.join(regions)}]\n" if regions and "consumer" in parts else ""
        files[f"accounts/{name}.yaml"] = ABOUT.format("Account", name) + words
        stem = draw(st.sampled_from(("raw", f"{identity}-raw", "bank")))
        if "producer" in parts:
            places = draw(st.integers(0, 3)) or draw(st.sampled_from((0, 0, 70)))
            words = f"owner: somebody\naccount: {name}\nbucket: {stem}-{number}\nstewards: [{name}-steward]\n"
            words += "places:\n" if places else ""
            for at in range(places):
                words += f"  - {{name: p{at}, bucket: {stem}-{number}-{'x' * (draw(st.integers(1, 30)))}-{at}}}\n"
            files[f"domains/{name}/domain.yaml"] = ABOUT.format("Domain", name) + words
        if "consumer" in parts:
            words = f"owner: somebody\naccount: {name}\nprincipals: [{{name: reader, role: {name}, create: true}}]\n"
            chosen = draw(st.sampled_from(("", f"name: {stem}-w", f"resultsBucket: {stem}-{number}-out")))
            words += f"workgroup: {{{chosen}}}\n" if len(regions) < 2 or "results" not in chosen else ""
            files[f"consumers/{name}/consumer.yaml"] = ABOUT.format("Consumer", name) + words
    return files


@settings(max_examples=20)
@given(more_accounts(), st.booleans())
def test_with_an_accounts_parameters_it_makes_what_the_accounts_own_template_makes(more: Files, trial: bool) -> None:
    assert_law(mesh_of({**full(ROLES), **more}), trial)


@cache
def full_mesh() -> Mesh:
    return mesh_of(full(ROLES))


MEMBERS = ("analytics", "banking-data", "markets-data")
ARNS = st.sampled_from(
    (
        "*",
        "arn:aws:s3:::a",
        "arn:aws:s3:::{id}-b/*",
        "arn:aws:s3:::c/${{aws:username}}/*",
        "x,y",
        " z",
        "",
        "${{!d}}{id}",
    )
)
ABOUTS = st.one_of(ARNS, st.lists(ARNS, max_size=3))
POLICIES = st.dictionaries(
    st.sampled_from(("PlanPolicy1", "PlanPolicy2", "Boundary")), st.lists(ABOUTS, min_size=1, max_size=2), min_size=1
)


def of_texts(policies: dict[str, list[Any]], account: str) -> dict[str, Any]:
    """A template of policies about these resources."""

    def told(about: Any) -> Any:
        return [told(each) for each in about] if isinstance(about, list) else about.format(id=account)

    made = {
        name: {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Sid": f"S3{number}", "Effect": "Allow", "Action": "s3:GetObject", "Resource": told(about)}
                        for number, about in enumerate(abouts)
                    ],
                }
            },
        }
        for name, abouts in policies.items()
    }
    return {"Resources": made, "Outputs": {}}


@given(st.fixed_dictionaries(dict.fromkeys(MEMBERS, POLICIES)))
def test_whatever_policies_are_about(policies: dict[str, dict[str, list[Any]]]) -> None:
    """Also the syntax of Fn::Sub and of lists, which is text in a policy."""
    mesh = full_mesh()
    plain = {name: of_texts(each, mesh.accounts[name].id) for name, each in policies.items()}
    found = stack_set(mesh, plain)
    for name, own in plain.items():
        made = resolved(found.template, found.parameters[name], mesh.accounts[name].id)
        assert alike(made) == alike(own["Resources"])


def producers(count: int, buckets: int = 0) -> Mesh:
    """The full mesh and some more producers, each with so many buckets of long names."""
    files = dict(full(ROLES))
    for number in range(count):
        name = f"more-{number}"
        words = f'id: "{700_000_000_000 + number}"\nparts: [producer]\nmanageRoles: true\n'
        files[f"accounts/{name}.yaml"] = ABOUT.format("Account", name) + words
        words = f"owner: somebody\naccount: {name}\nbucket: raw-{number}\nstewards: [{name}-steward]\n"
        rows = "".join(f"  - {{name: p{at}, bucket: raw-{'x' * 40}-{number}-{at}}}\n" for at in range(buckets))
        words += f"places:\n{rows}" if rows else ""
        files[f"domains/{name}/domain.yaml"] = ABOUT.format("Domain", name) + words
    return mesh_of(files)


def test_accounts_that_differ_in_names_only_are_one_profile() -> None:
    found = assert_law(producers(12))
    mine = [given for name, given in found.parameters.items() if name.startswith("more-")]
    assert len({given["Profile"] for given in mine}) == 1
    assert len({json.dumps(given) for given in mine}) == 12
    assert "raw-7" not in json.dumps(found.template), "what one account names, the others are not told"


def test_what_is_too_long_for_a_parameter_is_a_profile_of_its_own() -> None:
    found = assert_law(producers(12, buckets=72))
    mine = [given for name, given in found.parameters.items() if name.startswith("more-")]
    assert len({given["Profile"] for given in mine}) == 12


@pytest.mark.parametrize(
    "options",
    [
        ["--stack-set"],
        ["--stack-set", "--out", "x", "--check"],
        ["--stack-set", "--out", "x", "--events"],
        ["--stack-set", "--out", "x", "--account", "analytics"],
        ["--unit", "ou-1", "--out", "x"],
    ],
)
def test_what_does_not_go_together_writes_nothing(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(full(ROLES), tmp_path / "mesh")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["bootstrap", *options]).exit_code == 64
    assert not (tmp_path / "x").exists()


def test_files_and_lines_are_those_of_the_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an administrator deploys: the files hold the law's template and parameters, and each account has a line."""
    write(full(ROLES), tmp_path / "mesh")
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(cli, ["bootstrap", "--stack-set", "--out", "my files"])
    assert ran.exit_code == 0, ran.output
    mesh = mesh_of(full(ROLES))
    found, _ = made_for(mesh)
    out = tmp_path / "my files"
    assert yaml.safe_load((out / "stack-set" / "template.yaml").read_text()) == found.template
    words = [shlex.split(line) for line in re.findall(r"`(aws .*)`", ran.stderr)]
    assert [line[2] for line in words] == ["deploy", "create-stack-set", *["create-stack-instances"] * 3]
    for name, line in zip(found.parameters, words[2:], strict=True):
        assert line[line.index("--accounts") + 1] == mesh.accounts[name].id
        file = Path(line[line.index("--parameter-overrides") + 1].removeprefix("file://"))
        given = {each["ParameterKey"]: each["ParameterValue"] for each in json.loads(file.read_text())}
        assert given == found.parameters[name]
