"""import: what AWS has becomes a mesh; what is there is not overwritten; each mistake is a sentence."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, TODAY, Estate
from tests.importing.reference import BUCKET, Reference

ROLE = "OrganizationAccountAccessRole"
ACCOUNTS = f"{BANKING},{MARKETS},{ANALYTICS}"
NOTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'
FROM_AWS = ("--central", CENTRAL, "--accounts", ACCOUNTS, "--plan-role", ROLE, "--apply-role", ROLE)


def test_what_aws_has_becomes_a_mesh_with_an_empty_plan(built: Estate, run: Run, tmp_path: Path) -> None:
    made = run("import", "--out", "found", *FROM_AWS, "--format", "json")
    assert made.code == 0, made.err
    assert made.json["read"] == sum(sum(fates.values()) for fates in made.json["counts"].values())
    assert made.json["steps"] == made.json["unseen"] == []
    assert "no step" in made.err
    plan = run("plan", "--mesh", "found", "--detailed-exitcode")
    assert plan.code == 0, plan.out
    text = (tmp_path / "found/domains/consumer-banking/products/credit-profile.yaml").read_text()
    assert text.startswith("# From the database credit-card in 111111111111: 1 table.\n")


def test_a_snapshot_without_a_mesh_is_imported_like_aws(built: Estate, run: Run) -> None:
    taken = run("snapshot", "--out", "all.gz", "--central", CENTRAL, "--accounts", ACCOUNTS, "--plan-role", ROLE)
    assert taken.code == 0, taken.err
    one = run("import", "--out", "one", *FROM_AWS, "--name", "bank", "--format", "json")
    roles = ("--plan-role", ROLE, "--apply-role", ROLE)
    other = run("import", "--out", "other", "--snapshot", "all.gz", *roles, "--name", "mesh", "--format", "json")
    assert one.code == other.code == 0, (one.err, other.err)


def test_documents_that_are_there_stay_as_they_are(built: Estate, run: Run, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    made = run("import", "--out", "mesh")
    assert made.code == 0, (made.out, made.err)
    after = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    assert {path: after[path] for path in before} == before
    # Open to IAM by default in every account of AWS, and in no document of the example.
    assert [path.relative_to(folder).as_posix() for path in after.keys() - before.keys()] == ["adopted/central.yaml"]
    assert "+ adopted/central.yaml" in made.out
    again = run("import", "--out", "mesh")
    assert "Wrote 0 documents" in again.out


def test_what_is_new_is_added_and_what_is_gone_is_told(built: Estate, run: Run, folder: Path) -> None:
    assert run("import", "--out", "mesh").code == 0
    steward, lake = "arn:aws:iam::111111111111:role/meshform/bank/data-mesh-steward", built.client("lakeformation")
    who = {"DataLakePrincipalIdentifier": steward}
    place = {"Database": {"Name": "credit-card"}}
    tag = {"LFTag": {"TagKey": "subject", "TagValues": ["funds"]}}
    lake.grant_permissions(Principal=who, Resource=place, Permissions=["DESCRIBE"])
    lake.revoke_permissions(Principal=who, Resource=tag, Permissions=["ASSOCIATE"])
    try:
        made = run("import", "--out", "mesh")
        assert made.code == 2, (made.out, made.err)
        assert "+ adopted/central-2.yaml" in made.out
        assert "create grant ASSOCIATE on tag 111111111111:subject=funds" in made.err
    finally:
        lake.revoke_permissions(Principal=who, Resource=place, Permissions=["DESCRIBE"])
        lake.grant_permissions(Principal=who, Resource=tag, Permissions=["ASSOCIATE"])


def test_what_is_added_ends_within_the_terms_of_the_mesh(built: Estate, run: Run, folder: Path) -> None:
    """AWS knows no end; a term of a label asks for one, and the documents that are written have it."""
    (sensitivity,) = folder.glob("lf-tags/sensitivity.yaml")
    text = sensitivity.read_text()
    sensitivity.write_text(text.replace("{value: internal,", "{value: internal, term: {longest: 180d},"))
    gone = [*folder.glob("consumers/*/subscriptions/*.yaml")]
    for path in gone:
        path.unlink()
    made = run("import", "--out", "mesh")
    assert made.code == 0, (made.out, made.err)
    added = [*folder.glob("consumers/*/subscriptions/*.yaml")]
    assert len(added) == len(gone) == 2
    assert all(str(TODAY + timedelta(days=180)) in path.read_text() for path in added)
    assert run("validate").code == 0


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("mesh/mesh.yaml", "kind: Mesh\n", "no valid mesh"),
        ("mesh", "", "is a file"),
        ("mesh/x.yaml", "a: [", "no valid"),
    ],
)
def test_a_folder_that_cannot_be_added_to_is_left_alone(
    run: Run, folder: Path, tmp_path: Path, path: str, text: str, said: str
) -> None:
    shutil.rmtree(folder)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(text)
    made = run("import", "--out", "mesh", *FROM_AWS)
    assert made.code == 1
    assert said in made.err
    assert "nothing was written" in made.err
    assert [each.name for each in tmp_path.rglob("*")] == [*(["mesh"] if "/" in path else []), path.rpartition("/")[2]]


def test_a_mesh_is_added_to_around_its_own_catalog(run: Run) -> None:
    made = run("import", "--out", "mesh", "--central", BANKING)
    assert "around 111111111111" in made.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("account 111111111111: Sales!", "Not so: account 111111111111"),
        ("planet 1: x", "Not so: planet 1"),
        ("- x", "one a line"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_bad_names_file_is_a_sentence(run: Run, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "names.yaml").write_text(text)
    made = run("import", "--out", "found", *FROM_AWS, "--names", "names.yaml")
    assert made.code == 1
    assert said in made.err
    assert not (tmp_path / "found").exists()


def test_without_a_look_into_the_catalog_nothing_is_written(built: Estate, run: Run, tmp_path: Path) -> None:
    made = run("import", "--out", "found", "--central", CENTRAL, "--accounts", ACCOUNTS)
    assert made.code == 1
    assert "central catalog was not seen, so nothing was written" in made.err
    assert "meshform-plan cannot be assumed" in made.err
    assert not (tmp_path / "found").exists()


def test_names_are_given(estate: Estate, run: Run, tmp_path: Path) -> None:
    Reference(estate, 4).build()
    (tmp_path / "names.yaml").write_text(
        f"account {ANALYTICS}: lab\ndatabase credit-card: loans\ntag database: data-of\n"
    )
    accounts = ("--central", CENTRAL, "--accounts", f"{BANKING},{ANALYTICS}", "--plan-role", ROLE, "--apply-role", ROLE)
    made = run("import", "--out", "found", *accounts, "--names", "names.yaml")
    assert made.code == 0, made.err
    for path in ("accounts/lab.yaml", f"domains/{BUCKET}/products/loans.yaml", "lf-tags/data-of.yaml"):
        assert (tmp_path / "found" / path).exists(), path


def test_what_a_mesh_has_made_keeps_its_name(built: Estate, run: Run, tmp_path: Path) -> None:
    (tmp_path / "names.yaml").write_text(f"account {CENTRAL}: governance\ndatabase credit-card: loans\n")
    made = run("import", "--out", "found", *FROM_AWS, "--names", "names.yaml")
    assert made.code == 0, made.err
    assert (tmp_path / "found/domains/consumer-banking/products/credit-profile.yaml").exists()


@pytest.mark.parametrize("options", [(), ("--central", CENTRAL, "--snapshot", "x"), ("--central", "12")])
def test_what_is_read_is_said_once(run: Run, options: tuple[str, ...]) -> None:
    assert run("import", "--out", "found", *options).code == 64


def test_what_cannot_be_proved_is_written_only_by_name(built: Estate, run: Run, tmp_path: Path) -> None:
    """A role of the mesh's that somebody has changed: a plan of the documents would put it right."""
    where = {"RoleName": "credit-analyst", "PolicyName": "meshform"}
    built.client("iam", ANALYTICS).put_role_policy(**where, PolicyDocument=NOTHING)
    refused = run("import", "--out", "found", *FROM_AWS)
    assert refused.code == 1
    assert "A plan of this mesh would have" in refused.err
    assert "Nothing was written" in refused.err
    assert not (tmp_path / "found").exists()
    made = run("import", "--out", "found", *FROM_AWS, "--unproved")
    assert made.code == 1
    assert "Correct the documents before anything is applied" in made.err.replace("\n    ", " ")
    assert (tmp_path / "found/mesh.yaml").is_file()
