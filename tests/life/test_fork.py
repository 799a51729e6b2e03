"""A pull request from a fork, with hostile documents: a plain comment, no credentials, nothing of it is run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.life.play import SUBSCRIPTIONS, WORKFLOWS, Play, playing, steps, subscription
from tests.report.test_markdown import HOSTILE, is_quiet, rendered


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    with playing(tmp_path_factory.mktemp("fork"), applied=False) as play:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            play.monkeypatch.delenv(name, raising=False)
        play.aws.calls.clear()
        play.github.permissions = {"contents": "read", "pull_requests": "write"}
        yield play


def commented(play: Play, files: dict[str, str | None], branch: str) -> tuple[int, str]:
    """The exit code of the workflow for forks, and the comment that it made."""
    play.push(branch, files)
    number = play.open(branch, fork=True)
    play.synchronize(number)
    head = play.github.records.pulls[number]["head"]
    run = {"head_branch": branch, "head_sha": head["sha"], "head_repository": {"owner": {"login": "mallory"}}}
    code, place = play.workflow("fork.yml", play.git("rev-parse", "main"), {"workflow_run": run})
    assert not list(place.rglob("planted*")), "a file of the fork was checked out"
    (comment,) = play.comments(number)
    return code, comment


def test_the_comment_says_what_the_documents_say_and_that_aws_was_not_asked(stage: Play) -> None:
    files: dict[str, str | None] = {f"{SUBSCRIPTIONS}/planted.yaml": subscription("planted", "internal")}
    code, comment = commented(stage, files, "honest")
    assert code == 0
    assert "1 subscription changes. investment-banking-stewards must approve that." in comment
    assert "AWS was not asked" in comment
    assert len(stage.aws.calls) == 0, "AWS was called"


def test_hostile_text_stays_text(stage: Play) -> None:
    files: dict[str, str | None] = {
        f"{SUBSCRIPTIONS}/planted-{number}.yaml": subscription(
            "x", "internal", **dict.fromkeys(("name", "purpose", "product", "consumer"), json.dumps(text))
        )
        for number, text in enumerate(HOSTILE)
    }
    code, comment = commented(stage, files, "hostile")
    assert code == 1
    page = rendered(comment)
    assert page.comments == [" meshform comment: mesh "]
    assert set(page.tags) <= {"h3", "p", "strong", "ul", "li", "a", "code"}
    assert is_quiet(page.prose)
    assert "\\x1b[31mred" in page.prose
    assert all(sign.isprintable() or sign in "\n\N{ZERO WIDTH SPACE}" for sign in comment)


def test_five_megabytes_of_hostile_documents_make_one_comment(stage: Play) -> None:
    text = json.dumps(" ".join(HOSTILE) * 40)
    files: dict[str, str | None] = {
        f"{SUBSCRIPTIONS}/planted-{number}-@team.yaml": subscription("x", "internal", name=text, purpose=text)
        for number in range(100)
    }
    assert sum(len(content or "") for content in files.values()) > 5_000_000
    code, comment = commented(stage, files, "huge")
    assert code == 1
    assert len(comment) <= 60_000
    assert is_quiet(rendered(comment).prose)


def test_a_hostile_makefile_or_link_does_nothing(stage: Play) -> None:
    (stage.upstream / "mesh" / "planted").symlink_to("/etc")
    try:
        code, comment = commented(stage, {"Makefile": "setup:\n\ttouch planted\n", "mesh/planted.py": "raise"}, "link")
    finally:
        stage.git("switch", "--quiet", "main")
    assert code == 1
    assert "symbolic-link" in comment


def test_a_push_in_between_is_left_to_the_next_run(stage: Play) -> None:
    stage.push("moving", {f"{SUBSCRIPTIONS}/planted-m.yaml": subscription("moving", "internal")})
    number = stage.open("moving", fork=True)
    stage.synchronize(number)
    stage.github.records.pulls[number]["head"]["sha"] = "1" * 40
    run = {"head_branch": "moving", "head_sha": "1" * 40, "head_repository": {"owner": {"login": "mallory"}}}
    code, _ = stage.workflow("fork.yml", stage.git("rev-parse", "main"), {"workflow_run": run})
    assert code == 1
    assert stage.comments(number) == []


def test_the_workflow_has_no_credentials_and_checks_nothing_of_the_fork_out() -> None:
    text = (WORKFLOWS / "fork.yml").read_text(encoding="utf-8")
    for word in (
        "id-token",
        "aws-actions",
        "ref:",
        "secrets.",
        "environment:",
        "pull_request_target",
        "download-artifact",
    ):
        assert word not in text
    assert steps("fork.yml") == [(["comment", "--fork"], False, {"GITHUB_TOKEN"})]


def test_git_never_sees_the_token_among_its_arguments(stage: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    real = subprocess.run

    def spy(arguments: list[str], **options: object) -> object:
        seen.append(list(arguments))
        return real(arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", spy)
    commented(stage, {f"{SUBSCRIPTIONS}/planted-t.yaml": subscription("token", "internal")}, "token")
    fetches = [arguments for arguments in seen if "fetch" in arguments]
    assert fetches
    assert not [arguments for arguments in seen if any(stage.github.token in word for word in arguments)]
