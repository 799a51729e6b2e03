"""LF-tag keys and values: a key begins with its values, later each value comes and goes alone."""

from __future__ import annotations

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS
from reconciler.kinds.lakeformation.lf_tag import LFTagKey, LFTagKind, chunks
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.lf_tag_value import LFTagValue, LFTagValueKind
from reconciler.kinds.lakeformation.tag_vocabulary import vocabulary
from reconciler.kinds.territory import ownership_of
from reconciler.model.resource import Resource, Snapshot
from tests.estate import CENTRAL, Estate, actions, bank, placement, specs, step_of, variant

HERE = placement(CENTRAL)
SUBJECT = "lf-tags/subject.yaml"
DEALS = "  - {value: deals,"
MANY = "".join(f"  - {{value: v{number}, description: One.}}\n" for number in range(120))
TAG = "apiVersion: meshform/v1\nkind: LFTag\nname: many\ndescription: Many.\nowner: o\nvalues:\n"


def value(key: str, name: str) -> Resource[LFTagValue]:
    return Resource(addresses.lf_tag_value(HERE, key, name), LFTagValue(key, name))


def test_products_and_domains_are_values_of_keys_of_their_own() -> None:
    words = vocabulary(bank())
    assert set(words["product"][0]) == {"credit-profile", "deal-pipeline", "fund-prices"}
    assert set(words["domain"][0]) == {"asset-management", "consumer-banking", "investment-banking"}
    assert {"sensitivity", "subject"} <= set(words)


def test_fifty_values_go_into_one_request() -> None:
    assert [len(part) for part in chunks(tuple(map(str, range(120))))] == [50, 50, 20]
    assert list(chunks(())) == []
    want = Resource(addresses.lf_tag(HERE, "many"), LFTagKey(tuple(map(str, range(120))), "bank"))
    made = LFTagKind().create(want)
    assert [call.operation for call in made] == ["CreateLFTag", "UpdateLFTag", "UpdateLFTag"]
    sent = [call.params.get("TagValues") or call.params["TagValuesToAdd"] for call in made]
    assert [*map(len, sent)] == [50, 50, 21]
    assert sent[0][0] == "meshform:mesh=bank", "it says from its first moment whose it is"


def test_a_key_that_is_full_has_no_room_for_a_claim() -> None:
    want = Resource(addresses.lf_tag(HERE, "many"), LFTagKey(tuple(map(str, range(1000))), "bank"))
    sent = [call.params.get("TagValues") or call.params["TagValuesToAdd"] for call in LFTagKind().create(want)]
    assert sum(map(len, sent)) == 1000


def test_a_key_with_120_values_is_made_at_once_and_stays_so(built: Estate) -> None:
    mesh = variant(more={"lf-tags/many.yaml": TAG + MANY})
    plan = built.plan(mesh)
    assert len(step_of(plan, "lf-tag", "many").calls) == 3
    assert all(not step.calls for step in plan.steps if step.address.kind == "lf-tag-value")
    built.repair(mesh)
    built.repair(bank())


def test_a_new_value_of_an_old_key_is_one_addition(built: Estate) -> None:
    mesh = variant((SUBJECT, DEALS, f"  - {{value: loans, description: New.}}\n{DEALS}"))
    step = step_of(built.plan(mesh), "lf-tag-value", "subject=loans")
    (call,) = step.calls
    assert call.params["TagValuesToAdd"] == ["loans"]
    built.repair(mesh)
    retired = variant((SUBJECT, DEALS, f"  - {{value: loans, description: Old., retired: true}}\n{DEALS}"))
    assert "delete lf-tag-value subject=loans" in actions(built.plan(retired))
    built.repair(retired)


def test_a_value_that_no_document_lists_is_shown_and_stays(built: Estate) -> None:
    built.client("lakeformation").update_lf_tag(TagKey="subject", TagValuesToAdd=["rumours"])
    plan = built.plan()
    assert plan.is_empty
    assert [(other.resource.address.name, other.reason) for other in plan.foreign] == [
        ("subject=rumours", "a value that no document lists")
    ]
    strict = variant(("mesh.yaml", "undeclaredTagValues: report", "undeclaredTagValues: remove"))
    assert actions(built.plan(strict)) == {"delete lf-tag-value subject=rumours"}
    built.repair(strict)


def test_a_key_that_no_document_declares_is_never_ours() -> None:
    ownership = ownership_of(bank(), Snapshot(), Snapshot())
    assert not LFTagKind().owner(Resource(addresses.lf_tag(HERE, "theirs"), LFTagKey()), ownership).is_ours
    assert not LFTagValueKind().owner(value("theirs", "x"), ownership).is_ours
    assert not LFTagValueKind().owner(value("product", "retired-product"), ownership).is_ours
    mark = Resource(
        addresses.tag_mark(HERE, "meshform-bank-product"), TagMark((("product", ("a",)),), "meshform:mesh=bank")
    )
    ownership = ownership_of(bank(), Snapshot(), Snapshot([mark]))
    assert LFTagValueKind().owner(value("product", "retired-product"), ownership) == OURS


def test_every_value_knows_its_line() -> None:
    lines = {want.origin.line for name, want in specs("lf-tag-value").items() if name.startswith("sensitivity=")}
    assert len(lines) == 4
