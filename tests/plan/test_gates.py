"""Every gate is broken by a case, and the ordinary passes all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.errors import Refused
from reconciler.kinds import addresses, registry
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.events.event_rule import EventRule
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Column, Table
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.change import Create, Delete
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Grant, OnColumns, OnTable
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates import approve, gates
from reconciler.plan.review import Review
from reconciler.scaffold.answers import Answers
from reconciler.scaffold.repository import repository
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, NOBODY, TODAY, Edit, Files, bank, mesh_of, variant
from tests.grants import atom
from tests.life.play import subscription
from tests.plan.test_remade import dated

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
FUNDS_DOMAIN = "domains/asset-management/domain.yaml"
DEALS = "consumers/analytics-coe/subscriptions/deals.yaml"
BANKING_DOMAIN = "domains/consumer-banking/domain.yaml"
HYBRID: Edit = (BANKING_DOMAIN, "account:", "hybrid: true\naccount:")
WIDER: Edit = (REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")
CREDIT = "credit-card"
Spec = TypeVar("Spec")


def wanted(mesh: Mesh | None = None) -> Snapshot:
    return compile_mesh(mesh or bank(), registry())


def review(head: Mesh, found: Snapshot | None = None, base: Mesh | None = None) -> Review:
    """What apply would do where AWS has exactly `found` (what the example wants, if nothing else is said)."""
    return pipeline.review(head, observation=Observation(found or wanted()), base=base)


def changed(change: Callable[[AnyResource], AnyResource | None], mesh: Mesh | None = None) -> Snapshot:
    """AWS as a mesh wants it, each resource changed by hand, or gone where the change gives None."""
    return Snapshot(after for each in wanted(mesh).values() if (after := change(each)) is not None)


def with_grant(mesh: Mesh, principal: str, target: OnTable | OnColumns) -> Snapshot:
    return Snapshot([*wanted(mesh).values(), atom(Grant(principal, target, "SELECT"))])


def closed_to_iam() -> Mesh:
    close = "{product: credit-profile, principal: IAM_ALLOWED_PRINCIPALS, undeclaredGrants: revoke}"
    return variant(("mesh.yaml", "territory:\n", f"territory:\n  exceptions: [{close}]\n"))


def opened_to_iam(mesh: Mesh) -> Snapshot:
    """Others made the database, and opened the table to IAM."""
    found = with_grant(mesh, IAM_ALLOWED_PRINCIPALS, OnTable(CENTRAL, CREDIT, "credit_card"))
    return Snapshot(map(unmarked, found.values()))


def unmarked(each: AnyResource) -> AnyResource:
    if not isinstance(each.spec, Database):
        return each
    kept = tuple(pair for pair in each.spec.parameters if pair[0] != MARK)
    return replace(each, spec=replace(each.spec, parameters=kept))


def without_grants_of_the_scientist(each: AnyResource) -> AnyResource | None:
    return None if isinstance(each.spec, Grant) and "data-scientist" in each.spec.principal else each


def altered(each: AnyResource, sort: type[Spec], alter: Callable[[Spec], Spec]) -> AnyResource:
    """A resource with another spec where it is of this sort."""
    return replace(each, spec=alter(each.spec)) if isinstance(each.spec, sort) else each


def altered_table(each: AnyResource, name: str, alter: Callable[[Table], Table]) -> AnyResource:
    """A resource with another spec where it is the table of this name."""
    return altered(each, Table, lambda table: alter(table) if table.table == name else table)


def without_a_column(each: AnyResource) -> AnyResource:
    return altered_table(each, "credit_card", lambda table: replace(table, columns=table.columns[:-1]))


def whole_table() -> Mesh:
    """The example with a table that is given by its name, whatever columns it has."""
    return variant((REPORT, "clearance: {sensitivity: [internal]}\n", "tables: [{name: credit_card}]\n"))


def with_a_column(each: AnyResource) -> AnyResource:
    new = Column("iban", "string")
    return altered_table(each, "credit_card", lambda table: replace(table, columns=(*table.columns, new)))


def external_funds() -> Mesh:
    return variant((FUNDS, "- name: fund_price\n", "- name: fund_price\n    definition: external\n"))


def without_tags_of_funds(each: AnyResource) -> AnyResource | None:
    return None if isinstance(each.spec, TagAssignment) and each.spec.place.table == "fund_price" else each


def remade_funds() -> Review:
    """What apply would do where the table's writer has made it after all that was put on it."""
    bare = changed(without_tags_of_funds, external_funds())
    found = Snapshot(dated(each) for each in bare.values())
    return pipeline.review(external_funds(), observation=Observation(found), made_since=frozenset)


