"""What runs by the clock: drift in one issue, and proposals to remove what has expired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.estate import ANALYTICS, BANKING, CENTRAL
from tests.life.play import SUBSCRIPTIONS, Play, playing, subscription

PROMISED = ("asset-management", "consumer-banking", "investment-banking")
CREDITS = "consumer-banking-stewards"
DEALS = f"{SUBSCRIPTIONS}/deals.yaml"
OLD, SOON = f"{SUBSCRIPTIONS}/old.yaml", f"{SUBSCRIPTIONS}/deal-pipeline/soon.yaml"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("clock")) as play:
        yield play


def run(play: Play, workflow: str) -> int:
    return play.workflow(workflow, play.git("rev-parse", "main"), {})[0]


def issues(play: Play, state: str = "open") -> list[dict[str, Any]]:
    return play.github.records.issues_in(state)


GRANT: dict[str, Any] = {
    "Principal": {"DataLakePrincipalIdentifier": ANALYTICS},
    "Resource": {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}},
    "Permissions": ["SELECT"],
}


def test_drift_opens_one_issue_keeps_it_up_to_date_and_closes_it(stage: Play) -> None:
    assert run(stage, "drift.yml") == 0
    assert issues(stage) == []
    lake = stage.aws.session(CENTRAL).client("lakeformation")
    lake.grant_permissions(**GRANT)
    assert run(stage, "drift.yml") == 0
    (issue,) = issues(stage)
    assert issue["title"].startswith("Drift: AWS differs from the mesh bank in ")
    assert "credit_card" in issue["body"]
    before = issue["body"]
    lake.grant_permissions(**{**GRANT, "Permissions": ["INSERT"]})
    assert run(stage, "drift.yml") == 0
    (again,) = issues(stage)
    assert again["number"] == issue["number"]
    assert again["body"] != before
    lake.revoke_permissions(**{**GRANT, "Permissions": ["SELECT", "INSERT"]})
    # What is not seen is no reason to close it.
    denied = {"error": "AccessDeniedException", "times": None}
    stage.aws.faults({"service": "glue", "operation": "GetDatabases", "account": CENTRAL, **denied})
    assert run(stage, "drift.yml") == 1
    assert [each["number"] for each in issues(stage)] == [issue["number"]]
    stage.aws.world.faults.clear()
    assert run(stage, "drift.yml") == 0
    assert issues(stage) == []
    assert [each["number"] for each in issues(stage, "closed")] == [issue["number"]]
    assert run(stage, "drift.yml") == 0
    assert len(stage.comments(issue["number"])) == 1


def test_somebody_elses_issue_is_left_alone(stage: Play) -> None:
    stage.github.records.me = "mallory"
    forged = stage.github.records.open_issue("mine", "<!-- meshform drift: mesh -->\nall is well")
    stage.github.records.me = "github-actions[bot]"
    assert run(stage, "drift.yml") == 0
    assert issues(stage) == [forged]
    forged["state"] = "closed"


def test_what_has_expired_is_proposed_for_removal_and_what_ends_soon_is_told(stage: Play) -> None:
    stage.github.permissions = {"contents": "write", "issues": "write", "pull_requests": "write"}
    stage.monkeypatch.setattr("reconciler.spec.today.today", lambda: _day("2026-11-22"))
    stage.push("main", {OLD: _until("old", "2026-11-21"), SOON: _until("soon", "2026-12-20")})
    assert run(stage, "expire.yml") == 0
    (pull,) = stage.github.records.pulls_in("open")
    record = stage.github.records.pulls[pull["number"]]
    assert record["title"] == "Remove 1 subscription past its last day"
    assert "2026-11-21: old, analytics-coe reads" in record["body"].replace("&#45;", "-")
    changed = stage.git("diff", "--name-status", "main", "meshform/expire-mesh").splitlines()
    assert changed == ["M\t.github/CODEOWNERS", f"D\t{OLD}"]
    assert stage.git("show", "meshform/expire-mesh:.github/CODEOWNERS").count("old.yaml") == 0
    (issue,) = issues(stage)
    assert issue["title"] == "Subscriptions end soon"
    assert "2026-12-20: soon" in issue["body"]
    assert "old" not in issue["body"].split("\n", 4)[-1]


def test_the_proposal_is_not_touched_while_it_is_right(stage: Play) -> None:
    head = stage.git("rev-parse", "meshform/expire-mesh")
    assert run(stage, "expire.yml") == 0
    assert stage.git("rev-parse", "meshform/expire-mesh") == head, "its reviews would be lost"
    assert len(stage.github.records.pulls_in("open")) == 1


def test_the_proposal_follows_the_main_branch(stage: Play) -> None:
    stage.push("main", {SOON: _until("soon", "2026-11-20")})
    assert run(stage, "expire.yml") == 0
    (pull,) = stage.github.records.pulls_in("open")
    assert stage.github.records.pulls[pull["number"]]["title"] == "Remove 2 subscriptions past their last day"
    assert stage.git("merge-base", "main", "meshform/expire-mesh") == stage.git("rev-parse", "main")
    assert issues(stage) == []


def test_an_exception_past_its_last_day_is_proposed_for_removal_too(stage: Play) -> None:
    policy = "apiVersion: meshform/v1\nkind: Policy\nname: small\ndescription: x\nowner: y\nobject: product\n"
    policy += "validations: [{expression: 'product.columns < 1000'}]\n"
    excepted = "apiVersion: meshform/v1\nkind: Exception\nname: big\npolicy: small\nfor: {name: fund-prices}\n"
    excepted += "reason: x\nowner: y\nuntil: 2026-11-21\n"
    stage.push("main", {"mesh/policies/small.yaml": policy, "mesh/exceptions/big.yaml": excepted})
    assert run(stage, "expire.yml") == 0
    (pull,) = stage.github.records.pulls_in("open")
    record = stage.github.records.pulls[pull["number"]]
    assert record["title"] == "Remove 3 documents past their last day"
    assert "big, an exception from the policy small" in record["body"]
    changed = stage.git("diff", "--name-status", "main", "meshform/expire-mesh").splitlines()
    assert "D\tmesh/exceptions/big.yaml" in changed


def test_merged_the_mesh_is_clean_again(stage: Play) -> None:
    stage.git("merge", "--quiet", "--no-ff", "--message", "Expire", "meshform/expire-mesh")
    stage.monkeypatch.chdir(stage.upstream)
    assert stage.meshform("expire", "--days", "30") == 0
    assert stage.meshform("owners", "--check") == 0


def test_owners_are_asked_in_one_issue_each_until_they_have_answered(stage: Play) -> None:
    """One owner confirms what he is asked of, the other is silent: that becomes a proposal, and takes nothing away."""
    _on(stage, "2027-01-10")
    rounds = "recertification: {first: 2027-01-01, every: 180d, answer: 30d}"
    settings = stage.git("show", "main:mesh/mesh.yaml").replace("lock:", f"{rounds}\nlock:", 1)
    stage.push("main", {"mesh/mesh.yaml": settings, DEALS: _until("deals", "2028-12-31")})
    for _ in range(2):
        assert run(stage, "expire.yml") == 0
        asked = {issue["title"].partition(":")[0]: issue for issue in issues(stage)}
        assert len(issues(stage)) == len(asked) == 2
    mine = asked["consumer-banking-stewards"]
    assert "@example-bank/consumer-banking-stewards" in mine["body"]
    assert "credit-risk-model" in mine["body"]
    assert "since 2026-11-16" in mine["body"]
    assert "last use not known" in mine["body"]
    stage.monkeypatch.chdir(stage.upstream)
    names = ("--confirm", "credit-risk-model", "--confirm", "portfolio-report")
    assert stage.meshform("recertify", *names, "--by", "consumer-banking-stewards") == 0
    stage.git("commit", "--quiet", "--all", "--message", "Confirm")
    assert run(stage, "expire.yml") == 0
    assert {issue["title"].partition(":")[0] for issue in issues(stage)} == {"investment-banking-stewards"}
    before = len(stage.github.records.pulls_in("open"))
    _on(stage, "2027-02-01")
    for _ in range(2):
        assert run(stage, "expire.yml") == 0
        assert len(stage.github.records.pulls_in("open")) == before + 1
    branch = "meshform/recertify-mesh-investment-banking-stewards"
    assert stage.git("diff", "--name-status", "--diff-filter=D", "main", branch).split("\t")[1:] == [DEALS]
    assert stage.git("show", f"main:{DEALS}"), "silence takes nothing away by itself"


def test_what_retires_is_announced_warned_of_and_then_proposed_to_be_removed(stage: Play) -> None:
    """Both names of a column, then one; the readers keep what they read, and the new name reaches AWS."""
    stage.monkeypatch.chdir(stage.upstream)
    for words in (
        ("rename-column", "fund_price.net_inflow", "net_flow", "--until", "2027-02-10"),
        ("retire", "deal-pipeline", "--until", "2027-02-10", "--why", "Closed."),
    ):
        assert stage.meshform(*words, "-q") == 0
    stage.git("commit", "--quiet", "--all", "--message", "Announce")
    _accepting(stage, "apply", "--auto-approve", "-q")
    assert {"net_inflow", "net_flow"} <= _columns(stage)
    assert run(stage, "expire.yml") == 0
    proposed = len(stage.github.records.pulls_in("open"))
    _on(stage, "2027-02-11")
    assert run(stage, "expire.yml") == 0
    assert len(stage.github.records.pulls_in("open")) == proposed + 2
    column, product = "meshform/remove-fund-prices-fund_price-net_inflow", "meshform/remove-deal-pipeline"
    changed = stage.git("diff", "--name-status", "main", product).splitlines()
    assert {line.split("\t")[0] for line in changed if "deal" in line} == {"D"}
    assert "M\t.github/CODEOWNERS" in changed
    stage.git("merge", "--quiet", "--no-ff", "--message", "Rename", column)
    _accepting(stage, "apply", "--auto-approve", "-q")
    assert _columns(stage) & {"net_inflow", "net_flow"} == {"net_flow"}


def _accepting(stage: Play, *words: str) -> None:
    stage.monkeypatch.chdir(stage.upstream)
    assert stage.meshform(*words, "--accept", "schema-break") == 0


def _columns(stage: Play) -> set[str]:
    glue = stage.aws.session(CENTRAL).client("glue")
    table = glue.get_table(DatabaseName="fund-prices", Name="fund_price")["Table"]
    return {column["Name"] for column in table["StorageDescriptor"]["Columns"]}


def _until(name: str, day: str) -> str:
    return subscription(name, "internal", expires=day)


def _on(stage: Play, day: str) -> None:
    for place in ("reconciler.spec.today.today", "reconciler.pipeline.today"):
        stage.monkeypatch.setattr(place, lambda: _day(day))


def _day(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def test_owners_are_told_what_is_broken_until_it_is_kept(stage: Play) -> None:
    assert run(stage, "catalog.yml") == 0
    told = {each["title"]: each["body"] for each in issues(stage) if "promise" in each["title"]}
    assert told.keys() == {f"{owner}-stewards: 1 promise about data is broken" for owner in PROMISED}
    assert "credit-profile: no older than 7d; there are no data" in told[f"{CREDITS}: 1 promise about data is broken"]
    bucket = f"bank-consumer-banking-{BANKING}-eu-west-1"
    stage.aws.session(BANKING).client("s3").put_object(Bucket=bucket, Key="credit_card/part-0.csv", Body=b"status\n1\n")
    assert run(stage, "catalog.yml") == 0
    # Whether the rules of quality hold was not seen: that is no reason to close it, and none to blame anybody.
    assert sum("promise" in each["title"] for each in issues(stage)) == 3
    assert stage.meshform("run", "credit-profile", "--only", "quality", "--wait", "-q") == 0
    assert run(stage, "catalog.yml") == 0
    (body,) = [each["body"] for each in issues(stage) if each["title"].startswith(f"{CREDITS}: 1 promise")]
    assert "does not hold" in body
    assert "no older than" not in body
    assert (stage.folder / f"run-{stage.runs}" / "site" / "drift.html").is_file()
