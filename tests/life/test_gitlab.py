"""The life of a merge request at GitLab: note, approval, merge, apply; and what people could try instead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reconciler.owners.acceptance import line
from tests.life.gitlab import PIPELINE, GitLabPlay, playing_at_gitlab
from tests.life.play import DEALS, RULER, SUBSCRIPTIONS, subscription

PLACE = f"{SUBSCRIPTIONS}/investment-banking/deal-pipeline"
OWNERS = "waits for the approval of investment-banking-stewards"
DIGEST = "0f1e2d3c4b5a69788796a5b4"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitLabPlay]:
    """The example mesh, merged and applied once."""
    with playing_at_gitlab(tmp_path_factory.mktemp("gitlab")) as play:
        yield play


@pytest.fixture
def stage(played: GitLabPlay) -> Iterator[GitLabPlay]:
    """The same; afterwards main is what it was."""
    start = played.git("rev-parse", "main")
    yield played
    played.git("reset", "--hard", "--quiet", start)


def proposed(stage: GitLabPlay, name: str, clearance: str = "internal", by: str = "ada") -> int:
    """A merge request with a subscription to the deals."""
    stage.push(name, {f"{PLACE}/{name}.yaml": subscription(name, clearance)}, by=by)
    return stage.open(name, by=by)


def reviewed(stage: GitLabPlay, commit: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, Any]]:
    """What the first command of the job that applies says is held back, and what it has collected."""
    capsys.readouterr()
    code, place = stage.job("apply", commit, most=1, CI_COMMIT_BRANCH="main")
    assert code == 0
    said = "\n".join(text for text in capsys.readouterr().err.splitlines() if text.startswith("Held back"))
    return said, json.loads((place / "reviewed" / "approvals.json").read_text(encoding="utf-8"))


def test_from_the_note_to_what_is_granted(stage: GitLabPlay) -> None:
    """Approved by the owners: the job applies it, one note says so, and nothing asks for more than it may."""
    number = proposed(stage, "life")
    assert stage.plan(number) == 0
    (note,) = stage.comments(number)
    assert "investment-banking-stewards must approve" in re.sub(r"\\|&#\d+;", "", note)
    stage.push("life", {f"{PLACE}/life.yaml": subscription("life", "internal", purpose="Said better.")})
    assert stage.plan(number) == 0
    stage.approve(number, DEALS)
    granted = stage.granted()
    assert stage.apply(stage.merge(number)) == 0
    assert stage.granted() != granted
    (after,) = stage.comments(number)
    assert after != note
    assert "pplied" in after
    assert stage.gitlab.role == "reporter", "a token that may not push was enough"


Attack = Callable[[GitLabPlay, int], None]


def older_commit(stage: GitLabPlay, number: int) -> None:
    stage.approve(number, DEALS)
    name = stage.gitlab.records.merge_requests[number]["source_branch"]
    stage.push(name, {f"{PLACE}/{name}.yaml": subscription(name, "internal, confidential")})


def by_its_author(stage: GitLabPlay, number: int) -> None:
    stage.gitlab.records.merge_requests[number]["author"] = stage.gitlab.records.who(DEALS)
    stage.approve(number, DEALS)


def by_who_pushed(stage: GitLabPlay, number: int) -> None:
    name = stage.gitlab.records.merge_requests[number]["source_branch"]
    stage.push(name, {f"{PLACE}/{name}.yaml": subscription(name, "internal, confidential")}, by=DEALS)
    stage.approve(number, DEALS)


def by_a_bot_in_the_group(stage: GitLabPlay, number: int) -> None:
    """The token of a group is a member of it."""
    stage.gitlab.records.bot("group_5_bot_9f")
    stage.gitlab.records.join("example-bank/investment-banking-stewards", "group_5_bot_9f", 40)
    stage.approve(number, "group_5_bot_9f")


def by_somebody_else(stage: GitLabPlay, number: int) -> None:
    stage.approve(number, "mallory", RULER)


def by_a_reporter_of_the_group(stage: GitLabPlay, number: int) -> None:
    stage.gitlab.records.join("example-bank/investment-banking-stewards", "rita", 20)
    stage.approve(number, "rita")


def by_an_owner_of_the_group_above(stage: GitLabPlay, number: int) -> None:
    stage.gitlab.records.join("example-bank", "otto", 50)
    stage.approve(number, "otto")


def by_a_blocked_owner(stage: GitLabPlay, number: int) -> None:
    stage.approve(number, DEALS)
    stage.gitlab.records.approved[number][0]["user"] = stage.gitlab.records.who("ex")
    stage.gitlab.records.join("example-bank/investment-banking-stewards", "ex")
    stage.gitlab.records.users["ex"]["state"] = "blocked"


def by_the_branch_pushed_past_gitlab(stage: GitLabPlay, number: int) -> None:
    """Who pushed last is not known: many branches at once come without their commits."""
    stage.approve(number, DEALS)
    name = stage.gitlab.records.merge_requests[number]["source_branch"]
    events = stage.gitlab.records.events
    events[:] = [each for each in events if each["push_data"]["ref"] != name]


def of_a_fork(stage: GitLabPlay, number: int) -> None:
    stage.gitlab.records.merge_requests[number]["source_project_id"] = 666
    stage.approve(number, DEALS)


def with_codeowners_and_a_team_of_his_own(stage: GitLabPlay, number: int) -> None:
    """What CODEOWNERS says decides about nothing here, and the documents decide as they were approved."""
    name = stage.gitlab.records.merge_requests[number]["source_branch"]
    text = "apiVersion: meshform/v1\nkind: Team\nname: investment-banking-stewards\n"
    team = {"mesh/teams/investment-banking-stewards.yaml": f"{text}description: Mine.\nmembers: [mallory]\n"}
    stage.push(name, {".gitlab/CODEOWNERS": "* @mallory\n", **team})
    stage.approve(number, "mallory")


ATTACKS: list[Attack] = [
    older_commit,
    by_its_author,
    by_who_pushed,
    by_a_bot_in_the_group,
    by_somebody_else,
    by_a_reporter_of_the_group,
    by_an_owner_of_the_group_above,
    by_a_blocked_owner,
    by_the_branch_pushed_past_gitlab,
    of_a_fork,
    with_codeowners_and_a_team_of_his_own,
]


def test_what_the_owners_have_not_approved_waits_and_nothing_else(
    stage: GitLabPlay, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everybody tries it at once; one is honest, and what he has accepted is heard as long as it is his."""
    attacks = {attack.__name__.replace("_", "-"): attack for attack in ATTACKS}
    numbers = {name: proposed(stage, name) for name in ("honest", *attacks)}
    for name, attack in attacks.items():
        attack(stage, numbers[name])
    honest = numbers["honest"]
    stage.approve(honest, DEALS)
    notes = {
        rule: line(rule, DIGEST, "Agreed") for rule in ("mass-delete", "schema-break", "opens-more", "catalog-loss")
    }
    stage.gitlab.records.bot("robot")
    stage.gitlab.records.say(honest, notes["mass-delete"], DEALS)
    edited = stage.gitlab.records.say(honest, "I am against it.", DEALS)
    stage.gitlab.records.edit_note(str(honest), str(edited["id"]), notes["schema-break"])
    stage.gitlab.records.say(honest, notes["opens-more"], "robot")
    stage.gitlab.records.say(honest, notes["catalog-loss"], DEALS, internal=True)
    for number in numbers.values():
        last = stage.merge(number)
    said, evidence = reviewed(stage, last, capsys)
    waiting = set(re.findall(rf"subscription (\S+) \(#\d+\) {OWNERS}", said))
    assert waiting == set(attacks), said
    given = {each["pull_request"]["number"]: each["pull_request"] for each in evidence["changes"]}
    heard = {(each["rule"], each["by"], each["edited"]) for each in given[honest]["acceptances"]}
    assert heard == {("mass-delete", DEALS, False), ("schema-break", DEALS, True)}


