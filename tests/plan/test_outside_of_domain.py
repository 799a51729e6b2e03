"""Where a writer puts the files of its table: in its domain, in another's, or elsewhere."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.kinds.glue.table import Table
from reconciler.model.finding import Finding
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates.outside_of_domain import findings
from reconciler.spec.data_places import data_places
from reconciler.spec.mesh import Mesh
from tests.estate import variant

FUNDS = "domains/asset-management/products/fund-prices.yaml"
NAMED = "  - name: fund_price\n"


@cache
def mesh(form: str = "iceberg") -> Mesh:
    return variant((FUNDS, NAMED, f"{NAMED}    definition: external\n    format: {form}\n"))


def told(location: str, sort: str = "EXTERNAL_TABLE", *, setting: str = "") -> list[Finding]:
    """What is told of a location, or of one that a setting of the table names beside the right one."""
    found = []
    for each in compile_mesh(mesh(), registry()).values():
        if isinstance(each.spec, Table) and each.spec.table == "fund_price":
            storage = each.spec.storage if setting else replace(each.spec.storage, location=location)
            if setting:
                each = replace(each, spec=replace(each.spec, parameters=((setting, location),)))
            each = replace(each, spec=replace(each.spec, storage=storage, type=sort))
        found.append(each)
    return list(findings(pipeline.review(mesh(), observation=Observation(Snapshot(found)))))


PATH = st.text("abc/-", max_size=8)
SCHEME = st.sampled_from(["s3", "s3a", "s3n"])


@given(SCHEME, PATH, st.booleans())
def test_anywhere_in_its_domain_is_right(scheme: str, path: str, slash: bool) -> None:
    (place, *_) = data_places(mesh(), mesh().domains["asset-management"])
    location = f"{place.location.rstrip('/')}/{path}".replace("s3://", f"{scheme}://", 1)
    assert told(location + "/" * slash) == []


@given(SCHEME, PATH)
def test_in_another_domain_it_stops_apply_and_elsewhere_it_warns(scheme: str, path: str) -> None:
    (place, *_) = data_places(mesh(), mesh().domains["consumer-banking"])
    (stopped,) = told(f"{place.location.rstrip('/')}/{path}".replace("s3://", f"{scheme}://", 1))
    assert stopped.severity == "error"
    assert "where the domain consumer-banking keeps its own" in stopped.message
    (warned,) = told(f"{scheme}://elsewhere/{path}")
    assert warned.severity == "warning"


@given(st.sampled_from(["path", "metadata_location", "storage.location.template", "unheard-of"]), SCHEME, PATH)
def test_a_place_in_a_setting_is_held_to_the_same(setting: str, scheme: str, path: str) -> None:
    for domain, severities in (("asset-management", []), ("consumer-banking", ["error"])):
        (place, *_) = data_places(mesh(), mesh().domains[domain])
        named = f"{place.location.rstrip('/')}/{path}".replace("s3://", f"{scheme}://", 1)
        assert [each.severity for each in told(named, setting=setting)] == severities
    assert [each.severity for each in told(f"{scheme}://elsewhere/{path}", setting=setting)] == ["warning"]


def test_a_name_that_only_begins_alike_is_elsewhere() -> None:
    (place, *_) = data_places(mesh(), mesh().domains["asset-management"])
    (finding,) = told(f"{place.location.rstrip('/')}-2/x")
    assert finding.severity == "warning"


def test_a_table_that_the_mesh_makes_and_what_has_no_files_are_not_asked() -> None:
    assert told("") == []
    assert told("s3://elsewhere/x/", "VIRTUAL_VIEW") == [], "a view has no files"
    made = pipeline.review(variant(), observation=Observation(_moved(variant())))
    assert list(findings(made)) == []
    assert [each.severity for each in findings(replace(made, mesh=mesh(), wanted=_wanted(mesh())))] == ["warning"]
    assert list(findings(replace(made, observation=None))) == []


def _wanted(of: Mesh) -> Snapshot:
    return compile_mesh(of, registry())


def _moved(of: Mesh) -> Snapshot:
    """AWS where the files of a table are elsewhere."""
    return Snapshot(
        replace(each, spec=replace(each.spec, storage=replace(each.spec.storage, location="s3://elsewhere/x/")))
        if isinstance(each.spec, Table) and each.spec.table == "fund_price"
        else each
        for each in _wanted(of).values()
    )
