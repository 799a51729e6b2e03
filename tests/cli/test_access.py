"""`meshform access`: questions about the wanted and the found state, and what a change opens."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler import pipeline
from tests.cli.conftest import Ran, Run, folder, run
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate

__all__ = ["folder", "run"]

SCIENTIST = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"


def committed(folder: Path) -> None:
    """The folder as the first commit of a repository."""
    for words in ("init -q", "add -A", "-c user.name=t -c user.email=t@example.org commit -q -m first"):
        subprocess.run(["git", *words.split()], cwd=folder.parent, check=True)


def reader(answer: Ran, principal: str) -> dict[str, object]:
    """The entry of a principal in a JSON answer."""
    (found,) = [entry for entry in answer.json["access"] if entry["principal"] == principal]
    return dict(found)


def test_who_can_names_each_reader_with_columns_and_the_administrators(run: Run) -> None:
    found = run("access", "who-can", "credit_card")
    assert found.code == 0
    assert "analytics-coe/data-scientist" in found.out
    assert "17 of 21 columns: status" in found.out
    assert "May grant themselves: central/OrganizationAccountAccessRole" in found.out


def test_who_can_read_a_column_is_answered_with_the_reason_of_each(run: Run) -> None:
    found = run("access", "who-can", "credit_card.age")
    assert found.code == 0
    assert found.out.startswith("credit-card.credit_card.age: ")
    assert "consumer-banking/consumer-banking-steward" in found.out
    assert "1. banking-data was granted SELECT on product=credit-profile (mesh/" in found.out
    assert "analytics-coe/" not in found.out
    assert "May grant themselves: central/" in found.out
    read = run("access", "who-can", "credit_card.amount")
    assert "analytics-coe/data-scientist" in read.out
    assert "the tag sensitivity=confidential is its own (mesh/" in read.out


@pytest.mark.parametrize("what", ["credit_card.age", "credit_card.amount", "deal.target", "credit_card", "deal"])
def test_who_can_counts_and_names_everybody_who_reads_past_lake_formation_too(run: Run, what: str) -> None:
    """Whom the head counts is whom the lines name, and everybody of whom the facts say that he reads."""
    found = run("access", "who-can", what)
    rows = csv_of(run("access", "who-can", what, "--format", "csv"))
    reads = {row["principal"] for row in rows if row["column"] and row["permission"] in ("SELECT", "READ_FILES")}
    _, head, *lines = re.split(r"(\d+) principals (?:can|have)", found.out.partition("\n\n")[0])
    named = {line for line in "".join(lines).splitlines() if re.match(r"  \S", line) and "May grant" not in line}
    assert len(named) == int(head)
    assert all(any(f"({who})" in line for line in named) for who in reads)
    by_policy = "files-by-policy: a policy lets it get the objects below s3://" in found.out
    assert by_policy == what.startswith("credit_card")
    if "." in what:
        assert int(head) == len(reads)


def test_who_can_read_a_column_lists_in_json_only_its_readers(run: Run) -> None:
    entries = run("access", "who-can", "credit_card.age", "--format", "json").json["access"]
    assert entries
    assert all("age" in entry["columns"] for entry in entries)
    assert SCIENTIST not in {entry["principal"] for entry in entries}


def test_who_can_as_json_has_every_column_with_its_rows(run: Run) -> None:
    entry = reader(run("access", "who-can", "credit-profile/credit_card", "--format", "json"), SCIENTIST)
    assert (entry["account"], entry["catalog"], entry["verdict"]) == (ANALYTICS, CENTRAL, "enforced")
    columns = entry["columns"]
    assert isinstance(columns, dict)
    assert (len(columns), set(columns.values())) == (17, {None})
    assert entry["via"]


def test_what_can_lists_the_tables_of_a_principal(run: Run) -> None:
    found = run("access", "what-can", "analytics-coe/data-scientist", "--format", "markdown")
    assert found.code == 0
    assert "credit-card.credit&#95;card" in found.out
    assert found.out.startswith("- analytics-coe/data-scientist")


def test_explain_names_the_line_of_the_tag_and_what_is_missing(run: Run) -> None:
    found = run("access", "explain", "data-scientist", "credit_card.age")
    assert found.code == 0
    assert "does not read credit_card.age" in found.out
    assert f"the tag sensitivity=restricted is its own (mesh/{PRODUCT}:" in found.out


def test_explain_as_json_groups_columns_with_one_answer(run: Run) -> None:
    found = run("access", "explain", "data-scientist", "credit_card", "--format", "json").json
    missing = [answer["columns"] for answer in found["answers"] if not answer["readable"]]
    assert missing == [["personal_status_sex", "age", "telephone", "foreign_worker"]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("who-can", "credit_cart"), "did you mean credit_card?"),
        (("who-can", "credit_card.agee"), "did you mean age?"),
        (("what-can", "analytics-coe/data-scientits"), "did you mean analytics-coe/data-scientist?"),
        (("explain", "data-scientist", "credit_card.agee"), "did you mean age?"),
    ],
)
def test_an_unknown_name_is_an_error_with_a_suggestion(run: Run, words: tuple[str, ...], message: str) -> None:
    found = run("access", *words)
    assert (found.code, found.out) == (1, "")
    assert message in found.err


@pytest.mark.parametrize(
    "words",
    [
        ("who-can", "t", "--live", "--as-of", "HEAD"),
        ("who-can", "t", "--verify"),
        ("diff",),
        ("diff", "--live", "--base", "x"),
    ],
)
def test_questions_that_make_no_sense_are_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run("access", *words).code == 64


def test_diff_tells_what_a_reclassified_column_opens_and_as_of_what_was(run: Run, folder: Path) -> None:
    committed(folder)
    text = (folder / PRODUCT).read_text()
    assert text.count("sensitivity: restricted") >= 4
    (folder / PRODUCT).write_text(text.replace("sensitivity: restricted", "sensitivity: confidential", 1))
    found = run("access", "diff", "--base", "HEAD")
    assert found.out.splitlines()[0] == "Access: 1 principal gains 1 column in 1 table."
    assert (
        "analytics-coe/data-scientist may read 1 more column of credit-card.credit_card (personal_status_sex)"
        in found.out
    )
    entries = run("access", "diff", "--base", "HEAD", "--format", "json").json["access"]["gained"]
    assert [(entry["principal"], entry["columns"]) for entry in entries] == [(SCIENTIST, ["personal_status_sex"])]
    assert entries[0]["sensitivity"] == {"personal_status_sex": "confidential"}
    then = run("access", "what-can", "data-scientist", "--as-of", "HEAD")
    assert ("17 of 21" in then.out, "18 of 21" in run("access", "what-can", "data-scientist").out) == (True, True)


def test_diff_of_nothing_says_so(run: Run, folder: Path) -> None:
    committed(folder)
    assert run("access", "diff", "--base", "HEAD").out == "Nobody gains or loses access.\n"


def test_live_tells_what_aws_has_and_verify_agrees_with_aws(run: Run, built: Estate) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html"""
    wanted = reader(run("access", "who-can", "credit_card", "--format", "json"), SCIENTIST)
    answer = run("access", "who-can", "credit_card", "--live", "--verify", "--format", "json")
    found = reader(answer, SCIENTIST)
    assert answer.json["findings"] == []
    assert {name: found[name] for name in ("columns", "permissions", "verdict")} == {
        name: wanted[name] for name in ("columns", "permissions", "verdict")
    }
    steward = f"arn:aws:iam::{BANKING}:role/meshform/bank/consumer-banking-steward"
    assert reader(answer, steward)["permissions"] == ["DELETE", "DESCRIBE", "INSERT", "SELECT"]