def test_another_pipeline_did_not_apply_what_came_before(stage: GitLabPlay, capsys: pytest.CaptureFixture[str]) -> None:
    """A pipeline that says apply and does nothing: its success shows nothing once the old one is back."""
    for branch, text in (("pipeline", "apply: {script: [echo]}\n"), ("back", None)):
        stage.push(branch, {".gitlab-ci.yml": text or PIPELINE.read_text()})
        last = stage.merge(stage.open(branch))
        if text is not None:
            last = stage.merge(proposed(stage, "hidden"))
            stage.gitlab.records.ran("apply", last)
    said, _ = reviewed(stage, last, capsys)
    assert OWNERS in said


def test_an_issue_becomes_a_merge_request_of_the_bot(stage: GitLabPlay) -> None:
    """What the webhook says is only which issue it is; who wrote what is asked of GitLab."""
    answers = {"Product": "consumer-banking/credit-profile", "Who reads": "analytics-coe/credit-analyst"}
    answers |= {"Up to which label": "internal", "What for": "Compare loans.\n/approve", "Last day": "2027-06-30"}
    text = (PIPELINE.parent / "data-request.md").read_text(encoding="utf-8")
    for heading, answer in answers.items():
        text = text.replace(f"### {heading}\n", f"### {heading}\n\n{answer}\n")
    # People may write what we may not.
    issue = stage.gitlab.records.open_issue("Loans", "", "eve")
    issue["description"] = text
    payload = stage.folder / "payload"
    said = {"object_kind": "issue", "object_attributes": {"iid": issue["iid"], "description": "forged"}}
    payload.write_text(json.dumps(said), encoding="utf-8")
    branch = f"meshform/issue-{issue['iid']}"
    code, _ = stage.job("request", stage.git("rev-parse", "main"), TRIGGER_PAYLOAD=str(payload))
    assert code == 0
    (request,) = [each for each in stage.gitlab.records.merge_requests.values() if each["source_branch"] == branch]
    assert request["author"]["username"] == stage.gitlab.records.me
    assert stage.git("diff", "--name-only", f"main...{branch}").startswith(
        "mesh/consumers/analytics-coe/subscriptions/"
    )
    (note,) = stage.gitlab.records.notes_of_issue(str(issue["iid"]))
    assert request["web_url"] in note["body"] or "credit-profile" in note["body"]
