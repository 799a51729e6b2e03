"""destroy: everything of the mesh goes, by its name in full; data and other people's things stay and are told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reconciler.importing.looking import Looking
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from tests.cli.conftest import Run, edit
from tests.estate import ANALYTICS, BANKING, Estate, bank
from tests.plan.test_gates import POLICY
from tests.story.test_principals import SSO, role

BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
ANALYSTS = "  - {name: more, permissionSet: Analysts}\n"


def test_everything_of_the_mesh_goes_and_data_stay(built: Estate, run: Run, folder: Path) -> None:
    built.client("s3", BANKING).put_object(Bucket=BUCKET, Key="credit_card/a.csv", Body=b"1,2")
    lake = built.client("lakeformation")
    lake.create_lf_tag(TagKey="others", TagValues=["x"])
    glue = built.client("glue")
    glue.create_database(DatabaseInput={"Name": "others"})
    built.client("iam", ANALYTICS).create_user(UserName="guest")
    role(built, SSO)
    for whom in (f"arn:aws:iam::{ANALYTICS}:user/guest", SSO):
        built.client("lakeformation", ANALYTICS).grant_permissions(
            Principal={"DataLakePrincipalIdentifier": whom},
            Resource={"Database": {"Name": "rl_credit-card"}},
            Permissions=["DESCRIBE"],
        )
    assert run("adopt", "--all").code == 0
    # A person may call the role as its permission set is called, without the end that AWS gave it.
    edit(folder, "consumers/analytics-coe/consumer.yaml", "principals:\n", f"principals:\n{ANALYSTS}")
    (document,) = (folder / "adopted").rglob("*.yaml")
    edit(folder, str(document.relative_to(folder)), "_0123456789abcdef", "")
    edit(folder, str(document.relative_to(folder)), "sso.amazonaws.com/eu-west-1/", "sso.amazonaws.com/")
    try:
        ended = run("destroy", "--name", "bank")
        assert ended.code == 0, (ended.out, ended.err)
        assert "a bucket and the data in it are never deleted" in ended.out
        (adopted,) = [line for line in ended.out.splitlines() if "it was adopted" in line]
        assert f"to {SSO} in" in adopted
        assert "user/guest in" in adopted
        assert "and goes with resource-link rl_credit-card" in adopted
        built.fresh_sessions()
        seen = Looking(built.sessions).of(bank())
        left = {each.kind for each in compile_mesh(bank(), registry()) if each in seen.found}
        assert left == {"bucket", "lake-settings"}
        assert built.client("s3", BANKING).get_object(Bucket=BUCKET, Key="credit_card/a.csv")["Body"].read() == b"1,2"
        admins = lake.get_data_lake_settings()["DataLakeSettings"]["DataLakeAdmins"]
        assert [each["DataLakePrincipalIdentifier"].rpartition("/")[2] for each in admins] == [
            "OrganizationAccountAccessRole"
        ]
        assert lake.get_lf_tag(TagKey="others")["TagValues"] == ["x"]
        assert glue.get_database(Name="others")["Database"]["Name"] == "others"
        again = run("destroy", "--name", "bank")
        assert again.code == 0, again.err
    finally:
        built.empty()


@pytest.mark.parametrize("typed", ["", "ban", "Bank"])
def test_without_its_name_in_full_nothing_is_changed(
    built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    built.aws.calls.clear()
    ended = run("destroy")
    assert ended.code == 0
    assert "nothing was changed" in ended.err
    assert built.writes() == []


def test_where_nobody_answers_nothing_is_changed_and_it_is_said_how_else(
    built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    built.aws.calls.clear()
    ended = run("destroy")
    assert (ended.code, built.writes()) == (1, [])
    assert "Nobody answered, so nothing was changed." in ended.err
    assert "meshform destroy --name NAME" in ended.err


def test_its_name_accepts_what_goes_and_nothing_that_the_mesh_forbids_besides(
    built: Estate, run: Run, folder: Path
) -> None:
    (folder / "policies").mkdir()
    (folder / "policies" / "nobody-loses.yaml").write_text(POLICY, encoding="utf-8")
    built.aws.calls.clear()
    ended = run("destroy", "--name", "bank")
    assert ended.code == 3
    assert "policy/nobody-loses" in ended.err
    assert "meshform destroy --accept policy/nobody-loses" in ended.err
    assert "--accept mass-delete" not in ended.err
    assert [call for call in built.writes() if "Lock" not in str(call)] == []
