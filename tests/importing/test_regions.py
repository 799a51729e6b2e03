"""Consumers of several regions and accounts with several consumers, made by a mesh: their documents come back."""

from __future__ import annotations

import pytest

from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, REGION, Estate, mesh_of
from tests.importing.laws import came_back
from tests.story.test_two_regions import ABROAD, AWAY, BOTH, FILES, mesh

NEWS = {
    "consumers/news/consumer.yaml": FILES["consumers/reports/consumer.yaml"]
    .replace("reports", "news")
    .replace("analyst", "editor"),
    "consumers/news/subscriptions/orders-news.yaml": FILES["consumers/reports/subscriptions/orders.yaml"]
    .replace("name: orders", "name: orders-news")
    .replace("reports", "news")
    .replace("analyst", "editor"),
}


def two(here: str, there: str) -> Mesh:
    """Two consumers of one account, in different regions."""
    files = {**FILES, **NEWS}
    files["accounts/bi.yaml"] += f"regions: [{REGION}, {AWAY}]\n"
    files["consumers/reports/consumer.yaml"] += f"regions: [{here}]\n"
    files["consumers/news/consumer.yaml"] += f"regions: [{there}]\n"
    return mesh_of(files)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(ABROAD, marks=pytest.mark.soak),
        pytest.param(BOTH, marks=pytest.mark.soak),
        mesh(REGION, AWAY, of_consumer=AWAY),
        pytest.param(two(REGION, AWAY), marks=pytest.mark.soak),
        two(AWAY, f"{REGION}, {AWAY}"),
    ],
    ids=["abroad", "both", "one-of-them", "two-apart", "two-overlapping"],
)
def test_documents_of_several_regions_come_back(estate: Estate, made: Mesh) -> None:
    again, wanted, before = came_back(estate, made, BANKING, ANALYTICS)
    assert [each for each in before if wanted[each].spec != before[each].spec] == []
    assert again.consumers.keys() == made.consumers.keys()
