"""A key that somebody else made is put on data only after the apply role has granted itself to; then it stays so."""

from __future__ import annotations

from tests.estate import CENTRAL, Estate, bank, step_of, wave_of

KEY = "sensitivity"


def rights(estate: Estate) -> list[str]:
    return [step.address.name for step in estate.plan().steps if step.address.name.endswith(" for the mesh")]


def test_a_key_of_others_is_granted_before_it_is_put_on_data(estate: Estate) -> None:
    estate.client("lakeformation").put_data_lake_settings(DataLakeSettings=admins())
    lake = estate.client("lakeformation")
    lake.create_lf_tag(TagKey=KEY, TagValues=["public", "internal", "confidential", "restricted"])
    # The hand is the apply role's own: who made a key may put it on data, so that is taken from it.
    role = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"}
    made = {"LFTag": {"TagKey": KEY, "TagValues": ["*"]}}
    right = {"Permissions": ["ASSOCIATE"], "PermissionsWithGrantOption": ["ASSOCIATE"]}
    lake.revoke_permissions(Principal=role, Resource=made, **right)
    plan = estate.plan()
    step = step_of(plan, "grant", f"ASSOCIATE on tag {KEY} for the mesh")
    assert step.calls[0].params["Resource"]["LFTag"] == {"CatalogId": CENTRAL, "TagKey": KEY, "TagValues": ["*"]}
    waves = wave_of(plan)
    put = [each for each in plan.steps if each.address.kind == "tag-assignment" and each.address.name.endswith(KEY)]
    assert put
    assert all(waves[step.address] < waves[each.address] for each in put)
    estate.repair()
    assert rights(estate) == []


def test_for_a_key_of_the_mesh_no_right_is_needed(estate: Estate) -> None:
    assert rights(estate) == []
    estate.repair(bank())
    glue = estate.client("lakeformation")
    place = {"TableWithColumns": {"DatabaseName": "credit-card", "Name": "credit_card", "ColumnNames": ["age"]}}
    glue.remove_lf_tags_from_resource(Resource=place, LFTags=[{"TagKey": KEY, "TagValues": ["restricted"]}])
    assert rights(estate) == []


def admins() -> dict[str, object]:
    """What lets the role of the sandbox see everything, as it would after the first run."""
    role = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
    return {"DataLakeAdmins": [{"DataLakePrincipalIdentifier": role}]}
