"""LF-tag keys that others made: used as they are, whatever documents say of them, and never removed.

A key is ours by its mark. A new key says so from its first moment, so that a run that ends anywhere leaves no key that
is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.aws.reader import AwsReader
from reconciler.aws.sender import Sender
from reconciler.errors import Refused
from reconciler.kinds import addresses, registry
from reconciler.model.plan import Held
from reconciler.plan.compile import compile_mesh
from reconciler.sandbox import sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, Estate, actions, failures, mesh_of, placement
from tests.spec.small import FILES

ROLES = "{plan: OrganizationAccountAccessRole, apply: OrganizationAccountAccessRole}"
SETTINGS = FILES["mesh.yaml"].replace("{plan: reader, apply: writer}", ROLES)
TEAM = """\
apiVersion: meshform/v1
kind: LFTag
name: team
description: Who works with it.
values:
  - {value: risk, description: Risk.}
  - {value: claims, description: Claims.}
"""
BASE = {**FILES, "mesh.yaml": SETTINGS}
TAKEN = {"mesh.yaml": SETTINGS + "territory:\n  takeOver: {lf-tag: [team, product]}\n"}
KEYS = {"team": ("claims", "risk"), "product": ("orders",), "sensitivity": ("confidential", "internal", "public")}


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    with sandbox() as aws:
        yield Estate(aws)


def with_key(**more: str) -> Mesh:
    return mesh_of({**BASE, "lf-tags/team.yaml": TEAM, **more})


def keys(estate: Estate) -> dict[str, list[str]]:
    return {row["TagKey"]: row["TagValues"] for row in estate.client("lakeformation").list_lf_tags()["LFTags"]}


def marks(estate: Estate) -> set[str]:
    return {row["Name"] for row in estate.client("lakeformation").list_lf_tag_expressions()["LFTagExpressions"]}


def applied(estate: Estate, mesh: Mesh) -> list[Held]:
    run = estate.apply_reviewed(mesh)
    assert not run.failed, failures(run)
    plan = estate.plan(mesh)
    assert actions(plan) == set()
    return list(plan.held)


def furnished(estate: Estate, **made: list[str]) -> None:
    """Keys that somebody has, and nothing that carries them."""
    estate.empty()
    lake = estate.client("lakeformation")
    admin = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
    lake.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin}]})
    for name in ("owner", "analyst"):
        for account in (CENTRAL, "444444444444"):
            estate.client("iam", account).create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement": []}')
    for key, values in made.items():
        lake.create_lf_tag(TagKey=key, TagValues=values)


@settings(max_examples=3)
@given(
    made=st.fixed_dictionaries(
        {},
        optional={
            key: st.lists(st.sampled_from([*own, "theirs"]), min_size=1, unique=True) for key, own in KEYS.items()
        },
    ),
    strict=st.booleans(),
)
def test_a_key_that_was_there_stays_as_it_was_in_every_moment(
    estate: Estate, made: dict[str, list[str]], strict: bool
) -> None:
    """Whatever it is called and has; also where values that no document lists are to go."""
    furnished(estate, **made)
    before = keys(estate)
    settled = (
        {"mesh.yaml": SETTINGS + "territory: {undeclaredTagValues: remove, undeclaredGrants: revoke}\n"}
        if strict
        else {}
    )
    for mesh in (with_key(**settled), mesh_of({**BASE, **settled})):
        applied(estate, mesh)
        now = keys(estate)
        assert {key: now.get(key) for key in before} == before
        assert not {f"meshform-demo-{key}" for key in before} & marks(estate)


def test_a_value_that_it_has_not_is_waited_for_and_told(estate: Estate) -> None:
    furnished(estate, team=["risk"])
    held = applied(estate, with_key())
    (lacking,) = [each for each in held if "team" in each.address.name]
    assert lacking.reason == (
        "others made the LF-tag team, and it has no value claims: add it there, choose another key, or name the key in "
        "mesh.yaml (territory.takeOver: {lf-tag: [team]})"
    )
    estate.client("lakeformation").update_lf_tag(TagKey="team", TagValuesToAdd=["claims"])
    assert applied(estate, with_key()) == []


def test_taken_over_by_name_and_by_leave_it_is_the_meshs_and_goes_with_its_document(estate: Estate) -> None:
    furnished(estate, team=["risk"], product=["theirs"])
    over = with_key(**TAKEN)
    review = estate.review(over)
    asked = [each.message for each in review.findings if each.rule == "taking-over"]
    assert sorted(asked) == [
        f"The lf-tag {key} exists in {CENTRAL} and bears no mark of this mesh. This plan would take it over and mark "
        "it: it would go with its document."
        for key in ("product", "team")
    ]
    with pytest.raises(Refused, match="taking-over"):
        pipeline.apply_reviewed(review, estate.sessions)
    assert applied(estate, over) == []
    assert keys(estate)["team"] == ["claims", "risk"]
    assert keys(estate)["product"] == ["orders"], "of the keys of products and domains every value is the mesh's to say"
    assert [each.message for each in estate.review(with_key()).findings if each.rule == "taking-over"] == []
    applied(estate, mesh_of(BASE))
    assert "team" not in keys(estate)


def test_a_run_that_ends_after_any_request_leaves_no_key_that_is_nobodys(estate: Estate) -> None:
    values = "".join(f"  - {{value: v{number:03}, description: One.}}\n" for number in range(120))
    mesh = with_key(**{"lf-tags/team.yaml": TEAM + values})
    wanted = compile_mesh(mesh, registry())
    want = wanted[addresses.lf_tag(placement(CENTRAL), "team")]
    mark = wanted[addresses.tag_mark(placement(CENTRAL), "meshform-demo-team")]
    calls = (*registry()["lf-tag"].create(want), *registry()["tag-mark"].create(mark))
    assert len(calls) == 5
    for done in (1, 2, len(calls) - 1):
        furnished(estate)
        sender = Sender(estate.sessions, AwsReader(estate.sessions))
        assert [sender.send([call]) for call in calls[:done]] == [{}] * done
        assert applied(estate, mesh) == []
        assert len(keys(estate)["team"]) == 122
        assert "meshform-demo-team" in marks(estate)


def test_a_key_that_was_deleted_is_made_again_and_is_the_meshs(estate: Estate) -> None:
    furnished(estate)
    applied(estate, with_key())
    estate.client("lakeformation").delete_lf_tag(TagKey="team")
    applied(estate, with_key())
    assert keys(estate)["team"] == ["claims", "risk"]


def test_a_key_whose_mark_was_erased_is_somebodys_until_it_is_taken_over(estate: Estate) -> None:
    furnished(estate)
    applied(estate, with_key())
    estate.client("lakeformation").delete_lf_tag_expression(Name="meshform-demo-team")
    applied(estate, mesh_of(BASE))
    assert keys(estate)["team"] == ["claims", "risk"]
    applied(estate, with_key(**TAKEN))
    applied(estate, mesh_of(BASE))
    assert "team" not in keys(estate)
