"""A database of others is as it was once its product is gone, byte for byte: LF-tags, keys, permissions and filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.plan.teardown import teardown
from reconciler.report.text import plan_text
from reconciler.sandbox import sandbox
from reconciler.spec.mesh import Mesh
from tests.dump import Facts, dump
from tests.estate import CENTRAL, Estate, actions, every_rule, failures, mesh_of
from tests.spec.small import FILES

PUBLISHER = f"arn:aws:iam::{CENTRAL}:role/publisher"
COLUMNS = ("year", "ratio", "note")
PLACES = ("", "loss", *(f"loss.{name}" for name in COLUMNS))
#: What the owner of the database may have put there, and what the product may declare: on a place, of a key.
WORDS = {"team": ("risk", "claims"), "subject": ("trade", "people")}
TAGS = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(sorted(WORDS))), st.integers(0, 1), max_size=5
)

TEAM = """\
apiVersion: meshform/v1
kind: LFTag
name: team
description: The key of another team.
ownership: external
values:
  - {value: risk, description: Risk.}
  - {value: claims, description: Claims.}
"""
DOMAIN = """\
apiVersion: meshform/v1
kind: Domain
name: claims
description: What dbt has.
owner: sales-team
account: data
bucket: dbt-lake
%s
"""
MINE = "external: [bucket, bucket-policy, location]"
THEIRS = "resources: external"
ROWS = """\
apiVersion: meshform/v1
kind: Subscription
name: few
consumer: lab
product: claims/losses
tables:
  - {name: loss, rows: "year > 2020"}
principals: [analyst]
purpose: A study.
approval: {by: sales-team, at: 2026-11-01}
"""
STUDY = FILES["consumers/lab/subscriptions/study.yaml"].replace("name: study", "name: losses")

CLOSE = """\
territory:
  exceptions: [{product: losses, principal: IAM_ALLOWED_PRINCIPALS, undeclaredGrants: revoke}]
