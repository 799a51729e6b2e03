"""A state of Terraform gives names, and is told what it has to forget."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.errors import MeshformError
from reconciler.importing.terraform import terraform_state
from tests.estate import ANALYTICS, BANKING, Estate
from tests.importing.laws import basis_of, hold_the_laws, import_of
from tests.importing.test_parts import shared

ROLE = "arn:aws:iam::444444444444:role/x-7f3"
SHOWN = {
    "values": {
        "root_module": {
            "resources": [
                {
                    "mode": "managed",
                    "type": "aws_glue_catalog_database",
                    "name": "sales_raw",
                    "address": "aws_glue_catalog_database.sales_raw",
                    "values": {"name": "sr_v2"},
                },
                {
                    "mode": "data",
                    "type": "aws_glue_catalog_database",
                    "name": "others",
                    "address": "data.aws_glue_catalog_database.others",
                    "values": {"name": "others"},
                },
            ],
            "child_modules": [
                {
                    "resources": [
                        {
                            "mode": "managed",
                            "type": "aws_lakeformation_permissions",
                            "name": "read",
                            "address": 'module.lake["a.b]"].aws_lakeformation_permissions.read["x"]',
                            "values": {},
                        },
                        {
                            "mode": "managed",
                            "type": "aws_iam_role",
                            "name": "analyst",
                            "address": "module.lake.aws_iam_role.analyst",
                            "values": {"arn": ROLE},
                        },
                    ]
                }
            ],
        }
    }
}
STATE = {
    "version": 4,
    "resources": [
        {
            "mode": "managed",
            "type": "aws_lakeformation_resource",
            "name": "lake",
            "module": "module.base",
            "instances": [{"index_key": 0, "attributes": {"arn": "arn:aws:s3:::bucket/raw"}}, {"index_key": 1}],
        },
        {"mode": "data", "type": "aws_iam_role", "name": "other", "instances": [{"attributes": {"arn": ROLE}}]},
    ],
}


def test_what_is_shown_gives_names_and_blocks() -> None:
    found = terraform_state(json.dumps(SHOWN), "state.json")
    assert found.names == {"database sr_v2": "sales-raw", f"principal {ROLE}": "analyst"}
    assert found.handing_over == (
        "removed {\n  from = aws_glue_catalog_database.sales_raw\n\n  lifecycle {\n    destroy = false\n  }\n}\n\n"
        "removed {\n  from = module.lake.aws_lakeformation_permissions.read\n\n"
        "  lifecycle {\n    destroy = false\n  }\n}\n"
    )


def test_a_state_file_is_read_as_well() -> None:
    found = terraform_state(json.dumps(STATE), "state.json")
    assert found.names == {"location bucket/raw": "lake"}
    assert found.owned == (
        "module.base.aws_lakeformation_resource.lake[0]",
        "module.base.aws_lakeformation_resource.lake[1]",
    )
    assert found.handing_over.count("removed {") == 1


def in_modules(*found: tuple[str, str, dict[str, str]]) -> str:
    """A state with resources by module, type and attributes."""
    resources = [
        {"mode": "managed", "type": kind, "name": "this", "module": module, "instances": [{"attributes": values}]}
        for module, kind, values in found
    ]
    return json.dumps({"version": 4, "resources": resources})


def test_modules_group_roles_into_consumers_and_tables_into_products() -> None:
    roles = [f"arn:aws:iam::444444444444:role/{name}" for name in ("a", "b", "c")]
    found = terraform_state(
        in_modules(
            ('module.teams["risk"].module.readers', "aws_iam_role", {"arn": roles[0]}),
            ('module.teams["Sales & Co"]', "aws_iam_role", {"arn": roles[1]}),
            ("module.marketing", "aws_iam_role", {"arn": roles[2]}),
            ('module.teams["risk"]', "aws_glue_catalog_table", {"name": "cases", "database_name": "dw"}),
            ("module.marketing", "aws_glue_catalog_table", {"name": "leads", "database_name": "dw"}),
            ('module.teams["risk"]', "aws_glue_catalog_database", {"name": "dw_2"}),
        ),
        "state.json",
    )
    assert found.names == {
        f"consumer {roles[0]}": "risk",
        f"consumer {roles[1]}": "sales-co",
        f"consumer {roles[2]}": "marketing",
        f"principal {roles[0]}": "risk",
        f"principal {roles[1]}": "sales-co",
        f"principal {roles[2]}": "marketing",
        "table dw.cases": "dw-risk",
        "table dw.leads": "dw-marketing",
        "database dw_2": "risk",
    }
    assert found.origins["database dw_2"] == 'module.teams["risk"].aws_glue_catalog_database.this'


def test_one_module_for_all_groups_nothing() -> None:
    roles = [f"arn:aws:iam::444444444444:role/{name}" for name in ("a", "b")]
    state = in_modules(*(("module.lake", "aws_iam_role", {"arn": arn}) for arn in roles))
    assert not any(what.startswith("consumer ") for what in terraform_state(state, "state.json").names)


def test_what_modules_say_is_in_the_documents(estate: Estate) -> None:
    shared(estate, "nothing")
    tables = {"orders": 'module.team["sales"]', "returns": 'module.team["sales"]', "claims": 'module.team["risk"]'}
    kind = "aws_glue_catalog_table"
    rows = [(module, kind, {"name": name, "database_name": "house"}) for name, module in tables.items()]
    state = terraform_state(
        in_modules(*rows, ("module.base", "aws_glue_catalog_database", {"name": "house"})), "state.json"
    )
    basis = replace(basis_of(BANKING, ANALYTICS), names=state.names, origins=state.origins)
    done, seen = import_of(estate, basis)
    hold_the_laws(done, seen)
    assert done.mesh is not None
    assert {name for name, each in done.mesh.products.items() if each.is_part} == {"house-risk", "house-sales"}
    (page,) = [page for page in done.pages if page.name == "house-risk"]
    assert "# In Terraform: module.base.aws_glue_catalog_database.this.\n" in page.text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resources": 1}', '{"values": {}}'])
def test_what_is_no_state_is_a_sentence(text: str) -> None:
    with pytest.raises(MeshformError, match=r"state\.json is no state of Terraform"):
        terraform_state(text, "state.json")
