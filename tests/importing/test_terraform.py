"""A state of Terraform gives names, and is told what it has to forget."""

from __future__ import annotations

import json

import pytest

from reconciler.errors import MeshformError
from reconciler.importing.terraform import terraform_state

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


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resources": 1}', '{"values": {}}'])
def test_what_is_no_state_is_a_sentence(text: str) -> None:
    with pytest.raises(MeshformError, match=r"state\.json is no state of Terraform"):
        terraform_state(text, "state.json")
