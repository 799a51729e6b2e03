"""Lists of columns: widened, narrowed and replaced, whether AWS keeps two lists apart or as one."""

from __future__ import annotations

import pytest

from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, CENTRAL, Estate, variant

SUBSCRIPTION = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"


def sharing(*columns: str) -> Mesh:
    """The example with the data scientist's subscription on columns by name."""
    named = f"tables: [{{name: credit_card, columns: [{', '.join(columns)}]}}]"
    return variant((SUBSCRIPTION, "clearance: {sensitivity: [internal, confidential]}", named))


def readable(estate: Estate) -> set[str]:
    """The columns that the sandbox lets the reader see."""
    lake = estate.aws.world.lakeformation
    return set(lake.read_access(READER, CENTRAL, "credit-card", "credit_card").columns)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("status", "duration"), ("status", "duration", "purpose")),
        (("status", "duration", "purpose"), ("status",)),
        (("status", "duration"), ("purpose", "savings")),
        (("status", "duration"), ("duration", "savings")),
    ],
    ids=["widened", "narrowed", "replaced", "shifted"],
)
def test_after_a_change_of_the_list_exactly_the_new_columns_are_readable(
    estate: Estate, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    estate.repair(sharing(*before))
    assert readable(estate) == set(before)
    estate.repair(sharing(*after))
    assert readable(estate) == set(after)


def test_two_lists_by_hand_become_the_one_that_is_asked_for(estate: Estate) -> None:
    estate.repair(sharing("status"))
    estate.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": READER},
        Resource={
            "TableWithColumns": {
                "CatalogId": CENTRAL,
                "DatabaseName": "credit-card",
                "Name": "credit_card",
                "ColumnNames": ["status"],
            }
        },
        Permissions=["SELECT"],
    )
    estate.repair(sharing("status"))
    assert readable(estate) == {"status"}
