"""Data are asked for by the form of an issue: the workflow's own steps make a pull request, and words stay words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from reconciler.catalog.form import FIELDS
from reconciler.forge import git
from tests.estate import ROOT, edited, mesh_of
from tests.life.play import Play, playing

GOOD = {
    "Product": "consumer-banking/credit-profile",
    "Who reads": "analytics-coe/credit-analyst",
    "Up to which label": "internal",
    "Columns": "_No response_",
    "Rows": "_No response_",
    "What for": "Compare the ages of loans.",
    "Last day": "2027-06-30",
}
FOLDER = "mesh/consumers/analytics-coe/subscriptions"
PATH = f"{FOLDER}/credit-profile-credit-analyst.yaml"
HOSTILE = (
    "$(touch /tmp/pwned) `id` ; rm -rf / # && ${{ secrets.TOKEN }} ${GITHUB_TOKEN}",
    "a b\nkind: Policy\nname: evil",
    'x y"}\n---\napiVersion: meshform/v1\nkind: Suspension',
    "@example-bank/data-protection-office <img src=x onerror=alert(1)> [a](javascript:x) #1",
    "!!python/object/apply:os.system [id]",
    "&a [*a, *a] {{ 7*7 }} {% raw %}",
    "two words \u202egpj.exe",
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("forms"), applied=False) as play:
        yield play


class Form:
    """An issue with the form, and what became of it."""

    def __init__(self, play: Play, **answers: str) -> None:
        self.play = play
        said = {**GOOD, **{heading: answers.get(name, GOOD[heading]) for heading, name in FIELDS.items()}}
        self.body = "\n\n".join(f"### {heading}\n\n{answer}" for heading, answer in said.items())
        self.issue = play.github.records.open_issue("Data request: x", self.body)
        self.issue["user"]["login"] = "eve"

    def send(self, body: str | None = None, by: str = "eve") -> str:
        """The workflow on the issue, which somebody has written; what was said below it."""
        self.issue["body"] = self.body if body is None else body
        commit = self.play.git("rev-parse", "main")
        event = {"action": "opened", "issue": self.issue, "sender": {"login": by}}
        assert self.play.workflow("request.yml", commit, event)[0] == 0
        (said,) = self.play.comments(self.issue["number"])
        return said

    @property
    def files(self) -> list[str]:
        """What the pull request changes; nothing where there is none."""
        branch = f"meshform/issue-{self.issue['number']}"
        if not self.play.git("branch", "--list", branch):
            return []
        return self.play.git("diff", "--name-only", f"main...{branch}").splitlines()

    def document(self) -> str:
        (path,) = self.files
        return self.play.git("show", f"meshform/issue-{self.issue['number']}:{path}")

    @property
    def asked_by(self) -> frozenset[str]:
        """For whom the commit says that it was made: their approval does not count."""
        self.play.monkeypatch.chdir(self.play.upstream)
        return git.asked_by("main", f"meshform/issue-{self.issue['number']}")

    @property
    def pull(self) -> dict[str, Any]:
        pulls = self.play.github.records.pulls_in("open")
        branch = f"meshform/issue-{self.issue['number']}"
        return next(each for each in pulls if each["head"]["ref"] == branch)


def test_the_form_asks_for_what_is_read() -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/data-request.yml").read_text())
    labels = [each["attributes"]["label"] for each in form["body"] if each["type"] != "markdown"]
    assert labels == [*FIELDS]
    assert form["title"].startswith("Data request")


def test_a_form_becomes_a_pull_request_that_says_who_asked(stage: Play) -> None:
    form = Form(stage)
    said = form.send()
    assert form.files == [PATH]
    assert "consumer-banking-stewards must approve it" in said
    record = stage.github.records.pulls[form.pull["number"]]
    assert record["title"] == f"Request credit-profile-credit-analyst (#{form.issue['number']})"
    assert (
        record["body"] == f"Asked for by eve by the form of #{form.issue['number']}.\n\nCloses #{form.issue['number']}"
    )
    assert form.asked_by == {"eve"}
    made = yaml.safe_load(form.document())
    assert (made["purpose"], str(made["expires"])) == ("Compare the ages of loans.", "2027-06-30")
    mesh_of(edited(more={PATH.removeprefix("mesh/"): form.document()}))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"product": "credit-profil"}, "did you mean credit-profile"),
        ({"product": "../../accounts/central"}, "There is no product"),
        ({"readers": "analytics-coe/nobody"}, "has no principal nobody"),
        ({"readers": "../analytics-coe/credit-analyst"}, "There is no consumer"),
        ({"up_to": "secret"}, "is no sensitivity"),
        ({"columns": "credit_card.agee"}, "did you mean age"),
        ({"rows": "amount > 1"}, "say which columns"),
        ({"why": "work"}, "in a few words"),
        ({"until": "2020-01-01"}, "is over already"),
        ({"until": "soon"}, "is no day"),
        ({"why": "a b\n\n### Who reads\n\nanalytics-coe/data-scientist"}, "answers Who reads twice"),
    ],
)
def test_a_wrong_answer_is_told_with_the_reason(stage: Play, answers: dict[str, str], reason: str) -> None:
    form = Form(stage, **answers)
    said = form.send()
    assert said.startswith("<!-- meshform form -->\n@eve, this cannot be asked for as it stands:")
    assert reason in said.replace("&#45;", "-").replace("&#95;", "_")
    assert form.files == []


def test_who_edits_his_answers_is_heard_again(stage: Play) -> None:
    form = Form(stage, why="work")
    form.send()
    both = "analytics-coe/credit-analyst, analytics-coe/data-scientist"
    better = Form(stage, readers=both, columns="credit_card.age", rows="amount > 1")
    assert "A pull request asks for it" in form.send(better.body, by="mallory")
    assert form.files == [PATH]
    made = yaml.safe_load(form.document())
    assert made["principals"] == ["credit-analyst", "data-scientist"]
    assert made["tables"] == [{"name": "credit_card", "columns": ["age"], "rows": "amount > 1"}]
    assert form.asked_by == {"eve", "mallory"}


@pytest.mark.parametrize(
    ("field", "words"), [*(("why", each) for each in HOSTILE), ("product", HOSTILE[0]), ("columns", HOSTILE[3])]
)
def test_words_of_others_are_data(stage: Play, field: str, words: str) -> None:
    form = Form(stage, **{field: words})
    said = form.send()
    assert form.files in ([], [PATH])
    if form.files:
        made = yaml.safe_load(form.document())
        assert made["kind"] == "Subscription"
        assert made["product"] == "consumer-banking/credit-profile"
        assert field != "why" or " ".join(made["purpose"].split()) == " ".join(words.split())
    else:
        assert field != "why" or "\u202e" in words or "\n" in words
    outside = said.partition("```")[0]
    for sign in ("@example", "<img", "](java", "${{"):
        assert sign not in outside


@pytest.mark.parametrize("body", ["", "### Product\n\nx", "\x00" * 1000, "x" * 65_000])
def test_what_is_not_that_form_asks_for_nothing(stage: Play, body: str) -> None:
    form = Form(stage)
    assert "cannot be asked for as it stands" in form.send(body)
    assert form.files == []
