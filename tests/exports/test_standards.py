"""What is exported has the fields that each standard asks for, is the same every time, and hangs together.

The published schemas were asked by hand (docs/standards.md); that of ODCS is asked in test_odcs.py.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.exports import dprod, oaas, odcs, odps, openlineage
from reconciler.spec.mesh import Mesh
from tests.spec.mutants import whole

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    """With every kind of document and every field of the language."""
    found = whole()
    assert found.mesh is not None, found.findings
    return found.mesh


def test_products_offer_a_port_under_their_contract_and_take_in_those_of_others(mesh: Mesh) -> None:
    for product in mesh.products.values():
        said = odps.data_product(mesh, product)
        assert {"apiVersion", "kind", "id", "status"} <= said.keys()
        (port,) = said["outputPorts"]
        assert port["contractId"] == odcs.contract(mesh, product)["id"]
        known = [each for each in product.lineage.sources if each.product]
        assert len(said.get("inputPorts", ())) == len(known)
        for each in said.get("inputPorts", ()):
            assert each["contractId"] == odcs.contract(mesh, mesh.products[each["name"]])["id"]


def test_each_subscription_is_an_agreement_with_each_product_that_it_reads(mesh: Mesh) -> None:
    ids = set()
    for subscription in mesh.subscriptions.values():
        for said in oaas.agreements(mesh, subscription):
            assert {"apiVersion", "kind", "id", "status", "description", "provider", "consumer"} <= said.keys()
            assert {"teamId", "dataProductId", "outputPortId"} <= said["provider"].keys()
            assert said["description"]["purpose"] == subscription.purpose
            assert said.get("endTimestamp", "None")[:10] == str(subscription.expires)[:10]
            assert said["description"]["limitations"]
            ids.add(said["id"])
    assert len(ids) >= len(mesh.subscriptions)


def test_lineage_is_one_static_event_for_each_product(mesh: Mesh) -> None:
    for product in mesh.products.values():
        said = openlineage.job_event(mesh, product, AT)
        assert {"eventTime", "producer", "schemaURL", "job"} <= said.keys()
        assert "run" not in said
        assert [each["name"] for each in said["outputs"]] == [
            f"table/{product.database_of(table)}/{table.name}" for table in product.tables
        ]
        facets = [*said["job"]["facets"].values()]
        facets += [facet for each in said["outputs"] for facet in each["facets"].values()]
        assert all({"_producer", "_schemaURL"} <= facet.keys() for facet in facets)


def test_every_thing_that_the_graph_names_is_in_it(mesh: Mesh) -> None:
    graph = dprod.graph(mesh, [*mesh.products.values()])
    nodes: list[dict[str, Any]] = graph["@graph"]
    known = [node["@id"] for node in nodes]
    assert len(known) == len({*known})
    outside = {"dcat:endpointURL"}
    for node in nodes:
        for field, value in node.items():
            for each in (value if isinstance(value, list) else [value]) if field not in outside else ():
                assert not isinstance(each, dict) or each["@id"] in known, field


def test_it_is_the_same_every_time(mesh: Mesh) -> None:
    def everything() -> str:
        products = [*mesh.products.values()]
        said = [odcs.contract(mesh, each) for each in products] + [odps.data_product(mesh, each) for each in products]
        said += [each for one in mesh.subscriptions.values() for each in oaas.agreements(mesh, one)]
        said += [openlineage.job_event(mesh, each, AT) for each in products] + [dprod.graph(mesh, products)]
        return json.dumps(said)

    assert everything() == everything()
