"""The gates over schemas: what they stop, whom they name, and what they let pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.kinds.glue.compatibility import Judgement
from reconciler.kinds.glue.table import Column, Table
from reconciler.model.finding import Finding
from reconciler.model.resource import Observation, Snapshot
from reconciler.owners.accepting import acceptors
from reconciler.owners.approval import demands
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates import schema_break, schema_drift, undeclared_column
from reconciler.plan.review import Review
from reconciler.report.drift import Drift, drift_json
from reconciler.report.drift_text import drift_text
from reconciler.spec.mesh import Mesh
from reconciler.spec.table_settings import decides
from tests.estate import Edit, bank, edited, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
RATE, SEX = "- name: installment_rate\n", "- name: personal_status_sex\n"
SWAP = ((CREDIT, RATE, "- name: @\n"), (CREDIT, SEX, RATE), (CREDIT, "- name: @\n", SEX))
#: The labels stay with the names.
RESTRICTED = "        tags: {sensitivity: restricted}\n      - name: other_debtors"
FORMATS = {"parquet": "format: parquet", "json": "format: json", "csv": "format: csv"}


def review_of(after: Mesh, before: Mesh | None = None) -> Review:
    """The review of a mesh where AWS has exactly what another one wants."""
    return pipeline.review(after, observation=Observation(compile_mesh(before or bank(), registry())))


def found(reviewed: Review, *rules: str) -> list[Finding]:
    wanted = rules or ("schema-break", "shifted-columns", "schema-drift")
    return [finding for finding in reviewed.findings if finding.rule in wanted]


def in_format(name: str, *edits: Edit) -> Mesh:
    csv = '    format: csv\n    csv: {header: true, delimiter: ","}\n'
    return variant((CREDIT, csv, f"    {FORMATS[name]}\n"), *edits)


def put_in(name: str, before: str, kind: str = "int") -> Edit:
    return (CREDIT, f"      - name: {before}\n", f"      - {{name: {name}, type: {kind}}}\n      - name: {before}\n")


def test_swapped_columns_of_a_csv_table_are_stopped_by_name_with_the_reader_and_the_label() -> None:
    mesh = variant(
        *SWAP,
        (CREDIT, RESTRICTED, "      - name: other_debtors"),
        (CREDIT, SEX, f"{SEX}        tags: {{sensitivity: restricted}}\n"),
    )
    reviewed = review_of(mesh)
    (finding,) = found(reviewed, "shifted-columns")
    assert finding.severity == "error"
    assert "installment_rate would show the values of personal_status_sex" in finding.message
    assert (
        "would read the values of personal_status_sex, restricted, under the name installment_rate" in finding.message
    )
    assert reviewed.access is not None
    assert any(entry.values_of == (("installment_rate", "personal_status_sex"),) for entry in reviewed.access.gained)


@pytest.mark.parametrize("name", ["parquet", "json"])
def test_where_names_decide_an_order_and_a_place_are_free(name: str) -> None:
    reviewed = review_of(in_format(name, *SWAP, put_in("score", "duration")), in_format(name))
    assert not found(reviewed)
    assert reviewed.access is not None
    assert not any(entry.values_of for entry in (*reviewed.access.gained, *reviewed.access.lost))


def test_a_column_at_the_end_of_a_csv_table_is_free_and_one_before_others_is_not() -> None:
    end = '    quality:\n      - {rule: "RowCount'
    assert not found(review_of(variant((CREDIT, end, f"      - {{name: score, type: int}}\n{end}"))))
    assert found(review_of(variant(put_in("score", "status"))), "shifted-columns")


def test_another_name_in_a_csv_table_is_a_warning_and_in_parquet_a_break_that_names_the_readers() -> None:
    renamed = (CREDIT, ": duration\n", ": months\n")
    (warning,) = found(review_of(variant(renamed)))
    assert (warning.rule, warning.severity) == ("schema-break", "warning")
    assert "duration of credit-card.credit_card would be called months. Its values stay" in warning.message
    closed = (CREDIT, 'crawler: {schedule: "cron(0 4 ? * MON *)"}\n', "")
    (broken,) = found(review_of(in_format("parquet", closed, renamed), in_format("parquet", closed)))
    assert (broken.rule, broken.severity) == ("schema-break", "error")
    assert "It is read by " in broken.message
    assert "analytics-coe/" in broken.message
    assert "crawl" not in broken.message
    assert "quality" not in broken.message


def test_a_lower_label_under_another_name_is_stopped() -> None:
    lowered = (
        (CREDIT, ": personal_status_sex\n", ": group_code\n"),
        (CREDIT, RESTRICTED, "      - name: other_debtors"),
    )
    (finding,) = found(review_of(variant(*lowered)), "shifted-columns")
    assert "would read the values of personal_status_sex, restricted, under the name group_code" in finding.message


def test_another_table_over_the_same_files_is_held_to_their_order() -> None:
    anew = (
        (CREDIT, "  - name: credit_card\n", "  - name: credit_cards\n"),
        (CREDIT, "output: credit_card\n", "output: credit_cards\n"),
    )
    assert not found(review_of(variant(*anew)), "shifted-columns")
    (finding,) = found(review_of(variant(*anew, *SWAP)), "shifted-columns")
    assert "installment_rate would show the values of personal_status_sex" in finding.message
    assert "It takes over the files of credit-card.credit_card." in finding.message


LABELS = {"net_inflow": "confidential", "manager": "restricted"}


def by_contract(*order: str, form: str = "csv") -> Mesh:
    """Fund prices with columns of an ODCS contract, in this order."""
    path, text = "domains/asset-management/products/fund-prices.yaml", edited()[FUNDS]
    columns = text[text.index("    columns:\n") : text.index("    quality:\n")]
    said = {name: f", classification: {label}" for name, label in LABELS.items()}
    rows = "".join(f"      - {{name: {name}, logicalType: string{said.get(name, '')}}}\n" for name in order)
    head = "apiVersion: v3.1.0\nkind: DataContract\nid: f\nversion: 1.0.0\nstatus: active\nschema:\n"
    files = {
        "domains/asset-management/contracts/funds.odcs.yaml": f"{head}  - name: fund_price\n    properties:\n{rows}"
    }
    told = f"    format: {form}\n    contract: ../contracts/funds.odcs.yaml\n"
    without = (path, "      - {rule: 'ColumnValues \"net_asset_value\" > 0', promise: 1.0}\n", "")
    return variant((path, columns, told), without, more=files)


NAMES = ("isin", "currency", "net_inflow")


@pytest.mark.parametrize("form", ["csv", "orc"])
@pytest.mark.parametrize(
    ("order", "shown"),
    [
        (("net_inflow", "currency", "isin"), ("isin", "net_inflow")),
        (("isin", "manager", "currency", "net_inflow"), ("manager", "currency")),
        (("isin", "net_inflow"), ("net_inflow", "currency")),
        (("manager", *NAMES), ("manager", "isin")),
    ],
)
def test_the_order_of_a_contract_is_the_order_of_the_columns(
    form: str, order: tuple[str, ...], shown: tuple[str, str]
) -> None:
    """Swapped, put in before others, taken out of the middle, put in at the beginning."""
    here, whose = shown
    review = review_of(by_contract(*order, form=form), by_contract(*NAMES, form=form))
    (finding,) = found(review, "shifted-columns")
    assert f"{here} would show the values of {whose}" in finding.message
    assert not found(review_of(by_contract(*NAMES, form=form), by_contract(*NAMES, form=form)))


@pytest.mark.parametrize("form", ["csv", "orc", "parquet", "json"])
def test_a_contract_may_grow_at_the_end(form: str) -> None:
    grown = review_of(by_contract(*NAMES, "manager", form=form), by_contract(*NAMES, form=form))
    assert not found(grown, "shifted-columns")


@pytest.mark.parametrize("form", ["parquet", "json"])
@pytest.mark.parametrize("order", [("net_inflow", "currency", "isin"), ("manager", *NAMES)])
def test_the_order_of_a_contract_is_free_where_names_decide(form: str, order: tuple[str, ...]) -> None:
    assert not found(review_of(by_contract(*order, form=form), by_contract(*NAMES, form=form)), "shifted-columns")


def test_another_format_breaks_until_the_files_are_written_anew() -> None:
    (finding,) = found(review_of(in_format("parquet")))
    assert (finding.rule, finding.severity) == ("schema-break", "error")
    assert "would be read as parquet; its files are csv" in finding.message


def test_another_delimiter_may_show_any_value_under_any_name() -> None:
    mesh = variant((CREDIT, 'delimiter: ","', 'delimiter: ";"'))
    reviewed = review_of(mesh)
    (finding,) = found(reviewed)
    assert (finding.rule, finding.severity) == ("shifted-columns", "error")
    assert reviewed.access is not None
    assert reviewed.access.gained


def test_a_product_made_anew_with_lower_labels_over_the_same_files_is_stopped_and_asks_governance() -> None:
    """One document goes, another comes: no column of either changes its label, but the values do."""
    reads = "consumers/analytics-coe/subscriptions"
    mesh = variant(
        (CREDIT, "name: credit-profile\n", "name: profile\n"),
        (CREDIT, "database: credit-card\n", "database: profile\n"),
        (CREDIT, "sensitivity: restricted", "sensitivity: internal"),
        (f"{reads}/portfolio-report.yaml", "/credit-profile", "/profile"),
        (f"{reads}/credit-risk-model.yaml", "/credit-profile", "/profile"),
    )
    reviewed = review_of(mesh)
    (finding,) = found(reviewed, "shifted-columns")
    assert "would read the values of credit-card.credit_card.personal_status_sex, restricted" in finding.message
    files = "profile.credit_card comes to the files of credit-profile.credit_card, which are restricted"
    assert (files, "data-protection-office") in {(each.why, each.who) for each in demands(bank(), mesh)}


def test_a_table_that_comes_to_the_files_of_one_that_moves_asks_both_owners_and_governance() -> None:
    """Neither goes and neither is made anew; whoever has both could lower labels by it."""
    other = edited()[CREDIT].replace("name: credit-profile\n", "name: profile\n")
    other = other.replace("database: credit-card\n", "database: profile\n").replace("owner: ", "owner: other-")
    other = other.replace("sensitivity: restricted", "sensitivity: internal")
    report = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
    mesh = variant(
        (CREDIT, "location: credit_card/", "location: moved/"),
        (report, "/credit-profile", "/profile"),
        more={CREDIT.replace("credit-profile", "profile"): other},
    )
    reviewed = review_of(mesh)
    (finding,) = [each for each in found(reviewed, "shifted-columns") if "comes to the files" in each.message]
    assert "profile.credit_card comes to the files of another table." in finding.message
    assert "would read the values of credit-card.credit_card.personal_status_sex, restricted" in finding.message
    assert set(finding.databases) == {"profile", "credit-card"}
    owner = bank().products["credit-profile"].owner
    assert {*acceptors(reviewed, "shifted-columns", bank())} == {owner, "data-protection-office"}
    assert {*acceptors(reviewed, "shifted-columns", mesh)} == {owner, f"other-{owner}", "data-protection-office"}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("label", ["restricted", "confidential"])
def test_a_column_that_becomes_a_partition_key_breaks_readers_and_loses_its_label(form: str, label: str) -> None:
    """The last one, too, of which the mark of the declaration says nothing: it has columns and keys in a row."""
    last = f"      - {{name: branch, type: string, tags: {{sensitivity: {label}}}}}\n"
    closed = (CREDIT, "crawler: {schedule: ", "# crawler: {schedule: ")
    quality = '    quality:\n      - {rule: "RowCount = 1000"}'
    before = in_format(form, closed, (CREDIT, quality, f"{last}{quality}"))
    key = "    partitionKeys:\n      - {name: branch, type: string}\n"
    reviewed = review_of(in_format(form, closed, (CREDIT, quality, f"{key}{quality}")), before)
    (lowered,) = [each for each in reviewed.findings if each.rule == "lowers-label"]
    assert lowered.message == f"branch of credit-card.credit_card would be a partition key: was {label}."
    assert lowered.severity == ("error" if label == "restricted" else "warning")
    breaks = [each for each in found(reviewed) if "partition key branch" in each.message]
    assert [(each.rule, each.severity) for each in breaks] == [("schema-break", "error")]


ANEW = "Queries fail until the files are written anew, and jobs go on writing the old format."


@pytest.mark.parametrize(
    ("judged", "declared", "found"),
    [
        (
            Judgement("gone", "a", "int"),
            "The column a of d.t would be taken away. This breaks who reads it.",
            "The column a of d.t is gone. This breaks who reads it; BACK.",
        ),
        (
            Judgement("narrowed", "a", "bigint", "int"),
            "The column a of d.t would become int (bigint now). This breaks who reads and who writes it.",
            "The column a of d.t is int; it is declared bigint. This breaks who reads it; BACK.",
        ),
        (
            Judgement("partition", "day", "date", "string"),
            "The partition key day of d.t would become string (date now). This breaks who reads and who writes it.",
            "The partition keys of d.t are others: string for date. This breaks who reads it; BACK.",
        ),
        (
            Judgement("partition", "day", "date"),
            "The partition key day of d.t would be taken away (date now). This breaks who reads and who writes it.",
            "The partition keys of d.t are others: none for date. This breaks who reads it; BACK.",
        ),
        (
            Judgement("partition", "day", "", "date"),
            "The partition key day of d.t would become date, which is new. This breaks who reads and who writes it.",
            "The partition keys of d.t are others: date for none. This breaks who reads it; BACK.",
        ),
        (
            Judgement("renamed", "b", "a"),
            "The column a of d.t would be called b. "
            "Its values stay, since they are found by place; queries that say the old name fail.",
            "The column a of d.t is called b. Queries that say its name fail.",
        ),
        (
            Judgement("shifted", "a", "b"),
            "",
            "The column a of d.t shows the values of b. This breaks who reads it; BACK.",
        ),
        (
            Judgement("shifted", "a"),
            "",
            "The column a of d.t shows other values than the declared ones. This breaks who reads it; BACK.",
        ),
        (
            Judgement("format", "", "csv", "json"),
            f"d.t would be read as json; its files are csv. {ANEW}",
            "d.t is read otherwise: json, declared csv. This breaks who reads it; BACK.",
        ),
        (
            Judgement("format", "", "csv", "iceberg"),
            f"d.t would be read as iceberg; its files are csv. {ANEW}",
            "d.t is kept by its writer as iceberg and is not changed any more. "
            "Declare it with `definition: external` and `format: iceberg`.",
        ),
        (
            Judgement("format", "", "csv", "delta"),
            f"d.t would be read as delta; its files are csv. {ANEW}",
            "d.t is kept by its writer as delta and is not changed any more. "
            "Declare it with `definition: external` and `format: other`.",
        ),
        (
            Judgement("recut", "", "name", "place"),
            "",
            "d.t is read otherwise: place, declared name. This breaks who reads it; BACK.",
        ),
        (
            Judgement("recut", "", "", "field.delim, quoteChar"),
            "",
            "d.t is read by other settings than the declared ones (field.delim, quoteChar): "
            "columns may show any value.",
        ),
        (
            Judgement("widened", "a", "int", "bigint"),
            "",
            "The column a of d.t is bigint, wider than the declared int.",
        ),
        (
            Judgement("added", "a", "", "int"),
            "",
            "d.t has a column a (int) that is not declared. It breaks nobody. "
            "It has no sensitivity, so nobody reads it by a clearance until it is declared.",
        ),
    ],
    ids=lambda each: f"{each.sort} {each.new}" if isinstance(each, Judgement) else "",
)
def test_what_becomes_of_a_column_is_said_in_words(judged: Judgement, declared: str, found: str) -> None:
    assert schema_break._sentence(judged, "d.t") == declared
    for external, back in (
        (True, "its writer has to put it back, or the declaration follows"),
        (False, "apply puts it back"),
    ):
        assert schema_drift._sentence(judged, "d.t", external) == found.replace("BACK", back)


@pytest.mark.parametrize(
    ("given", "reads"),
    [
        ("clearance: {sensitivity: [internal]}", False),
        ("tables: [{name: credit_card}]", True),
        ('tables: [{name: credit_card, rows: "credit_risk = 1"}]', True),
        ("tables: [{name: credit_card, columns: [status]}]", False),
        ('tables: [{name: credit_card, columns: [status], rows: "credit_risk = 1"}]', False),
    ],
)
@pytest.mark.parametrize("keeper", ["mesh", "writer"])
def test_who_reads_a_column_that_came_is_named_and_that_is_drift(given: str, reads: bool, keeper: str) -> None:
    report = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
    external = [(CREDIT, "- name: credit_card\n", "- name: credit_card\n    definition: external\n")]
    mesh = variant((report, "clearance: {sensitivity: [internal]}", given), *(external if keeper == "writer" else ()))
    wants = compile_mesh(mesh, registry())
    (table,) = (each for each in wants.of(Table) if each.address.name == "credit-card.credit_card")
    columns = (*table.spec.columns, Column("iban", "string"))
    there = [each for each in wants.values() if each.address != table.address]
    has = Snapshot([*there, replace(table, spec=replace(table.spec, columns=columns))])
    reviewed = pipeline.review(mesh, observation=Observation(has))
    told = found(reviewed, "undeclared-column")
    assert [each.severity for each in told] == (["warning"] if reads else [])
    assert all("iban (string)" in each.message and "analytics-coe/credit-analyst" in each.message for each in told)
    drift = Drift(reviewed)
    assert drift.is_there == reads
    assert ("iban" in "\n".join(drift_text(drift))) == reads
    assert len(drift_json(drift)["undeclared_columns"]) == len(told)
    assert not found(pipeline.review(mesh, observation=Observation(wants)), "undeclared-column")


@pytest.mark.parametrize("keeper", ["mesh", "writer"])
@pytest.mark.parametrize(
    ("was", "now", "part"),
    [
        ("struct<zip:string>", "struct<zip:string,ssn:string>", "status.ssn (string)"),
        ("array<struct<zip:string>>", "array<struct<zip:string,ssn:string>>", "ssn (string)"),
        ("map<string,struct<zip:string>>", "map<string,struct<zip:string,ssn:string>>", "ssn (string)"),
        ("struct<at:struct<zip:string>>", "struct<at:struct<zip:string,ssn:int>>", "status.at.ssn (int)"),
    ],
)
def test_who_reads_a_part_that_came_into_a_column_is_named_and_that_is_drift(
    was: str, now: str, part: str, keeper: str
) -> None:
    external = [(CREDIT, "- name: credit_card\n", "- name: credit_card\n    definition: external\n")]
    layout = (CREDIT, "format: csv", "format: json") if "format: csv" in edited()[CREDIT] else None
    mesh = variant(*([layout] if layout else ()), *(external if keeper == "writer" else ()))
    wants = compile_mesh(mesh, registry())
    (table,) = (each for each in wants.of(Table) if each.address.name == "credit-card.credit_card")

    def with_status(kind: str) -> Snapshot:
        columns = tuple(replace(each, type=kind) if each.name == "status" else each for each in table.spec.columns)
        there = [each for each in wants.values() if each.address != table.address]
        return Snapshot([*there, replace(table, spec=replace(table.spec, columns=columns))])

    asked = replace(pipeline.review(mesh, observation=Observation(with_status(was))), wanted=with_status(was))
    grown = replace(asked, observation=Observation(with_status(now)))
    assert [*undeclared_column.findings(asked)] == []
    (told,) = undeclared_column.findings(grown)
    assert told.severity == "warning"
    assert part in told.message
    assert "analytics-coe/credit-analyst" in told.message
    assert "nobody reads it" not in " ".join(each.message for each in schema_drift.findings(grown))
    drift = Drift(replace(grown, findings=(told,)))
    assert drift.is_there


KEYS = st.text("abcdefgxyz.", min_size=1, max_size=10).filter(
    lambda key: decides(key) and key not in ("path", "location")
)


@settings(max_examples=15)
@given(KEYS, st.text("abc|;", min_size=1, max_size=4), st.sampled_from(sorted({*FORMATS} - {"csv"})), st.booleans())
def test_any_setting_that_documents_come_to_say_is_told_and_stopped(key: str, value: str, form: str, raw: bool) -> None:
    """As a property of a table, and as a parameter of its serializer; and when it goes again."""
    said = f'{{"{key}": "{value}"}}'
    hive = "    format: other\n    storage:\n      inputFormat: org.apache.hadoop.mapred.TextInputFormat\n"
    hive += "      outputFormat: a.Out\n      serializer: org.openx.data.jsonserde.JsonSerDe\n"
    before = edited_format(f"{hive}      parameters: {{}}\n" if raw else f"    {FORMATS[form]}\n")
    after = edited_format(
        f"{hive}      parameters: {said}\n" if raw else f"    {FORMATS[form]}\n    properties: {said}\n"
    )
    for old, new in ((before, after), (after, before)):
        reviewed = review_of(new, old)
        assert [each.severity for each in found(reviewed, "shifted-columns")] == ["error"]
        assert reviewed.access is not None
        assert any("credit-analyst" in entry.principal for entry in reviewed.access.gained)


def edited_format(lines: str) -> Mesh:
    text = edited()[CREDIT]
    curation = text[text.index("curation:\n") : text.index("output: credit_card\n") + len("output: credit_card\n")]
    csv = '    format: csv\n    csv: {header: true, delimiter: ","}\n'
    return variant((CREDIT, csv, lines), (CREDIT, curation, ""))


RECIPE = edited()[CREDIT].partition("curation:\n")[2].partition("approval:")[0]
BY_NAME = (CREDIT, '    format: csv\n    csv: {header: true, delimiter: ","}\n', "    format: parquet\n")
SWAPPED = (
    (CREDIT, "          famges: personal_status_sex\n", "          famges: installment_rate\n"),
    (CREDIT, "          rate: installment_rate\n", "          rate: personal_status_sex\n"),
)
STEP = (
    CREDIT,
    "    output: credit_card\n",
    "      - {operation: MERGE, parameters: {x: y}}\n    output: credit_card\n",
)


def test_a_recipe_that_moves_values_is_stopped_with_who_would_read_them_and_governance_is_asked() -> None:
    reviewed = review_of(variant(BY_NAME, *SWAPPED), variant(BY_NAME))
    (finding,) = found(reviewed, "shifted-columns")
    assert finding.severity == "error"
    assert "When its recipe runs next, in credit-card.credit_card" in finding.message
    assert "installment_rate would show the values of personal_status_sex" in finding.message
    assert "credit-analyst would read the values of personal_status_sex, restricted" in finding.message
    who = {"consumer-banking-stewards", "data-protection-office"}
    assert {*acceptors(reviewed, "shifted-columns", variant(BY_NAME))} == who
    assert not found(review_of(variant(*SWAPPED), variant()), "shifted-columns"), "in CSV a column is its place"


@pytest.mark.parametrize("edit", [STEP, (CREDIT, "location: raw/", "location: other/")])
@pytest.mark.parametrize("form", [(), (BY_NAME,)])
def test_another_step_or_another_source_may_put_any_value_anywhere(edit: Edit, form: tuple[Edit, ...]) -> None:
    for old, new in ((variant(*form), variant(*form, edit)), (variant(*form, edit), variant(*form))):
        reviewed = review_of(new, old)
        (finding,) = found(reviewed, "shifted-columns")
        assert "a column of credit-card.credit_card may show any value: the recipe's s" in finding.message
        assert reviewed.access is not None
        assert any("credit-analyst" in entry.principal for entry in reviewed.access.gained)


NAMED = [line.partition(": ")[2] for line in RECIPE.splitlines() if line.startswith(" " * 10)]
OTHER = "  - name: other\n    description: Another.\n    tags: {sensitivity: internal}\n    columns:\n"
OTHER += "".join(f"      - {{name: {name}, type: int}}\n" for name in NAMED)


def test_a_recipe_that_comes_back_is_asked_for_and_one_that_a_run_left_out_is_not() -> None:
    without = variant(BY_NAME, (CREDIT, f"curation:\n{RECIPE}", ""))
    live = Observation(compile_mesh(without, registry()))
    brought = pipeline.review(variant(BY_NAME), base=without, base_name="main", observation=live)
    assert found(brought, "shifted-columns")
    left_out = pipeline.review(variant(BY_NAME), base=variant(BY_NAME), base_name="main", observation=live)
    assert not found(left_out, "shifted-columns")
    assert not found(review_of(without, variant(BY_NAME)), "shifted-columns"), "the files stay as they are"


def test_a_recipe_that_is_turned_to_another_table_is_stopped() -> None:
    other = (CREDIT, "  - name: credit_card\n", f"{OTHER}  - name: credit_card\n")
    turned = (CREDIT, "    output: credit_card\n", "    output: other\n")
    (finding,) = found(review_of(variant(other, turned), variant(other)), "shifted-columns")
    assert "a column of credit-card.other may show any value" in finding.message


def test_a_copy_under_a_lower_label_is_stopped_until_governance_says_so() -> None:
    flat = "  - name: flat\n    description: Copy.\n    tags: {sensitivity: internal}\n"
    flat += "    columns: [{name: a1, type: int}]\n  - name: credit_card\n"
    recipe = "  dataBrew:\n    source: {location: credit_card/, format: csv}\n    recipe: [{rename: {age: a1}}]\n"
    before = variant((CREDIT, f"curation:\n{RECIPE}", ""))
    after = variant((CREDIT, RECIPE, f"{recipe}    output: flat\n"), (CREDIT, "  - name: credit_card\n", flat))
    for base in (before, None):
        live = Observation(compile_mesh(before, registry()))
        reviewed = pipeline.review(after, base=base, base_name="main" if base else None, observation=live)
        (finding,) = found(reviewed, "lowers-label")
        said = "flat.a1 of credit-profile is internal: its recipe makes it of credit_card.age, restricted."
        assert (finding.severity, finding.message) == ("error", said)
        assert acceptors(reviewed, "lowers-label", before) == ("data-protection-office",)