"""
ROLES = "{plan: OrganizationAccountAccessRole, apply: OrganizationAccountAccessRole}"
BASE = {
    **FILES,
    "mesh.yaml": FILES["mesh.yaml"].replace("{plan: reader, apply: writer}", ROLES),
    "lf-tags/team.yaml": TEAM,
}

Tags = Mapping[tuple[str, str], int]


def with_product(declared: Tags, domain: str = MINE, *, close: bool = False) -> Mesh:
    """The small mesh and a product on the database of others, with tags where they are declared."""

    def tags(place: str, **more: str) -> str:
        own = {key: WORDS[key][value] for (where, key), value in declared.items() if where == place} | more
        return "{" + ", ".join(f"{key}: {value}" for key, value in own.items()) + "}"

    columns = "".join(f"      - {{name: {name}, type: int, tags: {tags(f'loss.{name}')}}}\n" for name in COLUMNS)
    product = (
        "apiVersion: meshform/v1\nkind: Product\nname: losses\ndomain: claims\nowner: sales-team\n"
        f"description: Losses.\ndatabase: marts\nexternal: [database]\ntags: {tags('')}\ntables:\n"
        f"  - name: loss\n    definition: external\n    tags: {tags('loss', sensitivity='internal')}\n"
        f"    columns:\n{columns}"
    )
    more = {
        "domains/claims/domain.yaml": DOMAIN % domain,
        "domains/claims/products/losses.yaml": product,
        "consumers/lab/subscriptions/losses.yaml": STUDY.replace("sales/orders", "claims/losses"),
        "consumers/lab/subscriptions/few.yaml": ROWS,
    }
    if domain == THEIRS:
        del more["consumers/lab/subscriptions/losses.yaml"]
    if close:
        more["mesh.yaml"] = BASE["mesh.yaml"] + CLOSE
    return mesh_of({**BASE, **more})


def without() -> Mesh:
    return mesh_of(BASE)


@pytest.fixture(scope="module")
def applied() -> Iterator[Estate]:
    """The small mesh, beside a database of dbt's."""
    with sandbox() as aws:
        made = Estate(aws)
        made.empty()
        lake, glue = made.client("lakeformation"), made.client("glue")
        for name in ("owner", "publisher"):
            made.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument='{"Statement": []}')
        made.client("iam", "444444444444").create_role(RoleName="analyst", AssumeRolePolicyDocument='{"Statement": []}')
        made.client("s3", "222222222222").create_bucket(
            Bucket="dbt-lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        admin = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
        closed = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
        lake.put_data_lake_settings(
            DataLakeSettings={"DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin}], **closed}
        )
        lake.create_lf_tag(TagKey="team", TagValues=["risk", "claims"])
        lake.register_resource(ResourceArn="arn:aws:s3:::dbt-lake", RoleArn=PUBLISHER)
        glue.create_database(DatabaseInput={"Name": "marts", "Parameters": {"owner": "dbt"}})
        storage = {
            "Location": "s3://dbt-lake/loss/",
            "Columns": [{"Name": name, "Type": "int"} for name in COLUMNS],
        }
        glue.create_table(DatabaseName="marts", TableInput={"Name": "loss", "StorageDescriptor": storage})
        lake.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": PUBLISHER},
            Resource={"Table": {"DatabaseName": "marts", "Name": "loss"}},
            Permissions=["SELECT", "ALTER"],
        )
        cells = {"TableCatalogId": CENTRAL, "DatabaseName": "marts", "TableName": "loss", "Name": "theirs"}
        lake.create_data_cells_filter(
            TableData={**cells, "RowFilter": {"FilterExpression": "year = 1"}, "ColumnNames": ["year"]}
        )
        made.repair(without())
        yield made


def tag_by_hand(estate: Estate, tags: Tags) -> None:
    """What the owner has put there, and nothing else."""
    lake = estate.client("lakeformation")
    for place in PLACES:
        for key in WORDS:
            for value in WORDS[key]:
                gone = [{"TagKey": key, "TagValues": [value]}]
                lake.remove_lf_tags_from_resource(Resource=resource(place), LFTags=gone)
            if (place, key) in tags:
                put = [{"TagKey": key, "TagValues": [WORDS[key][tags[place, key]]]}]
                lake.add_lf_tags_to_resource(Resource=resource(place), LFTags=put)


def resource(place: str) -> dict[str, object]:
    table, _, column = place.partition(".")
    if column:
        return {"TableWithColumns": {"DatabaseName": "marts", "Name": table, "ColumnNames": [column]}}
    return {"Table": {"DatabaseName": "marts", "Name": table}} if table else {"Database": {"Name": "marts"}}


def of_theirs(facts: Facts) -> Facts:
    """What stands on the database of others, its table, its bucket and its keys."""
    # The hands of these tests are the apply role's own.
    own = "role/OrganizationAccountAccessRole {"
    theirs = ("marts", "dbt-lake", " key ")
    return {name: text for name, text in facts.items() if any(each in name for each in theirs) and own not in name}


def applies(estate: Estate, mesh: Mesh) -> None:
    run = estate.apply_reviewed(mesh)
    assert not run.failed, failures(run)


def differing(before: Facts, after: Facts) -> dict[str, tuple[str | None, str | None]]:
    return {
        name: (before.get(name), after.get(name))
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    }


def tear_down(estate: Estate, mesh: Mesh) -> None:
    """As `meshform destroy` does."""
    wanted, seen = compile_mesh(mesh, registry()), estate.look(mesh)
    plan, _ = teardown(mesh, wanted, (), seen, registry())
    run = pipeline.apply_reviewed(pipeline.review_of(mesh, seen, plan), estate.sessions, accepted=every_rule())
    assert not run.failed, failures(run)


def lives(estate: Estate, theirs: Tags, declared: Tags, domain: str) -> None:
    """The product comes, is changed, and goes: nothing is left, and nothing is missing."""
    tag_by_hand(estate, theirs)
    before = of_theirs(dump(estate))
    applies(estate, with_product(declared, domain))
    assert actions(estate.plan(with_product(declared, domain))) == set()
    applies(estate, with_product({}, domain))
    applies(estate, with_product(declared, domain))
    applies(estate, without())
    assert differing(before, of_theirs(dump(estate))) == {}
    assert actions(estate.plan(without())) == set()


SOME = {("", "team"): 0, ("loss.year", "team"): 1}
CASES = {
    "nothing was there": ({}, {**SOME, ("loss.note", "subject"): 1}, MINE),
    "the same was there": (SOME, SOME, MINE),
    "others were there": ({("", "team"): 1, ("loss.ratio", "team"): 0}, SOME, MINE),
    "a domain of others": ({("loss", "team"): 1}, {**SOME, ("", "subject"): 0}, THEIRS),
}


LONG = ("nothing was there", "the same was there")


@pytest.mark.parametrize("case", [pytest.param(case, marks=pytest.mark.soak if case in LONG else ()) for case in CASES])
def test_a_database_of_others_is_as_it_was_when_its_product_is_gone(applied: Estate, case: str) -> None:
    lives(applied, *CASES[case])


@pytest.mark.soak
@settings(max_examples=25, deadline=None)
@given(theirs=TAGS, declared=TAGS, domain=st.sampled_from([MINE, THEIRS]))
def test_any_database_of_others_is_as_it_was(applied: Estate, theirs: Tags, declared: Tags, domain: str) -> None:
    # Of keys that the mesh made, what is on its data is the mesh's to say.
    lives(applied, {put: value for put, value in theirs.items() if put[1] == "team"}, declared, domain)


def test_a_teardown_leaves_it_as_it_was(applied: Estate) -> None:
    tag_by_hand(applied, {("loss", "team"): 1})
    before = of_theirs(dump(applied))
    applies(applied, with_product(SOME))
    tear_down(applied, with_product(SOME))
    own = (" key sensitivity", " key subject", " key product", " key domain")
    assert {name for name in differing(before, of_theirs(dump(applied))) if not name.endswith(own)} == set()
    applies(applied, without())


def test_what_others_opened_to_iam_is_closed_by_name_only(applied: Estate) -> None:
    lake = applied.client("lakeformation")
    everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    for where in (resource(""), resource("loss")):
        lake.grant_permissions(Principal=everybody, Resource=where, Permissions=["ALL"])
    open_, close = with_product({}), with_product({}, close=True)
    (told,) = [each for each in applied.review(open_).findings if each.rule == "open-to-iam"]
    assert (told.severity, "marts.loss" in told.message, "the database marts" in told.message) == (
        "warning",
        True,
        True,
    )
    screen = [*plan_text(applied.review(open_))]
    assert "lab/analyst gains grants on marts.loss (as far as IAM lets" in screen[0]
    (row,) = [line for line in screen if line.strip().startswith("+  analyst")]
    assert "as far as IAM lets, Lake Formation does not decide: 3 of 3" in row
    applies(applied, open_)
    assert [each.severity for each in applied.review(close).findings if each.rule == "open-to-iam"] == ["error"]
    before = of_theirs(dump(applied))
    applies(applied, close)
    gone = {name for name in differing(before, of_theirs(dump(applied))) if "IAM_ALLOWED_PRINCIPALS" not in name}
    assert gone == set(), "what others were granted by name stays"
    assert [each for each in applied.review(close).findings if each.rule == "open-to-iam"] == []
    applies(applied, without())


def test_tags_that_terraform_takes_off_come_back_and_are_still_the_meshs(applied: Estate) -> None:
    """Its resource_lf_tags removes every tag that it did not make (terraform-provider-aws#36539)."""
    tag_by_hand(applied, {("loss", "team"): 1})
    before = of_theirs(dump(applied))
    applies(applied, with_product(SOME))
    lake = applied.client("lakeformation")
    for place in PLACES[1:]:
        shown = lake.get_resource_lf_tags(Resource=resource(place), ShowAssignedLFTags=True)
        on = [*shown.get("LFTagsOnTable", ())] if "." not in place else []
        on += [
            tag
            for column in shown.get("LFTagsOnColumns", ())
            if f"loss.{column['Name']}" == place
            for tag in column["LFTags"]
        ]
        for tag in on:
            if (place, tag["TagKey"]) != ("loss", "team"):
                lake.remove_lf_tags_from_resource(Resource=resource(place), LFTags=[tag])
    steps = actions(applied.plan(with_product(SOME)))
    assert {step.split()[1] for step in steps} == {"tag-assignment"}, steps
    assert "create tag-assignment marts.loss.year team" in steps
    applies(applied, with_product(SOME))
    applies(applied, without())
    assert differing(before, of_theirs(dump(applied))) == {}


def test_links_of_the_mesh_go_and_those_that_were_there_stay(applied: Estate) -> None:
    """Both have the name that the mesh gives; the mark of the database lists the mesh's own."""
    target = {"CatalogId": CENTRAL, "DatabaseName": "marts"}
    theirs, ours = applied.client("glue", "222222222222"), applied.client("glue", "444444444444")
    theirs.create_database(DatabaseInput={"Name": "rl_marts", "TargetDatabase": target})

    def links(glue: Any) -> set[str]:
        return {each["Name"] for each in glue.get_databases()["DatabaseList"] if "TargetDatabase" in each}

    before = links(ours)
    applies(applied, with_product(SOME))
    assert "rl_marts" in links(ours) - before
    applies(applied, without())
    assert links(ours) == before
    assert "rl_marts" in links(theirs)


def test_where_the_owner_has_dropped_it_the_mark_goes_with_the_product(applied: Estate) -> None:
    """Terraform's tags could not be deleted then (terraform-provider-aws#38223). It is the last test of this world."""
    applies(applied, with_product(SOME))
    glue = applied.client("glue")
    glue.delete_table(DatabaseName="marts", Name="loss")
    glue.delete_database(Name="marts")
    plan = applied.plan(without())
    assert "delete used-mark meshform-demo uses marts" in actions(plan)
    applies(applied, without())
    assert actions(applied.plan(without())) == set()
    saved = applied.client("lakeformation").list_lf_tag_expressions()["LFTagExpressions"]
    assert [each["Name"] for each in saved if " uses " in each["Name"]] == []
