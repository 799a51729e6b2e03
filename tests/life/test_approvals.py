"""Apply carries out what the right people have approved, and accepted of gates, at the very commit that was merged."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.checkpoint import Checkpoint
from tests.estate import CENTRAL
from tests.life.play import CREDITS, DEALS, FUNDS, RULER, SUBSCRIPTIONS, Play, playing, subscription
from tests.life.test_life import journal

PLACE = f"{SUBSCRIPTIONS}/deal-pipeline"
SENSITIVE, WRITING = "opens-most-sensitive", "more-than-reading"
PRODUCT = "mesh/domains/asset-management/products/fund-prices.yaml"


@pytest.fixture
def stage(played: Play, applied: Checkpoint) -> Iterator[Play]:
    """The example mesh as it was applied; afterwards everything is brought back to that."""
    start = played.git("rev-parse", "main")
    played.github.records.ran("apply.yml", start, "success")
    yield played
    played.git("reset", "--hard", "--quiet", start)
    played.monkeypatch.chdir(played.upstream)
    applied.restore(played.aws)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """The example mesh, merged and applied once."""
    with playing(tmp_path_factory.mktemp("approvals")) as play:
        yield play


@pytest.fixture(scope="module")
def applied(played: Play) -> Checkpoint:
    return Checkpoint(played.aws)


def proposed(stage: Play, name: str, clearance: str = "internal", by: str = "ada", /, **fields: str) -> int:
    """A pull request with a subscription to the deals, and its plan."""
    stage.push(name, {f"{PLACE}/{name}.yaml": subscription(name, clearance, **fields)}, by=by)
    number = stage.open(name, by=by)
    assert stage.plan(number) == 0
    return number


def held(stage: Play, number: int, sha: str, *words: str) -> None:
    """Apply holds the change back and says why, on the comment and in the journal; nobody gets access by it."""
    granted = stage.granted()
    assert stage.apply(sha) == 4
    assert stage.granted() == granted, "something was carried out"
    comment = re.sub(r"\\|&#\d+;", "", stage.comments(number)[0])
    for word in words:
        assert word in comment, comment
    assert journal(stage.aws)[-1]["not_approved"]


def cured(stage: Play, number: int, sha: str, *logins: str) -> None:
    """Once the right people have approved it, it is carried out."""
    granted = stage.granted()
    stage.approve(number, *logins)
    assert stage.apply(sha) == 0
    assert stage.granted() != granted


def test_protection_that_was_bypassed_changes_nothing(stage: Play) -> None:
    number = proposed(stage, "bypassed")
    sha = stage.merge(number)
    held(stage, number, sha, "subscription bypassed", "waits for the approval of investment-banking-stewards")
    cured(stage, number, sha, DEALS)
    entry = journal(stage.aws)[-1]
    (change,) = entry["approvals"]["changes"]
    assert change["pull_request"]["approvals"][0]["by"] == DEALS
    assert change["pull_request"]["approvals"][0]["commit"] == change["pull_request"]["head"]
    assert change["pull_request"]["approvals"][0]["at"]


def test_approval_of_an_older_commit_is_none(stage: Play) -> None:
    number = proposed(stage, "older")
    stage.approve(number, DEALS)
    stage.push("older", {f"{PLACE}/older.yaml": subscription("older", "internal, confidential")})
    assert stage.plan(number) == 0
    sha = stage.merge(number)
    held(stage, number, sha, f"{DEALS} approved an older commit")
    cured(stage, number, sha, DEALS)


def test_the_author_does_not_approve_himself(stage: Play) -> None:
    number = proposed(stage, "own", "internal", DEALS)
    stage.approve(number, DEALS)
    sha = stage.merge(number)
    held(stage, number, sha, f"{DEALS} is its author")
    stage.github.records.teams["example-bank/investment-banking-stewards"].append("ira")
    cured(stage, number, sha, "ira")
    stage.github.records.teams["example-bank/investment-banking-stewards"].remove("ira")


def test_who_asked_a_program_for_it_does_not_approve_it(stage: Play) -> None:
    bot, path = "github-actions[bot]", f"{PLACE}/asked.yaml"
    stage.push("asked", {path: subscription("asked", "internal")}, by=bot, asked_by=DEALS.upper())
    number = stage.open("asked", by=bot)
    assert stage.plan(number) == 0
    stage.approve(number, DEALS)
    held(stage, number, stage.merge(number), f"{DEALS} asked for it")


def test_who_pushes_onto_somebody_elses_branch_does_not_approve_it(stage: Play) -> None:
    number = proposed(stage, "pushed")
    stage.push("pushed", {f"{PLACE}/pushed.yaml": subscription("pushed", "internal, confidential")}, by=DEALS)
    assert stage.plan(number) == 0
    stage.approve(number, DEALS)
    sha = stage.merge(number)
    held(stage, number, sha, f"{DEALS} pushed to it")
    stage.github.records.teams["example-bank/investment-banking-stewards"].append("ira")
    cured(stage, number, sha, "ira")
    stage.github.records.teams["example-bank/investment-banking-stewards"].remove("ira")


def test_of_two_owners_both_approve(stage: Play) -> None:
    both = {"product": "~", "expression": "{domain: [investment-banking, consumer-banking]}"}
    number = proposed(stage, "both", "internal", **both)
    stage.approve(number, DEALS)
    sha = stage.merge(number)
    held(stage, number, sha, "waits for the approval of consumer-banking-stewards")
    cured(stage, number, sha, CREDITS)


@pytest.mark.parametrize("state", ["DISMISSED", "CHANGES_REQUESTED"])
def test_an_approval_that_was_taken_back_is_none(stage: Play, state: str) -> None:
    name = state.lower().replace("_", "-")
    number = proposed(stage, name)
    stage.approve(number, DEALS)
    stage.github.records.review(number, DEALS, state)
    stage.github.records.review(number, DEALS, "COMMENTED")
    sha = stage.merge(number)
    held(stage, number, sha, "investment-banking-stewards")
    cured(stage, number, sha, DEALS)


def test_what_was_merged_is_what_was_approved(stage: Play) -> None:
    number = proposed(stage, "evil")
    stage.approve(number, DEALS)
    file = stage.upstream / PLACE / "evil.yaml"
    stage.git("merge", "--quiet", "--no-ff", "--no-commit", stage.head(number))
    file.write_text(subscription("evil", "internal, confidential"), encoding="utf-8")
    stage.git("commit", "--all", "--quiet", "--message", "Merge")
    sha = stage.git("rev-parse", "HEAD")
    stage.github.records.merge(number, sha)
    held(stage, number, sha, "what was merged is not what its reviewers saw")
    stage.push("main", {f"{PLACE}/evil.yaml": None})
    assert stage.apply(stage.git("rev-parse", "main")) == 0  # taken back: nothing is left to approve, or to do
    assert journal(stage.aws)[-1]["not_approved"] == journal(stage.aws)[-1]["steps"] == []


@pytest.mark.parametrize("how", ["squash", "rebase"])
def test_a_pull_request_that_was_squashed_or_rebased_is_approved_all_the_same(stage: Play, how: str) -> None:
    number = proposed(stage, how)
    stage.push(how, {f"{PLACE}/{how}.yaml": subscription(how, "internal, confidential")})
    stage.push("main", {"README.md": "main has moved on\n"})
    assert stage.plan(number) == 0
    head = stage.head(number)
    sha = stage.merge(number, how)
    stage.git("branch", "--quiet", "-D", how)
    assert head not in stage.git("rev-list", "main").split()
    held(stage, number, sha, "waits for the approval of investment-banking-stewards")
    stage.github.records.review(number, DEALS)
    granted = stage.granted()
    assert stage.apply(sha) == 0
    assert stage.granted() != granted


def test_the_next_pull_request_does_not_carry_out_what_this_one_was_denied(stage: Play) -> None:
    first = proposed(stage, "denied", "internal, confidential")
    one = stage.merge(first)
    held(stage, first, one, "investment-banking-stewards")
    # Whoever may write statuses cannot make that commit the one from which on approvals are asked for.
    stage.github.records.set_status(one, state="success", context="meshform/apply (mesh)", description="Applied")
    second = proposed(stage, "harmless")
    stage.approve(second, DEALS)
    two = stage.merge(second)
    before = stage.granted()
    assert stage.apply(two) == 4
    assert stage.granted() != before, "what was approved is carried out"
    assert all("confidential" not in grant for grant in stage.granted() - before)
    assert "subscription denied" in stage.comments(second)[0].replace("\\", "")
    cured(stage, first, two, DEALS)


def test_the_success_of_a_workflow_that_was_exchanged_shows_nothing(stage: Play) -> None:
    stage.push("main", {".github/workflows/apply.yml": "on: push\n"})
    stage.github.records.ran("apply.yml", stage.git("rev-parse", "main"), "success")
    start = stage.git("rev-parse", "main")
    # Somebody who bypasses the protection exchanges the workflow, has it succeed, and puts the old one back.
    taken = subscription("exchanged", "confidential", product="asset-management/fund-prices")
    files = {f"{SUBSCRIPTIONS}/fund-prices/exchanged.yaml": taken, ".github/workflows/apply.yml": "on: never\n"}
    stage.push("main", files)
    stage.github.records.ran("apply.yml", stage.git("rev-parse", "main"), "success")
    stage.push(
        "main", {".github/workflows/apply.yml": stage.git("show", f"{start}:.github/workflows/apply.yml") + "\n"}
    )
    number = proposed(stage, "honest")
    stage.approve(number, DEALS)
    assert stage.apply(stage.merge(number)) == 4
    (missing,) = journal(stage.aws)[-1]["not_approved"]
    assert missing.startswith("subscription exchanged")
    assert not [grant for grant in stage.granted() if "fund-prices" in grant and "confidential" in grant]


def test_a_rule_that_was_relaxed_without_its_owner_relaxes_nothing(stage: Play) -> None:
    text = (stage.upstream / PRODUCT).read_text(encoding="utf-8")
    assert "automaticUpTo: internal" in text
    stage.push("relaxed", {PRODUCT: text.replace("automaticUpTo: internal", "automaticUpTo: confidential")})
    first = stage.open("relaxed")
    assert stage.plan(first) == 0
    stage.merge(first)
    fields = {"product": "asset-management/fund-prices"}
    stage.push("taker", {f"{SUBSCRIPTIONS}/fund-prices/taker.yaml": subscription("taker", "confidential", **fields)})
    second = stage.open("taker")
    assert stage.plan(second) == 0
    sha = stage.merge(second)
    held(stage, second, sha, "subscription taker", "product fund-prices")
    stage.approve(first, FUNDS)
    cured(stage, second, sha, FUNDS)


def test_whom_nobody_knows_cannot_approve_until_a_document_names_them(stage: Play) -> None:
    number = proposed(stage, "unknown")
    stage.approve(number, DEALS)
    sha = stage.merge(number)
    stage.github.permissions.pop("members")
    try:
        held(stage, number, sha, "who that is, is not known", "write its members into")
        team = "mesh/teams/investment-banking-stewards.yaml"
        text = (stage.upstream / team).read_text(encoding="utf-8")
        stage.push("named", {team: f"{text}members: [{DEALS}]\n"})
        named = stage.open("named")
        assert stage.plan(named) == 0
        stage.approve(named, DEALS)
        assert stage.apply(stage.merge(named)) == 4, "a team does not name itself"
    finally:
        stage.github.permissions["members"] = "read"
    stage.approve(named, RULER)
    assert stage.apply(stage.git("rev-parse", "main")) == 0
    stage.github.permissions.pop("members")
    try:
        stage.approve(other := proposed(stage, "known"), DEALS)
        assert stage.apply(stage.merge(other)) == 0
    finally:
        stage.github.permissions["members"] = "read"


def test_where_only_the_change_is_read_it_is_held_all_the_same(stage: Play) -> None:
    settings = (stage.upstream / "mesh/mesh.yaml").read_text(encoding="utf-8")
    assert "drift:" not in settings
    stage.push("main", {"mesh/mesh.yaml": f"{settings}drift: {{watched: schedule}}\n"})
    stage.github.records.ran("apply.yml", stage.git("rev-parse", "main"), "success")
    number = proposed(stage, "narrow")
    sha = stage.merge(number)
    granted = stage.granted()
    for code in (4, 0):
        _, place = stage.workflow("apply.yml", sha, {}, only="reviewed")
        stage.monkeypatch.chdir(place)
        assert stage.meshform("apply", "--expect", "reviewed", "--changed-since", f"{sha}^1") == code
        assert (stage.granted() == granted) == (code == 4)
        stage.approve(number, DEALS)


def test_the_ordinary_path_takes_three_more_requests_than_the_plans_alone(stage: Play) -> None:
    number = proposed(stage, "ordinary")
    stage.approve(number, DEALS)
    sha = stage.merge(number)
    stage.github.requests.clear()
    assert stage.apply(sha) == 0
    asked = [re.sub(r"\d+|[0-9a-f]{40}", "N", path) for method, path in stage.github.requests if method == "GET"]
    more = [path for path in asked if re.search("reviews|activity|members", path)]
    assert len(more) == 3, asked
    runs = [path.rpartition("/workflows/")[2] for path in asked if "runs" in path or "statuses" in path]
    assert runs == ["apply.yml/runs", "plan.yml/runs"], "where to begin, and whose the reviewed plan is"
    assert CREDITS not in str(journal(stage.aws)[-1]["approvals"]["changes"])


def gated(stage: Play, name: str, **fields: str) -> int:
    """A planned pull request that gates refuse, approved by everybody who must."""
    product = fields.get("product", "deal-pipeline").rpartition("/")[2]
    stage.push(name, {f"{SUBSCRIPTIONS}/{product}/{name}.yaml": subscription(name, "restricted", **fields)})
    number = stage.open(name)
    assert stage.plan(number) == 0
    stage.approve(number, RULER, DEALS, CREDITS)
    return number


def lines(stage: Play, number: int) -> dict[str, str]:
    """What the comment says to write, by gate."""
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), stage.comments(number)[0])
    return {found[1]: found[0] for found in re.finditer(r"meshform accept ([a-z-]+) [0-9a-f]{24} WHY", text)}


def refused(stage: Play, sha: str, *words: str) -> None:
    granted = stage.granted()
    assert stage.apply(sha) == 3
    assert stage.granted() == granted, "something was carried out"
    assert journal(stage.aws)[-1]["outcome"] == "refused"
    said = re.sub(r"\\|&#\d+;", "", "\n".join(stage.comments(max(stage.github.records.pulls))))
    for word in words:
        assert word in said, said


def test_each_gate_is_accepted_on_the_pull_request_by_whom_it_names_and_a_push_begins_anew(stage: Play) -> None:
    number = gated(stage, "gated", permissions="[SELECT, DESCRIBE, INSERT]")
    old = lines(stage, number)
    stage.push("gated", {"README.md": "Nothing of the mesh changes.\n"})
    assert stage.plan(number) == 0
    stage.approve(number, RULER, DEALS)
    (first,) = [line for line in stage.comments(number)[0].splitlines() if "refused by more-than-reading" in line]
    assert "until investment-banking-stewards accepts it" in first
    assert "until data-protection-office accepts it" in first
    new, say = lines(stage, number), stage.github.records.say
    assert new.keys() == {SENSITIVE, WRITING}
    said = say(number, new[SENSITIVE].replace("WHY", "The board has agreed, GOV-12"), RULER)
    say(number, new[WRITING], RULER)  # not hers to accept
    say(number, old[WRITING], DEALS)  # of the commit before
    sha = stage.merge(number)
    refused(stage, sha, f"{WRITING} was accepted by {DEALS} on", "about another plan", "investment-banking-stewards")
    say(number, new[WRITING], DEALS)
    granted = stage.granted()
    assert stage.apply(sha) == 0
    assert stage.granted() != granted
    entry = journal(stage.aws)[-1]
    assert entry["accepted"] == [WRITING, SENSITIVE]
    kept = {each["by"]: each for each in entry["acceptances"] if each["rule"] == SENSITIVE}[RULER]
    assert (kept["reason"], kept["pull_request"]) == ("The board has agreed, GOV-12", number)
    assert kept["url"] == said["html_url"]


@pytest.mark.soak
def test_what_moved_in_aws_meanwhile_is_accepted_anew(stage: Play) -> None:
    number = gated(stage, "moved", product="consumer-banking/credit-profile")
    stage.github.records.say(number, lines(stage, number)[SENSITIVE], RULER)
    sha = stage.merge(number)
    table = {"DatabaseName": "credit-card", "Name": "credit_card", "ColumnNames": ["purpose"]}
    lake = stage.aws.session(CENTRAL).client("lakeformation")

    def labelled(label: str) -> None:
        tag = {"TagKey": "sensitivity", "TagValues": [label]}
        lake.add_lf_tags_to_resource(Resource={"TableWithColumns": table}, LFTags=[tag])

    labelled("restricted")  # by hand: the very same requests would open one column more
    refused(stage, sha, "about another plan", f"meshform accept {SENSITIVE}")
    labelled("internal")
    assert stage.apply(sha) == 0, "AWS is again as it was when it was accepted"
