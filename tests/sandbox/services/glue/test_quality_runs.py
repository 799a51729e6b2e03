"""Data quality rulesets are evaluated over the objects of S3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.athena import lake
from tests.sandbox.conftest import OWNER, Http

ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
GLUE = {"Service": "glue.amazonaws.com"}
SOURCE = {"GlueTable": {"DatabaseName": "sales", "TableName": "cards"}}
#: Four rows: one name is missing as its field is, one id is doubled.
ROWS = b"id,name,age,land\n1,Ann,33,de\n2,Bob,51,fr\n2,Cleo,28,de\n4\n"


@pytest.fixture
def glue(http: Http) -> Any:
    client = lake(http, OWNER)
    http.client("s3").put_object(Bucket="lake", Key="cards/cards.csv", Body=ROWS)
    http.role(OWNER, "quality", ANYTHING, trust=GLUE)
    return client


def evaluated(glue: Any, rules: str, role: str = "quality") -> dict[str, Any]:
    """Run a ruleset and give its result."""
    glue.create_data_quality_ruleset(Name="rules", Ruleset=rules)
    started = glue.start_data_quality_ruleset_evaluation_run(DataSource=SOURCE, Role=role, RulesetNames=["rules"])
    run = glue.get_data_quality_ruleset_evaluation_run(RunId=started["RunId"])
    assert run["Status"] == "SUCCEEDED", run
    found: dict[str, Any] = glue.get_data_quality_result(ResultId=run["ResultIds"][0])
    return found


@pytest.mark.parametrize(
    ("rule", "result"),
    [
        ('IsComplete "id"', "PASS"),
        ('IsComplete "name"', "FAIL"),
        ('Completeness "name" >= 0.75', "PASS"),
        ('Completeness "name" > 0.75', "FAIL"),
        ('IsUnique "id"', "FAIL"),
        ('Uniqueness "id" = 0.5', "PASS"),
        ("RowCount = 4", "PASS"),
        ("RowCount between 3 and 5", "PASS"),
        ("RowCount between 4 and 9", "FAIL"),
        ("RowCount not between 4 and 9", "PASS"),
        ('ColumnValues "id" between 0 and 5', "PASS"),
        ('ColumnValues "id" between 1 and 5', "FAIL"),
        ('ColumnValues "land" in ["de", "fr"]', "FAIL"),
        ('ColumnValues "land" in ["de", "fr", NULL]', "PASS"),
        ('ColumnValues "land" in ["de", "fr"] with threshold >= 0.75', "PASS"),
        ('ColumnValues "land" not in ["it"]', "PASS"),
        ('ColumnValues "id" <= 4', "PASS"),
        ('ColumnValues "age" > 18', "FAIL"),
        ('ColumnExists "age"', "PASS"),
        ('ColumnExists "wage"', "FAIL"),
        ("ColumnCount = 4", "PASS"),
        ('IsComplete "wage"', "ERROR"),
    ],
)
def test_a_rule_holds_or_fails_by_the_data(glue: Any, rule: str, result: str) -> None:
    """dqdl-rule-types: NULL fails ColumnValues but for != and not in; between leaves its ends out."""
    found = evaluated(glue, f"Rules = [ {rule} ]")
    assert [r["Result"] for r in found["RuleResults"]] == [result]
    assert found["Score"] == (result == "PASS")


def test_the_score_is_the_share_of_rules_that_hold(glue: Any) -> None:
    """API_GetDataQualityResult: Score, EvaluatedMetrics, EvaluationMessage."""
    found = evaluated(glue, 'Rules = [ IsComplete "id", Completeness "name" > 0.9,\n RowCount > 3 ]')
    assert found["Score"] == pytest.approx(2 / 3)
    failed = found["RuleResults"][1]
    assert failed["EvaluatedMetrics"] == {"Column.name.Completeness": 0.75}
    assert failed["EvaluationMessage"] == "Value: 0.75 does not meet the constraint requirement!"


@pytest.mark.parametrize(
    "rule", ['Entropy "id" > 1', '(IsComplete "id") and (IsUnique "id")', 'IsComplete "id" where "age > 3"']
)
def test_a_rule_that_is_not_evaluated_here_says_so(glue: Any, rule: str) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        evaluated(glue, f"Rules = [ {rule} ]")


@pytest.mark.parametrize("text", ["IsComplete", "Rules = [ ]", 'Rules = [ IsComplete "id" ', "Rules = [ ?? ]"])
def test_what_is_no_ruleset_is_refused(glue: Any, text: str) -> None:
    """API_CreateDataQualityRuleset: InvalidInputException."""
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.create_data_quality_ruleset(Name="rules", Ruleset=text)


def test_rulesets_are_listed_by_their_table_and_tags(glue: Any) -> None:
    """API_ListDataQualityRulesets: Filter, Tags."""
    target = {"DatabaseName": "sales", "TableName": "cards"}
    glue.create_data_quality_ruleset(Name="a", Ruleset="Rules = [RowCount > 0]", TargetTable=target, Tags={"m": "x"})
    glue.create_data_quality_ruleset(Name="b", Ruleset="Rules = [RowCount > 0]")
    assert [r["Name"] for r in glue.list_data_quality_rulesets()["Rulesets"]] == ["a", "b"]
    for given in ({"Filter": {"TargetTable": target}}, {"Tags": {"m": "x"}}):
        found = glue.list_data_quality_rulesets(**given)["Rulesets"]
        assert [(r["Name"], r["RuleCount"]) for r in found] == [("a", 1)]
    glue.update_data_quality_ruleset(Name="b", Description="new")
    assert glue.get_data_quality_ruleset(Name="b")["Description"] == "new"
    glue.delete_data_quality_ruleset(Name="b")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_data_quality_ruleset(Name="b")


def test_a_run_reads_with_its_role_s_rights(http: Http, glue: Any) -> None:
    """data-quality-authorization: the role reads the table and its objects."""
    http.role(OWNER, "blind", {"Effect": "Allow", "Action": "glue:*", "Resource": "*"}, trust=GLUE)
    glue.create_data_quality_ruleset(Name="rules", Ruleset="Rules = [RowCount > 0]")
    started = glue.start_data_quality_ruleset_evaluation_run(DataSource=SOURCE, Role="blind", RulesetNames=["rules"])
    run = glue.get_data_quality_ruleset_evaluation_run(RunId=started["RunId"])
    assert run["Status"] == "FAILED"
    assert "Permission denied on S3 path" in run["ErrorString"]
