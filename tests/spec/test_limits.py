"""Lake Formation's limits that only a large mesh meets."""

from __future__ import annotations

from tests.spec.small import PRODUCT, STUDY, changed, said


def test_a_resource_takes_50_lf_tags() -> None:
    tags = {f"key-{number}": "x" for number in range(49)}
    document = "apiVersion: meshform/v1\nkind: LFTag\ndescription: x\nvalues: [{value: x, description: x}]\nname: "
    declared = [(f"lf-tags/{key}.yaml", "", document + key) for key in tags]
    written = ", ".join(f"{key}: {value}" for key, value in tags.items())
    files = changed(*declared, (PRODUCT, "tags: {subject: trade}", f"tags: {{{written}}}"))
    assert [text.split("  ")[:2] for text in said(files)] == [["mesh/" + PRODUCT + ":8:1", "lf-tag-limit"]]


def test_more_than_1000_values_are_a_warning() -> None:
    values = "".join(f"  - {{value: v{number}, description: x}}\n" for number in range(1000))
    files = changed(("lf-tags/subject.yaml", "", values))
    assert [text.split("  ")[:2] for text in said(files)] == [["mesh/lf-tags/subject.yaml:5:1", "lf-tag-quota"]]


def test_an_expression_has_900_bytes() -> None:
    many = [f"a-value-that-is-rather-long-{number:03}" for number in range(30)]
    values = "".join(f"  - {{value: {value}, description: x}}\n" for value in many)
    asked = f"clearance: {{sensitivity: [internal], subject: [trade, {', '.join(many)}]}}"
    files = changed(("lf-tags/subject.yaml", "", values), (STUDY, "clearance: {sensitivity: [internal]}", asked))
    assert [text.split("  ")[:2] for text in said(files)] == [["mesh/" + STUDY + ":6:1", "expression-too-long"]]
