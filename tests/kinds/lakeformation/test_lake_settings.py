"""Data lake settings are one document of many owners: merged, never overwritten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.lake_settings import LakeSettings, LakeSettingsKind
from reconciler.model.resource import Resource
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, placement, variant

KIND = LakeSettingsKind()
STRANGER = f"arn:aws:iam::{CENTRAL}:role/stranger"


def wanted(account: str = CENTRAL, **changes: Any) -> Resource[LakeSettings]:
    (found,) = [each for each in KIND.desired(variant()) if each.address.placement.account == account]
    return replace(found, spec=replace(found.spec, **changes))


ARNS = st.frozensets(st.sampled_from([STRANGER, *(f"arn:aws:iam::{CENTRAL}:role/r{n}" for n in range(3))]))
FOUND = st.builds(
    LakeSettings,
    admins=ARNS,
    read_only_admins=ARNS,
    database_defaults=st.sampled_from(["[]", "[IAM_ALLOWED_PRINCIPALS:ALL]"]),
    table_defaults=st.sampled_from(["[]", "[IAM_ALLOWED_PRINCIPALS:ALL]"]),
    version=st.integers(1, 5),
)


@given(FOUND)
def test_settling_takes_nothing_away_from_others(spec: LakeSettings) -> None:
    want, have = wanted(), Resource(addresses.lake_settings(placement(CENTRAL)), spec)
    settled = KIND.merge_unmanaged(want, have).spec
    assert settled.admins == want.spec.admins | spec.admins
    assert settled.version == max(want.spec.version, spec.version)
    assert settled.database_defaults == settled.table_defaults == "[]"


@given(FOUND)
def test_settling_twice_changes_nothing(spec: LakeSettings) -> None:
    once = KIND.merge_unmanaged(wanted(), Resource(addresses.lake_settings(placement(CENTRAL)), spec))
    assert KIND.merge_unmanaged(wanted(), once).spec == once.spec


@given(FOUND)
def test_where_the_territory_is_exclusive_only_named_administrators_stay(spec: LakeSettings) -> None:
    want = wanted(exclusive=True)
    assert (
        KIND.merge_unmanaged(want, Resource(addresses.lake_settings(placement(CENTRAL)), spec)).spec.admins
        == want.spec.admins
    )


def test_the_defaults_of_other_accounts_are_left_as_they_are() -> None:
    for account in (BANKING, ANALYTICS):
        assert wanted(account).spec.database_defaults is None
        assert wanted(account).spec.version == 0


def test_an_account_without_a_declaration_keeps_its_settings() -> None:
    assert KIND.has_nothing_managed(wanted())


def test_what_nobody_manages_survives_a_write(estate: Estate) -> None:
    client = estate.client("lakeformation")
    document = client.get_data_lake_settings()["DataLakeSettings"]
    others = {
        "AllowExternalDataFiltering": True,
        "ExternalDataFilteringAllowList": [{"DataLakePrincipalIdentifier": "999999999999"}],
        "AuthorizedSessionTagValueList": ["EMR"],
        "AllowFullTableExternalDataAccess": True,
    }
    client.put_data_lake_settings(DataLakeSettings={**document, **others})
    estate.repair()
    after = client.get_data_lake_settings()["DataLakeSettings"]
    assert {name: after[name] for name in others} == others
    assert after["Parameters"]["CROSS_ACCOUNT_VERSION"] == "4"
    assert after["CreateTableDefaultPermissions"] == []


def test_the_administrators_of_the_mesh_are_the_role_of_apply_and_those_named() -> None:
    assert wanted().spec.admins == {
        f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole",
        f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-owner",
    }


def test_a_role_of_plans_of_its_own_is_a_read_only_administrator_everywhere() -> None:
    mesh = variant(("mesh.yaml", "plan: OrganizationAccountAccessRole", "plan: looks"))
    for want in KIND.desired(mesh):
        assert want.spec.read_only_admins == {f"arn:aws:iam::{want.address.placement.account}:role/looks"}
        assert not want.spec.admins & want.spec.read_only_admins


SUSPENDED = "apiVersion: meshform/v1\nkind: Suspension\nname: incident\nreason: x\nby: y\nprincipal: "


@pytest.mark.parametrize(
    "said", [f"arn:aws:iam::{ANALYTICS}:role/lead", f"arn:aws:sts::{ANALYTICS}:assumed-role/lead/session"]
)
def test_whoever_is_suspended_is_no_administrator_whoever_made_him_one(said: str) -> None:
    """By a document, by a hand that the mesh leaves alone, or read-only: he could grant himself everything again."""
    lead, other = f"arn:aws:iam::{ANALYTICS}:role/lead", f"arn:aws:iam::{ANALYTICS}:role/other"
    named = ("accounts/analytics.yaml", "parts: [consumer]", f"parts: [consumer]\nadmins: ['{lead}', '{other}']")
    for mesh in (variant(), variant(named)):
        more = {"suspensions/incident.yaml": f"{SUSPENDED}{said}\n"}
        away = variant(*([named] if mesh.accounts["analytics"].admins else []), more=more)
        (want,) = [each for each in KIND.desired(away) if each.address.placement.account == ANALYTICS]
        assert lead not in want.spec.admins
        both = frozenset({lead, other})
        found = LakeSettings(both, both, "[]", "[]", 3)
        settled = KIND.merge_unmanaged(want, Resource(want.address, found)).spec
        assert (settled.admins | settled.read_only_admins) & both == {other}
