"""Glue Data Quality rulesets: the rules that a product promises to hold, one ruleset a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import aws_tags, mark_text
from reconciler.kinds.common.owner import Owner, owner_by_text
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import QualityRule, Table
from reconciler.spec.limits import GLUE_NAME
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted, link_name, linked_database


@dataclass(frozen=True, slots=True)
class Ruleset:
    """`rules` is the text in DQDL; `database` and `table` what it is meant for; `owner` the central catalog."""

    rules: str
    database: str
    table: str
    mark: str
    owner: str = field(default="", compare=False)
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)


class RulesetKind(Kind[Ruleset]):
    """In the producer's account, over the link to the product.

    A promise below 1 becomes a threshold, where the rule is about single values and has none yet.
    https://docs.aws.amazon.com/glue/latest/dg/dqdl.html
    """

    name = addresses.RULESET
    summary = "Data quality rulesets of products, one a table."
    parts = frozenset({"producer", "central"})
    indexed_as = "glue:dataQualityRuleset"
    reads = ("glue:ListDataQualityRulesets", "glue:GetDataQualityRuleset")
    writes = (
        "glue:CreateDataQualityRuleset",
        "glue:UpdateDataQualityRuleset",
        "glue:DeleteDataQualityRuleset",
        "glue:TagResource",
    )
    changed_by = ("glue:CreateDataQualityRuleset", "glue:UpdateDataQualityRuleset", "glue:DeleteDataQualityRuleset")

    def desired(self, mesh: Mesh) -> Iterable[Resource[Ruleset]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        for product in mesh.products.values():
            account = mesh.producer(mesh.domain(product)).id
            for number, each in enumerate(product.tables):
                if each.quality:
                    database = product.database_of(each)
                    spec = Ruleset(
                        dqdl(each.quality),
                        database if account == mesh.central.id else link_name(database),
                        each.name,
                        mark_text(mesh),
                        mesh.central.id,
                        tags,
                    )
                    where = addresses.ruleset(placements.of_product(mesh, product), ruleset_name(mesh, product, each))
                    yield Resource(where, spec, product.at("tables", number, "quality"))

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Ruleset]]:
        for row in aws.pages(placement, "glue", "ListDataQualityRulesets", {"MaxResults": 1000}, items="Rulesets"):
            if not row["Name"].startswith(f"meshform-{mesh.name}-"):
                continue
            request = {"Name": row["Name"]}
            whole = aws.read(placement, "glue", "GetDataQualityRuleset", request, absent=("EntityNotFoundException",))
            if whole is not None:
                yield Resource(addresses.ruleset(placement, row["Name"]), _found(whole))

    def needs(self, resource: Resource[Ruleset]) -> Iterable[Address]:
        placement, spec = resource.address.placement, resource.spec
        yield addresses.resource_link(placement, spec.database)
        if spec.owner:
            owner = Placement(spec.owner, placement.region)
            yield addresses.table(owner, linked_database(spec.database), spec.table)

    def owner(self, have: Resource[Ruleset], ownership: Ownership) -> Owner:
        return owner_by_text(have.spec.mark, ownership.mesh)

    def create(self, want: Resource[Ruleset]) -> tuple[Call, ...]:
        spec = want.spec
        params = {
            "Name": want.address.name,
            "Description": spec.mark,
            "Ruleset": spec.rules,
            "TargetTable": {"DatabaseName": spec.database, "TableName": spec.table},
            "Tags": dict(spec.tags),
        }
        return (Call(want.address.placement, "glue", "CreateDataQualityRuleset", params),)

    def update(self, have: Resource[Ruleset], want: Resource[Ruleset]) -> tuple[Call, ...]:
        """The table that a ruleset is meant for cannot be changed: then it is made anew."""
        if (have.spec.database, have.spec.table) != (want.spec.database, want.spec.table):
            return (*self.delete(have), *self.create(want))
        params = {"Name": want.address.name, "Description": want.spec.mark, "Ruleset": want.spec.rules}
        return (Call(want.address.placement, "glue", "UpdateDataQualityRuleset", params),)

    def delete(self, have: Resource[Ruleset]) -> tuple[Call, ...]:
        gone = frozenset({"EntityNotFoundException"})
        params = {"Name": have.address.name}
        return (Call(have.address.placement, "glue", "DeleteDataQualityRuleset", params, success_errors=gone),)


def ruleset_name(mesh: Mesh, product: Product, of: Table) -> str:
    """Name of the ruleset of a table."""
    return fitted(f"meshform-{mesh.name}-{product.name}-{of.name}", GLUE_NAME)


def dqdl(rules: Iterable[QualityRule]) -> str:
    """Rules as one ruleset in DQDL."""
    return "Rules = [\n" + ",\n".join(f"    {_with_promise(rule)}" for rule in rules) + "\n]"


def _with_promise(rule: QualityRule) -> str:
    """ColumnValues and its like take `with threshold`; for other rules a promise below 1 stays words."""
    text = rule.rule.strip()
    if rule.promise >= 1 or "threshold" in text or not text.startswith(("ColumnValues", "ColumnDataType", "CustomSql")):
        return text
    return f"{text} with threshold >= {rule.promise:g}"


def _found(row: Mapping[str, Any]) -> Ruleset:
    target = row.get("TargetTable", {})
    return Ruleset(
        row.get("Ruleset", ""), target.get("DatabaseName", ""), target.get("TableName", ""), row.get("Description", "")
    )