def relocated(each: AnyResource, moved: Callable[[str], str]) -> AnyResource:
    """The table of the funds, whose files are elsewhere."""

    def alter(table: Table) -> Table:
        return replace(table, storage=replace(table.storage, location=moved(table.storage.location)))

    return altered_table(each, "fund_price", alter)


def moved_away(each: AnyResource) -> AnyResource:
    return relocated(each, lambda _: "s3://elsewhere/x")


def at_version_four(each: AnyResource) -> AnyResource:
    return altered(each, LakeSettings, lambda settings: replace(settings, version=4))


def with_thirty_administrators(each: AnyResource) -> AnyResource:
    others = frozenset(f"arn:aws:iam::{each.address.placement.account}:role/old{number}" for number in range(30))
    return altered(each, LakeSettings, lambda settings: replace(settings, admins=others))


def part_of_a_lake() -> Mesh:
    return variant(
        (FUNDS, "database: fund-prices\n", "database: lake\nexternal: [database]\nextent: tables\npattern: fund_*\n"),
        (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n"),
    )


def under_another_name(each: AnyResource) -> AnyResource:
    if not isinstance(each.spec, Table) or each.spec.table != "fund_price":
        return each
    where = each.address._replace(name="lake.fund_price_2")
    return replace(each, address=where, spec=replace(each.spec, table="fund_price_2"))


def version_five() -> Mesh:
    return variant(("mesh.yaml", "crossAccountVersion: 4", "crossAccountVersion: 5"))


def restricted_less(label: str, *edits: Edit, without: Sequence[str] = ()) -> Mesh:
    age = '        description: "Age in years"\n        tags: {sensitivity: restricted}'
    return variant((PROFILE, age, age.replace("restricted", label)), *edits, without=without)


def table_to_columns() -> Review:
    """The steward's SELECT on the whole table becomes one on some of its columns."""
    columns = OnColumns(CENTRAL, CREDIT, "credit_card", ("age",))
    head = with_grant(bank(), NOBODY, OnTable(CENTRAL, CREDIT, "credit_card"))
    grant = next(each for each in head.values() if isinstance(each.spec, Grant) and each.spec.principal == NOBODY)
    made = review(bank(), head)
    assert made.plan is not None
    # No document asks for columns of one principal beside the table, so the second half of the move is put in by hand.
    steps = (Step(Delete(grant), ()), Step(Create(atom(Grant(NOBODY, columns, "SELECT"))), ()))
    return replace(made, plan=Plan((steps,)))


def marked_by_another_mesh(each: AnyResource) -> AnyResource | None:
    """A mark of the mesh's keys that is the mesh factory's; ours is not there yet, and nothing carries them."""
    if isinstance(each.spec, TagAssignment):
        return None
    if not isinstance(each.spec, TagMark):
        return each
    where = addresses.tag_mark(each.address.placement, each.address.name.replace("bank", "factory"))
    return replace(each, address=where, spec=replace(each.spec, mark=f"{MARK}=factory"))


def registered_above(each: AnyResource) -> AnyResource:
    """The whole bucket is registered in place of the domain's folder."""
    if not isinstance(each.spec, Location) or "investment-banking" not in each.address.name:
        return each
    where = addresses.location(each.address.placement, each.address.name.partition("/")[0])
    return replace(each, address=where, spec=replace(each.spec, role="arn:aws:iam::111111111111:role/theirs"))


def abroad(*names: str) -> Mesh:
    """The example, whose readers query in these regions."""
    return variant(
        ("accounts/analytics.yaml", "parts: [consumer]", f"parts: [consumer]\nregions: [{', '.join(names)}]")
    )


def limited(**limits: object) -> Mesh:
    """The example with these limits; the scientist has given back what he had, and the analyst reads more."""
    said = ", ".join(f"{name}: {value}" for name, value in {"deletes": 10, **limits}.items())
    return variant(
        ("mesh.yaml", "limits: {deletes: 10, deleteShare: 0.3}", f"limits: {{{said}}}"),
        WIDER,
        without=[MODEL],
    )


def with_many_rules(reviewed: Review) -> Review:
    """With more rules on the mesh's bus than EventBridge takes."""
    rule = next(each for each in reviewed.wanted.of(EventRule))
    more = [
        replace(rule, address=rule.address._replace(name=f"x/{number}"), spec=replace(rule.spec, name=f"x{number}"))
        for number in range(301)
    ]
    return replace(reviewed, plan=Plan((tuple(Step(Create(each), ()) for each in more),)), findings=())


def under_term(*edits: Edit, without: Sequence[str] = (), value: str = "public") -> Mesh:
    """The example under a term that counts since yesterday, and that its subscriptions without an end break."""
    key, term = "lf-tags/sensitivity.yaml", f"{{longest: 100d, from: {TODAY - timedelta(days=1)}}}"
    label = f"{{value: {value}, "
    return variant((key, label, f"{label}term: {term}, "), *edits, without=without)


CASES: dict[str, Callable[[], Review]] = {
    "quota": lambda: with_many_rules(review(bank())),
    "new-beyond-term": lambda: review(under_term(), base=under_term(without=[REPORT])),
    "beyond-limits": lambda: review(limited(principalsGaining=0)),
    "left-region": lambda: review(bank(), base=abroad("us-east-1")),
    "moved-queries": lambda: review(abroad("us-east-1")),
    "access-gap": table_to_columns,
    "catalog-loss": lambda: review(variant(without=[FUNDS])),
    "lowers-label": lambda: review(restricted_less("internal")),
    "mass-delete": lambda: review(variant(without=["consumers/"])),
    "more-than-reading": lambda: review(
        variant(more={DEALS: subscription("deals", "internal", permissions="[SELECT, DESCRIBE, INSERT]")})
    ),
    "moved-files": lambda: review(variant((PROFILE, "location: credit_card/", "location: elsewhere/"))),
    "one-way": lambda: review(version_five(), changed(at_version_four, version_five())),
    "undeclared-table": lambda: review(part_of_a_lake(), changed(under_another_name, part_of_a_lake())),
    "only-reports": lambda: review(variant(("mesh.yaml", "undeclaredGrants: revoke", "undeclaredGrants: report"))),
    "open-to-iam": lambda: review(closed_to_iam(), opened_to_iam(closed_to_iam())),
    "opens-most-sensitive": lambda: review(
        variant(more={DEALS: subscription("deals", "internal, confidential, restricted")})
    ),
    "opens-to-iam": lambda: review(
        variant(HYBRID, without=[MODEL]),
        with_grant(variant(HYBRID), IAM_ALLOWED_PRINCIPALS, OnTable(CENTRAL, CREDIT, "credit_card")),
    ),
    "remade-table": lambda: remade_funds(),
    "outside-of-domain": lambda: review(external_funds(), changed(moved_away, external_funds())),
    "overlapping-location": lambda: review(bank(), changed(registered_above)),
    "rename": lambda: review(variant((FUNDS, "- name: fund_price\n", "- name: price\n"))),
    "reopens-access": lambda: review(bank(), changed(without_grants_of_the_scientist), bank()),
    "schema-break": lambda: review(
        variant((PROFILE, "- name: duration\n        type: int", "- name: duration\n        type: smallint"))
    ),
    "schema-drift": lambda: review(bank(), changed(without_a_column)),
    "shares-tag-key": lambda: review(bank(), changed(marked_by_another_mesh)),
    "shifted-columns": lambda: review(
        variant((PROFILE, "      - name: status\n", "      - {name: new, type: int}\n      - name: status\n"))
    ),
    "taking-over": lambda: review(
        variant(("mesh.yaml", "territory:\n", "territory:\n  takeOver: {database: [credit-card]}\n")), changed(unmarked)
    ),
    "undeclared-column": lambda: review(whole_table(), changed(with_a_column, whole_table())),
    "unencrypted-news": lambda: review(variant(("mesh.yaml", "notificationKey:", "# notificationKey:"))),
    "workgroup-loss": lambda: review(variant(without=["consumers/"])),
    "too-many-administrators": lambda: review(bank(), changed(with_thirty_administrators)),
}


POLICY = """\
apiVersion: meshform/v1
kind: Policy
name: nobody-loses
description: Nobody loses anything.
owner: governance
object: change
validations: [{expression: change.gained}]
"""
CASES["policy"] = lambda: review(variant(without=[MODEL], more={"policies/nobody-loses.yaml": POLICY}))


def ids() -> set[str]:
    return {gate.__module__.rpartition(".")[2].replace("_", "-") for gate in gates()}


def test_every_gate_has_a_case() -> None:
    assert ids() == set(CASES)


def test_what_others_opened_to_iam_stays_and_is_told_with_what_closes_it() -> None:
    """Others' database only; on one of the mesh it goes as any permission that nobody asked for."""
    (told,) = [each for each in review(bank(), opened_to_iam(bank())).findings if each.rule == "open-to-iam"]
    assert told.severity == "warning"
    assert "{product: credit-profile, principal: IAM_ALLOWED_PRINCIPALS, undeclaredGrants: revoke}" in told.message
    (asked,) = [each for each in CASES["open-to-iam"]().findings if each.rule == "open-to-iam"]
    assert asked.severity == "error"
    own = review(bank(), with_grant(bank(), IAM_ALLOWED_PRINCIPALS, OnTable(CENTRAL, CREDIT, "credit_card")))
    assert [each for each in own.findings if each.rule == "open-to-iam"] == []


def test_a_principal_whose_opt_in_goes_is_named() -> None:
    messages = [each.message for each in CASES["opens-to-iam"]().findings if each.rule == "opens-to-iam"]
    assert messages == [
        "Lake Formation would no longer decide for analytics-coe/data-scientist on credit-card.credit_card: the table "
        "is open to IAM, and the opt-in goes."
    ]


def scaffolded() -> Files:
    made = repository(Answers(name="acme", organization="acme"), TODAY)
    return {path.removeprefix("mesh/"): text for path, text in made.items() if path.startswith("mesh/")}


def stopped(head: Mesh, found: Snapshot) -> set[str]:
    return {each.rule for each in review(head, found).findings if each.severity == "error"}


@pytest.mark.parametrize(
    "head",
    [
        lambda: variant((REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")),
        lambda: variant((MODEL, "[internal, confidential]", "[internal]")),
        lambda: variant(without=[MODEL]),
        lambda: variant(without=[MODEL, REPORT]),
    ],
)
def test_widening_narrowing_and_giving_back_need_no_acceptance(head: Callable[[], Mesh]) -> None:
    assert stopped(head(), wanted()) == set()


def test_giving_back_the_only_subscription_of_a_new_repository_needs_no_acceptance() -> None:
    files = scaffolded()
    given_back = {path: text for path, text in files.items() if "/subscriptions/" not in path}
    assert len(given_back) == len(files) - 1
    assert stopped(mesh_of(given_back), wanted(mesh_of(files))) == set()


@pytest.mark.parametrize("subject", ["consumer: acme-lab", "product: orders", ""])
def test_a_suspension_and_an_end_in_a_new_repository_need_no_acceptance(subject: str) -> None:
    files = scaffolded()
    (path,) = (path for path in files if "/subscriptions/" in path)
    (consumer,) = (text for path, text in files.items() if path.endswith("consumer.yaml"))
    name = next(line.partition(": ")[2] for line in consumer.splitlines() if line.startswith("name:"))
    product = next(path.rpartition("/")[2].removesuffix(".yaml") for path in files if "/products/" in path)
    said = subject.replace("acme-lab", name).replace("orders", product)
    head = "apiVersion: meshform/v1\nkind: Suspension\nname: incident\nreason: A key was found.\nby: ciso\n"
    ended = re.sub(r"expires: .*", "expires: 2026-11-21", files[path])
    assert ended != files[path]
    after = {**files, "suspensions/x.yaml": f"{head}{said}\n"} if subject else {**files, path: ended}
    found = wanted(mesh_of(files))
    assert any(isinstance(step.change, Delete) for step in review(mesh_of(after), found).steps)
    assert stopped(mesh_of(after), found) == set()


@pytest.mark.parametrize("folder", ["consumers/", "domains/"])
def test_an_emptied_folder_is_stopped(folder: str) -> None:
    files = scaffolded()
    folders = (folder, "consumers/") if folder == "domains/" else (folder,)
    left = {path: text for path, text in files.items() if not path.startswith(folders)}
    assert "mass-delete" in stopped(mesh_of(left), wanted(mesh_of(files)))


def test_the_share_counts_where_the_number_does_not() -> None:
    files = scaffolded()
    left = {path: text for path, text in files.items() if not path.startswith("consumers/")}
    generous = {**left, "mesh.yaml": f"{left['mesh.yaml']}\nlimits: {{deletes: 1000, deleteShare: 0.01}}\n"}
    found = review(mesh_of(generous), wanted(mesh_of(files))).findings
    assert any("limits.deleteShare" in each.message for each in found if each.rule == "mass-delete")


ADOPTED = """\
apiVersion: meshform/v1
kind: Adopted
name: clicked
description: What people clicked together.
reason: Nobody has looked yet.
reviewBy: 2027-06-30
grants:
  - account: central
    principal: arn:aws:iam::111111111111:role/old
    resource: {database: credit-card, table: credit_card}
    permissions: [PERMISSION]
"""


@pytest.mark.parametrize("permission", ["SELECT", "DESCRIBE", "INSERT", "ALTER", "ALL"])
@pytest.mark.parametrize("grantable", [True, False], ids=["passed on", "kept"])
def test_an_adopted_document_brings_more_than_reading_only_when_somebody_says_so(
    permission: str, grantable: bool
) -> None:
    text = ADOPTED.replace("PERMISSION", permission)
    plain = variant(more={"adopted/clicked.yaml": text})
    mesh = variant(more={"adopted/clicked.yaml": f"{text}    grantable: [{permission}]\n"}) if grantable else plain
    stopped = grantable or permission not in ("SELECT", "DESCRIBE")
    assert [each.rule for each in review(mesh).findings if each.rule == "more-than-reading"] == (
        ["more-than-reading"] if stopped else []
    )
    assert "more-than-reading" not in {each.rule for each in review(mesh, wanted(mesh)).findings}, "it is there already"
    # An option that comes to what is there is the same harm.
    newly = {each.rule for each in review(mesh, wanted(plain)).findings}
    assert ("more-than-reading" in newly) == grantable


@pytest.mark.parametrize(
    ("was", "becomes", "more"),
    [
        ("columns: [age]", "columns: [age, amount]", True),
        ("columns: [age, amount]", "columns: [age]", False),
        ("columns: [age]", "columns: [amount]", True),
        ("exclude: [age, amount]", "exclude: [age]", True),
        ("exclude: [age]", "exclude: [age, amount]", False),
        ("exclude: [age]", "exclude: [amount]", True),
        ("columns: [age]", "exclude: [age]", True),
    ],
)
def test_an_adopted_option_on_columns_needs_a_word_for_more_of_them(was: str, becomes: str, more: bool) -> None:
    before, mesh = (
        variant(
            more={
                "adopted/clicked.yaml": ADOPTED.replace("PERMISSION", "SELECT").replace(
                    "table: credit_card", f"table: credit_card, {columns}"
                )
                + "    grantable: [SELECT]\n"
            }
        )
        for columns in (was, becomes)
    )
    found = {each.rule for each in review(mesh, wanted(before)).findings}
    assert ("more-than-reading" in found) == more


FOUND = st.builds(
    Finding,
    st.sampled_from("abc"),
    st.sampled_from(["error", "warning", "note"]),
    st.sampled_from(["One.", "Other."]),
    hints=st.sampled_from([(), ("look there",), ("look there", "ask Ada")]),
)


@given(st.lists(FOUND, max_size=5), st.sets(st.sampled_from("abc")))
def test_a_plan_is_approved_where_every_rule_that_stops_it_is_accepted(found: list[Finding], names: set[str]) -> None:
    stopping = [each for each in found if each.severity == "error" and each.rule not in names]
    if not stopping:
        approved = approve(Plan(()), iter(found), iter(names))
        assert (approved.plan, approved.findings) == (Plan(()), tuple(found))
        return
    with pytest.raises(Refused) as refused:
        approve(Plan(()), iter(found), iter(names))
    assert str(refused.value).splitlines()[1:] == [f"  {each}" for each in stopping]
    *hints, last = refused.value.hints
    assert hints == [*dict.fromkeys(hint for each in stopping for hint in each.hints)]
    flags = " ".join(f"--accept {rule}" for rule in sorted({each.rule for each in stopping}))
    assert last.endswith(f"`meshform apply {flags}`")


def test_a_label_that_a_whole_table_carries_is_lowered_for_its_columns() -> None:
    """Only adopted documents put the most sensitive label on more than a column."""
    unlabelled = (PROFILE, "tags: {sensitivity: internal}", "tags: {}")
    tags = "tags:\n  - {database: credit-card, table: credit_card, key: sensitivity, value: VALUE}\n"
    text = f"{ADOPTED.partition('grants:')[0]}{tags}"
    before, after = (
        variant(unlabelled, more={"adopted/clicked.yaml": text.replace("VALUE", value)})
        for value in ("restricted", "public")
    )
    (found,) = (each for each in review(after, wanted(before)).findings if each.rule == "lowers-label")
    assert found.severity == "error"
    assert found.message.startswith("status, duration, purpose, ")
    assert found.message.endswith(" of credit-card.credit_card would be public: was restricted.")