def test_an_account_that_does_not_say_what_it_computes_is_told_once_and_the_rest_is_compared(
    run: Run, built: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = pipeline.look

    def denied_afterwards(*given: Any) -> Any:
        seen = look(*given)
        built.aws.faults({"operation": "ListPermissions", "account": BANKING, "error": "AccessDenied", "times": None})
        return seen

    monkeypatch.setattr(pipeline, "look", denied_afterwards)
    answer = run("access", "who-can", "credit_card", "--live", "--verify", "--format", "json")
    built.aws.world.faults.clear()
    (told,) = answer.json["findings"]
    assert f"What AWS computes in {BANKING} could not be asked for: lakeformation.ListPermissions" in told["message"]
    assert answer.json["facts"]


def test_the_rights_of_apply_on_its_own_saved_expressions_are_no_doubt(run: Run, built: Estate) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/managing-tag-expressions.html"""
    saved = built.client("lakeformation", CENTRAL).list_lf_tag_expressions()["LFTagExpressions"]
    assert saved
    found = run("access", "what-can", "central/OrganizationAccountAccessRole", "--live")
    assert found.code == 0
    assert "not certain" not in found.out
    assert "May grant itself what central has" in found.out


def test_diff_live_tells_what_an_apply_would_take_back(run: Run, built: Estate) -> None:
    table = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}}
    somebody = built.client("iam", CENTRAL).create_role(RoleName="curious", AssumeRolePolicyDocument="{}")["Role"][
        "Arn"
    ]
    built.client("lakeformation", CENTRAL).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": somebody}, Resource=table, Permissions=["SELECT"]
    )
    found = run("access", "diff", "--live")
    assert "- central/curious may no longer read credit-card.credit_card (was 21 of 21 columns)" in found.out
    assert "+ " not in found.out


def test_what_was_not_seen_is_said_where_readers_may_be_missing_for_it(run: Run, built: Estate) -> None:
    """Blindness is not absence: who is not in the list may read it all the same."""
    denied = {"service": "lakeformation", "operation": "ListPermissions", "account": ANALYTICS}
    built.aws.faults({**denied, "error": "AccessDeniedException", "times": None})
    told = "! not certain: grant was not seen in analytics (444444444444/eu-west-1): lakeformation.ListPermissions: "
    for words in (("who-can", "credit_card"), ("what-can", "data-scientist"), ("explain", SCIENTIST, "credit_card")):
        found = run("access", *words, "--live")
        assert found.code == 0
        assert told in found.out
        (gap,) = run("access", *words, "--live", "--format", "json").json["gaps"]
        assert (gap["kind"], gap["account"]) == ("grant", ANALYTICS)
    assert told in run("access", "diff", "--live").out
    assert run("access", "diff", "--live", "--format", "json").json["gaps"]


@pytest.mark.parametrize("level", ["column", "table", "database"])
def test_tags_of_keys_that_are_not_the_meshs_are_read_on_every_level(run: Run, built: Estate, level: str) -> None:
    """A grant by such a key opens as much as any other.

    https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
    """
    lf = built.client("lakeformation", CENTRAL)
    arn = built.client("iam", CENTRAL).create_role(RoleName="curious", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    tag = {"TagKey": "team", "TagValues": ["x"]}
    lf.create_lf_tag(**tag)
    places = {
        "column": {"TableWithColumns": {"DatabaseName": "credit-card", "Name": "credit_card", "ColumnNames": ["age"]}},
        "table": {"Table": {"DatabaseName": "credit-card", "Name": "credit_card"}},
        "database": {"Database": {"Name": "credit-card"}},
    }
    assert not lf.add_lf_tags_to_resource(Resource=places[level], LFTags=[tag])["Failures"]
    lf.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": arn},
        Resource={"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [tag]}},
        Permissions=["SELECT"],
    )
    columns = reader(run("access", "who-can", "credit_card", "--live", "--format", "json"), arn)["columns"]
    assert isinstance(columns, dict)
    assert [*columns] == ["age"] if level == "column" else len(columns) == 21


def csv_of(answer: Ran) -> list[dict[str, str]]:
    """The rows of an answer as CSV."""
    return list(csv.DictReader(io.StringIO(answer.out)))


def test_who_can_read_by_tag_over_the_whole_mesh(run: Run) -> None:
    found = run("access", "who-can", "sensitivity=restricted")
    assert found.out.startswith("sensitivity=restricted: 6 principals can read 6 columns of it; 2 tables carry it.")
    rows = csv_of(run("access", "who-can", "sensitivity=restricted", "--format", "csv"))
    assert {row["sensitivity"] for row in rows} == {"restricted"}
    assert {(row["table"], row["column"]) for row in rows} >= {("credit_card", "age"), ("deal", "value_eur")}
    assert not [row for row in rows if row["name"].startswith("analytics-coe/")]


def test_every_row_has_subscription_purpose_end_approval_owner_and_sensitivity(run: Run) -> None:
    asked = ("access", "who-can", "sensitivity=confidential", "--format")
    rows = [row for row in csv_of(run(*asked, "csv")) if row["principal"] == SCIENTIST]
    assert {row["column"] for row in rows} == {"credit_history", "amount", "credit_risk"}
    terms = ("subscription", "expires", "approved_by", "approved_at", "ticket", "owner", "sensitivity")
    assert {tuple(row[name] for name in terms) for row in rows} == {
        (
            "credit-risk-model",
            "2027-06-30",
            "consumer-banking-stewards",
            "2026-11-16",
            "DATA-101",
            "consumer-banking-stewards",
            "confidential",
        )
    }
    assert all(row["purpose"] for row in rows)
    facts = [fact for fact in run(*asked, "json").json["facts"] if fact["principal"] == SCIENTIST]
    assert [fact["column"] for fact in facts] == [row["column"] for row in rows]
    assert [fact["purpose"] for fact in facts] == [row["purpose"] for row in rows]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("analytics-coe", {"analytics-coe/data-scientist", "analytics-coe/credit-analyst"}),
        ("data-scientist", {"analytics-coe/data-scientist"}),
        (ANALYTICS, {"analytics-coe/data-scientist", "analytics-coe/credit-analyst", "analytics"}),
    ],
)
def test_what_can_a_principal_a_consumer_or_an_account(run: Run, word: str, names: set[str]) -> None:
    rows = csv_of(run("access", "what-can", word, "--format", "csv"))
    assert names <= {row["name"] for row in rows}
    assert word == ANALYTICS or names == {row["name"] for row in rows}
    assert {row["thing"] for row in rows} >= {"database credit-card", ""}


def test_explain_says_which_subscription_gives_a_column(run: Run) -> None:
    found = run("access", "explain", "data-scientist", "credit_card.amount").out
    assert (
        "- the subscription credit-risk-model gives it until 2027-06-30, approved by consumer-banking-stewards" in found
    )
    assert "would ask for it" not in found


def test_explain_names_the_lines_that_would_ask_for_a_column(run: Run, folder: Path) -> None:
    asked = run("access", "explain", "data-scientist", "credit_card.age", "--format", "json").json
    assert "no subscription of analytics-coe gives it" in asked["subscribing"]
    place, line = asked["yaml"]
    file = folder.parent / place.removeprefix("# ").partition(":")[0]
    old = "clearance: {sensitivity: [internal, confidential]}"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, line))
    assert "gives it until" in run("access", "explain", "data-scientist", "credit_card.age").out


@pytest.mark.parametrize(("who", "what"), [("data-scientist", "credit_card.age"), ("credit-analyst", "fund_price")])
def test_explain_names_the_command_that_asks_for_it(run: Run, who: str, what: str) -> None:
    command = run("access", "explain", who, what, "--format", "json").json["command"]
    assert f"This would ask for it: {command}" in run("access", "explain", who, what).out
    done = run(*shlex.split(command.replace("...", "Compare what there is."))[1:])
    assert done.code == 0, done.err
    now = run("access", "explain", who, what, "--format", "json").json
    assert (now["command"], now["yaml"]) == ("", [])
    assert "gives it" in now["subscribing"][0]


def test_reasons_name_only_grants_that_reach_the_principal(run: Run) -> None:
    """Both of a consumer read it, each by a subscription of his own: the account has what both ask for."""
    mine, others = "portfolio-report.yaml", "credit-risk-model.yaml"
    explained = run("access", "explain", "credit-analyst", "credit_card.status").out
    assert mine in explained
    assert others not in explained
    listed = run("access", "who-can", "credit_card.status").out
    parts = dict(part.split(" ", 1) for part in re.split(r"\n  (?=\S)", listed.partition("\n\n")[0])[1:])
    assert mine in parts["analytics-coe/credit-analyst"]
    assert others not in parts["analytics-coe/credit-analyst"]
    assert others in parts["analytics-coe/data-scientist"]
    assert mine not in parts["analytics-coe/data-scientist"]


def test_explain_writes_a_subscription_that_is_valid_once_its_purpose_is_written(run: Run, folder: Path) -> None:
    asked = run("access", "explain", "credit-analyst", "fund_price", "--format", "json").json
    where, *lines = asked["yaml"]
    assert where == "# a new file below mesh/consumers/analytics-coe/subscriptions/"
    approved = "approval: {by: asset-management-stewards, at: 2026-11-20}"
    text = "\n".join([*lines, approved]).replace("...", "Compare prices.")
    (folder / "consumers/analytics-coe/subscriptions/new.yaml").write_text(text)
    found = run("access", "explain", "credit-analyst", "fund_price").out
    assert ": all columns;" in found
    assert "does not read" not in found


def test_a_table_that_cannot_be_seen_is_not_seen_and_not_absent(run: Run, built: Estate) -> None:
    """T8: a gap is not an absence."""
    denied = {"service": "glue", "operation": "GetTables", "account": CENTRAL}
    built.aws.faults({**denied, "error": "AccessDeniedException", "times": None})
    found = run("access", "who-can", "credit_card", "--live")
    assert (found.code, found.out) == (1, "")
    assert "credit_card was not seen, which does not mean that it is not there: table was not read in" in found.err
    assert "There is no table" not in found.err


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("sensitivty=restricted", "There is no LF-tag sensitivty (did you mean sensitivity?)."),
        ("sensitivity=restrictd", "No column carries sensitivity=restrictd (did you mean restricted?)."),
    ],
)
def test_a_tag_that_nothing_carries_is_an_error_with_a_suggestion(run: Run, word: str, said: str) -> None:
    found = run("access", "who-can", word)
    assert (found.code, found.out) == (1, "")
    assert said in found.err


def test_a_label_that_no_column_carries_is_read_by_nobody(run: Run, folder: Path) -> None:
    tag = folder / "lf-tags/sensitivity.yaml"
    first, last = tag.read_text().split("  - {value: restricted")
    tag.write_text(f"{first}  - {{value: secret, description: Nothing yet.}}\n  - {{value: restricted{last}")
    found = run("access", "who-can", "sensitivity=secret")
    assert found.out.startswith("sensitivity=secret: 0 principals can read 0 columns of it; 0 tables carry it.")


def test_on_a_day_names_the_branch_and_says_where_it_lacks_what_was_applied(
    built: Estate, folder: Path, run: Run
) -> None:
    committed(folder)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder.parent, capture_output=True, check=True, text=True)
    git = ("git", "-C", str(folder.parent), "-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run([*git, "update-ref", "refs/remotes/origin/main", "HEAD"], check=True)
    assert run("drift", "--keep").code == 0
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    question = ("access", "who-can", "credit_card.age", "--on", day)
    first = run(*question)
    assert f"Asked for at the end of {day} by origin/main: commit {head.stdout[:12]} of " in first.out
    assert "which is not in" not in first.out
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "not pushed"], check=True)
    mine = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder.parent, capture_output=True, check=True, text=True)
    journal = folder.parent / ".meshform" / "journal"
    journal.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"outcome": "done", "commit": mine.stdout.strip()})
    (journal / "2026-11-01T000000Z-abcdef.json").write_text(text)
    then = run(*question)
    assert f"applied commit {mine.stdout[:12]}, which is not in origin/main here. Fetch it first." in then.out
    asked = run(*question, "--format", "json").json["asked"]
    assert (asked["branch"], asked["applied_elsewhere"]) == ("origin/main", mine.stdout.strip())


def test_what_is_no_day_is_said_to_be_none(folder: Path, run: Run) -> None:
    for words in (
        ("access", "who-can", "credit_card", "--on", "yesterday"),
        ("history", "product", "credit-profile", "--since", "yesterday"),
        ("report", "changes", "--since", "yesterday"),
        ("suspend", SCIENTIST, "--why", "Left the company", "--until", "yesterday"),
    ):
        found = run(*words)
        assert (found.code, "yesterday is no day. Write it as 2026-11-01." in found.err) == (64, True)
