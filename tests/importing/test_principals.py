"""Who reads, in the words of the language: permission sets, whole accounts, users of Identity Center, organizations."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.importing.importing import Done
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate
from tests.importing.laws import basis_of, hold_the_laws, import_of, same_access
from tests.importing.test_odd_estates import base, give

TRUST = '{"Version": "2012-10-17", "Statement": []}'
SSO = "/aws-reserved/sso.amazonaws.com/eu-west-1/"
TABLE = {"Table": {"DatabaseName": "sales", "Name": "orders"}}
PERSON = "906769f4-2061-7024-a12b-abcdef123456"


def role(estate: Estate, name: str, account: str = CENTRAL, **more: Any) -> str:
    made = estate.client("iam", account).create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, **more)
    return str(made["Role"]["Arn"])


def imported(estate: Estate) -> Done:
    estate.fresh_sessions()
    done, seen = import_of(estate, basis_of(BANKING, ANALYTICS))
    hold_the_laws(done, seen)
    same_access(done, seen, unnamed=("x,y",))
    return done


def principals(done: Done) -> list[dict[str, Any]]:
    assert done.mesh is not None
    return [
        each.model_dump(exclude_defaults=True)
        for consumer in done.mesh.consumers.values()
        for each in consumer.principals
    ]


def test_a_permission_set_is_named_by_its_name(estate: Estate) -> None:
    lake, _ = base(estate)
    give(lake, role(estate, "AWSReservedSSO_Analysts_0123456789abcdef", Path=SSO), TABLE, "SELECT", "DESCRIBE")
    assert principals(imported(estate)) == [{"name": "analysts", "permissionSet": "Analysts"}]


def test_a_role_of_a_set_that_was_made_anew_keeps_its_arn(estate: Estate) -> None:
    """The permission is its predecessor's: by the name of the set it would be the new role's."""
    lake, _ = base(estate)
    give(lake, role(estate, "AWSReservedSSO_Analysts_0123456789abcdef", Path=SSO), TABLE, "SELECT", "DESCRIBE")
    estate.client("iam").delete_role(RoleName="AWSReservedSSO_Analysts_0123456789abcdef")
    role(estate, "AWSReservedSSO_Analysts_fedcba9876543210", Path=SSO)
    assert not any(each.get("permissionSet") for each in principals(imported(estate)))


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (f"{CENTRAL}:IAMPrincipals", {"name": "everybody", "wholeAccount": True}),
        (f"arn:aws:identitystore:::user/{PERSON}", {"name": PERSON, "centerUser": PERSON}),
    ],
)
def test_everybody_and_people_of_identity_center_are_named(estate: Estate, who: str, said: dict[str, Any]) -> None:
    lake, _ = base(estate)
    give(lake, who, TABLE, "SELECT", "DESCRIBE")
    assert principals(imported(estate)) == [said]


@pytest.mark.parametrize("part", [pytest.param("organization", marks=pytest.mark.soak), "unit"])
def test_an_organization_is_a_consumer(estate: Estate, part: str) -> None:
    lake, _ = base(estate)
    organizations = estate.client("organizations")
    arn = organizations.create_organization(FeatureSet="ALL")["Organization"]["Arn"]
    estate.client("ram").enable_sharing_with_aws_organization()
    if part == "unit":
        root = organizations.list_roots()["Roots"][0]["Id"]
        unit = organizations.create_organizational_unit(ParentId=root, Name="bi")["OrganizationalUnit"]
        arn = unit["Arn"]
    give(lake, arn, TABLE, "SELECT", "DESCRIBE", PermissionsWithGrantOption=["SELECT", "DESCRIBE"])
    done = imported(estate)
    assert done.mesh is not None
    assert [each.organization for each in done.mesh.consumers.values()] == [arn]
    assert [each.consumer for each in done.mesh.subscriptions.values()] == list(done.mesh.consumers)


RARER = [pytest.param(each, marks=pytest.mark.soak) for each in ("paths", "names")]


@pytest.mark.parametrize("evidence", ["tags", *RARER])
def test_teams_of_an_account_are_consumers_of_their_own(estate: Estate, evidence: str) -> None:
    lake, glue = base(estate)
    glue.create_database(DatabaseInput={"Name": "risk"})
    columns = [{"Name": "id", "Type": "string"}]
    glue.create_table(
        DatabaseName="risk",
        TableInput={"Name": "cases", "StorageDescriptor": {"Columns": columns, "Location": "s3://lake/c/"}},
    )
    places = {"sales": TABLE, "risk": {"Table": {"DatabaseName": "risk", "Name": "cases"}}}
    for team, place in places.items():
        for job in ("analyst", "engineer"):
            name = f"{team}-{job}" if evidence == "names" else f"{job}-{len(team)}"
            more: dict[str, Any] = {"Tags": [{"Key": "Team", "Value": team.title()}]} if evidence == "tags" else {}
            if evidence == "paths":
                more["Path"] = f"/teams/{team}/"
            give(lake, role(estate, name, **more), place, "SELECT", "DESCRIBE")
    done = imported(estate)
    assert done.mesh is not None
    assert sorted(done.mesh.consumers) == ["risk", "sales"]
    assert [len(each.principals) for each in done.mesh.consumers.values()] == [2, 2]
    assert len(done.mesh.subscriptions) == 2
    adopted = [grant.principal for each in done.mesh.adopted.values() for grant in each.grants]
    assert [who for who in adopted if ":role/" in who] == []
    if evidence == "tags":
        assert {each.owner for each in done.mesh.consumers.values()} == {"Sales", "Risk"}
