"""What follows from the models is fresh: JSON Schemas, the reference, the rule book. And the schemas are right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from reconciler.spec.language.fields import fields
from reconciler.spec.language.json_schema import schemas
from reconciler.spec.language.publish import publish, stale
from reconciler.spec.language.reference import parts
from reconciler.spec.language.registry import document_types
from reconciler.spec.rule import rules
from tests.spec.small import FILES

ROOT = Path(__file__).parents[3]


def test_schemas_and_pages_are_fresh() -> None:
    assert stale(ROOT) == [], "run python -m reconciler.spec.language.publish"


def test_publishing_keeps_what_people_wrote(tmp_path: Path) -> None:
    for page in ("mesh-language.md", "rules.md"):
        (tmp_path / "docs").mkdir(exist_ok=True)
        text = (ROOT / "docs" / page).read_text()
        (tmp_path / "docs" / page).write_text(f"{text}\nwritten by hand\n")
    assert len(stale(tmp_path)) == len(document_types())
    publish(tmp_path)
    assert stale(tmp_path) == []
    assert (tmp_path / "docs" / "rules.md").read_text().endswith("written by hand\n")


@pytest.mark.parametrize("name", sorted(schemas()))
def test_schemas_pass_the_metaschema(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])


def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schemas()[f"{kind.lower()}.schema.json"])


def test_schemas_take_what_the_loader_takes() -> None:
    texts = [*FILES.values(), *(path.read_text() for path in (ROOT / "mesh").rglob("*.yaml"))]
    for text in texts:
        document = json.loads(json.dumps(yaml.safe_load(text), default=str))
        validator(document["kind"]).validate(document)


@pytest.mark.parametrize(
    "change", [{"ownre": "x"}, {"owner": 1}, {"name": "Big"}, {"apiVersion": "v2"}, {"kind": "Product"}]
)
def test_schemas_refuse_what_the_loader_refuses(change: dict[str, object]) -> None:
    document = {**yaml.safe_load(FILES["domains/sales/domain.yaml"]), **change}
    assert list(validator("Domain").iter_errors(document))


@pytest.mark.parametrize("needed", ["apiVersion", "kind", "name", "owner", "account", "description"])
def test_schemas_ask_for_what_is_needed(needed: str) -> None:
    document = yaml.safe_load(FILES["domains/sales/domain.yaml"])
    del document[needed]
    assert [error.validator for error in validator("Domain").iter_errors(document)] == ["required"]


def test_every_field_has_a_sentence() -> None:
    for kind, document in document_types().items():
        for model in (document, *parts(document)):
            for name, field in fields(model).items():
                assert (field.description or "").endswith((".", ")")), f"{kind}: {model.__name__}.{name}"


def test_every_rule_has_its_section() -> None:
    page = (ROOT / "docs" / "rules.md").read_text()
    assert [rule for rule in rules() if f"\n### {rule}\n" not in page] == []


def test_the_modeline_of_each_example_leads_to_its_schema() -> None:
    for path in (ROOT / "mesh").rglob("*.yaml"):
        first, *_ = path.read_text().splitlines()
        schema = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
        kind = yaml.safe_load(path.read_text())["kind"]
        assert schema == ROOT / "schemas" / f"{kind.lower()}.schema.json"
